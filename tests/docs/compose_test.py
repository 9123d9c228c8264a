"""The wsfault part of examples/compose runs as it stands, with its client beside it instead of in a container.

compose_test.py WSFAULT SOURCE
"""
import os
import pathlib
import re
import shlex
import subprocess
import sys
import unittest

WSFAULT = pathlib.Path(sys.argv[1]).resolve()
SOURCE = pathlib.Path(sys.argv[2]).resolve()
EXAMPLE = SOURCE / "examples/compose"


class Compose(unittest.TestCase):
    def test_the_services_meet(self):
        text = (EXAMPLE / "compose.yaml").read_text()
        command = shlex.split(re.search(r"^ +command: (run .*)$", text, re.M)[1])
        url = re.search(r"^ +URL: (ws://wsfault:\d+/)$", text, re.M)[1].replace("wsfault", "127.0.0.1")
        client = subprocess.Popen(
            ["node", EXAMPLE / "client/app.js"], stdout=subprocess.DEVNULL,
            env={**os.environ, "URL": url, "NODE_PATH": str(SOURCE / "scenarios/systems/node_modules")})
        try:
            run = subprocess.run([WSFAULT, *command], cwd=EXAMPLE, timeout=100, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        finally:
            client.kill()
            client.wait()
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertRegex(run.stdout, r"4 cases in .*: 4 passed")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + ["-v"])
