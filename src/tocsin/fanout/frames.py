"""What goes over the wire on a live stream: server-sent events, as bytes. Pure.

JSON has no raw line break, so ``data`` is always one line and no text can forge a field. The
two separators that JSON allows and that many languages take for line ends go escaped.

Source: WHATWG HTML, "Server-sent events"; formats/api-v1.md, "Stream".
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import Struct

from tocsin.formats.api import AlertBody, GuidanceBody, encode
from tocsin.formats.told import ChannelBody, CounterfeitBody, OutageBody, WatchBody


class SnapshotBody(Struct, frozen=True, kw_only=True):
    """First on every new stream: all that a client needs to start from."""

    sequence: int
    as_of: datetime
    alerts: list[AlertBody]
    hash: str
    no_information: list[str]


class HeartbeatBody(Struct, frozen=True, kw_only=True):
    """The stream lives, and this is what a client should hold."""

    sequence: int
    server_time: datetime
    hash: str


class MandateNotice(Struct, frozen=True, kw_only=True, tag_field="kind", tag="mandate"):
    """Who may warn where has changed; the regions in which nobody may, whole."""

    at: datetime
    no_information: list[str]


class GuidanceNotice(Struct, frozen=True, kw_only=True, tag_field="kind", tag="guidance"):
    """What people in an area must avoid or do, or that it no longer holds."""

    guidance: GuidanceBody


class ChannelNotice(Struct, frozen=True, kw_only=True, tag_field="kind", tag="channel"):
    """Where a channel may not carry warnings, from now on; never why."""

    at: datetime
    channel: ChannelBody


class OutageNotice(Struct, frozen=True, kw_only=True, tag_field="kind", tag="outage"):
    """A service is out, or how it stands now."""

    outage: OutageBody


class WatchNotice(Struct, frozen=True, kw_only=True, tag_field="kind", tag="watch"):
    """Somebody looked and saw no danger, or looks no more. It is not an all-clear."""

    watch: WatchBody


class CounterfeitNotice(Struct, frozen=True, kw_only=True, tag_field="kind", tag="counterfeit"):
    """A warning that is about is false, or is no longer about."""

    counterfeit: CounterfeitBody


class ResetBody(Struct, frozen=True, kw_only=True):
    """The id a client came back with is of no use; a snapshot follows."""

    sequence: int


class StaleBody(Struct, frozen=True, kw_only=True):
    """This node has lost its source; the socket lives, the news does not."""

    since: datetime


SEPARATORS = (("\u2028".encode(), rb"\u2028"), ("\u2029".encode(), rb"\u2029"))


def sse(event: str, body: Struct | msgspec.Raw, sequence: int | None = None) -> bytes:
    """Return one server-sent event; ``sequence`` becomes its ``id``, to resume from."""
    name = b"" if sequence is None else b"id: %d\n" % sequence
    data = encode(body)
    for separator, escaped in SEPARATORS:
        data = data.replace(separator, escaped)
    return b"%sevent: %s\ndata: %s\n\n" % (name, event.encode("ascii"), data)


def retry(wait_ms: int) -> bytes:
    """Return the advice to come back after ``wait_ms`` milliseconds."""
    return b"retry: %d\n\n" % wait_ms
