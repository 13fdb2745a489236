"""Signed feeds: threat reports, dose rates and outages come in here, each under its key.

Anybody may knock; what counts is the signature over the raw body, which is checked before anything
of it is read. A refusal writes nothing.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TypeVar

from msgspec import Struct

from tocsin.checks import json as strict
from tocsin.checks.signature import KEY_HEADER, SIGNATURE_HEADER, claimed
from tocsin.checks.text import id_refusal, name_refusal
from tocsin.core.authority import Permission
from tocsin.core.intake_commands import TakeThreat
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.threats import Confidence, ThreatKind
from tocsin.service.feedrecords import FeedKey, FeedKind
from tocsin.service.feeds import feed_of
from tocsin.service.intake import Envelope, Intake
from tocsin.service.observations import Observation
from tocsin.web.api import infraasks
from tocsin.web.api.area import geocodes
from tocsin.web.api.intakeasks import FeedOutageAsk, ObservationAsk, TakenBody, ThreatAsk
from tocsin.web.api.ledgerasks import kept_time
from tocsin.web.api.outages import command_of, in_request
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

BASE = "/api/v1"
NO_STORE = {"Cache-Control": "no-store"}
SIGNED = (
    Rule.UNSIGNED, Rule.UNKNOWN_FEED_KEY, Rule.BAD_SIGNATURE, Rule.NOT_ALLOWED,
    Rule.OUTSIDE_JURISDICTION, Rule.IDENTIFIER_REUSED, Rule.TOO_OLD, Rule.TIME_IN_FUTURE,
    Rule.EXPIRES_TOO_LATE, Rule.CONTROL_CHARACTER, Rule.TOO_MANY_REQUESTS, Rule.NOT_ACCEPTED,
    Rule.UNKNOWN_PATH,
)  # fmt: skip
"""How every signed message may be refused."""

Message = TypeVar("Message", ThreatAsk, ObservationAsk, FeedOutageAsk)


def intake_of(ask: Ask) -> Intake | Refusal:
    """Return the house's intake; a house without a registry has none."""
    found: Intake | None = ask.house.shared.get("intake")
    return found or Refusal(Rule.UNKNOWN_PATH, "", "This house takes in no feeds.")


async def threats(ask: Ask) -> Answer | Refusal:
    """Take in a threat report, or take one back."""
    found = _opened(ask, FeedKind.THREATS, ThreatAsk)
    if isinstance(found, Refusal):
        return found
    intake, key, body = found
    command = _threat(ask, key, body)
    if isinstance(command, Refusal):
        return command
    return await intake.threat(key, command) or _taken(key, body, FeedKind.THREATS)


async def observations(ask: Ask) -> Answer | Refusal:
    """Take in one reading of a station."""
    found = _opened(ask, FeedKind.OBSERVATIONS, ObservationAsk)
    if isinstance(found, Refusal):
        return found
    intake, key, body = found
    if (refused := kept_time(body.measured_at, "/measured_at")) is not None:
        return refused
    said = Observation(
        station=body.station, quantity=body.quantity, value=body.value, unit=body.unit,
        measured_at=body.measured_at.astimezone(UTC), quality=body.quality,
        position=body.position,
    )  # fmt: skip
    refused = await intake.observation(key, _envelope(body), said)
    return refused or _taken(key, body, FeedKind.OBSERVATIONS)


async def outages(ask: Ask) -> Answer | Refusal:
    """Take in what is out, or how it stands now."""
    found = _opened(ask, FeedKind.OUTAGES, FeedOutageAsk)
    if isinstance(found, Refusal):
        return found
    intake, key, body = found
    for number, name in enumerate(body.scope.installations):
        if name not in ask.house.service.state.infra.installations:
            return Refusal(
                Rule.UNKNOWN_INSTALLATION, f"/scope/installations/{number}",
                "No installation of that id is known here.",
            )  # fmt: skip
    command = command_of(
        ask,
        infraasks.OutageAsk(
            service=body.service, scope=body.scope, source=body.source, began=body.began,
            expected_end=body.expected_end, restored_share=body.restored_share, ended=body.ended,
        ),
        None,
    )  # fmt: skip
    if isinstance(command, Refusal):
        return command
    refused = await intake.outage(key, _envelope(body), command)
    if refused is not None:
        return in_request(refused)
    return _taken(key, body, FeedKind.OUTAGES)


def _opened(
    ask: Ask, feed: FeedKind, kind: type[Message]
) -> tuple[Intake, FeedKey, Message] | Refusal:
    """Return whose message it is and what it says; its signature first.

    Raises:
        BadInput: it is signed, and it cannot be read.
    """
    intake = intake_of(ask)
    if isinstance(intake, Refusal):
        return intake
    headers, raw = ask.request.headers, ask.body
    claim = claimed(headers.getlist(KEY_HEADER), headers.getlist(SIGNATURE_HEADER))
    if isinstance(claim, Refusal):
        return claim
    key = intake.opened(feed, claim, raw)
    if isinstance(key, Refusal):
        return key
    body = strict.read(raw, kind, most_bytes=ask.house.max_body_bytes)
    refused = (
        id_refusal(body.id, "/id")
        or kept_time(body.sent, "/sent")
        or kept_time(body.not_after, "/not_after")
    )
    return refused or (intake, key, body)


def _threat(ask: Ask, key: FeedKey, body: ThreatAsk) -> TakeThreat | Refusal:
    world = ask.house.service.world
    envelope = _envelope(body)
    feed = feed_of(key)
    if body.withdraws is not None:
        for member in ("kind", "regions", "confidence", "toward", "eta", "observer"):
            if getattr(body, member) not in (None, [], ""):
                return Refusal(
                    Rule.BAD_VALUE, f"/{member}",
                    "A message that withdraws says nothing else; report anew under its own id.",
                )  # fmt: skip
        return TakeThreat(
            feed=feed, identifier=envelope.identifier, content=envelope.content,
            sent=envelope.sent, not_after=envelope.not_after, kind=ThreatKind.UNKNOWN,
            regions=(), confidence=Confidence.POSSIBLE, withdraws=body.withdraws,
        )  # fmt: skip
    if body.kind is None:
        return Refusal(Rule.MISSING_MEMBER, "/kind", "Say what was seen; unknown if need be.")
    if body.confidence is None:
        return Refusal(Rule.MISSING_MEMBER, "/confidence", "Say how sure the observer is.")
    if (refused := name_refusal(body.observer, "/observer")) is not None:
        return refused
    regions = geocodes(world, body.regions, "/regions")
    toward = geocodes(world, body.toward, "/toward")
    if isinstance(regions, Refusal):
        return regions
    if isinstance(toward, Refusal):
        return toward
    return TakeThreat(
        feed=feed, identifier=envelope.identifier, content=envelope.content, sent=envelope.sent,
        not_after=envelope.not_after, kind=body.kind, regions=regions,
        confidence=body.confidence, observer=body.observer.strip(), toward=toward,
        eta_s=body.eta,
    )  # fmt: skip


def _envelope(body: ThreatAsk | ObservationAsk | FeedOutageAsk) -> Envelope:
    return Envelope(
        identifier=body.id, content=_content(body), sent=_utc(body.sent),
        not_after=_utc(body.not_after),
    )  # fmt: skip


def _content(body: Struct) -> str:
    """Return the hash by which two messages are the same: what they say, not how it is spelt."""
    return hashlib.sha256(strict.canonical(body)).hexdigest()


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _taken(key: FeedKey, body: Message, feed: FeedKind) -> Answer:
    return Answer(TakenBody(id=body.id, key=key.id, feed=feed.value), 202, headers=NO_STORE)


LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="POST", path=f"{BASE}/intake/threats", name="take-threat",
        summary="Take in a threat report of a feed, or take one back",
        description="Signed over the raw body. No coordinates of what was seen are taken.",
        permission=Permission.PUBLIC, request=ThreatAsk, query=NoQuery, response=TakenBody,
        status=202, handler=threats, signed=True, headers=NO_STORE,
        refusals=(
            *SIGNED, Rule.EMPTY_AREA, Rule.UNKNOWN_REGION, Rule.UNKNOWN_REPORT,
        ),
    ),
    Endpoint(
        method="POST", path=f"{BASE}/intake/observations", name="take-observation",
        summary="Take in one reading of a station",
        description="Signed over the raw body. Stored when it is answered; weighed at once.",
        permission=Permission.PUBLIC, request=ObservationAsk, query=NoQuery, response=TakenBody,
        status=202, handler=observations, signed=True, headers=NO_STORE,
        refusals=(*SIGNED, Rule.UNKNOWN_STATION, Rule.WRONG_UNIT),
    ),
    Endpoint(
        method="POST", path=f"{BASE}/intake/outages", name="take-outage",
        summary="Take in what is out, or how it stands now",
        description="Signed over the raw body. Same service, regions and beginning: an update.",
        permission=Permission.PUBLIC, request=FeedOutageAsk, query=NoQuery, response=TakenBody,
        status=202, handler=outages, signed=True, headers=NO_STORE,
        refusals=(
            *SIGNED, Rule.EMPTY_AREA, Rule.UNKNOWN_REGION, Rule.SHARE_OUT_OF_RANGE,
            Rule.RESTORED_BEFORE_OUTAGE, Rule.UNKNOWN_INSTALLATION,
        ),
    ),
)  # fmt: skip
