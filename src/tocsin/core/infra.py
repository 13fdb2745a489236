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
    """Refuse what lies outside the regions of whoever asks (RELIABILITY P21).

    Where an installation lies is told to those alone who keep the register.
    """
    tree = world.tree
    mine = tree.mask(code for code in warrant.scope.regions if code in tree)
    for field, code in _places(world, state, command):
        if code in tree and (foreign := tree.mask((code,)) & ~mine):
            return _foreign(field, warrant, some(tree.fewest(foreign)))
    for field, code in _register(world, state, command):
        if code in tree and (foreign := tree.mask((code,)) & ~mine):
            knows = warrant.may(Permission.REGISTER)
            return _foreign(field, warrant, some(tree.fewest(foreign)) if knows else "its region")
    return None


def _foreign(field: str, warrant: Warrant, where: str) -> Refusal:
    return Refusal(Rule.OUTSIDE_JURISDICTION, field, f"{warrant.name} keeps no record of {where}.")


def _places(world: World, state: State, command: ic.InfraCommand) -> Iterable[tuple[str, str]]:
    """Yield each region that a command names, with its field."""
    match command:
        case ic.RegisterInstallation():
            yield "/where/geocode", command.facility.where.geocode
            for number, serves in enumerate(command.facility.serves):
                for code in serves.regions:
                    yield f"/serves/{number}/regions", code
        case ic.SetChannel() | ic.ReportOutage() | ic.SetPosture():
            for number, code in enumerate(command.regions):
                yield f"/regions/{number}", code
            if isinstance(command, ic.ReportOutage) and command.outage_id is not None:
                for code in state.infra.outages[command.outage_id].regions:
                    yield "/id", code
            if isinstance(command, ic.SetPosture) and command.kind is not None:
                yield "/kind", world.tree.root  # every such installation, wherever it is
        case _:  # no more than an installation
            return


def _register(world: World, state: State, command: ic.InfraCommand) -> Iterable[tuple[str, str]]:
    """Yield where each installation lies that a command names: anywhere, if it does not open."""
    named: Iterable[tuple[str, str | None]] = ()
    match command:
        case ic.RegisterInstallation() | ic.EraseInstallation() | ic.ReportCondition():
            named = (("/id", command.installation_id),)
        case ic.ReportOutage():
            named = (
                (f"/scope/installations/{number}", each)
                for number, each in enumerate(command.installations)
            )
        case ic.SetPosture():
            named = (("/installation", command.installation_id),)
        case _:  # a channel is none
            return
    for field, installation in named:
        one = state.infra.installations.get(installation or "")
        if one is not None and not one.erased:
            yield field, one.facility.where.geocode if one.facility is not None else world.tree.root
