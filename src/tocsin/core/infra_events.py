"""What happened to installations, channels, outages and postures.

What people are told stands in events of its own (``ChannelsChanged``, ``OutageReported`` once it is
told) that hold nothing of the installation, the cause or the desk; all else is the desk's alone
(RELIABILITY P25a). A facility's description is sealed beside the chain: ``facility`` is never
written, the chain holds the hash of what was sealed and whoever has the key opens it (DESIGN
section 3, rule 14).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.core.claims import Figure
from tocsin.core.facilities import Condition, Facility, PostureLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationRegistered:
    """An installation was entered, or is described anew; whole values.

    ``content`` is the hash of the sealed description; ``facility`` is None where it was erased or
    the key is not here.
    """

    at: datetime
    installation_id: str
    handle: str
    content: str
    facility: Facility | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationErased:
    """Its description was erased, every version of it; what was reported of it stays."""

    at: datetime
    installation_id: str
    contents: tuple[str, ...]
    reason: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionReported:
    """Somebody said in what condition an installation is. ``struck``: it was hit (again)."""

    at: datetime
    installation_id: str
    condition: Condition
    as_of: datetime
    source: str
    struck: bool = False
    incident_id: str | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSet:
    """A person said in what condition a channel is in some regions; it holds until the next word.

    ``condition`` None: what the installations say counts again.
    """

    at: datetime
    channel: str
    regions: tuple[str, ...]
    condition: Condition | None
    as_of: datetime
    source: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelsChanged:
    """Where a channel may not carry warnings, whole, from now on; for people, without the cause."""

    at: datetime
    channel: str
    may_not: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageReported:
    """An outage as it is known now; whole values. ``told``: people know of it from now on.

    ``public_id`` is made when it is first told: its own id would tell when the desk knew.
    ``restored_share`` is 0 to 1; ``figure`` is "hundreds of settlements", kept as said.
    """

    at: datetime
    outage_id: str
    handle: str
    service: str
    regions: tuple[str, ...]
    began: datetime
    source: str
    settlements: tuple[str, ...] = ()
    figure: Figure | None = None
    expected_end: datetime | None = None
    restored_share: float = 0.0
    ended_at: datetime | None = None
    told: bool = False
    public_id: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageTraced:
    """What an outage comes from: installations and an incident; for the desk, for ever."""

    at: datetime
    outage_id: str
    installations: tuple[str, ...] = ()
    incident_id: str | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostureSet:
    """How much is guarded, of one installation, a kind of them, or in regions; announced to staff.

    Exactly one of the three is named. ``until`` None: until it is set anew.
    """

    at: datetime
    posture_id: str
    level: PostureLevel
    reason: str
    ordered_by: str
    for_whom: str
    installation_id: str | None = None
    kind: str | None = None
    regions: tuple[str, ...] = ()
    until: datetime | None = None
    by: str = ""


PublicInfraEvent = ChannelsChanged
"""Of the public audience whatever it says; ``OutageReported`` is so once it is told."""
InfraEvent = (
    InstallationRegistered
    | InstallationErased
    | ConditionReported
    | ChannelSet
    | ChannelsChanged
    | OutageReported
    | OutageTraced
    | PostureSet
)
INFRA_EVENTS: tuple[type[InfraEvent], ...] = (
    InstallationRegistered,
    InstallationErased,
    ConditionReported,
    ChannelSet,
    ChannelsChanged,
    OutageReported,
    OutageTraced,
    PostureSet,
)
