"""Small programs with one fault each, for causes that no defect of the reference systems shows.

    misfit.py client MODE URL | server MODE HOST:PORT | gateway MODE HOST:PORT UPSTREAM_HOST:PORT
"""
import base64
import hashlib
import json
import socket
import struct
import sys
import threading
import time
import urllib.parse

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def report(event, **details):
    print(json.dumps({"event": event, **details}), flush=True)


def address(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


def read_head(stream):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = stream.recv(1)
        if not byte:
            return None
        head += byte
    return head


def read_exactly(stream, size):
    data = b""
    while len(data) < size:
        more = stream.recv(size - len(data))
        if not more:
            raise ConnectionError
        data += more
    return data


def read_frame(stream):
    """The first byte and the payload."""
    first, second = read_exactly(stream, 2)
    size = second & 127
    if size > 125:
        size = int.from_bytes(read_exactly(stream, 2 if size == 126 else 8), "big")
    mask = read_exactly(stream, 4) if second & 128 else bytes(4)
    payload = read_exactly(stream, size)
    return first, bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


def write_frame(stream, first, payload, masked):
    """Of up to 125 bytes; the masking key is zero."""
    stream.sendall(bytes([first, len(payload) | (128 if masked else 0)]) + (bytes(4) if masked else b"") + payload)


def header(head, name):
    for line in head.decode("latin-1").split("\r\n")[1:]:
        key, _, value = line.partition(":")
        if key.lower() == name:
            return value.strip()
    return ""


# --- clients

def ask(url, path):
    parts = urllib.parse.urlsplit(url)
    stream = socket.create_connection((parts.hostname, parts.port))
    key = base64.b64encode(b"0123456789abcdef").decode()
    stream.sendall((f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
    return stream


def connect(url, path):
    stream = ask(url, path)
    head = read_head(stream)
    return stream, int(head.split()[1]) if head else 0


def converse(url, on_close, on_illegal):
    """Until a Close or an illegal frame comes; each is answered with a code, or with None by ending TCP."""
    stream, status = connect(url, "/")
    report("open")
    while True:
        first, payload = read_frame(stream)
        if first & 0x70:
            code, told = on_illegal
        elif first & 15 == 8:
            code, told = on_close
        else:
            if first & 15 == 9:
                write_frame(stream, 0x8A, payload, True)
            continue
        if code:
            write_frame(stream, 0x88, struct.pack(">H", code), True)
        report("close", code=told, reason="", clean=False)
        return stream.close()


def wrong_status(url):
    connect(url, "/")
    report("error", message="it said no", status=500)


def opens_at_once(url):
    """Waits for no answer."""
    stream = ask(url, "/")
    report("open")
    stream.recv(1)


def restless(url):
    """Comes back at once, each time with another request."""
    for number in range(6):
        _, status = connect(url, f"/?{number}")
        report("error", message="refused", status=status)
        time.sleep(0.15)


def slow(url):
    """Comes back, and waits longer than it says."""
    while True:
        try:
            connect(url, "/")
        except OSError:
            pass
        report("error", message="nobody there")
        time.sleep(1.5)


CLIENTS = {
    "wrong-status": wrong_status,
    "opens-at-once": opens_at_once,
    "restless": restless,
    "slow": slow,
    "says-1000": lambda url: converse(url, (1000, 1000), (1000, 1002)),
    "says-nothing": lambda url: converse(url, (1000, 1000), (None, 1002)),
    "knows-no-1014": lambda url: converse(url, (1002, 1006), (1002, 1002)),
}


# --- servers

def accept(stream):
    head = read_head(stream)
    if head is None:
        return False
    answer = base64.b64encode(hashlib.sha1((header(head, "sec-websocket-key") + GUID).encode()).digest()).decode()
    stream.sendall((f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    f"Sec-WebSocket-Accept: {answer}\r\n\r\n").encode())
    return True


def serve(stream, echoes):
    try:
        while True:
            first, payload = read_frame(stream)
            if first & 15 == 8:
                write_frame(stream, 0x88, payload, False)
                return stream.close()
            if first & 15 == 9:
                write_frame(stream, 0x8A, payload, False)
            elif echoes:
                write_frame(stream, first, payload, False)
    except OSError:
        stream.close()


def server(mode, listener):
    """mute: echoes to nobody. mute-afterwards: only to its first client. gone-afterwards: refuses all others."""
    first = True
    while True:
        stream, _ = listener.accept()
        if not accept(stream):
            continue
        threading.Thread(target=serve, args=(stream, first and mode != "mute"), daemon=True).start()
        first = False
        if mode == "gone-afterwards":
            listener.close()
            time.sleep(600)


# --- gateways

def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        for stream in (source, target):
            stream.close()


def without(head, names):
    lines = head.decode("latin-1").split("\r\n")
    return "\r\n".join(line for line in lines if line.split(":")[0].lower() not in names).encode("latin-1")


DROPS = {"strips": {"upgrade", "connection"}, "nameless": {"wsfault-connection"}, "remembers": set(), "retries": set()}


def answer(stream, status):
    stream.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
    stream.close()


def reach(upstream, tries):
    for left in reversed(range(tries)):
        try:
            return socket.create_connection(upstream)
        except OSError:
            if not left:
                raise
            time.sleep(1)


def gateway(mode, listener, upstream):
    """elsewhere: knows no such route. remembers: holds its upstream for dead for ever once it was. retries: tries three
    times more, a second apart, as HAProxy does."""
    dead = False
    while True:
        stream, _ = listener.accept()
        head = read_head(stream)
        if head is None:
            continue
        if mode == "elsewhere":
            answer(stream, "404 Not Found")
            continue
        try:
            if dead:
                raise ConnectionError
            back = reach(upstream, tries=4 if mode == "retries" else 1)
        except OSError:
            dead = True
            answer(stream, "502 Bad Gateway")
            continue
        back.sendall(without(head, DROPS[mode]))
        for ends in ((stream, back), (back, stream)):
            threading.Thread(target=pump, args=ends, daemon=True).start()


def main(role, mode, *rest):
    if role == "client":
        CLIENTS[mode](rest[0])
        time.sleep(600)
    listener = socket.create_server(address(rest[0]))
    if role == "server":
        server(mode, listener)
    gateway(mode, listener, address(rest[1]))


main(*sys.argv[1:])
