"""``situation.toml`` as it is written: tables and keys; an unknown one is refused."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.core.claims import ClaimKind, Hedge, Measure, Qualifier, SpeakerKind
from tocsin.core.control import Control
from tocsin.core.facilities import Condition, PostureLevel, Tie
from tocsin.core.incidents import LinkKind
from tocsin.core.ledger_events import KeepAway

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


class SpanRow(Row, frozen=True, kw_only=True):
    """From when until when, the end exclusive."""

    begin: Local = msgspec.field(name="from")
    until: Local


class IncidentRow(PlacedRow, frozen=True, kw_only=True):
    """An incident that is opened; claims and links name it by its key.

    ``alerts``: of a wave, when the alerts that belong to it were issued.
    """

    key: Named
    kind: Named
    site: Named
    title: Told
    alerts: SpanRow | None = None


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
    """What people in some regions must do or avoid; told at once. ``about``: what they avoid."""

    key: Named
    about: KeepAway | None = None
    regions: Annotated[list[str], Meta(min_length=1)]
    words: Told


class NeedRow(Row, frozen=True, kw_only=True):
    """What an installation depends on, by its key."""

    tie: Tie
    on: Named


class ServesRow(Row, frozen=True, kw_only=True):
    """A channel that it carries."""

    channel: Named
    regions: Annotated[list[str], Meta(min_length=1)]


class InstallationRow(Row, frozen=True, kw_only=True):
    """An installation of the register."""

    key: Named
    kind: Named
    name: Named
    region: Named
    place: str = ""
    needs: list[NeedRow] = []
    serves: list[ServesRow] = []


class ConditionRow(Row, frozen=True, kw_only=True):
    """In what condition an installation is said to be, and by whom."""

    installation: Named
    condition: Condition
    source: Named
    struck: bool = False
    incident: str = ""


class ChannelRow(Row, frozen=True, kw_only=True):
    """In what condition a person says that a channel is; left out: as its installations say."""

    channel: Named
    regions: Annotated[list[str], Meta(min_length=1)]
    source: Named
    condition: Condition | None = None


class OutageRow(Row, frozen=True, kw_only=True):
    """A service that is out, or how it stands now: the same key again."""

    key: Named
    service: Named
    regions: Annotated[list[str], Meta(min_length=1)]
    source: Named
    began: Local
    settlements: list[str] = []
    figure: FigureRow | None = None
    share: float = 0.0
    ended: Local | None = None
    installations: list[str] = []
    incident: str = ""


class PostureRow(Row, frozen=True, kw_only=True):
    """How much a kind of installation, or some regions, are guarded."""

    level: PostureLevel
    reason: Named
    ordered_by: Named
    for_whom: Named
    kind: str = ""
    regions: list[str] = []
    until: Local | None = None


class WatchRow(Row, frozen=True, kw_only=True):
    """Somebody looked and saw no danger."""

    hazard: Named
    regions: Annotated[list[str], Meta(min_length=1)]
    voice: Named
    as_of: Local
    fresh_until: Local
    words: Told


class LieRow(Row, frozen=True, kw_only=True):
    """A false warning is about; ``refutes``: the claim that tells of it, by its ref."""

    key: Named
    regions: Annotated[list[str], Meta(min_length=1)]
    words: Told
    refutes: str = ""


class ControlRow(Row, frozen=True, kw_only=True):
    """Who controls some regions, from when on: a moment of the past, or left out: from then."""

    control: Control
    regions: Annotated[list[str], Meta(min_length=1)]
    source: Named
    since: Local | None = msgspec.field(name="from", default=None)


class FilingRow(Row, frozen=True, kw_only=True):
    """What the desk enters at one moment, of one report or of none.

    ``ends``: guidance that is over; ``lies_end``: false warnings that are no longer about.
    """

    at: Local
    report: str = ""
    control: list[ControlRow] = []
    installations: list[InstallationRow] = []
    conditions: list[ConditionRow] = []
    channels: list[ChannelRow] = []
    outages: list[OutageRow] = []
    postures: list[PostureRow] = []
    watches: list[WatchRow] = []
    lies: list[LieRow] = []
    lies_end: list[Named] = []
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
