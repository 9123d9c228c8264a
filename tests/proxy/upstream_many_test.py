"""`wsfault upstream --connections`: as many processes as descriptors need, and none of them is left behind."""
import os
import pathlib
import resource
import signal
import subprocess
import tempfile
import time
import unittest

from control import LIMIT, WSFAULT, Client

FEW = 200  # descriptors of a process


def children_of(pid):
    listed = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in listed.read_text().split()] if listed.exists() else []


def is_running(pid):
    try:
        return not pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return False


class Upstream:
    def __init__(self, *options):
        limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (FEW, FEW))
        self.process = subprocess.Popen([WSFAULT, "upstream", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, preexec_fn=limit)
        self.said = self.process.stdout.readline()
        self.port = int(self.said.rsplit(":", 1)[1]) if self.said else None
        self.children = children_of(self.process.pid)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate(timeout=LIMIT)

    def await_end_of_all(self):
        deadline = time.monotonic() + LIMIT
        while any(is_running(each) for each in self.children):
            assert time.monotonic() < deadline, "a process is left"
            time.sleep(0.01)


class Many(unittest.TestCase):
    def open_all(self, port, count):
        clients = [Client(port) for _ in range(count)]
        for number, client in enumerate(clients):
            client.send(f"hello {number}")
        for number, client in enumerate(clients):
            while (text := client.read()[1].decode()) != f"hello {number}":
                self.assertRegex(text, "message [0-9]+")
        return clients

    def test_as_many_processes_as_descriptors_need(self):
        with Upstream("--connections", "400") as upstream:
            self.assertEqual(len(upstream.children), 4)
            clients = self.open_all(upstream.port, 400)
            upstream.process.terminate()
            self.assertEqual(upstream.process.wait(LIMIT), 0)
            upstream.await_end_of_all()
            for client in clients:
                client.close()
            self.assertIn("400 connections: 4 processes, each of which may open 200 descriptors", upstream.process.stderr.read())

    def test_one_is_enough_for_few(self):
        with Upstream("--connections", "100") as upstream:
            self.assertEqual(upstream.children, [])
            for client in self.open_all(upstream.port, 100):
                client.close()

    def test_what_counts_connections_is_in_one_process(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "faulty.toml"
            file.write_text('title = "x"\nrole = "client"\n[[fault]]\ninject = "reset"\nwhen = "message 3"\n')
            with Upstream(file, "--connections", "400") as upstream:
                self.assertEqual(upstream.process.wait(LIMIT), 2)
                said = upstream.process.stderr.read()
                self.assertIn("400 connections need more than the 200 descriptors that a process may open", said)

    def test_nothing_is_left_when_one_of_them_dies(self):
        with Upstream("--connections", "400") as upstream:
            os.kill(upstream.children[1], signal.SIGKILL)
            self.assertEqual(upstream.process.wait(LIMIT), 3)
            upstream.await_end_of_all()

    def test_nothing_is_left_when_it_is_killed(self):
        with Upstream("--connections", "400") as upstream:
            upstream.process.kill()
            upstream.process.wait(LIMIT)
            upstream.await_end_of_all()

    def test_a_port_that_is_taken(self):
        with Upstream("--connections", "100") as first:
            with Upstream("--listen", f"127.0.0.1:{first.port}", "--connections", "400") as second:
                self.assertNotEqual(second.process.wait(LIMIT), 0)
                self.assertEqual(second.said, "")
                second.await_end_of_all()


if __name__ == "__main__":
    unittest.main()
