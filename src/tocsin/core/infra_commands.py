"""All that can be asked of installations, channels, outages and postures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.core.claims import Figure
from tocsin.core.facilities import Condition, Facility, PostureLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterInstallation:
    """Enter an installation, or (with its id) describe it anew; ``content``: what was sealed."""

    facility: Facility
    content: str
    installation_id: str | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseInstallation:
    """Erase an installation's description for good."""

    installation_id: str
    reason: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCondition:
    """Say in what condition an installation is. ``struck``: it was hit (again)."""

    installation_id: str
    condition: Condition
    source: str
    as_of: datetime | None = None
    struck: bool = False
    incident_id: str | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetChannel:
    """Say in what condition a channel is in some regions. None: as its installations say again."""

    channel: str
    regions: tuple[str, ...]
    condition: Condition | None
    source: str
    as_of: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOutage:
    """Say what is out, or (with its id) how it stands now: whole values. ``tell``: people know."""

    service: str
    source: str
    regions: tuple[str, ...] = ()
    settlements: tuple[str, ...] = ()
    figure: Figure | None = None
    began: datetime | None = None
    expected_end: datetime | None = None
    restored_share: float = 0.0
    ended_at: datetime | None = None
    tell: bool = True
    installations: tuple[str, ...] = ()
    incident_id: str | None = None
    outage_id: str | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPosture:
    """Say how much something is guarded: an installation, a kind of them, or in regions."""

    level: PostureLevel
    reason: str
    ordered_by: str
    for_whom: str
    installation_id: str | None = None
    kind: str | None = None
    regions: tuple[str, ...] = ()
    until: datetime | None = None
    by: str = ""


InfraCommand = (
    RegisterInstallation
    | EraseInstallation
    | ReportCondition
    | SetChannel
    | ReportOutage
    | SetPosture
)
INFRA_MAKES_ONE = RegisterInstallation | ReportOutage | SetPosture
"""What brings something with an id of its own into the world."""
