"""The situation pages: time line, incidents, statements, the day's report.

They are whole without a script, and kept true as every page is: by the stream's heartbeat they ask
for themselves again, at the latest when the next slot has come. What they tell is what
``service.visible()`` lets through; guidance alone is told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from starlette.responses import Response

from tocsin.checks.identity import Permission
from tocsin.core.waves import WAVE
from tocsin.projections.told import Board, Speaker
from tocsin.web.endpoint import Ask, Endpoint, Handler
from tocsin.web.public import answers
from tocsin.web.public.news import crier_of, news_of, sooner
from tocsin.web.public.pages import _missing, _page, _query, _root, site_of
from tocsin.web.public.situation_shapes import DayView, IncidentView, Said
from tocsin.web.public.situation_views import Reporter
from tocsin.web.seen import board_of, outage_of, read_day, region_of, slots, words_of
from tocsin.web.words import Words

SHOWN = 40
"""About so many incidents stand on one page; older days are a link away."""

WAVES_SHOWN = 5
"""So many stand on the situation's page; all are a link away."""


class Telling:
    """One request for a page: its language, its moment, and who puts it into words."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.site = site_of(ask)
        self.language = self.site.language(ask.request)
        self.words: Words = self.site.words[self.language]
        self.now = ask.house.service.clock.now()
        self.board: Board = board_of(ask.house)
        self.as_of, self.next_at = slots(ask.house)
        self.reporter = Reporter(
            ask.house.service.world, self.board, self.words, words_of(ask.house), self.now
        )

    def page(
        self, template: str, head: str, lead: str, *, turns_at: datetime | None = None,
        **values: Any,
    ) -> Response:  # fmt: skip
        """Return a page; ``lead`` is the second line, under the headline ``head``.

        ``turns_at``: when something on it turns without an event, but for what a slot brings.
        """
        w = self.words
        known = self.site.known_at(self.now)
        seen = w.gettext("Seen as of %(time)s. News may come at %(next)s.") % {
            "time": self.as_of_words(), "next": w.clock(self.next_at),
        }  # fmt: skip
        root = _root(self.ask, None, self.now, known, sooner(self.next_at, turns_at))
        return _page(
            self.ask, template, self.language, self.now,
            sense=(head, lead, seen, sorted(values.items())),
            head=head, lead=lead, seen=seen, known=known, root=root,
            fragment="fragment" in self.ask.request.query_params, **values,
        )  # fmt: skip

    def as_of_words(self) -> str:
        """Return the slot that the page is of, with its date: "today" says nothing on paper."""
        values = {"time": self.words.clock(self.as_of), "date": self.words.date(self.as_of)}
        return self.words.gettext("%(time)s on %(date)s") % values

    def named_day(self, day: date | None) -> tuple[str, str] | None:
        """Return a day for an address, and in words."""
        return None if day is None else (day.isoformat(), self.reporter.phrases.day(day))

    def missing(self) -> Response:
        """Return the page of what is not there: the same for what is hidden and what never was."""
        return _missing(self.ask, self.language, self.now)


async def situation(ask: Ask) -> Response:
    """Show what is known, by day and region, the newest first; what to do stands above it."""
    t = Telling(ask)
    asked = ask.request.query_params.get("region")
    region = region_of(ask, asked)
    if asked is not None and region is None:
        return t.missing()
    before = read_day(ask.request.query_params.get("before"))
    told, claims = t.board.chosen(region=region)
    waves = [each for each in told if each.incident.kind == WAVE]
    told = [each for each in told if each.incident.kind != WAVE]
    days, earlier = _recent(
        [each.last for each in told], [t.board.day_of(each) for each in claims], before
    )
    shown = t.reporter.days(
        (each for each in told if each.last in days),
        (each for each in claims if t.board.day_of(each) in days),
    )
    name = _name(t, region)
    news = news_of(ask.house, t.words, t.now, region)
    w = t.words
    head = w.gettext("What is out, what is known")
    return t.page(
        "situation.html", f"{head}: {name}" if region else head,
        w.gettext("What happened is told some hours later, and only roughly where."),
        news=news,
        turns_at=news.turns_at,
        waves=[t.reporter.incident(each) for each in waves[:WAVES_SHOWN]],
        days=shown,
        region=region or "",
        earlier=[t.named_day(each) for each in earlier[:31]],
        before=min(days).isoformat() if earlier else "",
    )  # fmt: skip


async def incident(ask: Ask) -> Response:
    """Show one incident: accounts side by side, contradictions, what no longer stands, history."""
    t = Telling(ask)
    told = t.board.find(ask.path["public_id"])
    if told is None:
        return t.missing()
    if told.id != ask.path["public_id"]:  # it turned out to be another one
        return answers.moved(f"/situation/{told.id}{_query(ask.request)}", status=302)
    view = t.reporter.incident(told)
    w = t.words
    lead = ", ".join(view.tallies) or w.gettext("No figures are known.")
    tied = {*told.part_of, *told.parts, *told.caused_by, *told.causes}
    others = {e.id: t.reporter.incident(e) for e in t.board.incidents if e.id in tied}

    def named(ids: Iterable[str]) -> list[IncidentView]:
        return [others[each] for each in ids]

    return t.page(
        "situation_incident.html", f"{view.kind}: {view.place}", lead,
        view=view,
        is_wave=told.incident.kind == WAVE,
        accounts=t.reporter.accounts(told),
        pairs=t.reporter.pairs(told),
        history=t.reporter.history(told),
        links=[
            (w.gettext("Part of"), named(told.part_of)),
            (w.gettext("Its parts"), named(told.parts)),
            (w.gettext("Caused by"), named(told.caused_by)),
            (w.gettext("It caused"), named(told.causes)),
        ],
    )  # fmt: skip


async def day(ask: Ask) -> Response:
    """Show one day's report; on paper it is black on white, its sources numbered."""
    t = Telling(ask)
    asked = read_day(ask.path["date"])
    if asked is None or asked.isoformat() != ask.path["date"]:
        return t.missing()
    told, claims = t.board.chosen(day=asked)
    view = t.reporter.day(asked, told, claims)
    w = t.words
    days = t.board.days
    numbers = _sources(view)
    return t.page(
        "situation_day.html",
        w.gettext("Report of %(date)s") % {"date": view.name},
        ", ".join(view.sums) or w.gettext("No figures are known."),
        day=view,
        numbers=numbers,
        around=[t.reporter.incident(each) for each in t.board.around(asked)],
        newer=t.named_day(min((each for each in days if each > asked), default=None)),
        older=t.named_day(max((each for each in days if each < asked), default=None)),
    )  # fmt: skip


async def speakers(ask: Ask) -> Response:
    """Show everybody who says something."""
    t = Telling(ask)
    rows = [(each.key, t.reporter.who(each), len(each.said)) for each in t.board.speakers.values()]
    rows.sort(key=lambda row: t.words.alphabetical(row[1]))
    return t.page(
        "situation_speakers.html",
        t.words.gettext("Who says what"),
        t.words.gettext("Everybody who is quoted, with what they say, claim and deny."),
        rows=rows,
        base="/situation/speakers/",
    )


async def speaker(ask: Ask) -> Response:
    """Show all that one voice says."""
    t = Telling(ask)
    found = t.board.speakers.get(ask.path["key"])
    if found is None:
        return t.missing()
    return statements(t, t.reporter.who(found), [found])


def statements(t: Telling, head: str, speakers: Sequence[Speaker]) -> Response:
    """Show what one voice or several of an organisation say: plans beside deeds, then all of it.

    Where another source says otherwise of the same incident, the two stand side by side.
    """
    said = sorted(
        (pair for each in speakers for pair in each.said),
        key=lambda pair: pair[0].order, reverse=True,
    )  # fmt: skip
    rows = t.reporter.said(said)
    keys = {each.key for each in speakers}
    about = {told.id: told for _, told in said if told is not None}
    pairs = [
        pair
        for told in about.values()
        for pair in t.reporter.pairs(told)
        if keys & {pair.one.key, pair.other.key}
    ]
    count = t.words.ngettext(
        "%(num)d statement is known.", "%(num)d statements are known.", len(rows)
    )
    plans = [row for row, _ in rows if row.planned]
    deeds = [row for row, _ in rows if row.statement and not row.planned and not row.denies]
    return t.page("situation_speaker.html", head, count, rows=rows, plans=plans,
                  deeds=deeds if plans else [], pairs=pairs)  # fmt: skip


async def outage(ask: Ask) -> Response:
    """Show one outage as people were told of it; its address stays good for ever."""
    t = Telling(ask)
    found = outage_of(ask.house, ask.path["outage"])
    if found is None:
        return t.missing()
    view = crier_of(ask.house, t.words, t.now).outage(found)
    return t.page(
        "situation_outage.html", f"{view.service}: {view.places}",
        t.words.gettext("It is out.") if view.is_open else t.words.gettext("It is back."),
        o=view,
        turns_at=found.expected_end if view.is_open and found.expected_end and
        found.expected_end > t.now else None,
    )  # fmt: skip


def _recent(
    days_of_incidents: list[date], days_of_claims: list[date], before: date | None
) -> tuple[set[date], list[date]]:
    """Return the days to show, whole, and the earlier ones, the latest first."""
    ordered = sorted({*days_of_incidents, *days_of_claims}, reverse=True)
    if before is not None:
        ordered = [each for each in ordered if each < before]
    shown: set[date] = set()
    count = 0
    for each in ordered:
        if shown and count >= SHOWN:
            break
        shown.add(each)
        count += days_of_incidents.count(each)
        count += days_of_claims.count(each) // 4  # a line, where an incident is four
    return shown, [each for each in ordered if each not in shown]


def _sources(view: DayView) -> dict[str, int]:
    """Return the day's sources, numbered as they come on the page."""
    said: list[Said] = []
    for group in view.groups:
        for each in group.incidents:
            said += (*each.said, *each.rest)
        said += group.services
    said += view.statements
    return {origin: number for number, origin in enumerate(
        dict.fromkeys(each.origin for each in said), 1)}  # fmt: skip


def _name(t: Telling, region: str | None) -> str:
    return t.ask.house.service.world.tree[region].name(t.language) if region else ""


def _line(path: str, name: str, summary: str, handler: Handler) -> Endpoint:
    return Endpoint(
        method="GET", path=path, name=name, summary=summary, permission=Permission.PUBLIC,
        handler=handler, media="text/html", past=True,
    )  # fmt: skip


PAGES: tuple[Endpoint, ...] = (
    _line("/situation", "page-situation", "What is out, what is known, by day and region.",
          situation),
    _line("/situation/outages/{outage}", "page-situation-outage",
          "One outage: since when, how much is back, who says so.", outage),
    _line("/situation/speakers", "page-situation-speakers", "Everybody who says something.",
          speakers),
    _line("/situation/speakers/{key}", "page-situation-speaker", "All that one voice says.",
          speaker),
    _line("/situation/day/{date}", "page-situation-day", "One day's report, to be printed.",
          day),
    _line("/situation/{public_id}", "page-situation-incident", "One incident with its history.",
          incident),
)  # fmt: skip
"""The paths without a parameter stand before the one that takes any name."""
