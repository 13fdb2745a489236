"""What nobody foresaw: an answer that says "unknown", a log line that says nothing of the asker."""

import structlog

from kit.houses import KYIV
from kit.servers import server
from tocsin.service.submit import Service


async def test_a_fault_is_answered_as_unknown_and_logged_without_place_or_address(
    tmp_path, monkeypatch
):
    async with server(tmp_path) as running:

        def broken(_self, _name, _sender=None):
            raise RuntimeError("a fault")

        monkeypatch.setattr(Service, "resolve", broken)
        with structlog.testing.capture_logs() as lines:
            answer = await running.anybody.get(f"/api/v1/alerts/{KYIV}")
        assert (answer.status_code, answer.json()["rule"]) == (500, "unknown")
        assert answer.headers["content-type"] == "application/problem+json"
        (line,) = lines
        assert (line["event"], line["line"]) == ("request_failed", "get-alert")
        assert line["request_id"] == answer.headers["x-request-id"]
        assert KYIV not in str(line)
        assert "127.0.0.1" not in str(line)


async def test_no_line_is_logged_for_a_request_that_went_well_or_was_refused(tmp_path):
    async with server(tmp_path) as running:
        with structlog.testing.capture_logs() as lines:
            await running.issue(KYIV)
            await running.get(f"/api/v1/state/{KYIV}")
            assert (await running.anybody.get("/api/v1/state/UA-99")).status_code == 404
        assert not [line for line in lines if KYIV in str(line) or "UA-99" in str(line)]
