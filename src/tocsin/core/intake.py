"""The rules of signed feeds: the entrance. What is taken in, what is drafted of it, for whom.

A machine drafts; a person issues, but where policy lets a feed issue within a narrow mandate. The
rules stand in ``intake_threats`` (reports of observers) and ``intake_doses`` (dose rates).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from tocsin.core import intake_commands as tc
from tocsin.core import intake_doses as doses
from tocsin.core import intake_drafts as drafts
from tocsin.core import intake_threats as threats
from tocsin.core.alert import Realm
from tocsin.core.authority import Permission, Warrant
from tocsin.core.events import Event
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World

Answer = tuple[Event, ...] | Refusal


def decide_intake(
    world: World,
    state: State,
    command: tc.IntakeCommand,
    now: datetime,
    ids: Sequence[str],
    warrant: Warrant | None,
) -> Answer:
    """Return what follows from ``command``. What comes in, no officer says: the house does."""
    match command:
        case tc.CloseAlertDraft():
            if warrant is not None and (refused := _no_operator(warrant)) is not None:
                return refused
            return drafts.close(world, state, command, now, warrant)
        case tc.TakeThreat() if warrant is None:
            return threats.take(world, state, command, now, ids)
        case tc.WeighDoses() if warrant is None:
            return doses.weigh(world, state, command, now, ids)
        case tc.TakeThreat() | tc.WeighDoses():
            return Refusal(
                Rule.NOT_ALLOWED, "/Authorization", "What feeds send is signed by their key alone."
            )
        case _:
            assert_never(command)


def _no_operator(warrant: Warrant) -> Refusal | None:
    if not warrant.may(Permission.ISSUE):
        return Refusal(
            Rule.NOT_ALLOWED, "/Authorization", "Drafts are answered by operators on duty."
        )
    if Realm.LIVE not in warrant.scope.realms:
        return Refusal(Rule.WRONG_ROOM, "/realm", "This is real; this credential is not.")
    return None
