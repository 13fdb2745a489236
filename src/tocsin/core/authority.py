"""Who may warn where. Accounts, roles and the two-person rule will join it here.

A mandate is an event of the public audience: a place for which nobody holds one is
``no-information``, which is not ``none`` (DESIGN section 3, rule 5).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tocsin.core.area import Leaves, RegionTree


@dataclass(frozen=True, slots=True)
class Mandate:
    """``sender`` may warn in ``regions`` and all under them; half-open in time."""

    sender: str
    regions: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime | None

    def holds(self, at: datetime) -> bool:
        """Say whether it holds at that moment."""
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)


def mandated(
    tree: RegionTree, mandates: Iterable[Mandate], at: datetime, sender: str | None = None
) -> Leaves:
    """Return the leaves in which ``sender`` (anybody, if None) may warn at that moment."""
    leaves = 0
    for mandate in mandates:
        if (sender is None or mandate.sender == sender) and mandate.holds(at):
            leaves |= tree.mask(code for code in mandate.regions if code in tree)
    return leaves
