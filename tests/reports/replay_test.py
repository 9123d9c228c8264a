"""replay_test.py quarter|library|tls|defects|all-defects: each log that a run writes is judged again to what the run said.

The library in all seats, with and without TLS; and systems with defects, for most that can be said is said of what fails."""
import json
import os
import pathlib
import re
import sys
import tempfile
import unittest

from program import wsfault

WSFAULT = os.environ["WSFAULT"]
# For each role, the defects with the most varied symptoms.
DEFECTS = {
    "client": ["wrong-code", "no-jitter", "no-heartbeat"],
    "gateway": ["sends-1006", "no-response-limit"],
    "server": ["no-heartbeat", "passes-illegal-codes"],
}
SYSTEM = {
    "client": ["--url", "${url}"],
    "gateway": ["--listen", "${listen_host}:${listen_port}", "--kind", "websocket", "--upstream", "${upstream_host}:${upstream_port}"],
    "server": ["--listen", "${listen_host}:${listen_port}"],
}


def all_defects(role):
    _, text = wsfault("reference", role, "--help")
    listed = text[text.index("\nDefects:\n"):]
    return re.findall(r"(?m)^  ([a-z0-9-]+)  ", listed)


def system_file(folder, role, defect):
    """A system of its own, read like a user's."""
    file = pathlib.Path(folder) / f"{defect}.toml"
    start = [WSFAULT, "reference", role, *SYSTEM[role], "--defect", defect]
    kind = 'kind = "websocket"\nupstreams = 2\n' if role == "gateway" else ""
    report = 'report = "json"\n' if role == "client" else ""
    file.write_text(f'name = "{defect}"\nrole = "{role}"\nstart = {json.dumps(start)}\n{kind}{report}')
    return file


def patterns_file(folder):
    """A client whose reports are lines, and which says nothing of its end."""
    client = pathlib.Path(folder) / "client.py"
    client.write_text(
        "import asyncio, sys, websockets\n"
        "async def run():\n"
        "    async with websockets.connect(sys.argv[1]) as socket:\n"
        "        print('connected', flush=True)\n"
        "        async for message in socket: pass\n"
        "try: asyncio.run(run())\n"
        "except Exception: pass\n"
        "import time; time.sleep(60)\n"
    )
    file = pathlib.Path(folder) / "patterns.toml"
    file.write_text(
        'name = "patterns"\nrole = "client"\ncwd = "."\nstart = ["/usr/bin/python3", "client.py", "${url}"]\n'
        "report = { open = '/^connected$/', close = '/^closed (?P<code>\\d+)$/' }\n"
    )
    return file


def comparable(case):
    """All but the lines of the scenario file, which no log holds."""
    findings = [{key: value for key, value in finding.items() if key != "line"} for finding in case["findings"]]
    return {"outcome": case["outcome"], "reason": case["reason"], "findings": findings, "connections": case["connections"]}


class Replay(unittest.TestCase):
    maxDiff = 4000

    def replay(self, *arguments, least=1):
        with tempfile.TemporaryDirectory() as folder:
            logs = pathlib.Path(folder) / "logs"
            run = pathlib.Path(folder) / "run.json"
            again = pathlib.Path(folder) / "again.json"
            code, text = wsfault("run", *arguments, "--log", logs, "--log-all", "--json", run)
            self.assertIn(code, (0, 1, 3), text)
            ran = {c["id"]: c for c in json.loads(run.read_text())["cases"] if c["outcome"] != "skipped"}
            self.assertGreaterEqual(len(ran), least, text)
            wsfault("judge", *sorted(logs.glob("*.jsonl")), "--json", again)
            judged = {c["id"]: c for c in json.loads(again.read_text())["cases"]}
            self.assertEqual(ran.keys(), judged.keys())
            for name, case in ran.items():
                with self.subTest(case=name):
                    again, said = comparable(judged[name]), comparable(case)
                    # Results of repetitions that passed keep no connections (docs/results.md).
                    if "#" in name and not said["connections"]:
                        again["connections"] = []
                    self.assertEqual(again, said)
            print(f"{len(ran)} cases of {arguments} compared, {sum(c['outcome'] == 'failed' for c in ran.values())} of them failed")

    def replay_defects(self, defects_of):
        with tempfile.TemporaryDirectory() as folder:
            for role in DEFECTS:
                for defect in defects_of(role):
                    with self.subTest(defect=defect):
                        self.replay("--system", system_file(folder, role, defect), "--role", role)

    def test_library(self):
        self.replay("scenarios", least=400)

    def test_quarter(self):
        self.replay("scenarios", "--shard", "2/4", least=90)

    def test_repetitions(self):
        self.replay("scenarios/1006", "--repeat", "2", "--role", "client", least=2)

    def test_tls(self):
        self.replay("scenarios", "--tls", least=400)

    def test_defects(self):
        self.replay_defects(lambda role: DEFECTS[role])

    def test_patterns(self):
        with tempfile.TemporaryDirectory() as folder:
            self.replay("scenarios/1006", "scenarios/reconnect", "--system", patterns_file(folder), least=5)

    def test_all_defects(self):
        self.replay_defects(all_defects)

    def test_a_log_that_was_cut_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            logs = pathlib.Path(folder)
            wsfault("run", "1006/server-crash", "--role", "client", "--log", logs, "--log-all")
            log = next(logs.glob("*.jsonl"))
            lines = log.read_text().splitlines(keepends=True)
            log.write_text("".join(lines[:-1]))
            code, text = wsfault("judge", log)
            self.assertEqual(code, 2)
            self.assertIn("its last record is no run_ended", text)


PARTS = {
    "quarter": ["test_quarter", "test_repetitions", "test_a_log_that_was_cut_is_refused"],
    "library": ["test_library"],
    "tls": ["test_tls"],
    "defects": ["test_defects", "test_patterns"],
    "all-defects": ["test_all_defects"],
}

if __name__ == "__main__":
    suite = unittest.TestSuite(Replay(name) for name in PARTS[sys.argv[1]])
    sys.exit(not unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful())
