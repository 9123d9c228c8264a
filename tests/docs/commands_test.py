"""Every command in README and docs/ runs as it stands there, and every TOML block is valid.

commands_test.py WSFAULT SOURCE: the program and the checkout. What a reader has of their own (app.js, a server that runs at
127.0.0.1:9000) is set up beside; ports are replaced by free ones, and whole libraries get a budget.
docs/ci.md has a test of its own (tests/reports/recipes_test.py).
"""
import os
import pathlib
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

WSFAULT = pathlib.Path(sys.argv[1]).resolve()
SOURCE = pathlib.Path(sys.argv[2]).resolve()
PAGES = [SOURCE / "README.md"] + sorted(p for p in (SOURCE / "docs").glob("*.md") if p.name != "ci.md")
BUDGET = "4s"
# What only waits for the whole library or changes the machine, and is run by CI itself.
OF_CI = {"./dev run", "./dev test", "./dev install", "npm ci"}


def blocks(page, language):
    """(line, text) of each fenced block."""
    text = page.read_text()
    for match in re.finditer(r"^```" + language + r"\n(.*?)^```$", text, re.M | re.S):
        yield text.count("\n", 0, match.start()) + 2, match.group(1)


def commands(page):
    for line, text in blocks(page, "sh"):
        joined = re.sub(r"\\\n\s*", " ", text)
        for offset, command in enumerate(joined.splitlines()):
            command = re.sub(r"\s+#.*$", "", command).strip()
            if command and not command.startswith("#"):
                yield line + offset, command


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


class Reader:
    """A folder with what a reader of the pages has."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="wsfault-docs-"))
        self.children = []
        (self.folder / "build").mkdir()
        (self.folder / "build" / "release").symlink_to(WSFAULT.parent)
        for name in ("scenarios", "docs", "examples"):
            (self.folder / name).symlink_to(SOURCE / name)
        shutil.copy(SOURCE / "scenarios/systems/node-ws/client.js", self.folder / "app.js")
        self.script("gateway.js", "gateway")
        self.script("server.js", "server")
        for page, name in (("gateways.md", "my-gateway"), ("servers.md", "my-server")):
            block = next(text for _, text in blocks(SOURCE / "docs" / page, "toml") if "start" in text)
            (self.folder / name).mkdir()
            (self.folder / name / "system.toml").write_text(block)
            shutil.copy(self.folder / (name.split("-")[1] + ".js"), self.folder / name)
        (self.folder / "my.toml").write_text(next(t for _, t in blocks(SOURCE / "README.md", "toml")))
        self.environment = dict(
            os.environ,
            PATH=f"{WSFAULT.parent}:{os.environ['PATH']}",
            NODE_PATH=str(SOURCE / "scenarios/systems/node_modules"),
            TOKEN="a-token-of-a-reader",
        )

    def script(self, name, seat):
        """A Node program that takes what the page gives it and is the reference system."""
        (self.folder / name).write_text(
            "const a = process.argv.slice(2).filter((x) => !x.includes('none')).map((x) => x.replace('ws://', ''));\n"
            f"const c = require('child_process').spawn('{WSFAULT}', ['reference', '{seat}', ...a], {{ stdio: 'inherit' }});\n"
            "c.on('exit', (code) => process.exit(code ?? 1));\n"
            "for (const s of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(s, () => c.kill(s));\n"
        )

    def with_running_systems(self, command):
        """Whoever the command says runs already is started, at a free port."""
        ports = {port: free_port() for port in set(re.findall(r"127\.0\.0\.1:(\d+)", command))}
        command = re.sub(r"127\.0\.0\.1:(\d+)", lambda m: f"127.0.0.1:{ports[m.group(1)]}", command)
        gateway = re.search(r"--gateway \w+://([\d.:]+)", command)
        server = re.search(r"--server \w+://([\d.:]+)", command)
        if gateway:
            upstream = re.search(r"--upstream-listen ([\d.:]+)", command).group(1)
            self.start("gateway", "--listen", gateway.group(1), "--upstream", upstream)
        if server:
            self.start("server", "--listen", server.group(1))
        return command

    def start(self, *words):
        child = subprocess.Popen([WSFAULT, "reference", *words], stdout=subprocess.PIPE, text=True)
        child.stdout.readline()  # "listening on …"
        self.children.append(child)

    def run(self, command):
        command = self.with_running_systems(command)
        if re.search(r"wsfault run\b", command):
            command += f" --budget {BUDGET}"
        if "wsfault bench" in command:
            command += " --rounds 4"
        try:
            return subprocess.run(
                ["bash", "-c", command], cwd=self.folder, env=self.environment, timeout=300, text=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        finally:
            for child in self.children:
                child.terminate()
                child.wait(30)
                child.stdout.close()
            self.children = []

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


# A fragment is valid if it is, behind one of these.
SCENARIOS = ["", *(f'title = "x"\nrole = "{role}"\n{table}' for role in ("client", "gateway", "server")
                   for table in ("", "[upstream]\n", "[[client]]\n"))]
SYSTEMS = ["", *(f'name = "x"\nrole = {role}\n{start}'
                 for role in ('"client"', '"server"', '"gateway"\nkind = "http"') for start in ('start = "x"\n', ""))]

class Documentation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.reader = Reader()

    @classmethod
    def tearDownClass(cls):
        cls.reader.close()

    def check(self, text, is_system):
        folder = self.reader.folder / "checked"
        folder.mkdir(exist_ok=True)
        file = folder / ("system.toml" if is_system else "scenario.toml")
        file.write_text(text)
        done = subprocess.run([WSFAULT, "check", file], text=True, env=self.reader.environment,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        file.unlink()
        return done.returncode == 0, done.stdout

    def test_every_toml_block_is_valid(self):
        for page in PAGES:
            for line, text in blocks(page, "toml"):
                with self.subTest(f"{page.relative_to(SOURCE)}:{line}"):
                    frames = [(frame, False) for frame in SCENARIOS] + [(frame, True) for frame in SYSTEMS]
                    said = []
                    for frame, is_system in frames:
                        ok, output = self.check(frame + text, is_system)
                        if ok:
                            break
                        said.append(output)
                    else:
                        self.fail("valid behind nothing that was tried; shortest error:\n" + min(said, key=len))

    def test_every_command_runs(self):
        for page in PAGES:
            for line, command in commands(page):
                if any(command.startswith(prefix) for prefix in OF_CI):
                    continue
                with self.subTest(f"{page.relative_to(SOURCE)}:{line} {command}"):
                    done = self.reader.run(command)
                    print(f"{page.name}:{line} {command}\n  {done.stdout.strip().splitlines()[-1:]}", flush=True)
                    self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + ["-v"])
