"""A write is repeated under its key until the house has said yes or no (RELIABILITY P3)."""

import http.server
import json
import threading

import pytest
import typer

from tocsin.cli.client import House
from tocsin.cli.options import Door


@pytest.fixture
def answers():
    """A server that gives the answers it is told, and keeps the keys it was asked with."""
    given, keys = [], []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            keys.append(self.headers["Idempotency-Key"])
            status, body = given.pop(0)
            if status == 0:
                self.close_connection = True
                return
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", given, keys
        server.shutdown()
        thread.join()


def test_unknown_is_asked_again_with_the_same_key(answers):
    url, given, keys = answers
    given += [(0, None), (503, {}), (201, {"handle": "7F3K"})]
    with House(Door(url, "t")) as house:
        assert house.post("/api/v1/alerts", {}) == {"handle": "7F3K"}
    assert len(keys) == 3
    assert len(set(keys)) == 1


def test_no_is_no_at_once(answers, capsys):
    url, given, keys = answers
    given.append((422, {"field": "/area", "rule": "empty-area", "help": "Name a region."}))
    with House(Door(url, "t")) as house, pytest.raises(typer.Exit) as ended:
        house.post("/api/v1/alerts", {})
    assert ended.value.exit_code == 1
    assert len(keys) == 1
    assert "/area: empty-area: Name a region." in capsys.readouterr().err


def test_what_stays_unknown_names_its_key(answers, capsys):
    url, given, _ = answers
    given += [(503, {})] * 3
    with House(Door(url, "t"), patience_s=0.0) as house, pytest.raises(typer.Exit) as ended:
        house.post("/api/v1/alerts", {}, key="mine")
    assert ended.value.exit_code == 3
    assert "--key mine" in capsys.readouterr().err
