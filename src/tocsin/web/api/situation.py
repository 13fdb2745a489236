"""The situation as people may know it: JSON and CSV, after its embargo, at fixed slots.

All of it comes through ``service.visible()``, by way of one ``Board`` for each slot. What is hidden
moves no byte: no count, no validator, no date (RELIABILITY P27). Guidance alone is told at once.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from starlette.responses import Response

from tocsin.core.authority import Permission
from tocsin.core.claims import Claim, ClaimKind, Measure, Standing
from tocsin.core.incidents import Stage
from tocsin.core.ledger import KINDS
from tocsin.core.notice_watch import Freshness
from tocsin.core.publication import public_name
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats import api as shapes
from tocsin.formats import ledger as bodies
from tocsin.formats import told as notices
from tocsin.formats import waves as wave_bodies
from tocsin.projections.told import Board, Step, Sum, Told
from tocsin.web.api.dated import dated, told_at
from tocsin.web.api.situation_csv import written
from tocsin.web.endpoint import Ask, Endpoint, House, NoQuery
from tocsin.web.seen import (
    board_of,
    channels_in,
    counterfeits_in,
    freshness,
    holding,
    kept,
    outages_in,
    read_day,
    region_of,
    slots,
    watches_in,
    words_of,
)
from tocsin.web.seen_waves import wave_rows

BASE = "/api/v1"
ALL_KINDS = tuple(dict.fromkeys((*KINDS, *(each.value for each in ClaimKind))))
BODIES = "situation-bodies"
CSV = "text/csv"


class SituationQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which part of it; nothing: all."""

    day: Annotated[
        Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None,
        Meta(description="A local day of the profile's zone."),
    ] = None
    region: Annotated[
        Annotated[str, Meta(max_length=100)] | None,
        Meta(description="In it, or told of a region above it."),
    ] = None
    kind: Annotated[
        Annotated[str, Meta(max_length=40)] | None,
        Meta(description="Of an incident, or of a claim of none."),
    ] = None
    speaker: Annotated[
        Annotated[str, Meta(max_length=40)] | None,
        Meta(description="A key from `/situation/speakers`."),
    ] = None


class WholeBody(bodies.SituationBody, frozen=True, kw_only=True):
    """What is known as of the last release slot, and what is told at once."""

    outages: Annotated[
        list[notices.OutageBody], Meta(description="Those that last, then those over lately.")
    ]
    channels: Annotated[
        list[notices.ChannelBody], Meta(description="By which warnings come there.")
    ]
    watches: Annotated[list[notices.WatchBody], Meta(description="Kept; stale ones too.")]
    counterfeits: Annotated[
        list[notices.CounterfeitBody], Meta(description="False warnings that are about.")
    ]
    waves: Annotated[
        list[wave_bodies.WaveRow], Meta(description="All of them; a region leaves none out.")
    ]


class EndedBody(Struct, frozen=True, kw_only=True):
    """A claim that no longer stands, and what became of it."""

    claim: str
    standing: Standing
    replaced_by: str | None


class StepBody(Struct, frozen=True, kw_only=True):
    """What became known of an incident at one slot, and how many were known of then."""

    at: datetime
    stage: Annotated[Stage | None, Meta(description="The stage it came to; null: as before.")]
    added: list[str]
    ended: list[EndedBody]
    is_over: Annotated[bool, Meta(description="Search and rescue ended.")]
    tallies: list[bodies.TallyBody]
    casualties: bodies.RangeBody | None


class ToldBody(bodies.IncidentBody, frozen=True, kw_only=True):
    """An incident as people may know it, with what became known of it when."""

    parts: Annotated[list[str], Meta(description="Incidents that are part of this one.")]
    history: Annotated[list[StepBody], Meta(description="The latest slot first.")]


class SumBody(Struct, frozen=True, kw_only=True):
    """How many over several incidents, none counted twice."""

    measure: Measure
    low: int
    high: Annotated[int | None, Meta(description="null: nobody says how many at most.")]


class RegionSumsBody(Struct, frozen=True, kw_only=True):
    """One region on one day."""

    region: str
    names: dict[str, str]
    incidents: list[str]
    sums: list[SumBody]


class DayBody(Struct, frozen=True, kw_only=True):
    """One day: that on which its incidents ended."""

    day: date
    incidents: list[str]
    sums: list[SumBody]
    regions: list[RegionSumsBody]


class DaysBody(Struct, frozen=True, kw_only=True):
    """The days of which something is known, the latest first."""

    as_of: datetime
    next_at: datetime
    days: list[DayBody]


class SpeakerBody(Struct, frozen=True, kw_only=True):
    """One voice, and how many claims it makes."""

    key: str
    voice: bodies.VoiceBody
    outlet: Annotated[str, Meta(description="Where it was read last.")]
    claims: int


class SpeakersBody(Struct, frozen=True, kw_only=True):
    """Everybody who says something, who spoke last foremost."""

    as_of: datetime
    next_at: datetime
    speakers: list[SpeakerBody]


async def situation(ask: Ask) -> Response | Refusal:
    """Return what is known, as of the last slot."""
    found = _chosen(ask)
    if isinstance(found, Refusal):
        return found
    told, claims = found
    board = board_of(ask.house)
    as_of, next_at = slots(ask.house)
    house, region, words = ask.house, region_of(ask, ask.query.region), words_of(ask.house)
    service = house.service
    policy, root = service.world.publication, service.world.tree.root
    body = WholeBody(
        as_of=as_of,
        next_at=next_at,
        incidents=[_body(house, board, each) for each in told],
        claims=[bodies.claim_body(each, bodies.loose_name, words) for each in claims],
        guidance=[
            shapes.guidance_body(each, service.text(each.words)) for each in holding(house, region)
        ],
        outages=[notices.outage_body(policy, each) for each in outages_in(house, region)],
        channels=[
            notices.channel_body(
                each.channel, service.state.infra.may_not.get(each.channel.id, ()), root
            )
            for each in channels_in(house, region)
        ],
        watches=[
            notices.watch_body(
                each,
                service.text(each.words)
                if freshness(house, each, region) is Freshness.FRESH
                else None,
            )
            for each in watches_in(house, region)
        ],
        counterfeits=[
            notices.counterfeit_body(each, service.text(each.words))
            for each in counterfeits_in(house, region)
        ],
        waves=wave_rows(house),
    )
    return dated(ask, shapes.encode(body), told_at(house))


async def incident(ask: Ask) -> Response | Refusal:
    """Return one incident with its history."""
    board = board_of(ask.house)
    told = board.find(ask.path["id"])
    if told is None:
        return Refusal(Rule.UNKNOWN_INCIDENT, "/id", "No incident of that id is known here.")
    plain = _body(ask.house, board, told)
    body = ToldBody(
        **{name: getattr(plain, name) for name in bodies.IncidentBody.__struct_fields__},
        parts=list(told.parts),
        history=[_step(board, told, each) for each in board.history(told)],
    )
    return dated(ask, shapes.encode(body))


async def days(ask: Ask) -> Response:
    """Return how many, day by day and region by region."""
    board = board_of(ask.house)
    as_of, next_at = slots(ask.house)
    body = DaysBody(as_of=as_of, next_at=next_at,
                    days=[_day(ask.house, board, each) for each in board.days])  # fmt: skip
    return dated(ask, shapes.encode(body))


async def speakers(ask: Ask) -> Response:
    """Return everybody who says something."""
    as_of, next_at = slots(ask.house)
    found = board_of(ask.house).speakers.values()
    body = SpeakersBody(
        as_of=as_of,
        next_at=next_at,
        speakers=[
            SpeakerBody(key=each.key, voice=bodies.claim_body(
                each.said[0][0], bodies.loose_name, words_of(ask.house)).voice,
                outlet=shapes.prose(each.outlet), claims=len(each.said))
            for each in found
        ],
    )  # fmt: skip
    return dated(ask, shapes.encode(body))


async def as_csv(ask: Ask) -> Response | Refusal:
    """Return the claims as rows, one for each figure, for a spreadsheet."""
    found = _chosen(ask)
    if isinstance(found, Refusal):
        return found
    told, claims = found
    board, words = board_of(ask.house), words_of(ask.house)
    languages = ask.house.service.world.languages
    rows = [(_body(ask.house, board, each), claim) for each in told
            for claim in _body(ask.house, board, each).claims]  # fmt: skip
    loose = [(None, bodies.claim_body(each, bodies.loose_name, words)) for each in claims]
    return dated(ask, written([*rows, *loose], tuple(languages)), media=CSV)


# -- inside --------------------------------------------------------------------------------------


def _chosen(ask: Ask) -> tuple[list[Told], list[Claim]] | Refusal:
    query: SituationQuery = ask.query
    board = board_of(ask.house)
    region, day = region_of(ask, query.region), read_day(query.day)
    if query.region is not None and region is None:
        return Refusal(Rule.UNKNOWN_REGION, "/region", "The profile has no such region.")
    if query.day is not None and day is None:
        return Refusal(Rule.BAD_VALUE, "/day", "There is no such day: write it as 2022-10-11.")
    if query.kind is not None and query.kind not in ALL_KINDS:
        return Refusal(Rule.BAD_VALUE, "/kind", f"One of: {', '.join(ALL_KINDS)}.")
    if query.speaker is not None and query.speaker not in board.speakers:
        return Refusal(Rule.BAD_VALUE, "/speaker", "Nobody of that key says anything here.")
    return board.chosen(day=day, region=region, kind=query.kind, speaker=query.speaker)


def _body(house: House, board: Board, told: Told) -> bodies.IncidentBody:
    """Return an incident, dated by the slot at which people first heard of it."""
    made = kept(house, BODIES, board)
    if told.id not in made:
        plain = bodies.incident_body(board.visible, told.incident, words_of(house))
        made[told.id] = msgspec.structs.replace(plain, known_since=told.since)
    found: bodies.IncidentBody = made[told.id]
    return found


def _step(board: Board, told: Told, step: Step) -> StepBody:
    def name_of(claim_id: str) -> str:
        return public_name(told.id, claim_id)

    claims = board.claims_at(told, step.at)
    whole = {each.id: each for each in told.claims}
    return StepBody(
        at=step.at, stage=step.stage, added=[name_of(each) for each in step.added],
        ended=[
            EndedBody(claim=name_of(each), standing=whole[each].standing,
                      replaced_by=name_of(by) if (by := whole[each].replaced_by) else None)
            for each in step.ended
        ],
        is_over=step.is_over, tallies=bodies.tally_bodies(claims, name_of),
        casualties=bodies.casualties_body(claims),
    )  # fmt: skip


def _day(house: House, board: Board, day: date) -> DayBody:
    told, _ = board.chosen(day=day)
    tree = house.service.world.tree
    return DayBody(
        day=day,
        incidents=[each.id for each in told],
        sums=[_sum(each) for each in board.sums(told)],
        regions=[
            RegionSumsBody(
                region=code, names=dict(tree[code].names), incidents=[each.id for each in group],
                sums=[_sum(each) for each in board.sums(group)],
            )
            for code, group in board.by_region(told).items()
        ],
    )  # fmt: skip


def _sum(each: Sum) -> SumBody:
    return SumBody(measure=each.measure, low=each.low, high=each.high)


PUBLIC = Permission.PUBLIC
LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/situation", name="situation",
        summary="Return what is known: incidents, outages, statements, guidance",
        description=(
            "Incidents and claims as of the last release slot, the rest at once and by `region` "
            "alone. Figures stay as they were said. `ETag` and `Last-Modified` are honoured."
        ),
        permission=PUBLIC, query=SituationQuery, response=WholeBody, handler=situation, past=True,
        refusals=(Rule.UNKNOWN_REGION, Rule.BAD_VALUE),
    ),
    Endpoint(
        method="GET", path=f"{BASE}/situation.csv", name="situation-csv",
        summary="Return the claims as rows for a spreadsheet",
        description=(
            "UTF-8 with a byte order mark, one row for each figure of a claim. A cell that a "
            "spreadsheet would run as a formula begins with an apostrophe."
        ),
        permission=PUBLIC, query=SituationQuery, media=CSV, handler=as_csv, past=True,
        refusals=(Rule.UNKNOWN_REGION, Rule.BAD_VALUE),
    ),
    Endpoint(
        method="GET", path=f"{BASE}/situation/days", name="situation-days",
        summary="Return how many, day by day and region by region, as ranges",
        permission=PUBLIC, query=NoQuery, response=DaysBody, handler=days, past=True,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/situation/speakers", name="situation-speakers",
        summary="Return everybody who says something",
        permission=PUBLIC, query=NoQuery, response=SpeakersBody, handler=speakers, past=True,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/situation/{{id}}", name="situation-incident",
        summary="Return one incident with all claims and its history, by its public id",
        permission=PUBLIC, query=NoQuery, response=ToldBody, handler=incident, past=True,
        refusals=(Rule.UNKNOWN_INCIDENT,),
    ),
)  # fmt: skip
"""``Endpoint`` lines of the situation; the paths without a parameter win over the one with."""
