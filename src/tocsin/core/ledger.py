"""The ledger's rules: who may enter, correct, link, hold back and release what.

Nothing is overwritten and nothing merged silently (DESIGN section 3, rule 9). A report is never a
source of alerts: nothing here can issue one. Every change needs its reason, and an officer with
``Permission.SITUATION`` in the live room; the ledger has no drill room.

This is the entrance; the rules stand by reason in ``ledger_reports``, ``ledger_incidents``,
``ledger_claims``, ``ledger_release`` (what people see, and when), ``ledger_guidance`` and
``ledger_waves``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from tocsin.core import ledger_claims as claims
from tocsin.core import ledger_commands as lc
from tocsin.core import ledger_guidance as guidance
from tocsin.core import ledger_incidents as incidents
from tocsin.core import ledger_release as release
from tocsin.core import ledger_reports as reports
from tocsin.core import ledger_waves as waves
from tocsin.core.alert import Realm
from tocsin.core.authority import Permission, Warrant
from tocsin.core.claims import ALONE
from tocsin.core.incidents import KINDS
from tocsin.core.ledger_checks import Answer
from tocsin.core.ledger_release import due_for_release
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World

__all__ = ["ALONE", "KINDS", "decide_ledger", "due_for_release"]


def decide_ledger(  # noqa: C901, PLR0911, PLR0912  # a match over all that can be asked
    world: World,
    state: State,
    command: lc.LedgerCommand,
    now: datetime,
    ids: Sequence[str],
    warrant: Warrant | None,
) -> Answer:
    """Return what follows from ``command``; ``warrant`` None is the house itself."""
    if (refused := _may(command, warrant)) is not None:
        return refused
    match command:
        case lc.TakeReport():
            return reports.take(state, command, now, ids)
        case lc.RejectDraft():
            return reports.reject(state, command, now)
        case lc.FinishReport():
            return reports.finish(state, command, now)
        case lc.OpenIncident():
            return incidents.open_(world, state, command, now, ids)
        case lc.ChangeIncident():
            return incidents.change(world, state, command, now)
        case lc.EnterClaim():
            return claims.enter(world, state, command, now, ids)
        case lc.CorrectClaim():
            return claims.correct(world, state, command, now, ids)
        case lc.RetractClaim():
            return claims.retract(state, command, now)
        case lc.MoveClaim():
            return claims.move(world, state, command, now)
        case lc.LinkIncidents():
            return incidents.link(state, command, now)
        case lc.SetEmbargo():
            return release.embargo(world, state, command, now, ids, warrant)
        case lc.ApproveEmbargo():
            return release.approve(state, command, now, warrant)
        case lc.AnnounceIncident():
            return release.announce(world, state, command, now, ids)
        case lc.ReleaseIncident():
            return release.release(world, state, command, now, ids)
        case lc.EraseWords():
            return reports.erase(state, command, now)
        case lc.GiveGuidance():
            return guidance.guide(world, state, command, now, ids)
        case lc.EndGuidance():
            return guidance.end_guidance(state, command, now)
        case lc.OpenWave():
            return waves.open_wave(world, state, command, now, ids)
        case lc.JoinWave():
            return waves.join_wave(state, command, now)
        case _:
            assert_never(command)


def _may(command: lc.LedgerCommand, warrant: Warrant | None) -> Refusal | None:
    """Refuse whoever is no officer of the situation, or is one of the drill room alone."""
    if isinstance(command, lc.ReleaseIncident):
        if warrant is None:
            return None
        return Refusal(Rule.NOT_ALLOWED, "/Authorization", "A release comes by the clock alone.")
    if warrant is None:
        return None
    if not warrant.may(Permission.SITUATION):
        return Refusal(
            Rule.NOT_ALLOWED, "/Authorization", "The ledger is kept by situation officers."
        )
    if Realm.LIVE not in warrant.scope.realms:
        return Refusal(Rule.WRONG_ROOM, "/realm", "The ledger is real; this credential is not.")
    if warrant.is_machine and isinstance(command, lc.EnterClaim) and command.saying.draft:
        return Refusal(
            Rule.NOT_ALLOWED, "/Authorization", "A person confirms what a report is read into."
        )
    return None
