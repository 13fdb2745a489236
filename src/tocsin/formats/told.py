"""What people are told besides alerts and guidance, as JSON: channels, outages, watches, lies.

No body here has a place for an installation, a cause or an officer (RELIABILITY P25a).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from tocsin.core.facilities import Channel, Outage
from tocsin.core.notices import Counterfeit, Watch
from tocsin.core.publication import EPOCH, Publication
from tocsin.formats.api import AreaBody, area_body, plain_words, prose
from tocsin.formats.ledger import FigureBody, VoiceBody, figure_body, voice_body


class ChannelBody(Struct, frozen=True, kw_only=True):
    """A way by which a warning reaches people, and where it may not carry one."""

    id: str
    name: dict[str, str]
    wakes: Annotated[bool, Meta(description="It reaches people who are not looking.")]
    by_hand: Annotated[bool, Meta(description="People carry it: loudspeaker cars.")]
    regions: Annotated[list[str], Meta(description="Where there is such a channel.")]
    may_not: Annotated[list[str], Meta(description="Where it may not carry warnings now.")]
    advice: Annotated[dict[str, str], Meta(description="What to do to be reached by it.")]


class OutageBody(Struct, frozen=True, kw_only=True):
    """A service that is out, or was."""

    id: str
    service: str
    regions: list[str]
    settlements: list[str]
    figure: Annotated[FigureBody | None, Meta(description="How many, as said.")]
    began: Annotated[datetime, Meta(description="No finer than the publication policy tells it.")]
    expected_end: datetime | None
    restored_share: Annotated[float, Meta(ge=0, le=1)]
    ended: datetime | None
    source: str
    revision: int


class WatchBody(Struct, frozen=True, kw_only=True):
    """Observed, unchanged, as of a moment, says whom. It is not an all-clear."""

    id: str
    hazard: str
    regions: list[str]
    says: VoiceBody
    as_of: datetime
    fresh_until: Annotated[datetime, Meta(description="From then on it says nothing of now.")]
    ended: datetime | None
    text: dict[str, str]


class CounterfeitBody(Struct, frozen=True, kw_only=True):
    """A warning that is about is false."""

    id: str
    handle: str
    at: datetime
    ended: datetime | None
    area: AreaBody
    text: dict[str, str]


def channel_body(
    channel: Channel, may_not: Iterable[str], root: str, language: str | None = None
) -> ChannelBody:
    """Return a channel as people read it."""
    return ChannelBody(
        id=channel.id, name=_of(channel.names, language), wakes=channel.wakes,
        by_hand=channel.by_hand, regions=list(channel.regions) or [root],
        may_not=list(may_not), advice=_of(channel.advice, language),
    )  # fmt: skip


def outage_body(policy: Publication, outage: Outage) -> OutageBody:
    """Return an outage as people read it: by its public name, its beginning rounded down."""
    began = EPOCH + (outage.began - EPOCH) // policy.round_to * policy.round_to
    return OutageBody(
        id=outage.public_id, service=outage.service, regions=list(outage.regions),
        settlements=[prose(each) for each in outage.settlements],
        figure=figure_body(outage.figure) if outage.figure is not None else None,
        began=began, expected_end=outage.expected_end, restored_share=outage.restored_share,
        ended=outage.ended_at, source=prose(outage.source), revision=outage.revision,
    )  # fmt: skip


def watch_body(watch: Watch, words: bytes | None, language: str | None = None) -> WatchBody:
    """Return a watch as people read it."""
    return WatchBody(
        id=watch.id, hazard=watch.hazard, regions=list(watch.regions),
        says=voice_body(watch.voice), as_of=watch.as_of, fresh_until=watch.fresh_until,
        ended=watch.ended_at, text=_of(plain_words(words), language),
    )  # fmt: skip


def counterfeit_body(
    notice: Counterfeit, words: bytes | None, language: str | None = None
) -> CounterfeitBody:
    """Return a counterfeit notice as people read it."""
    return CounterfeitBody(
        id=notice.id, handle=notice.handle, at=notice.at, ended=notice.ended_at,
        area=area_body(notice.area), text=_of(plain_words(words), language),
    )  # fmt: skip


def _of(told: Mapping[str, str], language: str | None) -> dict[str, str]:
    if language is None:
        return dict(told)
    return {language: told[language]} if language in told else {}
