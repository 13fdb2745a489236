"""The desk's pages: inbox, report, incidents, incident (UX section 7, D1 and D2).

Everything is read as the API tells it, whole and without a script; what changes something goes
through the API by the page's script. A report is never an alert: nothing here can issue one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from starlette.responses import Response

from tocsin.checks.identity import Permission
from tocsin.core.incidents import Incident
from tocsin.core.publication import top_region
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats.api import plain_words, prose
from tocsin.web.console.frame import line, not_there
from tocsin.web.console.told import Told, or_nothing, told
from tocsin.web.desk import infra_links, infra_show, place, spans, timeline
from tocsin.web.desk.files import LINES
from tocsin.web.desk.frame import choices, show
from tocsin.web.endpoint import Ask, Endpoint
from tocsin.web.public.pages import site_of

FILTERS = ("open", "region", "day")
CAUSES = {
    "strike": "strike", "explosion": "explosion", "outage": "outage", "restoration": "outage",
}  # fmt: skip
"""What an incident is that a draft of that kind opens, the first that its event has."""


async def inbox(ask: Ask) -> Response:
    """Show the reports that wait, the feeds, and the form that takes a report in."""
    query = ask.request.query_params
    state = query.get("state", "waiting")
    if state not in ("waiting", "done", "all"):
        state = "waiting"
    found = await told(ask, "/api/v1/reports", state=state, cursor=query.get("cursor"))
    if isinstance(found, Refusal):
        return not_there(ask, found)
    feeds = ask.house.shared.get("feeds")
    return show(
        ask, "desk/inbox.html", reports=found["reports"], cursor=found["cursor"], shown=state,
        feeds=list(feeds.feeds) if feeds is not None else [],
    )  # fmt: skip


async def report(ask: Ask) -> Response:
    """Show a report's text, every found part underlined, beside its drafts."""
    found = await told(ask, "/api/v1/reports/{id}")
    if isinstance(found, Refusal):
        return not_there(ask, found)
    drafts, entered = found["drafts"], _entered(ask)
    usual = {
        each["event"]: entered[each["name"]]["incident"] for each in drafts
        if each["event"] and each["name"] in entered and entered[each["name"]]["incident"]
    }  # fmt: skip
    known = choices(ask)
    return show(
        ask, "desk/report.html", report=found["report"], drafts=drafts,
        erased=found["text"] is None,
        runs=spans.runs(found["text"] or "", spans.marks(drafts)),
        quotes=[_quote(each, number) for number, each in enumerate(drafts, 1)],
        numbers={each["name"]: number for number, each in enumerate(drafts, 1)},
        entered=entered, usual=usual, choices=known, cause=_causes(drafts),
        labels={each["id"]: each["name"] for each in known},
        said_at=_said_at(ask, found["report"]["published"]),
        copy_of=_report_named(ask, found["copy_of"]), again="again" in ask.request.query_params,
    )  # fmt: skip


async def incidents(ask: Ask) -> Response:
    """Show incidents, by region and day, and the form that opens one."""
    query = ask.request.query_params
    given = {name: query.get(name, "").strip()[:100] for name in FILTERS}
    found = await told(ask, "/api/v1/incidents", cursor=query.get("cursor"), **given)
    refusal = found if isinstance(found, Refusal) else None
    if refusal is not None and refusal.rule not in (Rule.UNKNOWN_REGION, Rule.BAD_VALUE):
        return not_there(ask, refusal)
    rows = or_nothing(found)
    return show(
        ask, "desk/incidents.html", incidents=rows.get("incidents") or [], given=given,
        cursor=rows.get("cursor"), refusal=refusal,
    )  # fmt: skip


async def incident(ask: Ask) -> Response:
    """Show all that is known of one incident, and what people see of it and from when."""
    found = await told(ask, "/api/v1/incidents/{id}")
    if isinstance(found, Refusal):
        return not_there(ask, found)
    found["claims"].sort(key=lambda each: (each["claim"]["known_since"], each["claim"]["id"]))
    ledger = ask.house.service.ledger
    one = ledger.incidents[found["id"]]
    known = choices(ask)
    return show(
        ask, "desk/incident.html", incident=found,
        pairs=or_nothing(await told(ask, "/api/v1/incidents/{id}/contradictions"))["pairs"] or [],
        preview=or_nothing(await told(ask, "/api/v1/incidents/{id}/preview")),
        turns=timeline.turns(ledger, one),
        region=top_region(ask.house.service.world.tree, one.where.geocode),
        map=place.shown(site_of(ask), one.where),
        guidance=_guidance(ask, one), choices=known, i=infra_show.infra_words(ask),
        beside=await infra_links.beside(ask, one),
        labels={each["id"]: each["name"] for each in choices(ask, roots=False)},
        claims={each["claim"]["id"]: each for each in found["claims"]},
        reports=_sources(ask, found["claims"]),
        is_mine=_is_mine(ask, one),
        root=next((each for each in known if each["id"] == ledger.root(one.id)), None)
        if one.same_as is not None else None,
    )  # fmt: skip


# -- inside --------------------------------------------------------------------------------------


def _entered(ask: Ask) -> dict[str, dict[str, Any]]:
    """Return what became of a report's confirmed drafts: the claim and its incident, by draft."""
    ledger, report_id = ask.house.service.ledger, ask.path["id"]
    found: dict[str, dict[str, Any]] = {}
    for claim in ledger.claims.values():
        if claim.saying.report_id != report_id or not claim.saying.draft:
            continue
        root = ledger.root(claim.incident_id) if claim.incident_id is not None else None
        found[claim.saying.draft] = {"claim": claim.id, "incident": root}
    return found


def _causes(drafts: list[Told]) -> dict[str, str]:
    """Return the kind of incident that each draft would open, by its name: its event's kind."""
    kinds: dict[str, set[str]] = {}
    for each in drafts:
        kinds.setdefault(each["event"] or each["name"], set()).add(each["saying"]["kind"])
    first = {
        event: next((cause for kind, cause in CAUSES.items() if kind in found), "")
        for event, found in kinds.items()
    }
    return {each["name"]: first[each["event"] or each["name"]] for each in drafts}


def _quote(draft: Mapping[str, Any], number: int) -> list[spans.Run]:
    """Return a draft's quote with its own marks."""
    quote = draft["quote"]
    marked = [(start, end, part, number) for start, end, part, _ in spans.marks(
        [draft], quote["start"]) if part != "quote"]  # fmt: skip
    return spans.runs(quote["text"], marked)


def _said_at(ask: Ask, published: str) -> str:
    """Return when a report says what it says: at noon of its day, as its drafts have it."""
    if not published:
        return ""
    service = ask.house.service
    zone = site_of(ask).words[site_of(ask).language(ask.request)].zone
    noon = datetime.combine(date.fromisoformat(published), time(12), zone)
    return min(noon, service.clock.now()).isoformat()


def _guidance(ask: Ask, one: Incident) -> list[dict[str, Any]]:
    """Return what people were told to avoid or do because of an incident, the latest first."""
    service = ask.house.service
    held = [each for each in service.ledger.guidance.values() if each.incident_id == one.id]
    return [
        {"id": each.id, "at": each.at, "ended_at": each.ended_at, "by": each.by,
         "regions": list(each.area.regions), "text": plain_words(service.text(each.words))}
        for each in reversed(held)
    ]  # fmt: skip


def _sources(ask: Ask, claims: list[Told]) -> dict[str, str]:
    """Return what the reports are called that the claims were taken from."""
    known = ask.house.service.ledger.reports
    wanted = {each["report"] for each in claims if each["report"]}
    return {each: known[each].title or known[each].outlet for each in wanted if each in known}


def _report_named(ask: Ask, report_id: str | None) -> dict[str, str] | None:
    """Return another report by its id, as a link names it; None for none."""
    found = ask.house.service.ledger.reports.get(report_id or "")
    if found is None:
        return None
    return {"id": found.id, "name": prose(found.title or found.outlet), "outlet": found.outlet}


def _is_mine(ask: Ask, one: Incident) -> bool:
    """Say whether whoever reads this asked for the shorter embargo himself."""
    warrant = ask.identity.warrant
    return one.asked is not None and warrant is not None and warrant.account == one.asked.account


PAGES: tuple[Endpoint, ...] = (
    line("/desk", "page-inbox", "Reports that wait, and feeds.", Permission.VIEW, inbox),
    line("/desk/reports/{id}", "page-report", "A report beside its drafts.",
         Permission.VIEW, report),
    line("/desk/incidents", "page-incidents", "Incidents.", Permission.VIEW, incidents),
    line("/desk/incidents/{id}", "page-incident", "One incident, whole.",
         Permission.VIEW, incident),
    *LINES,
)  # fmt: skip
