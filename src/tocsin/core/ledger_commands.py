"""All that can be asked of the ledger. ``by`` is set from the warrant, whatever a command says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.core.area import Area
from tocsin.core.claims import Saying, When, Where
from tocsin.core.incidents import LinkKind
from tocsin.core.ledger_events import KeepAway


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeReport:
    """Take a report into the inbox; one of the same digest is the same report."""

    outlet: str
    published: str
    language: str
    content: str
    digest: str
    title: str = ""
    address: str = ""
    proposed: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectDraft:
    """Do not enter a draft of a report."""

    report_id: str
    draft: str
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishReport:
    """Take a report out of the inbox."""

    report_id: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIncident:
    """Open an incident: what, what kind of place, where, when."""

    kind: str
    site: str
    where: Where
    when: When
    title: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeIncident:
    """Say better what an incident is; None leaves as it is. ``is_open`` False: search is over."""

    incident_id: str
    kind: str | None = None
    site: str | None = None
    where: Where | None = None
    when: When | None = None
    title: str | None = None
    is_open: bool | None = None
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterClaim:
    """Confirm a claim; all but a statement, an outage or a restoration belongs to an incident.

    ``opens``: the incident that it is the first claim of; both are entered, or neither.
    """

    saying: Saying
    incident_id: str | None = None
    opens: OpenIncident | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectClaim:
    """Say right what was entered wrong."""

    claim_id: str
    saying: Saying
    reason: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetractClaim:
    """Say that a claim no longer stands."""

    claim_id: str
    reason: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveClaim:
    """Put a claim to another incident, or to none."""

    claim_id: str
    incident_id: str | None
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkIncidents:
    """Say how two incidents belong together; ``undo`` takes it back."""

    kind: LinkKind
    one: str
    other: str
    reason: str
    undo: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetEmbargo:
    """Tell an incident no earlier than ``until`` (None: never).

    Later than it would be told anyway: done at once. Earlier: it waits for a second person.
    """

    incident_id: str
    until: datetime | None
    reason: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveEmbargo:
    """Agree, as a second person, that an incident is told earlier; ``ask_id`` is what was read."""

    incident_id: str
    ask_id: str
    confirmed: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceIncident:
    """Let people know region and hour of what the authority itself has released."""

    incident_id: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseIncident:
    """Tell an incident whose embargo is over; asked by the clock alone."""

    incident_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseWords:
    """Erase the quote of a claim, or a report's text with every quote taken from it."""

    reason: str
    claim_id: str | None = None
    report_id: str | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveGuidance:
    """Tell people in an area at once what to avoid or do; ``words`` is the hash of the texts."""

    area: Area
    words: str
    languages: tuple[str, ...]
    incident_id: str | None = None
    by: str = ""
    about: KeepAway | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndGuidance:
    """Say that a guidance no longer holds."""

    guidance_id: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWave:
    """Open a wave with its alerts and incidents, all or nothing; ``where`` is nearly always all."""

    where: Where
    when: When
    title: str = ""
    alerts: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    site: str = "civilian"
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinWave:
    """Put alerts and incidents to a wave, or take them out of it, in one step."""

    wave_id: str
    reason: str
    alerts: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    leave_alerts: tuple[str, ...] = ()
    leave_incidents: tuple[str, ...] = ()
    by: str = ""


LedgerCommand = (
    TakeReport
    | RejectDraft
    | FinishReport
    | OpenIncident
    | ChangeIncident
    | EnterClaim
    | CorrectClaim
    | RetractClaim
    | MoveClaim
    | LinkIncidents
    | SetEmbargo
    | ApproveEmbargo
    | AnnounceIncident
    | ReleaseIncident
    | EraseWords
    | GiveGuidance
    | EndGuidance
    | OpenWave
    | JoinWave
)
MAKES_ONE = (
    TakeReport
    | OpenIncident
    | EnterClaim
    | CorrectClaim
    | SetEmbargo
    | AnnounceIncident
    | ReleaseIncident
    | GiveGuidance
    | OpenWave
)
"""What brings something with an id of its own into the world."""
