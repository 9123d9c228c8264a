"""Every command in README and docs/ runs as it stands there, and every TOML block is valid.

commands_test.py WSFAULT SOURCE: the program and the checkout. What a reader has of their own (app.js, a server that runs at
127.0.0.1:9000) is set up beside; ports are replaced by free ones, and whole libraries get a budget. What passes on a system
of the reader's is its own affair: there a run has to be a run, elsewhere it has to pass.
docs/ci.md has a test of its own (tests/reports/recipes_test.py).
"""
import concurrent.futures
import os
import pathlib
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

WSFAULT = pathlib.Path(sys.argv[1]).resolve()
SOURCE = pathlib.Path(sys.argv[2]).resolve()
PAGES = [SOURCE / "README.md"] + sorted(p for p in (SOURCE / "docs").glob("*.md") if p.name != "ci.md")
BUDGET = "2s"
AT_ONCE = 4  # they mostly wait
GRAPHQL_CLIENT = ["--keep-alive=500ms", "--pong-limit=500ms", "--ack-limit=1s", "--backoff-max=2s"]
GRAPHQL_SERVER = ["--heartbeat=500ms", "--init-limit=1s"]
# Commands that only wait for the whole library or change the machine; CI runs them itself.
OF_CI = {"./dev run", "./dev test", "./dev install", "npm ci"}
OF_READER = re.compile(r"^for |app\.js|my-gateway|my-server|--gateway|--server")


def blocks(page, language):
    """(line, text) of each fenced block."""
    text = page.read_text()
    for match in re.finditer(r"^```" + language + r"\n(.*?)^```$", text, re.M | re.S):
        yield text.count("\n", 0, match.start()) + 2, match.group(1)


def commands(page):
    for line, text in blocks(page, "sh"):
        joined = re.sub(r"\\\n\s*", " ", text)
        if joined.startswith("for "):  # a loop is one command
            yield line, joined
            continue
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
        self.protocol()
        (self.folder / "my.toml").write_text(next(t for _, t in blocks(SOURCE / "README.md", "toml")))
        self.environment = dict(
            os.environ,
            PATH=f"{WSFAULT.parent}:{os.environ['PATH']}",
            NODE_PATH=str(SOURCE / "scenarios/systems/node_modules"),
            TOKEN="a-token-of-a-reader",
        )

    def protocol(self):
        """The worked example of docs/protocols.md: its client is beside this file."""
        wholes = [text for _, text in blocks(SOURCE / "docs/protocols.md", "toml") if "# fragment" not in text]
        for folder in ("my-chat", "my-scenarios"):
            (self.folder / folder).mkdir()
        for index, text in enumerate(wholes):
            is_system = text.startswith("name")
            name = "my-chat/system.toml" if is_system else f"my-scenarios/{index}.toml"
            (self.folder / name).write_text(text)
        shutil.copy(pathlib.Path(__file__).parent / "chat.js", self.folder / "my-chat")

    def script(self, name, seat):
        """A Node program that takes what the page gives it and is the reference system."""
        (self.folder / name).write_text(
            "const a = process.argv.slice(2).filter((x) => !x.includes('none')).map((x) => x.replace('ws://', ''));\n"
            f"const c = require('child_process').spawn('{WSFAULT}', ['reference', '{seat}', ...a], {{ stdio: 'inherit' }});\n"
            "c.on('exit', (code) => process.exit(code ?? 1));\n"
            "for (const s of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(s, () => c.kill(s));\n"
        )

    def with_running_systems(self, command, children):
        """Whoever the command says runs already is started, at a free port."""
        ports = {port: free_port() for port in set(re.findall(r"127\.0\.0\.1:(\d+)", command))}
        command = re.sub(r"127\.0\.0\.1:(\d+)", lambda m: f"127.0.0.1:{ports[m.group(1)]}", command)
        gateway = re.search(r"--gateway \w+://([\d.:]+)", command)
        server = re.search(r"--server \w+://([\d.:]+)", command)
        if gateway:
            upstream = re.search(r"--upstream-listen ([\d.:]+)", command).group(1)
            children.append(self.start(gateway.group(1), WSFAULT, "reference", "gateway", "--listen", gateway.group(1), "--upstream", upstream))
        if server and "graphql" in command:
            port = server.group(1).split(":")[1]
            children.append(self.start(server.group(1), "node", SOURCE / "scenarios/systems/graphql-ws-server/server.js", "--host=127.0.0.1",
                                       f"--port={port}", *GRAPHQL_SERVER))
        elif server:
            children.append(self.start(server.group(1), WSFAULT, "reference", "server", "--listen", server.group(1)))
        return command

    def start(self, address, *words):
        """Once it listens there."""
        child = subprocess.Popen(words, stdout=subprocess.DEVNULL, env=self.environment)
        host, port = address.split(":")
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and child.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex((host, int(port))) == 0:
                    return child
            time.sleep(0.02)
        child.kill()
        child.wait()
        raise RuntimeError(f"{words} does not listen at {address}")

    def run(self, command):
        children = []
        command = self.with_running_systems(command, children)
        if "graphql" in command:
            command = command.replace("node app.js ${url}", "node " + str(SOURCE / "scenarios/systems/graphql-ws-client/client.js")
                                      + " ${url} " + " ".join(GRAPHQL_CLIENT))
        if re.search(r"wsfault run\b", command) and "--budget" not in command:
            command += f" --budget {BUDGET}"
        if "wsfault sweep" in command:
            command = re.sub(r" --points \d+", "", command) + " --points 20"
        if "--rounds" in command:
            command = re.sub(r"--rounds \d+", "--rounds 2 --within 4s", command)
        elif "wsfault bench" in command:
            command += " --rounds 4"
        try:
            return subprocess.run(
                ["bash", "-c", command], cwd=self.folder, env=self.environment, timeout=300, text=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        finally:
            for child in children:
                child.terminate()
                child.wait(30)

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


# A fragment is valid if it is valid after one of these.
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

    def stands(self, text):
        """A file of proxies: they stand, at ports that are free."""
        file = self.reader.folder / "proxies.toml"
        file.write_text(re.sub(r'(listen *= *"127\.0\.0\.1):\d+"', r'\1:0"', text))
        with subprocess.Popen([WSFAULT, "proxy", "--config", file, "--control", "127.0.0.1:0"], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
            said = ""
            while "control at" not in said:
                line = program.stdout.readline()
                if not line:
                    self.fail(said + program.stderr.read())
                said += line
            program.terminate()
            self.assertEqual(program.wait(20), 0)

    def test_every_toml_block_is_valid(self):
        for page in PAGES:
            for line, text in blocks(page, "toml"):
                with self.subTest(f"{page.relative_to(SOURCE)}:{line}"):
                    if "[[proxy]]" in text:
                        self.stands(text)
                        continue
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
        todo = [(f"{page.relative_to(SOURCE)}:{line}", command) for page in PAGES for line, command in commands(page)
                if not any(command.startswith(prefix) for prefix in OF_CI)]
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            for (place, command), done in zip(todo, pool.map(lambda each: self.reader.run(each[1]), todo)):
                with self.subTest(f"{place} {command}"):
                    print(f"{place} {command}\n  {done.stdout.strip().splitlines()[-1:]}", flush=True)
                    self.assertIn(done.returncode, (0, 1, 3) if OF_READER.search(command) else (0,), done.stdout)
                    if "wsfault run" in command:
                        self.assertRegex(done.stdout, r"\d+ cases? in [\d.]+s: .*\d passed")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + ["-v"])
