"""The JSON Schemas of scenario and system files: current, and they accept and refuse what `wsfault check` does.

Judged by jsonschema, and by taplo as an editor calls it."""
import json
import pathlib
import re
import subprocess
import tempfile
import tomllib
import unittest

import jsonschema

from program import SOURCE, wsfault

SCHEMAS = {kind: json.loads((SOURCE / f"docs/schema/{kind}.json").read_text()) for kind in ("scenario", "system")}

HEAD = 'title = "t"\nrole = "client"\n'
SYSTEM = 'name = "s"\nrole = "client"\nstart = ["x"]\n'

BAD_SCENARIOS = {
    "no title": 'role = "client"',
    "no role": 'title = "t"',
    "an unknown role": 'title = "t"\nrole = "clint"',
    "an unknown key": HEAD + 'titel = "x"',
    "a title that is no text": 'title = 5\nrole = "client"',
    "an unknown fault": HEAD + '[[fault]]\ninject = "rest"',
    "no inject": HEAD + '[[fault]]\nwhen = "open"',
    "an unknown key of a fault": HEAD + '[[fault]]\ninject = "reset"\nwhn = "open"',
    "an attribute of another fault": HEAD + '[[fault]]\ninject = "reset"\nlatency = "5ms"',
    "an attribute that is missing": HEAD + '[[fault]]\ninject = "respond"',
    "an attribute out of range": HEAD + '[[fault]]\ninject = "respond"\nstatus = 5000',
    "a fault that cannot heal": HEAD + '[[fault]]\ninject = "reset"\nlasts = "1s"',
    "an end that it does not have": HEAD + '[[fault]]\ninject = "idle_kill"\nidle = "1s"\nend = "bang"',
    "a process fault without a party": HEAD + '[[fault]]\ninject = "kill"',
    "no duration": HEAD + '[[fault]]\ninject = "latency"\nlatency = "5 parsecs"',
    "a number as a duration": HEAD + "deadline = 5",
    "an unknown moment": HEAD + '[[fault]]\ninject = "reset"\nwhen = "mesage 2"',
    "an unknown key of a moment": HEAD + '[[fault]]\ninject = "reset"\nwhen = { moment = "open", form = "client" }',
    "probability above 1": HEAD + '[[fault]]\ninject = "reset"\nprobability = 2',
    "connections that are none": HEAD + '[[fault]]\ninject = "reset"\nconnections = "first"',
    "an unknown expectation": HEAD + "[[expect]]\nclos = 1006",
    "two kinds": HEAD + "[[expect]]\nclose = 1006\nstatus = 502",
    "no kind": HEAD + '[[expect]]\nwithin = "1s"',
    "a code out of range": HEAD + "[[expect]]\nclose = 70000",
    "a narrowing of another kind": HEAD + "[[expect]]\nclose = 1006\nbody = \"x\"",
    "an unknown cause": HEAD + '[[expect]]\nclose = 1006\ncause = "magic"',
    "nothing to hold for": HEAD + '[[expect]]\nconnections = { open = "<=1" }',
    "a never of two": HEAD + '[[expect]]\nnever = { close = 1000, status = 502 }\nfor = "1s"',
    "a never of never": HEAD + '[[expect]]\nnever = { never = { close = 1000 } }\nfor = "1s"',
    "an unknown step": HEAD + '[upstream]\nsteps = [{ sned = "x" }]',
    "a step of two": HEAD + '[upstream]\nsteps = [{ send = "x", ping = "y" }]',
    "a key of another step": HEAD + '[upstream]\nsteps = [{ send = "x", within = "1s" }]',
    "repeat without steps": HEAD + "[upstream]\nsteps = [{ repeat = 3 }]",
    "a step that injects with a moment": HEAD + '[upstream]\nsteps = [{ inject = "reset", when = "open" }]',
    "an unknown step inside repeat": HEAD + '[upstream]\nsteps = [{ repeat = 2, steps = [{ sned = "x" }] }]',
    "no hex": HEAD + '[upstream]\nsteps = [{ send = { hex = "xy" } }]',
    "a client of a client": HEAD + "[[client]]\ncount = 2",
    "an upstream of a server": 'title = "t"\nrole = "server"\n[upstream]\nsteps = []',
    "a trait of another type": HEAD + "[system]\nheartbeat = 5",
    "each that is no list": HEAD + "[each]\ncode = 5",
    "an upstream elsewhere": HEAD + '[upstream]\nurl = "http://x"',
}

BAD_SYSTEMS = {
    "no name": 'role = "client"\nstart = ["x"]',
    "no start": 'name = "s"\nrole = "client"',
    "an unknown key": SYSTEM + "shared = true",
    "an unknown role": 'name = "s"\nrole = "proxy"\nstart = ["x"]',
    "a gateway without a kind": 'name = "s"\nrole = "gateway"\nstart = ["x"]',
    "a client with a kind": SYSTEM + 'kind = "http"',
    "an unknown signal": SYSTEM + 'stop = "SIGSTP"',
    "two ways to be ready": SYSTEM + 'ready = { connect = "a", log = "/x/" }',
    "an unknown report": SYSTEM + 'report = "xml"',
    "a pattern without slashes": SYSTEM + "report = { close = 'closed' }",
    "an unknown event": SYSTEM + "report = { closed = '/x/' }",
    "a trait of another type": SYSTEM + "[traits]\nheartbeat = 5",
    "an unknown member of backoff": SYSTEM + '[traits]\nbackoff = { fist = "1s" }',
    "a known finding without a reason": SYSTEM + '[[known]]\nscenario = "x"\noutcome = "failed"',
    "an unknown outcome": SYSTEM + '[[known]]\nscenario = "x"\noutcome = "fails"\nreason = "r"',
    "an unknown cause": SYSTEM + '[remedies]\nmagic = "wand"',
    "an unknown command": SYSTEM + 'commands = { relaod = ["x"] }',
    "a dialect that is unknown": SYSTEM + "dialect = { hides = true }",
    "too many upstreams": SYSTEM + "upstreams = 99",
    "a path without a slash": SYSTEM + 'path = "chat"',
    "a path with a fragment": SYSTEM + 'path = "/chat#part"',
    "a url with a fragment": 'name = "s"\nrole = "server"\nurl = "ws://h/chat#part"',
    "a url with a user": 'name = "s"\nrole = "server"\nurl = "ws://me@h/chat"',
}


def errors(kind, text):
    found = jsonschema.Draft7Validator(SCHEMAS[kind]).iter_errors(tomllib.loads(text))
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in found]


class Schema(unittest.TestCase):
    def test_is_what_the_program_prints(self):
        for kind in SCHEMAS:
            _, printed = wsfault("schema", kind)
            file = SOURCE / f"docs/schema/{kind}.json"
            self.assertEqual(printed, file.read_text(), f"wsfault schema {kind} > docs/schema/{kind}.json")

    def test_is_a_schema(self):
        for schema in SCHEMAS.values():
            jsonschema.Draft7Validator.check_schema(schema)

    def test_accepts_every_shipped_scenario(self):
        files = [f for f in (SOURCE / "scenarios").rglob("*.toml") if "systems" not in f.parts]
        self.assertGreater(len(files), 100)
        for file in files:
            self.assertEqual(errors("scenario", file.read_text()), [], file)

    def test_accepts_every_shipped_system(self):
        files = [*(SOURCE / "scenarios/systems").glob("*/system.toml"), *(SOURCE / "examples").glob("*/system.toml")]
        self.assertGreater(len(files), 10)
        for file in files:
            self.assertEqual(errors("system", file.read_text()), [], file)

    def test_accepts_every_fault_with_what_it_requires(self):
        values = {
            "duration": '"1s"', "durations": '"1s"', "size": '"1KiB"', "boolean": "true", "text": '"x"', "number": "0.5",
            "headers": '{ A = "b" }', "command": '["true"]',
        }  # fmt: skip
        _, printed = wsfault("list", "faults", "--json")
        with tempfile.TemporaryDirectory() as folder:
            for fault in json.loads(printed):
                tls = "true" if fault["layer"] == "tls" else "false"
                text = f'{HEAD}tls = {tls}\n[[fault]]\ninject = "{fault["name"]}"\n'
                if fault["stands_on"] == "party":
                    text += 'at = "sut"\n'
                if fault["heals"]:
                    text += 'lasts = "1s"\n'
                if fault["ends"]:
                    text += f'end = "{fault["ends"][-1]}"\n'
                for one in fault["attributes"]:
                    value = values.get(one["type"]) or json.dumps(one["names"][0] if "names" in one else one["low"])
                    text += f'{one["name"]} = {value}\n' if one["required"] else ""
                file = pathlib.Path(folder) / "fault.toml"
                file.write_text(text)
                self.assertEqual(errors("scenario", text), [], text)
                self.assertEqual(wsfault("check", file)[0], 0, text + wsfault("check", file)[1])

    def test_accepts_the_examples_of_the_documentation(self):
        blocks = 0
        for page in (SOURCE / "docs").glob("*.md"):
            for text in re.findall(r"```toml\n(.*?)```", page.read_text(), re.DOTALL):
                if not re.search("^role ", text, re.M):  # a part of a file, or of another
                    continue
                kind = "scenario" if re.search("^title ", text, re.M) else "system"
                blocks += 1
                self.assertEqual(errors(kind, text), [], f"{page}: {text}")
        self.assertGreater(blocks, 5)

    def refused_by_taplo(self, folder, *files):
        """The files with which taplo finds fault, and what it says."""
        program = SOURCE / "tests/reports/node_modules/.bin/taplo"
        done = subprocess.run([program, "lint", *files], cwd=folder, capture_output=True, text=True, timeout=60)
        refused = {file for file in files if re.search(rf"{re.escape(file)}:\d+:\d+", done.stderr)}
        self.assertEqual(done.returncode != 0, bool(refused), done.stderr)
        return refused, done.stderr

    def test_editors_find_it_by_the_files_first_line(self):
        with tempfile.TemporaryDirectory() as folder:
            line = f"#:schema {SOURCE / 'docs/schema/scenario.json'}\n"
            (pathlib.Path(folder) / "good.toml").write_text(line + HEAD + '[[fault]]\ninject = "reset"\n')
            (pathlib.Path(folder) / "bad.toml").write_text(line + HEAD + '[[fault]]\ninject = "rest"\n')
            refused, said = self.refused_by_taplo(folder, "good.toml", "bad.toml")
            self.assertEqual(refused, {"bad.toml"}, said)
            self.assertIn('"rest" is not valid', said)

    def test_editors_find_it_by_the_rules_of_this_repository(self):
        files = {"scenarios/1006/x.toml": HEAD + "titel = 1", "scenarios/systems/x/system.toml": SYSTEM + "shared = true"}
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "docs").mkdir()
            (root / "docs/schema").symlink_to(SOURCE / "docs/schema")
            (root / ".taplo.toml").write_text((SOURCE / ".taplo.toml").read_text())
            for name, text in files.items():
                (root / name).parent.mkdir(parents=True)
                (root / name).write_text(text)
            refused, said = self.refused_by_taplo(root, *files)
            self.assertEqual(refused, set(files), said)

    def test_refuses_what_check_refuses(self):
        with tempfile.TemporaryDirectory() as folder:
            good = pathlib.Path(folder) / "good.toml"
            good.write_text(HEAD)
            file = pathlib.Path(folder) / "bad.toml"
            for name, text in BAD_SCENARIOS.items():
                file.write_text(text)
                code, printed = wsfault("check", file)
                self.assertEqual(code, 2, f"{name}: {printed}")
                self.assertNotEqual(errors("scenario", text), [], name)
            for name, text in BAD_SYSTEMS.items():
                file.write_text(text)
                code, printed = wsfault("check", good, "--system", file)
                self.assertEqual(code, 2, f"{name}: {printed}")
                self.assertNotEqual(errors("system", text), [], name)


if __name__ == "__main__":
    unittest.main()
