"""A stream of events that is cut, one of which events were dropped, a session that ends: by a server of the test's own."""
import http.server
import json
import threading

import pytest

from wsfault import MomentTimeout
from wsfault._api import Api
from wsfault._session import Session


def event(cursor):
    return f'id: {cursor}\ndata: {{"cursor":{cursor},"type":"frame_seen","at":{cursor},"payload":"…"}}\n\n'


def frame(cursor):
    return {"cursor": cursor, "type": "frame_seen", "at": cursor, "payload": "…"}


def test_goes_on_where_it_was_cut_tells_what_was_dropped_and_ends_with_the_session():
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked.append(self.path)
            self.close_connection = True
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            if len(asked) == 1:
                self.chunk(": nothing yet\n\n" + event(1) + event(2))  # and no last chunk
            elif len(asked) == 2:
                self.chunk('event: lost\ndata: {"lost":6}\n\n' + event(9))
                self.wfile.write(b"0\r\n\r\n")
            else:
                self.chunk(event(10) + 'event: ended\ndata: {"ended":true}\n\n')
                self.wfile.write(b"0\r\n\r\n")

        def chunk(self, text):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(text.encode()), text.encode()))

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        session = Session(Api("http://127.0.0.1:%d" % server.server_port), {"id": "s1"}, "1s")
        lost = {"type": "lost", "lost": 6, "at": 0, "cursor": 2}
        assert list(session.events(proxy="api")) == [frame(1), frame(2), lost, frame(9), frame(10)]
        path = "/v1/sessions/s1/events?after={}&proxy=api"
        assert asked == [path.format(after) for after in (0, 2, 9)]
    finally:
        server.shutdown()
        server.server_close()


def test_a_wait_ends_where_the_session_has_ended():
    opened = {"cursor": 7, "type": "opened", "at": 5_000_000, "proxy": "api", "connection": 1}
    page = json.dumps({"cursor": 7, "came": False, "lost": 0, "ended": True, "events": [opened]}).encode()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        session = Session(Api("http://127.0.0.1:%d" % server.server_port), {"id": "s1"}, "1s")
        with pytest.raises(MomentTimeout) as caught:
            session.until("close", timeout="1h")
        assert str(caught.value) == '"close" did not come before the session ended; the last of 1 events:\n  5.0ms api #1 opened'
    finally:
        server.shutdown()
        server.server_close()
