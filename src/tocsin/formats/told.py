"""What people are told besides alerts and guidance, as JSON: channels, outages, watches, lies.

No body here has a place for an installation, a cause or an officer (RELIABILITY P25a).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from tocsin.core.facilities import Channel, Outage
from tocsin.core.infra_outages import began_told, ended_told, last_said
from tocsin.core.notices import Counterfeit, Watch
from tocsin.core.publication import Publication
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
    ended: Annotated[
        datetime | None,
        Meta(description="By when it was back; rounded up, so it may lie a little ahead."),
    ]
    source: str
    last_said: Annotated[
        datetime,
        Meta(description="When somebody last said how it stands; long ago: it may be over."),
    ]
    revision: int


class WithoutBody(Struct, frozen=True, kw_only=True):
    """How long a region, and some part of it, was without a service on one local day."""

    day: date
    region: str
    service: str
    hours: Annotated[
        float, Meta(ge=0, description="In all of it. Two outages at once are counted once.")
    ]
    weighted_hours: Annotated[
        float, Meta(ge=0, description="Each of these hours by the share that was still out.")
    ]
    hours_in_part: Annotated[
        float,
        Meta(ge=0, description="Besides: only in a part of it, in settlements, of so many."),
    ]


class WatchBody(Struct, frozen=True, kw_only=True):
    """Observed, unchanged, as of a moment, says whom. It is not an all-clear."""

    id: str
    hazard: str
    regions: list[str]
    says: VoiceBody
    as_of: datetime
    fresh_until: Annotated[datetime, Meta(description="From then on it says nothing of now.")]
    ended: datetime | None
    text: Annotated[
        dict[str, str],
        Meta(description="In the situation: nothing while it is stale, or beside an alert."),
    ]


class SignedWatchBody(WatchBody, frozen=True, kw_only=True):
    """A watch as the house signs it: Ed25519 over the canonical JSON of all other members.

    A copy stays true as long as ``fresh_until`` has not passed; ask again for what it says now.
    """

    statement: Annotated[
        Literal["no-danger-known"] | None,
        Meta(description="Of that hazard, there, as of that moment; null: it says nothing of now."),
    ]
    freshness: Annotated[
        Literal["fresh", "stale", "beside-alert"],
        Meta(
            description=(
                "Only a fresh one says something of now. Beside an alert: a real one, of any "
                "hazard, is in force where was asked, or one of its own hazard in its regions."
            )
        ),
    ]
    key: Annotated[str | None, Meta(description="Its key's id; `/head` gives the key.")] = None
    signature: Annotated[str | None, Meta(description="In base64; null: nothing is signed.")] = None


class RefutedBody(Struct, frozen=True, kw_only=True):
    """The statement that a notice refutes, where people may see it."""

    speaker: Annotated[str, Meta(description="A key from `/situation/speakers`.")]
    incident: Annotated[str | None, Meta(description="Id, as in `/situation/incidents`.")]


class CounterfeitBody(Struct, frozen=True, kw_only=True):
    """A warning that is about is false."""

    id: str
    handle: str
    at: datetime
    ended: datetime | None
    area: AreaBody
    text: dict[str, str]
    refutes: Annotated[
        RefutedBody | None,
        Meta(description="Null where nothing is named, or people may not see it (yet)."),
    ] = None


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
    """Return an outage as people read it: by its public name, its times no finer than the policy.

    A count or a name of what people are never told of (substations) is left out.
    """
    figure = outage.figure
    return OutageBody(
        id=outage.public_id, service=outage.service, regions=list(outage.regions),
        settlements=[prose(each) for each in outage.settlements if not policy.is_unnamed(each)],
        figure=figure_body(figure) if figure and not policy.is_unnamed(figure.what) else None,
        began=began_told(policy, outage.began),
        expected_end=_end(policy, outage.expected_end), restored_share=outage.restored_share,
        ended=_end(policy, outage.ended_at), source=prose(outage.source),
        last_said=began_told(policy, last_said(outage)), revision=outage.revision,
    )  # fmt: skip


def _end(policy: Publication, at: datetime | None) -> datetime | None:
    return ended_told(policy, at) if at is not None else None


def watch_body(watch: Watch, words: bytes | None, language: str | None = None) -> WatchBody:
    """Return a watch as people read it."""
    return WatchBody(
        id=watch.id, hazard=watch.hazard, regions=list(watch.regions),
        says=voice_body(watch.voice), as_of=watch.as_of, fresh_until=watch.fresh_until,
        ended=watch.ended_at, text=_of(plain_words(words), language),
    )  # fmt: skip


def counterfeit_body(
    notice: Counterfeit,
    words: bytes | None,
    language: str | None = None,
    *,
    refutes: RefutedBody | None = None,
) -> CounterfeitBody:
    """Return a counterfeit notice as people read it."""
    return CounterfeitBody(
        id=notice.id, handle=notice.handle, at=notice.at, ended=notice.ended_at,
        area=area_body(notice.area), text=_of(plain_words(words), language), refutes=refutes,
    )  # fmt: skip


def _of(told: Mapping[str, str], language: str | None) -> dict[str, str]:
    if language is None:
        return dict(told)
    return {language: told[language]} if language in told else {}
