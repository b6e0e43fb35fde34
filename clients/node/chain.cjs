// Keeps a private application's groups, a label and a URL category as they are wanted, with what Node programs call
// with: the https module, the global fetch, and axios. Each does so twice; the second time nothing is written.
"use strict";

const https = require("node:https");
const axios = require("axios");

const { ZSCALER_VANITY_DOMAIN: vanity, ZSCALER_CLIENT_ID: id, ZSCALER_CLIENT_SECRET: secret, ZPA_CUSTOMER_ID: customer } = process.env;
const TOKEN = `https://${vanity}.zslogin.net/oauth2/v1/token`;
const PRIVATE = `https://api.zsapi.net/zpa/mgmtconfig/v1/admin/customers/${customer}`;
const INTERNET = "https://api.zsapi.net/zia/api/v1";

function fail(step, why) {
  console.log(`FAILED ${step}: ${why}`);
  process.exit(1);
}

/** The ways of calling: (method, url, headers, body) to {status, text}. */
const WAYS = {
  https: (method, url, headers, body) => new Promise((done, wrong) => {
    const request = https.request(url, { method, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part) => (text += part)).on("end", () => done({ status: answer.statusCode, text }));
    });
    request.on("error", wrong).end(body);
  }),
  fetch: async (method, url, headers, body) => {
    const answer = await fetch(url, { method, headers, body });
    return { status: answer.status, text: await answer.text() };
  },
  axios: async (method, url, headers, data) => {
    const answer = await axios({ method, url, headers, data, validateStatus: () => true, transformResponse: (text) => text });
    return { status: answer.status, text: answer.data || "" };
  },
};

class Client {
  constructor(way) {
    this.way = way;
    this.writes = 0;
  }

  async signIn() {
    const form = new URLSearchParams({ grant_type: "client_credentials", client_id: id, client_secret: secret, audience: "https://api.zscaler.com" });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const { status, text } = await WAYS[this.way]("POST", TOKEN, headers, form.toString());
    if (status !== 200) fail(`${this.way}: sign in`, `${status} ${text}`);
    this.headers = { authorization: `Bearer ${JSON.parse(text).access_token}`, "content-type": "application/json" };
  }

  async call(method, url, value) {
    if (method !== "GET") this.writes += 1;
    const body = value === undefined ? undefined : JSON.stringify(value);
    const { status, text } = await WAYS[this.way](method, url, this.headers, body);
    if (status < 200 || status > 299) fail(`${this.way}: ${method} ${url}`, `${status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** The record of this list that has the name, made or changed to what is wanted where it is not so. */
  async keep(url, naming, wanted) {
    const listed = await this.call("GET", url);
    const found = (Array.isArray(listed) ? listed : listed.list ?? []).find((each) => each[naming] === wanted[naming]);
    if (!found) return this.call("POST", url, wanted);
    const read = await this.call("GET", `${url}/${found.id}`);
    const same = (one, other) => JSON.stringify([one].flat().sort()) === JSON.stringify([other].flat().sort());
    if (Object.entries(wanted).every(([name, value]) => same(read[name], value))) return read;
    await this.call("PUT", `${url}/${found.id}`, { ...read, ...wanted });
    return found;
  }

  async keepAll(text) {
    const named = `Node ${this.way}`;
    const category = { configuredName: `${named} tides`, superCategory: "USER_DEFINED", customCategory: true, urls: [`.${this.way}.node.example`] };
    return [
      [`${PRIVATE}/segmentGroup`, await this.keep(`${PRIVATE}/segmentGroup`, "name", { name: named, description: text, enabled: true })],
      [`${PRIVATE}/server`, await this.keep(`${PRIVATE}/server`, "name", { name: named, description: text, address: "10.1.2.3", enabled: true })],
      [`${INTERNET}/ruleLabels`, await this.keep(`${INTERNET}/ruleLabels`, "name", { name: named, description: text })],
      [`${INTERNET}/urlCategories`, await this.keep(`${INTERNET}/urlCategories`, "configuredName", { ...category, description: text })],
    ];
  }
}

async function main() {
  for (const way of Object.keys(WAYS)) {
    const client = new Client(way);
    await client.signIn();
    let kept;
    for (const [text, writes] of [["first", 4], ["first", 0], ["second", 4], ["second", 0]]) {
      client.writes = 0;
      kept = await client.keepAll(text);
      if (client.writes !== writes) fail(`${way}: keep "${text}"`, `${client.writes} writes instead of ${writes}`);
      console.log(`ok     ${way}: ${writes} writes to keep "${text}"`);
    }
    for (const [url, record] of kept) await client.call("DELETE", `${url}/${record.id}`);
    await client.call("POST", `${INTERNET}/status/activate`, {});
    console.log(`ok     ${way}: taken down and activated`);
  }
}

main().catch((wrong) => fail("a call", wrong.stack));
