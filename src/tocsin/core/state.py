"""What is open, and how an event changes it.

``State`` holds only what a decision may need: alerts in force or unconfirmed, those ended
under 24 hours ago, tombstones and mandates. Closed alerts stay in the journal; the ones a
command names are put ``beside`` for one decision. ``evolve`` returns a new state and
leaves the old one as it was, so a batch that fails is dropped by keeping the old one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import TypeVar, assert_never

from tocsin.core import audit
from tocsin.core import events as ev
from tocsin.core import ledger_events as le
from tocsin.core.alert import Alert, AlertState, MsgType
from tocsin.core.authority import Delegation, Mandate
from tocsin.core.control import Holding
from tocsin.core.inbox import Inbox, fold_inbox
from tocsin.core.incidents import Ledger, fold
from tocsin.core.infra_events import InfraEvent
from tocsin.core.infrastructure import Infrastructure, fold_infra
from tocsin.core.intake_events import IntakeEvent
from tocsin.core.layered import Layered
from tocsin.core.notice_events import NoticeEvent
from tocsin.core.notices import Notices, fold_notices
from tocsin.core.proposal import Proposal

ENDED_KEPT = timedelta(hours=24)
"""How long an ended alert stays open: a correction or all-clear must still reach people."""

Key = TypeVar("Key")
Value = TypeVar("Value")

DAWN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An end that came before its alert."""

    at: datetime
    cancelled: bool
    reason: str | None


Identity = tuple[str, str]
"""(sender, identifier): a message's name, unique for ever."""


@dataclass(frozen=True, slots=True)
class State:
    """What is open. Every mapping is treated as frozen; ``evolve`` copies what it changes."""

    active: Mapping[str, Alert] = field(default_factory=dict)
    unconfirmed: Mapping[str, Alert] = field(default_factory=dict)
    ended: Layered[str, Alert] = field(default_factory=Layered)
    """Cleared or cancelled under 24 h ago, oldest first."""
    identities: Layered[Identity, str] = field(default_factory=Layered)
    handles: Layered[str, str] = field(default_factory=Layered)
    tombstones: Mapping[Identity, Tombstone] = field(default_factory=dict)
    mandates: tuple[Mandate, ...] = ()
    under: Mapping[str, str] = field(default_factory=dict)
    """Sender -> the authority above it, where its mandate says so."""
    delegations: tuple[Delegation, ...] = ()
    proposals: Mapping[str, Proposal] = field(default_factory=dict)
    """Those that wait, and those answered under 24 h ago."""
    kept: Mapping[str, datetime] = field(default_factory=dict)
    """When "Still valid?" was last answered, of alerts in force."""
    ledger: Ledger = field(default_factory=Ledger)
    """Incidents, claims, reports and guidance; all of them, since a correction may come late."""
    infra: Infrastructure = field(default_factory=Infrastructure)
    """Installations, channels, outages and postures."""
    notices: Notices = field(default_factory=Notices)
    """Watches that are kept, counterfeit warnings that are about."""
    inbox: Inbox = field(default_factory=Inbox)
    """Threat reports of the last day, and the drafts of alerts that wait."""
    control: tuple[Holding, ...] = ()
    """Who controls which regions, oldest record first."""
    last_at: datetime = DAWN
    beside: Mapping[str, Alert] = field(default_factory=dict)
    """Closed alerts that one command names; never part of what is kept."""

    def alert(self, alert_id: str) -> Alert | None:
        """Return an open alert, or one put beside."""
        return (
            self.active.get(alert_id)
            or self.unconfirmed.get(alert_id)
            or self.ended.get(alert_id)
            or self.beside.get(alert_id)
        )

    def named(self, sender: str, identifier: str) -> Alert | None:
        """Return the alert of that identity, open or put beside."""
        if (alert_id := self.identities.get((sender, identifier))) is not None:
            return self.alert(alert_id)
        return next(
            (a for a in self.beside.values() if (a.sender, a.identifier) == (sender, identifier)),
            None,
        )

    def in_force(self) -> Iterator[Alert]:
        """Yield the alerts that nobody has said are over: active, then unconfirmed."""
        yield from self.active.values()
        yield from self.unconfirmed.values()


def evolve(state: State, event: ev.Event) -> State:
    """Return the state after ``event``; ``state`` itself is not changed. O(open alerts)."""
    match event:
        case ev.AlertIssued():
            return _issued(state, event)
        case (
            ev.AlertUpdated()
            | ev.AlertExtended()
            | ev.AlertReduced()
            | ev.AlertCleared()
            | ev.AlertCancelled()
            | ev.AlertRanOut()
        ):
            alert = state.alert(event.alert_id)
            if alert is None:  # closed long ago: its revisions are in the journal
                return replace(state, last_at=event.at)
            return _put(state, after(alert, event), event.at)
        case ev.TombstoneLaid():
            stone = Tombstone(event.at, event.cancelled, event.reason)
            known = {**state.tombstones, (event.sender, event.identifier): stone}
            return replace(state, tombstones=known, last_at=event.at)
        case ev.MandateGiven():
            mandate = Mandate(event.sender, event.regions, event.valid_from, event.valid_until)
            under = state.under
            if event.under is not None:
                under = {**under, event.sender: event.under}
            held = (*state.mandates, mandate)
            return replace(state, mandates=held, under=under, last_at=event.at)
        case ev.MandateWithdrawn():
            others = tuple(m for m in state.mandates if m.sender != event.sender)
            return replace(state, mandates=(*others, *event.left), last_at=event.at)
        case _ if isinstance(event, le.LedgerEvent):
            return replace(state, ledger=fold(state.ledger, event), last_at=event.at)
        case _ if isinstance(event, ev.InOpenState):
            return _beside_alerts(state, event)
        case _:
            return _on_desk(state, event)


def _beside_alerts(state: State, event: ev.InOpenState) -> State:
    """Return the state after what is neither an alert's nor the ledger's."""
    if isinstance(event, InfraEvent):
        return replace(state, infra=fold_infra(state.infra, event), last_at=event.at)
    if isinstance(event, NoticeEvent):
        return replace(state, notices=fold_notices(state.notices, event), last_at=event.at)
    if isinstance(event, IntakeEvent):
        return replace(state, inbox=fold_inbox(state.inbox, event), last_at=event.at)
    return replace(state, control=(*state.control, event.holding), last_at=event.at)


DeskEvent = (
    ev.AlertKept
    | ev.ProposalEvent
    | ev.DelegationGiven
    | ev.DelegationWithdrawn
    | ev.ClockDoubted
    | ev.ClockAccepted
    | audit.OfficersPaged
    | audit.AuditEvent
    | audit.NoteWritten
)


def _on_desk(state: State, event: DeskEvent) -> State:
    """Return the state after what only the desk sees."""
    match event:
        case ev.AlertKept():
            in_force = {name: at for name, at in state.kept.items() if name in state.active}
            return replace(state, kept={**in_force, event.alert_id: event.at}, last_at=event.at)
        case ev.ProposalMade() | ev.ProposalAnswered():
            return replace(state, proposals=_proposals(state, event), last_at=event.at)
        case ev.DelegationGiven():
            living = (d for d in state.delegations if d.valid_until > event.at)
            return replace(state, delegations=(*living, event.delegation), last_at=event.at)
        case ev.DelegationWithdrawn():
            left = tuple(
                d for d in state.delegations if (d.sender, d.to) != (event.sender, event.to)
            )
            return replace(state, delegations=left, last_at=event.at)
        case audit.OfficersPaged():
            proposals = state.proposals
            if event.proposal_id is not None and event.proposal_id in proposals:
                paged = replace(proposals[event.proposal_id], paged_at=event.at)
                proposals = {**proposals, paged.id: paged}
            return replace(state, proposals=proposals, last_at=event.at)
        case (
            ev.ClockDoubted()
            | ev.ClockAccepted()
            | audit.AccountChanged()
            | audit.CredentialChanged()
            | audit.SignedIn()
            | audit.SignedOut()
            | audit.OfficerRefused()
            | audit.StrangersRefused()
            | audit.NoteWritten()
        ):
            return replace(state, last_at=event.at)
        case _:
            assert_never(event)


def _proposals(
    state: State, event: ev.ProposalMade | ev.ProposalAnswered
) -> Mapping[str, Proposal]:
    """Return the proposals after one was made or answered; those long answered leave."""
    limit = event.at - ENDED_KEPT
    left = {
        name: each
        for name, each in state.proposals.items()
        if each.answered_at is None or each.answered_at >= limit
    }
    if isinstance(event, ev.ProposalMade):
        return {**left, event.proposal.id: event.proposal}
    proposal = left.get(event.proposal_id)
    if proposal is None:
        return left
    if event.declined:
        return {**left, proposal.id: replace(proposal, declined=(*proposal.declined, event.by))}
    answered = replace(
        proposal,
        state=event.state,
        answered_at=event.at,
        answered_by=event.by,
        reason=event.reason,
        alert_id=event.alert_id,
    )
    return {**left, proposal.id: answered}


_FIELDS = tuple(each.name for each in fields(Alert))
_VALUES = attrgetter(*_FIELDS)


def _revised(alert: Alert, **changes: object) -> Alert:
    """Return the alert with changes; ``dataclasses.replace`` takes twice as long."""
    values = dict(zip(_FIELDS, _VALUES(alert), strict=True))
    values.update(changes)
    return Alert(**values)


def born(event: ev.AlertIssued) -> Alert:
    """Return the alert that an issue brings into the world, at revision 1."""
    return Alert(
        id=event.alert_id,
        handle=event.handle,
        revision=1,
        realm=event.realm,
        status=event.status,
        msg_type=MsgType.ALERT,
        sender=event.sender,
        identifier=event.identifier,
        hazard=event.hazard,
        level=event.level,
        area=event.area,
        urgency=event.urgency,
        severity=event.severity,
        certainty=event.certainty,
        sent=event.at,
        onset=event.onset,
        expires=event.expires,
        state=AlertState.ACTIVE,
        ended=None,
        standing=event.standing_by is not None,
        standing_by=event.standing_by,
        sounds_in=event.sounds_in,
        texts=event.texts,
        slots=event.slots,
        reason=None,
        imported=event.imported,
        content=event.content,
        issued_by=event.by,
        hold=event.hold,
        channels=event.channels,
        plan=event.plan,
    )


def after(alert: Alert, event: ev.AlertEvent) -> Alert:
    """Return the alert's next revision."""
    match event:
        case ev.AlertIssued():
            return born(event)
        case ev.AlertUpdated():
            return _revised(
                alert,
                revision=event.revision,
                msg_type=MsgType.UPDATE,
                level=event.level,
                area=event.area,
                urgency=event.urgency,
                severity=event.severity,
                certainty=event.certainty,
                expires=event.expires,
                sounds_in=event.sounds_in,
                texts=event.texts,
                state=AlertState.ACTIVE,
                ended=None,
                reason=alert.reason if event.reason is None else event.reason or None,
                plan=event.plan or alert.plan,
            )
        case ev.AlertExtended():
            return _revised(
                alert,
                revision=event.revision,
                msg_type=MsgType.UPDATE,
                expires=event.expires,
                standing=event.standing_by is not None,
                standing_by=event.standing_by,
                sounds_in=(),
                state=AlertState.ACTIVE,
                ended=None,
            )
        case ev.AlertReduced():
            return _revised(
                alert,
                revision=event.revision,
                msg_type=MsgType.UPDATE,
                area=event.area,
                sounds_in=(),
                texts=event.texts or alert.texts,
            )
        case ev.AlertCleared():
            return _revised(
                alert,
                revision=event.revision,
                msg_type=MsgType.UPDATE,
                sounds_in=(),
                reason=event.reason,
                state=AlertState.CLEARED,
                ended=event.at,
                texts=event.texts or alert.texts,
            )
        case ev.AlertCancelled():
            return _revised(
                alert,
                revision=event.revision,
                msg_type=MsgType.CANCEL,
                sounds_in=(),
                reason=event.reason,
                state=AlertState.CANCELLED,
                ended=event.at,
            )
        case ev.AlertRanOut():
            return _revised(
                alert,
                revision=event.revision,
                msg_type=MsgType.UPDATE,
                sounds_in=(),
                state=AlertState.UNCONFIRMED,
                ended=event.at,
            )
        case _:
            assert_never(event)


def _issued(state: State, event: ev.AlertIssued) -> State:
    alert = born(event)
    identity = (alert.sender, alert.identifier)
    tombstones = state.tombstones
    if identity in tombstones:
        tombstones = {name: stone for name, stone in tombstones.items() if name != identity}
    old = _old(state.ended, event.at)
    freed = [each.handle for each in old if state.handles.get(each.handle) == each.id]
    return State(  # twice as quick as ``replace``, and each alert comes here
        active={**state.active, alert.id: alert},
        unconfirmed=state.unconfirmed,
        ended=state.ended.changed({}, [each.id for each in old]) if old else state.ended,
        identities=state.identities.changed(
            {identity: alert.id}, [(each.sender, each.identifier) for each in old]
        ),
        handles=state.handles.changed({alert.handle: alert.id}, freed),
        tombstones=tombstones,
        mandates=state.mandates,
        under=state.under,
        delegations=state.delegations,
        proposals=state.proposals,
        kept=state.kept,
        ledger=state.ledger,
        infra=state.infra,
        notices=state.notices,
        inbox=state.inbox,
        control=state.control,
        last_at=event.at,
    )


def _put(state: State, alert: Alert, at: datetime) -> State:
    """Return the state with ``alert`` moved to where its state belongs.

    One put beside stays there: folded from the journal, where nothing is beside, the same state
    must come out.
    """
    if alert.id in state.beside:
        return replace(state, beside={**state.beside, alert.id: alert}, last_at=at)
    active, unconfirmed, ended = dict(state.active), state.unconfirmed, state.ended
    if alert.state is AlertState.ACTIVE:
        active[alert.id] = alert
    else:
        active.pop(alert.id, None)
    if alert.state is AlertState.UNCONFIRMED or alert.id in unconfirmed:
        unconfirmed = {name: each for name, each in unconfirmed.items() if name != alert.id}
        if alert.state is AlertState.UNCONFIRMED:
            unconfirmed[alert.id] = alert
    if not alert.is_in_force:
        ended = ended.changed({alert.id: alert}, (alert.id,))
    return State(
        active=active,
        unconfirmed=unconfirmed,
        ended=ended,
        identities=state.identities,
        handles=state.handles,
        tombstones=state.tombstones,
        mandates=state.mandates,
        under=state.under,
        delegations=state.delegations,
        proposals=state.proposals,
        kept=state.kept,
        ledger=state.ledger,
        infra=state.infra,
        notices=state.notices,
        inbox=state.inbox,
        control=state.control,
        last_at=at,
    )


def _old(ended: Mapping[str, Alert], at: datetime) -> list[Alert]:
    """Return the ended alerts over 24 h old; they leave the open state with their names."""
    limit = at - ENDED_KEPT
    old = []
    for alert in ended.values():  # oldest first
        if alert.ended is None or alert.ended >= limit:
            break
        old.append(alert)
    return old
