"""What a returning connection missed, or why only a snapshot will do (RELIABILITY P9)."""

from __future__ import annotations

import re
from typing import Protocol

from tocsin.core.alert import Audience
from tocsin.service.record import Recorded

_SEQUENCE = re.compile(r"0|[1-9][0-9]{0,17}")


class Memory(Protocol):
    """Where missed events are kept: the service."""

    def recent(self, audience: Audience, after: int) -> list[Recorded] | None:
        """Return the events after a number of the audience, None where it cannot."""
        ...


def missed(memory: Memory, audience: Audience, last_event_id: str) -> list[Recorded] | None:
    """Return the events after the id a client came back with, oldest first.

    None where the id is malformed, from the future, or too old: never silence, a reset.
    """
    if _SEQUENCE.fullmatch(last_event_id) is None:
        return None
    return memory.recent(audience, int(last_event_id))
