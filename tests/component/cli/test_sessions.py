"""The kept session: it keeps up with a house that changes it, and goes to that house alone."""

import http.server
import stat
import threading

import pytest

from tocsin.cli.client import House
from tocsin.cli.kept import Sessions
from tocsin.cli.options import Door


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A server that changes the session at each answer, as a house does now and then."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.headers["Cookie"], self.headers["Origin"]))
            self.send_response(200)
            if self.path == "/over":
                self.send_header("Set-Cookie", "tocsin-session=; Path=/; Max-Age=0; HttpOnly")
            elif self.path != "/same":
                value = f"tocsin-session=t{len(asked)}; Path=/; Max-Age=60; HttpOnly"
                self.send_header("Set-Cookie", value)
                self.send_header("Set-Cookie", "tracker=1; Path=/")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


def test_each_request_shows_the_newest_session_and_the_houses_own_origin(house, tmp_path):
    url, asked = house
    Sessions(url).take(["tocsin-session=t0; Path=/", "tocsin-device=d; Path=/"], "anna")
    with House(Door(url, None)) as one, House(Door(url, None)) as other:
        one.get("/")
        other.get("/")  # opened before the change, and shows it all the same
        one.get("/same")
        one.get("/over")
        one.get("/same")
    shown = [sorted((cookie or "").split("; ")) for cookie, _ in asked]
    assert shown == [
        ["tocsin-device=d", "tocsin-session=t0"],
        ["tocsin-device=d", "tocsin-session=t1"],
        ["tocsin-device=d", "tocsin-session=t2"],
        ["tocsin-device=d", "tocsin-session=t2"],
        ["tocsin-device=d"],
    ]
    assert {origin for _, origin in asked} == {url}
    file = tmp_path / "tocsin" / "session.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_token_shows_no_cookie_and_takes_none(house):
    url, asked = house
    Sessions(url).take(["tocsin-session=t0; Path=/"], "anna")
    with House(Door(url, "a-token")) as spoken:
        spoken.get("/")
        spoken.get("/")
    assert asked == [(None, None), (None, None)]
    assert Sessions(url).cookies == {"tocsin-session": "t0"}


def test_a_session_goes_to_its_own_address_alone(house):
    url, asked = house
    Sessions("https://warn.example.org").take(["__Host-tocsin-session=t; Path=/; Secure"], "anna")
    with House(Door(url, None)) as other:
        other.get("/")
    assert asked[0] == (None, None)
    assert Sessions("https://warn.example.org").is_open
    assert list(Sessions(url).cookies) == ["tocsin-session"], "no cookie but the house's own"


def test_a_file_that_cannot_be_read_is_nobody_signed_in(tmp_path):
    file = tmp_path / "session.json"
    file.write_text('{"http://x": 3}')
    assert Sessions("http://x", file).cookies == {}
    Sessions("http://x", file).take(["tocsin-session=t; Path=/"], "anna")
    assert Sessions("http://x", file).login == "anna"
