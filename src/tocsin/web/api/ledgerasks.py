"""The shapes of requests to the ledger: strict, bounded, refused rather than guessed.

Every sentence is an officer's own, by language. What is left out stays as it was drafted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from tocsin.checks import json as strict
from tocsin.checks.text import name_refusal, prose_refusal
from tocsin.core.claims import (
    ClaimKind,
    Figure,
    Hedge,
    Measure,
    Qualifier,
    Saying,
    SpeakerKind,
    Thing,
    Voice,
    When,
    Where,
)
from tocsin.core.incidents import LinkKind
from tocsin.core.ledger_events import KeepAway
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.world import World
from tocsin.formats.api import Position, stored_words
from tocsin.web.api.asks import AreaAsk, Reason, Time

Short = Annotated[str, Meta(max_length=200)]
Sentence = Annotated[str, Meta(max_length=1000)]
Sentences = Annotated[
    dict[Annotated[str, Meta(max_length=20)], Sentence],
    Meta(max_length=40, description="The officer's own sentence, by language."),
]
Kebab = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Grain = Literal["minute", "day", "month", "year", "range"]
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
SAID = (["outlet"], ["figures"], ["said_at"], ["where"], ["happened"])
"""What the core names of a claim, and a request below ``/saying``."""


class VoiceAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who says so. A private person is not named."""

    kind: SpeakerKind
    name: Short = ""
    role: Short = ""
    org: Short = ""
    via: Short = ""
    official: Annotated[bool, Meta(description="The authority's own release.")] = False


class FigureAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number as it was said."""

    measures: Annotated[list[Measure], Meta(min_length=1, max_length=9)]
    qualifier: Qualifier
    value: int | None = None
    what: Short = ""
    is_part: bool = False


class ThingAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of building, network or service, and what is said to have become of it."""

    type: Kebab
    status: Kebab


class WhenAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A time; ``end`` is exclusive."""

    start: Time
    end: Time
    grain: Grain = "day"
    certain: bool = True


class WhereAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place. ``site`` and ``position`` are for the desk alone, for ever."""

    geocode: Annotated[Short, Meta(description="By geocode or alias.")]
    name: Annotated[Short, Meta(description="Settlement or district; left out: the region.")] = ""
    site: Short = ""
    position: Position | None = None
    certain: bool = True


class SayingAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A claim, all of it."""

    kind: ClaimKind
    voice: VoiceAsk
    outlet: Short
    hedge: Hedge = Hedge.SAID
    figures: Annotated[list[FigureAsk], Meta(max_length=50)] = []
    things: Annotated[list[ThingAsk], Meta(max_length=50)] = []
    happened: WhenAsk | None = None
    where: WhereAsk | None = None
    said_at: Time | None = None
    text: Sentences = {}
    note: Annotated[str, Meta(max_length=2000, description="For the desk alone.")] = ""


class OpenAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Open an incident."""

    kind: Kebab
    site: Annotated[Kebab, Meta(description="A kind of place that the publication policy knows.")]
    where: WhereAsk
    when: WhenAsk
    title: Sentences = {}


class ChangeAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Say better what an incident is; what is left out stays."""

    kind: Kebab | None = None
    site: Kebab | None = None
    where: WhereAsk | None = None
    when: WhenAsk | None = None
    title: Sentences | None = None
    is_open: Annotated[bool | None, Meta(description="false: search and rescue are over.")] = None
    reason: Reason = ""


class ReportAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Take in a report: its text, a page's HTML, a file's bytes, or the address it stands at."""

    text: Annotated[str | None, Meta(description="Plain text.")] = None
    html: Annotated[str | None, Meta(description="A whole page; the article is taken out.")] = None
    file: Annotated[bytes | None, Meta(description="A file's bytes, in base64.")] = None
    address: Annotated[
        Annotated[str, Meta(max_length=2000)] | None,
        Meta(description="Fetched where none of the others is given."),
    ] = None
    outlet: Short = ""
    published: Annotated[
        Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None,
        Meta(description="The local day of its outlet; left out: read from its dateline."),
    ] = None
    language: Annotated[str, Meta(pattern=r"^[a-z]{2,3}$")] | None = None
    title: Short = ""


class ConfirmAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Enter a draft: as it was drafted, or as ``saying`` says it."""

    saying: SayingAsk | None = None
    incident: Annotated[Short | None, Meta(description="The incident's id.")] = None
    open: Annotated[OpenAsk | None, Meta(description="A new incident, opened with it.")] = None
    text: Annotated[Sentences, Meta(description="Beside a draft that is taken as it is.")] = {}
    official: bool = False


class EnterAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Enter a claim by hand."""

    saying: SayingAsk
    incident: Short | None = None
    open: OpenAsk | None = None


class CorrectAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Say right what was entered wrong."""

    saying: SayingAsk
    reason: Reason


class WhyAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why; it stays in the record."""

    reason: Reason


class RejectAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Do not enter a draft."""

    reason: Reason = ""


class MoveAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Put a claim to another incident, or (null) to none."""

    incident: Short | None
    reason: Reason = ""


class LinkAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Say how this incident belongs to another."""

    kind: LinkKind
    other: Short
    reason: Reason
    undo: bool = False


class EmbargoAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Tell people no earlier than this; null: never."""

    until: Time | None
    reason: Reason


class AgreeAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Agree, as a second person, to the shorter embargo that was read."""

    ask: Short


class GuidanceAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Tell people in an area at once what to avoid or do."""

    area: AreaAsk
    text: Sentences
    incident: Short | None = None
    about: Annotated[
        KeepAway | None, Meta(description="What to keep away from; left out: other guidance.")
    ] = None
    until: Annotated[
        Time | None, Meta(description="It holds no longer than that; left out: until ended.")
    ] = None


Texts = dict[str, bytes]


def words(world: World, told: Mapping[str, str], field: str, texts: Texts) -> str | Refusal:
    """Return the content hash of an officer's sentences, put into ``texts``; empty: no words."""
    for language, sentence in told.items():
        place = f"{field}/{strict.escaped(language)}"
        if language not in world.languages:
            known = ", ".join(world.languages)
            return Refusal(Rule.BAD_VALUE, place, f"The profile speaks: {known}.")
        if (refused := prose_refusal(sentence, place)) is not None:
            return refused
    kept = {language: sentence for language, sentence in told.items() if sentence.strip()}
    if not kept:
        return ""
    content, body = stored_words(kept)
    texts[content] = body
    return content


def kept_time(at: datetime | None, field: str) -> Refusal | None:
    """Return why a moment cannot be kept: at the ends of the calendar no clock can be set by it."""
    if at is None or EARLIEST <= at <= LATEST:
        return None
    return Refusal(Rule.BAD_VALUE, field, "No such year is kept here.")


def when(asked: WhenAsk, field: str) -> When | Refusal:
    """Return a time of the core."""
    refused = kept_time(asked.start, f"{field}/start") or kept_time(asked.end, f"{field}/end")
    if refused is not None:
        return refused
    return When(
        start=asked.start.astimezone(UTC),
        end=asked.end.astimezone(UTC),
        grain=asked.grain,
        certain=asked.certain,
    )


def where(world: World, asked: WhereAsk, field: str) -> Where | Refusal:
    """Return a place of the core; an alias becomes the geocode."""
    code = world.tree.find(asked.geocode)
    if code is None:
        return Refusal(Rule.UNKNOWN_REGION, f"{field}/geocode", "The profile has no such region.")
    for name, text in (("name", asked.name), ("site", asked.site)):
        if (refused := name_refusal(text, f"{field}/{name}")) is not None:
            return refused
    return Where(geocode=code, name=asked.name, site=asked.site, position=asked.position,
                 certain=asked.certain)  # fmt: skip


def saying(
    world: World, asked: SayingAsk, texts: Texts, field: str = "/saying"
) -> Saying | Refusal:
    """Return a claim of the core, its words put into ``texts``."""
    voice = asked.voice
    for name in ("name", "role", "org", "via"):
        if (refused := name_refusal(getattr(voice, name), f"{field}/voice/{name}")) is not None:
            return refused
    plain: list[tuple[str, str]] = [("outlet", asked.outlet)]
    plain += [(f"figures/{n}/what", each.what) for n, each in enumerate(asked.figures)]
    for name, text in plain:
        if (refused := name_refusal(text, f"{field}/{name}")) is not None:
            return refused
    refused = prose_refusal(asked.note, f"{field}/note")
    if (refused := refused or kept_time(asked.said_at, f"{field}/said_at")) is not None:
        return refused
    content = words(world, asked.text, f"{field}/text", texts)
    happened = when(asked.happened, f"{field}/happened") if asked.happened is not None else None
    place = where(world, asked.where, f"{field}/where") if asked.where is not None else None
    for found in (content, happened, place):
        if isinstance(found, Refusal):
            return found
    assert isinstance(content, str)  # noqa: S101  # the others have left
    assert not isinstance(happened, Refusal)  # noqa: S101
    assert not isinstance(place, Refusal)  # noqa: S101
    return Saying(
        kind=asked.kind,
        voice=Voice(kind=voice.kind, name=voice.name, role=voice.role, org=voice.org,
                    via=voice.via, official=voice.official),
        outlet=asked.outlet,
        hedge=asked.hedge,
        figures=tuple(
            Figure(measures=tuple(dict.fromkeys(each.measures)), qualifier=each.qualifier,
                   value=each.value, what=each.what, is_part=each.is_part)
            for each in asked.figures
        ),
        things=tuple(Thing(type=each.type, status=each.status) for each in asked.things),
        happened=happened,
        where=place,
        said_at=asked.said_at.astimezone(UTC) if asked.said_at is not None else None,
        words=content,
        note=asked.note,
    )  # fmt: skip


def in_request(refused: Refusal) -> Refusal:
    """Return a refusal of a claim with the field by which its request names it."""
    if refused.field == "/draft":
        return replace(refused, field="/name")
    is_said = refused.field.split("/")[1:2] in SAID
    return replace(refused, field=f"/saying{refused.field}") if is_said else refused
