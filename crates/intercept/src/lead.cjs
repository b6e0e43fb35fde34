// Lets a Node that reads no proxy from its environment find the one of HTTPS_PROXY, as every other client does.
// Written by zuno.
//
// Requests over HTTPS go through CONNECT: those of https, of whatever is built on it, and of the global fetch. Where a
// program chose an agent or a dispatcher that makes its own connections, and where Node reads the environment itself,
// nothing is changed.
"use strict";

const http = require("node:http");
const https = require("node:https");
const net = require("node:net");
const tls = require("node:tls");

const DISPATCHER = Symbol.for("undici.globalDispatcher.1");

/** The proxy for a host, unless NO_PROXY names it. */
function proxyFor(named) {
  const text = process.env.https_proxy || process.env.HTTPS_PROXY;
  if (!text || !named) return null;
  const host = bare(named);
  for (const entry of (process.env.no_proxy || process.env.NO_PROXY || "").toLowerCase().split(/[\s,]+/)) {
    const name = entry.replace(/^\*?\./, "");
    if (name === "*" || (name && (host === name || host.endsWith(`.${name}`)))) return null;
  }
  try {
    const proxy = new URL(text.includes("://") ? text : `http://${text}`);
    return proxy.protocol === "http:" ? proxy : null;
  } catch {
    return null;
  }
}

function bare(host) {
  return host.toLowerCase().replace(/^\[|\]$/g, "");
}

/** A connection to a host, on which nothing has been said. */
function tunnel(proxy, host, port, done) {
  const target = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
  const headers = { host: target };
  if (proxy.username) {
    const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
    headers["proxy-authorization"] = `Basic ${Buffer.from(pair).toString("base64")}`;
  }
  const request = http.request({
    host: bare(proxy.hostname), port: proxy.port || 80, method: "CONNECT", path: target, headers, agent: false,
  });
  request.once("connect", (answer, socket, rest) => {
    request.removeListener("error", done);
    if (answer.statusCode !== 200) {
      socket.destroy();
      done(new Error(`the proxy answers ${answer.statusCode} to CONNECT ${target}`));
      return;
    }
    if (rest.length > 0) socket.unshift(rest);
    done(null, socket);
  });
  request.once("error", done);
  request.end();
}

// Every agent of https makes its connections here, also one that a program made for itself.
const plain = https.Agent.prototype.createConnection;
https.Agent.prototype.createConnection = function createConnection(...given) {
  const [options, done] = given;
  const own = typeof options !== "object" || options === null || typeof done !== "function" ||
    options.socket || options.socketPath || this?.options?.proxyEnv;
  const proxy = own ? null : proxyFor(options.host);
  if (!proxy) return plain.apply(this, given);
  tunnel(proxy, options.host, options.port || 443, (wrong, socket) => {
    if (wrong) done(wrong);
    else done(null, plain.call(this, { ...options, socket }));
  });
  return undefined;
};

/** How fetch makes its connections. */
function connect({ hostname, port, protocol, servername }, done) {
  const host = bare(hostname);
  const secured = (more) => {
    const name = servername || (net.isIP(host) ? "" : host);
    const socket = tls.connect({ ...more, servername: name, ALPNProtocols: ["http/1.1"] });
    socket.once("error", done).once("secureConnect", () => {
      socket.removeListener("error", done);
      done(null, socket);
    });
  };
  if (protocol !== "https:") {
    const socket = net.connect({ host, port: port || 80 });
    socket.once("error", done).once("connect", () => {
      socket.removeListener("error", done);
      done(null, socket);
    });
    return;
  }
  const proxy = proxyFor(host);
  if (!proxy) return void secured({ host, port: port || 443 });
  tunnel(proxy, host, port || 443, (wrong, socket) => (wrong ? done(wrong) : secured({ socket })));
}

// What fetch is built on is loaded at its first use, and its dispatcher is replaced then, if it is still the plain one.
const fetch = globalThis.fetch;
if (typeof fetch === "function") {
  let led = false;
  const leading = function (input, init) {
    if (!led) {
      led = true;
      void new Response();
      const found = globalThis[DISPATCHER];
      if (found?.constructor?.name === "Agent") globalThis[DISPATCHER] = new found.constructor({ connect });
    }
    return fetch(input, init);
  };
  Object.defineProperty(leading, "name", { value: "fetch" });
  globalThis.fetch = leading;
}
