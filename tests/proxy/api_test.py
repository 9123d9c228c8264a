"""api_test.py: sessions, faults, events and verdicts of `wsfault proxy`, with real traffic."""
import contextlib
import http.client
import json
import os
import pathlib
import signal
import socket
import struct
import tempfile
import threading
import time
import unittest

from control import Client, Program, Server, echo_bytes, frame, free_port, is_silent, serve_websocket


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = Program()
        cls.server = Server(serve_websocket)
        cls.raw = Server(echo_bytes)

    @classmethod
    def tearDownClass(cls):
        cls.assertEqual(cls(), cls.program.stop(), 0)
        cls.server.__exit__()
        cls.raw.__exit__()

    def setUp(self):
        self.session = self.v1("POST", "/sessions", {}, 201)["id"]

    def tearDown(self):
        self.program.v1("DELETE", f"/sessions/{self.session}")

    def v1(self, *args):
        return self.program.v1(*args)

    def path(self, rest=""):
        return f"/sessions/{self.session}{rest}"

    def proxy(self, name="api", upstream=None, **more):
        upstream = f"ws://127.0.0.1:{self.server.port}" if upstream is None else upstream
        return self.v1("POST", self.path("/proxies"), {"name": name, "upstream": upstream, **more}, 201)

    def inject(self, fault, status=201):
        return self.v1("POST", self.path("/faults"), fault, status)

    def until(self, moment, after=0, timeout="20s"):
        answer = self.v1("GET", self.path(f"/events?until={moment.replace(' ', '%20')}&after={after}&timeout={timeout}"), None, 200)
        self.assertTrue(answer["came"], answer)
        return answer


class Faults(Case):
    def test_passes_on_what_nothing_strikes(self):
        proxy = self.proxy()
        with Client(proxy["port"]) as client:
            self.assertIn("101", client.answer.split("\r\n")[0])
            for size in (0, 1, 125, 126, 65535, 65536, 300_000):
                self.assertEqual(len(client.echo("x" * size)), size)

    def test_strikes_what_is_open_and_what_comes_until_it_is_healed(self):
        proxy = self.proxy()
        with Client(proxy["port"]) as client:
            client.echo("one")
            fault = self.inject({"inject": "latency", "latency": "300ms", "direction": "to-client"})
            began = time.monotonic()
            client.echo("two")
            self.assertGreater(time.monotonic() - began, 0.29)
            with Client(proxy["port"]) as later:
                began = time.monotonic()
                later.echo("three")
                self.assertGreater(time.monotonic() - began, 0.29)
            self.v1("DELETE", self.path(f"/faults/{fault['name']}"), None, 204)
            self.assertEqual(client.echo("four"), "four")
        self.assertEqual(self.v1("GET", self.path("/faults"))["faults"], [])

    def test_waits_for_its_moment(self):
        proxy = self.proxy()
        fault = self.inject({"inject": "reset", "when": "message 3", "direction": "to-client"})
        self.assertEqual((fault["state"], fault["when"]), ("armed", "message 3"))
        with Client(proxy["port"]) as client:
            self.assertEqual(client.echo("one"), "one")
            self.assertEqual(client.echo("two"), "two")
            client.send("three")
            self.assertEqual(client.end(), "RST")
        self.until("end")
        self.assertEqual(self.v1("GET", self.path("/faults/reset"))["state"], "fired")
        with Client(proxy["port"]) as other:  # `connections` is 1, as in a scenario
            for text in ("a", "b", "c", "d"):
                self.assertEqual(other.echo(text), text)

    def test_works_on_frames_of_connections_that_are_open(self):
        proxy = self.proxy()
        with Client(proxy["port"]) as client:
            client.echo("one")
            self.inject({"inject": "drop_message", "count": 1})
            client.send("lost")
            client.send("two")
            self.assertEqual(client.read(), (1, b"two"))

    def test_refuses_and_lets_in_again(self):
        proxy = self.proxy()
        self.inject({"inject": "refuse"})
        with self.assertRaises(ConnectionRefusedError):
            Client(proxy["port"])
        self.v1("DELETE", self.path("/faults"), None, 204)
        with Client(proxy["port"]) as client:
            self.assertEqual(client.echo("in"), "in")

    def test_a_black_hole_heals(self):
        proxy = self.proxy()
        with Client(proxy["port"]) as client:
            client.echo("one")
            self.inject({"inject": "stall"})
            client.send("held")
            self.assertTrue(is_silent(client.socket, 0.3))
            self.v1("DELETE", self.path("/faults/stall"), None, 204)
            self.assertEqual(client.read(), (1, b"held"))

    def test_probability_is_drawn_for_each_connection(self):
        proxy = self.proxy()
        self.inject({"inject": "close", "code": 1001, "probability": 0.5})
        closed = 0
        for _ in range(40):
            with Client(proxy["port"]) as client:
                client.send("x")
                closed += client.read()[0] == 8
        self.assertTrue(5 <= closed <= 35, closed)

    def test_acts_on_one_connection(self):
        proxy = self.proxy()
        with Client(proxy["port"]) as one, Client(proxy["port"]) as two:
            one.echo("1")
            two.echo("2")
            at = self.path("/proxies/api/connections")
            numbers = [each["number"] for each in self.v1("GET", at)["connections"]]
            self.assertEqual(numbers, [1, 2])
            self.v1("POST", at + "/2/send", {"payload": "surprise"}, 201)
            self.assertEqual(two.read(), (1, b"surprise"))
            self.v1("POST", at + "/2/ping", {}, 201)
            self.assertEqual(two.read()[0], 9)
            self.v1("POST", at + "/2/close", {"code": 4001, "reason": "over"}, 201)
            self.assertEqual(two.read(), (8, struct.pack(">H", 4001) + b"over"))
            self.assertEqual(one.echo("still"), "still")
            self.v1("POST", at + "/1/reset", {}, 201)
            self.assertEqual(one.end(), "RST")
        self.assertEqual(self.v1("GET", self.path("/faults"))["faults"], [])
        self.v1("POST", at + "/9/reset", {}, 404)
        self.assertIn("reset", self.v1("POST", at + "/1/rest", {}, 404)["hint"])

    def test_a_mark_is_a_moment(self):
        proxy = self.proxy()
        self.inject({"inject": "fin", "when": "mark now", "connections": "all"})
        with Client(proxy["port"]) as client:
            client.echo("one")
            self.v1("POST", self.path("/marks"), {"name": "now"}, 204)
            self.assertEqual(client.end(), "FIN")

    def test_any_bytes_pass(self):
        proxy = self.proxy(upstream=f"127.0.0.1:{self.raw.port}")
        with socket.create_connection(("127.0.0.1", proxy["port"])) as peer:
            for data in (b"GET ", b"\x00\xff" * 5, b"no HTTP at all\r\n", bytes(range(256)) * 300):
                peer.sendall(data)
                got = b""
                while len(got) < len(data):
                    got += peer.recv(65536)
                self.assertEqual(got, data)
            peer.shutdown(socket.SHUT_WR)
            self.assertEqual(peer.recv(1), b"")

    def test_disabled_and_enabled(self):
        proxy = self.proxy()
        with Client(proxy["port"]) as client:
            client.echo("one")
            self.v1("PATCH", self.path("/proxies/api"), {"enabled": False}, 200)
            self.assertEqual(client.end(), "FIN")
        with self.assertRaises(ConnectionRefusedError):
            Client(proxy["port"])
        self.v1("PATCH", self.path("/proxies/api"), {"enabled": True}, 200)
        with Client(proxy["port"]) as client:
            self.assertEqual(client.echo("again"), "again")

    def test_passes_on_to_another_server_and_listens_elsewhere(self):
        proxy = self.proxy(upstream="127.0.0.1:9")
        self.inject({"inject": "latency", "latency": "200ms", "direction": "to-client"})
        self.v1("PATCH", self.path("/proxies/api"), {"upstream": f"ws://127.0.0.1:{self.server.port}"}, 200)
        moved = self.v1("PATCH", self.path("/proxies/api"), {"listen": "127.0.0.1:0"}, 200)
        self.assertNotEqual(moved["port"], proxy["port"])
        with self.assertRaises(ConnectionRefusedError):
            Client(proxy["port"])
        with Client(moved["port"]) as client:
            began = time.monotonic()
            self.assertEqual(client.echo("here"), "here")
            self.assertGreater(time.monotonic() - began, 0.2)  # the fault came along
        self.v1("PATCH", self.path("/proxies/api"), {"upstream": "nonsense"}, 400)

    def test_a_fake_upstream_with_a_script(self):
        steps = [{"accept": {}}, {"send": "welcome"}, {"expect": "bye"}, {"close": 4000}]
        proxy = self.proxy(upstream={"steps": steps})
        with Client(proxy["port"]) as client:
            self.assertEqual(client.read(), (1, b"welcome"))
            client.send("bye")
            self.assertEqual(client.read(), (8, struct.pack(">H", 4000)))


class Events(Case):
    def test_waits_for_what_comes_later(self):
        proxy = self.proxy()
        waiting = []
        thread = threading.Thread(target=lambda: waiting.append(self.until("message 2")))
        thread.start()
        with Client(proxy["port"]) as client:
            client.echo("one")
            client.echo("two")
            thread.join(30)
        self.assertTrue(waiting and waiting[0]["came"])

    def test_misses_nothing_between_two_waits(self):
        proxy = self.proxy()
        with Client(proxy["port"]) as client:
            client.echo("one")
        first = self.until("open")
        second = self.until("end", first["cursor"])
        self.assertGreater(second["cursor"], first["cursor"])

    def test_says_that_it_did_not_come(self):
        self.proxy()
        answer = self.v1("GET", self.path("/events?until=close&timeout=50ms"), None, 200)
        self.assertFalse(answer["came"])

    def test_waits_for_a_moment_of_one_connection_and_one_side(self):
        proxy = self.proxy()
        with Client(proxy["port"]) as first, Client(proxy["port"]) as second:
            first.echo("one")
            second.echo("one")
            answer = self.v1("GET", self.path("/events?until=message%201&connection=2&from=server&timeout=20s"), None, 200)
        came = answer["events"][-1]
        self.assertEqual((came["connection"], came["from"], came["of_kind"]), (2, "server", 1), came)
        for query, says in (("until=close&connection=0", "connection"), ("until=open&from=client", "it takes no `from`"),
                            ("until=close&from=me", "from"), ("connection=2", "narrows `until`")):
            self.assertIn(says, self.v1("GET", self.path("/events?" + query), None, 400)["detail"])

    def test_a_message_that_came_before_the_cursor_is_done_after_it(self):
        proxy = self.proxy()
        self.inject({"inject": "stall", "name": "held", "when": "message /two/", "direction": "to-server"})
        # From now on it is written down what was forwarded.
        self.v1("GET", self.path("/events?until=message%20/two/%20done&timeout=0s"), None, 200)
        with Client(proxy["port"]) as client:
            client.echo("one")
            client.send("two, held")
            seen = self.until("message /held/")
            self.assertEqual(seen["events"][-1]["type"], "message_seen")
            self.until("fault held")
            self.v1("DELETE", self.path("/faults/held"), None, 204)
            done = self.until("message /held/ done", seen["cursor"])["events"][-1]
            self.assertEqual((done["type"], done["from"]), ("forwarded", "client"))  # not yet its echo
            self.assertEqual(client.read()[1], b"two, held")

    def test_a_wait_ends_with_the_session(self):
        self.proxy()
        host, port = self.program.address.rsplit(":", 1)
        waiting = http.client.HTTPConnection(host, int(port), timeout=60)
        waiting.request("GET", "/v1")
        waiting.getresponse().read()  # it is served: what comes next there is read before what comes later elsewhere
        waiting.request("GET", "/v1" + self.path("/events?until=close&timeout=1m"))
        self.v1("DELETE", self.path(), None, 204)
        answer = json.loads(waiting.getresponse().read())
        waiting.close()
        self.assertEqual((answer["came"], answer["ended"]), (False, True))
        self.session = self.v1("POST", "/sessions", {}, 201)["id"]

    def test_follows_as_a_stream(self):
        proxy = self.proxy()
        host, port = self.program.address.rsplit(":", 1)
        with socket.create_connection((host, int(port)), timeout=30) as stream:
            stream.sendall(f"GET /v1{self.path('/events')} HTTP/1.1\r\nHost: {self.program.address}\r\n"
                           "Accept: text/event-stream\r\n\r\n".encode())
            with Client(proxy["port"]) as client:
                client.echo("hello")
            text = b""
            while b'"type":"message_seen"' not in text:
                part = stream.recv(65536)
                self.assertTrue(part, text)
                text += part
        self.assertIn(b"Content-Type: text/event-stream", text)
        self.assertRegex(text, rb"id: \d+\ndata: \{\"cursor\":\d+,\"proxy\":\"api\"")


class Verdicts(Case):
    def lost_and_reported(self, code, clean):
        """A client whose connection is reset at its first message, and what it says of it."""
        proxy = self.proxy()
        self.inject({"inject": "reset", "when": "message 1"})
        with Client(proxy["port"]) as client:
            client.send("one")
            client.end()
        self.v1("POST", self.path("/reports"), {"event": "open"}, 204)
        self.v1("POST", self.path("/reports"), {"event": "close", "code": code, "clean": clean}, 204)

    def test_expects_what_is_reported(self):
        self.lost_and_reported(1006, False)
        finding = self.v1("POST", self.path("/expect"), {"close": 1006, "within": "20s"}, 200)
        self.assertEqual(finding["state"], "holds", finding)

    def test_says_what_was_seen_instead(self):
        self.lost_and_reported(1000, True)
        finding = self.v1("POST", self.path("/expect"), {"close": 1006, "within": "20s"}, 200)
        self.assertEqual(finding["state"], "violated", finding)
        self.assertIn("1000", finding["seen"])
        self.assertTrue(finding["cause"], finding)
        self.assertTrue(finding["remedy"], finding)
        results = self.v1("GET", self.path("/verdict"), None, 200)
        self.assertEqual(results["cases"][0]["outcome"], "failed")
        self.assertIn("1006", json.dumps(results["cases"][0]["findings"]))
        self.assertEqual(results["cases"][0]["explanation"][1], "  client under test: the system under test")

    def test_a_client_that_comes_back_is_waited_for(self):
        proxy = self.proxy()
        self.inject({"inject": "reset", "when": "message 1"})
        with Client(proxy["port"]) as client:
            client.send("one")
            client.end()

        def later():
            with Client(proxy["port"]) as again:
                again.echo("back")

        thread = threading.Thread(target=later)
        thread.start()
        finding = self.v1("POST", self.path("/expect"), {"reconnect": True, "within": "30s"}, 200)
        thread.join()
        self.assertEqual(finding["state"], "holds", finding)

    def test_plays_clients_against_a_server(self):
        session = self.v1("POST", "/sessions", {"role": "server"}, 201)["id"]
        at = f"/sessions/{session}"
        self.v1("POST", at + "/proxies", {"name": "front", "upstream": f"ws://127.0.0.1:{self.server.port}"}, 201)
        steps = [{"send": "hello"}, {"expect": "hello"}, {"close": 1000}]
        self.v1("POST", at + "/clients", {"name": "alice", "steps": steps}, 201)
        answer = self.v1("GET", at + "/events?until=end&timeout=20s", None, 200)
        self.assertTrue(answer["came"])
        self.assertTrue(any(each["type"] == "script_done" for each in self.until_done(at)), answer)
        self.v1("DELETE", at, None, 204)

    def until_done(self, at):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            events = self.v1("GET", at + "/events?timeout=1s", None, 200)["events"]
            if any(each["type"] == "script_done" for each in events):
                return events
        return []


class BadInput(Case):
    def problem(self, path, body, status=400):
        return self.v1("POST", self.path(path), body, status)

    def test_names_the_place_and_the_nearest_name(self):
        self.proxy()
        for body, pointer, hint in [
            ({"inject": "rest"}, "/inject", "reset"),
            ({"inject": "reset", "whn": "open"}, "/whn", "when"),
            ({"inject": "latency", "latency": "fast"}, "/latency", ""),
            ({"inject": "reset", "when": {"moment": "mesage 3"}}, "/when/moment", "message"),
            ({"inject": "kill", "at": "api"}, "/at", ""),
        ]:
            with self.subTest(body):
                wrong = self.problem("/faults", body)
                self.assertIn(pointer, [each["pointer"] for each in wrong["errors"]], wrong)
                self.assertIn(hint, json.dumps(wrong))

    def test_nothing_is_made_of_a_proxy_with_a_wrong_fault(self):
        wrong = self.problem("/proxies", {"name": "x", "upstream": "ws://127.0.0.1:1", "faults": [{"inject": "reset"}, {"inject": "no"}]})
        self.assertEqual(wrong["errors"][0]["pointer"], "/faults/1/inject")
        self.assertEqual(self.v1("GET", self.path("/proxies"))["proxies"], [])

    def test_statuses(self):
        self.proxy()
        self.problem("/proxies", {"name": "api", "upstream": "ws://127.0.0.1:1"}, 409)
        self.problem("/proxies", {"name": "x"})
        self.problem("/proxies", {"name": "x", "upstream": "ftp://127.0.0.1"})
        self.problem("/proxies", {"name": "a/b", "upstream": "ws://127.0.0.1:1"})
        self.problem("/faults", {"inject": "reset", "at": "apj"}, 404)
        self.problem("/expect", {"close": "many"})
        self.problem("/reports", {"event": "nonsense"})
        self.v1("GET", "/sessions/none", None, 404)
        self.v1("GET", "/nothing", None, 404)
        self.v1("GET", self.path("/events?timeout=1h"), None, 400)
        self.v1("GET", self.path("/events?until=closs"), None, 400)
        status, fields, _ = self.program.request("PUT", "/v1/sessions")
        self.assertEqual((status, fields["Allow"]), (405, "GET, POST"))

    def test_a_taken_port_is_a_conflict(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            self.problem("/proxies", {"name": "x", "upstream": "ws://127.0.0.1:1", "listen": f"127.0.0.1:{port}"}, 409)
        self.assertEqual(self.v1("GET", self.path("/proxies"))["proxies"], [])

    def raw_request(self, data, timeout=20, ends=False):
        host, port = self.program.address.rsplit(":", 1)
        with socket.create_connection((host, int(port)), timeout=timeout) as peer:
            peer.sendall(data)
            if ends:
                peer.shutdown(socket.SHUT_WR)
            text = b""
            try:
                while part := peer.recv(65536):
                    text += part
            except ConnectionResetError:
                pass
            return text

    def test_survives_what_is_no_request(self):
        for data in (b"\r\n\r\n", b"\x16\x03\x01", b"GET\r\n\r\n", b"GET http:// HTTP/1.1\r\n\r\n",
                     b"POST /v1/sessions HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"):
            with self.subTest(data):
                self.raw_request(data, ends=True)
                self.v1("GET", "", None, 200)

    def test_bounds_heads_and_bodies(self):
        self.assertIn(b" 431 ", self.raw_request(b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n").split(b"\r\n")[0])
        large = b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n"
        self.assertIn(b" 413 ", self.raw_request(large).split(b"\r\n")[0])

    def test_pages_of_others_are_kept_out(self):
        status, _, text = self.program.request("GET", "/v1", headers={"Origin": "https://evil.example"})
        self.assertEqual(status, 403, text)
        status, _, text = self.program.request("GET", "/v1", headers={"Origin": "http://evil.example:8474", "Host": "evil.example:8474"})
        self.assertEqual(status, 403, text)
        # Of a page that somebody's DNS leads here, a GET has no Origin.
        status, _, text = self.program.request("GET", "/v1", headers={"Host": "evil.example:8474"})
        self.assertEqual(status, 403, text)
        status, _, _ = self.program.request("GET", "/v1", headers={"Origin": f"http://{self.program.address}"})
        self.assertEqual(status, 200)


class Halves(unittest.TestCase):
    """Half a frame is on its way when something begins to be waited for."""

    def test_a_fault_far_away_changes_nothing(self):
        for beside in (None, {"inject": "drop_pong"}, {"inject": "latency", "latency": "1ms"},
                       {"inject": "close", "when": "message /never/"}):
            for at in (1, 4, 50, 103):
                for taken_back in (False, True):
                    with self.subTest(beside=beside, at=at, taken_back=taken_back):
                        self.check(beside, at, taken_back)

    def check(self, beside, at, taken_back):
        """`taken_back`: a byte later."""
        with Server(serve_websocket) as server, Program("--upstream", f"127.0.0.1:{server.port}", "--drain", "0") as program:
            if beside:
                program.v1("POST", "/sessions/standing/faults", beside, 201)
            port = program.v1("GET", "/sessions/standing/proxies/proxy")["port"]
            with Client(port) as client:
                data = frame(1, "a" * 98, True) + frame(1, "last", True)
                read = self.read_from(program)
                client.socket.sendall(data[:at])
                while self.read_from(program) < read + at:
                    time.sleep(0.005)
                program.v1("POST", "/sessions/standing/faults",
                           {"name": "far", "inject": "stall", "when": "byte 100000000", "lasts": "1ms"}, 201)
                if taken_back:
                    client.socket.sendall(data[at:at + 1])
                    while self.read_from(program) < read + at + 1:
                        time.sleep(0.005)
                    at += 1
                    program.v1("DELETE", "/sessions/standing/faults/far", None, 204)
                client.socket.sendall(data[at:])
                client.socket.settimeout(10)
                self.assertEqual([client.read()[1] for _ in range(2)], [b"a" * 98, b"last"])

    @staticmethod
    def read_from(program):
        return program.v1("GET", "/sessions/standing/proxies/proxy/connections")["connections"][0]["bytes_from_client"]


class Life(unittest.TestCase):
    def test_a_session_ends_with_its_time_to_live(self):
        with Program() as program, Server(serve_websocket) as server:
            program.v1("POST", "/sessions", {"id": "short", "ttl": "1s"}, 201)
            made = program.v1("POST", "/sessions/short/proxies", {"name": "p", "upstream": f"127.0.0.1:{server.port}"}, 201)
            with Client(made["port"]) as client:
                client.echo("in")
                self.assertEqual(client.end(), "FIN")  # at its end
            program.v1("GET", "/sessions/short", None, 404)

    def test_drains_at_sigterm(self):
        with Server(serve_websocket) as server:
            program = Program("--upstream", f"ws://127.0.0.1:{server.port}", "--drain", "10")
            port = int(program.await_line(lambda line: "listen" in line)["listen"].rsplit(":", 1)[1])
            with Client(port) as client:
                client.echo("one")
                program.process.send_signal(signal.SIGTERM)
                self.assertEqual(client.read(), (8, struct.pack(">H", 1012)))
                client.send(struct.pack(">H", 1012), 8)
                self.assertEqual(client.end(), "FIN")
            self.assertEqual(program.stop(), 0)

    def test_a_fault_of_the_command_line(self):
        with Server(serve_websocket) as server:
            with Program("--upstream", f"ws://127.0.0.1:{server.port}", "--fault", '{ inject = "reset", when = "message 2" }') as program:
                port = int(program.await_line(lambda line: "listen" in line)["listen"].rsplit(":", 1)[1])
                with Client(port) as client:
                    client.echo("one")
                    client.send("two")
                    self.assertEqual(client.end(), "RST")
                program.await_line(lambda line: line.get("event", {}).get("type") == "fault_fired")

    def test_tells_of_connections_if_it_is_asked_to(self):
        with Server(serve_websocket) as server, Program("--upstream", f"127.0.0.1:{server.port}", "-v") as program:
            with Client(program.v1("GET", "/sessions/standing/proxies/proxy")["port"]) as client:
                client.send(b"\x03\xe8", opcode=8)
                self.assertEqual(client.end(), "FIN")
            for said in ("a connection from 127.0.0.1:", "the 101 has passed", "TCP FIN from the client", "the connection is over"):
                program.await_line(lambda line: line.get("message", "").startswith("proxy #1: " + said))

    def test_names_and_ports_move_in_its_file(self):
        """A name that changes keeps its port, two may change their ports, and a file in which two share one changes nothing."""
        with Server(serve_websocket) as server, tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "proxies.toml"
            ports = [free_port(), free_port()]

            def write(*proxies):
                file.write_text("".join(f'[[proxy]]\nname = "{name}"\nlisten = "127.0.0.1:{port}"\n'
                                        f'upstream = "127.0.0.1:{server.port}"\n' for name, port in proxies))

            def read_again(program):
                seen = len(program.lines)
                program.process.send_signal(signal.SIGHUP)
                program.await_line(lambda line: line.get("message", "").startswith("read again"), seen)

            def stands(program, name, port):
                found = program.v1("GET", f"/sessions/standing/proxies/{name}", None, 200)
                self.assertEqual((found["port"], found["enabled"]), (port, True))
                with Client(port) as client:
                    self.assertEqual(client.echo(name), name)

            write(("a", ports[0]), ("b", ports[1]))
            with Program("--config", file) as program:
                write(("a", ports[0]), ("c", ports[1]))
                read_again(program)
                stands(program, "c", ports[1])
                program.v1("GET", "/sessions/standing/proxies/b", None, 404)
                write(("a", ports[1]), ("c", ports[0]))
                read_again(program)
                stands(program, "a", ports[1])
                stands(program, "c", ports[0])
                write(("a", ports[1]), ("d", ports[1]))
                program.process.send_signal(signal.SIGHUP)
                wrong = program.await_line(lambda line: line.get("level") == "error")
                self.assertIn(f'the proxy "a" listens at 127.0.0.1:{ports[1]}, too', wrong["message"])
                stands(program, "a", ports[1])
                stands(program, "c", ports[0])

    def test_stays_where_it_is_if_the_port_is_taken(self):
        with Server(serve_websocket) as server, Program("--upstream", f"127.0.0.1:{server.port}") as program:
            present = program.v1("GET", "/sessions/standing/proxies/proxy")
            program.v1("PATCH", "/sessions/standing/proxies/proxy", {"listen": f"127.0.0.1:{server.port}"}, 409)
            found = program.v1("GET", "/sessions/standing/proxies/proxy")
            self.assertEqual((found["enabled"], found["listen"]), (True, present["listen"]))
            with Client(found["port"]) as client:
                self.assertEqual(client.echo("still"), "still")

    def test_reads_its_file_again(self):
        with Server(serve_websocket) as server, tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "proxies.toml"
            one = f'[[proxy]]\nname = "one"\nlisten = "127.0.0.1:0"\nupstream = "127.0.0.1:{server.port}"\n'
            file.write_text(one)
            with Program("--config", file) as program:
                port = program.v1("GET", "/sessions/standing/proxies/one")["port"]
                with Client(port) as client:
                    client.echo("one")
                    file.write_text(one + '[[proxy.fault]]\ninject = "latency"\nlatency = "200ms"\n' + one.replace('"one"', '"two"'))
                    program.process.send_signal(signal.SIGHUP)
                    program.await_line(lambda line: line.get("message", "").startswith("read again"))
                    began = time.monotonic()
                    self.assertEqual(client.echo("the same connection"), "the same connection")
                    self.assertGreater(time.monotonic() - began, 0.2)
                    program.v1("GET", "/sessions/standing/proxies/two", None, 200)
                    file.write_text(one + '[[proxy.fault]]\ninject = "latecy"\n')
                    program.process.send_signal(signal.SIGHUP)
                    wrong = program.await_line(lambda line: line.get("level") == "error")
                    self.assertIn("proxies.toml:6:", wrong["message"])
                    self.assertEqual(client.echo("and still"), "and still")
                    # A fault of the file is the file's, wherever its proxy goes.
                    moved = one.replace("127.0.0.1:0", f"127.0.0.1:{free_port()}")
                    file.write_text(moved + '[[proxy.fault]]\ninject = "latency"\nlatency = "200ms"\n')
                    seen = len(program.lines)
                    program.process.send_signal(signal.SIGHUP)
                    program.await_line(lambda line: line.get("message", "").startswith("read again"), seen)
                    self.assertEqual(client.end(), "FIN")
                    faults = program.v1("GET", "/sessions/standing/faults")["faults"]
                    self.assertEqual([each["proxy"] for each in faults], ["one"])
                    file.write_text(moved)
                    seen = len(program.lines)
                    program.process.send_signal(signal.SIGHUP)
                    program.await_line(lambda line: line.get("message", "").startswith("read again"), seen)
                    program.v1("GET", "/sessions/standing/proxies/two", None, 404)
                    self.assertEqual(program.v1("GET", "/sessions/standing/faults")["faults"], [])
                    with Client(program.v1("GET", "/sessions/standing/proxies/one")["port"]) as again:
                        self.assertEqual(again.echo("fast"), "fast")

    def test_a_token(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "token"
            file.write_text("s3cret\n")
            with Program("--token-file", file) as program:
                self.assertEqual(program.request("GET", "/v1")[0], 401)
                self.assertEqual(program.request("GET", "/proxies")[0], 401)
                self.assertEqual(program.request("GET", "/v1", headers={"Authorization": "Bearer s3cret"})[0], 200)

    def test_counts(self):
        with Server(serve_websocket) as server:
            with Program("--upstream", f"ws://127.0.0.1:{server.port}") as program:
                port = program.v1("GET", "/sessions/standing/proxies/proxy")["port"]
                with Client(port) as client:
                    client.echo("one")
                    client.send(struct.pack(">H", 1000), 8)
                    client.end()
                labels = 'session="standing",proxy="proxy"'
                deadline = time.monotonic() + 20
                while time.monotonic() < deadline:
                    text = program.request("GET", "/metrics")[2]
                    if f"wsfault_connections_open{{{labels}}} 0" in text:
                        break
                for line in (f"wsfault_connections_total{{{labels}}} 1", f'wsfault_frames_total{{{labels},from="client",opcode="text"}} 1',
                             f'wsfault_closes_total{{{labels},from="client",code="1000"}} 1', f"wsfault_upgrades_total{{{labels}}} 1"):
                    self.assertIn(line, text)
                self.assertRegex(text, r'toxiproxy_proxy_received_bytes_total\{direction="upstream",[^}]*proxy="proxy"[^}]*\} [1-9]')

    LABELS = '{session="standing",proxy="proxy"'
    RELAYED = f"wsfault_connections_relayed{LABELS}}}"

    @staticmethod
    def metrics(program):
        lines = program.request("GET", "/metrics")[2].splitlines()
        return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if not line.startswith("#")}

    def await_relayed(self, program, count):
        deadline = time.monotonic() + 20
        while self.metrics(program)[self.RELAYED] != count:
            self.assertLess(time.monotonic(), deadline)

    @contextlib.contextmanager
    def relayed_one(self):
        """A proxy with one connection, on which nothing is armed."""
        with Server(serve_websocket) as server, Program("--upstream", f"ws://127.0.0.1:{server.port}") as program:
            with Client(program.v1("GET", "/sessions/standing/proxies/proxy")["port"]) as client:
                client.echo("one")
                self.await_relayed(program, 1)
                yield program, client

    def test_a_connection_is_relayed_again_once_its_fault_is_gone(self):
        """And the proxy's own latency is that beyond the fault's."""
        with self.relayed_one() as (program, client):
            for _ in range(3):
                name = program.v1("POST", "/sessions/standing/faults", {"inject": "latency", "latency": "40ms"}, 201)["name"]
                self.await_relayed(program, 0)
                began = time.monotonic()
                client.echo("slow")
                self.assertGreater(time.monotonic() - began, 0.04)
                program.v1("DELETE", f"/sessions/standing/faults/{name}")
                self.await_relayed(program, 1)
                client.echo("fast")
            seen = self.metrics(program)
            count = seen[f"wsfault_own_latency_seconds_count{self.LABELS}}}"]
            self.assertGreaterEqual(count, 6)
            self.assertEqual(seen[f'wsfault_own_latency_seconds_bucket{self.LABELS},le="+Inf"}}'], count)
            self.assertLess(seen[f"wsfault_own_latency_seconds_sum{self.LABELS}}}"] / count, 0.04)
            self.assertEqual(seen[f"wsfault_connections_total{self.LABELS}}}"], 1)

    def test_it_comes_back_though_nothing_is_sent(self):
        """Whatever stood on it: what watches it ends after the fault is gone."""
        with self.relayed_one() as (program, _):
            for fault in ({"inject": "idle_kill", "idle": "1m"}, {"inject": "max_age", "age": "1m"},
                          {"inject": "latency", "latency": "1ms", "lasts": "1m"}, {"inject": "reset", "after": "1m"}):
                with self.subTest(fault=fault):
                    name = program.v1("POST", "/sessions/standing/faults", fault, 201)["name"]
                    self.assertEqual(self.metrics(program)[self.RELAYED], 0)
                    program.v1("DELETE", f"/sessions/standing/faults/{name}", None, 204)
                    self.await_relayed(program, 1)

    def test_half_a_frame_on_the_way(self):
        """It is counted once, and an act comes at its end."""
        with self.relayed_one() as (program, client):
            half = frame(1, "x" * 200, True)
            client.socket.sendall(half[:100])
            program.v1("POST", "/sessions/standing/faults", {"name": "slow", "inject": "latency", "latency": "1ms"}, 201)
            client.socket.sendall(half[100:])
            self.assertEqual(client.read(), (1, b"x" * 200))
            program.v1("DELETE", "/sessions/standing/faults/slow", None, 204)
            self.await_relayed(program, 1)
            self.assertEqual(self.metrics(program)[f'wsfault_messages_total{self.LABELS},from="client"}}'], 2)
            client.socket.sendall(half[:100])
            program.v1("POST", "/sessions/standing/proxies/proxy/connections/1/ping", {"direction": "to-server"}, 201)
            client.socket.sendall(half[100:])
            self.assertEqual([client.read()[0], client.read()[0]], [1, 10])  # its echo, and the pong that the ping got

    def test_an_argument_that_a_route_does_not_take(self):
        with Program() as program:
            for target, hint in (("/v1/sessions/standing/events?untill=close", "did you mean"), ("/v1/sessions?x=1", "it takes none")):
                status, _, text = program.request("GET", target)
                self.assertEqual(status, 400, text)
                self.assertIn(hint, text)
            self.assertEqual(program.request("GET", "/proxies?x=1")[0], 200)

    def test_a_request_without_a_host(self):
        with Program() as program:
            host, port = program.address.rsplit(":", 1)
            for version, status in (("1.1", "400"), ("1.0", "200")):
                with socket.create_connection((host, int(port)), timeout=20) as control:
                    control.sendall(f"GET /v1 HTTP/{version}\r\nConnection: close\r\n\r\n".encode())
                    answer = b"".join(iter(lambda: control.recv(4096), b"")).decode()
                    self.assertEqual(answer.split()[1], status, answer)

    def test_the_document_lists_every_route(self):
        with Program() as program:
            document = program.v1("GET", "/openapi.json", None, 200)
            self.assertEqual(document["openapi"], "3.1.0")
            for path in ("/proxies/{proxy}/toxics", "/v1/sessions/{session}/events", "/metrics"):
                self.assertIn(path, document["paths"])


if __name__ == "__main__":
    unittest.main()
