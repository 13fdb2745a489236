"""Dose rates: where several good stations agree, a draft is made (DESIGN R10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tocsin.core import intake_commands as tc
from tocsin.core.events import Event
from tocsin.core.refusals import Refusal
from tocsin.core.state import State
from tocsin.core.world import World

Answer = tuple[Event, ...] | Refusal


def weigh(
    world: World, state: State, asked: tc.WeighDoses, now: datetime, ids: Sequence[str]
) -> Answer:
    """Draft an alert where the readings of a region agree; else nothing."""
    raise NotImplementedError
