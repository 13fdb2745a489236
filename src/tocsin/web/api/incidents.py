"""Incidents and claims as the desk keeps them: opened, corrected, linked, held back.

The rules are the core's; here is the door. Everything that is entered stays, a correction adds.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from tocsin.checks.text import prose_refusal
from tocsin.core import ledger_commands as lc
from tocsin.core.alert import Audience
from tocsin.core.authority import Permission
from tocsin.core.claims import Claim
from tocsin.core.incidents import Incident
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.tally import BESIDE
from tocsin.formats import ledger as bodies
from tocsin.web.api import alerts, asks, ledgerasks
from tocsin.web.api.ledgerasks import Texts
from tocsin.web.api.ledgerbodies import (
    claim_body,
    embargo_body,
    incident_body,
    incident_of,
    preview_body,
    words_of,
)
from tocsin.web.api.staff import is_confirmed
from tocsin.web.api.writing import request_key
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

BASE = "/api/v1"
NO_STORE = {"Cache-Control": "no-store"}
SHORTEST = timedelta(microseconds=1)
"""An end is exclusive: what ends at midnight was over the day before."""


class IncidentsQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which incidents, the latest first."""

    region: Annotated[asks.Name | None, Meta(description="Geocode or alias.")] = None
    day: Annotated[
        Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None,
        Meta(description="A local day of the profile."),
    ] = None
    open: Annotated[bool | None, Meta(description="Only those where search goes on.")] = None
    limit: Annotated[int, Meta(ge=1, le=500)] = 100
    cursor: Annotated[asks.Name | None, Meta(description="The last id seen.")] = None


class IncidentRow(Struct, frozen=True, kw_only=True):
    """An incident in a list."""

    id: str
    handle: str
    kind: str
    site: str
    where: bodies.DeskWhereBody
    when: bodies.WhenBody
    title: dict[str, str]
    is_open: bool
    stage: str
    due: datetime | None
    tallies: list[bodies.TallyBody]
    claims: int
    same_as: str | None


class IncidentsBody(Struct, frozen=True, kw_only=True):
    """Incidents, the latest first; ``cursor`` leads on, null at the end."""

    incidents: list[IncidentRow]
    cursor: str | None


class TellingBody(Struct, frozen=True, kw_only=True):
    """What people will see, and from when."""

    due: datetime | None
    public: bodies.IncidentBody | None


class PairBody(Struct, frozen=True, kw_only=True):
    """Two claims of one incident that cannot both be right as they stand."""

    measure: str
    one: bodies.DeskClaimBody
    other: bodies.DeskClaimBody


class PairsBody(Struct, frozen=True, kw_only=True):
    """Contradictions, two columns."""

    pairs: list[PairBody]


async def incidents(ask: Ask) -> Answer | Refusal:
    """Return incidents."""
    query: IncidentsQuery = ask.query
    service = ask.house.service
    tree = service.world.tree
    code = tree.find(query.region) if query.region is not None else None
    if query.region is not None and code is None:
        return Refusal(Rule.UNKNOWN_REGION, "/region", "The profile has no such region.")
    if query.day is not None and not _is_day(query.day):
        return Refusal(Rule.BAD_VALUE, "/day", "There is no such day.")
    found = [
        each
        for each in sorted(service.ledger.incidents.values(), key=_newest, reverse=True)
        if (query.open is None or each.is_open is query.open)
        and (code is None or code in set(tree.upward(each.where.geocode)))
        and (query.day is None or _is_on(ask, each, query.day))
    ]
    if query.cursor is not None:
        last = service.ledger.incidents.get(query.cursor)
        if last is None:
            return Refusal(Rule.BAD_VALUE, "/cursor", "Send `cursor` of the page before.")
        found = [each for each in found if _newest(each) < _newest(last)]
    page = found[: query.limit]
    more = len(found) > len(page)
    body = IncidentsBody(incidents=_rows(ask, page), cursor=page[-1].id if more else None)
    return Answer(body, headers=NO_STORE)


async def incident(ask: Ask) -> Answer | Refusal:
    """Return one incident, by id or handle."""
    found = _named(ask)
    return found if isinstance(found, Refusal) else _answer(ask, found)


async def preview(ask: Ask) -> Answer | Refusal:
    """Return what people will see of an incident, and from when."""
    found = _named(ask)
    if isinstance(found, Refusal):
        return found
    service = ask.house.service
    body = TellingBody(
        due=incident_body(ask.house, found).embargo.due,
        public=preview_body(service, found, service.clock.now()),
    )
    return Answer(body, headers=NO_STORE)


async def contradictions(ask: Ask) -> Answer | Refusal:
    """Return pairs of claims of an incident whose figures exclude each other, or a denial."""
    found = _named(ask)
    if isinstance(found, Refusal):
        return found
    rows = [each for each in incident_body(ask.house, found).claims if each.is_latest]
    rows = [each for each in rows if each.claim.standing == "stands"]
    pairs = [
        PairBody(measure=measure, one=one, other=other)
        for number, one in enumerate(rows)
        for other in rows[number + 1 :]
        if (measure := _apart(one.claim, other.claim)) is not None
    ]
    return Answer(PairsBody(pairs=pairs), headers=NO_STORE)


async def open_(ask: Ask) -> Answer | Refusal:
    """Open an incident."""
    texts: Texts = {}
    command = opening(ask, ask.body, texts, "")
    if isinstance(command, Refusal):
        return command
    return await _done(ask, command, texts, status=201)


async def change(ask: Ask) -> Answer | Refusal:
    """Say better what an incident is."""
    body: ledgerasks.ChangeAsk = ask.body
    found = _named(ask)
    if isinstance(found, Refusal):
        return found
    world, texts = ask.house.service.world, Texts()
    place = ledgerasks.where(world, body.where, "/where") if body.where is not None else None
    time = ledgerasks.when(body.when, "/when") if body.when is not None else None
    title = ledgerasks.words(world, body.title, "/title", texts) if body.title is not None else None
    for part in (place, time, title, prose_refusal(body.reason, "/reason")):
        if isinstance(part, Refusal):
            return part
    command = lc.ChangeIncident(
        incident_id=found.id, kind=body.kind, site=body.site,
        where=place,  # type: ignore[arg-type]  # refusals have left
        when=time,  # type: ignore[arg-type]
        title=title,  # type: ignore[arg-type]
        is_open=body.is_open, reason=body.reason,
    )  # fmt: skip
    return await _done(ask, command, texts, of=found.id)


async def enter(ask: Ask) -> Answer | Refusal:
    """Enter a claim by hand."""
    body: ledgerasks.EnterAsk = ask.body
    world, texts = ask.house.service.world, Texts()
    saying = ledgerasks.saying(world, body.saying, texts)
    opens = opening(ask, body.open, texts, "/open") if body.open is not None else None
    for part in (one_of(body), saying, opens):
        if isinstance(part, Refusal):
            return part
    command = lc.EnterClaim(
        saying=saying,  # type: ignore[arg-type]  # refusals have left
        incident_id=id_of(ask, body.incident),
        opens=opens,  # type: ignore[arg-type]
    )
    return await claim_entered(ask, command, texts)


async def correct(ask: Ask) -> Answer | Refusal:
    """Say right what was entered wrong; both stay."""
    body: ledgerasks.CorrectAsk = ask.body
    service = ask.house.service
    texts = Texts()
    saying = ledgerasks.saying(service.world, body.saying, texts)
    if isinstance(saying, Refusal):
        return saying
    if (refused := prose_refusal(body.reason, "/reason")) is not None:
        return refused
    old = service.ledger.claims.get(ask.path["id"])
    if old is not None:  # what it was taken from stays what it was taken from
        source = old.saying
        saying = replace(saying, report_id=source.report_id, draft=source.draft, quote=source.quote)
    command = lc.CorrectClaim(claim_id=ask.path["id"], saying=saying, reason=body.reason)
    return await claim_entered(ask, command, texts)


async def retract(ask: Ask) -> Answer | Refusal:
    """Say that a claim no longer stands."""
    body: ledgerasks.WhyAsk = ask.body
    if (refused := prose_refusal(body.reason, "/reason")) is not None:
        return refused
    return await claim_entered(
        ask, lc.RetractClaim(claim_id=ask.path["id"], reason=body.reason), {}, status=200
    )


async def move(ask: Ask) -> Answer | Refusal:
    """Put a claim to another incident, or to none."""
    body: ledgerasks.MoveAsk = ask.body
    if (refused := prose_refusal(body.reason, "/reason")) is not None:
        return refused
    command = lc.MoveClaim(
        claim_id=ask.path["id"], incident_id=id_of(ask, body.incident), reason=body.reason
    )
    return await claim_entered(ask, command, {}, status=200)


async def erase(ask: Ask) -> Answer | Refusal:
    """Erase a claim's quote; the entry stays."""
    body: ledgerasks.WhyAsk = ask.body
    if (refused := prose_refusal(body.reason, "/reason")) is not None:
        return refused
    command = lc.EraseWords(claim_id=ask.path["id"], reason=body.reason)
    return await claim_entered(ask, command, {}, status=200)


async def link(ask: Ask) -> Answer | Refusal:
    """Say how an incident belongs to another, or take that back."""
    body: ledgerasks.LinkAsk = ask.body
    found = _named(ask)
    if isinstance(found, Refusal):
        return found
    if (refused := prose_refusal(body.reason, "/reason")) is not None:
        return refused
    command = lc.LinkIncidents(
        kind=body.kind, one=found.id, other=id_of(ask, body.other) or body.other,
        reason=body.reason, undo=body.undo,
    )  # fmt: skip
    answer = await _done(ask, command, {}, of=found.id)
    if isinstance(answer, Refusal) and answer.field == "/one":  # the path names it
        return replace(answer, field="/id")
    return answer


async def embargo(ask: Ask) -> Answer | Refusal:
    """Hold an incident back for longer; ask for less, and it waits for a second person."""
    body: ledgerasks.EmbargoAsk = ask.body
    found = _named(ask)
    if isinstance(found, Refusal):
        return found
    refused = prose_refusal(body.reason, "/reason") or ledgerasks.kept_time(body.until, "/until")
    if refused is not None:
        return refused
    until = body.until.astimezone(UTC) if body.until is not None else None
    command = lc.SetEmbargo(incident_id=found.id, until=until, reason=body.reason)
    return await _done(ask, command, {}, of=found.id)


async def agree(ask: Ask) -> Answer | Refusal:
    """Agree, as a second person, to a shorter embargo."""
    body: ledgerasks.AgreeAsk = ask.body
    found = _named(ask)
    if isinstance(found, Refusal):
        return found
    command = lc.ApproveEmbargo(incident_id=found.id, ask_id=body.ask, confirmed=is_confirmed(ask))
    return await _done(ask, command, {}, of=found.id)


async def announce(ask: Ask) -> Answer | Refusal:
    """Let people know region and hour of what the authority itself has released."""
    found = _named(ask)
    if isinstance(found, Refusal):
        return found
    return await _done(ask, lc.AnnounceIncident(incident_id=found.id), {}, of=found.id)


# -- the road ------------------------------------------------------------------------------------


def one_of(body: ledgerasks.ConfirmAsk | ledgerasks.EnterAsk) -> Refusal | None:
    """Refuse a claim that is put to a known incident and to a new one."""
    if body.incident is None or body.open is None:
        return None
    return Refusal(Rule.BAD_VALUE, "/open", "Name an incident or open one, not both.")


def opening(
    ask: Ask, asked: ledgerasks.OpenAsk, texts: Texts, field: str
) -> lc.OpenIncident | Refusal:
    """Return the command that opens an incident, its title put into ``texts``."""
    world = ask.house.service.world
    place = ledgerasks.where(world, asked.where, f"{field}/where")
    time = ledgerasks.when(asked.when, f"{field}/when")
    title = ledgerasks.words(world, asked.title, f"{field}/title", texts)
    if isinstance(place, Refusal):
        return place
    if isinstance(time, Refusal):
        return time
    if isinstance(title, Refusal):
        return title
    return lc.OpenIncident(kind=asked.kind, site=asked.site, where=place, when=time, title=title)


async def claim_entered(
    ask: Ask, command: lc.LedgerCommand, texts: Texts, *, status: int = 201
) -> Answer | Refusal:
    """Ask the service, and answer with the claim as it is then."""
    made = await _recorded(ask, command, texts)
    if isinstance(made, Refusal):
        return ledgerasks.in_request(made)
    service = ask.house.service
    claim = service.ledger.claims.get(made or ask.path.get("id", ""))
    if claim is None:
        claim = service.ledger.claims.get(ask.path.get("id", ""))
    if claim is None:
        return Refusal(Rule.UNKNOWN_CLAIM, "/id", "No claim of that id is known here.")
    return Answer(claim_body(ask.house, claim), status, headers=NO_STORE)


async def _done(
    ask: Ask, command: lc.LedgerCommand, texts: Texts, *, of: str = "", status: int = 200
) -> Answer | Refusal:
    made = await _recorded(ask, command, texts)
    if isinstance(made, Refusal):
        return made
    found = ask.house.service.ledger.incidents[of or made]
    return _answer(ask, found, status)


async def _recorded(ask: Ask, command: lc.LedgerCommand, texts: Texts) -> str | Refusal:
    """Ask the service; return the id of what was made or changed, empty where nothing was."""
    key = request_key(ask)
    if isinstance(key, Refusal):
        return key
    outcome = await ask.house.service.submit(
        command, key=key, warrant=ask.identity.warrant, texts=texts
    )
    return outcome if isinstance(outcome, Refusal) else outcome.alert_id or ""


def _named(ask: Ask) -> Incident | Refusal:
    found = incident_of(ask.house.service, ask.path["id"])
    if found is None:
        return Refusal(Rule.UNKNOWN_INCIDENT, "/id", "No incident of that name is known here.")
    return found


def id_of(ask: Ask, name: str | None) -> str | None:
    """Return the id of an incident named by id or handle; the name itself where it is unknown."""
    if name is None:
        return None
    found = incident_of(ask.house.service, name)
    return name if found is None else found.id


def _answer(ask: Ask, found: Incident, status: int = 200) -> Answer:
    return Answer(incident_body(ask.house, found), status, headers=NO_STORE)


def _rows(ask: Ask, page: list[Incident]) -> list[IncidentRow]:
    """Return incidents for a list: the claims are gone through once, and no quote is opened."""
    service = ask.house.service
    claims: dict[str, list[Claim]] = {each.id: [] for each in page}
    for claim in service.ledger.claims.values():
        if claim.incident_id is not None:
            held = claims.get(service.ledger.root(claim.incident_id))
            if held is not None:
                held.append(claim)
    return [
        IncidentRow(
            id=each.id, handle=each.handle, kind=each.kind, site=each.site,
            where=bodies.desk_where_body(each.where), when=bodies.when_body(each.when),
            title=dict(words_of(service)(each.title)), is_open=each.is_open, stage=each.stage,
            due=embargo_body(service, each).due,
            tallies=bodies.tally_bodies(claims[each.id], str), claims=len(claims[each.id]),
            same_as=each.same_as,
        )
        for each in page
    ]  # fmt: skip


def _newest(found: Incident) -> tuple[datetime, str]:
    return found.when.start, found.id


def _is_day(day: str) -> bool:
    try:
        return bool(date.fromisoformat(day))
    except ValueError:
        return False


def _is_on(ask: Ask, found: Incident, day: str) -> bool:
    zone = ZoneInfo(ask.house.service.world.time_zone)
    first = found.when.start.astimezone(zone).date().isoformat()
    last = (found.when.end - SHORTEST).astimezone(zone).date().isoformat()
    return first <= day <= last


def _apart(one: bodies.ClaimBody, other: bodies.ClaimBody) -> str | None:
    """Return the measure in which two claims exclude each other; ``denied`` for a denial."""
    denied = {each.hedge == "denied" for each in (one, other)}
    if denied == {True, False} and one.kind == other.kind:
        return "denied"
    if one.hedge in BESIDE or other.hedge in BESIDE:
        return None
    for figure in one.figures:
        for another in other.figures:
            if (figure.measures, figure.what) != (another.measures, another.what):
                continue
            if figure.is_part or another.is_part:
                continue
            top = [each.high for each in (figure, another)]
            if (top[0] is not None and top[0] < another.low) or (
                top[1] is not None and top[1] < figure.low
            ):
                return figure.measures[0]
    return None


VIEW, SITUATION = Permission.VIEW, Permission.SITUATION
DESK = Audience.DESK
KNOWN = (Rule.UNKNOWN_INCIDENT, Rule.OUTSIDE_JURISDICTION, Rule.WRONG_ROOM, *alerts.KEYED)
OF_CLAIM = (Rule.UNKNOWN_CLAIM, Rule.CLAIM_ENDED, Rule.REASON_MISSING, Rule.CONTROL_CHARACTER,
            Rule.OUTSIDE_JURISDICTION, Rule.WRONG_ROOM, *alerts.KEYED)  # fmt: skip
SAID = (
    Rule.SOURCE_MISSING, Rule.UNKNOWN_REPORT, Rule.UNKNOWN_REGION, Rule.POSITION_OUT_OF_RANGE,
    Rule.TIME_IN_FUTURE, Rule.ENDS_BEFORE_START, Rule.CONTROL_CHARACTER,
)  # fmt: skip
PLACED = (Rule.UNKNOWN_REGION, Rule.POSITION_OUT_OF_RANGE, Rule.TIME_IN_FUTURE,
          Rule.ENDS_BEFORE_START, Rule.CONTROL_CHARACTER)  # fmt: skip


def _post(  # noqa: PLR0913, PLR0917  # a line of the table, told in its order
    path: str, name: str, summary: str, handler: object, request: type[Struct], response: object,
    refusals: tuple[Rule, ...], status: int = 200, description: str = "",
) -> Endpoint:  # fmt: skip
    return Endpoint(
        method="POST", path=f"{BASE}{path}", name=name, summary=summary, description=description,
        permission=SITUATION, roomed=True, request=request, query=NoQuery, response=response,
        status=status,
        handler=handler,  # type: ignore[arg-type]  # each is an async handler
        refusals=tuple(dict.fromkeys(refusals)), audience=DESK, headers=NO_STORE,
    )  # fmt: skip


INCIDENT, CLAIM = bodies.DeskIncidentBody, bodies.DeskClaimBody

LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/incidents", name="list-incidents",
        summary="Return incidents as the desk knows them, the latest first",
        permission=VIEW, query=IncidentsQuery, response=IncidentsBody, handler=incidents, past=True,
        refusals=(Rule.UNKNOWN_REGION, Rule.BAD_VALUE), audience=DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/incidents/{{id}}", name="get-incident",
        summary="Return one incident, by id or handle",
        permission=VIEW, query=NoQuery, response=INCIDENT, handler=incident, past=True,
        refusals=(Rule.UNKNOWN_INCIDENT,), audience=DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/incidents/{{id}}/preview", name="preview-incident",
        summary="Return what people will see of an incident, and from when",
        permission=VIEW, query=NoQuery, response=TellingBody, handler=preview, past=True,
        refusals=(Rule.UNKNOWN_INCIDENT,), audience=DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/incidents/{{id}}/contradictions", name="contradictions",
        summary="Return pairs of claims that cannot both be right as they stand",
        permission=VIEW, query=NoQuery, response=PairsBody, handler=contradictions, past=True,
        refusals=(Rule.UNKNOWN_INCIDENT,), audience=DESK, headers=NO_STORE,
    ),
    _post("/incidents", "open-incident", "Open an incident", open_, ledgerasks.OpenAsk, INCIDENT,
          (*PLACED, *KNOWN), 201),
    _post("/incidents/{id}", "change-incident", "Say better what an incident is", change,
          ledgerasks.ChangeAsk, INCIDENT, (*PLACED, Rule.EMBARGO_HOLDS, *KNOWN)),
    _post("/claims", "enter-claim", "Enter a claim by hand", enter, ledgerasks.EnterAsk, CLAIM,
          (*SAID, Rule.INCIDENT_MISSING, Rule.EMBARGO_HOLDS, *KNOWN), 201),
    _post("/claims/{id}/correct", "correct-claim", "Say right what was entered wrong; both stay",
          correct, ledgerasks.CorrectAsk, CLAIM,
          (*SAID, Rule.INCIDENT_MISSING, Rule.EMBARGO_HOLDS, *OF_CLAIM), 201),
    _post("/claims/{id}/retract", "retract-claim", "Say that a claim no longer stands", retract,
          ledgerasks.WhyAsk, CLAIM, OF_CLAIM),
    _post("/claims/{id}/move", "move-claim", "Put a claim to another incident, or to none", move,
          ledgerasks.MoveAsk, CLAIM,
          (*OF_CLAIM, Rule.UNKNOWN_INCIDENT, Rule.INCIDENT_MISSING, Rule.EMBARGO_HOLDS)),
    _post("/claims/{id}/erase", "erase-quote", "Erase a claim's quote; the entry stays", erase,
          ledgerasks.WhyAsk, CLAIM, OF_CLAIM),
    _post("/incidents/{id}/links", "link-incidents", "Say how an incident belongs to another",
          link, ledgerasks.LinkAsk, INCIDENT,
          (Rule.LINK_LOOP, Rule.REASON_MISSING, Rule.CONTROL_CHARACTER, *KNOWN)),
    _post("/incidents/{id}/embargo", "set-embargo", "Hold an incident back until a time, or always",
          embargo, ledgerasks.EmbargoAsk, INCIDENT,
          (Rule.ALREADY_RELEASED, Rule.REASON_MISSING, Rule.NEEDS_SECOND_PERSON,
           Rule.CONTROL_CHARACTER, *KNOWN),
          description="Earlier than people would be told anyway: it waits for a second person."),
    _post("/incidents/{id}/embargo/approve", "approve-embargo",
          "Agree, as a second person, that people are told earlier", agree, ledgerasks.AgreeAsk,
          INCIDENT,
          (Rule.CONTENT_CHANGED, Rule.OWN_PROPOSAL, Rule.SAME_DEVICE, Rule.NOT_AN_APPROVER,
           Rule.NEEDS_CONFIRMATION, *KNOWN)),
    _post("/incidents/{id}/announce", "announce-incident",
          "Let people know region and hour of what the authority has released", announce,
          asks.NothingAsk, INCIDENT, (Rule.NOT_OFFICIAL, Rule.EMBARGO_HOLDS, *KNOWN)),
)  # fmt: skip
