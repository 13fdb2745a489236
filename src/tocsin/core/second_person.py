"""Proposals as decisions: make one, answer it, call somebody else to it.

What is approved is decided again, whole, with the words that were stored: a mandate withdrawn
meanwhile, a drill begun, an end in the past stand in its way as they would have at first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import Alert, Severity, Status, handle_of
from tocsin.core.area import Area
from tocsin.core.audit import OfficersPaged, PageReason
from tocsin.core.authority import (
    EVERY,
    SEVERITY_RANK,
    Permission,
    Role,
    Warrant,
    beyond,
)
from tocsin.core.people import people_in
from tocsin.core.proposal import (
    Content,
    Proposal,
    ProposalState,
    as_it_stands,
    bare,
    fingerprint,
    needs_second,
)
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.scope import in_room
from tocsin.core.state import State
from tocsin.core.world import World

Answer = tuple[ev.Event, ...] | Refusal

ENDS = {
    co.Verdict.SEND_BACK: ProposalState.SENT_BACK,
    co.Verdict.WITHDRAW: ProposalState.WITHDRAWN,
    co.Verdict.EXPIRE: ProposalState.EXPIRED,
}


def second_needed(
    world: World,
    warrant: Warrant,
    asked: Content,
    hazard: str,
    area: Area,
    severity: Severity,
    status: Status,
) -> tuple[str, ...]:
    """Return what a second person is needed for: by policy, or because the author asks for one."""
    why = needs_second(world, warrant, hazard=hazard, area=area, severity=severity, status=status)
    return (*why, "asked") if asked.ask_second else why


def propose(
    world: World,
    state: State,
    warrant: Warrant,
    asked: Content,
    why: tuple[str, ...],
    now: datetime,
    proposal_id: str,
    *,
    of: tuple[Alert, Area] | None = None,
) -> Answer | None:
    """Return the proposal that stands in an alert's place; None where an override lets it pass.

    ``of``: the alert that it would change, and the area that the change would give it.
    """
    if asked.override is not None:
        if warrant.is_machine or not world.second_person.override:
            return Refusal(
                Rule.OVERRIDE_NOT_ALLOWED, "/override",
                "This needs a second person; a machine has no override."
                if warrant.is_machine else "This house's policy knows no override.",
            )  # fmt: skip
        if not asked.override.strip():
            return Refusal(
                Rule.REASON_MISSING, "/override", "Say why it cannot wait for a second person."
            )
        return None
    content = bare(asked)
    issue = update = None
    if isinstance(content, co.IssueAlert):
        # carried out by another: what the author's scope allows by default is named now
        content = replace(content, channels=content.channels or warrant.scope.channels)
        issue, realm, hazard, place = content, content.realm, content.hazard, content.area
    else:
        assert of is not None  # noqa: S101  # an update changes an alert
        update, realm, hazard, place = content, of[0].realm, of[0].hazard, of[1]
    taken = frozenset((*state.handles, *(each.handle for each in state.proposals.values())))
    proposal = Proposal(
        id=proposal_id,
        handle=handle_of(proposal_id, taken),
        made_at=now,
        ends_at=now + world.second_person.lasts,
        issue=issue,
        update=update,
        realm=realm,
        hazard=hazard,
        area=place,
        content=fingerprint(content),
        why=why,
        people=people_in(world.tree, place),
        because=asked.proposed_because,
        account=warrant.account,
        credential=warrant.credential,
        session=warrant.session,
        device=warrant.device,
        stands=as_it_stands(of[0]) if of is not None else "",
    )
    return (
        ev.ProposalMade(at=now, proposal=proposal),
        OfficersPaged(
            at=now, why=PageReason.SECOND_PERSON, proposal_id=proposal.id, account=warrant.account
        ),
    )


def answered(
    world: World, state: State, asked: co.AnswerProposal, now: datetime, warrant: Warrant | None
) -> Answer | Proposal:
    """Return what an answer leads to; the proposal itself where it is approved, to be carried out.

    ``warrant`` None is the clock, which can only let it expire.
    """
    proposal = state.proposals.get(asked.proposal_id)
    if proposal is None:
        return Refusal(
            Rule.UNKNOWN_PROPOSAL, "/id", f"No proposal {asked.proposal_id!r} is known here."
        )
    if not proposal.is_waiting:
        if asked.verdict is co.Verdict.EXPIRE:
            return ()
        return Refusal(
            Rule.PROPOSAL_CLOSED, "/id", f"{proposal.handle} is {proposal.state} already."
        )
    if warrant is None:
        if asked.verdict is not co.Verdict.EXPIRE or now < proposal.ends_at:
            return Refusal(Rule.NOT_YET_EXPIRED, "/id", f"{proposal.handle} still waits.")
        return (_ended(proposal, asked, now),)
    refused = _may_answer(world, state, asked, proposal, now, warrant)
    if refused is not None:
        return refused
    if asked.verdict is co.Verdict.APPROVE:
        return proposal
    if asked.verdict is co.Verdict.DECLINE:
        if warrant.account in proposal.declined:
            return ()
        return (
            ev.ProposalAnswered(
                at=now, proposal_id=proposal.id, state=proposal.state, content=proposal.content,
                by=warrant.account, credential=warrant.credential, reason=asked.reason,
                declined=True,
            ),
            OfficersPaged(
                at=now, why=PageReason.DECLINED, proposal_id=proposal.id, account=warrant.account
            ),
        )  # fmt: skip
    return (_ended(proposal, asked, now, warrant),)


def approved(
    proposal: Proposal, events: tuple[ev.Event, ...], now: datetime, warrant: Warrant
) -> tuple[ev.Event, ...]:
    """Return the events that carry out a proposal, and the approval beside them."""
    alert_id = ev.alert_id_of(events[0]) if events else None
    return (
        *events,
        ev.ProposalAnswered(
            at=now, proposal_id=proposal.id, state=ProposalState.APPROVED,
            content=proposal.content, by=warrant.account, credential=warrant.credential,
            alert_id=alert_id,
        ),
    )  # fmt: skip


def _ended(
    proposal: Proposal, asked: co.AnswerProposal, now: datetime, warrant: Warrant | None = None
) -> ev.ProposalAnswered:
    return ev.ProposalAnswered(
        at=now,
        proposal_id=proposal.id,
        state=ENDS[asked.verdict],
        content=proposal.content,
        by=warrant.account if warrant is not None else "",
        credential=warrant.credential if warrant is not None else "",
        reason=asked.reason,
    )


def _may_answer(
    world: World,
    state: State,
    asked: co.AnswerProposal,
    proposal: Proposal,
    now: datetime,
    warrant: Warrant,
) -> Refusal | None:
    """Return why this officer may not give that answer.

    Source: RELIABILITY P18: another account and credential, not the same session or device.
    """
    if asked.verdict is co.Verdict.EXPIRE:
        return Refusal(Rule.NOT_ALLOWED, "/verdict", "A proposal expires by the clock alone.")
    is_author = warrant.account == proposal.account
    if asked.verdict is co.Verdict.WITHDRAW:
        if is_author:  # but not by a credential of the other room
            return in_room(warrant, proposal.realm, Permission.SELF)
        return Refusal(
            Rule.NOT_ALLOWED, "/verdict", "Its author withdraws it; send it back with a reason."
        )
    if is_author:
        return Refusal(Rule.OWN_PROPOSAL, "/id", "Nobody answers his own proposal.")
    refused = in_room(warrant, proposal.realm, Permission.APPROVE)
    if refused is not None:
        return refused
    role = warrant.scope.role
    if role not in world.second_person.approvers or warrant.is_machine:
        return Refusal(
            Rule.NOT_AN_APPROVER, "/Authorization",
            f"By policy a proposal is answered by: {_said(world.second_person.approvers)}.",
        )  # fmt: skip
    refused = _has_no_say(world, state, proposal, warrant)
    if refused is not None:
        return refused
    if asked.verdict is co.Verdict.SEND_BACK and not asked.reason.strip():
        return Refusal(Rule.REASON_MISSING, "/reason", "Say what is to be changed.")
    if asked.verdict is not co.Verdict.APPROVE:
        return None
    return _may_approve(state, asked, proposal, now, warrant)


def _has_no_say(world: World, state: State, proposal: Proposal, warrant: Warrant) -> Refusal | None:
    """Refuse an officer of another authority, or of another hazard or place than the proposal's."""
    scope = warrant.scope
    if not world.may_end(scope.sender, proposal.sender, state.under):
        return Refusal(
            Rule.NOT_AN_APPROVER, "/Authorization",
            f"{proposal.sender} or an authority above it answers this.",
        )  # fmt: skip
    if not scope.knows(proposal.hazard):
        return Refusal(
            Rule.HAZARD_NOT_ALLOWED, "/hazard", f"{warrant.name} may not warn of {proposal.hazard}."
        )
    mine = world.tree.mask(code for code in scope.regions if code in world.tree)
    return beyond(world.tree, mine, proposal.area, spill_share=world.spill_share, who=warrant.name)


def _may_approve(
    state: State, asked: co.AnswerProposal, proposal: Proposal, now: datetime, warrant: Warrant
) -> Refusal | None:
    if now >= proposal.ends_at:
        return Refusal(Rule.PROPOSAL_CLOSED, "/id", f"{proposal.handle} has expired.")
    same = (warrant.session and warrant.session == proposal.session) or (
        warrant.device and warrant.device == proposal.device
    )
    if same or warrant.credential == proposal.credential:
        return Refusal(
            Rule.SAME_DEVICE, "/id",
            "It was proposed from this very device; approve it from your own.",
        )  # fmt: skip
    kept = proposal.issue or proposal.update
    changed = kept is None or fingerprint(kept) != proposal.content
    if changed or asked.content != proposal.content or _stands_otherwise(state, proposal):
        return Refusal(
            Rule.CONTENT_CHANGED, "/content", "This is not what was proposed; read it again."
        )
    if not asked.confirmed:
        return Refusal(
            Rule.NEEDS_CONFIRMATION, "/Authorization",
            "Prove yourself by your second factor, then approve.",
        )  # fmt: skip
    return None


def _stands_otherwise(state: State, proposal: Proposal) -> bool:
    """Say whether the alert that would be changed says something else than when it was proposed.

    The second person read the change beside what it said then. One that has ended is refused when
    the change is decided again.
    """
    alert = state.alert(proposal.update.alert_id) if proposal.update is not None else None
    return alert is not None and alert.is_in_force and as_it_stands(alert) != proposal.stands


def above_approver(event: ev.Event, warrant: Warrant) -> Refusal | None:
    """Refuse an approval by whoever may not give so severe an alert, or not by these ways out."""
    scope = warrant.scope
    severity = event.severity if isinstance(event, ev.AlertIssued | ev.AlertUpdated) else None
    if severity is not None and SEVERITY_RANK[severity] > SEVERITY_RANK[scope.severity]:
        return Refusal(
            Rule.SEVERITY_NOT_ALLOWED, "/severity",
            f"This credential may warn up to {scope.severity}; this is {severity}.",
        )  # fmt: skip
    channels = event.channels if isinstance(event, ev.AlertIssued) else ()
    if EVERY not in scope.channels and not set(channels) <= set(scope.channels):
        return Refusal(
            Rule.CHANNEL_NOT_ALLOWED, "/channels",
            f"This credential may use: {', '.join(scope.channels) or 'no channel'}.",
        )  # fmt: skip
    return None


def page(
    world: World, state: State, asked: co.PageOfficers, now: datetime, warrant: Warrant | None
) -> Answer:
    """Call officers to a proposal or an alert; a duty officer of its room calls them."""
    del world
    if asked.proposal_id is not None:
        proposal = state.proposals.get(asked.proposal_id)
        if proposal is None or not proposal.is_waiting:
            return Refusal(Rule.UNKNOWN_PROPOSAL, "/id", "No such proposal waits.")
        realm = proposal.realm
    else:
        alert = state.alert(asked.alert_id) if asked.alert_id is not None else None
        if alert is None:
            return Refusal(Rule.UNKNOWN_ALERT, "/id", "No such alert is known here.")
        realm = alert.realm
    if warrant is not None and (refused := in_room(warrant, realm, Permission.ISSUE)) is not None:
        return refused
    return (
        OfficersPaged(
            at=now, why=asked.why, proposal_id=asked.proposal_id, alert_id=asked.alert_id,
            account=warrant.account if warrant is not None else "",
        ),
    )  # fmt: skip


def _said(roles: frozenset[Role]) -> str:
    return ", ".join(sorted(roles)) or "nobody"
