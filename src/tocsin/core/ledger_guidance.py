"""Guidance: what people must avoid or do, told at once, and never a hint of the site (P26)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tocsin.core import ledger_commands as lc
from tocsin.core import ledger_events as le
from tocsin.core.drawn import lies_in, too_exact
from tocsin.core.ledger_checks import Answer, no_incident
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World

GUIDANCE_SHARE = 0.02


def guide(
    world: World, state: State, asked: lc.GiveGuidance, now: datetime, ids: Sequence[str]
) -> Answer:
    """Tell people in an area at once what to avoid or do."""
    if asked.area.is_empty:
        return Refusal(Rule.EMPTY_AREA, "/area", "Name at least one region, polygon or circle.")
    for number, code in enumerate(asked.area.regions):
        if code not in world.tree:
            return Refusal(
                Rule.UNKNOWN_REGION, f"/area/regions/{number}",
                f"The profile has no region {code!r}.",
            )  # fmt: skip
    for language in world.languages:
        if language not in asked.languages:
            return Refusal(
                Rule.TEXT_MISSING, f"/words/{language}",
                f"What to do is told in every language: {', '.join(world.languages)}.",
            )  # fmt: skip
    if asked.until is not None and asked.until <= now:
        return Refusal(Rule.DEADLINE_PAST, "/until", "It would hold no longer already.")
    if asked.incident_id is not None:
        incident = state.ledger.incidents.get(asked.incident_id)
        if incident is None:
            return no_incident(asked.incident_id, "/incident")
        if too_exact(asked.area, incident.where, GUIDANCE_SHARE):
            return _shows()
    for incident in state.ledger.incidents.values():
        position = incident.where.position if incident.is_open else None
        if position is None or not lies_in(asked.area, position):
            continue
        if too_exact(asked.area, incident.where, GUIDANCE_SHARE):
            return _shows()
    return (
        le.GuidanceGiven(at=now, guidance_id=ids[0], area=asked.area, words=asked.words,
                         incident_id=asked.incident_id, by=asked.by, about=asked.about,
                         until=asked.until),
    )  # fmt: skip


def _shows() -> Refusal:
    return Refusal(
        Rule.AREA_TOO_EXACT, "/area",
        "This would show where it was hit. Draw one much larger shape that is not centred on it, "
        "or name a region.",
    )  # fmt: skip


def end_guidance(state: State, asked: lc.EndGuidance, now: datetime) -> Answer:
    """Say that a guidance no longer holds."""
    held = state.ledger.guidance.get(asked.guidance_id)
    if held is None:
        return Refusal(
            Rule.UNKNOWN_GUIDANCE, "/id", f"No guidance {asked.guidance_id!r} is known here."
        )
    if held.ended_at is not None:
        return ()
    return (le.GuidanceEnded(at=now, guidance_id=held.id, by=asked.by),)
