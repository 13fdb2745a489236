"""A wave's page: its alerts and incidents on one time line, its toll beside them.

It tells what ``GET /situation/waves`` tells and nothing else. The wave's own toll and what is
counted place by place stand side by side and are never added (DESIGN R1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from tocsin.checks.identity import Permission
from tocsin.core.alert import AlertState
from tocsin.formats import waves as bodies
from tocsin.web.endpoint import Ask, Endpoint, Handler
from tocsin.web.public.news import crier_of
from tocsin.web.public.notice_views import Crier
from tocsin.web.public.situation import Telling
from tocsin.web.public.situation_shapes import IncidentView
from tocsin.web.seen_waves import public_wave, wave_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class PointView:
    """One thing on a wave's time line: an alert, or an incident that people may know of."""

    at: str
    what: str
    places: str
    then: str = ""
    """How an alert ended."""
    incident: IncidentView | None = None


async def waves(ask: Ask) -> Response:
    """Show the waves that people may know of."""
    t = Telling(ask)
    rows = []
    for row in wave_rows(ask.house):
        told = t.board.find(row.id)
        if told is not None:
            counted = t.words.ngettext("%(num)d alert", "%(num)d alerts", row.alerts)
            rows.append((t.reporter.incident(told), counted))
    return t.page(
        "situation_waves.html",
        t.words.gettext("Waves of attacks"),
        t.words.gettext("Many alerts and strikes of one attack, on one page each."),
        rows=rows,
    )


async def wave(ask: Ask) -> Response:
    """Show one wave."""
    t = Telling(ask)
    body = public_wave(ask.house, ask.path["public_id"])
    told = t.board.find(body.id) if body is not None else None
    if body is None or told is None:
        return t.missing()
    w, view = t.words, t.reporter.incident(told)
    return t.page(
        "situation_wave.html",
        f"{view.kind}: {view.place}",
        view.title or view.day,
        view=view,
        points=_points(t, crier_of(ask.house, w, t.now), body),
        local=[
            t.reporter.phrases.measured(each.measure, t.reporter.phrases.span(each.low, each.high))
            for each in body.local
        ],
        counted=w.ngettext("%(num)d alert", "%(num)d alerts", len(body.alerts)),
    )


def _points(t: Telling, crier: Crier, body: bodies.WaveBody) -> list[PointView]:
    """Return the time line, the earliest first; of an incident its coarse time counts."""
    found: list[tuple[datetime, str, PointView]] = []
    for alert in body.alerts:
        point = PointView(
            at=t.words.when(alert.sent, t.now), what=crier.hazard(alert.hazard),
            places=crier.places(alert.regions), then=_end(t, alert),
        )  # fmt: skip
        found.append((alert.sent, alert.id, point))
    for each in body.incidents:
        told = t.board.find(each.id)
        if told is not None:
            view = t.reporter.incident(told)
            point = PointView(at=view.day, what=view.kind, places=view.place, incident=view)
            found.append((each.when.start, each.id, point))
    return [point for _, _, point in sorted(found, key=lambda each: each[:2])]


def _end(t: Telling, alert: bodies.WaveAlertBody) -> str:
    """Return how an alert ended; the four ends are four sentences."""
    w = t.words
    if alert.state is AlertState.ACTIVE or alert.ended is None:
        return w.gettext("in force")
    when = {"time": w.when(alert.ended, t.now)}
    if alert.state is AlertState.CLEARED:
        return w.gettext("all-clear at %(time)s") % when
    if alert.state is AlertState.CANCELLED:
        return w.gettext("issued in error, withdrawn at %(time)s") % when
    return w.gettext("ran out at %(time)s, end not confirmed") % when


def _line(path: str, name: str, summary: str, handler: Handler) -> Endpoint:
    return Endpoint(
        method="GET", path=path, name=name, summary=summary, permission=Permission.PUBLIC,
        handler=handler, media="text/html", past=True,
    )  # fmt: skip


PAGES: tuple[Endpoint, ...] = (
    _line("/situation/waves", "page-situation-waves", "The waves that people may know of.", waves),
    _line("/situation/waves/{public_id}", "page-situation-wave",
          "One wave: its time line, its toll, and that of its places.", wave),
)  # fmt: skip
