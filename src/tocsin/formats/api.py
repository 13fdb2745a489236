"""Core values -> the JSON bodies of the API, version 1.

One place for the shapes, so that the API, the streams and the command line cannot differ.
Everything here is a pure function; words come ready, because an alert's words are the
journal's, not the format's. Prose leaves the house without control characters or
bidirectional overrides: each such character is replaced by U+FFFD, so that no alarm is
lost over a character (RELIABILITY, threat model, "Text shown to people").

Source: formats/api-v1.md.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Protocol

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from tocsin.core.alert import (
    Alert,
    AlertState,
    Certainty,
    MsgType,
    Realm,
    Severity,
    Status,
    Urgency,
)
from tocsin.core.area import Area, Region
from tocsin.core.evacuation import Evacuation
from tocsin.core.hazard import Hazard, Phrase, Words
from tocsin.core.incidents import Guidance
from tocsin.core.ledger_events import KeepAway
from tocsin.core.overlap import RegionState
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.world import World

BIDI_AND_INVISIBLE = frozenset(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060\ufeff"
)
"""Characters that turn or hide text; refused in names, replaced in prose."""
REFUSED_CATEGORIES = frozenset(("Cc", "Cs", "Co", "Cn"))
REPLACEMENT = "\ufffd"

Position = Annotated[
    tuple[float, float],
    Meta(description="`[lon, lat]` in degrees, WGS 84."),
]


class CircleBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A point and the radius around it."""

    center: Position
    radius_m: Annotated[float, Meta(description="Radius in metres.")]


class AreaBody(Struct, frozen=True, kw_only=True):
    """What an alert covers: regions by geocode and drawn shapes, less what was cleared out."""

    regions: list[str]
    polygons: list[list[Position]]
    circles: list[CircleBody]
    excluded: Annotated[list[str], Meta(description="Regions cleared out of a wider alert.")]


class WordsBody(Struct, frozen=True, kw_only=True):
    """What people read, in one language."""

    headline: str
    description: str
    instruction: str


class SenderBody(Struct, frozen=True, kw_only=True):
    """The authority that warns."""

    id: str
    name: Annotated[dict[str, str], Meta(description="Its name, by language.")]


class EvacuationBody(Struct, frozen=True, kw_only=True):
    """Where people go, which way, by what and by when; each by language."""

    destination: dict[str, str]
    routes: Annotated[dict[str, str], Meta(description="Which way.")]
    transport: Annotated[dict[str, str], Meta(description="By what, also for who has no car.")]
    help: Annotated[dict[str, str], Meta(description="For those who cannot walk.")]
    deadline: Annotated[datetime, Meta(description="By when they must have left.")]
    assembly: Annotated[
        dict[str, str] | None,
        Meta(description="Places and times to gather; null unless the authority made them public."),
    ]
    assembly_public: Annotated[
        bool | UnsetType,
        Meta(description="Said to officers alone: the authority made them public."),
    ] = UNSET


class AlertBody(Struct, frozen=True, kw_only=True):
    """One alert at one revision."""

    id: Annotated[str, Meta(description="UUIDv7.")]
    handle: Annotated[str, Meta(description="Short name for people, unique among what is open.")]
    revision: int
    realm: Realm
    status: Status
    msg_type: MsgType
    hazard: str
    level: str | None
    state: AlertState
    area: AreaBody
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    sent: datetime
    onset: datetime
    expires: datetime
    ended: datetime | None
    standing: bool
    sounds: bool
    sounds_in: Annotated[list[str], Meta(description="Leaf regions in which it sounds.")]
    sender: SenderBody
    text: Annotated[dict[str, WordsBody], Meta(description="Words for its present state.")]
    references: list[str]
    reason: str | None
    imported: bool
    sequence: Annotated[int | None, Meta(description="Of its audience; null for imported history.")]
    cap: Annotated[str | None, Meta(description="Its CAP document; null where none is served.")]
    evacuation: Annotated[
        EvacuationBody | UnsetType,
        Meta(description="The plan of an evacuation in force; absent of everything else."),
    ] = UNSET


class GuidanceBody(Struct, frozen=True, kw_only=True):
    """What people in an area must avoid or do: larger than a site, told at once."""

    id: str
    at: datetime
    ended_at: datetime | None
    area: AreaBody
    text: Annotated[dict[str, str], Meta(description="What to do, by language.")]
    about: Annotated[
        KeepAway | None, Meta(description="What to keep away from; null: other guidance.")
    ] = None
    until: Annotated[
        datetime | None, Meta(description="Until when it holds, where that was said.")
    ] = None


class LineBody(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """The state of one region for one hazard; ``hazard`` null: for all that have no line."""

    region: str
    hazard: str | None
    state: RegionState
    since: datetime | None
    level: str | None = None
    cleared_until: datetime | None = None
    withdrawn_at: datetime | None = None


class RegionBody(Struct, frozen=True, kw_only=True):
    """One region of the profile's tree."""

    geocode: str
    parent: str | None
    level: str
    names: dict[str, str]
    latin: str
    ids: Annotated[dict[str, str], Meta(description="Its names in other systems.")]
    population: int | None
    about: Annotated[bool, Meta(description="The population is an estimate.")]


class LevelBody(Struct, frozen=True, kw_only=True):
    """A step of a hazard, lowest first."""

    id: str
    names: dict[str, str]
    siren: bool


class HazardBody(Struct, frozen=True, kw_only=True):
    """One danger that the profile knows."""

    id: str
    category: str
    event_code: str
    names: dict[str, str]
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    levels: list[LevelBody]
    default_s: Annotated[int, Meta(description="How long it lasts when nobody says, in seconds.")]
    longest_s: Annotated[int, Meta(description="How long at most, unless standing, in seconds.")]
    extends_by_s: int | None
    tone: str | None
    all_clear_tone: str | None
    colour: str
    pattern: str
    icon: str
    needs_instruction: bool
    needs_plan: Annotated[bool, Meta(description="Refused without a whole `evacuation`.")]


class ProblemBody(Struct, frozen=True, kw_only=True):
    """A refusal. Source: RFC 9457."""

    type: str
    title: str
    status: int
    rule: Annotated[str, Meta(description="Stable code: branch on this.")]
    field: Annotated[str, Meta(description="JSON pointer into the request.")]
    help: Annotated[str, Meta(description="What would work.")]


class Line(Protocol):
    """What a projection says about one region and hazard."""

    @property
    def region(self) -> str:
        """Its geocode."""
        ...

    @property
    def hazard(self) -> str:
        """The hazard's id."""
        ...

    @property
    def state(self) -> RegionState:
        """The state."""
        ...

    @property
    def since(self) -> datetime | None:
        """Start of the unbroken run of this state."""
        ...

    @property
    def level(self) -> str | None:
        """Highest level of the covering alerts."""
        ...

    @property
    def cleared_until(self) -> datetime | None:
        """Until when the all-clear is shown."""
        ...

    @property
    def withdrawn_at(self) -> datetime | None:
        """When an alert here was withdrawn."""
        ...


def encode(body: object) -> bytes:
    """Return a body as JSON in UTF-8; times are RFC 3339 in UTC."""
    return msgspec.json.encode(body)


def is_unsafe(sign: str) -> bool:
    """Say whether a character may not stand in a name, nor leave the house in prose."""
    return unicodedata.category(sign) in REFUSED_CATEGORIES or sign in BIDI_AND_INVISIBLE


def prose(text: str) -> str:
    """Return text as it may leave the house: line feeds stay, unsafe characters become U+FFFD."""
    if text.isprintable():
        return text
    return "".join(REPLACEMENT if sign != "\n" and is_unsafe(sign) else sign for sign in text)


def area_body(area: Area) -> AreaBody:
    """Return an area in the API's shape."""
    return AreaBody(
        regions=list(area.regions),
        polygons=[list(polygon.ring) for polygon in area.polygons],
        circles=[
            CircleBody(center=circle.center, radius_m=circle.radius_m) for circle in area.circles
        ],
        excluded=list(area.excluded),
    )


def guidance_body(
    guidance: Guidance,
    words: bytes | None,
    *,
    language: str | None = None,
    ended_at: datetime | None = None,
) -> GuidanceBody:
    """Return guidance as read; ``words`` are its stored texts, ``language`` picks one of them."""
    told = plain_words(words)
    if language is not None:
        told = {language: told[language]} if language in told else {}
    return GuidanceBody(
        id=guidance.id, at=guidance.at, ended_at=ended_at or guidance.ended_at,
        area=area_body(guidance.area), text=told, about=guidance.about, until=guidance.until,
    )  # fmt: skip


def stored_words(words: Mapping[str, str]) -> tuple[str, bytes]:
    """Return an officer's sentences by language as they are stored: content hash and bytes."""
    body = encode({language: words[language] for language in sorted(words)})
    return hashlib.sha256(body).hexdigest(), body


def plain_words(body: bytes | None) -> dict[str, str]:
    """Return such sentences from what was stored; none where it is gone."""
    if body is None:
        return {}
    told = msgspec.json.decode(body, type=dict[str, str])
    return {language: prose(sentence) for language, sentence in told.items()}


def text_body(
    words: Mapping[str, Words], languages: Iterable[str] | None = None
) -> dict[str, WordsBody]:
    """Return an alert's words by language; only ``languages``, where given."""
    wanted = set(words) if languages is None else set(languages)
    return {
        language: WordsBody(
            headline=prose(said.headline),
            description=prose(said.description),
            instruction=prose(said.instruction),
        )
        for language, said in words.items()
        if language in wanted
    }


def alert_body(
    world: World,
    alert: Alert,
    words: Mapping[Phrase, Mapping[str, Words]],
    sequence: int | None,
    *,
    plan: Evacuation | None = None,
    languages: Iterable[str] | None = None,
) -> AlertBody:
    """Return an alert in the API's shape, saying what it says in its present state.

    ``plan`` is that of an evacuation, with its words; it is told while the alert is in force.
    """
    spoken = words.get(_phrase_of(alert), {})
    return AlertBody(
        id=alert.id,
        handle=alert.handle,
        revision=alert.revision,
        realm=alert.realm,
        status=alert.status,
        msg_type=alert.msg_type,
        hazard=alert.hazard,
        level=alert.level,
        state=alert.state,
        area=area_body(alert.area),
        urgency=alert.urgency,
        severity=alert.severity,
        certainty=alert.certainty,
        sent=alert.sent,
        onset=alert.onset,
        expires=alert.expires,
        ended=alert.ended,
        standing=alert.standing,
        sounds=bool(alert.sounds_in),
        sounds_in=list(alert.sounds_in),
        sender=SenderBody(id=alert.sender, name=dict(world.senders.get(alert.sender, {}))),
        text=text_body(spoken, languages),
        references=[],
        reason=None if alert.reason is None else prose(alert.reason),
        imported=alert.imported,
        sequence=sequence,
        cap=None,
        evacuation=evacuation_body(plan, languages) or UNSET if alert.is_in_force else UNSET,
    )


def evacuation_body(
    plan: Evacuation | None,
    languages: Iterable[str] | None = None,
    *,
    whole: bool = False,
    gathering: bool = False,
) -> EvacuationBody | None:
    """Return a plan in the API's shape: as people read it, or ``whole`` as officers do.

    Where people gather is told only if the authority made it public, or to who may give this very
    evacuation or approve it: ``gathering`` (RELIABILITY P25a).
    """
    if plan is None or plan.deadline is None:
        return None
    wanted = None if languages is None else frozenset(languages)

    def of(said: Mapping[str, str]) -> dict[str, str]:
        return {
            language: prose(each)
            for language, each in sorted(said.items())
            if wanted is None or language in wanted
        }

    return EvacuationBody(
        destination=of(plan.destination), routes=of(plan.routes), transport=of(plan.transport),
        help=of(plan.help), deadline=plan.deadline,
        assembly=of(plan.assembly) if gathering or plan.assembly_public else None,
        assembly_public=plan.assembly_public if whole else UNSET,
    )  # fmt: skip


def _phrase_of(alert: Alert) -> Phrase:
    if alert.state is AlertState.CLEARED:
        return Phrase.ALL_CLEAR
    return Phrase.RETRACTION if alert.state is AlertState.CANCELLED else Phrase.ALERT


def line_body(line: Line) -> LineBody:
    """Return the state of one region and hazard in the API's shape."""
    return LineBody(
        region=line.region,
        hazard=line.hazard,
        state=line.state,
        since=line.since,
        level=line.level,
        cleared_until=line.cleared_until,
        withdrawn_at=line.withdrawn_at,
    )


def rest_body(region: str, state: RegionState) -> LineBody:
    """Return the line of a region where no hazard has anything to say."""
    return LineBody(region=region, hazard=None, state=state, since=None)


def region_body(region: Region) -> RegionBody:
    """Return one region in the API's shape."""
    return RegionBody(
        geocode=region.geocode,
        parent=region.parent,
        level=region.level,
        names=dict(region.names),
        latin=region.latin,
        ids=dict(region.ids),
        population=region.population,
        about=region.about,
    )


def hazard_body(hazard: Hazard) -> HazardBody:
    """Return one hazard in the API's shape; its words travel with alerts."""
    step = hazard.extends_by
    return HazardBody(
        id=hazard.id,
        category=hazard.category.value,
        event_code=hazard.event_code,
        names=dict(hazard.names),
        urgency=hazard.urgency,
        severity=hazard.severity,
        certainty=hazard.certainty,
        levels=[
            LevelBody(id=level.id, names=dict(level.names), siren=level.siren)
            for level in hazard.levels
        ],
        default_s=int(hazard.default.total_seconds()),
        longest_s=int(hazard.longest.total_seconds()),
        extends_by_s=None if step is None else int(step.total_seconds()),
        tone=hazard.tone,
        all_clear_tone=hazard.all_clear_tone,
        colour=hazard.colour,
        pattern=hazard.pattern,
        icon=hazard.icon,
        needs_instruction=hazard.needs_instruction,
        needs_plan=hazard.needs_plan,
    )


def active_hash(alerts: Iterable[Alert]) -> str:
    """Return the hash by which a client knows that it holds the same alerts in force.

    SHA-256 over the lines ``id revision`` of alerts ``active`` or ``unconfirmed``, sorted by id;
    the first 16 hex digits.
    """
    lines = sorted(f"{alert.id} {alert.revision}\n" for alert in alerts if alert.is_in_force)
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:16]


IN_PATH = ("/id", "/region")
"""Fields that stand in a path; in a query a region is ``/region/0``."""
STATUS_OF: Mapping[Rule, int] = {
    Rule.NO_CREDENTIAL: 401,
    Rule.BAD_CREDENTIAL: 401,
    Rule.NOT_ALLOWED: 403,
    Rule.OUTSIDE_JURISDICTION: 403,
    Rule.NOT_YOURS: 403,
    Rule.UNKNOWN_PATH: 404,
    Rule.METHOD_NOT_ALLOWED: 405,
    Rule.IDENTIFIER_REUSED: 409,
    Rule.KEY_REUSED: 409,
    Rule.ALREADY_CLEARED: 409,
    Rule.ALREADY_CANCELLED: 409,
    Rule.NOT_IN_FORCE: 409,
    Rule.TOO_LARGE: 413,
    Rule.WRONG_CONTENT_TYPE: 415,
    Rule.TOO_MANY_REQUESTS: 429,
    Rule.NOT_ACCEPTED: 503,
    Rule.UNKNOWN_INSTALLATION: 404,
    Rule.UNKNOWN_OUTAGE: 404,
    Rule.UNKNOWN_WATCH: 404,
    Rule.UNKNOWN_NOTICE: 404,
    Rule.UNKNOWN_WAVE: 404,
    Rule.WAVE_OVERLAP: 409,
    Rule.UNKNOWN_ALERT_DRAFT: 404,
    Rule.ALERT_DRAFT_CLOSED: 409,
    Rule.UNKNOWN_FEED_KEY: 401,
    Rule.UNSIGNED: 401,
    Rule.BAD_SIGNATURE: 401,
    Rule.CLAIM_ENDED: 409,
    Rule.DRAFT_ANSWERED: 409,
    Rule.ALREADY_RELEASED: 409,
    Rule.EMBARGO_HOLDS: 409,
    Rule.SIGN_IN_REFUSED: 401,
    Rule.SESSION_OVER: 401,
    Rule.CODE_USED: 401,
    Rule.WRONG_ROOM: 403,
    Rule.HAZARD_NOT_ALLOWED: 403,
    Rule.SEVERITY_NOT_ALLOWED: 403,
    Rule.CHANNEL_NOT_ALLOWED: 403,
    Rule.SUPERIOR_ALERT: 403,
    Rule.HELD: 403,
    Rule.NEEDS_CONFIRMATION: 403,
    Rule.CROSS_SITE: 403,
    Rule.OWN_PROPOSAL: 403,
    Rule.SAME_DEVICE: 403,
    Rule.NOT_AN_APPROVER: 403,
    Rule.OVERRIDE_NOT_ALLOWED: 403,
    Rule.NOT_YOUR_OWN: 403,
    Rule.SCOPE_TOO_WIDE: 403,
    Rule.UNKNOWN_PROPOSAL: 404,
    Rule.UNKNOWN_ACCOUNT: 404,
    Rule.LINK_USED: 409,
    Rule.NOT_AS_IT_STANDS: 409,
    Rule.LOGIN_TAKEN: 409,
    Rule.PROPOSAL_CLOSED: 409,
    Rule.CONTENT_CHANGED: 409,
    Rule.REAL_ALERT_IN_FORCE: 409,
}
"""The HTTP status of each rule; 422 where nothing is said."""


NAMED_IN_PATH = frozenset((
    Rule.UNKNOWN_ALERT, Rule.UNKNOWN_REGION, Rule.UNKNOWN_REPORT, Rule.UNKNOWN_INCIDENT,
    Rule.UNKNOWN_CLAIM, Rule.UNKNOWN_GUIDANCE,
))  # fmt: skip


def status_of(refusal: Refusal) -> int:
    """Return the HTTP status of a refusal; what the path itself names and is not there is 404."""
    if refusal.rule in NAMED_IN_PATH and refusal.field in IN_PATH:
        return 404
    return STATUS_OF.get(refusal.rule, 422)


def problem_body(refusal: Refusal) -> ProblemBody:
    """Return a refusal as problem+json. Source: RFC 9457."""
    return ProblemBody(
        type=f"/docs/refusals#{refusal.rule.value}",
        title=TITLES[refusal.rule],
        status=status_of(refusal),
        rule=refusal.rule.value,
        field=refusal.field,
        help=refusal.help,
    )


TITLES: Mapping[Rule, str] = {
    Rule.BAD_JSON: "Not JSON",
    Rule.DUPLICATE_MEMBER: "Member given twice",
    Rule.TOO_DEEP: "Nested too deep",
    Rule.TOO_LARGE: "Too large",
    Rule.WRONG_TYPE: "Wrong type",
    Rule.WRONG_CONTENT_TYPE: "Wrong content type",
    Rule.UNKNOWN_MEMBER: "Unknown member",
    Rule.MISSING_MEMBER: "Member missing",
    Rule.BAD_VALUE: "Value not allowed",
    Rule.TIME_WITHOUT_ZONE: "Time without a zone",
    Rule.CONTROL_CHARACTER: "Control character",
    Rule.TEXT_TOO_LONG: "Text too long",
    Rule.BAD_KEY: "Bad idempotency key",
    Rule.NO_CREDENTIAL: "No credential",
    Rule.BAD_CREDENTIAL: "Bad credential",
    Rule.NOT_ALLOWED: "Not allowed",
    Rule.OUTSIDE_JURISDICTION: "Outside the jurisdiction",
    Rule.NOT_YOURS: "Another sender's alert",
    Rule.TOKEN_MISMATCH: "Not what was previewed",
    Rule.WRONG_ROOM: "Not for this room",
    Rule.HAZARD_NOT_ALLOWED: "Danger not allowed",
    Rule.SEVERITY_NOT_ALLOWED: "Severity not allowed",
    Rule.CHANNEL_NOT_ALLOWED: "Way out not allowed",
    Rule.SUPERIOR_ALERT: "A superior's alert",
    Rule.HELD: "Held by its sender",
    Rule.SIGN_IN_REFUSED: "Sign-in refused",
    Rule.SESSION_OVER: "Session over",
    Rule.NEEDS_CONFIRMATION: "Confirm first",
    Rule.CODE_USED: "Code used already",
    Rule.LINK_USED: "Link used already",
    Rule.NOT_AS_IT_STANDS: "Not as it stands",
    Rule.WEAK_PASSWORD: "Weak password",
    Rule.CROSS_SITE: "From another site",
    Rule.LOGIN_TAKEN: "Login taken",
    Rule.NOT_YOUR_OWN: "Not for yourself",
    Rule.SCOPE_TOO_WIDE: "Scope too wide",
    Rule.UNKNOWN_ACCOUNT: "Unknown account",
    Rule.UNKNOWN_PROPOSAL: "Unknown proposal",
    Rule.PROPOSAL_CLOSED: "Proposal closed",
    Rule.CONTENT_CHANGED: "Not what was proposed",
    Rule.OWN_PROPOSAL: "Your own proposal",
    Rule.SAME_DEVICE: "The author's device",
    Rule.NOT_AN_APPROVER: "Not an approver",
    Rule.OVERRIDE_NOT_ALLOWED: "Override not allowed",
    Rule.REAL_ALERT_IN_FORCE: "Real alert in force",
    Rule.EMPTY_AREA: "No area",
    Rule.UNKNOWN_REGION: "Unknown region",
    Rule.REGION_NOT_COVERED: "Region not covered",
    Rule.AREA_OUTSIDE: "Area outside",
    Rule.POLYGON_UNCLOSED: "Polygon not closed",
    Rule.POLYGON_TOO_FEW_POINTS: "Polygon with too few points",
    Rule.POLYGON_SELF_CROSSING: "Polygon crosses itself",
    Rule.POLYGON_ANTIMERIDIAN: "Polygon over the antimeridian",
    Rule.POLYGON_EMPTY: "Polygon without an inside",
    Rule.TOO_MANY_VERTICES: "Too many vertices",
    Rule.POSITION_OUT_OF_RANGE: "Position out of range",
    Rule.BAD_RADIUS: "Bad radius",
    Rule.UNKNOWN_HAZARD: "Unknown hazard",
    Rule.UNKNOWN_LEVEL: "Unknown level",
    Rule.INSTRUCTION_MISSING: "Instruction missing",
    Rule.TEXT_MISSING: "Text missing",
    Rule.REALM_MISMATCH: "Wrong realm",
    Rule.REASON_MISSING: "Reason missing",
    Rule.NOTHING_CHANGED: "Nothing changed",
    Rule.EXPIRES_PAST: "End in the past",
    Rule.EXPIRES_TOO_LATE: "End too late",
    Rule.ENDS_BEFORE_START: "End before the start",
    Rule.EXPIRES_SHORTER: "End earlier than before",
    Rule.NOT_YET_EXPIRED: "Not yet expired",
    Rule.STANDING_NEEDS_PERSON: "Standing alert without a person",
    Rule.TIME_IN_FUTURE: "Time in the future",
    Rule.UNKNOWN_ALERT: "Unknown alert",
    Rule.ALREADY_CLEARED: "Cleared already",
    Rule.ALREADY_CANCELLED: "Cancelled already",
    Rule.NOT_IN_FORCE: "Not in force",
    Rule.IDENTIFIER_REUSED: "Identifier used already",
    Rule.KEY_REUSED: "Key used for another request",
    Rule.OTHER_HAZARD: "Another hazard",
    Rule.OTHER_REALM: "Another realm",
    Rule.UNKNOWN_REPORT: "Unknown report",
    Rule.UNKNOWN_INCIDENT: "Unknown incident",
    Rule.UNKNOWN_CLAIM: "Unknown claim",
    Rule.UNKNOWN_GUIDANCE: "Unknown guidance",
    Rule.CLAIM_ENDED: "Claim no longer stands",
    Rule.DRAFT_ANSWERED: "Draft answered",
    Rule.INCIDENT_MISSING: "No incident",
    Rule.SOURCE_MISSING: "No source",
    Rule.LINK_LOOP: "Linked in a circle",
    Rule.ALREADY_RELEASED: "Already released",
    Rule.EMBARGO_HOLDS: "Embargo holds",
    Rule.NEEDS_SECOND_PERSON: "Needs a second person",
    Rule.NOT_OFFICIAL: "No official release",
    Rule.AREA_TOO_EXACT: "Area too exact",
    Rule.UNREADABLE_REPORT: "Unreadable report",
    Rule.ADDRESS_REFUSED: "Address refused",
    Rule.ADDRESS_SILENT: "Address silent",
    Rule.UNKNOWN_INSTALLATION: "Unknown installation",
    Rule.DEPENDENCY_LOOP: "Dependency in a circle",
    Rule.PLACE_MISSING: "No place",
    Rule.UNKNOWN_CHANNEL: "Unknown channel",
    Rule.UNKNOWN_OUTAGE: "Unknown outage",
    Rule.RESTORED_BEFORE_OUTAGE: "Restored before it was out",
    Rule.SHARE_OUT_OF_RANGE: "Share out of range",
    Rule.DEADLINE_PAST: "Deadline past",
    Rule.UNKNOWN_WATCH: "Unknown watch",
    Rule.READS_AS_ALL_CLEAR: "Reads as an all-clear",
    Rule.UNKNOWN_NOTICE: "Unknown notice",
    Rule.UNKNOWN_WAVE: "Unknown wave",
    Rule.WAVE_OVERLAP: "In a wave already",
    Rule.UNKNOWN_ALERT_DRAFT: "Unknown draft of an alert",
    Rule.ALERT_DRAFT_CLOSED: "Draft answered already",
    Rule.EVACUATION_INCOMPLETE: "Evacuation incomplete",
    Rule.UNKNOWN_FEED_KEY: "Unknown key of a feed",
    Rule.UNSIGNED: "Not signed",
    Rule.BAD_SIGNATURE: "Signature does not fit",
    Rule.TOO_OLD: "Too old",
    Rule.WRONG_UNIT: "Wrong unit",
    Rule.UNKNOWN_STATION: "Unknown station",
    Rule.BEFORE_THE_RECORD: "Before the record",
    Rule.UNKNOWN_PATH: "Nothing here",
    Rule.METHOD_NOT_ALLOWED: "Method not allowed",
    Rule.TOO_MANY_REQUESTS: "Too many requests",
    Rule.NOT_ACCEPTED: "Not accepted",
}
"""What each rule is called, in a few words."""
