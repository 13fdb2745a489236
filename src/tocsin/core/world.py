"""The frozen profile: what a country is, as the rules see it.

Built once from a folder of data; ``decide`` reads it, ``evolve`` needs none of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tocsin.core.area import RegionTree
from tocsin.core.hazard import Hazard


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondPerson:
    """When a second person is needed (RELIABILITY P18); enforced where there are accounts."""

    people_above: int = 500_000
    top_regions_above: int = 1
    hazards: frozenset[str] = frozenset()
    single_person: frozenset[str] = frozenset()
    """Hazards that one person may always issue in his own territory, because delay kills."""


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

    def may_end(self, sender: str, owner: str) -> bool:
        """Say whether ``sender`` may end an alert of ``owner``: its own, or a subordinate's."""
        return sender == owner or owner in self.superiors.get(sender, frozenset())
