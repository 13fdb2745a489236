"""What the demo's desk does besides the ledger: register, report, set, tell, watch, refute.

Each deed knows itself again by what it says, so that nothing is done twice after a kill, and names
what it needs by the keys of the story.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tocsin.core import commands as co
from tocsin.core import control
from tocsin.core import events as ev
from tocsin.core import infra_commands as ic
from tocsin.core import infra_events as ie
from tocsin.core import notice_commands as nc
from tocsin.core import notice_events as ne
from tocsin.core.area import Area
from tocsin.core.claims import Figure, Voice, Where
from tocsin.core.facilities import Condition, Facility, Need, PostureLevel, Serves, Tie

BY = "demo"
Ids = Mapping[str, str]
"""The story's key -> the id of what was made of it."""
Seal = Callable[[Facility], tuple[str, bytes]]
"""Seals a description: its content hash, and the bytes to store beside the chain."""
Doing = tuple[co.Command, Mapping[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """An installation enters the register."""

    key: str
    kind: str
    name: str
    where: Where
    needs: tuple[tuple[Tie, str], ...]
    serves: tuple[Serves, ...]

    def is_made_by(self, event: ev.Event, ids: Ids) -> bool:  # noqa: ARG002
        """Say whether that event did it."""
        facility = event.facility if isinstance(event, ie.InstallationRegistered) else None
        return facility is not None and (facility.kind, facility.name) == (self.kind, self.name)

    def doing(self, ids: Ids, seal: Seal) -> Doing:
        """Return the command, and what is stored with it."""
        facility = Facility(
            kind=self.kind, name=self.name, where=self.where, serves=self.serves,
            needs=tuple(Need(tie=tie, on=ids.get(on, "")) for tie, on in self.needs),
        )  # fmt: skip
        content, sealed = seal(facility)
        return ic.RegisterInstallation(facility=facility, content=content, by=BY), {content: sealed}

    def said(self) -> tuple[str, str]:
        """Return a sign and a line for the terminal."""
        return "REGISTER", f"{self.name}: in the sealed register, never public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Somebody says in what condition an installation is."""

    installation: str
    name: str
    condition: Condition
    as_of: datetime
    source: str
    struck: bool
    incident: str

    def is_made_by(self, event: ev.Event, ids: Ids) -> bool:
        """Say whether that event did it."""
        return isinstance(event, ie.ConditionReported) and (
            event.installation_id, event.condition, event.as_of, event.source,
        ) == (ids.get(self.installation), self.condition, self.as_of, self.source)  # fmt: skip

    def doing(self, ids: Ids, seal: Seal) -> Doing:  # noqa: ARG002
        """Return the command."""
        return ic.ReportCondition(
            installation_id=ids.get(self.installation, ""), condition=self.condition,
            source=self.source, as_of=self.as_of, struck=self.struck,
            incident_id=ids.get(self.incident) if self.incident else None, by=BY,
        ), {}  # fmt: skip

    def said(self) -> tuple[str, str]:
        """Return a sign and a line for the terminal."""
        struck = ", struck" if self.struck else ""
        return "CONDITION", f"{self.name}: {self.condition}{struck} (desk only)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """A person says in what condition a channel is."""

    channel: str
    regions: tuple[str, ...]
    condition: Condition | None
    as_of: datetime
    source: str

    def is_made_by(self, event: ev.Event, ids: Ids) -> bool:  # noqa: ARG002
        """Say whether that event did it."""
        return isinstance(event, ie.ChannelSet) and (
            event.channel, event.condition, event.as_of,
        ) == (self.channel, self.condition, self.as_of)  # fmt: skip

    def doing(self, ids: Ids, seal: Seal) -> Doing:  # noqa: ARG002
        """Return the command."""
        return ic.SetChannel(channel=self.channel, regions=self.regions, condition=self.condition,
                             source=self.source, as_of=self.as_of, by=BY), {}  # fmt: skip

    def said(self) -> tuple[str, str]:
        """Return a sign and a line for the terminal."""
        if self.condition is Condition.DOWN:
            return "CHANNEL", f"{self.channel}: may not carry warnings; people are told at once"
        return "CHANNEL", f"{self.channel}: {self.condition or 'as its installations say'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Out:
    """A service is out, or this is how it stands now."""

    key: str
    service: str
    regions: tuple[str, ...]
    settlements: tuple[str, ...]
    figure: Figure | None
    began: datetime
    share: float
    ended: datetime | None
    source: str
    installations: tuple[str, ...]
    incident: str

    def is_made_by(self, event: ev.Event, ids: Ids) -> bool:  # noqa: ARG002
        """Say whether that event did it."""
        return isinstance(event, ie.OutageReported) and (
            event.service,
            event.began,
            event.source,
            event.settlements,
            event.figure,
            event.ended_at,
        ) == (self.service, self.began, self.source, self.settlements, self.figure, self.ended)

    def doing(self, ids: Ids, seal: Seal) -> Doing:  # noqa: ARG002
        """Return the command."""
        return ic.ReportOutage(
            service=self.service, source=self.source, regions=self.regions,
            settlements=self.settlements, figure=self.figure, began=self.began,
            restored_share=self.share, ended_at=self.ended, outage_id=ids.get(self.key),
            installations=tuple(ids.get(each, "") for each in self.installations),
            incident_id=ids.get(self.incident) if self.incident else None, by=BY,
        ), {}  # fmt: skip

    def said(self) -> tuple[str, str]:
        """Return a sign and a line for the terminal."""
        return "OUTAGE", f"{self.service} {'restored' if self.ended else 'out'}: {self.source}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A posture is ordered."""

    level: PostureLevel
    kind: str
    regions: tuple[str, ...]
    reason: str
    ordered_by: str
    for_whom: str
    until: datetime | None

    def is_made_by(self, event: ev.Event, ids: Ids) -> bool:  # noqa: ARG002
        """Say whether that event did it."""
        return isinstance(event, ie.PostureSet) and (
            event.level, event.kind or "", event.reason,
        ) == (self.level, self.kind, self.reason)  # fmt: skip

    def doing(self, ids: Ids, seal: Seal) -> Doing:  # noqa: ARG002
        """Return the command."""
        return ic.SetPosture(
            level=self.level, reason=self.reason, ordered_by=self.ordered_by,
            for_whom=self.for_whom, kind=self.kind or None, regions=self.regions,
            until=self.until, by=BY,
        ), {}  # fmt: skip

    def said(self) -> tuple[str, str]:
        """Return a sign and a line for the terminal."""
        return "POSTURE", f"{self.kind or 'regions'}: {self.level}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Somebody looked and saw no danger."""

    hazard: str
    regions: tuple[str, ...]
    voice: Voice
    as_of: datetime
    fresh_until: datetime
    words: str
    told: Mapping[str, str]
    texts: Mapping[str, bytes]

    def is_made_by(self, event: ev.Event, ids: Ids) -> bool:  # noqa: ARG002
        """Say whether that event did it."""
        return isinstance(event, ne.WatchKept) and (event.words, event.as_of) == (
            self.words, self.as_of,
        )  # fmt: skip

    def doing(self, ids: Ids, seal: Seal) -> Doing:  # noqa: ARG002
        """Return the command, and its words."""
        return nc.KeepWatch(
            hazard=self.hazard, regions=self.regions, voice=self.voice, as_of=self.as_of,
            fresh_until=self.fresh_until, words=self.words, languages=tuple(sorted(self.told)),
            sentences=tuple(self.told.values()), by=BY,
        ), self.texts  # fmt: skip

    def said(self) -> tuple[str, str]:
        """Return a sign and a line for the terminal."""
        return "WATCH", self.told.get("en", self.hazard)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refute:
    """People are told that a warning which is about is false."""

    key: str
    area: Area
    words: str
    refutes: str
    told: Mapping[str, str]
    texts: Mapping[str, bytes]

    def is_made_by(self, event: ev.Event, ids: Ids) -> bool:  # noqa: ARG002
        """Say whether that event did it."""
        return isinstance(event, ne.CounterfeitTold) and event.words == self.words

    def doing(self, ids: Ids, seal: Seal) -> Doing:  # noqa: ARG002
        """Return the command, and its words."""
        return nc.TellCounterfeit(
            area=self.area, words=self.words, languages=tuple(sorted(self.told)),
            sentences=tuple(self.told.values()), refutes=ids.get(self.refutes), by=BY,
        ), self.texts  # fmt: skip

    def said(self) -> tuple[str, str]:
        """Return a sign and a line for the terminal."""
        return "FALSE", self.told.get("en", self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuteEnd:
    """A false warning is no longer about."""

    lie: str

    def is_made_by(self, event: ev.Event, ids: Ids) -> bool:
        """Say whether that event did it."""
        return isinstance(event, ne.CounterfeitEnded) and event.notice_id == ids.get(self.lie)

    def doing(self, ids: Ids, seal: Seal) -> Doing:  # noqa: ARG002
        """Return the command."""
        return nc.EndCounterfeit(notice_id=ids.get(self.lie, ""), by=BY), {}

    def said(self) -> tuple[str, str]:
        """Return a sign and a line for the terminal."""
        return "", ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Who controls some regions is recorded; where they are lost, nobody may warn."""

    control: control.Control
    regions: tuple[str, ...]
    source: str
    since: datetime | None

    def is_made_by(self, event: ev.Event, ids: Ids) -> bool:  # noqa: ARG002
        """Say whether that event did it."""
        return isinstance(event, control.ControlSet) and (
            event.holding.control, event.holding.source, set(event.holding.regions),
        ) == (self.control, self.source, set(self.regions))  # fmt: skip

    def doing(self, ids: Ids, seal: Seal) -> Doing:  # noqa: ARG002
        """Return the command."""
        return control.SetControl(regions=self.regions, control=self.control, source=self.source,
                                  valid_from=self.since, by=BY), {}  # fmt: skip

    def said(self) -> tuple[str, str]:
        """Return a sign and a line for the terminal."""
        return "CONTROL", f"{self.control}: {self.source} (desk only)"


Deed = Control | Register | Report | Set | Out | Order | Look | Refute | RefuteEnd


def key_of(deed: Deed) -> str:
    """Return the key under which the story names what a deed makes; empty: it names nothing."""
    return deed.key if isinstance(deed, Register | Out | Refute) else ""
