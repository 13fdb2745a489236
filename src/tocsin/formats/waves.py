"""Waves -> JSON: as people see them, and as the desk does.

A wave's own toll and what is counted place by place stand side by side and are never added.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from tocsin.core.alert import Alert, AlertState
from tocsin.core.area import RegionTree
from tocsin.core.claims import Measure
from tocsin.core.incidents import Stage
from tocsin.core.waves import Local
from tocsin.formats.ledger import (
    DeskWhereBody,
    IncidentBody,
    RangeBody,
    TallyBody,
    WhenBody,
    WhereBody,
)


class WaveAlertBody(Struct, frozen=True, kw_only=True):
    """An alert of a wave; all of it is at `/alerts/{id}`."""

    id: str
    handle: str
    hazard: str
    level: str | None
    regions: Annotated[list[str], Meta(description="The fewest that it touches.")]
    sent: datetime
    ended: datetime | None
    state: AlertState


class LocalBody(Struct, frozen=True, kw_only=True):
    """How many, counted place by place; the wave's own toll is not in it."""

    measure: Measure
    low: int
    high: Annotated[int | None, Meta(description="null: nobody says how many at most.")]


class WaveRow(Struct, frozen=True, kw_only=True):
    """A wave in a list, as people may know it."""

    id: str
    title: dict[str, str]
    stage: Stage
    where: WhereBody
    when: WhenBody
    alerts: int
    incidents: int
    casualties: RangeBody | None


class WavesBody(Struct, frozen=True, kw_only=True):
    """The waves that people may know of, the latest first."""

    as_of: datetime
    next_at: datetime
    waves: list[WaveRow]


class WaveBody(Struct, frozen=True, kw_only=True):
    """A wave as people may know it."""

    id: str
    title: dict[str, str]
    stage: Stage
    where: WhereBody
    when: WhenBody
    is_open: bool
    known_since: datetime
    alerts: Annotated[
        list[WaveAlertBody], Meta(description="By time of sending; told with the wave's release.")
    ]
    incidents: Annotated[list[IncidentBody], Meta(description="Those that people may know of.")]
    tallies: Annotated[list[TallyBody], Meta(description="Of the wave, as said.")]
    casualties: RangeBody | None
    local: Annotated[
        list[LocalBody], Meta(description="Counted place by place. Never to be added to `tallies`.")
    ]


class WavePartRow(Struct, frozen=True, kw_only=True):
    """An incident of a wave, as the desk knows it."""

    id: str
    handle: str
    kind: str
    title: dict[str, str]
    where: DeskWhereBody
    when: WhenBody
    stage: Stage
    is_direct: Annotated[bool, Meta(description="False: it is part of another one of the wave.")]
    tallies: list[TallyBody]


class DeskWaveRow(Struct, frozen=True, kw_only=True):
    """A wave in the desk's list."""

    id: str
    handle: str
    title: dict[str, str]
    where: DeskWhereBody
    when: WhenBody
    is_open: bool
    stage: Stage
    due: datetime | None
    alerts: int
    incidents: int
    tallies: list[TallyBody]


class SuggestedBody(Struct, frozen=True, kw_only=True):
    """Alerts that look like one wave and are in none yet."""

    start: datetime
    end: Annotated[datetime | None, Meta(description="null: one of them goes on.")]
    alerts: list[WaveAlertBody]
    regions: Annotated[list[str], Meta(description="The top regions that they lie in.")]
    wave: Annotated[
        str | None, Meta(description="The wave that others of this group belong to; null: none.")
    ]


class DeskWavesBody(Struct, frozen=True, kw_only=True):
    """The waves, the latest first, and what looks like one."""

    waves: list[DeskWaveRow]
    suggested: list[SuggestedBody]


class DeskWaveBody(Struct, frozen=True, kw_only=True):
    """A wave as the desk knows it; its claims and embargo are its incident's."""

    id: Annotated[str, Meta(description="Also its incident's: see `/incidents/{id}`.")]
    handle: str
    title: dict[str, str]
    where: DeskWhereBody
    when: WhenBody
    is_open: bool
    stage: Stage
    due: datetime | None
    public_id: Annotated[str, Meta(description="Empty: people do not know of it.")]
    opened_at: datetime
    opened_by: str
    alerts: list[WaveAlertBody]
    incidents: list[WavePartRow]
    tallies: Annotated[list[TallyBody], Meta(description="Of the wave, as said.")]
    casualties: RangeBody | None
    local: Annotated[
        list[LocalBody], Meta(description="Counted place by place. Never to be added to `tallies`.")
    ]


def alert_bodies(tree: RegionTree, alerts: Iterable[Alert]) -> list[WaveAlertBody]:
    """Return alerts by time of sending."""
    found = sorted(alerts, key=lambda each: (each.sent, each.id))
    return [
        WaveAlertBody(
            id=each.id, handle=each.handle, hazard=each.hazard, level=each.level,
            regions=list(tree.fewest(tree.extent(each.area).touched)), sent=each.sent,
            ended=each.ended, state=each.state,
        )
        for each in found
    ]  # fmt: skip


def local_bodies(found: Iterable[Local]) -> list[LocalBody]:
    """Return what is counted place by place."""
    return [LocalBody(measure=each.measure, low=each.low, high=each.high) for each in found]


def wave_body(
    plain: IncidentBody,
    *,
    alerts: list[WaveAlertBody],
    incidents: Sequence[IncidentBody],
    local: list[LocalBody],
) -> WaveBody:
    """Return a wave as people may know it; ``plain`` is its incident as they may."""
    return WaveBody(
        id=plain.id, title=plain.title, stage=plain.stage, where=plain.where, when=plain.when,
        is_open=plain.is_open, known_since=plain.known_since, alerts=alerts,
        incidents=list(incidents), tallies=plain.tallies, casualties=plain.casualties, local=local,
    )  # fmt: skip


def wave_row(body: WaveBody) -> WaveRow:
    """Return a wave for a list."""
    return WaveRow(
        id=body.id, title=body.title, stage=body.stage, where=body.where, when=body.when,
        alerts=len(body.alerts), incidents=len(body.incidents), casualties=body.casualties,
    )  # fmt: skip
