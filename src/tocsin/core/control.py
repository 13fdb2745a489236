"""Who controls a region, with validity dates: where nobody of ours does, nobody may warn.

Only what people need is kept of it: not who else holds a place, and no front line (DESIGN
section 1). What follows for warnings are mandates: a region that is lost has none from then on, so
it reads *no information* (DESIGN section 2, region state).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from tocsin.core.authority import Mandate


class Control(enum.StrEnum):
    """Whether the authorities of this house control a region."""

    HELD = "held"
    LOST = "lost"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Who controls some regions, from and until; ``source`` says so. Half-open in time."""

    id: str
    regions: tuple[str, ...]
    control: Control
    valid_from: datetime
    valid_until: datetime | None
    source: str
    at: datetime
    by: str = ""
    suspended: tuple[Mandate, ...] = ()
    """The mandates that it cut off, to be given again once the regions are held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSet:
    """Who controls some regions was recorded. For the desk; its mandates are the public's."""

    at: datetime
    holding: Holding


@dataclass(frozen=True, slots=True, kw_only=True)
class SetControl:
    """Record who controls some regions; mandates there end, or are given again."""

    regions: tuple[str, ...]
    control: Control
    source: str
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    by: str = ""
