"""What became of an incident, in the order in which it did: for the desk, exact and with names."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tocsin.core.claims import Standing
from tocsin.core.incidents import Incident, Ledger


class Turned(enum.StrEnum):
    """What happened to it."""

    HAPPENED = "happened"
    OPENED = "opened"
    CLAIM = "claim"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    LINKED = "linked"
    HELD = "held"
    ASKED = "asked"
    ANNOUNCED = "announced"
    RELEASED = "released"
    CLOSED = "closed"
    GUIDANCE = "guidance"
    GUIDANCE_ENDED = "guidance-ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One line of it. ``of`` names the claim, the other incident or the guidance."""

    at: datetime
    what: Turned
    by: str = ""
    of: str = ""
    reason: str = ""
    until: datetime | None = None


def turns(ledger: Ledger, incident: Incident) -> list[Turn]:
    """Return what became of an incident, oldest first."""
    found = [
        Turn(at=incident.when.start, what=Turned.HAPPENED),
        Turn(at=incident.opened_at, what=Turned.OPENED, by=incident.opened_by),
        *_claims(ledger, incident),
        *_links(ledger, incident),
        *_publication(incident),
        *_guidance(ledger, incident),
    ]
    if incident.closed_at is not None:
        found.append(Turn(at=incident.closed_at, what=Turned.CLOSED))
    return sorted(found, key=lambda each: each.at)


def _claims(ledger: Ledger, incident: Incident) -> Iterator[Turn]:
    ended = {Standing.CORRECTED: Turned.CORRECTED, Standing.RETRACTED: Turned.RETRACTED}
    for claim in ledger.claims_of(incident.id):
        yield Turn(at=claim.entered_at, what=Turned.CLAIM, by=claim.entered_by, of=claim.id)
        if claim.ended_at is not None and claim.standing in ended:
            yield Turn(
                at=claim.ended_at, what=ended[claim.standing], of=claim.id, reason=claim.reason
            )


def _links(ledger: Ledger, incident: Incident) -> Iterator[Turn]:
    for link in ledger.links:
        if incident.id in (link.one, link.other):
            other = link.other if link.one == incident.id else link.one
            yield Turn(at=link.at, what=Turned.LINKED, by=link.by, of=other, reason=link.reason)


def _publication(incident: Incident) -> Iterator[Turn]:
    if (limit := incident.embargo) is not None:
        yield Turn(at=limit.at, what=Turned.HELD, by=limit.by, reason=limit.reason,
                   until=limit.until)  # fmt: skip
    if (wait := incident.asked) is not None:
        yield Turn(at=wait.at, what=Turned.ASKED, by=wait.account, reason=wait.reason,
                   until=wait.until)  # fmt: skip
    if incident.announced_at is not None:
        yield Turn(at=incident.announced_at, what=Turned.ANNOUNCED)
    if incident.released_at is not None:
        yield Turn(at=incident.released_at, what=Turned.RELEASED)


def _guidance(ledger: Ledger, incident: Incident) -> Iterator[Turn]:
    for each in ledger.guidance.values():
        if each.incident_id == incident.id:
            yield Turn(at=each.at, what=Turned.GUIDANCE, by=each.by, of=each.id)
            if each.ended_at is not None:
                yield Turn(at=each.ended_at, what=Turned.GUIDANCE_ENDED, of=each.id)
