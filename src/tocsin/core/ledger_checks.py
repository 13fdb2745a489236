"""What can be wrong with what is entered in the ledger, whoever enters it."""

from __future__ import annotations

from datetime import datetime, timedelta

from tocsin.core import ledger_events as le
from tocsin.core.claims import (
    ALONE,
    HARMED,
    STRUCK,
    VAGUE,
    ClaimKind,
    Qualifier,
    Saying,
    SpeakerKind,
    Voice,
    When,
    Where,
)
from tocsin.core.incidents import KINDS, Ledger, fold
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.waves import shared
from tocsin.core.world import World

Answer = tuple[le.LedgerEvent, ...] | Refusal
LARGEST = 1_000_000_000
LONGEST = timedelta(days=366)
"""An incident of a whole year may be known by its year alone."""


def bad_saying(world: World, state: State, saying: Saying, now: datetime) -> Refusal | None:
    """Refuse a claim that contradicts itself, counts nothing countable, or comes from nowhere."""
    if not saying.outlet.strip():
        return Refusal(Rule.SOURCE_MISSING, "/outlet", "Name the report's outlet, or who told it.")
    if saying.report_id is not None and saying.report_id not in state.ledger.reports:
        return no_report(saying.report_id, "/report")
    for number, figure in enumerate(saying.figures):
        field = f"/figures/{number}"
        if not figure.measures:
            return Refusal(Rule.BAD_VALUE, f"{field}/measures", "Say what it counts.")
        if len(set(figure.measures)) < len(figure.measures):
            return Refusal(Rule.BAD_VALUE, f"{field}/measures", "Name each measure once.")
        vague = figure.qualifier in VAGUE
        allowed = (None, 0) if figure.qualifier is Qualifier.NONE else (None,)
        if vague and figure.value not in allowed:
            return Refusal(
                Rule.BAD_VALUE, f"{field}/value", f"{figure.qualifier} has no number of its own."
            )
        if not vague and (figure.value is None or not 0 <= figure.value <= LARGEST):
            return Refusal(Rule.BAD_VALUE, f"{field}/value", f"A whole number from 0 to {LARGEST}.")
    if (bad := _not_official(saying.voice)) is not None:
        return bad
    if saying.kind is ClaimKind.CASUALTIES and not saying.figures:
        return Refusal(Rule.MISSING_MEMBER, "/figures", "Casualties need a figure, if only none.")
    if saying.said_at is not None and saying.said_at > now:
        return Refusal(Rule.TIME_IN_FUTURE, "/said_at", "Nobody has said it yet.")
    if saying.where is not None and (bad := bad_where(world, saying.where, "/where")) is not None:
        return bad
    if saying.happened is not None and saying.happened.end <= saying.happened.start:
        return Refusal(Rule.ENDS_BEFORE_START, "/happened/end", "It ends after it begins.")
    return None


def _not_official(voice: Voice) -> Refusal | None:
    """Refuse as official what no authority says itself, or says only through another."""
    office = voice.role or voice.org
    speaks = (voice.kind is SpeakerKind.PERSON and office) or (
        voice.kind is SpeakerKind.ORGANISATION and (office or voice.name)
    )
    if not voice.official or (speaks and not voice.via):
        return None
    return Refusal(
        Rule.BAD_VALUE, "/voice/official",
        "An official release has an authority that speaks for itself: name it, or its office. What "
        "another passes on is none.",
    )  # fmt: skip


def not_alone(saying: Saying) -> Refusal | None:
    """Refuse to a claim of no incident what only an incident may tell: it would have no embargo."""
    if saying.kind not in ALONE:
        return Refusal(
            Rule.INCIDENT_MISSING, "/incident", f"A claim of {saying.kind} belongs to an incident."
        )
    if any(HARMED & set(each.measures) for each in saying.figures):
        return Refusal(
            Rule.INCIDENT_MISSING, "/incident", "Its figures count what an incident did: name it."
        )
    if any(each.status in STRUCK for each in saying.things):
        return Refusal(
            Rule.INCIDENT_MISSING, "/incident", "What was struck belongs to an incident: name it."
        )
    return None


def bad_kind(kind: str) -> Refusal | None:
    """Refuse a kind of incident that nobody has a word for."""
    if kind in KINDS:
        return None
    return Refusal(Rule.BAD_VALUE, "/kind", f"One of: {', '.join(KINDS)}.")


def bad_site(world: World, site: str) -> Refusal | None:
    """Refuse a kind of place that the policy does not know."""
    if site in world.publication.sites:
        return None
    known = ", ".join(world.publication.sites)
    return Refusal(Rule.BAD_VALUE, "/site", f"A kind of place that the policy knows: {known}.")


def bad_where(world: World, where: Where, field: str) -> Refusal | None:
    """Refuse a region that the profile does not know, and a position off the globe."""
    if where.geocode not in world.tree:
        return Refusal(
            Rule.UNKNOWN_REGION, f"{field}/geocode", f"The profile has no region {where.geocode!r}."
        )
    if where.position is not None:
        lon, lat = where.position
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # noqa: PLR2004  # degrees of a globe
            return Refusal(
                Rule.POSITION_OUT_OF_RANGE, f"{field}/position", "Longitude, latitude in degrees."
            )
    return None


def bad_when(when: When, field: str, now: datetime) -> Refusal | None:
    """Refuse a time that ends before it begins, or has not come."""
    if when.end <= when.start:
        return Refusal(Rule.ENDS_BEFORE_START, f"{field}/end", "It ends after it begins.")
    if when.end > now + LONGEST:
        return Refusal(Rule.TIME_IN_FUTURE, f"{field}/end", "It ends within a year from now.")
    if when.start > now:
        return Refusal(Rule.TIME_IN_FUTURE, f"{field}/start", "It has not happened yet.")
    return None


def of_two_waves(ledger: Ledger, event: le.LedgerEvent, field: str) -> Refusal | None:
    """Refuse an event after which an incident would be of two waves, by whatever door it comes."""
    after = fold(ledger, event)
    both = shared(after)
    if both is None or shared(ledger) is not None:  # it was so before: this event is not the cause
        return None
    return Refusal(
        Rule.WAVE_OVERLAP, field,
        f"{after.incidents[both].handle} would be of two waves, or is a wave and would be a part "
        "of something. Take it out of the other one first.",
    )  # fmt: skip


def needs_reason(reason: str) -> Refusal | None:
    """Refuse what nobody gave a reason for."""
    if reason.strip():
        return None
    return Refusal(Rule.REASON_MISSING, "/reason", "Say why: it stays in the record.")


def no_report(report_id: str, field: str = "/id") -> Refusal:
    """Return that no such report is known."""
    return Refusal(Rule.UNKNOWN_REPORT, field, f"No report {report_id!r} is known here.")


def no_incident(incident_id: str, field: str) -> Refusal:
    """Return that no such incident is known."""
    return Refusal(Rule.UNKNOWN_INCIDENT, field, f"No incident {incident_id!r} is known here.")
