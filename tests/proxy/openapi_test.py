"""openapi_test.py: the OpenAPI document of `wsfault proxy` and what is served are the same: each route answers with each
status that the document lists for it, with no other, and in that form."""
import copy
import http.client
import json
import pathlib
import re
import socket
import struct
import tempfile
import unittest

import jsonschema

from control import LIMIT, Client, Program, Server, serve_websocket

METHODS = ("get", "post", "patch", "put", "delete")
# What has members that the document leaves to docs/results.md, or to a scenario.
OPEN = re.compile(r"Event|Results|OpenApi|Act|New.*|scenario\..*")
NOT_OF_THIS_MACHINE = "192.0.2.1:1"  # RFC 5737


class Contract:
    """The document, and which of its answers have been seen."""

    def __init__(self, document):
        self.document = document
        self.closed = copy.deepcopy(document["components"])
        for name, schema in self.closed["schemas"].items():
            if not OPEN.fullmatch(name):
                close(schema)
        self.operations = [(method.upper(), path, operation) for path, item in document["paths"].items()
                           for method, operation in item.items() if method in METHODS]
        self.seen = set()

    def operation(self, method, target):
        path = target.split("?")[0]
        for each_method, form, operation in self.operations:
            if each_method == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", form), path):
                return form, operation
        raise AssertionError(f"{method} {path} is not in the document")

    def validate(self, value, schema, components):
        jsonschema.Draft202012Validator({**schema, "components": components}).validate(value)

    def resolved(self, response):
        while "$ref" in response:
            kind, name = response["$ref"].split("/")[-2:]
            response = self.document["components"][kind][name]
        return response

    def check_request(self, method, target, body):
        _, operation = self.operation(method, target)
        self.validate(body, operation["requestBody"]["content"]["application/json"]["schema"], self.document["components"])

    def check(self, method, target, status, headers, text, listed_as=None):
        form, operation = self.operation(method, target)
        key = listed_as or str(status)
        if key not in operation["responses"]:
            raise AssertionError(f"{method} {form}: {status} is not in the document: {text}")
        self.check_response(self.resolved(operation["responses"][key]), headers, text)
        self.seen.add((method, form, key))

    def check_response(self, response, headers, text):
        for name, header in response.get("headers", {}).items():
            header = self.resolved(header)
            if header.get("required") and name not in headers:
                raise AssertionError(f"{name} is missing: {headers}")
            self.validate(headers[name], header["schema"], self.closed)
        if "content" not in response:
            if text or "Content-Type" in headers:
                raise AssertionError(f"no content is in the document: {headers}{text}")
            return
        kind = headers["Content-Type"].split(";")[0]
        if kind not in response["content"]:
            raise AssertionError(f"{kind} is not in the document, which has {list(response['content'])}: {text}")
        schema = response["content"][kind]["schema"]
        value = json.loads(text) if kind.endswith("json") else text
        self.validate(value, schema, self.closed)
        text_of = self.closed["schemas"][schema["$ref"].split("/")[-1]]
        if text_of.get("contentMediaType") == "application/json":
            self.validate(json.loads(text), text_of["contentSchema"], self.closed)

    def not_seen(self):
        listed = {(method, form, status) for method, form, operation in self.operations for status in operation["responses"]}
        return sorted(each for each in listed - self.seen if each[2] != "default")


def close(schema):
    """Lets it have no members but those that it lists."""
    if isinstance(schema, dict):
        if schema.get("type") == "object" and "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for each in schema.values():
            close(each)
    elif isinstance(schema, list):
        for each in schema:
            close(each)


class OpenApi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = Program()
        cls.server = Server(serve_websocket)
        cls.upstream = f"ws://127.0.0.1:{cls.server.port}"
        cls.taken = socket.create_server(("127.0.0.1", 0))
        cls.taken_at = "127.0.0.1:%d" % cls.taken.getsockname()[1]
        cls.contract = Contract(cls.program.v1("GET", "/openapi.json", None, 200))

    @classmethod
    def tearDownClass(cls):
        cls.program.stop()
        cls.server.__exit__()
        cls.taken.close()

    def ask(self, method, target, status, body=None, headers=None, program=None):
        """Sends it, and checks the answer against the document. What is accepted must be as the document has it, too."""
        found, fields, text = (program or self.program).request(method, target, body, headers)
        self.assertEqual(found, status, f"{method} {target} {body}: {text}")
        self.contract.check(method, target, status, fields, text)
        if body is not None and status < 400:
            self.contract.check_request(method, target, body)
        return json.loads(text) if text and fields["Content-Type"] == "application/json" else text

    def test_the_document_is_what_is_served(self):
        for schema in self.contract.document["components"]["schemas"].values():
            jsonschema.Draft202012Validator.check_schema(schema)
        self.ask_for_what_is_not_there()
        self.ask_as_others()
        self.ask_for_sessions()
        self.ask_for_proxies()
        self.ask_for_connections()
        self.ask_for_faults()
        self.ask_for_what_happens()
        self.ask_as_toxiproxys_clients()
        for target in ("/v1", "/v1/openapi.json", "/metrics", "/", "/version"):
            self.ask("GET", target, 200)
        self.assertEqual(self.contract.not_seen(), [], "these answers are in the document, and were not seen")

    def ask_for_what_is_not_there(self):
        for method, form, operation in self.contract.operations:
            if "404" in operation["responses"]:
                self.ask(method, re.sub(r"\{\w+\}", "none", form), 404, None if method in ("GET", "DELETE") else {})

    def ask_as_others(self):
        with tempfile.TemporaryDirectory() as folder:
            token = pathlib.Path(folder) / "token"
            token.write_text("s3cret\n")
            with Program("--token-file", token) as guarded:
                for method, form, operation in self.contract.operations:
                    target = re.sub(r"\{\w+\}", "none", form)
                    self.ask(method, target, 401, program=guarded)
                    self.ask(method, target, 403, headers={"Origin": "https://other.example"})
                    if "toxiproxy" in operation["tags"]:
                        self.ask(method, target, 403, headers={"User-Agent": "Mozilla/5.0"})

    def ask_for_sessions(self):
        self.ask("POST", "/v1/sessions", 201, {"id": "one", "role": "client", "ttl": "1m", "traits": {"heartbeat": "20s"}, "seed": 1})
        self.ask("POST", "/v1/sessions", 400, {"role": "gateway"})
        self.ask("POST", "/v1/sessions", 409, {"id": "one"})
        self.ask("GET", "/v1/sessions", 200)
        self.ask("GET", "/v1/sessions/one", 200)
        self.ask("POST", "/v1/sessions/one/heartbeat", 204)
        self.ask("DELETE", "/v1/sessions/one", 204)
        self.ask("DELETE", "/v1/sessions/standing", 409)
        with Program() as full:
            host, port = full.address.rsplit(":", 1)
            connection = http.client.HTTPConnection(host, int(port), timeout=LIMIT)
            for _ in range(1000):
                connection.request("POST", "/v1/sessions", "{}")
                answer = connection.getresponse()
                answer.read()
                self.assertEqual(answer.status, 201)
            connection.close()
            self.ask("POST", "/v1/sessions", 429, {}, program=full)

    def begin(self, id, role="client", **proxy):
        self.ask("POST", "/v1/sessions", 201, {"id": id, "role": role})
        proxy = self.ask("POST", f"/v1/sessions/{id}/proxies", 201, {"name": "api", "upstream": self.upstream, **proxy})
        return f"/v1/sessions/{id}", proxy

    def ask_for_proxies(self):
        session, _ = self.begin("proxies", faults=[{"inject": "latency", "latency": "1ms"}])
        one = session + "/proxies/api"
        self.ask("POST", session + "/proxies", 201, {"name": "fake", "upstream": {}})
        self.ask("POST", session + "/proxies", 400, {"name": "other"})
        self.ask("POST", session + "/proxies", 409, {"name": "api", "upstream": self.upstream})
        self.ask("POST", session + "/proxies", 409, {"name": "other", "upstream": self.upstream, "listen": self.taken_at})
        self.ask("POST", session + "/proxies", 500, {"name": "other", "upstream": self.upstream, "listen": NOT_OF_THIS_MACHINE})
        self.ask("GET", session + "/proxies", 200)
        self.ask("GET", one, 200)
        self.ask("GET", session, 200)
        self.ask("PATCH", one, 400, {"listen": 80})
        self.ask("PATCH", one, 409, {"listen": self.taken_at})
        self.ask("PATCH", one, 500, {"listen": NOT_OF_THIS_MACHINE, "enabled": True})
        self.ask("PATCH", one, 200, {"listen": "127.0.0.1:0", "enabled": True})
        self.ask("POST", session + "/proxies", 201, {"name": "later", "upstream": self.upstream, "listen": self.taken_at, "enabled": False})
        self.ask("PATCH", session + "/proxies/later", 409, {"enabled": True})
        self.ask("DELETE", one, 204)

    def ask_for_connections(self):
        session, proxy = self.begin("connections")
        at = session + "/proxies/api/connections"
        self.ask("POST", session + "/faults", 201, {"inject": "latency", "latency": "1ms", "name": "taken"})
        with Client(proxy["port"]) as client:
            client.echo("hello")
            self.ask("GET", at, 200)
            self.ask("POST", at + "/1/close", 400, {"when": "open"})
            self.ask("POST", at + "/1/freeze", 409, {"name": "taken"})
            self.ask("POST", at + "/1/close", 201, {"code": 4000, "reason": "over"})
            self.assertEqual(client.read(), (8, struct.pack(">H", 4000) + b"over"))

    def ask_for_faults(self):
        session, _ = self.begin("faults")
        faults = session + "/faults"
        self.ask("POST", faults, 201, {"inject": "reset", "when": {"moment": "message 3", "from": "server"}, "connections": "all"})
        self.ask("POST", faults, 201, {"inject": "latency", "latency": "10ms", "jitter": "5ms", "probability": 0.5, "name": "slow"})
        self.ask("POST", faults, 400, {"inject": "rest"})
        self.ask("POST", faults, 409, {"inject": "fin", "when": "message 9", "name": "slow"})
        self.ask("GET", faults, 200)
        self.ask("GET", faults + "/reset", 200)
        self.ask("DELETE", faults + "/reset", 204)
        self.ask("DELETE", faults, 204)

    def ask_for_what_happens(self):
        session, proxy = self.begin("events")
        self.ask("POST", session + "/faults", 201, {"inject": "reset", "when": "message 2"})
        with Client(proxy["port"]) as client:
            client.echo("one")
            client.send("two")
            self.assertEqual(client.end(), "RST")
        self.ask("POST", session + "/reports", 204, {"event": "close", "code": 1000, "clean": True})
        self.ask("POST", session + "/reports", 400, {"event": "nonsense"})
        self.ask("POST", session + "/marks", 204, {"name": "over"})
        self.ask("POST", session + "/marks", 400, {})
        came = self.ask("GET", session + "/events?until=close&connection=1&timeout=1ms", 200)
        self.assertEqual((came["came"], came["ended"]), (False, False))
        for wrong in ("until=closs", "until=end&from=client&connection=none", "until=connect&from=client", "connection=1", "after=x", "timeout=1h"):
            self.ask("GET", session + "/events?" + wrong, 400)
        self.ask("POST", session + "/expect", 200, {"close": 1006, "within": "5s", "timeout": "5s"})
        self.ask("POST", session + "/expect", 400, {"close": "many"})
        self.ask("POST", "/v1/sessions/standing/expect", 409, {"close": 1006})
        for query in ("", "?ended=true"):
            self.ask("GET", session + "/verdict" + query, 200)
        self.ask("GET", "/v1/sessions/standing/verdict", 409)
        self.follow(session)
        session, _ = self.begin("clients", "server")
        self.ask("POST", session + "/clients", 201, {"name": "alice", "steps": [{"send": "hello"}, {"expect": "hello"}, {"close": 1000}]})
        self.ask("POST", session + "/clients", 400, {"steps": "none"})

    def follow(self, session):
        """The stream of a session until it ends."""
        host, port = self.program.address.rsplit(":", 1)
        connection = http.client.HTTPConnection(host, int(port), timeout=LIMIT)
        connection.request("GET", session + "/events", headers={"Accept": "text/event-stream"})
        answer = connection.getresponse()  # it follows: its head is here
        self.ask("GET", session + "/events", 200)
        self.ask("DELETE", session, 204)
        status, headers, text = answer.status, answer.headers, answer.read().decode()
        connection.close()
        self.contract.check("GET", session + "/events", status, headers, text)
        blocks = text.strip().split("\n\n")
        self.assertEqual(blocks[-1], 'event: ended\ndata: {"ended":true}')
        for block in blocks[:-1]:
            name, data = block.split("\n")
            self.assertRegex(name, r"^id: \d+$")
            event = {"$ref": "#/components/schemas/Event"}
            self.contract.validate(json.loads(data.removeprefix("data: ")), event, self.contract.document["components"])

    def ask_as_toxiproxys_clients(self):
        one = {"name": "one", "listen": "127.0.0.1:0", "upstream": f"127.0.0.1:{self.server.port}"}
        self.ask("POST", "/proxies", 201, one)
        self.ask("POST", "/proxies", 400, {"name": "two"})
        self.ask("POST", "/proxies", 409, one)
        self.ask("POST", "/proxies", 500, {**one, "name": "two", "listen": self.taken_at})
        self.ask("GET", "/proxies/one", 200)
        for method in ("POST", "PATCH"):
            self.ask(method, "/proxies/one", 400, {"enabled": "yes"})
            self.ask(method, "/proxies/one", 500, {"listen": self.taken_at})
            self.ask(method, "/proxies/one", 200, {"listen": "127.0.0.1:0", "enabled": True})
        toxics = "/proxies/one/toxics"
        self.ask("POST", toxics, 200, {"name": "slow", "type": "latency", "attributes": {"latency": 10}})
        self.ask("POST", toxics, 400, {"type": "slowness"})
        self.ask("POST", toxics, 409, {"name": "slow", "type": "latency"})
        self.ask("GET", toxics, 200)
        self.ask("GET", toxics + "/slow", 200)
        self.ask("GET", "/proxies", 200)
        for method in ("POST", "PATCH"):
            self.ask(method, toxics + "/slow", 200, {"toxicity": 0.5, "attributes": {"jitter": 5}})
            self.ask(method, toxics + "/slow", 400, {"toxicity": "much"})
        self.ask("DELETE", toxics + "/slow", 204)
        self.ask("POST", "/reset", 204)
        self.ask("POST", "/populate", 201, [one, {**one, "name": "late", "listen": self.taken_at, "enabled": False}])
        self.ask("POST", "/populate", 400, [{"name": "three"}])
        self.ask("POST", "/populate", 500, [{**one, "name": "three", "listen": self.taken_at}])
        self.ask("POST", "/reset", 500)
        self.ask("DELETE", "/proxies/one", 204)

    def test_what_the_port_answers_to_whatever_is_asked(self):
        head = "GET {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n\r\n"
        for status, text in (
            (405, head.format("/v1", "").replace("GET", "PUT")),
            (405, head.format("/version", "").replace("GET", "PUT")),
            (400, head.format("no-path", "")),
            (413, head.format("/v1/sessions", "Content-Length: 2000000")),
            (431, head.format("/v1", "X: " + "a" * 20_000)),
        ):
            with self.subTest(status):
                host, port = self.program.address.rsplit(":", 1)
                with socket.create_connection((host, int(port)), timeout=LIMIT) as peer:
                    peer.sendall(text.encode())
                    answer = http.client.HTTPResponse(peer)
                    answer.begin()
                    self.assertEqual(answer.status, status)
                    self.contract.check("GET", "/v1", status, answer.headers, answer.read().decode(), "default")


if __name__ == "__main__":
    unittest.main()
