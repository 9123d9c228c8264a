"""flood.py KIND client URL | flood.py KIND server HOST PORT: opens a WebSocket, then sends or prints KIND without end."""
import base64
import hashlib
import os
import socket
import sys
import threading
from urllib.parse import urlsplit

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def frame(opcode, payload=b"", masked=False, fin=True):
    head = bytes([(0x80 if fin else 0) | opcode, (0x80 if masked else 0) | len(payload)])
    # A zero mask leaves the payload unchanged.
    return head + (bytes(4) if masked else b"") + payload


def read_head(sock):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = sock.recv(1)
        if not byte:
            return None
        head += byte
    return head.decode("latin-1")


def key_in(head):
    return next((line.split(":", 1)[1].strip() for line in head.split("\r\n")
                 if line.lower().startswith("sec-websocket-key:")), None)


def drain(sock):
    threading.Thread(target=lambda: [None for _ in iter(lambda: sock.recv(65536), b"")], daemon=True).start()


def flood(kind, sock, masked):
    if kind == "fragments":
        sock.sendall(frame(1, b"", masked, fin=False))
    once = {
        "pings": frame(9, b"", masked),
        "closes": frame(8, b"\x03\xe8", masked),
        "fragments": frame(0, b"", masked, fin=False),
        "messages": frame(1, b"a message", masked),
    }.get(kind)
    while True:
        if kind == "lines":
            os.write(1, b"x\n" * 30000)
        elif kind == "reports":
            os.write(1, b'{"event":"message","text":"x"}\n' * 2000)
        elif kind == "endless-line":
            os.write(1, b"x" * 60000)
        else:
            sock.sendall(once * 2000)


def be_client(kind, url):
    parts = urlsplit(url)
    sock = socket.create_connection((parts.hostname, parts.port))
    key = base64.b64encode(os.urandom(16)).decode()
    sock.sendall((f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
                  f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
    read_head(sock)
    drain(sock)
    flood(kind, sock, True)


def serve(kind, sock):
    head = read_head(sock)
    if not head or not key_in(head):
        return
    if kind == "interim":
        while True:
            sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 2000)
    accept = base64.b64encode(hashlib.sha1((key_in(head) + GUID).encode()).digest()).decode()
    sock.sendall((f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  f"Sec-WebSocket-Accept: {accept}\r\n\r\n").encode())
    drain(sock)
    flood(kind, sock, False)


def be_server(kind, host, port):
    listener = socket.create_server((host, int(port)))
    while True:
        sock, _ = listener.accept()
        threading.Thread(target=serve, args=(kind, sock), daemon=True).start()


{"client": be_client, "server": be_server}[sys.argv[2]](sys.argv[1], *sys.argv[3:])
