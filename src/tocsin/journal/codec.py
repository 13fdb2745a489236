"""Events as bytes and back: JSON, by kind and version.

The kind is the event's class name in kebab-case (``AlertIssued`` is ``alert-issued``). A field
that is only added, with a default, needs nothing here: old bytes decode, and the default
fills it. Any other change raises the event's number in ``core.events.VERSIONS`` and adds a
step to ``UPCASTS``, which turns the JSON members of one version into those of the next.
Steps are never removed: a journal is read years later.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from tocsin.core.events import EVENTS, VERSIONS, Event
from tocsin.core.facilities import Facility
from tocsin.core.infra_events import InstallationRegistered
from tocsin.errors import JournalBroken
from tocsin.service.ports import Row

Upcast = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTS: Mapping[tuple[str, int], Upcast] = {}
"""(kind, from version) -> the step that turns its members into those of the next version."""


def kind_of(event_class: type[Event]) -> str:
    """Return the kind of an event: its class name in kebab-case."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", event_class.__name__).lower()


_KINDS: dict[type[Event], tuple[str, int]] = {
    event_class: (kind_of(event_class), VERSIONS.get(event_class, 1)) for event_class in EVENTS
}
_CLASSES: dict[str, type[Event]] = {kind: known for known, (kind, _) in _KINDS.items()}
_DECODERS: dict[str, msgspec.json.Decoder[Event]] = {
    kind: msgspec.json.Decoder(event_class) for kind, event_class in _CLASSES.items()
}


def _as_object(value: object) -> dict[Any, Any]:
    """Return a read-only mapping as what JSON knows."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no place in an event")


_ENCODE = msgspec.json.Encoder(enc_hook=_as_object).encode


def encode(event: Event) -> tuple[str, int, bytes]:
    """Return the kind, version and bytes of an event; what is sealed beside the chain is left out.

    An installation's description is never written (DESIGN section 3, rule 14).
    """
    if isinstance(event, InstallationRegistered) and event.facility is not None:
        event = replace(event, facility=None)
    kind, version = _KINDS[type(event)]
    return kind, version, _ENCODE(event)


def decode(kind: str, version: int, data: bytes, *, seq: int = 0) -> Event:
    """Return the event that ``encode`` was given, brought up to this Tocsin's version of it.

    ``seq`` is the row's number, if known: the exception names it.

    Raises:
        JournalBroken: The kind is unknown, its version is newer than this Tocsin knows or
            lacks a step upwards, or the bytes do not fit the kind.
    """
    decoder = _DECODERS.get(kind)
    if decoder is None:
        raise JournalBroken(f"row {seq}: this Tocsin knows no event {kind!r}", seq=seq)
    newest = _KINDS[_CLASSES[kind]][1]
    try:
        if version == newest:
            return decoder.decode(data)
        return msgspec.convert(_upcast(kind, version, newest, data, seq), _CLASSES[kind])
    except (msgspec.MsgspecError, UnicodeDecodeError) as wrong:
        raise JournalBroken(f"row {seq}: not a {kind} version {version}: {wrong}", seq=seq) from (
            wrong
        )


def facility(content: str) -> Facility | None:  # noqa: ARG001  # the shape of a codec
    """Return nothing: this codec has no key. ``service.sealing`` has."""
    return None


def sealed(words: bytes) -> tuple[str, bytes] | None:  # noqa: ARG001  # the shape of a codec
    """Return nothing: this codec has no key, and keeps nothing that should be sealed."""
    return None


def opened(content: str) -> bytes | None:  # noqa: ARG001  # the shape of a codec
    """Return nothing: this codec has no key."""
    return None


def decode_row(row: Row) -> Event:
    """Return the event of a row; see ``decode``."""
    return decode(row.kind, row.version, row.data, seq=row.seq)


def _upcast(kind: str, version: int, newest: int, data: bytes, seq: int) -> dict[str, Any]:
    if version > newest:
        raise JournalBroken(
            f"row {seq}: {kind} version {version} was written by a newer Tocsin"
            f" (this one knows up to {newest})",
            seq=seq,
        )
    members: dict[str, Any] = msgspec.json.decode(data, type=dict[str, Any])
    for step in range(version, newest):
        if (upcast := UPCASTS.get((kind, step))) is None:
            raise JournalBroken(
                f"row {seq}: there is no step from {kind} version {step} to {step + 1}", seq=seq
            )
        members = upcast(members)
    return members
