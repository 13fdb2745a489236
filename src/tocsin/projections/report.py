"""What happened to one alert, step by step, from its rows: the report after it (LESSONS L27).

Everything that the desk recorded of it is a moment: its revisions with who decided them (the
author, the second person, the reason of an override), the proposals that led there, calls,
notes, "still valid" answers. Pure: rows in, moments out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from tocsin.core import audit
from tocsin.core import events as ev
from tocsin.core.area import Area, RegionTree
from tocsin.core.proposal import Proposal

Fact = str | int | float | bool | list[str] | dict[str, int]

LEFT_OUT = frozenset(
    ("at", "alert_id", "handle", "by", "content", "texts", "text", "credential", "credential_ids",
     "sounds_in", "slots", "touched", "area", "account", "account_id", "wall", "expected", "left",
     "contents", "digest", "proposed", "session", "title", "words")
)  # fmt: skip
"""Fields that have a place of their own in a row, or that only a machine reads."""
WORDS_MOST = 12
"""Members of a list that are shown."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One step. ``accepted_at`` is when it holds, ``recorded_at`` when it was written down."""

    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    revision: int | None
    by: str
    approved_by: str
    override: str | None
    facts: Mapping[str, Fact]
    text: str | None = None
    """Content hash of a note's words."""


def moment(tree: RegionTree, seq: int, kind: str, recorded_at: datetime, event: ev.Event) -> Moment:
    """Return one row as a moment."""
    revision = getattr(event, "revision", 1 if isinstance(event, ev.AlertIssued) else None)
    return Moment(
        seq=seq,
        kind=kind,
        at=event.at,
        recorded_at=recorded_at,
        revision=revision,
        by=who(event),
        approved_by=getattr(event, "approved_by", ""),
        override=getattr(event, "override", None),
        facts=facts(tree, event),
        text=event.text if isinstance(event, audit.NoteWritten) else None,
    )


def who(event: ev.Event) -> str:
    """Return the account that did it; empty where it was the clock."""
    if isinstance(event, ev.ProposalMade):
        return event.proposal.account
    by = getattr(event, "by", "")
    return by or getattr(event, "account_id", "") or getattr(event, "account", "")


def facts(tree: RegionTree, event: ev.Event) -> dict[str, Fact]:
    """Return the plain facts of an event, by name; what is empty is left out."""
    found: dict[str, Fact] = {}
    of: object = event
    if isinstance(event, ev.ProposalMade):
        proposal: Proposal = event.proposal
        return _some(
            {
                "proposal_id": proposal.id,
                "handle": proposal.handle,
                "hazard": proposal.hazard,
                "realm": proposal.realm.value,
                "regions": list(tree.fewest(tree.extent(proposal.area).touched)),
                "why": list(proposal.why),
                "because": proposal.because,
                "ends_at": proposal.ends_at.isoformat(),
            }
        )
    if isinstance(event, ev.DelegationGiven):
        of = event.delegation
    area = getattr(event, "area", None)
    if isinstance(area, Area):
        found["regions"] = list(tree.fewest(tree.extent(area).touched))
        found["drawn"] = len(area.polygons) + len(area.circles)
    for each in fields(of):  # type: ignore[arg-type]  # every event is a dataclass
        if each.name not in LEFT_OUT:
            plain = _plain(getattr(of, each.name))
            if plain is not None:
                found[each.name] = plain
    return _some(found)


def _plain(value: object) -> Fact | None:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, tuple | frozenset):
        return [str(each) for each in value][:WORDS_MOST]
    if isinstance(value, Mapping):
        return {str(name): int(count) for name, count in value.items() if isinstance(count, int)}
    return None


def _some(found: dict[str, Fact]) -> dict[str, Fact]:
    return {
        name: value
        for name, value in found.items()
        if value is not False and value not in ("", [], {}, 0)
    }


def seconds(moments: Iterable[Moment]) -> list[float]:
    """Return how long each revision took from being accepted to being written, in seconds."""
    return [
        max(0.0, (each.recorded_at - each.at).total_seconds())
        for each in moments
        if each.revision is not None
    ]
