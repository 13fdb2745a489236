"""What a write is answered by: the alert at the revision that says it, or a proposal in its place.

A proposal is shown with what the house looked at by itself, so that the second person need not:
whether it speaks every language, lies inside the mandate, ends in the future, and whether
people there are under such an alert already.
"""

from __future__ import annotations

from collections.abc import Mapping

from tocsin import phrases
from tocsin.checks.identity import ANYBODY, Identity, Permission
from tocsin.core import scope
from tocsin.core.alert import Realm
from tocsin.core.area import Area, Leaves
from tocsin.core.authority import beyond, mandated
from tocsin.core.evacuation import Evacuation
from tocsin.core.hazard import Phrase, Words
from tocsin.core.overlap import sounding
from tocsin.core.proposal import Proposal
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.world import World
from tocsin.formats import api as shapes
from tocsin.formats import officers as officers_shapes
from tocsin.formats.officers import CheckBody, NameOf, ProposalBody
from tocsin.service.submit import Accepted, Service
from tocsin.web.api.speaker import ROOMS
from tocsin.web.api.staff import names
from tocsin.web.endpoint import Answer, House

NO_ALERT = Refusal(Rule.UNKNOWN_ALERT, "/id", "No alert of that name is known here.")


def answered(
    house: House, outcome: Accepted, status: int = 200, *, identity: Identity = ANYBODY
) -> Answer | Refusal:
    """Return the alert or the proposal that a command came to, as it was when it did."""
    service, name = house.service, outcome.alert_id
    if name is None:
        return NO_ALERT
    headers = {"Idempotent-Replay": "true"} if outcome.repeated else {}
    proposal = service.state.proposals.get(name)
    if proposal is not None:
        headers["Location"] = f"{ROOMS[proposal.realm]}/proposals/{proposal.id}"
        waits = proposal_body(service, proposal, names(house), identity)
        return Answer(waits, 202, headers)
    view = service.view(name, outcome.revision)
    if view is None:
        return NO_ALERT
    if status == 201:  # noqa: PLR2004  # made here: say where it is found
        headers["Location"] = f"/api/v1/alerts/{view.alert.id}"
    alert = view.alert
    body = shapes.alert_body(
        service.world, alert, service.words(alert), view.sequence, plan=service.plan(alert.plan)
    )
    return Answer(body, status, headers)


def proposal_body(
    service: Service, proposal: Proposal, name_of: NameOf, identity: Identity
) -> ProposalBody:
    """Return a proposal whole: its words, what it would change, and the house's own checks.

    Where people gather only who may give it or approve it is told.
    """
    change = None
    if proposal.update is not None and (view := service.view(proposal.update.alert_id)):
        change = view.alert
    words = _words(service, proposal)
    return officers_shapes.proposal_body(
        service.world.tree, proposal, words, name_of=name_of, change=change,
        checks=_checks(service, proposal, words), plan=_plan(service, proposal),
        gathering=knows_gathering(
            service.world, identity, proposal.realm, proposal.hazard, proposal.area
        ),
    )  # fmt: skip


def knows_gathering(
    world: World, identity: Identity, realm: Realm, hazard: str, area: Area
) -> bool:
    """Say whether whoever asks is told where people gather; the house's own token is."""
    if identity.warrant is None:
        return identity.may(Permission.ISSUE)
    return scope.knows_gathering(world, identity.warrant, realm, hazard, area)


def _words(service: Service, proposal: Proposal) -> Mapping[str, Words]:
    asked = proposal.issue or proposal.update
    if asked is not None and asked.texts is not None:
        spoken = service.text(asked.texts)
        if spoken is not None:
            return phrases.read_stored(spoken).get(Phrase.ALERT, {})
    if proposal.update is not None and (view := service.view(proposal.update.alert_id)):
        return service.words(view.alert).get(Phrase.ALERT, {})
    return {}


def _plan(service: Service, proposal: Proposal) -> Evacuation | None:
    asked = proposal.issue or proposal.update
    return service.plan(asked.evacuation) if asked is not None else None


def _checks(service: Service, proposal: Proposal, words: Mapping[str, Words]) -> list[CheckBody]:
    world, now = service.world, service.clock.now()
    hazard = world.hazards.get(proposal.hazard)
    needs = hazard is not None and hazard.needs_instruction
    silent = [
        language
        for language in world.languages
        if (said := words.get(language)) is None
        or not said.headline.strip()
        or (needs and not said.instruction.strip())
    ]
    mine = mandated(world.tree, service.state.mandates, now, proposal.sender)
    outside = beyond(
        world.tree, mine, proposal.area, spill_share=world.spill_share, who=proposal.sender
    )
    asked = proposal.issue or proposal.update
    ends = asked.expires if asked is not None else None
    under = _under(service, proposal)
    return [
        CheckBody(check="texts", ok=not silent, note=", ".join(silent)),
        CheckBody(check="area", ok=outside is None, note=outside.help if outside else ""),
        CheckBody(
            check="end", ok=ends is None or ends > now,
            note=ends.isoformat() if ends is not None else "",
        ),
        CheckBody(
            check="already-in-force", ok=not under, note=", ".join(world.tree.fewest(under))
        ),
    ]  # fmt: skip


def _under(service: Service, proposal: Proposal) -> Leaves:
    """Return the leaves of a new alert in which a siren is on already."""
    asked = proposal.issue
    if asked is None or proposal.hazard not in service.world.hazards:
        return 0
    touched = service.world.tree.extent(proposal.area).touched
    return touched & ~sounding(
        service.world, service.state, proposal.area,
        realm=proposal.realm, hazard=proposal.hazard, level=asked.level,
    )  # fmt: skip
