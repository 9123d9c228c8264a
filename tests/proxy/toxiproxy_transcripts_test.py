"""toxiproxy_transcripts_test.py: every route of Toxiproxy's API as its 2.12 answers: status, fields and body, byte for byte.

What Toxiproxy answers was read in its source (api.go, proxy_collection.go, toxic_collection.go); docs/toxiproxy.md lists
what is done otherwise."""
import re
import unittest

from control import Program, free_port

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"  # Go's http.Error


def proxy(name="web", port="{port}", upstream="127.0.0.1:9", enabled="true", toxics=""):
    return (f'{{"name":"{name}","listen":"127.0.0.1:{port}","upstream":"{upstream}","enabled":{enabled},'
            f'"Logger":{{}},"toxics":[{toxics}]}}')


def error(message, status):
    return f'{{"error":"{message}","status":{status}}}\n'


LATENCY = '{"attributes":{"latency":100,"jitter":5},"name":"slow","type":"latency","stream":"upstream","toxicity":1}'
TYPES = {
    "latency": '"latency":0,"jitter":0', "bandwidth": '"rate":0', "slow_close": '"delay":0', "timeout": '"timeout":0',
    "reset_peer": '"timeout":0', "slicer": '"average_size":0,"size_variation":0,"delay":0', "limit_data": '"bytes":0',
}


def added(kind):
    return f'{{"attributes":{{{TYPES[kind]}}},"name":"{kind}_downstream","type":"{kind}","stream":"downstream","toxicity":1}}'


# (method, path, body, status, content type, body of the answer); {port} is the proxy's own port.
EXCHANGES = [
    ("GET", "/version", None, 200, "application/json;charset=utf-8", '{"version": "2.12.0"}\n'),
    ("GET", "/proxies", None, 200, JSON, "{}"),
    ("GET", "/nowhere", None, 404, TEXT, "404 page not found\n"),
    ("PUT", "/proxies", None, 405, None, ""),
    # Proxies.
    ("POST", "/proxies", '{"name":"web","listen":"127.0.0.1:{port}","upstream":"127.0.0.1:9"}', 201, JSON, proxy()),
    ("POST", "/proxies", '{"name":"web","listen":"127.0.0.1:0","upstream":"127.0.0.1:9"}', 409, TEXT,
     error("proxy already exists", 409)),
    ("POST", "/proxies", '{"upstream":"127.0.0.1:9"}', 400, TEXT, error("missing required field: name", 400)),
    ("POST", "/proxies", '{"name":"x"}', 400, TEXT, error("missing required field: upstream", 400)),
    ("POST", "/proxies", "", 400, TEXT, error("bad request body: EOF", 400)),
    ("POST", "/proxies", '{"name":"taken","listen":"127.0.0.1:{port}","upstream":"127.0.0.1:9"}', 500, TEXT,
     error("listen tcp 127.0.0.1:{port}: bind: address already in use", 500)),
    ("GET", "/proxies/web", None, 200, JSON, proxy()),
    ("GET", "/proxies/none", None, 404, TEXT, error("proxy not found", 404)),
    ("GET", "/proxies", None, 200, JSON, '{"web":' + proxy() + "}"),
    ("POST", "/proxies/web", '{"enabled":false}', 200, JSON, proxy(enabled="false")),
    ("PATCH", "/proxies/web", '{"enabled":true}', 200, JSON, proxy()),
    ("PATCH", "/proxies/web", '{"upstream":"localhost:7"}', 200, JSON, proxy(upstream="localhost:7")),
    ("PATCH", "/proxies/none", '{"enabled":true}', 404, TEXT, error("proxy not found", 404)),
    # Toxics.
    ("GET", "/proxies/web/toxics", None, 200, JSON, "[]"),
    ("GET", "/proxies/none/toxics", None, 404, TEXT, error("proxy not found", 404)),
    ("POST", "/proxies/web/toxics",
     '{"name":"slow","type":"latency","stream":"upstream","attributes":{"latency":100,"jitter":5}}', 200, JSON, LATENCY),
    ("POST", "/proxies/web/toxics", '{"name":"slow","type":"latency"}', 409, TEXT, error("toxic already exists", 409)),
    ("POST", "/proxies/web/toxics", '{"type":"nonsense"}', 400, TEXT, error("invalid toxic type", 400)),
    ("POST", "/proxies/web/toxics", '{"type":"latency","stream":"sideways"}', 400, TEXT,
     error("stream was invalid, can be either upstream or downstream", 400)),
    ("POST", "/proxies/none/toxics", '{"type":"latency"}', 404, TEXT, error("proxy not found", 404)),
    ("GET", "/proxies/web/toxics/slow", None, 200, JSON, LATENCY),
    ("GET", "/proxies/web/toxics/none", None, 404, TEXT, error("toxic not found", 404)),
    ("GET", "/proxies/web", None, 200, JSON, proxy(upstream="localhost:7", toxics=LATENCY)),
    ("POST", "/proxies/web/toxics/slow", '{"attributes":{"latency":7}}', 200, JSON, LATENCY.replace("100", "7")),
    ("PATCH", "/proxies/web/toxics/slow", '{"toxicity":0.5}', 200, JSON,
     LATENCY.replace("100", "7").replace('"toxicity":1', '"toxicity":0.5')),
    ("PATCH", "/proxies/web/toxics/none", "{}", 404, TEXT, error("toxic not found", 404)),
    ("POST", "/proxies/web/toxics", '{"type":"bandwidth","attributes":{"rate":"fast"}}', 400, TEXT,
     error("bad request body: json: cannot unmarshal string into Go value of type int64", 400)),
    *[("POST", "/proxies/web/toxics", f'{{"type":"{kind}"}}', 200, JSON, added(kind)) for kind in TYPES],
    # Those to the server stand first.
    ("GET", "/proxies/web/toxics", None, 200, JSON,
     "[" + ",".join([LATENCY.replace("100", "7").replace('"toxicity":1', '"toxicity":0.5')] + [added(k) for k in TYPES]) + "]"),
    ("DELETE", "/proxies/web/toxics/slow", None, 204, None, ""),
    ("DELETE", "/proxies/web/toxics/slow", None, 404, TEXT, error("toxic not found", 404)),
    # All of it.
    ("PATCH", "/proxies/web", '{"enabled":false}', 200, JSON, None),
    ("POST", "/reset", None, 204, None, ""),
    ("GET", "/proxies/web", None, 200, JSON, proxy(upstream="localhost:7")),
    ("POST", "/populate", '[{"name":"web","listen":"127.0.0.1:{port}","upstream":"localhost:7"},'
     '{"name":"off","listen":"127.0.0.1:{other}","upstream":"127.0.0.1:9","enabled":false}]', 201, JSON,
     '{"proxies":[' + proxy(upstream="localhost:7") + "," + proxy("off", "{other}", enabled="false") + "]}"),
    ("POST", "/populate", '[{"name":"x","upstream":"127.0.0.1:9"},{"name":"y"}]', 400, JSON,
     '{"error":"missing required field: upstream at proxy 2","status":400,"proxies":null}'),
    ("POST", "/populate", '[{"upstream":"127.0.0.1:9"}]', 400, JSON,
     '{"error":"missing required field: name at proxy 1","status":400,"proxies":null}'),
    ("GET", "/proxies/x", None, 404, TEXT, error("proxy not found", 404)),
    ("DELETE", "/proxies/web", None, 204, None, ""),
    ("DELETE", "/proxies/web", None, 404, TEXT, error("proxy not found", 404)),
]


class Transcripts(unittest.TestCase):
    maxDiff = None

    def test_every_route(self):
        ports = {"{port}": str(free_port()), "{other}": str(free_port())}

        def filled(text):
            for name, port in ports.items():
                text = text.replace(name, port)
            return text

        with Program() as program:
            for method, path, body, status, kind, answer in EXCHANGES:
                with self.subTest(f"{method} {path} {body or ''}"):
                    found, fields, text = program.request(method, path, raw=None if body is None else filled(body))
                    self.assertEqual(found, status, text)
                    if kind:
                        self.assertEqual(fields["Content-Type"], kind)
                    if answer is not None:
                        self.assertEqual(text, filled(answer))
                    if kind == TEXT:
                        self.assertEqual(fields["X-Content-Type-Options"], "nosniff")
                    if status not in (404, 405) or path != "/nowhere":
                        if status != 405:
                            self.assertRegex(fields["X-Toxiproxy-Request-Id"], re.compile("^[0-9a-v]{20}$"))

    def test_keeps_browsers_out(self):
        with Program() as program:
            status, _, text = program.request("GET", "/proxies", headers={"User-Agent": "Mozilla/5.0 (X11)"})
            self.assertEqual((status, text), (403, "User agent not allowed\n"))

    def test_an_empty_listen_is_any_port_of_all_addresses(self):
        with Program() as program:
            made = program.call("POST", "/proxies", {"name": "any", "upstream": "127.0.0.1:9"}, 201)
            self.assertRegex(made["listen"], r"^\[::\]:\d+$")

    def test_names_of_fields_in_any_case(self):
        with Program() as program:
            made = program.call("POST", "/proxies", {"Name": "x", "LISTEN": "127.0.0.1:0", "Upstream": "127.0.0.1:9"}, 201)
            self.assertEqual(made["name"], "x")

    def test_every_type_of_wrong_body(self):
        with Program() as program:
            for body in ("{", "[]", "nonsense", '{"name":1,"upstream":"x"}', '{"name":"x","upstream":"127.0.0.1:9","enabled":"yes"}'):
                status, _, text = program.request("POST", "/proxies", raw=body)
                self.assertEqual(status, 400, text)
                self.assertIn("bad request body: ", text)


if __name__ == "__main__":
    unittest.main()
