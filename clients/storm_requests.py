"""The requests of a storm: known operations, provisioning, tokens, older sign-ins, documents, and what is hardly HTTP."""

import base64
import json
import urllib.parse

WORDS = ["name", "id", "", "null", "true", "-1", "0", "1", "999999999999999999999", "1e400", "NaN", "../..", "%00", "\x00",
         "' OR 1=1 --", "<script>", "${jndi:ldap://x}", "\u202e", "ß" * 40, "🦀", "a" * 300, "name EQ x", "CUSTOM_01", "::1",
         "10.0.0.0/8", "*.example.com", "{id}", "[", "\"", "\\", ",", ";"]
SEARCHES = ["name+EQ+x", "name+LIKE+", "a.b.c+EQ+1+AND+", "(", " AND ", "+AND+", "name EQ ", "GT 15d", "sort="]
SCIM = ["(", "a[", "userName eq \"x\"", " or ", " and ", ")", "] pr", "emails[type eq \"work\"].value", "\"", "\\", "not ",
        "urn:ietf:params:scim:schemas:core:2.0:User:userName", " pr", "."]
PATHS = ["/", "//", "/.", "/..", "/%2e%2e/", "/%", "/%zz", "/\u00e4", "/api/v1", "/zpa", "/zia/api/v1/", "/scim/1/2/v2/Users",
         "/oauth2/v1/token", "/signin", "/lists/x.txt", "/_zuno/tenants", "/api/zscaler.net/cenr/json", "/zscaler.net/cenr",
         "/api/private.zscaler.com/zpa/plaintext", "/openapi.json", "/health", "/blog-feed", "/api/cloud-status.json",
         "/api/getdata/zscaler.net/all/fcr", "/console", "/oauth2/v1/keys", "/.well-known/openid-configuration"]
HOSTS = ["127.0.0.1", "api.zsapi.net", "acme.zslogin.net", "config.private.zscaler.com", "config.zscaler.com",
         "trust.zscaler.com", "scim1.private.zscaler.com", "api.beta.zsapi.net", "evil.example", "zsapi.net."]
OLDER = [("zsapi.zscaler.net", "/api/v1/authenticatedSession", ("apiKey", "username", "password", "timestamp")),
         ("connector.zscaler.net", "/api/v1/auth", ("apiKey", "username", "password", "timestamp")),
         ("api-mobile.zscaler.net", "/papi/auth/v1/login", ("apiKey", "secretKey")),
         ("api.zdxcloud.net", "/v1/oauth/token", ("key_id", "key_secret", "timestamp"))]
RUDE = [b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 3000 + b"\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n", b"CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT [::1 HTTP/1.1\r\n\r\n", b"POST / HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 3\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n", b"GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", b"GET / HTTP/1.1\r\n\xff\xfe: \x00\r\n\r\n", b"\r\n" * 500,
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00" * 64, b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"]


class Request:
    """Bytes to send, and what is to be known about them."""

    def __init__(self, what, method, raw, rude=False, half=False):
        self.what, self.method, self.raw, self.rude, self.half = what, method, raw, rude, half

    def told(self):
        line = self.raw.split(b"\r\n", 1)[0][:160].decode(errors="replace")
        return f"{self.what}: {line} ({len(self.raw)} bytes)"


class Maker:
    """Makes requests by a seeded dice."""

    def __init__(self, dice, known):
        self.dice, self.known = dice, known
        self.auth = f"Bearer {known['bearer']}"
        self.scim = f"Bearer {known['scim']}"

    def request(self):
        kinds = [(self.operation, 64), (self.provisioning, 12), (self.token, 6), (self.older, 4), (self.document, 8), (self.rude, 6)]
        return self.dice.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0]()

    def http(self, what, method, target, body=None, headers=(), host=None):
        dice = self.dice
        lines = [f"Host: {host or dice.choice(HOSTS[:2])}"]
        lines += [f"{name}: {value}" for name, value in headers]
        for _ in range(dice.choice((0, 0, 0, 0, 0, 1, 3))):
            name = dice.choice(("accept", "accept-encoding", "x-forwarded-for", "if-none-match", "range", "x-partner-id", "origin"))
            lines.append(f"{name}: {self.header_text()}")
        raw = f"{method} {target} HTTP/1.1\r\n".encode()
        half = False
        if body is not None:
            if dice.random() < 0.03:
                lines.append("Transfer-Encoding: chunked")
                parts = [body[at:at + 4096] for at in range(0, len(body), 4096)]
                body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts if part) + b"0\r\n\r\n"
            else:
                half = dice.random() < 0.002
                lines.append(f"Content-Length: {len(body) + (7 if half else 0)}")
        raw += "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + (body or b"")
        return Request(what, method, raw, half=half)

    def header_text(self):
        text = self.dice.choice(("*/*", "gzip", "gzip;q=0", "br, *", "\"x\"", "W/\"", "bytes=0-", ",,,", "a" * 4000, "null"))
        return text

    def word(self):
        dice = self.dice
        kind = dice.random()
        if kind < 0.5:
            return dice.choice(WORDS)
        if kind < 0.8:
            return str(dice.randrange(10 ** dice.randrange(1, 20)))
        if kind < 0.999:
            return "".join(map(chr, dice.choices(range(32, 0x250), k=dice.randrange(8))))
        return dice.choice("ab(% ") * dice.choice((1_000, 9_000, 40_000))

    def tangle(self, pieces):
        """Pieces in a row, some of them many times."""
        dice = self.dice
        return "".join(dice.choice(pieces) * dice.choice((1, 1, 1, 1, 2, 20) if dice.random() < 0.95 else (400, 2_000)) for _ in range(dice.randrange(1, 8)))

    def nested(self):
        """JSON text nested as deep as the dice say, whole or cut off."""
        dice = self.dice
        opened, closed = dice.choice((("[", "]"), ("{\"a\":", "}"), ("[1,", "]"), ("{\"operands\":[", "]}"), ("[[],", "]")))
        levels = dice.choice((1, 5, 60, 64, 65, 126, 127, 128, 129, 500, 5_000)) if dice.random() < 0.98 else 50_000
        return opened * levels + dice.choice(("1", "\"x\"", "{}")) + (closed * levels if dice.random() < 0.8 else "")

    def value(self, level=0):
        dice, kind = self.dice, self.dice.random()
        if kind < 0.3 or level > 6:
            return self.word()
        if kind < 0.5:
            return dice.choice((None, True, False, 0, -1, 1, 2 ** 31, 2 ** 63, 2 ** 64, 1.5, 1e300))
        if kind < 0.7:
            return [self.value(level + 1) for _ in range(dice.choice((0, 1, 2, 5, 30 if level == 0 else 1)))]
        if kind < 0.9:
            return {self.word() if dice.random() < 0.3 else dice.choice(("id", "name", "value", "values", "lhs", "rhs", "objectType")):
                    self.value(level + 1) for _ in range(dice.randrange(4))}
        one = self.value(level + 2)
        for _ in range(dice.choice((3, 30, 70, 110))):
            one = [one] if dice.random() < 0.5 else {"operands": one}
        return one

    def changed(self, record):
        """A record, changed here and there."""
        dice, record = self.dice, json.loads(json.dumps(record))
        if not isinstance(record, dict):
            return record
        for name in list(record):
            chance = dice.random()
            if chance < 0.08:
                record[name] = self.value()
            elif chance < 0.12:
                del record[name]
            elif chance < 0.14 and isinstance(record[name], list):
                record[name] = record[name] * dice.choice((2, 30) if dice.random() < 0.9 else (1_000, 3_000))
            elif chance < 0.3 and isinstance(record[name], dict):
                record[name] = self.changed(record[name])
        if isinstance(record.get("name"), str) and dice.random() < 0.7:
            record["name"] = f"storm {dice.randrange(10 ** 6)}"
        if dice.random() < 0.3:
            record[self.word()[:40]] = self.value()
        return record

    def body(self, path):
        dice, kind = self.dice, self.dice.random()
        # A path of one record is below that of its collection.
        near = [self.known["records"][place] for place in (path, path.rsplit("/", 1)[0]) if self.known["records"].get(place)]
        if kind < 0.55 and near:
            value = self.changed(dice.choice(near[0]))
        elif kind < 0.8:
            value = self.value() if dice.random() < 0.5 else {dice.choice(("name", "urls", "conditions", "ids")): self.value()}
        elif kind < 0.9:
            return self.nested().encode()
        elif kind < 0.95:
            value = {"name": f"storm {dice.randrange(10 ** 6)}", "description": "x" * dice.choice((10, 200, 10_240, 10_241) if dice.random() < 0.95 else (100_000, 3_000_000))}
        elif kind < 0.9995:
            return dice.randbytes(dice.choice((0, 1, 40, 3_000)))
        else:
            return b"[" + b"1," * (17 << 20) + b"1]" if dice.random() < 0.1 else b"[" + b"[]," * 300_000 + b"[]]"
        return json.dumps(value).encode("utf-8", "surrogatepass")

    def query(self, names):
        dice, pairs = self.dice, []
        for _ in range(dice.choice((0, 0, 1, 1, 2, 4))):
            name = dice.choice(names) if names and dice.random() < 0.7 else dice.choice(
                ("page", "pageSize", "pagesize", "search", "sortBy", "sortOrder", "limit", "offset", "microtenantId", "filter"))
            text = self.tangle(SEARCHES) if name in ("search", "filter") and dice.random() < 0.7 else self.word()
            if dice.random() < 0.02:
                text = ",".join([text[:10]] * dice.choice((10, 999, 5_000)))
            pairs.append((name, text))
        if not pairs:
            return ""
        if dice.random() < 0.05:
            return "?" + "&".join("".join(ch for ch in f"{name}={text}" if ch.isascii() and ch.isalnum() or ch in "=&%+") for name, text in pairs)[:60_000]
        return "?" + urllib.parse.urlencode(pairs, errors="replace")[:60_000]

    def operation(self):
        dice = self.dice
        method, path, names = dice.choice(self.known["operations"])
        built, filled = [], path.split("/")
        for at, label in enumerate(filled):
            if label.startswith("{"):
                ids = self.known["ids"].get("/".join(filled[:at]), [])
                if label.startswith("{customer") and dice.random() < 0.97:
                    label = self.known["customer"]
                elif ids and dice.random() < 0.75:
                    label = dice.choice(ids)
                else:
                    label = urllib.parse.quote(self.word()[:2_000], safe="") or "0"
            built.append(label)
        target = "/".join(built) + self.query(names)
        if dice.random() < 0.03:
            method = dice.choice(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW"))
        body = self.body(path) if method in ("POST", "PUT", "PATCH") or dice.random() < 0.03 else None
        headers = [("Authorization", self.auth if dice.random() < 0.97 else self.header_text())]
        if body is not None:
            headers.append(("Content-Type", dice.choices(("application/json", "application/json;charset=utf-8", "text/plain", "x"), (90, 5, 4, 1))[0]))
        return self.http("operation", method, target, body, headers)

    def provisioning(self):
        dice, idp = self.dice, self.known["idp"]
        family = dice.choice(("Users", "Groups"))
        base, headers = f"/scim/1/{idp}/v2/{family}", [("Authorization", self.scim), ("Content-Type", "application/scim+json")]
        kind, host = dice.random(), "scim1.private.zscaler.com"
        if kind < 0.4:
            query = urllib.parse.urlencode([("filter", self.tangle(SCIM)[:15_000]), ("count", self.word()[:20])], errors="replace")
            return self.http("provisioning", "GET", f"{base}?{query}"[:60_000], None, headers, host)
        if kind < 0.6:
            user = {"userName": f"storm{dice.randrange(400)}@acme.example", "displayName": f"storm {dice.randrange(400)}", "emails": self.value(),
                    "members": self.value(), "active": dice.choice((True, "true", "x"))}
            return self.http("provisioning", "POST", base, json.dumps(user).encode("utf-8", "surrogatepass"), headers, host)
        pushed = self.known["pushed"][family]
        ident = dice.choice(pushed) if dice.random() < 0.8 else urllib.parse.quote(self.word()[:100], safe="") or "x"
        if kind < 0.65:
            return self.http("provisioning", "PUT", f"{base}/{ident}", self.body(base), headers, host)
        if kind < 0.7:
            method = "DELETE" if dice.random() < 0.02 else "GET"
            return self.http("provisioning", method, f"{base}/{ident}", None, headers, host)
        places = ("members", "emails", "title", "name.givenName", "emails[type eq \"work\"].value", "urn:x:2.0:User:a.b")
        operations = [{"op": dice.choice(("add", "Replace", "remove", "move")), "value": self.value(),
                       "path": dice.choice(places) if dice.random() < 0.6 else self.tangle(SCIM)}
                      for _ in range(dice.choice((1, 2, 30)))]
        body = self.nested().encode() if dice.random() < 0.2 else json.dumps({"Operations": operations}).encode("utf-8", "surrogatepass")
        return self.http("provisioning", "PATCH", f"{base}/{ident}", body, headers, host)

    def token(self):
        dice, kind = self.dice, self.dice.random()
        part = lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        if kind < 0.4:
            claims = f'{{"iss":"clients-suite","sub":"clients-suite","x":{self.nested()}}}'
            assertion = f'{part(chr(123) + chr(34) + "alg" + chr(34) + ":" + chr(34) + "RS256" + chr(34) + chr(125))}.{part(claims)}.{part("x")}'
            form = {"grant_type": "client_credentials", "client_assertion": assertion,
                    "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}
            body, media = urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"
        elif kind < 0.7:
            body, media = f'{{"grant_type":"client_credentials","x":{self.nested()}}}'.encode(), "application/json"
        else:
            form = {dice.choice(("grant_type", "client_id", "client_secret", "audience")): self.word() for _ in range(4)}
            body, media = urllib.parse.urlencode(form, errors="replace").encode(), "application/x-www-form-urlencoded"
        headers = [("Content-Type", media)]
        if dice.random() < 0.3:
            headers.append(("Authorization", "Basic " + base64.b64encode(self.word()[:300].encode("utf-8", "replace")).decode()))
        target, host = dice.choice((("/oauth2/v1/token", "acme.zslogin.net"), ("/signin", "config.private.zscaler.com")))
        return self.http("token", "POST", target, body, headers, host)

    def older(self):
        dice = self.dice
        host, target, names = dice.choice(OLDER)
        words = [self.nested(), json.dumps(self.word()), "1389681124480", '"1389681124480"', "-1", '"clients-suite"']
        members = [f'"{dice.choice(names)}":{dice.choice(words)}' for _ in range(dice.randrange(1, 6))]
        body = ("{" + ",".join(members) + "}").encode("utf-8", "surrogatepass")
        shown = dice.choice(("00000001" + "a" * 24, "f" * 32, self.known["bearer"], self.header_text()))
        headers = [("Content-Type", "application/json"), ("Cookie", f"JSESSIONID={shown}"), ("auth-token", shown)]
        if dice.random() < 0.7:
            return self.http("older", "POST", target, body, headers, host)
        method = dice.choice(("GET", "DELETE", "PUT", "HEAD"))
        return self.http("older", method, dice.choice((target, "/api/v1/ruleLabels", "/v1/apps", "/papi/x")), None, headers, host)

    def document(self):
        dice = self.dice
        path = dice.choice(PATHS) + ("" if dice.random() < 0.6 else dice.choice(PATHS))
        if dice.random() < 0.2:
            path += urllib.parse.quote(self.word(), safe="/%")
        path = urllib.parse.quote(path[:60_000], safe="/%?=&*.~")
        method = dice.choices(("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"), (70, 5, 15, 4, 3, 3))[0]
        body = self.nested().encode() if method in ("POST", "PUT", "PATCH") else None
        headers = [("Content-Type", "application/json")] if body is not None else []
        return self.http("document", method, path, body, headers, dice.choice(HOSTS))

    def rude(self):
        dice, raw = self.dice, self.dice.choice(RUDE)
        if dice.random() < 0.4:
            raw = bytearray(raw)
            for _ in range(dice.randrange(1, 6)):
                raw[dice.randrange(len(raw))] = dice.randrange(256)
            raw = bytes(raw)
        return Request("rude", "GET", raw, rude=True, half=dice.random() < 0.5)
