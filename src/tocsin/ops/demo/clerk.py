"""The demo's desk: enters filings by the one road, and says when people are told of them.

What a journal holds already is known again by what it says, not by a name of the demo's: so after
a kill nothing is entered twice, whatever an officer has changed of it since.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core import ledger_commands as lc
from tocsin.core import ledger_events as le
from tocsin.core.claims import Saying
from tocsin.core.incidents import Incident, LinkKind, Stage
from tocsin.core.ledger_release import due
from tocsin.core.publication import own_wait
from tocsin.core.refusals import Refusal
from tocsin.formats.api import plain_words
from tocsin.ops.demo import wire
from tocsin.ops.demo.deeds import Deed, Seal, key_of
from tocsin.ops.demo.situation import (
    BY,
    Account,
    Advice,
    AdviceEnd,
    Entry,
    Filing,
    Opening,
    Tie,
)
from tocsin.service.record import Recorded
from tocsin.service.submit import Service

LANGUAGE = "en"
"""The terminal's."""
INSTANT = timedelta(microseconds=1)


class Clerk:
    """Enters what a story's filings hold. One for each life of the demo's server.

    Args:
        service: takes the commands.
        tell: is told what was entered, and what people may see from when.
        seal: seals an installation's description.
    """

    def __init__(self, service: Service, tell: Callable[[wire.Told], None], seal: Seal) -> None:
        self._service = service
        self._tell = tell
        self._zone = ZoneInfo(service.world.time_zone)
        self._openings: dict[lc.OpenIncident, str] = {}
        self._accounts: dict[Saying, str] = {}
        self._ties: set[tuple[str, str, str]] = set()
        self._advice: dict[str, str] = {}
        self._ended: set[str] = set()
        self._ids: dict[str, str] = {}
        self._seal = seal
        self._deeds: list[ev.Event] = []

    def remember(self, events: Iterable[ev.Event]) -> None:
        """Learn what a journal holds already."""
        for event in events:
            match event:
                case le.IncidentOpened():
                    self._openings[_as_asked(event)] = event.incident_id
                case le.ClaimEntered():
                    self._accounts[event.saying] = event.claim_id
                case le.IncidentsLinked():
                    self._ties.add((event.kind, event.one, event.other))
                case le.GuidanceGiven():
                    self._advice[event.words] = event.guidance_id
                case le.GuidanceEnded():
                    self._ended.add(event.guidance_id)
                case _ if isinstance(event, ev.InOpenState):
                    self._deeds.append(event)
                case _:
                    pass

    def is_done(self, filing: Filing) -> bool:
        """Say whether all of it is in the journal."""
        missing = [each for each in filing.entries if not self._is_there(each)]
        return not missing

    async def file(self, filing: Filing) -> None:
        """Enter what is not there yet, each by a command of its own, and tell of it."""
        for entry in filing.entries:
            if not self._is_there(entry):
                await self._enter(entry, filing)

    def next_release(self, after: datetime, until: datetime) -> datetime | None:
        """Return the next slot at which an incident may be released, as things stand; or None."""
        world, state = self._service.world, self._service.state
        policy = world.publication
        found: datetime | None = None
        for incident in state.ledger.incidents.values():
            if incident.stage is Stage.RELEASED or own_wait(policy, incident) > until:
                continue
            end = due(world, state, incident)
            if end > until:
                continue
            slot = policy.slot_of(max(end, after + INSTANT) - INSTANT) + policy.slot
            if slot <= until and (found is None or slot < found):
                found = slot
        return found

    def heard(self, recorded: Sequence[Recorded]) -> None:
        """Tell of releases, whoever asked for them; a follower of the service."""
        ledger = self._service.ledger
        for each in recorded:
            if not isinstance(each.event, le.IncidentReleased):
                continue
            incident = ledger.incidents.get(each.event.incident_id)
            if incident is None or incident.same_as is not None:
                continue
            seen = self._service.world.publication.seen_from(each.event.at)
            self._note(
                each.event.at, "RELEASED",
                f"{self._title(incident)}: on the public page from {self._clock(seen)}",
            )  # fmt: skip

    # -- entries ---------------------------------------------------------------------------------

    def _is_there(self, entry: Entry) -> bool:
        match entry:
            case Opening():
                if (known := self._openings.get(entry.command)) is not None:
                    self._ids[entry.key] = known
                return known is not None
            case Account():
                known = self._accounts.get(entry.saying)
                if known is not None:
                    self._ids[entry.ref] = known
                return known is not None
            case Tie():
                return self._tied(entry) in self._ties
            case Advice():
                if (given := self._advice.get(entry.command.words)) is not None:
                    self._ids[entry.key] = given
                return given is not None
            case AdviceEnd():
                return self._ids.get(entry.key) in self._ended
            case _:
                return self._is_deed_done(entry)

    def _is_deed_done(self, deed: Deed) -> bool:
        for event in self._deeds:
            if deed.is_made_by(event, self._ids):
                if key := key_of(deed):
                    self._ids[key] = ev.subject_of(event) or ""
                return True
        return False

    async def _enter(self, entry: Entry, filing: Filing) -> None:
        command, texts = await self._command(entry)
        outcome = await self._service.submit(command, texts=texts)
        if isinstance(outcome, Refusal):
            self._tell(wire.Refused(outcome.rule.value, f"{outcome.field}: {outcome.help}"))
            return
        made = outcome.alert_id or ""
        match entry:
            case Opening():
                self._openings[entry.command] = self._ids[entry.key] = made
                self._tell(wire.Entered(made))
                title = entry.title.get(LANGUAGE, entry.key)
                self._note(
                    filing.at, "INCIDENT", f"{title} ({filing.outlet}): on the desk, not yet public"
                )
            case Account():
                self._accounts[entry.saying] = self._ids[entry.ref] = made
                self._tell(wire.Entered(made))
            case Tie():
                self._ties.add(self._tied(entry))
                if entry.kind is LinkKind.SAME_AS:
                    self._note(filing.at, "SAME", self._joined(entry))
            case Advice():
                self._advice[entry.command.words] = self._ids[entry.key] = made
                self._note(filing.at, "GUIDANCE", entry.told.get(LANGUAGE, entry.key))
            case AdviceEnd():
                self._ended.add(self._ids.get(entry.key, ""))
            case _:
                if key := key_of(entry):
                    self._ids[key] = made
                self._deeds += [each.event for each in outcome.events]
                sign, words = entry.said()
                if sign:
                    self._note(filing.at, sign, words)

    async def _command(self, entry: Entry) -> tuple[co.Command, Mapping[str, bytes]]:
        match entry:
            case Opening(alerts=None):
                return entry.command, entry.texts
            case Opening():
                return await self._wave(entry), entry.texts
            case Account():
                at = self._ids.get(entry.incident) if entry.incident else None
                return lc.EnterClaim(saying=entry.saying, incident_id=at, by=BY), entry.texts
            case Tie():
                kind, one, other = self._tied(entry)
                link = lc.LinkIncidents(
                    kind=LinkKind(kind), one=one, other=other, reason=entry.reason, by=BY
                )
                return link, {}
            case Advice():
                return entry.command, entry.texts
            case AdviceEnd():
                return lc.EndGuidance(guidance_id=self._ids.get(entry.key, ""), by=BY), {}
            case _:
                return entry.doing(self._ids, self._seal)

    async def _wave(self, entry: Opening) -> lc.OpenWave:
        """Return a wave with the alerts of its time."""
        assert entry.alerts is not None  # noqa: S101  # asked of waves alone
        begin, until = entry.alerts
        rows = await asyncio.to_thread(self._service.history)
        asked = entry.command
        return lc.OpenWave(
            where=asked.where, when=asked.when, title=asked.title, site=asked.site, by=BY,
            alerts=tuple(
                event.alert_id for _, event in rows
                if isinstance(event, ev.AlertIssued) and begin <= event.at < until
            ),
        )  # fmt: skip

    def _tied(self, tie: Tie) -> tuple[str, str, str]:
        return tie.kind.value, self._ids.get(tie.one, ""), self._ids.get(tie.other, "")

    # -- words -----------------------------------------------------------------------------------

    def _joined(self, tie: Tie) -> str:
        ledger = self._service.ledger
        other = self._ids[tie.other]
        outlets = dict.fromkeys(claim.saying.outlet for claim in ledger.claims_of(other))
        title = self._title(ledger.incidents[other])
        return f"{title}: one incident, by the accounts of {' and '.join(outlets)}"

    def _title(self, incident: Incident) -> str:
        told = plain_words(self._service.text(incident.title)) if incident.title else {}
        return told.get(LANGUAGE) or incident.kind

    def _clock(self, at: datetime) -> str:
        return at.astimezone(self._zone).strftime("%H:%M")

    def _note(self, at: datetime, sign: str, words: str) -> None:
        self._tell(wire.Noted(at, sign, words))


def _as_asked(event: le.IncidentOpened) -> lc.OpenIncident:
    """Return the command that made that event."""
    return lc.OpenIncident(kind=event.kind, site=event.site, where=event.where, when=event.when,
                           title=event.title, by=event.by)  # fmt: skip
