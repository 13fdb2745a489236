"""Every line of the table through the real server: who may call it, what every answer carries."""

import pytest

from kit.houses import KYIV
from kit.servers import server
from tocsin.checks.identity import Permission
from tocsin.web.api.table import API
from tocsin.web.stream import EVENT_STREAM

UNTOLD = ("situation-incident", "situation-wave", "get-outage")
"""Public lines about something by its name, and nothing is told yet."""


def path_of(line, alert):
    return line.path.replace("{id}", KYIV if "regions" in line.path else alert).replace(
        "{region}", KYIV
    )


async def test_every_line_asks_for_its_credential_before_anything_else(tmp_path):
    async with server(tmp_path) as running:
        alert = (await running.issue(KYIV))["id"]
        head = running.home.journal.head()
        for line in API:
            if line.media == EVENT_STREAM:
                continue
            answer = await running.anybody.request(line.method, path_of(line, alert))
            if line.is_for_officers:
                asks_nobody = line.permission is Permission.PUBLIC  # the door itself
                assert (answer.status_code == 401) is not asks_nobody, line.name
            elif line.signed:  # its credential is the signature, over a body that there is not
                assert answer.json()["rule"] == "wrong-content-type", line.name
            else:
                told = 404 if line.name in UNTOLD else 200
                told = 422 if line.name == "verify-code" else told  # it needs a code
                assert answer.status_code == told, line.name
            wrong = await running.anybody.request(
                line.method, path_of(line, alert), headers={"Authorization": "Bearer x"}
            )
            assert (wrong.status_code, wrong.json()["rule"]) == (401, "bad-credential"), line.name
        assert running.home.journal.head() == head


async def test_every_answer_is_guarded_and_public_ones_are_open_to_other_sites(tmp_path):
    async with server(tmp_path) as running:
        alert = (await running.issue(KYIV))["id"]
        ids = set()
        for line in API:
            if line.media == EVENT_STREAM:
                continue
            headers = (await running.anybody.request(line.method, path_of(line, alert))).headers
            assert headers["x-content-type-options"] == "nosniff", line.name
            assert headers["x-frame-options"] == "DENY", line.name
            if line.path.startswith("/api/"):
                assert headers["content-security-policy"].startswith("default-src 'none'"), (
                    line.name
                )
            assert "cache-control" in headers, line.name
            assert "server" not in headers, line.name
            is_open = not line.is_for_officers and line.method == "GET"
            assert (headers.get("access-control-allow-origin") == "*") is is_open, line.name
            ids.add(headers["x-request-id"])
        assert len(ids) == sum(line.media != EVENT_STREAM for line in API)


async def test_the_stream_is_not_stored_on_the_way(tmp_path):
    async with server(tmp_path) as running:
        async with running.anybody.stream("GET", "/api/v1/stream") as answer:
            assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["access-control-allow-origin"] == "*"
        head = await running.anybody.head("/api/v1/stream")
        assert head.status_code == 405


async def test_a_browser_elsewhere_may_ask_to_read_but_not_to_write(tmp_path):
    async with server(tmp_path) as running:
        asked = await running.anybody.options("/api/v1/stream")
        assert asked.status_code == 204
        assert "Last-Event-ID" in asked.headers["access-control-allow-headers"]
        assert "POST" not in asked.headers["access-control-allow-methods"]
        closed = await running.anybody.options("/api/v1/alerts/preview")
        assert "access-control-allow-origin" not in closed.headers


async def test_head_is_get_without_its_body(tmp_path):
    async with server(tmp_path) as running:
        got = await running.anybody.get("/api/v1/state")
        head = await running.anybody.head("/api/v1/state")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == got.headers["etag"]


async def test_the_openapi_document_is_served(tmp_path):
    async with server(tmp_path) as running:
        said = await running.get("/api/v1/openapi.json")
        assert said["openapi"] == "3.1.0"
        assert len(said["paths"]) == len({line.path for line in API})


@pytest.mark.parametrize(
    "path", ["/api/v1/alerts/", "/api/v1", "/api/v2/alerts", "//api/v1/alerts"]
)
async def test_only_the_tables_own_paths_are_served(tmp_path, path):
    async with server(tmp_path) as running:
        answer = await running.anybody.get(running.url + path)
        assert (answer.status_code, answer.json()["rule"]) == (404, "unknown-path")
