"""What happened in the ledger. All of it is for the desk, but guidance that saves lives.

Nothing here takes a number that people see (DESIGN section 3, rule 2): what is public of it is
folded from these events at fixed slots (``core.publication``). Words are named by content hash
and kept beside the chain: sealed where they are a report's, erasable without breaking it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from tocsin.core.area import Area
from tocsin.core.claims import Saying, When, Where


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTaken:
    """A report came in: pasted, as a file, from an address or a feed. See ``incidents.Report``."""

    at: datetime
    report_id: str
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
class DraftRejected:
    """An officer read a draft of a report and does not enter it."""

    at: datetime
    report_id: str
    draft: str
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDone:
    """An officer is done with a report; it leaves the inbox and stays in the record."""

    at: datetime
    report_id: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentOpened:
    """Something happened. ``site`` is a kind of place that the publication policy knows."""

    at: datetime
    incident_id: str
    handle: str
    kind: str
    site: str
    where: Where
    when: When
    title: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentChanged:
    """Its kind, site, place, time, title or end is known better; whole values, with the reason."""

    at: datetime
    incident_id: str
    kind: str
    site: str
    where: Where
    when: When
    title: str
    is_open: bool
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEntered:
    """An officer confirmed a claim."""

    at: datetime
    claim_id: str
    incident_id: str | None
    saying: Saying
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCorrected:
    """An entry was wrong; ``new_id`` says it right. The old one stays and says so."""

    at: datetime
    claim_id: str
    new_id: str
    saying: Saying
    reason: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRetracted:
    """A claim no longer stands: its source took it back, or it should not have been entered."""

    at: datetime
    claim_id: str
    reason: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimMoved:
    """A claim belongs to another incident, or (None) to none."""

    at: datetime
    claim_id: str
    incident_id: str | None
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentsLinked:
    """Two incidents belong together: ``same-as``, ``part-of`` or ``caused-by``."""

    at: datetime
    kind: str
    one: str
    other: str
    reason: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentsUnlinked:
    """They do not, after all."""

    at: datetime
    kind: str
    one: str
    other: str
    reason: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbargoAsked:
    """An officer wants an incident told earlier than policy allows; a second person decides."""

    at: datetime
    incident_id: str
    ask_id: str
    until: datetime
    reason: str
    account: str
    credential: str
    session: str
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbargoSet:
    """An incident is told no earlier than ``until`` (None: never). ``approved_by``: if shorter."""

    at: datetime
    incident_id: str
    until: datetime | None
    reason: str
    by: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentAnnounced:
    """The authority itself released that it happened; people may know region and hour."""

    at: datetime
    incident_id: str
    public_id: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReleased:
    """Its embargo is over. ``public_id`` is made now: its own id would tell when it began."""

    at: datetime
    incident_id: str
    public_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsErased:
    """A quote, or a report's whole text, was erased; the entries and the chain stay."""

    at: datetime
    contents: tuple[str, ...]
    reason: str
    report_id: str | None = None
    by: str = ""


class KeepAway(enum.StrEnum):
    """What people are told to keep away from."""

    CRATER = "crater"
    UNEXPLODED = "unexploded"
    GAS = "gas"
    BRIDGE = "bridge"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidanceGiven:
    """What people in an area must avoid or do, public at once (RELIABILITY P26).

    ``about``: what to keep away from; None: guidance of another kind. ``until``: it holds no longer
    than that, where somebody said so.
    """

    at: datetime
    guidance_id: str
    area: Area
    words: str
    incident_id: str | None = None
    by: str = ""
    about: KeepAway | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidanceEnded:
    """The guidance no longer holds."""

    at: datetime
    guidance_id: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveJoined:
    """The alerts that belong to a wave, whole; incidents belong to it by ``part-of`` links."""

    at: datetime
    wave_id: str
    alerts: tuple[str, ...]
    reason: str = ""
    by: str = ""


GuidanceEvent = GuidanceGiven | GuidanceEnded
LedgerEvent = (
    ReportTaken
    | DraftRejected
    | ReportDone
    | IncidentOpened
    | IncidentChanged
    | ClaimEntered
    | ClaimCorrected
    | ClaimRetracted
    | ClaimMoved
    | IncidentsLinked
    | IncidentsUnlinked
    | EmbargoAsked
    | EmbargoSet
    | IncidentAnnounced
    | IncidentReleased
    | WordsErased
    | GuidanceGiven
    | GuidanceEnded
    | WaveJoined
)
LEDGER_EVENTS: tuple[type[LedgerEvent], ...] = (
    ReportTaken,
    DraftRejected,
    ReportDone,
    IncidentOpened,
    IncidentChanged,
    ClaimEntered,
    ClaimCorrected,
    ClaimRetracted,
    ClaimMoved,
    IncidentsLinked,
    IncidentsUnlinked,
    EmbargoAsked,
    EmbargoSet,
    IncidentAnnounced,
    IncidentReleased,
    WordsErased,
    GuidanceGiven,
    GuidanceEnded,
    WaveJoined,
)


def subject(event: LedgerEvent) -> str:
    """Return the id of what an event is about: what was made by it, else what was changed."""
    match event:
        case ReportTaken() | DraftRejected() | ReportDone():
            return event.report_id
        case ClaimEntered() | ClaimRetracted() | ClaimMoved():
            return event.claim_id
        case ClaimCorrected():
            return event.new_id
        case IncidentsLinked() | IncidentsUnlinked():
            return event.one
        case WordsErased():
            return event.report_id or ""
        case GuidanceGiven() | GuidanceEnded():
            return event.guidance_id
        case WaveJoined():
            return event.wave_id
        case _:
            return event.incident_id
