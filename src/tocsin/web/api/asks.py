"""The shapes of requests: strict, complete, refused rather than guessed.

Unknown members are refused; every time carries its zone; an area has no default, so it can
never mean "everywhere".

Source: formats/api-v1.md; DESIGN section 3, rules 6 and 13.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from tocsin.core.alert import AlertState, Certainty, Realm, Severity, Status, Urgency
from tocsin.formats.api import CircleBody, Position

Time = Annotated[datetime, Meta(tz=True, description="RFC 3339, with its zone.")]
Headline = Annotated[str, Meta(max_length=160)]
Prose = Annotated[str, Meta(max_length=4000)]
Reason = Annotated[str, Meta(max_length=500)]
Sentences = dict[str, Prose]
Words = Annotated[
    dict[str, "WordsAsk"],
    Meta(description="Own words, by language; what is left out comes from the profile."),
]
Sender = Annotated[
    str | None,
    Meta(description="In whose name; left out: the one that the credential speaks for."),
]
Override = Annotated[
    Reason | None,
    Meta(description="Why it cannot wait for the second person that policy wants: loud, audited."),
]
Name = Annotated[str, Meta(max_length=200)]


class WordsAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Own words for an alert, in one language, in place of the profile's."""

    headline: Headline | None = None
    description: Prose | None = None
    instruction: Prose | None = None


class AreaAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where: regions by geocode or alias, drawn shapes; at least one of them."""

    regions: Annotated[list[str], Meta(max_length=5000)] = []
    polygons: Annotated[
        list[list[Position]],
        Meta(description="Closed rings: the last position is the first again."),
    ] = []
    circles: Annotated[list[CircleBody], Meta(max_length=1000)] = []
    excluded: Annotated[list[str], Meta(max_length=5000)] = []


class SecondAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The author's wish for a second person, and what is to be said to whoever it is."""

    ask: Annotated[bool, Meta(description="Also where policy does not want one.")] = False
    because: Reason = ""


class EvacuationAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The plan of an evacuation; each sentence in every language of the profile."""

    destination: Annotated[Sentences, Meta(description="Where people go.")] = {}
    routes: Annotated[Sentences, Meta(description="Which way they go.")] = {}
    transport: Annotated[Sentences, Meta(description="By what, also for who has no car.")] = {}
    assembly: Annotated[
        Sentences, Meta(description="The places where they gather, each with its time.")
    ] = {}
    help: Annotated[Sentences, Meta(description="Who helps those who cannot walk.")] = {}
    deadline: Annotated[Time | None, Meta(description="By when they must have left.")] = None
    assembly_public: Annotated[
        bool, Meta(description="Tell everybody where people gather; else officers alone see it.")
    ] = False


class IssueAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Warn."""

    hazard: str
    area: AreaAsk
    realm: Annotated[
        Realm | None, Meta(description="The address is the room; given, it must be the same.")
    ] = None
    status: Annotated[
        Status | None, Meta(description="Left out: Actual in live, Exercise in drill.")
    ] = None
    level: str | None = None
    text: Words = {}
    urgency: Urgency | None = None
    severity: Severity | None = None
    certainty: Certainty | None = None
    onset: Time | None = None
    expires: Annotated[
        Time | None, Meta(description="Left out: the hazard's default from now.")
    ] = None
    standing_by: Annotated[
        str | None,
        Meta(description="The person who renews it each day; makes it a standing alert."),
    ] = None
    sender: Sender = None
    identifier: Annotated[
        str | None,
        Meta(description="Its name at the sender, unique for ever; left out: the new id."),
    ] = None
    hold: Annotated[
        bool, Meta(description="Nobody but its own sender may end it, not even a superior.")
    ] = False
    channels: Annotated[
        list[str], Meta(max_length=100, description="Ways out it is meant for; none: all.")
    ] = []
    second: SecondAsk | None = None
    override: Override = None
    draft: Annotated[
        Name | None, Meta(description="The draft of an alert that it answers, by id.")
    ] = None
    evacuation: Annotated[
        EvacuationAsk | None, Meta(description="The plan; whole, where the hazard needs one.")
    ] = None
    token: Annotated[str | None, Meta(description="From the preview of exactly this.")] = None


class UpdateAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Change an alert in force; what is left out stays. Places are only ever added."""

    level: str | None = None
    area: AreaAsk | None = None
    text: Words = {}
    urgency: Urgency | None = None
    severity: Severity | None = None
    certainty: Certainty | None = None
    expires: Time | None = None
    reason: Annotated[
        Reason | None,
        Meta(description="Why it lasts, shown to people; empty takes back what was said."),
    ] = None
    evacuation: Annotated[
        EvacuationAsk | None, Meta(description="Another plan, whole; left out: it stays.")
    ] = None
    second: SecondAsk | None = None
    override: Override = None
    sender: Sender = None


class KeepAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answer "Still valid?": it is, as it stands."""

    sender: Sender = None


class ExtendAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Let an alert last longer; nothing sounds."""

    expires: Time
    standing_by: Annotated[
        str | None, Meta(description="Makes the alert standing, or renews one that is.")
    ] = None
    sender: Sender = None


class ClearAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Give the all-clear: the danger has passed."""

    regions: Annotated[
        list[str], Meta(max_length=5000, description="Only this part of the alert; none: all.")
    ] = []
    ticked: Annotated[
        list[str],
        Meta(max_length=1000, description="Other alerts that end along with it, one by one."),
    ] = []
    reason: Reason | None = None
    sender: Sender = None


class CancelAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Withdraw an alert: it was issued in error."""

    reason: Reason
    sender: Sender = None


class AlertsQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which alerts. Without ``since``, ``until``, ``state`` and ``cursor``: those in force."""

    since: Annotated[Time | None, Meta(description="Sent at or after.")] = None
    until: Annotated[Time | None, Meta(description="Sent before.")] = None
    region: Annotated[
        list[str], Meta(max_length=100, description="Over it, in it or above it; repeatable.")
    ] = []
    hazard: Annotated[list[str], Meta(max_length=100)] = []
    state: Annotated[list[AlertState], Meta(max_length=4)] = []
    cursor: Annotated[str | None, Meta(description="`next` of the page before.")] = None
    limit: Annotated[int, Meta(ge=1, le=500)] = 100
    drill: Annotated[int, Meta(ge=0, le=1, description="1: drills instead.")] = 0


class ApproveAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Say yes to a proposal, to exactly this content of it."""

    content: Annotated[str, Meta(max_length=64, description="`content` as it was read.")]


class SendBackAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Say not so: what is to be changed."""

    reason: Reason


class DeclineAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Say not now; somebody else is called."""

    reason: Reason = ""


class NothingAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing more needs to be said."""


class ClearingQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which part would be cleared, and in whose name."""

    regions: Annotated[list[str], Meta(max_length=1000)] = []
    sender: Sender = None


class StateQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At which moment; nothing: now."""

    at: Annotated[Time | None, Meta(description="As it was at this moment.")] = None
    known_at: Annotated[Time | None, Meta(description="As it was known at this moment.")] = None
    drill: Annotated[int, Meta(ge=0, le=1, description="1: drills instead.")] = 0
