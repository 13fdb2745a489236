"""What every alert must be before it can be given: its room, place, level, words and end.

Each function returns why something cannot be so, None where it can.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tocsin.core import commands as co
from tocsin.core.alert import REALM_OF_STATUS, Alert, Realm, Severity, Status
from tocsin.core.area import Area
from tocsin.core.authority import beyond, mandated, some
from tocsin.core.evacuation import Evacuation, Plan, missing, plan_of, too_late
from tocsin.core.hazard import Hazard, Phrase
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World

STANDING_RENEWED = timedelta(hours=24)
"""A standing alert is renewed each day by a named person (DESIGN section 2)."""
PHRASES = tuple(Phrase)


def wrong_room(realm: Realm, status: Status) -> Refusal | None:
    """Refuse a status of the other room: a drill is never an Actual (DESIGN rule 7)."""
    if REALM_OF_STATUS[status] is not realm:
        return Refusal(
            Rule.REALM_MISMATCH, "/status",
            f"Status {status} does not belong to the realm {realm}; a drill is never an Actual.",
        )  # fmt: skip
    return None


def wrong_area(world: World, area: Area) -> Refusal | None:
    """Refuse no area, an unknown region, and what touches no region (DESIGN rule 6)."""
    if area.is_empty:
        return Refusal(Rule.EMPTY_AREA, "/area", "Name at least one region, polygon or circle.")
    for place in ("regions", "excluded"):
        for number, code in enumerate(getattr(area, place)):
            if code not in world.tree:
                return Refusal(
                    Rule.UNKNOWN_REGION, f"/area/{place}/{number}",
                    f"The profile has no region {code!r}.",
                )  # fmt: skip
    if not world.tree.extent(area).touched:
        if area.excluded or not (area.polygons or area.circles):
            return Refusal(Rule.EMPTY_AREA, "/area", "What is excluded leaves nothing over.")
        return Refusal(
            Rule.AREA_OUTSIDE, "/area", "The drawn area touches no region of the profile."
        )
    return None


def outside(world: World, state: State, sender: str, area: Area, now: datetime) -> Refusal | None:
    """Refuse what lies outside the sender's mandates, computed, not claimed (RELIABILITY P21)."""
    mine = mandated(world.tree, state.mandates, now, sender)
    return beyond(world.tree, mine, area, spill_share=world.spill_share, who=sender)


def beside_real(world: World, state: State, status: Status, area: Area) -> Refusal | None:
    """Refuse a drill over people who are under a real alert; a standing one forbids none (L1)."""
    if status is not Status.EXERCISE:
        return None
    leaves = world.tree.extent(area).touched
    for alert in state.active.values():
        if alert.status is Status.ACTUAL and not alert.standing and not alert.imported:
            under = world.tree.extent(alert.area).touched & leaves
            if under:
                return Refusal(
                    Rule.REAL_ALERT_IN_FORCE, "/area",
                    f"{alert.handle} is in force, for real, in {some(world.tree.fewest(under))}: "
                    "no drill there now.",
                )  # fmt: skip
    return None


def wrong_level(hazard: Hazard, level: str | None) -> Refusal | None:
    """Refuse a level that the hazard has not."""
    if level is not None and hazard.level(level) is None:
        known = ", ".join(step.id for step in hazard.levels) or "none"
        return Refusal(
            Rule.UNKNOWN_LEVEL, "/level", f"{hazard.id} has no level {level!r}; it has: {known}."
        )
    return None


def wordless(world: World, hazard: Hazard, words: co.Texts) -> Refusal | None:
    """Refuse an alert that does not speak, at each moment, in every language of the profile."""
    for language in world.languages:
        for phrase in PHRASES:
            found = words.get(phrase, {}).get(language)
            if found is None or not found.headline.strip():
                return Refusal(
                    Rule.TEXT_MISSING, f"/text/{language}/headline",
                    f"The {phrase} needs its words in {language!r}.",
                )  # fmt: skip
        alert = words[Phrase.ALERT][language]
        if hazard.needs_instruction and not alert.instruction.strip():
            return Refusal(
                Rule.INSTRUCTION_MISSING, f"/text/{language}/instruction",
                f"{hazard.id} needs an instruction in every language; {language!r} has none.",
            )  # fmt: skip
    return None


def wrong_end(
    hazard: Hazard, now: datetime, onset: datetime, expires: datetime, *, standing: bool,
    since: datetime,
) -> Refusal | None:  # fmt: skip
    """Refuse an end in the past, before the onset, or beyond the longest (DESIGN section 7)."""
    if expires <= now:
        return Refusal(Rule.EXPIRES_PAST, "/expires", "The end lies in the past.")
    if expires <= onset:
        return Refusal(Rule.ENDS_BEFORE_START, "/expires", "The end lies before the onset.")
    limit = now + STANDING_RENEWED if standing else since + hazard.longest
    if expires > limit:
        hours = (STANDING_RENEWED if standing else hazard.longest).total_seconds() / 3600
        helped = "renew it each day" if standing else "make it standing, by a named person"
        return Refusal(
            Rule.EXPIRES_TOO_LATE, "/expires",
            f"{hazard.id} lasts {hours:g} h at most; to go on, {helped}.",
        )  # fmt: skip
    return None


def wrong_new_end(hazard: Hazard, alert: Alert, now: datetime, expires: datetime) -> Refusal | None:
    """Refuse an update's end: never shorter, never past, and no renewal of a standing alert."""
    if expires < alert.expires:
        return Refusal(
            Rule.EXPIRES_SHORTER, "/expires",
            "An alert is ended by an all-clear, not by its end time.",
        )  # fmt: skip
    if expires == alert.expires:
        if expires <= now:
            return Refusal(
                Rule.EXPIRES_PAST, "/expires", "It has run out; give the end that it has now."
            )
        return None
    if alert.standing:
        return Refusal(
            Rule.STANDING_NEEDS_PERSON, "/expires",
            "A standing alert is renewed by an extension, with the name of a person.",
        )  # fmt: skip
    return wrong_end(hazard, now, alert.onset, expires, standing=False, since=alert.sent)


def severity_at(hazard: Hazard, alert: Alert, level: str | None) -> Severity:
    """Return how severe an alert is judged at that level: a new level is as severe as it says."""
    if level == alert.level:
        return alert.severity
    step = hazard.level(level)
    return (step and step.severity) or hazard.severity


def nameless(standing_by: str | None) -> Refusal | None:
    """Refuse a standing alert without the name of who answers for it each day."""
    if standing_by is None or standing_by.strip():
        return None
    return Refusal(
        Rule.STANDING_NEEDS_PERSON, "/standing_by",
        "Give the name of the person who answers for it each day.",
    )  # fmt: skip


def planless(
    world: World, hazard: Hazard, asked: Evacuation | None, now: datetime
) -> Refusal | None:
    """Refuse a danger that needs a plan and has none, a plan in parts, and one that is over.

    A plan on any other danger would order people out of their homes past the policy that guards
    an evacuation, so there none can stand.
    """
    if not hazard.needs_plan:
        return None if asked is None else Refusal(
            Rule.BAD_VALUE, "/evacuation",
            f"Only an evacuation carries a plan; {hazard.id} does not. Give an evacuation as well.",
        )  # fmt: skip
    if refused := missing(world.languages, asked):
        return refused[0]
    return too_late(plan_of(asked), now, world.least_to_leave)


def outdated(hazard: Hazard, held: Plan | None, now: datetime) -> Refusal | None:
    """Refuse to tell people anew of a plan that is not there, or whose deadline has passed."""
    if not hazard.needs_plan:
        return None
    if held is None:
        return Refusal(
            Rule.EVACUATION_INCOMPLETE, "/evacuation",
            f"This alert has no plan; {hazard.id} is not told anew without one.",
        )  # fmt: skip
    return too_late(held, now)
