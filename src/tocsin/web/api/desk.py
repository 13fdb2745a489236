"""The desk: what waits, what ran out, what is in force, who is on line; and its live stream.

Read again at each wake-up by every officer on duty, so a row is made once for each revision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct, structs
from starlette.responses import Response

from tocsin.core import commands as co
from tocsin.core.alert import Alert, Audience, Realm, Status
from tocsin.core.area import Area, Leaves
from tocsin.core.audit import PageReason
from tocsin.core.authority import EVERY, MAY, Permission, Role, beyond
from tocsin.core.proposal import Proposal
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.reminders import reminders
from tocsin.core.scope import in_room
from tocsin.fanout.desk import DeskHub, Doing, Present
from tocsin.fanout.measure import CHANNEL
from tocsin.formats import api as shapes
from tocsin.formats.officers import (
    DeliveryBody,
    NameOf,
    PersonBody,
    ProposalBody,
    RowBody,
    person,
    row_body,
)
from tocsin.web.api import alerts, asks
from tocsin.web.api.answers import proposal_body
from tocsin.web.api.speaker import speaker
from tocsin.web.api.staff import NO_DESK, desk_hub_of, names, own_sender, registry_of
from tocsin.web.api.writing import submitted
from tocsin.web.endpoint import Answer, Ask, Endpoint, House, NoQuery
from tocsin.web.stream import EVENT_STREAM, EventStream

NO_STORE = {"Cache-Control": "no-store"}
TEST_LASTS = timedelta(minutes=5)
ROWS_KEPT = 4_000
IN_ROOM = {Realm.LIVE: Status.ACTUAL, Realm.DRILL: Status.EXERCISE}
"""What runs out in a room and is asked after; a test is nobody's warning."""


class DeskQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which room."""

    room: Realm = Realm.LIVE


class ReminderBody(Struct, frozen=True, kw_only=True):
    """A question "still valid?" that nobody has answered."""

    alert_id: str
    handle: str
    hazard: str
    share: Annotated[float, Meta(description="0: an hour after the issue; else 0.8 or 0.95.")]
    due_at: datetime
    expires: datetime


class CallBody(Struct, frozen=True, kw_only=True):
    """Officers were called in the last 24 hours."""

    seq: int
    at: datetime
    why: PageReason
    alert: Annotated[str | None, Meta(description="The alert's id.")]
    proposal: str | None
    handle: str
    by: PersonBody
    roles: list[Role]
    answered_by: PersonBody | None
    answered_at: datetime | None


class DoingBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody is composing."""

    hazard: Annotated[str, Meta(max_length=100)]
    regions: Annotated[list[str], Meta(max_length=200)] = []


class OfficerBody(Struct, frozen=True, kw_only=True):
    """Somebody on line."""

    account: str
    name: str
    role: Role | None
    room: Realm
    since: datetime
    doing: DoingBody | None


class OnDutyBody(Struct, frozen=True, kw_only=True):
    """Somebody who is signed in, and what they may do."""

    account: str
    name: str
    role: Role
    sender: str
    regions: list[str]
    hazards: list[str]
    realms: list[Realm]
    since: datetime
    on_line: bool


class WayBody(Struct, frozen=True, kw_only=True):
    """A way out, and when it last got something through to anybody."""

    channel: str
    last_ok_at: datetime | None


class TrialBody(Struct, frozen=True, kw_only=True):
    """A sender's last self-test."""

    sender: str
    alert_id: str
    at: datetime
    by: PersonBody


class WatchBody(Struct, frozen=True, kw_only=True):
    """The watch floor (LESSONS L7)."""

    may_issue: list[OnDutyBody]
    may_be_second: list[OnDutyBody]
    ways: list[WayBody]
    tests: list[TrialBody]


class OutsideBody(Struct, frozen=True, kw_only=True):
    """The other room, in numbers; ``here`` are its alerts over one's own territory."""

    room: Realm
    in_force: int
    waiting: int
    here: list[RowBody]


class DeskHeadBody(Struct, frozen=True, kw_only=True):
    """Where the journal and each audience's sequence end."""

    seq: int
    hash: str
    public: int
    drill: int
    desk: int


class DeskBody(Struct, frozen=True, kw_only=True):
    """All that the desk shows of one room."""

    room: Realm
    server_time: datetime
    waiting: list[ProposalBody]
    ran_out: list[RowBody]
    in_force: list[RowBody]
    neighbours: Annotated[
        list[RowBody], Meta(description="Others' alerts outside one's own territory.")
    ]
    reminders: list[ReminderBody]
    calls: list[CallBody]
    officers: list[OfficerBody]
    outside: OutsideBody
    watch: WatchBody
    head: DeskHeadBody


class PresenceAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """I am on line, in this room, and this is what I am composing."""

    room: Realm
    doing: DoingBody | None = None


class PresenceBody(Struct, frozen=True, kw_only=True):
    """Who else is in that room."""

    officers: list[OfficerBody]


class TrialAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Try the road with an alert that nobody but the desk sees."""

    sender: asks.Sender = None


# -- reading -------------------------------------------------------------------------------------


async def desk(ask: Ask) -> Answer | Refusal:
    """Return what the desk shows of one room."""
    hub = desk_hub_of(ask.house)
    if hub is None:
        return NO_DESK
    query: DeskQuery = ask.query
    service, name_of = ask.house.service, names(ask.house)
    state, world, now = service.state, service.world, service.clock.now()
    mine, sender = _territory(ask), own_sender(ask)
    row = _row_maker(ask.house, name_of)
    status = IN_ROOM[query.room]

    def is_own(alert: Alert) -> bool:
        return alert.sender == sender or bool(world.tree.extent(alert.area).touched & mine)

    in_force = [row(a) for a in _in_room(state.active.values(), query.room)
                if is_own(a)]  # fmt: skip
    neighbours = [row(a) for a in _in_room(state.active.values(), query.room) if not is_own(a)]
    other = Realm.DRILL if query.room is Realm.LIVE else Realm.LIVE
    outside = [a for a in state.active.values() if a.status is IN_ROOM[other]]
    waiting = [each for each in state.proposals.values() if each.is_waiting]
    head = hub.records.head()
    body = DeskBody(
        room=query.room,
        server_time=now,
        waiting=[
            proposal_body(service, each, name_of, ask.identity)
            for each in sorted(waiting, key=lambda each: (each.ends_at, each.id))
            if each.realm is query.room and _waits_for(ask, each)
        ],
        ran_out=[row(a) for a in state.unconfirmed.values() if a.status is status],
        in_force=in_force,
        neighbours=neighbours,
        reminders=[
            ReminderBody(
                alert_id=each.alert_id, handle=alert.handle, hazard=alert.hazard,
                share=each.share, due_at=each.due_at, expires=each.expires,
            )
            for each in reminders(world, state, now)
            if (alert := state.active[each.alert_id]).status is status and is_own(alert)
        ],
        calls=_calls(ask, hub, name_of, query.room, now),
        officers=[_officer(each) for each in hub.present() if each.room is query.room],
        outside=OutsideBody(
            room=other, in_force=len(outside),
            waiting=sum(1 for each in waiting if each.realm is other and _waits_for(ask, each)),
            here=[row(each) for each in outside if world.tree.extent(each.area).touched & mine],
        ),
        watch=_watch(ask, hub, name_of, query.room),
        head=DeskHeadBody(
            seq=head.seq, hash=head.hash.hex(), public=service.head(Audience.PUBLIC),
            drill=service.head(Audience.DRILL), desk=service.head(Audience.DESK),
        ),
    )  # fmt: skip
    return Answer(body, headers=NO_STORE)


def _in_room(found: Iterable[Alert], room: Realm) -> list[Alert]:
    """Return the alerts of a room, the latest first."""
    return sorted((a for a in found if a.realm is room), key=lambda a: (a.sent, a.id), reverse=True)


def _waits_for(ask: Ask, proposal: Proposal) -> bool:
    """Say whether a proposal waits for whoever asks: his own, or one that he could answer.

    The same as the core asks of an answer, but for what only the answer tells: the device, the
    proof, the content.
    """
    warrant, service = ask.identity.warrant, ask.house.service
    if warrant is None:
        return True
    world, scope = service.world, warrant.scope
    if proposal.realm not in scope.realms:
        return False
    if warrant.account == proposal.account:
        return True
    return (
        in_room(warrant, proposal.realm, Permission.APPROVE) is None
        and scope.role in world.second_person.approvers
        and world.may_end(scope.sender, proposal.sender, service.state.under)
        and scope.knows(proposal.hazard)
        and beyond(
            world.tree, world.tree.mask(code for code in scope.regions if code in world.tree),
            proposal.area, spill_share=world.spill_share, who=warrant.name,
        ) is None
    )  # fmt: skip


def _territory(ask: Ask) -> Leaves:
    """Return the leaves of one's own jurisdiction; for the house itself, all."""
    tree, warrant = ask.house.service.world.tree, ask.identity.warrant
    if warrant is None:
        return tree.mask((tree.root,))
    return tree.mask(code for code in warrant.scope.regions if code in tree)


def _row_maker(house: House, name_of: NameOf) -> Callable[[Alert], RowBody]:
    """Return how an alert becomes a row; rows are kept until the alert changes."""
    kept: dict[str, tuple[int, RowBody]] = house.shared.setdefault("desk-rows", {})
    if len(kept) > ROWS_KEPT:
        kept.clear()
    tree, reach = house.service.world.tree, house.hub.reach

    def row(alert: Alert) -> RowBody:
        by = person(alert.issued_by, name_of)
        known = kept.get(alert.id)
        if known is None or known[0] != alert.revision or known[1].by != by:
            known = kept[alert.id] = (alert.revision, row_body(tree, alert, by))
        for told in reach.last_of(alert.id):
            if told.channel == CHANNEL:
                delivery = DeliveryBody(
                    selected=told.selected, acknowledged=told.acknowledged,
                    unreached=told.unreached,
                )  # fmt: skip
                return structs.replace(known[1], delivery=delivery)
        return known[1]

    return row


def _calls(ask: Ask, hub: DeskHub, name_of: NameOf, room: Realm, now: datetime) -> list[CallBody]:
    service = ask.house.service
    found = []
    for call in hub.desk.calls(now):
        alert = service.state.alert(call.alert_id) if call.alert_id is not None else None
        proposal = service.state.proposals.get(call.proposal_id or "")
        about = alert or proposal
        if about is not None and about.realm is not room:
            continue
        found.append(
            CallBody(
                seq=call.seq, at=call.at, why=call.why, alert=call.alert_id,
                proposal=call.proposal_id, handle=about.handle if about is not None else "",
                by=person(call.account, name_of), roles=list(call.roles),
                answered_by=person(call.answered_by, name_of) if call.answered_by else None,
                answered_at=call.answered_at,
            )
        )  # fmt: skip
    return found


def _officer(each: Present) -> OfficerBody:
    doing = each.doing
    return OfficerBody(
        account=each.account, name=each.name, role=each.role, room=each.room, since=each.since,
        doing=None if doing is None else DoingBody(
            hazard=doing.hazard, regions=list(doing.regions)
        ),
    )  # fmt: skip


def _watch(ask: Ask, hub: DeskHub, name_of: NameOf, room: Realm) -> WatchBody:
    """Return who may issue in that room now, who may be second, and what was last seen to work.

    Of one's own authority and of those above and below it; a second person is of one's own or of
    one above. Who has neither an authority nor a say in alerts (an administrator) sees all.
    """
    world, under = ask.house.service.world, ask.house.service.state.under
    registry, policy = registry_of(ask.house), world.second_person
    mine = own_sender(ask) if ask.identity.may(Permission.ISSUE) else ""
    everybody = ask.identity.warrant is None or not mine
    now = ask.house.service.clock.now()
    on_line = {each.account for each in hub.present()}
    on_duty: dict[str, OnDutyBody] = {}
    for shift in hub.desk.shifts() if registry is not None else ():
        account = registry.account(shift.account) if registry is not None else None
        if account is None or not account.holds(now) or account.id in on_duty:
            continue
        scope = account.scope
        if room not in scope.realms or Permission.ISSUE not in MAY[scope.role]:
            continue
        on_duty[account.id] = OnDutyBody(
            account=account.id, name=account.name, role=scope.role, sender=scope.sender,
            regions=list(scope.regions), hazards=list(scope.hazards), realms=list(scope.realms),
            since=shift.since, on_line=account.id in on_line,
        )  # fmt: skip
    proved = {**hub.proved, **ask.house.hub.reach.proved}
    return WatchBody(
        may_issue=[
            each for each in on_duty.values()
            if everybody
            or world.may_end(each.sender, mine, under) or world.may_end(mine, each.sender, under)
        ],
        may_be_second=[
            each for each in on_duty.values()
            if each.role in policy.approvers and Permission.APPROVE in MAY[each.role]
            and (everybody or world.may_end(each.sender, mine, under))
        ],
        ways=[
            WayBody(channel=channel, last_ok_at=proved.get(channel))
            for channel in ("stream", "desk")
        ],
        tests=[
            TrialBody(
                sender=each.sender, alert_id=each.alert_id, at=each.at, by=person(each.by, name_of)
            )
            for each in hub.desk.trials()
        ],
    )  # fmt: skip


# -- on line -------------------------------------------------------------------------------------


async def stream(ask: Ask) -> Response | Refusal:
    """Open an officer's live stream."""
    hub = desk_hub_of(ask.house)
    if hub is None:
        return NO_DESK
    warrant = ask.identity.warrant
    credential = warrant.credential if warrant is not None else ""
    return EventStream(
        hub.connect(ask.identity.name, session=ask.identity.session, credential=credential)
    )


async def presence(ask: Ask) -> Answer | Refusal:
    """Say that one is on line, and what one is composing."""
    hub = desk_hub_of(ask.house)
    if hub is None:
        return NO_DESK
    body: PresenceAsk = ask.body
    world, warrant = ask.house.service.world, ask.identity.warrant
    doing = None
    if body.doing is not None:
        if body.doing.hazard not in world.hazards:
            return Refusal(Rule.UNKNOWN_HAZARD, "/doing/hazard", "The profile has no such hazard.")
        known = [code for each in body.doing.regions if (code := world.tree.find(each))]
        doing = Doing(body.doing.hazard, tuple(known))
    hub.beat(
        ask.identity.name,
        ask.identity.session or (warrant.credential if warrant is not None else ""),
        name=warrant.name if warrant is not None else "",
        role=warrant.scope.role if warrant is not None else None,
        room=body.room,
        doing=doing,
    )
    here = [_officer(each) for each in hub.present() if each.room is body.room]
    return Answer(PresenceBody(officers=here))


async def self_test(ask: Ask) -> Answer | Refusal:
    """Issue a System alert over one's own territory: the whole road, and nobody but the desk."""
    body: TrialAsk = ask.body
    sender = speaker(ask, body.sender)
    if isinstance(sender, Refusal):
        return sender
    service, warrant = ask.house.service, ask.identity.warrant
    world, now = service.world, service.clock.now()
    known = world.hazards if warrant is None or EVERY in warrant.scope.hazards else [
        each for each in warrant.scope.hazards if each in world.hazards
    ]  # fmt: skip
    hazard = next(iter(known), None)
    if hazard is None:
        return Refusal(
            Rule.HAZARD_NOT_ALLOWED,
            "/hazard",
            "This credential may warn of nothing; nothing to try.",
        )
    regions = (world.tree.root,) if warrant is None else warrant.scope.regions
    command = co.IssueAlert(
        realm=Realm.LIVE, status=Status.SYSTEM, sender=sender, hazard=hazard,
        area=Area(regions=regions), expires=now + TEST_LASTS, by=ask.identity.name,
    )  # fmt: skip
    return await submitted(ask, command, status=201)


BASE = "/api/v1"
VIEW, ISSUE = Permission.VIEW, Permission.ISSUE

LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/desk", name="desk",
        summary="Return what the desk shows of one room",
        permission=VIEW, query=DeskQuery, response=DeskBody, handler=desk,
        refusals=(Rule.NOT_ACCEPTED,), audience=Audience.DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/desk/stream", name="desk-stream",
        summary="Open an officer's live stream of server-sent events",
        description=(
            "Begins with `hello`; then `desk` with `kind` (`alert`, `proposal`, `call`, `note`, "
            "`presence`, `account`) and `id` for each thing that changed (null: read all again), "
            "and a `heartbeat`. It ends with the session."
        ),
        permission=VIEW, query=NoQuery, media=EVENT_STREAM, handler=stream,
        refusals=(Rule.NOT_ACCEPTED,), audience=Audience.DESK,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/desk/presence", name="presence",
        summary="Say that you are on line, and what you are composing",
        description="Again every 15 s or so; after 45 s without you count as gone.",
        permission=VIEW, request=PresenceAsk, query=NoQuery, response=PresenceBody,
        handler=presence, refusals=(Rule.UNKNOWN_HAZARD, Rule.NOT_ACCEPTED), headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/self-test", name="self-test",
        summary="Try the road with an alert that nobody but the desk sees",
        description="A System alert over one's own territory, for five minutes.",
        permission=ISSUE, request=TrialAsk, query=NoQuery, response=shapes.AlertBody, status=201,
        handler=self_test,
        refusals=tuple(dict.fromkeys((
            *alerts.MAY, Rule.SEVERITY_NOT_ALLOWED, Rule.EMPTY_AREA, Rule.BAD_VALUE,
            *alerts.KEYED,
        ))),
        audience=Audience.DESK, headers=NO_STORE,
    ),
)  # fmt: skip
