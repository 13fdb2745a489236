"""Logs: one object a line, with facts; never a body, a secret or a place of a person."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog

from tocsin import logs
from tocsin.settings import Secret

MOMENT = datetime(2022, 10, 11, 5, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    level = logging.getLogger().level
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    logs.set_up(now=lambda: MOMENT, stream=io.StringIO())
    root = logging.getLogger()
    for handler in [h for h in root.handlers if getattr(h, "tocsin", False)]:
        root.removeHandler(handler)
    root.setLevel(level)
    structlog.reset_defaults()


def logged(level: str = "info", form: str = "json") -> io.StringIO:
    out = io.StringIO()
    logs.set_up(level, form, now=lambda: MOMENT, stream=out)
    return out


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_is_one_object_with_event_level_time_and_facts():
    out = logged()

    structlog.get_logger().info("alert_recorded", seq=41, regions=3)

    assert lines(out) == [
        {
            "event": "alert_recorded",
            "level": "info",
            "at": "2022-10-11T05:30:00.000+00:00",
            "seq": 41,
            "regions": 3,
        }
    ]


def test_what_is_bound_once_is_in_every_line():
    out = logged()

    structlog.contextvars.bind_contextvars(alert_id="a1")
    structlog.get_logger().info("one")
    structlog.get_logger().info("two")

    assert [line["alert_id"] for line in lines(out)] == ["a1", "a1"]


def test_less_than_the_level_is_not_written():
    out = logged("warning")

    structlog.get_logger().info("quiet")
    structlog.get_logger().warning("degraded")

    assert [line["event"] for line in lines(out)] == ["degraded"]


@pytest.mark.parametrize("form", ["json", "console"])
def test_bodies_secrets_and_places_of_people_are_held_back(form: str):
    out = logged(form=form)

    structlog.get_logger().error(
        "slip", body="go-to-shelter", token="abc-abc", lat=50.4501, key=Secret("hush"), seq=1
    )

    assert "slip" in out.getvalue()
    for told in ("go-to-shelter", "abc-abc", "50.4501", "hush"):
        assert told not in out.getvalue()


@pytest.mark.parametrize("form", ["json", "console"])
def test_an_exception_is_told_without_the_values_of_its_frames(form: str):
    out = logged(form=form)

    def deliver(text: str) -> None:
        raise OSError(len(text))

    try:
        deliver("GO TO SHELTER".lower())
    except OSError:
        structlog.get_logger().exception("task_failed")

    assert "OSError" in out.getvalue()
    assert "go to shelter" not in out.getvalue()


def test_a_warning_of_a_library_comes_in_the_same_form_and_its_chatter_does_not():
    out = logged("debug")

    logging.getLogger("some.library").info("chatter")
    logging.getLogger("some.library").warning("slow %s", "disk")

    assert [(line["event"], line["level"]) for line in lines(out)] == [("slow disk", "warning")]


def test_a_second_call_replaces_the_first():
    first, second = logged(), logged()

    structlog.get_logger().info("once")
    logging.getLogger("some.library").warning("once more")

    assert first.getvalue() == ""
    assert len(lines(second)) == 2


def test_letters_of_every_alphabet_stay_readable():
    out = logged()

    structlog.get_logger().info("region_named", name="Львів")

    assert "Львів" in out.getvalue()
