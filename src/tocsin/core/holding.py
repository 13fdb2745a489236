"""Who controls a region: recorded, and what follows for the mandates there (see ``control``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tocsin.core.control import SetControl
from tocsin.core.events import Event
from tocsin.core.refusals import Refusal
from tocsin.core.state import State
from tocsin.core.world import World


def set_control(
    world: World, state: State, asked: SetControl, now: datetime, ids: Sequence[str]
) -> tuple[Event, ...] | Refusal:
    """Record who controls some regions; mandates there end with it, or are given again."""
    raise NotImplementedError
