"""`wsfault proxy` as a test uses it: started, asked by HTTP, stopped; and plain sockets as its peers."""
import http.client
import json
import os
import pathlib
import resource
import select
import signal
import socket
import struct
import subprocess
import threading
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
WSFAULT = os.environ.get("WSFAULT", str(SOURCE / "build/release/wsfault"))
LIMIT = 60


class Program:
    """A running `wsfault proxy`; its lines of JSON in `lines`."""

    def __init__(self, *options, control="127.0.0.1:0", descriptors=None):
        """`descriptors`: so many may be open in it."""
        limit = descriptors and (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors)))
        self.process = subprocess.Popen([WSFAULT, "proxy", "--control", control, "--log-format", "json", *options],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1,
                                        preexec_fn=limit)
        self.lines = []
        self.came = threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.address = self.await_line(lambda line: "control" in line)["control"]

    def _read(self):
        for text in self.process.stdout:
            with self.came:
                self.lines.append(json.loads(text))
                self.came.notify_all()
        with self.came:
            self.lines.append({"ended": True})
            self.came.notify_all()

    def await_line(self, wanted, after=0):
        deadline = time.monotonic() + LIMIT
        with self.came:
            while True:
                for line in self.lines[after:]:
                    if wanted(line):
                        return line
                    if line.get("ended"):
                        raise AssertionError("it ended: " + self.process.stderr.read())
                if not self.came.wait(max(0, deadline - time.monotonic())):
                    raise AssertionError(f"no such line came: {self.lines}")

    def request(self, method, path, body=None, headers=None, raw=None):
        """(status, headers, text)"""
        host, port = self.address.rsplit(":", 1)
        connection = http.client.HTTPConnection(host, int(port), timeout=LIMIT)
        try:
            text = raw if raw is not None else None if body is None else json.dumps(body)
            connection.request(method, path, text, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    def call(self, method, path, body=None, status=None):
        found, _, text = self.request(method, path, body)
        if status is not None and found != status:
            raise AssertionError(f"{method} {path}: {found} instead of {status}: {text}")
        return json.loads(text) if text else None

    def v1(self, method, path, body=None, status=None):
        return self.call(method, "/v1" + path, body, status)

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(LIMIT)
        self.reader.join(LIMIT)
        self.process.stdout.close()
        self.process.stderr.close()
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Server:
    """Accepts connections at a port of its own, and runs `serve(socket)` for each in a thread."""

    def __init__(self, serve):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.listener.getsockname()[1]
        self.serve = serve
        self.sockets = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                accepted, _ = self.listener.accept()
            except OSError:
                return
            self.sockets.append(accepted)
            threading.Thread(target=self._serve, args=(accepted,), daemon=True).start()

    def _serve(self, accepted):
        try:
            self.serve(accepted)
        except OSError:
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
        for each in self.sockets:
            each.close()


def echo_bytes(peer):
    while data := peer.recv(65536):
        peer.sendall(data)
    peer.shutdown(socket.SHUT_WR)


def read_head(peer):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = peer.recv(1)
        if not byte:
            return head
        head += byte
    return head


def read_exactly(peer, size):
    data = b""
    while len(data) < size:
        part = peer.recv(size - len(data))
        if not part:
            raise EOFError(data)
        data += part
    return data


def read_frame(peer):
    """(opcode, payload)"""
    first, second = read_exactly(peer, 2)
    size = second & 127
    if size == 126:
        size = struct.unpack(">H", read_exactly(peer, 2))[0]
    elif size == 127:
        size = struct.unpack(">Q", read_exactly(peer, 8))[0]
    key = read_exactly(peer, 4) if second & 128 else b"\0\0\0\0"
    data = read_exactly(peer, size)
    return first & 15, bytes(byte ^ key[i % 4] for i, byte in enumerate(data))


def frame(opcode, payload, masked):
    if isinstance(payload, str):
        payload = payload.encode()
    size = len(payload)
    head = bytes([128 | opcode])
    mask = 128 if masked else 0
    if size < 126:
        head += bytes([mask | size])
    elif size < 65536:
        head += bytes([mask | 126]) + struct.pack(">H", size)
    else:
        head += bytes([mask | 127]) + struct.pack(">Q", size)
    return head + (b"\0\0\0\0" if masked else b"") + payload  # a key of zeros is a key


def serve_websocket(peer):
    """Echoes messages, answers pings and Closes (RFC 6455)."""
    import base64
    import hashlib
    head = read_head(peer).decode()
    key = next(line.split(":", 1)[1].strip() for line in head.split("\r\n") if line.lower().startswith("sec-websocket-key"))
    accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
    peer.sendall(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  f"Sec-WebSocket-Accept: {accept}\r\n\r\n").encode())
    while True:
        try:
            opcode, payload = read_frame(peer)
        except EOFError:
            return
        if opcode in (1, 2):
            peer.sendall(frame(opcode, payload, False))
        elif opcode == 9:
            peer.sendall(frame(10, payload, False))
        elif opcode == 8:
            peer.sendall(frame(8, payload, False))
            peer.shutdown(socket.SHUT_WR)
            return


class Client:
    """A WebSocket client, frame by frame."""

    def __init__(self, port, host="127.0.0.1"):
        self.socket = socket.create_connection((host, port), timeout=LIMIT)
        self.socket.sendall(b"GET /chat HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
        self.answer = read_head(self.socket).decode()

    def send(self, text, opcode=1):
        self.socket.sendall(frame(opcode, text, True))

    def read(self):
        return read_frame(self.socket)

    def echo(self, text):
        self.send(text)
        return self.read()[1].decode()

    def end(self):
        """How TCP ends: "FIN" or "RST"; what came before is thrown away."""
        try:
            while self.socket.recv(65536):
                pass
            return "FIN"
        except ConnectionResetError:
            return "RST"

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def resident(pid):
    """KiB"""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    raise AssertionError("no VmRSS")


def is_silent(peer, seconds):
    """Nothing arrives for so long: the only way to see that nothing comes."""
    return not select.select([peer], [], [], seconds)[0]
