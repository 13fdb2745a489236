"""The vocabulary of what a country runs on: installations, channels, outages, postures.

An **installation** (a substation, a tower, a siren) *needs* others (powered by, controlled by, fed
by) and *serves* channels in regions. A **channel** is a way by which a warning reaches people; the
profile names them. What depends on something that is down is *at risk* until somebody confirms it,
never down by inference alone (issue: DESIGN R8).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tocsin.core.claims import Figure, Where

INSTALLATION_KINDS = (
    "substation", "power-plant", "control-room", "tv-tower", "radio-tower", "mobile-site",
    "exchange", "siren", "water", "heat", "hospital", "metro", "bridge", "plant", "other",
)  # fmt: skip
SERVICES = ("power", "water", "heat", "gas", "telecom", "internet", "broadcast", "transport")
"""What can be out."""


class Condition(enum.StrEnum):
    """In what condition an installation or a channel is said to be."""

    WORKING = "working"
    DEGRADED = "degraded"
    DOWN = "down"
    UNKNOWN = "unknown"


class Tie(enum.StrEnum):
    """How an installation depends on another."""

    POWERED_BY = "powered-by"
    CONTROLLED_BY = "controlled-by"
    FED_BY = "fed-by"


class PostureLevel(enum.StrEnum):
    """How much something is guarded."""

    NORMAL = "normal"
    RAISED = "raised"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What an installation depends on: another one, and how."""

    tie: Tie
    on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Serves:
    """A channel that an installation carries, in regions and all under them."""

    channel: str
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """What an installation is. Sealed: it would help whoever fires (DESIGN section 3, rule 14)."""

    kind: str
    name: str
    where: Where
    needs: tuple[Need, ...] = ()
    serves: tuple[Serves, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One report of an installation's condition."""

    at: datetime
    condition: Condition
    as_of: datetime
    source: str
    struck: bool
    by: str
    incident_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """An installation, and what was said of it. ``facility`` None: erased, or no key for it."""

    id: str
    handle: str
    content: str
    facility: Facility | None
    registered_at: datetime
    contents: tuple[str, ...] = ()
    """Every version of its description that was sealed."""
    condition: Condition = Condition.UNKNOWN
    as_of: datetime | None = None
    source: str = ""
    struck: int = 0
    """How often it was hit."""
    struck_at: datetime | None = None
    incident_ids: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()
    """The last reports of its condition, oldest first."""
    erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A way by which a warning reaches people; data of the profile (``channels.toml``).

    ``wakes``: it reaches people who are not looking. ``by_hand``: people carry it (loudspeaker
    cars), so it is what is left when the others fall. ``regions``: where there is such a channel;
    empty: everywhere. ``advice``: what a resident does to be reached by it, by language.
    """

    id: str
    names: Mapping[str, str]
    wakes: bool = True
    by_hand: bool = False
    regions: tuple[str, ...] = ()
    advice: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A person's word on a channel in some regions. ``condition`` None: as installations say."""

    channel: str
    regions: tuple[str, ...]
    condition: Condition | None
    as_of: datetime
    source: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How much of a service is back, from when on people were told so."""

    at: datetime
    restored: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageWord:
    """An outage as one person or feed said it is; whole values. For the desk."""

    at: datetime
    service: str
    regions: tuple[str, ...]
    settlements: tuple[str, ...]
    figure: Figure | None
    began: datetime
    expected_end: datetime | None
    restored_share: float
    ended_at: datetime | None
    source: str
    told: bool
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A service that is out. ``revision`` counts what was said of it.

    ``shares``: how much was said to be back, oldest first; the first counts from the beginning. Of
    what people were told alone, so that nothing the desk knew before moves what they read.
    ``words``: the last that were said of it, told or not, oldest first; the last is how it stands.
    """

    id: str
    handle: str
    service: str
    regions: tuple[str, ...]
    began: datetime
    source: str
    at: datetime
    settlements: tuple[str, ...] = ()
    figure: Figure | None = None
    expected_end: datetime | None = None
    restored_share: float = 0.0
    shares: tuple[Share, ...] = ()
    words: tuple[OutageWord, ...] = ()
    ended_at: datetime | None = None
    told: bool = False
    public_id: str = ""
    installations: tuple[str, ...] = ()
    incident_id: str | None = None
    changed_at: datetime | None = None
    revision: int = 1
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """How much something is guarded, since when, why, by whose order."""

    id: str
    at: datetime
    level: PostureLevel
    reason: str
    ordered_by: str
    for_whom: str
    installation_id: str | None
    kind: str | None
    regions: tuple[str, ...]
    until: datetime | None
    by: str

    @property
    def of(self) -> tuple[str, ...]:
        """Return what it is about, so that a later one replaces it."""
        return (self.installation_id or "", self.kind or "", *sorted(self.regions))
