"""The frozen profile: what a country is, as the rules see it.

Built once from a folder of data; ``decide`` reads it, ``evolve`` needs none of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from tocsin.core.area import RegionTree
from tocsin.core.authority import Role
from tocsin.core.facilities import Channel
from tocsin.core.hazard import Hazard
from tocsin.core.publication import Publication

NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondPerson:
    """When a second person is needed, and who may be one (RELIABILITY P18)."""

    people_above: int = 500_000
    top_regions_above: int = 1
    hazards: frozenset[str] = frozenset()
    single_person: frozenset[str] = frozenset()
    """Hazards that one person may always issue in his own territory, because delay kills."""
    approvers: frozenset[Role] = frozenset((Role.OPERATOR, Role.SUPERVISOR))
    page_after: timedelta = timedelta(seconds=90)
    """Unanswered for so long, further officers are called."""
    lasts: timedelta = timedelta(minutes=15)
    """How long a proposal may be answered."""
    override: bool = True
    """Whether one person may issue alone in an emergency, with a typed reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminders:
    """When the issuer is asked "Still valid?" (DESIGN section 7)."""

    first: timedelta = timedelta(minutes=60)
    shares: tuple[float, ...] = (0.8, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPolicy:
    """What may come of what feeds send (``policies.toml [threats]``, ``[doses]``).

    ``hazards``: threat kind -> the hazard it drafts. ``issue_people_above``: a feed that may issue
    does so for no more people in all, those whom its alerts warn already counted in.
    ``weak_regions``: a single weak source drafts for no more top regions.

    Dose rates: ``agreeing`` stations of one region, each above ``times_background`` and
    ``at_least_nsv_h`` by its last ``readings`` within ``window``, draft ``dose_hazard``. A station
    that says more than ``most_nsv_h`` is at fault.
    """

    hazards: Mapping[str, str] = field(default_factory=dict)
    issue_people_above: int = 500_000
    merge_within: timedelta = timedelta(seconds=180)
    draft_lasts: timedelta = timedelta(minutes=15)
    oldest: timedelta = timedelta(minutes=5)
    ahead: timedelta = timedelta(seconds=60)
    weak_regions: int = 1
    dose_hazard: str = "radiation"
    agreeing: int = 3
    window: timedelta = timedelta(minutes=30)
    times_background: float = 5.0
    at_least_nsv_h: float = 1_000.0
    readings: int = 3
    most_nsv_h: float = 1e8


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Regions, hazards, languages and policies of one profile.

    ``superiors``: sender id -> the sender ids whose alerts it may end as well as its own.
    """

    id: str
    tree: RegionTree
    hazards: Mapping[str, Hazard]
    languages: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    """The profile's own name, by language."""
    time_zone: str = "UTC"
    """IANA name; for display only, every time inside is UTC."""
    drill_words: Mapping[str, str] = field(default_factory=dict)
    """The word that every drill text begins and ends with, by language."""
    short: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Short labels of regions for maps, geocode -> language -> label; where given."""
    senders: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Names of the senders that the profile knows, by language."""
    authority: str = ""
    """The sender in whose name the house itself warns, until there are accounts."""
    superiors: Mapping[str, frozenset[str]] = field(default_factory=dict)
    spill_share: float = 0.02
    """How much of a drawn area may lie outside the sender's territory (RELIABILITY P21)."""
    second_person: SecondPerson = SecondPerson()
    reminders: Reminders = Reminders()
    channels: Mapping[str, Channel] = field(default_factory=dict)
    """Ways by which a warning reaches people, in the order in which pages name them."""
    never_said: tuple[str, ...] = ()
    """Words that no text may hold: a lie in a drill, or a promise that nobody can keep."""
    like_all_clear: tuple[str, ...] = ()
    """Words that people take for an all-clear, or for a promise; no notice may hold them."""
    least_to_leave: timedelta = timedelta(minutes=10)
    """The deadline of an evacuation lies at least so far ahead."""
    feeds: FeedPolicy = FeedPolicy()
    """What may come of threat reports and dose rates."""
    publication: Publication = field(default_factory=Publication)
    """When and how coarsely people are told of incidents (RELIABILITY P24-P28)."""
    alerts_per_minute: int = 6
    """A person who issues more is not refused; supervisors are paged (DESIGN section 7)."""

    def is_superior(self, sender: str, owner: str, under: Mapping[str, str] = NOBODY) -> bool:
        """Say whether ``owner`` stands under ``sender``: by the profile, or by its mandate.

        ``under`` is the state's: sender -> the one above it. A loop in it ends the walk.
        """
        seen: set[str] = set()
        above = owner
        while above not in seen:
            if above != sender and above in self.superiors.get(sender, frozenset()):
                return True
            seen.add(above)
            above = under.get(above, above)
            if above == sender and sender != owner:
                return True
        return False

    def may_end(self, sender: str, owner: str, under: Mapping[str, str] = NOBODY) -> bool:
        """Say whether ``sender`` may end an alert of ``owner``: its own, or a subordinate's."""
        return sender == owner or self.is_superior(sender, owner, under)
