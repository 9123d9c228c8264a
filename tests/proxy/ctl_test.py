"""ctl_test.py: `wsfault ctl` as a person or a script types it, against a running `wsfault proxy`."""
import json
import os
import pty
import re
import signal
import socket
import subprocess
import tempfile
import unittest

from control import LIMIT, WSFAULT, Client, Program, Server, free_port, serve_websocket


class Case(unittest.TestCase):
    """A program of its own for each test: what stands there is in no session that could be told apart."""

    def setUp(self):
        self.server = Server(serve_websocket)
        self.program = Program("--drain", "0")
        self.addCleanup(self.server.__exit__)
        self.addCleanup(self.program.stop)

    def ctl(self, *words, code=0, control=None, **environment):
        """What it prints; on an error, what it prints on stderr."""
        ran = subprocess.run([WSFAULT, "ctl", "--control", control or self.program.address, *words], capture_output=True, text=True,
                             timeout=LIMIT, env={**os.environ, **environment})
        self.assertEqual(ran.returncode, code, ran.stdout + ran.stderr)
        return ran.stderr if code else ran.stdout

    def json(self, *words, code=0):
        ran = subprocess.run([WSFAULT, "ctl", "--json", "--control", self.program.address, *words], capture_output=True, text=True,
                             timeout=LIMIT)
        self.assertEqual(ran.returncode, code, ran.stdout + ran.stderr)
        return [json.loads(line) for line in ran.stdout.splitlines()]

    def create(self, name="api", *more, upstream=None):
        """The port."""
        upstream = upstream or f"ws://127.0.0.1:{self.server.port}"
        return self.json("create", name, "--upstream", upstream, *more)[0]["port"]


class Changes(Case):
    def test_adds_a_proxy_where_it_is_told_to_and_removes_it(self):
        port = free_port()
        self.assertEqual(self.ctl("create", "api", "--upstream", f"127.0.0.1:{self.server.port}", "--listen", f"127.0.0.1:{port}"),
                         f"api listens at ws://127.0.0.1:{port}\n")
        with Client(port) as client:
            self.assertEqual(client.echo("one"), "one")
            self.assertEqual(self.ctl("remove", "api"), "api is removed\n")
            client.end()
        self.assertEqual(self.ctl("list"), "session standing: no proxies\n")

    def test_injects_what_is_typed_and_heals_it(self):
        port = self.create()
        self.assertEqual(self.ctl("inject", "api", '{ inject = "reset", when = "message 3" }'), "api: reset waits for message 3\n")
        self.assertEqual(self.ctl("inject", "api", '{"inject": "latency", "latency": "1ms"}'), "api: latency strikes now\n")
        self.assertEqual(self.ctl("heal", "api", "latency"), "api: latency is healed\n")
        with Client(port) as client:
            for text in ("one", "two"):
                self.assertEqual(client.echo(text), text)
            client.send("three")
            self.assertEqual(client.end(), "RST")
        self.assertEqual(self.ctl("heal", "api"), "api: reset is healed\n")
        self.assertEqual(self.ctl("heal", "api"), "api: no faults\n")

    def test_acts_on_a_connection(self):
        port = self.create()
        with Client(port) as closed, Client(port) as reset, Client(port) as ended, Client(port) as frozen:
            self.assertEqual(self.ctl("send", "api", "1", "of nobody"), "api #1: send\n")
            self.assertEqual(closed.read(), (1, b"of nobody"))
            self.ctl("ping", "api", "1")
            self.assertEqual(closed.read()[0], 9)
            self.ctl("close", "api", "1", "--code", "4001", "--reason", "expired")
            self.assertEqual(closed.read(), (8, b"\x0f\xa1expired"))
            self.ctl("reset", "api", "2")
            self.assertEqual(reset.end(), "RST")
            self.ctl("fin", "api", "3", "--with", '{ direction = "to-client" }')
            self.assertEqual(ended.end(), "FIN")
            said = self.ctl("freeze", "api", "4")
            self.assertRegex(said, r"^api #4: freeze, until `wsfault ctl heal api stall`\n$")
            frozen.send("held")
            self.ctl("heal", "api", "stall")
            self.assertEqual(frozen.read(), (1, b"held"))

    def test_begins_a_proxy_with_its_faults_or_not_at_all(self):
        said = self.ctl("create", "api", "--upstream", "{}", "--fault", '{ inject = "refuse" }', "--fault", '{ inject = "rest" }', code=2)
        self.assertIn('--fault:1:12: error: unknown fault "rest"', said)
        self.assertEqual(self.ctl("list"), "session standing: no proxies\n")
        port = self.create("api", "--fault", '{ inject = "refuse" }', upstream="{}")
        with self.assertRaises(ConnectionRefusedError):
            Client(port)

    def test_a_mark_is_the_moment_of_a_fault(self):
        port = self.create()
        self.ctl("inject", "api", '{ inject = "reset", when = "mark now", connections = "all" }')
        with Client(port) as client:
            client.echo("one")
            self.assertEqual(self.ctl("mark", "now"), "mark now\n")
            self.assertEqual(client.end(), "RST")


class Lists(Case):
    def test_shows_proxies_faults_and_connections_in_columns(self):
        port = self.create()
        self.ctl("inject", "api", '{ inject = "reset", when = "message 3" }')
        with Client(port) as client:
            client.echo("one")
            lines = self.ctl("list").splitlines()
            number = re.search(r"^  api +1 +127\.0\.0\.1:\d+ +open +[\d.]+s +\d+ +\d+$", lines[6])
            self.assertTrue(number, lines)
        self.assertEqual(lines[0], "session standing")
        self.assertEqual(lines[1].split(), ["PROXY", "LISTEN", "UPSTREAM", "STATE", "OPEN"])
        self.assertEqual(lines[2].split(), ["api", f"127.0.0.1:{port}", f"127.0.0.1:{self.server.port}", "enabled", "1"])
        self.assertEqual(lines[3].split(), ["PROXY", "FAULT", "INJECT", "WHEN", "CONNECTIONS", "STATE", "FIRED"])
        self.assertEqual(lines[4].split(), ["api", "reset", "reset", "message", "3", "1", "armed", "0"])
        self.assertEqual(lines[2].index("127"), lines[1].index("LISTEN"))

    def test_is_json_for_machines(self):
        port = self.create()
        with Client(port) as client:
            client.echo("one")
            [session] = self.json("list")[0]["sessions"]
        self.assertEqual(session["proxies"][0]["live"][0]["number"], 1)

    def test_has_colours_on_a_terminal_only(self):
        self.create()
        self.ctl("inject", "api", '{ inject = "reset", when = "message 3" }')
        self.assertNotIn("\x1b", self.ctl("list"))
        ours, theirs = pty.openpty()
        ran = subprocess.Popen([WSFAULT, "ctl", "list", "--control", self.program.address], stdout=theirs, env={**os.environ, "TERM": "xterm"})
        os.close(theirs)
        text = b""
        try:
            while part := os.read(ours, 65536):
                text += part
        except OSError:  # EIO: the other end is closed
            pass
        os.close(ours)
        self.assertEqual(ran.wait(LIMIT), 0)
        self.assertIn(b"\x1b[33marmed\x1b[0m", text)

    def test_names_cannot_move_the_cursor(self):
        self.program.v1("POST", "/sessions/standing/proxies", {"name": "a\x1b[2Jb", "upstream": "127.0.0.1:1"}, 201)
        said = self.ctl("list")
        self.assertIn(r"a\x1b[2Jb", said)
        self.assertNotIn("\x1b", said)


class Waits(Case):
    def test_events_are_lines_whose_number_is_a_cursor(self):
        port = self.create()
        self.ctl("events")  # from now on they tell of frames
        with Client(port) as client:
            client.echo("one")
            self.ctl("events", "--until", "message 1")
            lines = self.ctl("events").splitlines()
            self.assertRegex(lines[0], r"^1 +[\d.]+ms api ")
            self.assertIn("payload=one", "\n".join(lines))
            rest = self.json("events", "api", "--after", "2")
            self.assertEqual(rest[0]["cursor"], 3)

    def test_a_moment_comes_or_does_not_come_in_time(self):
        port = self.create()
        self.assertEqual(self.ctl("events", "--until", "open", "--timeout", "100ms", code=1),
                         'wsfault ctl: "open" did not come in 100ms\n')
        waits = subprocess.Popen([WSFAULT, "ctl", "events", "--control", self.program.address, "--until", "message 2"],
                                 stdout=subprocess.PIPE, text=True)
        with Client(port) as client:
            client.echo("one")
            self.assertIsNone(waits.poll())
            client.echo("two")
            said, _ = waits.communicate(timeout=LIMIT)
        self.assertEqual(waits.returncode, 0)
        self.assertIn("payload=one", said)

    def follow(self, *words):
        return subprocess.Popen([WSFAULT, "ctl", "events", "--follow", "--control", self.program.address, *words], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, bufsize=1)

    def test_follows_until_ctrl_c(self):
        port = self.create()
        self.ctl("events")  # from now on they tell of frames
        with self.follow() as follower, Client(port) as client:
            client.echo("one")
            for line in follower.stdout:
                if "payload=one" in line:
                    break
            follower.send_signal(signal.SIGINT)
            _, errors = follower.communicate(timeout=LIMIT)
            self.assertEqual((follower.returncode, errors), (0, ""))

    def test_a_wait_that_is_interrupted_is_130(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            for words in (("events", "--until", "open"), ("expect", "{ close = 1006 }")):
                waits = subprocess.Popen([WSFAULT, "ctl", *words, "--control", "127.0.0.1:%d" % silent.getsockname()[1]],
                                         stderr=subprocess.PIPE, text=True)
                peer, _ = silent.accept()
                peer.recv(65536)  # it has asked, and gets no answer
                waits.send_signal(signal.SIGTERM)
                _, errors = waits.communicate(timeout=LIMIT)
                peer.close()
                self.assertEqual((waits.returncode, errors), (130, ""))

    def test_follows_until_the_program_ends(self):
        port = self.create()
        with self.follow() as follower, Client(port) as client:
            client.echo("one")
            self.assertIn("api", follower.stdout.readline())
            self.program.stop()
            _, errors = follower.communicate(timeout=LIMIT)
            self.assertEqual(follower.returncode, 3)
            self.assertIn("does not answer", errors)

    def test_an_expectation_holds_or_is_violated(self):
        port = self.create("api", "--session", "mine", "--fault", '{ inject = "close", code = 1012, when = "message 1" }')
        with Client(port) as client:
            client.send("one")
            said = self.ctl("expect", '{ wire_close = 1012, direction = "to-client" }')
            self.assertRegex(said, r"^expect wire_close = 1012: holds\n  expected  .*\n  seen      .*1012")
        self.assertIn("violated", self.json("expect", '{ wire_close = 1013, within = "100ms" }', code=1)[0]["state"])
        self.assertIn("pending", self.json("expect", '{ event = "message 99", within = "20s" }', "--timeout", "50ms", code=3)[0]["state"])
        self.assertIn('the expectation:1:15: error: unknown kind of expectation "wire_clos"', self.ctl("expect", "{ wire_clos = 1 }", code=2))

    def test_the_verdict_is_that_of_a_session(self):
        port = self.create("api", "--session", "mine")
        with Client(port) as client:
            client.echo("one")
        self.ctl("events", "--until", "end")
        said = subprocess.run([WSFAULT, "ctl", "verdict", "--ended", "--control", self.program.address], capture_output=True,
                              text=True, timeout=LIMIT)
        # The client ended a sound connection by itself.
        self.assertEqual(said.returncode, 1, said.stdout)
        self.assertIn("mine/api: failed\n", said.stdout)
        self.assertEqual(self.json("verdict", "--ended", code=1)[0]["counts"]["failed"], 1)
        self.assertIn("keeps no log", self.ctl("verdict", "--session", "standing", code=2))
        self.assertEqual(self.ctl("remove", "--session", "mine"), "the session mine has ended\n")


class Errors(Case):
    def test_no_program_at_the_control_port(self):
        self.assertEqual(self.ctl("list", control="127.0.0.1:1", code=3),
                         "wsfault ctl: http://127.0.0.1:1 does not answer: Connection refused; `wsfault proxy` listens there if it "
                         "runs, or --control says where else\n")
        self.assertIn("http://HOST:PORT is needed", self.ctl("list", control="nowhere:x", code=2))

    def test_a_port_that_never_answers_or_speaks_no_http(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            waits = subprocess.Popen([WSFAULT, "ctl", "events", "--control", "127.0.0.1:%d" % silent.getsockname()[1], "--until", "open"],
                                     stderr=subprocess.PIPE, text=True)
            peer, _ = silent.accept()
            peer.recv(65536)
            peer.sendall(b"hello\r\n\r\n")
            peer.close()
            _, errors = waits.communicate(timeout=LIMIT)
            self.assertEqual(waits.returncode, 3)
            self.assertIn("the answer is not HTTP", errors)

    def test_an_unknown_proxy_with_the_nearest_name(self):
        self.assertIn("there are none: `wsfault ctl create` adds one", self.ctl("remove", "api", code=2))
        self.create("chat")
        self.assertEqual(self.ctl("inject", "chad", '{ inject = "reset" }', code=2),
                         'wsfault ctl: there is no proxy "chad"; did you mean "chat"? allowed: chat\n')
        self.assertIn('there is no session "other"', self.ctl("remove", "other/chat", code=2))
        self.assertIn("there is no open connection 9", self.ctl("reset", "chat", "9", code=2))

    def test_a_proxy_of_several_sessions_is_named_with_its_own(self):
        self.create("api")
        self.create("api", "--session", "mine")
        self.assertIn('there are several proxies "api": standing/api, mine/api', self.ctl("remove", "api", code=2))
        self.ctl("remove", "mine/api")
        self.ctl("remove", "api")

    def test_a_problem_of_a_fault_has_its_place_in_what_was_typed(self):
        self.create()
        self.assertEqual(self.ctl("inject", "api", '{ inject = "rest", when = "message 3" }', code=2).splitlines()[:3],
                         ['the fault:1:12: error: unknown fault "rest"',
                          '  1 | { inject = "rest", when = "message 3" }',
                          "    |            ^"])
        self.assertIn("the fault:1:12: error: not TOML", self.ctl("inject", "api", "{ inject = reset }", code=2))
        self.assertIn("the fault: error: /inject: unknown fault", self.ctl("inject", "api", '{"inject": "rest"}', code=2))

    def test_the_command_line(self):
        self.ctl(code=2)
        self.ctl("list", "more", code=2)
        self.ctl("events", "--timeout", "soon", code=2)
        self.ctl("events", "--follow", "--until", "open", code=2)
        self.assertIn("say what: a proxy, or --session", self.ctl("remove", code=2))
        self.assertIn("Exit codes: 0 done", self.ctl("--help"))
        self.assertIn("--follow", self.ctl("events", "--help"))

    def test_a_token(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("secret\n")
            file.flush()
            program = Program("--drain", "0", "--token-file", file.name)
        self.addCleanup(program.stop)
        self.assertIn("needs a token: --token, or WSFAULT_TOKEN", self.ctl("list", control=program.address, code=2))
        for words, environment in ((("--token", "secret"), {}), ((), {"WSFAULT_TOKEN": "secret"})):
            self.assertIn("session standing", self.ctl("list", *words, control=program.address, **environment))


if __name__ == "__main__":
    unittest.main()
