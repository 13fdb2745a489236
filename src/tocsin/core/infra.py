"""The rules of installations, channels, outages and postures: the entrance.

They are kept by situation officers of the live room, each within his own regions. Nothing here
issues an alert; what people are told of it says never which installation, and never why
(RELIABILITY P25a). The rules stand by reason in ``infra_installations``, ``coverage`` (which
channel still reaches whom), ``infra_outages`` and ``infra_posture``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import assert_never

from tocsin.core import infra_commands as ic
from tocsin.core import infra_installations as installations
from tocsin.core import infra_outages as outages
from tocsin.core import infra_posture as postures
from tocsin.core.alert import Realm
from tocsin.core.authority import Permission, Warrant, some
from tocsin.core.events import Event
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World

Answer = tuple[Event, ...] | Refusal
OF_REGISTER = ic.RegisterInstallation | ic.EraseInstallation | ic.ReportCondition
"""What shows or says something of an installation (DESIGN section 3, rule 14: its own role)."""


def decide_infra(
    world: World,
    state: State,
    command: ic.InfraCommand,
    now: datetime,
    ids: Sequence[str],
    warrant: Warrant | None,
) -> Answer:
    """Return what follows from ``command``; ``warrant`` None is the house itself."""
    if warrant is not None:
        if not warrant.may(Permission.SITUATION):
            return Refusal(
                Rule.NOT_ALLOWED, "/Authorization",
                "Installations, outages and postures are kept by situation officers.",
            )  # fmt: skip
        if isinstance(command, OF_REGISTER) and not warrant.may(Permission.REGISTER):
            return Refusal(
                Rule.NOT_ALLOWED, "/Authorization",
                "The register of installations is kept by situation officers and supervisors.",
            )  # fmt: skip
        if Realm.LIVE not in warrant.scope.realms:
            return Refusal(Rule.WRONG_ROOM, "/realm", "This is real; this credential is not.")
    match command:
        case ic.RegisterInstallation():
            found = installations.register(world, state, command, now, ids)
        case ic.EraseInstallation():
            found = installations.erase(world, state, command, now)
        case ic.ReportCondition():
            found = installations.report(world, state, command, now)
        case ic.SetChannel():
            found = installations.set_channel(world, state, command, now)
        case ic.ReportOutage():
            found = outages.report(world, state, command, now, ids)
        case ic.SetPosture():
            found = postures.set_posture(world, state, command, now, ids)
        case _:
            assert_never(command)
    if isinstance(found, Refusal) or warrant is None:
        return found
    return _outside(world, state, command, warrant) or found


def _outside(
    world: World, state: State, command: ic.InfraCommand, warrant: Warrant
) -> Refusal | None:
    """Refuse what lies outside the regions of whoever asks (RELIABILITY P21)."""
    tree = world.tree
    mine = tree.mask(code for code in warrant.scope.regions if code in tree)
    for field, code in _places(world, state, command):
        if code in tree and (foreign := tree.mask((code,)) & ~mine):
            return Refusal(
                Rule.OUTSIDE_JURISDICTION, field,
                f"{warrant.name} keeps no record of {some(tree.fewest(foreign))}.",
            )  # fmt: skip
    return None


def _places(  # noqa: C901, PLR0912  # a match over all that can be asked
    world: World, state: State, command: ic.InfraCommand
) -> Iterable[tuple[str, str]]:
    match command:
        case ic.RegisterInstallation():
            yield "/where/geocode", command.facility.where.geocode
            for number, serves in enumerate(command.facility.serves):
                for code in serves.regions:
                    yield f"/serves/{number}/regions", code
            yield from _of(world, state, command.installation_id)
        case ic.EraseInstallation() | ic.ReportCondition():
            yield from _of(world, state, command.installation_id)
        case ic.SetChannel():
            for number, code in enumerate(command.regions):
                yield f"/regions/{number}", code
        case ic.ReportOutage():
            for number, code in enumerate(command.regions):
                yield f"/regions/{number}", code
            for installation in command.installations:
                yield from _of(world, state, installation)
            if command.outage_id is not None:
                for code in state.infra.outages[command.outage_id].regions:
                    yield "/id", code
        case ic.SetPosture():
            for number, code in enumerate(command.regions):
                yield f"/regions/{number}", code
            yield from _of(world, state, command.installation_id)
            if command.kind is not None:  # of every such installation, wherever it is
                yield "/kind", world.tree.root


def _of(world: World, state: State, installation_id: str | None) -> Iterable[tuple[str, str]]:
    """Yield where an installation lies: anywhere, where its description does not open."""
    one = state.infra.installations.get(installation_id or "")
    if one is not None and not one.erased:
        yield "/id", one.facility.where.geocode if one.facility is not None else world.tree.root
