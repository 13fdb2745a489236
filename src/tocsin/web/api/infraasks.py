"""The shapes of requests about installations, channels, outages, postures, watches and lies."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from tocsin.core.claims import Qualifier
from tocsin.core.facilities import Condition, PostureLevel, Tie
from tocsin.web.api.asks import AreaAsk, Reason, Time
from tocsin.web.api.ledgerasks import Kebab, Sentences, Short, VoiceAsk, WhereAsk

Codes = Annotated[list[Short], Meta(max_length=500, description="By geocode or alias.")]


class NeedAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What it depends on: another installation, by id or handle."""

    tie: Tie
    on: Short


class ServesAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A channel that it carries, in regions and all under them."""

    channel: Kebab
    regions: Codes


class InstallationAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Enter an installation, or describe one anew: whole values. It is kept sealed."""

    kind: Kebab
    name: Short
    where: WhereAsk | None = None
    needs: Annotated[list[NeedAsk], Meta(max_length=50)] = []
    serves: Annotated[list[ServesAsk], Meta(max_length=50)] = []
    note: Annotated[str, Meta(max_length=2000)] = ""


class ConditionAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Say in what condition an installation is, and who says so."""

    condition: Condition
    source: Short
    as_of: Annotated[Time | None, Meta(description="Left out: now.")] = None
    struck: Annotated[bool, Meta(description="It was hit (again); counted.")] = False
    incident: Annotated[Short | None, Meta(description="By id or handle.")] = None


class EraseAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Erase an installation's description for good."""

    reason: Reason


class ChannelAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Say in what condition a channel is in some regions."""

    regions: Codes
    source: Short
    condition: Annotated[
        Condition | None, Meta(description="null: what its installations say counts again.")
    ] = None
    as_of: Time | None = None


class CountAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many, as it was said: "hundreds of settlements" is kept as such."""

    qualifier: Qualifier
    value: Annotated[int, Meta(ge=0, le=1_000_000_000)] | None = None
    of: Short = "settlements"


class OutageScopeAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is out: regions always; settlements by name, installations by id, or a count."""

    regions: Codes = []
    settlements: Annotated[list[Short], Meta(max_length=500)] = []
    installations: Annotated[
        list[Short], Meta(max_length=50, description="For the desk alone, for ever.")
    ] = []
    count: CountAsk | None = None


class OutageAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Say what is out, or how it stands now: whole values."""

    service: Kebab
    scope: OutageScopeAsk
    source: Short
    began: Annotated[Time | None, Meta(description="Left out: now.")] = None
    expected_end: Time | None = None
    restored_share: Annotated[float, Meta(description="0 to 1.")] = 0.0
    ended: Time | None = None
    tell: Annotated[bool, Meta(description="Tell people now; what was told stays told.")] = True
    incident: Short | None = None


class PostureAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Order a posture of one installation, of one kind, or in regions: one of the three."""

    level: PostureLevel
    reason: Reason
    ordered_by: Short
    for_whom: Short
    installation: Short | None = None
    kind: Kebab | None = None
    regions: Codes = []
    until: Time | None = None


class WatchAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Say that somebody looked and saw no danger: what people read, in every language."""

    hazard: Kebab
    regions: Codes
    voice: VoiceAsk
    as_of: Time
    fresh_until: Time
    text: Sentences


class CounterfeitAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Tell people that a warning which is about is false: what it says, what is true."""

    area: AreaAsk
    text: Sentences
    refutes: Annotated[Short | None, Meta(description="A claim's id.")] = None
