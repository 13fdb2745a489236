"""Whose territory an entry of the ledger is about: an officer keeps his own, not another's.

The same jurisdiction as for warnings (RELIABILITY P21): every region that a command is about must
lie in the scope of whoever asks. Reports are read by all; what is made of them has a place.
"""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.core import ledger_commands as lc
from tocsin.core.area import Area
from tocsin.core.authority import Warrant, beyond, some
from tocsin.core.incidents import Incident
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World


def outside(
    world: World, state: State, command: lc.LedgerCommand, warrant: Warrant
) -> Refusal | None:
    """Return why that warrant's territory does not reach what the command is about."""
    tree = world.tree
    mine = tree.mask(code for code in warrant.scope.regions if code in tree)
    if isinstance(command, lc.GiveGuidance):
        return beyond(tree, mine, command.area, spill_share=world.spill_share, who=warrant.name)
    if isinstance(command, lc.EndGuidance):
        held = state.ledger.guidance.get(command.guidance_id)
        area = held.area if held is not None else Area()
        return beyond(tree, mine, area, spill_share=world.spill_share, who=warrant.name)
    for field, code in _places(state, command):
        if code in tree and (foreign := tree.mask((code,)) & ~mine):
            return Refusal(
                Rule.OUTSIDE_JURISDICTION, field,
                f"{warrant.name} keeps no record of {some(tree.fewest(foreign))}.",
            )  # fmt: skip
    return None


def _places(  # noqa: PLR0912  # a match over all that has a place
    state: State, command: lc.LedgerCommand
) -> Iterator[tuple[str, str]]:
    """Yield the regions that a command is about, each with the field that names it."""
    match command:
        case lc.OpenIncident():
            yield "/where/geocode", command.where.geocode
        case lc.ChangeIncident():
            yield from _of(state, command.incident_id, "/id")
            if command.where is not None:
                yield "/where/geocode", command.where.geocode
        case lc.EnterClaim():
            yield from _of(state, command.incident_id, "/incident")
            if command.opens is not None:
                yield "/open/where/geocode", command.opens.where.geocode
            elif command.incident_id is None and command.saying.where is not None:
                yield "/saying/where/geocode", command.saying.where.geocode
        case lc.CorrectClaim() | lc.RetractClaim():
            yield from _of_claim(state, command.claim_id)
        case lc.MoveClaim():
            yield from _of_claim(state, command.claim_id)
            yield from _of(state, command.incident_id, "/incident")
        case lc.LinkIncidents():
            yield from _of(state, command.one, "/one")
            yield from _of(state, command.other, "/other")
        case lc.SetEmbargo() | lc.ApproveEmbargo() | lc.AnnounceIncident():
            yield from _of(state, command.incident_id, "/id")
        case lc.OpenWave() | lc.JoinWave():
            yield from _of_wave(state, command)
        case lc.EraseWords() if command.claim_id is not None:
            yield from _of_claim(state, command.claim_id)
        case _:
            return


def _of_wave(state: State, command: lc.OpenWave | lc.JoinWave) -> Iterator[tuple[str, str]]:
    """Yield a wave's own regions and its incidents'. A list of alerts changes none of them."""
    if isinstance(command, lc.OpenWave):
        yield "/where/geocode", command.where.geocode
    else:
        yield from _of(state, state.ledger.root(command.wave_id), "/id")
        for number, name in enumerate(command.leave_incidents):
            yield from _of(state, name, f"/leave_incidents/{number}")
    for number, name in enumerate(command.incidents):
        yield from _of(state, name, f"/incidents/{number}")


def _of(state: State, incident_id: str | None, field: str) -> Iterator[tuple[str, str]]:
    incident: Incident | None = state.ledger.incidents.get(incident_id or "")
    if incident is not None:
        yield field, incident.where.geocode


def _of_claim(state: State, claim_id: str) -> Iterator[tuple[str, str]]:
    claim = state.ledger.claims[claim_id]  # decided already: it is known
    if claim.incident_id is not None:
        yield from _of(state, claim.incident_id, "/id")
    elif claim.saying.where is not None:
        yield "/id", claim.saying.where.geocode
