"""The one entrance to the rules: ``decide(world, state, command, now, ids)``.

Pure: no I/O, no clock, no randomness. ``now`` is the moment at which it holds, ``ids`` are
ready-made UUIDv7, of which a command takes as many as it needs. Returns the events that
follow, ``()`` where what was asked is so already, or a ``Refusal``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import Realm
from tocsin.core.alerts import extend, issue, keep, update
from tocsin.core.audit import NoteWritten
from tocsin.core.authority import Mandate, Permission, Warrant
from tocsin.core.control import SetControl
from tocsin.core.delegation import delegate
from tocsin.core.endings import cancel, clear, expire
from tocsin.core.holding import may_be_given, set_control
from tocsin.core.infra import decide_infra
from tocsin.core.infra_commands import InfraCommand
from tocsin.core.intake import decide_intake
from tocsin.core.intake_commands import IntakeCommand
from tocsin.core.intake_threats import closing
from tocsin.core.ledger import decide_ledger
from tocsin.core.ledger_commands import LedgerCommand, ReleaseIncident
from tocsin.core.ledger_scope import outside
from tocsin.core.notice import decide_notice
from tocsin.core.notice_commands import NoticeCommand
from tocsin.core.proposal import Proposal
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.second_person import above_approver, answered, approved, page
from tocsin.core.state import State
from tocsin.core.world import World

Decision = tuple[ev.Event, ...] | Refusal


def decide(  # noqa: C901, PLR0911, PLR0912  # a match over all that can be asked
    world: World,
    state: State,
    command: co.Command,
    now: datetime,
    ids: Sequence[str],
    warrant: Warrant | None = None,
) -> Decision:
    """Return what follows from ``command``, asked at ``now`` with the right of ``warrant``.

    ``warrant`` None is the house itself: its clock, its importer, its first token. With a warrant,
    ``by`` is whoever holds it, whatever the command says.
    """
    if warrant is not None:
        if (refused := _house_only(command)) is not None:
            return refused
        command = _by(command, warrant)
    match command:
        case co.IssueAlert():
            return closing(state, command, issue(world, state, command, now, ids, warrant))
        case co.UpdateAlert():
            return update(world, state, command, now, ids, warrant)
        case co.ExtendAlert():
            return extend(world, state, command, now, warrant)
        case co.ClearAlert():
            return clear(world, state, command, now, warrant)
        case co.CancelAlert():
            return cancel(world, state, command, now, warrant)
        case co.ExpireAlert():
            return expire(world, state, command, now)
        case co.KeepAlert():
            return keep(world, state, command, now, warrant)
        case co.AnswerProposal():
            return _answer(world, state, command, now, ids, warrant)
        case co.PageOfficers():
            return page(world, state, command, now, warrant)
        case co.GiveDelegation() | co.WithdrawDelegation():
            return delegate(world, state, command, now, warrant)
        case co.WriteNote():
            return (NoteWritten(at=now, note_id=command.note_id, kind=command.kind,
                                text=command.text, alert_id=command.alert_id,
                                by=command.by),)  # fmt: skip
        case co.Audit():
            return (replace(command.event, at=now),)
        case co.GiveMandate() | co.WithdrawMandate():
            if warrant is not None and (refused := _no_registrar(warrant)) is not None:
                return refused
            if isinstance(command, co.GiveMandate):
                return _give(world, state, command, now)
            return _withdraw(world, state, command, now)
        case co.DoubtClock():
            return (ev.ClockDoubted(at=now, wall=command.wall, expected=command.expected,
                                    restarted=command.restarted),)  # fmt: skip
        case co.AcceptClock():
            return (ev.ClockAccepted(at=now, wall=command.wall, by=command.by),)
        case SetControl():
            if warrant is not None and (refused := _no_registrar(warrant)) is not None:
                return refused
            return set_control(world, state, command, now, ids)
        case _ if isinstance(command, InfraCommand):
            return decide_infra(world, state, command, now, ids, warrant)
        case _ if isinstance(command, NoticeCommand):
            return decide_notice(world, state, command, now, ids, warrant)
        case _ if isinstance(command, IntakeCommand):
            return decide_intake(world, state, command, now, ids, warrant)
        case _ if isinstance(command, LedgerCommand):
            found = decide_ledger(world, state, command, now, ids, warrant)
            if isinstance(found, Refusal) or warrant is None:
                return found
            return outside(world, state, command, warrant) or found
        case _:
            assert_never(command)


def _answer(
    world: World,
    state: State,
    command: co.AnswerProposal,
    now: datetime,
    ids: Sequence[str],
    warrant: Warrant | None,
) -> Decision:
    """Answer a proposal; one that is approved is decided again, whole, and carried out."""
    found = answered(world, state, command, now, warrant)
    if warrant is None or not isinstance(found, Proposal):
        assert not isinstance(found, Proposal)  # noqa: S101  # the clock approves nothing
        return found
    by = warrant.account
    decision: Decision = ()
    if (new := found.issue) is not None:
        new = replace(new, words=command.words, evacuation=command.evacuation)
        decision = closing(state, new, issue(world, state, new, now, ids, approved_by=by))
    elif (change := found.update) is not None:  # pragma: no branch  # it is one or the other
        decision = update(
            world,
            state,
            replace(change, words=command.words, evacuation=command.evacuation),
            now,
            ids,
            approved_by=by,
        )
    if isinstance(decision, Refusal):
        return decision
    refused = above_approver(decision[0], warrant) if decision else None
    return refused or approved(found, decision, now, warrant)


def _house_only(command: co.Command) -> Refusal | None:
    """Refuse an officer or a machine what only the clock and the importer do."""
    if isinstance(command, co.ExpireAlert):
        return Refusal(Rule.NOT_ALLOWED, "/Authorization", "An alert runs out by the clock alone.")
    if getattr(command, "imported", False):
        return Refusal(Rule.NOT_ALLOWED, "/Authorization", "History is imported by the house.")
    return None


def _by(command: co.Command, warrant: Warrant) -> co.Command:
    """Return the command in the name of whoever holds the warrant: nobody signs for another."""
    if isinstance(command, co.Audit | co.ExpireAlert | co.DoubtClock | ReleaseIncident):
        return command
    return replace(command, by=warrant.account)


def _no_registrar(warrant: Warrant) -> Refusal | None:
    """Refuse a mandate by whoever is no administrator, or is one in the drill room alone."""
    if not warrant.may(Permission.ADMINISTER):
        return Refusal(Rule.NOT_ALLOWED, "/Authorization", "Mandates are given by administrators.")
    if warrant.scope.realms == (Realm.DRILL,):
        return Refusal(Rule.WRONG_ROOM, "/realm", "Mandates are real; this credential is not.")
    return None


def _give(world: World, state: State, command: co.GiveMandate, now: datetime) -> Decision:
    """Give a mandate: none where, and while, a record says that the region is not held."""
    if not command.regions:
        return Refusal(Rule.EMPTY_AREA, "/regions", "Name at least one region.")
    for number, code in enumerate(command.regions):
        if code not in world.tree:
            return Refusal(
                Rule.UNKNOWN_REGION, f"/regions/{number}", f"The profile has no region {code!r}."
            )
    start = command.valid_from or now
    if command.valid_until is not None and command.valid_until <= start:
        return Refusal(Rule.ENDS_BEFORE_START, "/valid_until", "A mandate ends after it begins.")
    regions = world.tree.fewest(world.tree.mask(command.regions))
    asked = Mandate(command.sender, regions, start, command.valid_until)
    given = may_be_given(world.tree, state.control, asked)
    if not given:
        return Refusal(
            Rule.OUTSIDE_JURISDICTION, "/regions",
            "By the record of who controls it, no authority of this house is there: "
            "record that it is held first.",
        )  # fmt: skip
    if given != [asked]:  # what is cut and there already is not given twice
        given = [each for each in given if each not in state.mandates]
    return tuple(
        ev.MandateGiven(at=now, sender=each.sender, regions=each.regions,
                        valid_from=each.valid_from, valid_until=each.valid_until, by=command.by,
                        imported=command.imported, under=command.under)
        for each in given
    )  # fmt: skip


def _withdraw(world: World, state: State, command: co.WithdrawMandate, now: datetime) -> Decision:
    tree = world.tree
    for number, code in enumerate(command.regions):
        if code not in tree:
            return Refusal(
                Rule.UNKNOWN_REGION, f"/regions/{number}", f"The profile has no region {code!r}."
            )
    gone = tree.mask(command.regions)
    held = [mandate for mandate in state.mandates if mandate.sender == command.sender]
    left = []
    for mandate in held:
        leaves = tree.mask(code for code in mandate.regions if code in tree)
        if not leaves & gone:
            left.append(mandate)
        elif regions := tree.fewest(leaves & ~gone):
            left.append(Mandate(mandate.sender, regions, mandate.valid_from, mandate.valid_until))
    if left == held:
        return ()
    return (
        ev.MandateWithdrawn(at=now, sender=command.sender, regions=command.regions,
                            left=tuple(left), by=command.by),
    )  # fmt: skip
