"""The recipes of docs/ci.md, run as they stand there but for fewer cases, with the shipped Node server in the seat."""
import concurrent.futures
import itertools
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import yaml

from program import SOURCE, junit_errors

RUN_ID = "1234567890"
FEWER = "wsfault run --name server/f --name server/client"


def recipes():
    """The YAML blocks of the page, in its order: two of GitHub, one of GitLab."""
    text = (SOURCE / "docs/ci.md").read_text()
    return [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)]


def in_matrix(job):
    """The variables of each machine of a GitHub job."""
    matrix = job.get("strategy", {}).get("matrix", {})
    for values in itertools.product(*matrix.values()):
        yield {f"matrix.{key}": str(value) for key, value in zip(matrix, values)}


def substituted(command, variables):
    """GitHub's own variables: one that this test does not know is an error."""
    return re.sub(r"\$\{\{\s*([\w.]+)\s*\}\}", lambda match: {**variables, "github.run_id": RUN_ID}[match[1]], command)


class Recipes(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)
        # Your repository: a folder with a system file, and the program on the PATH.
        (self.path / "checkout").mkdir()
        (self.path / "checkout/chaos").symlink_to(SOURCE / "scenarios/systems/node-ws-server")
        (self.path / "bin").mkdir()
        (self.path / "bin/wsfault").symlink_to(os.environ["WSFAULT"])

    def tearDown(self):
        self.folder.cleanup()

    def file(self, name):
        return self.path / "checkout" / name

    def shell(self, command, **env):
        done = subprocess.run(
            ["bash", "-e", "-c", command.replace("wsfault run", FEWER)],
            cwd=self.path / "checkout",
            env={**os.environ, "PATH": f"{self.path / 'bin'}:{os.environ['PATH']}", **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=100,
        )
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout.decode()}")
        return done.stdout.decode()

    def github(self, job, **env):
        """Each machine of a job at the same time; artifacts stay where they are."""
        def machine(variables):
            return [self.shell(substituted(step["run"], variables), **env) for step in job["steps"] if "run" in step]

        with concurrent.futures.ThreadPoolExecutor() as machines:
            return sum(machines.map(machine, list(in_matrix(job))), [])

    def test_github_with_shards(self):
        jobs = recipes()[0]["jobs"]
        self.assertEqual(len(self.github(jobs["run"])), 4)
        page = self.path / "summary.md"
        (printed,) = self.github(jobs["report"], GITHUB_STEP_SUMMARY=str(page))
        whole = json.loads(self.file("results.json").read_text())
        shard = json.loads(self.file("shard-1.json").read_text())["shard"]
        self.assertGreater(shard["cases_in_all"], 4)
        self.assertEqual(whole["counts"]["cases"], shard["cases_in_all"])
        self.assertEqual([case["position"] for case in whole["cases"]], list(range(1, shard["cases_in_all"] + 1)))
        self.assertEqual(str(whole["seed"]), RUN_ID)
        self.assertIn(f"; seed {RUN_ID}", printed)
        self.assertEqual(junit_errors(self.file("junit.xml")), "")
        self.assertTrue(page.read_text().startswith("## wsfault: nothing failed"), page.read_text())

    def test_github_on_one_machine(self):
        job = recipes()[1]["jobs"]["run"]
        (printed,) = self.github(job)
        self.assertRegex(printed, r"[1-9][0-9]* cases in .*: [1-9][0-9]* passed; seed [0-9]+\n$")

    def test_gitlab(self):
        recipe = recipes()[2]
        nodes = recipe["run"]["parallel"]

        def node(index):
            numbers = {"CI_NODE_INDEX": str(index), "CI_NODE_TOTAL": str(nodes), "CI_PIPELINE_ID": RUN_ID}
            return [self.shell(command, **numbers) for command in recipe["run"]["script"]]

        with concurrent.futures.ThreadPoolExecutor() as machines:
            list(machines.map(node, range(1, nodes + 1)))
        for index in range(1, nodes + 1):
            self.assertEqual(junit_errors(self.file(f"junit-{index}.xml")), "")
        for command in recipe["report"]["script"]:
            self.shell(command)
        self.assertGreater(json.loads(self.file("results.json").read_text())["counts"]["passed"], 4)
        self.assertIn("nothing failed", self.file("summary.md").read_text())

    def test_no_command_is_left_out(self):
        page = (SOURCE / "docs/ci.md").read_text()
        run = [step["run"] for recipe in recipes()[:2] for job in recipe["jobs"].values() for step in job["steps"] if "run" in step]
        run += [command for job in recipes()[2].values() for command in job["script"]]
        self.assertEqual(len(re.findall(r"^ *(?:- )?(?:run: )?(?:- )?wsfault (?:run|merge)", page, re.M)), len(run))


if __name__ == "__main__":
    unittest.main()
