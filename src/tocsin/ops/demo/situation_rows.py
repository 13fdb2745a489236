"""``situation.toml`` as it is written: tables and keys; an unknown one is refused."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.core.claims import ClaimKind, Hedge, Measure, Qualifier, SpeakerKind
from tocsin.core.incidents import LinkKind

Local = Annotated[datetime, Meta(tz=False)]
Named = Annotated[str, Meta(min_length=1)]
Told = Annotated[dict[str, Named], Meta(min_length=1)]


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file: a key that is not ours is refused."""


class ReportRow(Row, frozen=True, kw_only=True):
    """A report: whose, of what day, and of what hour where it says so."""

    outlet: Named
    published: date
    at: time | None = None


class VoiceRow(Row, frozen=True, kw_only=True):
    """Somebody who says something."""

    kind: SpeakerKind
    name: str = ""
    role: str = ""
    org: str = ""
    via: str = ""
    official: bool = False


class FigureRow(Row, frozen=True, kw_only=True):
    """A number as it was said."""

    measures: Annotated[list[Measure], Meta(min_length=1)]
    qualifier: Qualifier
    value: int | None = None
    what: str = ""
    is_part: bool = False


class ThingRow(Row, frozen=True, kw_only=True):
    """A thing and what is said to have become of it."""

    type: Named
    status: Named


class PlacedRow(Row, frozen=True, kw_only=True):
    """What has a place and a time; ``object`` is for the desk alone."""

    region: str = ""
    place: str = ""
    object: str = ""
    begin: Local | None = msgspec.field(name="from", default=None)
    until: Local | None = None
    grain: str = "day"
    certain: bool = True


class IncidentRow(PlacedRow, frozen=True, kw_only=True):
    """An incident that is opened; claims and links name it by its key."""

    key: Named
    kind: Named
    site: Named
    title: Told


class ClaimRow(PlacedRow, frozen=True, kw_only=True):
    """A claim; place and time are its incident's where it gives none. ``undated``: it has none."""

    ref: Named
    kind: ClaimKind
    words: Told
    incident: str = ""
    report: str = ""
    voice: str = ""
    hedge: Hedge = Hedge.SAID
    figures: list[FigureRow] = []
    things: list[ThingRow] = []
    undated: bool = False


class LinkRow(Row, frozen=True, kw_only=True):
    """How one incident belongs to another, and why."""

    kind: LinkKind
    one: Named
    other: Named
    reason: Named


class GuidanceRow(Row, frozen=True, kw_only=True):
    """What people in some regions must do or avoid; told at once."""

    key: Named
    regions: Annotated[list[str], Meta(min_length=1)]
    words: Told


class FilingRow(Row, frozen=True, kw_only=True):
    """What the desk enters at one moment, of one report. ``ends``: guidance that is over."""

    at: Local
    report: Named
    guidance: list[GuidanceRow] = []
    ends: list[Named] = []
    incidents: list[IncidentRow] = []
    claims: list[ClaimRow] = []
    links: list[LinkRow] = []


class StoryRow(Row, frozen=True, kw_only=True):
    """The whole file."""

    reports: dict[str, ReportRow]
    voices: dict[str, VoiceRow] = {}
    filings: list[FilingRow] = []
    looks: list[Local] = []
