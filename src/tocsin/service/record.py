"""What was recorded, as the rest of the house sees it: a row, its event, the alert after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tocsin.core import events as ev
from tocsin.core.alert import Alert
from tocsin.core.facilities import Facility
from tocsin.core.state import after, born
from tocsin.service.ports import Draft, Row


class Codec(Protocol):
    """How events become bytes and bytes events again; the journal's, handed in by ``bootstrap``."""

    def encode(self, event: ev.Event) -> tuple[str, int, bytes]:
        """Return kind, version and bytes of an event."""
        ...

    def facility(self, content: str) -> Facility | None:
        """Return the description of an installation that is sealed under that hash, if it opens."""
        ...

    def sealed(self, words: bytes) -> tuple[str, bytes] | None:
        """Return words sealed, with the hash that names them; None where there is no key."""
        ...

    def opened(self, content: str) -> bytes | None:
        """Return what is sealed under that hash, if it opens."""
        ...

    def decode(self, kind: str, version: int, data: bytes) -> ev.Event:
        """Return the event, whatever version it was written in."""
        ...


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event of the journal and, where it belongs to an alert, the alert after it."""

    row: Row
    event: ev.Event
    alert: Alert | None


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert at one revision, and the number its audience knows that revision by.

    ``sequence`` is None for imported history: it is in no stream.
    """

    alert: Alert
    sequence: int | None


def draft_of(codec: Codec, event: ev.Event) -> Draft:
    """Return an event as bytes, ready to be recorded."""
    kind, version, data = codec.encode(event)
    return Draft(
        kind,
        version,
        data,
        ev.alert_id_of(event),
        ev.audience_of_event(event),
        ev.is_sequenced(event),
    )


def views_of(codec: Codec, rows: Iterable[Row], until: datetime | None = None) -> list[AlertView]:
    """Return the revisions of one alert from its rows, oldest first; those that hold by then."""
    views: list[AlertView] = []
    for row in rows:
        event = codec.decode(row.kind, row.version, row.data)
        if until is not None and event.at > until:
            continue
        if isinstance(event, ev.AlertIssued):
            alert = born(event)
        elif isinstance(event, ev.AlertEvent) and views:
            alert = after(views[-1].alert, event)
        else:
            continue
        views.append(AlertView(alert, row.audience_seq))
    return views
