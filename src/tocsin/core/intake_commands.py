"""All that can be asked of signed feeds and of the drafts that come of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.core.threats import Confidence, Dose, Feed, ThreatKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeThreat:
    """Take in a threat report. ``content`` is the hash of its body; ``withdraws`` an earlier id."""

    feed: Feed
    identifier: str
    content: str
    sent: datetime
    not_after: datetime
    kind: ThreatKind
    regions: tuple[str, ...]
    confidence: Confidence
    observer: str = ""
    toward: tuple[str, ...] = ()
    eta_s: int | None = None
    withdraws: str | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighDoses:
    """Look at the last readings of the stations of a region; the house asks, nobody else."""

    region: str
    readings: tuple[Dose, ...]
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAlertDraft:
    """Dismiss a draft with a reason; ``run_out``: nobody answered, asked by the clock alone."""

    draft_id: str
    reason: str = ""
    run_out: bool = False
    by: str = ""


IntakeCommand = TakeThreat | WeighDoses | CloseAlertDraft
INTAKE_MAKES_ONE = TakeThreat | WeighDoses
"""Each may make a threat and a draft: two ids."""
