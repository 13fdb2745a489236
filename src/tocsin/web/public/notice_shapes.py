"""The plain values of what is told at once, as templates print them: put into one language already.

No place here for an installation, a cause or an officer: what cannot be said cannot slip out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LieView:
    """A false warning that is about: what it says, and that it is false."""

    handle: str
    places: str
    words: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WayView:
    """One channel. ``places``: where it may not carry warnings; empty: everywhere that is meant."""

    name: str
    advice: str
    places: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysView:
    """Which channels may not carry warnings, and which do; never why.

    ``lost``: nowhere in the region; ``partly``: not in some places of it; ``left``: those that do.
    Where nothing is lost, nothing is said: "all channels work" would be a false comfort.
    """

    lost: tuple[WayView, ...] = ()
    partly: tuple[WayView, ...] = ()
    left: tuple[WayView, ...] = ()

    @property
    def lost_names(self) -> str:
        """Return the names of those that are lost, as a line lists them."""
        return ", ".join(each.name for each in self.lost)

    @property
    def left_names(self) -> str:
        """Return the names of those that carry."""
        return ", ".join(each.name for each in self.left)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageView:
    """A service that is out, or was."""

    id: str
    service: str
    places: str
    settlements: str
    figure: str
    began: str
    is_open: bool
    expected: str = ""
    share: str = ""
    ended: str = ""
    source: str = ""
    hours: str = ""
    changed: str = ""
    steps: tuple[tuple[str, str], ...] = ()
    """When how much of it was back, the latest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchView:
    """A watch: what was seen, when, by whom. It is never an all-clear, and grows stale.

    ``words`` are empty unless it is fresh; ``is_old``: nobody has looked for long.
    """

    hazard: str
    places: str
    words: str
    who: str
    as_of: str
    is_fresh: bool
    is_old: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """Where people go who must leave: a line for each thing that they need to know, and by when."""

    title: str
    deadline: str
    is_past: bool
    lines: tuple[tuple[str, str], ...]
    """What each thing is called, and what is said of it; where to comes first."""
    assembly_elsewhere: bool
    """Where to gather comes by the channels of the area (RELIABILITY P25a)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideView:
    """What to avoid or do. ``about`` is the cause's word of a place to keep away from."""

    places: str
    words: str
    since: datetime
    about: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsView:
    """All of it, for one region or the country. ``turns_at``: when a part turns by itself."""

    plans: tuple[PlanView, ...] = ()
    lies: tuple[LieView, ...] = ()
    ways: WaysView = WaysView()
    guides: tuple[GuideView, ...] = ()
    outages: tuple[OutageView, ...] = ()
    watches: tuple[WatchView, ...] = ()
    turns_at: datetime | None = None
