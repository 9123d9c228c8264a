"""JUnit of real runs, held against the schema of Jenkins (xmllint) and read by junitparser."""
import pathlib
import shlex
import tempfile
import unittest

import junitparser

from program import JUNIT_SCHEMA, junit_errors, wsfault

HOSTILE = "<&>\\\"' \\u0007\\u001b[31m ]]> \\ufffe end"  # as TOML escapes it

SCENARIOS = {
    "fails/<&>\"'.toml": f"""
title = "{HOSTILE}"
role  = "client"
[upstream]
steps = [{{ close = 4001, reason = "{HOSTILE}" }}]
[[expect]]
close = 1000
""",
    "plain/passes.toml": """
title = "Passes"
role  = "client"
[[fault]]
inject = "reset"
when   = "message 2"
""",
    "plain/skipped.toml": """
title = "A wish that this system does not grant"
role  = "client"
[system]
heartbeat = "100ms"
""",
    "plain/inconclusive.toml": """
title    = "A moment that does not come"
role     = "client"
deadline = "500ms"
[[fault]]
inject = "reset"
when   = "message 5000"
""",
}


class JUnit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = pathlib.Path(cls.folder.name)
        for name, text in SCENARIOS.items():
            file = cls.path / "scenarios" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def run_all(self, *options, client="exec \"$WSFAULT\" reference client --url ${url}"):
        file = self.path / "junit.xml"
        talk = "printf '%s\\n' " + shlex.quote("<&>\"' \x07\x1b[31m ]]> of the system") + " >&2; "
        code, printed = wsfault(
            "run", self.path / "scenarios", "--client", talk + client, "--seed", 42, "--junit", file, *options
        )
        self.assertEqual(junit_errors(file), "", printed)
        return code, junitparser.JUnitXml.fromfile(str(file)), file

    def test_the_schema_refuses_something(self):
        file = self.path / "wrong.xml"
        file.write_text('<testsuites><testsuite name="a" tests="1"><testcase/></testsuite></testsuites>')
        self.assertIn("The attribute 'name' is required", junit_errors(file))

    def test_outcomes_are_told_apart(self):
        code, document, _ = self.run_all()
        self.assertEqual(code, 1)
        self.assertEqual((document.tests, document.failures, document.errors), (4, 1, 1))
        cases = {case.name: case for suite in document for case in suite}
        self.assertEqual(set(cases), {"<&>\"'", "passes", "skipped", "inconclusive"})
        (failure,) = cases["<&>\"'"].result
        self.assertIsInstance(failure, junitparser.Failure)
        self.assertIn("\\x07\\x1b[31m ]]> \\u{fffe} end", failure.message)
        self.assertIn("check: expect close = 1000 (line 6)", failure.text)
        self.assertIn("timeline", cases["<&>\"'"].system_out)
        (error,) = cases["inconclusive"].result
        self.assertIsInstance(error, junitparser.Error)
        self.assertEqual(error.type, "inconclusive")
        (skipped,) = cases["skipped"].result
        self.assertIsInstance(skipped, junitparser.Skipped)
        self.assertIn("heartbeat", skipped.text)
        self.assertEqual(cases["passes"].result, [])

    def test_the_seed_is_a_property(self):
        _, document, _ = self.run_all()
        for suite in document:
            self.assertEqual({p.name: p.value for p in suite.properties()}["seed"], "42")

    def test_a_system_that_does_not_start_is_an_error(self):
        code, document, _ = self.run_all("--name", "passes", client="exit 3")
        self.assertEqual(code, 3)
        (error,) = [case for suite in document for case in suite][0].result
        self.assertIsInstance(error, junitparser.Error)
        self.assertEqual(error.type, "error")
        self.assertIn("exited with code 3", error.message)
        (case,) = [case for suite in document for case in suite]
        self.assertIn("<&>\"' \\x07\\x1b[31m ]]> of the system", case.system_out)

    def test_shards_and_what_is_merged_of_them_are_valid(self):
        written = {"json": [], "xml": []}
        for number in range(1, 6):
            json = self.path / f"{number}.json"
            _, _, junit = self.run_all("--shard", f"{number}/5", "--json", json)
            written["json"].append(json)
            written["xml"].append(junit.rename(self.path / f"{number}.xml"))
        for files in written.values():
            merged = self.path / "merged.xml"
            code, printed = wsfault("merge", *files, "--junit", merged)
            self.assertEqual(code, 1, printed)
            self.assertEqual(junit_errors(merged), "")
            document = junitparser.JUnitXml.fromfile(str(merged))
            self.assertEqual((document.tests, document.failures, document.errors), (4, 1, 1))


if __name__ == "__main__":
    if not JUNIT_SCHEMA.exists():
        raise SystemExit(f"{JUNIT_SCHEMA} is missing: npm ci in tests/reports")
    unittest.main()
