"""ordinary_user_test.py: the scenarios of real networks pass as root and as an ordinary user, and leave nothing."""
import os
import pathlib
import pwd
import re
import subprocess
import tempfile
import unittest

from program import SOURCE

PROGRAM = pathlib.Path(os.environ["WSFAULT"]).resolve()


def on_the_network():
    """Scenarios with a fault there, by what is in their files."""
    files = sorted((SOURCE / "scenarios").glob("*/*.toml"))
    return [file for file in files if re.search(r'(?m)^at += *"network"', file.read_text())]


def links():
    """Of this machine: a run adds none."""
    return sorted(line.split(":")[0].strip() for line in pathlib.Path("/proc/net/dev").read_text().splitlines()[2:])


def run_as(user, work):
    """Exit code and text; user None: the one that runs this."""
    identity = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    done = subprocess.run(
        [PROGRAM, "run", *on_the_network(), "--require-network"],
        cwd=work, env={"PATH": os.environ["PATH"], "HOME": str(work), "TMPDIR": str(work)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=100, **identity)
    return done.returncode, done.stdout.decode()


def may_read(user, path):
    test = subprocess.run(["test", "-x", path], user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/")
    return test.returncode == 0


class OrdinaryUser(unittest.TestCase):
    def check(self, user):
        before = links()
        with tempfile.TemporaryDirectory() as work:
            if user is not None:
                os.chown(work, user.pw_uid, user.pw_gid)
            code, text = run_as(user, work)
            if "no network of its own can be had here" in text:
                self.skipTest(text)
            self.assertEqual(code, 0, text)
            self.assertNotIn("skipped", text)
            self.assertEqual(os.listdir(work), [])
        self.assertEqual(links(), before)

    def test_as_whoever_runs_this(self):
        self.check(None)

    def test_as_nobody(self):
        if os.geteuid() != 0:
            self.skipTest("only root can become another user; this one is an ordinary one already")
        nobody = pwd.getpwnam("nobody")
        if not may_read(nobody, str(PROGRAM)):
            self.skipTest(f"nobody may not run {PROGRAM}")
        self.check(nobody)


if __name__ == "__main__":
    unittest.main()
