"""The page of the stations that measure dose rates: what each says, and whether it counts."""

from __future__ import annotations

from datetime import datetime, timedelta

from starlette.responses import Response

from tocsin.core.refusals import Refusal
from tocsin.web.console.frame import not_there
from tocsin.web.console.told import Told, told
from tocsin.web.desk import infra_show
from tocsin.web.endpoint import Ask

TROUBLE = (
    "above", "flaps", "faulty", "fault", "silent", "old", "withdrawn", "uncalibrated", "test",
    "usual",
)  # fmt: skip
"""How a station can stand, what needs a person first."""


async def stations(ask: Ask) -> Response:
    """Show the stations, those that need a person first."""
    found = await told(ask, "/api/v1/stations")
    if isinstance(found, Refusal):
        return not_there(ask, found)
    service = ask.house.service
    now, window = service.clock.now(), service.world.feeds.window
    rows = [(stands(each, now, window), each) for each in found["stations"]]
    rows.sort(key=lambda row: (TROUBLE.index(row[0]), row[1]["id"]))
    policy = service.world.feeds
    return infra_show.show(ask, "desk/stations.html", stations=rows, policy=policy)


def stands(station: Told, now: datetime, window: timedelta) -> str:
    """Return how a station stands; one that nothing counts of is never called usual."""
    last = station["last"]
    if not station["key_holds"]:
        return "withdrawn"
    if not station["calibrated"]:
        return "uncalibrated"
    if last is None:
        return "silent"
    if now - datetime.fromisoformat(last["measured_at"]) >= window:
        return "old"
    if station["faulty"]:
        return "faulty"
    if station["flaps"]:
        return "flaps"
    if station["above"]:
        return "above"
    return "usual" if last["quality"] == "ok" else str(last["quality"])
