"""How each peer is started in its fastest fair shape, filled with the same segments, and asked the same things."""

import json
import os
import urllib.request

from harness import CACHE, Server, Shot
from zuno import in_turn

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


def bare(*words):
    return Server(f"bare {words[0]}", [str(CACHE / "target/release/bare"), *words])


def oidc(algorithm, public_jwk):
    return Server("oidc-provider", ["node", str(CACHE / "npm/oidc.mjs")],
                  {"PORT": "{port}", "ALG": algorithm, "CLIENT_JWK": public_jwk, "NODE_ENV": "production"})


OIDC_ISSUER = "http://idp.example"  # what its assertions name as their audience, whatever port it has


class JsonServer:
    name = "json-server"

    def __init__(self, folder, segments):
        (folder / "db.json").write_text(json.dumps({"application": segments}))
        self.server = Server(self.name, [str(CACHE / "npm/node_modules/.bin/json-server"), "--quiet", "--host",
                                         "127.0.0.1", "--port", "{port}", "db.json"], folder=folder)
        self.segments = segments

    def by_id(self):
        return Shot(f"{self.server.url}/application/%LINE%", lines=[each["id"] for each in self.segments[:1000]])

    def page(self, pages):
        return Shot(f"{self.server.url}/application?_page=%LINE%&_limit=20", lines=in_turn(pages))

    def create(self, body):
        return Shot(f"{self.server.url}/application", "POST", JSON, body)


class WireMock:
    """Fixed answers: it keeps no state of its own, so it has nothing to create."""

    name = "wiremock"

    def __init__(self, folder, segments):
        (folder / "mappings").mkdir()
        for name, path, answer in (("one", "/application/1", segments[0]),
                                   ("page", "/application", {"totalPages": "50", "list": segments[:20]})):
            (folder / f"mappings/{name}.json").write_text(json.dumps({
                "request": {"method": "GET", "urlPath": path},
                "response": {"status": 200, "body": json.dumps(answer), "headers": JSON}}))
        self.server = Server(self.name, [str(CACHE / "npm/node_modules/.bin/wiremock"), "--port", "{port}",
                                         "--bind-address", "127.0.0.1", "--no-request-journal", "--disable-banner",
                                         "--root-dir", str(folder)], folder=folder)

    def by_id(self):
        return Shot(f"{self.server.url}/application/1")

    def page(self, _pages):
        return Shot(f"{self.server.url}/application")

    create = None


class Dynamo:
    """An emulated table whose items carry a segment each. Twenty share a partition, so that a page is one of them:
    these emulators walk a whole partition for every query.
    """

    def __init__(self, name, argv, variables, segments):
        self.name, self.segments = name, segments
        self.server = Server(name, argv, variables)
        self._ask("CreateTable", {
            "TableName": "segments", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "t", "AttributeType": "S"}, {"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "t", "KeyType": "HASH"}, {"AttributeName": "id", "KeyType": "RANGE"}]})
        for n, segment in enumerate(segments):
            self._ask("PutItem", self._item(str(n // 20), segment["id"], json.dumps(segment)))

    def _headers(self, operation):
        return {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"DynamoDB_20120810.{operation}",
                "Authorization": "AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/dynamodb/aws4_request, "
                                 "SignedHeaders=host, Signature=0"}

    def _item(self, partition, key, body):
        return {"TableName": "segments", "Item": {"t": {"S": partition}, "id": {"S": key}, "body": {"S": body}}}

    def _ask(self, operation, body):
        ask = urllib.request.Request(self.server.url, json.dumps(body).encode(), self._headers(operation))
        urllib.request.urlopen(ask, timeout=30).close()

    def _shot(self, operation, body, lines=None):
        return Shot(f"{self.server.url}/", "POST", self._headers(operation), json.dumps(body), lines)

    def by_id(self):
        keys = [json.dumps({"t": {"S": str(n // 20)}, "id": {"S": each["id"]}}) for n, each in enumerate(self.segments)]
        shot = {"TableName": "segments", "Key": "%LINE%"}
        return Shot(f"{self.server.url}/", "POST", self._headers("GetItem"), json.dumps(shot).replace('"%LINE%"', "%LINE%"),
                    keys)

    def page(self, pages):
        return self._shot("Query", {"TableName": "segments", "Limit": 20, "KeyConditionExpression": "t = :t",
                                    "ExpressionAttributeValues": {":t": {"S": "%LINE%"}}},
                          [page - 1 for page in in_turn(pages)])

    def create(self, body):
        return self._shot("PutItem", self._item("new-%N%", "new", body))


def moto(_folder, segments):
    return Dynamo("moto_server", [str(CACHE / "py/bin/moto_server"), "-H", "127.0.0.1", "-p", "{port}"], {}, segments)


def ministack(_folder, segments):
    return Dynamo("ministack", [str(CACHE / "py/bin/ministack")],
                  {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": "{port}", "LOG_LEVEL": "ERROR"}, segments)


def fakecloud(_folder, segments):
    return Dynamo("fakecloud", [str(CACHE / "cargo/bin/fakecloud"), "--addr", "127.0.0.1:{port}"], {}, segments)


def state_peers():
    """Peers that keep state; fakecloud only where `setup --with-fakecloud` has built it."""
    built = os.access(CACHE / "cargo/bin/fakecloud", os.X_OK)
    return [JsonServer, WireMock, moto, ministack, *([fakecloud] if built else [])]
