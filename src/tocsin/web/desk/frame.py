"""How the desk's pages are rendered: sections, words, who did what, the way to other moments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_timedelta
from starlette.responses import Response

from tocsin.checks.identity import Permission
from tocsin.core.incidents import Incident
from tocsin.web.api.ledgerbodies import words_of
from tocsin.web.api.staff import names
from tocsin.web.console import frame
from tocsin.web.desk.terms import Terms
from tocsin.web.endpoint import Ask
from tocsin.web.public.pages import site_of
from tocsin.web.public.then import STEPS, stamp
from tocsin.web.words import Words

CHOICES_AT_MOST = 500
"""So many incidents, the latest, are found by the finder without asking the server."""
FEED = "feed:"

Part = tuple[str, str, Permission]
"""A section of the desk: its path, what it is called, what one must be allowed to see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """The way from a page to other moments of it. ``at``: the past one that it is of, in words."""

    at: str
    field: str
    """The moment as a form has it, in the profile's zone."""
    minute: int
    """Of the day, as the slider counts."""
    kept: Mapping[str, str]
    """What else of the page's address stays."""
    steps: tuple[tuple[str, str], ...]
    """What a step is called, and its address."""
    now: str


def parts(words: Words) -> list[Part]:
    """Return the desk's sections in their order; a new section of the desk is a line here."""
    _ = words.gettext
    return [
        ("/desk", _("Inbox"), Permission.VIEW),
        ("/desk/incidents", _("Incidents"), Permission.VIEW),
        ("/desk/waves", _("Waves"), Permission.SITUATION),
        ("/desk/outages", _("Outages"), Permission.SITUATION),
        ("/desk/installations", _("Installations"), Permission.REGISTER),
        ("/desk/coverage", _("Coverage"), Permission.VIEW),
        ("/desk/postures", _("Posture"), Permission.VIEW),
        ("/desk/watches", _("Watches"), Permission.VIEW),
        ("/desk/stations", _("Stations"), Permission.VIEW),
        ("/desk/counterfeits", _("Counterfeits"), Permission.VIEW),
        ("/desk/control", _("Control"), Permission.VIEW),
    ]


def show(ask: Ask, template: str, **values: Any) -> Response:
    """Return a page of the desk, with the sections that its reader may see."""
    site = site_of(ask)
    words = site.words[site.language(ask.request)]
    terms = Terms(site.service, words)
    path = ask.request.url.path
    open_to = [each for each in parts(words) if ask.identity.may(each[2])]
    return frame.show(
        ask, template, t=terms, choose=terms.choices(), by=by(ask),
        zone=site.service.world.time_zone, speaks=tuple(site.words),
        parts=[(to, word, _current(path, to)) for to, word, _ in open_to],
        moments=moments(ask, words), **values,
    )  # fmt: skip


def moments(ask: Ask, words: Words) -> Moments | None:
    """Return the way to other moments; None on a page that is of now only."""
    path, query = ask.request.url.path, ask.request.query_params
    if not frame.is_dated(path):
        return None
    kept = {name: query[name] for name in (*frame.KEPT, "lang") if name in query and name != "at"}
    now = ask.house.service.clock.now()
    local = now.astimezone(words.zone)

    def to(**more: str) -> str:
        address = urlencode({**kept, **more})
        return f"{path}?{address}" if address else path

    steps = []
    for step in STEPS if ask.house.at is not None else ():
        sign = "\u2212" if step < timedelta() else "+"
        name = format_timedelta(abs(step), format="short", locale=words.locale)
        steps.append((f"{sign}{name}", to(at=stamp(now + step))))
    return Moments(
        at=f"{words.clock(now)}, {words.date(now)}" if ask.house.at is not None else "",
        field=local.strftime("%Y-%m-%dT%H:%M"), minute=local.hour * 60 + local.minute,
        kept=kept, steps=tuple(steps), now=to(),
    )  # fmt: skip


def by(ask: Ask) -> Callable[[str | None], str]:
    """Return how whoever did something is called: an officer, or the feed it came by."""
    name_of = names(ask.house)

    def name(account: str | None) -> str:
        if not account:
            return ""
        return account.removeprefix(FEED) if account.startswith(FEED) else name_of(account)

    return name


def choices(ask: Ask, *, roots: bool = True) -> list[dict[str, str]]:
    """Return incidents as a finder shows them, the latest first."""
    site = site_of(ask)
    ledger, words = ask.house.service.ledger, words_of(ask.house.service)
    terms = Terms(site.service, site.words[site.language(ask.request)])
    latest = sorted(
        (each for each in ledger.incidents.values() if not roots or each.same_as is None),
        key=lambda each: (each.when.start, each.id), reverse=True,
    )  # fmt: skip
    return [_choice(terms, each, words(each.title)) for each in latest[:CHOICES_AT_MOST]]


# -- inside --------------------------------------------------------------------------------------


def _current(path: str, to: str) -> str:
    """Return how a section is marked: as this page, as the one this page is in, or not."""
    if path == to:
        return "page"
    return "true" if to != "/desk" and path.startswith(f"{to}/") else ""


def _choice(terms: Terms, each: Incident, title: Mapping[str, str]) -> dict[str, str]:
    where = {"geocode": each.where.geocode, "name": each.where.name, "certain": True}
    when = {
        "start": each.when.start.isoformat(), "end": each.when.end.isoformat(),
        "grain": each.when.grain, "certain": True,
    }  # fmt: skip
    return {
        "id": each.id,
        "handle": each.handle,
        "name": terms.title({"title": title, "kind": each.kind, "where": where}),
        "note": f"{each.handle} · {terms.when(when)} · {terms.where(where)}",
    }
