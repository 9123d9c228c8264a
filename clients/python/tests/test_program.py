"""The program is started, found, and ends with whoever started it."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import urllib.parse

import pytest

import wsfault
from wsfault import Wsfault, WsfaultError

LIMIT = 30
SOURCE = pathlib.Path(wsfault.__file__).parents[1]
STARTS = """
import sys
from wsfault import Wsfault
running = Wsfault.start()
print(running.url, flush=True)
sys.stdin.readline()
"""


def watch(url):
    """A connection to the program at that control port: it is closed when the program ends."""
    return socket.create_connection(("127.0.0.1", urllib.parse.urlsplit(url).port), LIMIT)


def starter(rest):
    process = subprocess.Popen([sys.executable, "-c", STARTS + rest], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                               stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(SOURCE)})
    return process, process.stdout.readline().strip()


def test_starts_on_a_free_port_says_its_version_and_stops():
    with Wsfault.start() as running:
        assert running.url.startswith("http://127.0.0.1:")
        assert len(running.version.split(".")) == 3
    with pytest.raises(WsfaultError) as gone:
        running.session()
    assert gone.value.status == 0
    assert "has ended" in gone.value.hint


def test_says_what_is_wrong_where_it_cannot_be_started():
    with pytest.raises(RuntimeError, match="/nowhere/wsfault cannot be run: .*not found; say where it is with WSFAULT"):
        Wsfault.start("/nowhere/wsfault")
    with pytest.raises(RuntimeError, match="(?s)ended with exit code 2: .*--seed"):
        Wsfault.start(options=["--seed", "x"])


def test_connects_to_one_that_runs_with_a_token(tmp_path):
    (tmp_path / "token").write_text("secret\n")
    words = [os.environ.get("WSFAULT", "wsfault"), "proxy", "--control", "127.0.0.1:0", "--log-format", "json"]
    with subprocess.Popen([*words, "--token-file", tmp_path / "token"], stdout=subprocess.PIPE) as process:
        try:
            url = "http://" + json.loads(process.stdout.readline())["control"]
            with pytest.raises(WsfaultError) as refused:
                Wsfault.connect(url)
            assert refused.value.status == 401
            with Wsfault.connect(url, token="secret") as running, running.session() as session:
                assert session.id
            assert process.poll() is None  # it is another's
        finally:
            process.terminate()


@pytest.mark.parametrize("rest, code", [("", 0), ("sys.exit(7)", 7), ("raise RuntimeError", 1)],
                         ids=["returns", "exits", "raises"])
def test_ends_with_a_process_that(rest, code):
    process, url = starter(rest)
    with watch(url) as connection:
        process.communicate("now\n", LIMIT)
        assert process.returncode == code
        assert connection.recv(1) == b""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_ends_with_a_process_that_is_ended_by(number):
    process, url = starter("")
    with watch(url) as connection:
        process.send_signal(number)
        process.communicate(timeout=LIMIT)
        assert process.returncode in (-number, 1, 130)
        assert connection.recv(1) == b""
