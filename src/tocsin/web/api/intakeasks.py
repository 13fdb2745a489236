"""The shapes of what feeds send and of what is entered about them: strict, bounded.

A threat report has no coordinates: what was seen stands nowhere, only whom it concerns.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from tocsin.core.threats import Confidence, ThreatKind
from tocsin.formats.api import Position
from tocsin.service.feedrecords import FeedKind, Quality
from tocsin.web.api.asks import Reason, Time
from tocsin.web.api.infraasks import Codes, OutageScopeAsk
from tocsin.web.api.ledgerasks import Kebab, Short

MessageId = Annotated[
    str, Meta(min_length=1, max_length=100, description="Unique for ever under the key.")
]
Sent = Annotated[datetime, Meta(tz=True, description="When it was sent: 5 min ago at most.")]
NotAfter = Annotated[
    datetime, Meta(tz=True, description="Until when it holds: 24 h after `sent` at most.")
]
Dosage = Annotated[float, Meta(ge=0, le=1e12)]


class ThreatAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an observer saw, and whom it concerns; or, with `withdraws`, that it was not so.

    A message that withdraws says nothing else: `kind`, `regions` and the rest are left out.
    """

    id: MessageId
    sent: Sent
    not_after: NotAfter
    kind: Annotated[ThreatKind | None, Meta(description="What was seen.")] = None
    regions: Annotated[
        list[Short], Meta(max_length=500, description="Whom it concerns; geocode or alias.")
    ] = []
    confidence: Confidence | None = None
    toward: Annotated[list[Short], Meta(max_length=50, description="Where it heads.")] = []
    eta: Annotated[
        Annotated[int, Meta(ge=0, le=86_400)] | None, Meta(description="In s; null: not known.")
    ] = None
    observer: Short = ""
    withdraws: Annotated[
        MessageId | None, Meta(description="The id of an earlier report of this key.")
    ] = None


class ObservationAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One reading of a registered station."""

    id: MessageId
    sent: Sent
    not_after: NotAfter
    station: Short
    quantity: Annotated[Short, Meta(description="`ambient-dose-equivalent-rate`")]
    value: Dosage
    unit: Annotated[Short, Meta(description="`nSv/h`")]
    measured_at: Time
    quality: Annotated[
        Quality, Meta(description="`test` and `fault` are kept and never count.")
    ] = Quality.OK
    position: Annotated[
        Position | None, Meta(description="If given, within 0.02 degrees of the register's.")
    ] = None
    background: Annotated[
        Dosage | None, Meta(description="Not believed: the register's counts.")
    ] = None


class FeedOutageAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is out, or how it stands now: whole values.

    The same service, regions and beginning are the same outage; installations by id.
    """

    id: MessageId
    sent: Sent
    not_after: NotAfter
    service: Kebab
    scope: OutageScopeAsk
    source: Short
    began: Time
    expected_end: Time | None = None
    restored_share: Annotated[float, Meta(description="0 to 1.")] = 0.0
    ended: Time | None = None


class FeedAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Let a key send."""

    id: Annotated[
        Short, Meta(description="What `Tocsin-Key` names: small letters, digits, . and -.")
    ]
    public: Annotated[Short, Meta(description="Its Ed25519 public key: 32 bytes in base64.")]
    name: Annotated[Short, Meta(description="Of the feed, for people.")]
    feeds: Annotated[list[FeedKind], Meta(max_length=3, description="What it may send.")]
    regions: Annotated[Codes, Meta(description="Where it has a say.")]
    sender: Annotated[
        Short | None, Meta(description="The authority it speaks for; left out: the house's own.")
    ] = None
    hazards: Annotated[
        list[Short], Meta(max_length=100, description="What it may issue at once.")
    ] = []
    issues: Annotated[
        bool, Meta(description="It may issue at once what policy allows; else it drafts.")
    ] = False
    is_weak: Annotated[bool, Meta(description="Alone it is believed for a small place only.")] = (
        True
    )
    tells: Annotated[bool, Meta(description="Its outages are told to people at once.")] = False


class StationAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Enter a station, or write it anew: whole values."""

    id: Short
    name: Short
    region: Annotated[Short, Meta(description="Geocode or alias.")]
    position: Position
    background: Annotated[Dosage, Meta(description="Known for its place, in nSv/h.")]
    calibrated_until: Annotated[Time, Meta(description="Later readings do not count.")]
    key: Annotated[Short, Meta(description="The feed's key that sends for it.")]


class DismissAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Dismiss a draft."""

    reason: Reason


class TakenBody(Struct, frozen=True, kw_only=True):
    """It is taken in: stored and synced. The same message again gets the same answer."""

    id: str
    key: str
    feed: Literal["threats", "observations", "outages"]
