"""What driver and terminal say to each other: one JSON object a line, over a pipe.

The terminal asks with single words (``Wish``); the driver tells what it does (``Told``). An
``Acknowledged`` is what a client of the API has once it has seen a 2xx: the demo compares
these with the journal after its plug was pulled.
"""

from __future__ import annotations

import enum
from datetime import datetime

import msgspec


class Wish(enum.StrEnum):
    """What the one at the keyboard asks of the replay."""

    PAUSE = "pause"
    FASTER = "faster"
    JUMP = "jump"
    CLEAR = "clear"


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The server listens; ``done`` of the script's ``steps`` were found in the journal."""

    steps: int
    done: int


class Begun(msgspec.Struct, frozen=True, tag="act"):
    """An act begins; it counts from 0."""

    act: int


class Moment(msgspec.Struct, frozen=True, tag="moment"):
    """Where the replay is."""

    at: datetime
    step: int
    paused: bool
    speed: float


class Acknowledged(msgspec.Struct, frozen=True, tag="acknowledged"):
    """A command was accepted: recorded, synced, told. ``took_ms`` from asking to knowing."""

    alert_id: str
    revision: int
    took_ms: float


class Entered(msgspec.Struct, frozen=True, tag="entered"):
    """The desk's entry was accepted: an incident or a claim, by its id."""

    entry_id: str


class Noted(msgspec.Struct, frozen=True, tag="noted"):
    """What became of the desk's work: ``sign`` is one word in capitals, as in a log."""

    at: datetime
    sign: str
    words: str


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """A command was refused, or there was nothing to do."""

    rule: str
    help: str


class Holding(msgspec.Struct, frozen=True, tag="holding"):
    """The replay waits for the key that gives the region's all-clear; over when ``on`` is False."""

    region: str
    on: bool


class Done(msgspec.Struct, frozen=True, tag="done"):
    """Everything was played; the server stays."""

    steps: int


class Opened(msgspec.Struct, frozen=True, tag="opened"):
    """The demo's own officer was made; the one-time link lets somebody be him."""

    link: str


Told = Opened | Ready | Begun | Moment | Acknowledged | Entered | Noted | Refused | Holding | Done

_decoder: msgspec.json.Decoder[Told] = msgspec.json.Decoder(Told)


def encode(told: Told) -> bytes:
    """Return one line, with its end."""
    return msgspec.json.encode(told) + b"\n"


def decode(line: bytes) -> Told:
    """Return what a line says.

    Raises:
        msgspec.MsgspecError: it is not one of ours.
    """
    return _decoder.decode(line)
