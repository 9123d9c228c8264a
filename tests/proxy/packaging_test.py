"""packaging_test.py: what packaging/ starts is what the program takes, and does what it says."""
import json
import os
import pathlib
import re
import shlex
import signal
import subprocess
import tempfile
import unittest

from control import SOURCE, WSFAULT, Program

UNIT = (SOURCE / "packaging/wsfault-proxy.service").read_text()
DOCKERFILE = (SOURCE / "packaging/Dockerfile").read_text()
# Of debian:12-slim itself.
OF_DEBIAN = {"libc6", "libgcc-s1"}


def setting(name):
    return re.search(rf"^{name}=(.*)$", UNIT, re.M)[1]


def words(instruction):
    return json.loads(re.findall(rf"^{instruction} (\[.*\])$", DOCKERFILE, re.M)[-1])


class Unit(unittest.TestCase):
    def test_starts_reloads_and_stops(self):
        program, command, *options = shlex.split(setting("ExecStart"))
        self.assertEqual((program, command), ("wsfault", "proxy"))
        log = options.index("--log-format")
        self.assertEqual(options[log:log + 2], ["--log-format", "json"])  # which Program asks for itself
        del options[log:log + 2]
        with tempfile.TemporaryDirectory() as folder:
            at = options.index("/etc/wsfault/proxies.toml")
            options[at] = os.path.join(folder, "proxies.toml")
            pathlib.Path(options[at]).write_text('[[proxy]]\nname = "chat"\nlisten = "127.0.0.1:0"\nupstream = "127.0.0.1:9"\n')
            with Program(*options) as running:
                self.assertEqual([each["name"] for each in running.v1("GET", "/sessions/standing/proxies")["proxies"]], ["chat"])
                reload = re.fullmatch(r"/bin/kill -(\w+) \$MAINPID", setting("ExecReload"))[1]
                running.process.send_signal(signal.Signals["SIG" + reload])
                running.await_line(lambda line: line.get("message", "").startswith("read again"))
                self.assertEqual(running.stop(signal.Signals[setting("KillSignal")]), 0)
            # Another start would not help: systemd is told so.
            pathlib.Path(options[at]).write_text("[[proxi]]\n")
            wrong = subprocess.run([WSFAULT, command, *options, "--control", "127.0.0.1:0"], capture_output=True, timeout=60)
            self.assertEqual(str(wrong.returncode), setting("RestartPreventExitStatus"), wrong.stderr)

    def test_has_time_to_drain(self):
        printed = subprocess.run([WSFAULT, "proxy", "--help"], capture_output=True, text=True, timeout=60).stdout
        drain = re.search(r"--drain SECONDS:\[.*\]=(\d+)", printed)
        self.assertIsNotNone(drain, printed)
        self.assertGreater(int(setting("TimeoutStopSec")), int(drain[1]))


class Image(unittest.TestCase):
    def test_starts_and_asks_for_its_token(self):
        self.assertEqual(words("ENTRYPOINT"), ["wsfault", "proxy"])
        options = words("CMD")
        control = options.index("--control")
        self.assertEqual(options[control + 1], "0.0.0.0:" + re.search(r"^EXPOSE (\d+)$", DOCKERFILE, re.M)[1])
        del options[control:control + 2]
        with tempfile.TemporaryDirectory() as folder:
            at = options.index("/run/secrets/wsfault-token")
            options[at] = os.path.join(folder, "token")
            without = subprocess.run([WSFAULT, "proxy", *options], capture_output=True, text=True, timeout=60)
            self.assertEqual(without.returncode, 2, without.stderr)
            pathlib.Path(options[at]).write_text("s3cret\n")
            with Program(*options) as running:
                self.assertEqual(running.request("GET", "/v1")[0], 401)
                self.assertEqual(running.request("GET", "/v1", headers={"Authorization": "Bearer s3cret"})[0], 200)

    def test_has_the_libraries_of_the_program(self):
        """Of a program as the image has it: linked on Debian 12."""
        printed = subprocess.run(["ldd", WSFAULT], capture_output=True, text=True, check=True).stdout
        files = [os.path.realpath(file) for file in re.findall(r"=> (/\S+)", printed) if "san." not in file]
        installed = set(re.search(r"apt-get install -y --no-install-recommends (.*?) \\$", DOCKERFILE, re.M)[1].split())
        for file in files:
            # Where /lib is /usr/lib, dpkg knows a file by either name.
            owners = [subprocess.run(["dpkg", "-S", name], capture_output=True, text=True).stdout for name in (file, file.removeprefix("/usr"))]
            package = "".join(owners).split(":")[0]
            self.assertIn(package, installed | OF_DEBIAN, file)


if __name__ == "__main__":
    unittest.main()
