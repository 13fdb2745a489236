"""What is on record: alerts and their lives, the journal, regions, hand-over, proposals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.responses import Response

from tocsin.checks.identity import Permission
from tocsin.core.alert import Audience
from tocsin.core.refusals import Refusal, Rule
from tocsin.projections.regions import RegionLine
from tocsin.web.console.frame import line, not_there, show
from tocsin.web.console.speech import Speech
from tocsin.web.console.told import Told, or_nothing, told
from tocsin.web.console.views import Teller
from tocsin.web.endpoint import Ask, Endpoint
from tocsin.web.public.pages import site_of

FILTERS = ("kind", "alert", "account", "region", "since", "until")
LINES_A_PAGE = 100
BACK = timedelta(days=7)
"""How far a region's history looks back."""
LINES_OF_HISTORY = 200


async def alert(ask: Ask) -> Response:
    """Show one alert as the desk knows it: revisions, words, reach, delays, who decided."""
    name = ask.path["id"]
    known = ask.house.service.resolve(name)
    if known is None:
        return not_there(ask, Refusal(Rule.UNKNOWN_ALERT, "/id", "No alert has this name."))
    ask.request.path_params["id"] = known  # a handle is as good as an id
    found = await told(ask, "/api/v1/alerts/{id}")
    if isinstance(found, Refusal):
        return not_there(ask, found)
    return show(
        ask, "alert.html", alert=found,
        revisions=or_nothing(await told(ask, "/api/v1/alerts/{id}/revisions")),
        report=or_nothing(await told(ask, "/api/v1/alerts/{id}/report")),
        reach=or_nothing(await told(ask, "/api/v1/alerts/{id}/reach")),
        notes=or_nothing(await told(ask, "/api/v1/notes", alert=known)).get("notes", []),
        plan=or_nothing(await told(ask, "/api/v1/alerts/{id}/plan")),
    )  # fmt: skip


async def journal(ask: Ask) -> Response:
    """Show the journal's rows that a filter lets through, the latest first."""
    given = {name: ask.request.query_params.get(name, "").strip()[:100] for name in FILTERS}
    asked = {**given, **{name: _zoned(ask, given[name]) for name in ("since", "until")}}
    found = await told(
        ask, "/api/v1/journal", limit=LINES_A_PAGE,
        cursor=ask.request.query_params.get("cursor"), **asked,
    )  # fmt: skip
    refusal = found if isinstance(found, Refusal) else None
    if refusal is not None and refusal.rule is Rule.NOT_ALLOWED:
        return not_there(ask, refusal)
    return show(
        ask, "journal.html", journal=or_nothing(found), given=given, refusal=refusal,
        exported={name: value for name, value in asked.items() if value},
    )  # fmt: skip


async def hand_over(ask: Ask) -> Response:
    """Show the notes for the next shift, and a draft of the facts for one's own."""
    desk = await told(ask, "/api/v1/desk")
    if isinstance(desk, Refusal):
        return not_there(ask, desk)
    notes = or_nothing(await told(ask, "/api/v1/notes"))
    return show(
        ask, "handover.html", desk=desk, notes=notes.get("notes", []), draft=_draft(ask, desk)
    )


async def region(ask: Ask) -> Response:
    """Show what a region was under, as a list over time, and the alerts that did it."""
    service = ask.house.service
    geocode = service.world.tree.find(ask.path["geocode"])
    if geocode is None:
        return not_there(ask, Refusal(Rule.UNKNOWN_REGION, "/geocode", "No region has this code."))
    found = await told(
        ask, "/api/v1/alerts", region=[geocode],
        since=(service.clock.now() - BACK).isoformat(), limit=LINES_OF_HISTORY,
    )  # fmt: skip
    if isinstance(found, Refusal):
        return not_there(ask, found)
    alerts = found.get("alerts", [])
    turns = await _turns(ask, geocode, alerts)
    return show(ask, "region.html", geocode=geocode, alerts=alerts, turns=turns, days=BACK.days)


async def proposals(ask: Ask) -> Response:
    """Show what waits for a second person, then what was answered in the last day."""
    found = await told(ask, "/api/v1/proposals")
    if isinstance(found, Refusal):
        return not_there(ask, found)
    return show(
        ask, "proposals.html", proposals=found.get("proposals", []), one=None, people=_people(ask)
    )


async def proposal(ask: Ask) -> Response:
    """Show one proposal whole: what people would read, the reason, the checks."""
    found = await told(ask, "/api/v1/proposals/{id}")
    if isinstance(found, Refusal):
        return not_there(ask, found)
    return show(ask, "proposals.html", proposals=[found], one=found, people=_people(ask))


def _people(ask: Ask) -> Callable[[int], str]:
    """Return how the reader's language says a number of people."""
    site = site_of(ask)
    return Teller(site.service, site.words[site.language(ask.request)]).people


@dataclass(frozen=True, slots=True)
class Turn:
    """A region turned: from when on what held for a hazard."""

    at: datetime
    hazard: str
    state: str


async def _turns(ask: Ask, geocode: str, alerts: list[Told]) -> list[Turn]:
    """Return when the region's state turned, the latest first.

    States turn at moments of its alerts only, so those moments are asked for, each with what held
    just after it; one that says the same as the one before is left out.
    """
    service = ask.house.service
    now = service.clock.now()
    moments: set[datetime] = set()
    for each in alerts:
        moments.update(
            view.alert.ended or view.alert.sent for view in service.revisions(str(each["id"]))
        )
        moments.add(datetime.fromisoformat(str(each["sent"])))
    if not moments:
        return []
    regions = await service.past(min(moments), Audience.PUBLIC)
    turns: list[Turn] = []
    held: dict[str, str] = {}
    for at in sorted(moments):
        if at > now:
            continue
        lines: dict[str, RegionLine] = {each.hazard: each for each in regions.line(geocode, at)}
        for hazard in held.keys() | lines.keys():
            state = lines[hazard].state.value if hazard in lines else "none"
            if held.get(hazard, "none") != state:
                turns.append(Turn(at, hazard, state))
            held[hazard] = state
    return turns[::-1]


def _draft(ask: Ask, desk: Told) -> str:
    """Return the facts of the moment as plain text: what the next shift must know."""
    site = site_of(ask)
    words = site.words[site.language(ask.request)]
    say, _ = Speech(site.service, words), words.gettext
    found: list[str] = []
    for title, rows in (
        (_("In force"), desk.get("in_force") or []),
        (_("Ran out without an all-clear"), desk.get("ran_out") or []),
    ):
        found.append(f"{title}: {len(rows)}")
        found += [
            f"- {say.hazard(row['hazard'])}, {say.regions(row.get('regions') or [])}"
            f" ({row['handle']}), {_('since %(when)s') % {'when': say.when(row['sent'])}}"
            for row in rows
        ]
    waiting = desk.get("waiting") or []
    found.append(f"{_('Waiting for a second person')}: {len(waiting)}")
    found += [
        f"- {say.hazard(row['hazard'])}, {say.regions(row.get('regions') or [])} ({row['handle']})"
        for row in waiting
    ]
    return "\n".join(found) + "\n"


def _zoned(ask: Ask, typed: str) -> str:
    """Return a time typed without a zone (as date fields give it) in the profile's zone."""
    if not typed:
        return ""
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        return typed
    if at.tzinfo is not None:
        return typed
    site = site_of(ask)
    return at.replace(tzinfo=site.words[site.language(ask.request)].zone).isoformat()


PAGES: tuple[Endpoint, ...] = (
    line("/console/alerts/{id}", "page-alert", "One alert, whole.", Permission.VIEW, alert),
    line("/console/journal", "page-journal", "The journal.", Permission.VIEW, journal),
    line("/console/hand-over", "page-hand-over", "Notes between shifts.",
         Permission.VIEW, hand_over),
    line("/console/regions/{geocode}", "page-region-history", "A region's history.",
         Permission.VIEW, region),
    line("/console/proposals", "page-proposals", "Proposals.", Permission.VIEW, proposals),
    line("/console/proposals/{id}", "page-one-proposal", "One proposal.",
         Permission.VIEW, proposal),
)  # fmt: skip
