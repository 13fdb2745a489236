"""Whom an alert concerns: the filters of a connection, and what they take.

A filter by region takes alerts over the region, over anything in it and over anything
above it, which is the same as sharing a leaf with it. It goes by an alert's *reach*: the
leaves that the alert has covered at any time of its life. So whoever was shown an alert
is told everything that follows, a part cleared out of it included, until it ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tocsin.core.alert import Alert, Audience
from tocsin.core.area import Leaves, RegionTree
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.world import World


@dataclass(frozen=True, slots=True)
class Selection:
    """What a connection wants to hear; None means everything, or every language."""

    audience: Audience = Audience.PUBLIC
    leaves: Leaves | None = None
    hazards: frozenset[str] | None = None
    language: str | None = None

    @property
    def filters(self) -> Selection:
        """The part that decides which alerts are selected: all but the language."""
        return self if self.language is None else replace(self, language=None)

    def takes(self, hazard: str, reach: Leaves) -> bool:
        """Say whether it takes an alert of that hazard with that reach."""
        if self.hazards is not None and hazard not in self.hazards:
            return False
        return self.leaves is None or bool(self.leaves & reach)


def reach(tree: RegionTree, alert: Alert) -> Leaves:
    """Return the leaves that the alert covers now, and those already cleared out of it."""
    area = alert.area
    return tree.extent(replace(area, excluded=()) if area.excluded else area).touched


def selection(
    world: World,
    *,
    regions: Sequence[str] = (),
    hazards: Sequence[str] = (),
    language: str | None = None,
    drill: bool = False,
) -> Selection | Refusal:
    """Return the selection that a query asks for; aliases of regions are accepted."""
    codes: list[str] = []
    for number, name in enumerate(regions):
        if (code := world.tree.find(name)) is None:
            return Refusal(
                Rule.UNKNOWN_REGION, f"/region/{number}", "The profile has no such region."
            )
        codes.append(code)
    for number, name in enumerate(hazards):
        if name not in world.hazards:
            return Refusal(
                Rule.UNKNOWN_HAZARD, f"/hazard/{number}", "The profile has no such hazard."
            )
    if language is not None and language not in world.languages:
        known = ", ".join(world.languages)
        return Refusal(Rule.BAD_VALUE, "/language", f"The profile speaks: {known}.")
    return Selection(
        audience=Audience.DRILL if drill else Audience.PUBLIC,
        leaves=world.tree.mask(codes) if codes else None,
        hazards=frozenset(hazards) if hazards else None,
        language=language,
    )
