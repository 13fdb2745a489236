"""The rules of notices: the entrance. Who may tell people, where.

The rules stand in ``notice_watch`` and ``notice_counterfeit``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from tocsin.core import notice_commands as nc
from tocsin.core import notice_counterfeit as counterfeit
from tocsin.core import notice_watch as watch
from tocsin.core.alert import Realm
from tocsin.core.area import Area
from tocsin.core.authority import Permission, Warrant, beyond
from tocsin.core.events import Event
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World

Answer = tuple[Event, ...] | Refusal


def decide_notice(
    world: World,
    state: State,
    command: nc.NoticeCommand,
    now: datetime,
    ids: Sequence[str],
    warrant: Warrant | None,
) -> Answer:
    """Return what follows from ``command``; ``warrant`` None is the house itself."""
    if warrant is not None:
        if not warrant.may(Permission.SITUATION):
            return Refusal(
                Rule.NOT_ALLOWED, "/Authorization", "Notices are given by officers on duty."
            )
        if Realm.LIVE not in warrant.scope.realms:
            return Refusal(Rule.WRONG_ROOM, "/realm", "This is real; this credential is not.")
    match command:
        case nc.KeepWatch():
            found = watch.keep(world, state, command, now, ids)
        case nc.EndWatch():
            found = watch.end(state, command, now)
        case nc.TellCounterfeit():
            found = counterfeit.tell(world, state, command, now, ids, warrant)
        case nc.EndCounterfeit():
            found = counterfeit.end(state, command, now)
        case _:
            assert_never(command)
    if isinstance(found, Refusal) or warrant is None:
        return found
    mine = world.tree.mask(code for code in warrant.scope.regions if code in world.tree)
    area = _area(state, command)
    return beyond(world.tree, mine, area, spill_share=world.spill_share, who=warrant.name) or found


def _area(state: State, command: nc.NoticeCommand) -> Area:
    match command:
        case nc.KeepWatch():  # its next look may name other regions: both are told of it
            old = state.notices.watches.get(command.watch_id or "")
            return Area(regions=(*command.regions, *(old.regions if old is not None else ())))
        case nc.EndWatch():
            return Area(regions=state.notices.watches[command.watch_id].regions)
        case nc.TellCounterfeit():
            return command.area
        case nc.EndCounterfeit():
            return state.notices.counterfeits[command.notice_id].area
        case _:
            assert_never(command)
