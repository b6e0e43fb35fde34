"""The server under test: started, filled with segments over its own API, and asked."""

import json
import urllib.error
import urllib.parse
import urllib.request

from harness import Server, Shot

CLIENT, SECRET, CUSTOMER = "bench-client", "bench-secret-of-no-use-elsewhere", "216196257331281920"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def sample_segments(count):
    """Segments as the API shows them in a list, for peers that are measured without zuno."""
    return [{
        "modifiedTime": "1700000000", "creationTime": "1700000000", "modifiedBy": "216196257331281921",
        "id": str(216196257331290000 + n), "domainNames": [f"h{n}.bench.example"], "name": f"segment {n}",
        "description": "one of many", "enabled": True, "passiveHealthEnabled": True, "tcpPortRanges": ["443", "443"],
        "tcpPortRange": [{"from": "443", "to": "443"}], "doubleEncrypt": False, "configSpace": "DEFAULT",
        "bypassType": "NEVER", "healthCheckType": "DEFAULT", "icmpAccessType": "NONE", "isCnameEnabled": True,
        "ipAnchored": False, "healthReporting": "ON_ACCESS", "segmentGroupId": "216196257331289000",
        "segmentGroupName": "bench", "serverGroups": [{"id": "216196257331289001", "name": "bench", "enabled": True}],
    } for n in range(count)]


def in_turn(pages):
    """So many page numbers in an order that jumps about."""
    return [1 + n * 7919 % pages for n in range(pages)]


class Zuno:
    def __init__(self, binary, data, *options):
        """`data` None keeps everything in memory; otherwise the folder is created and every write is synced."""
        place = ["--data", str(data)] if data else ["--memory"]
        self.server = Server("zuno", [binary, "serve", "--listen", "127.0.0.1:0", "--client-id", CLIENT,
                                      "--client-secret", SECRET, "--customer-id", CUSTOMER, "--object-limits", "off", *place, *options])
        self.zpa = f"{self.server.url}/zpa/mgmtconfig/v1/admin/customers/{CUSTOMER}"
        self.bearer = None

    def ask(self, method, url, body=None, headers=None):
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        ask = urllib.request.Request(url, data, {"Content-Type": "application/json", **(headers or {})}, method=method)
        try:
            with urllib.request.urlopen(ask, timeout=60) as answer:
                return answer.read()
        except urllib.error.HTTPError as refusal:
            raise SystemExit(f"{method} {url}: {refusal.code} {refusal.read().decode()}") from None

    def authorised(self):
        if not self.bearer:
            form = urllib.parse.urlencode({"grant_type": "client_credentials", "client_id": CLIENT,
                                           "client_secret": SECRET, "audience": "https://api.zscaler.com"}).encode()
            token = json.loads(self.ask("POST", f"{self.server.url}/oauth2/v1/token", form, FORM))
            self.bearer = {"Authorization": f"Bearer {token['access_token']}"}
        return self.bearer

    def api(self, method, url, body=None):
        return json.loads(self.ask(method, url, body, self.authorised()) or b"null")

    def token_by_secret(self):
        return Shot(f"{self.server.url}/oauth2/v1/token", "POST", FORM,
                    f"grant_type=client_credentials&client_id={CLIENT}&client_secret={SECRET}"
                    "&audience=https%3A%2F%2Fapi.zscaler.com")

    def token_by_key(self, sign, form):
        """`sign(count, client_id)` makes so many assertions for a client, and answers their folder."""
        admin, public = f"{self.server.url}/ziam/admin/api/v1", sign(0, "nobody yet") / "public.pem"
        granted = self.api("GET", f"{admin}/resource-servers")["records"][0]
        made = self.api("POST", f"{admin}/api-clients", {
            "name": "bench by key", "status": True, "accessTokenLifeTime": 3600,
            "clientAuthentication": {"authType": "PUBKEYCERT", "publicKeys": [
                {"keyName": "bench", "keyValue": public.read_text()}]},
            "clientResources": [{"id": granted["id"], "name": granted["name"], "defaultApi": True, "selectedScopes": [
                {"id": each["scopes"][0]["id"], "name": each["scopes"][0]["name"]}
                for each in granted["serviceScopes"] if each["service"]["name"] in ("ZIA", "ZPA")]}]})
        return Shot(f"{self.server.url}/oauth2/v1/token", "POST", FORM, form.replace("by-key", made["id"]),
                    lines=sign(500, made["id"]) / "lines")

    def segment_body(self):
        group = self.api("POST", f"{self.zpa}/segmentGroup", {"name": "bench", "enabled": True})
        connectors = self.api("POST", f"{self.zpa}/appConnectorGroup", {
            "name": "bench", "enabled": True, "latitude": "53.55", "longitude": "9.99", "location": "Hamburg, Germany",
            "countryCode": "DE"})
        servers = self.api("POST", f"{self.zpa}/serverGroup", {
            "name": "bench", "enabled": True, "dynamicDiscovery": True, "appConnectorGroups": [{"id": connectors["id"]}]})
        return json.dumps({
            "name": "segment %N%", "description": "one of many", "enabled": True, "domainNames": ["h%N%.bench.example"],
            "segmentGroupId": group["id"], "serverGroups": [{"id": servers["id"]}], "tcpPortRanges": ["443", "443"]})

    def create(self):
        return Shot(f"{self.zpa}/application", "POST", {"Content-Type": "application/json", **self.authorised()},
                    self.segment_body())

    def fill(self, count):
        """Creates so many segments; answers them as a list shows them (at most 1,000, then the first again)."""
        shot = self.create()
        while (have := int(self.api("GET", f"{self.zpa}/application?page=1&pagesize=1")["totalPages"])) < count:
            done = shot.fire(5, last=shot.at + count - have + 2 * shot.connections)
            if done["requests"] == 0 or done["errors"] > done["requests"] / 2:
                raise SystemExit(f"zuno refused {done['errors']} of {done['requests']} segments")
        seen = []
        for page in range(1, min(count, 1000) // 500 + 1):
            seen += self.api("GET", f"{self.zpa}/application?page={page}&pagesize=500")["list"]
        self.ids = [each["id"] for each in seen]
        return [{**seen[n % len(seen)], "id": str(int(seen[0]["id"]) + n)} for n in range(count)]

    def _lookup(self):
        known = ["facebook.com", "bbc.com", "google.com", "viruses.org", "github.com"]
        return json.dumps([f"www{n}.{known[n % 5]}" for n in range(100)])

    def fetch_one(self):
        return self.ask("GET", f"{self.zpa}/application/{self.ids[0]}", headers=self.authorised())

    def fetch_page(self):
        return self.ask("GET", f"{self.zpa}/application?page=3&pagesize=20", headers=self.authorised())

    def fetch_lookup(self):
        return self.ask("POST", f"{self.server.url}/zia/api/v1/urlLookup", self._lookup().encode(), self.authorised())

    def by_id(self):
        return Shot(f"{self.zpa}/application/%LINE%", headers=self.authorised(), lines=self.ids)

    def page(self, pages, afresh=False):
        return Shot(f"{self.zpa}/application?page=%LINE%&pagesize=20{'&_=%N%' if afresh else ''}",
                    headers=self.authorised(), lines=in_turn(pages))

    def lookup(self):
        return Shot(f"{self.server.url}/zia/api/v1/urlLookup", "POST",
                    {"Content-Type": "application/json", **self.authorised()}, self._lookup())
