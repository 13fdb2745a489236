"""Incidents and claims of a running house, entered through its service in a line each.

``Book(service)`` enters as the house itself, which needs no warrant; ``later`` lets the fake clock
go on and does what time alone brings, as the scheduler does.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from kit.clocks import FakeClock
from kit.houses import KYIV
from kit.officers import yes
from tocsin.core import ledger_commands as lc
from tocsin.core.area import Area
from tocsin.core.authority import Role, Scope, Warrant
from tocsin.core.claims import (
    ClaimKind,
    Figure,
    Hedge,
    Measure,
    Qualifier,
    Quote,
    Saying,
    SpeakerKind,
    Thing,
    Voice,
    When,
    Where,
)
from tocsin.core.incidents import Incident, LinkKind
from tocsin.core.refusals import Refusal
from tocsin.formats.api import stored_words
from tocsin.keys.sealed import content_of
from tocsin.service.schedule import due
from tocsin.service.submit import Accepted, Service

HOUR = timedelta(hours=1)
RESCUE = Voice(
    kind=SpeakerKind.ORGANISATION, name="State Emergency Service", org="Ukraine", official=True
)
MAYOR = Voice(kind=SpeakerKind.PERSON, name="Vitali Klitschko", role="Mayor", org="Kyiv")
MINISTRY = Voice(kind=SpeakerKind.ORGANISATION, name="Defence Ministry", org="Russia")
LOCALS = Voice(kind=SpeakerKind.GROUP, role="local officials")
OUTLET = Voice(kind=SpeakerKind.OUTLET)


def killed(number: int, qualifier: Qualifier = Qualifier.EXACT) -> Figure:
    """So many killed."""
    return figure(Measure.KILLED, number=number, qualifier=qualifier)


def wounded(number: int, qualifier: Qualifier = Qualifier.EXACT) -> Figure:
    """So many wounded."""
    return figure(Measure.INJURED, number=number, qualifier=qualifier)


def figure(
    *measures: Measure, number: int | None = None, qualifier: Qualifier = Qualifier.EXACT,
    **more: Any,
) -> Figure:  # fmt: skip
    """A number as it was said."""
    return Figure(measures=measures, qualifier=qualifier, value=number, **more)


def an_officer(name: str, **more: Any) -> Warrant:
    """Somebody who keeps the ledger, signed in on a device of his own."""
    scope = Scope(role=Role.SUPERVISOR, sender="desk", regions=("UA",), hazards=("*",))
    return Warrant(
        account=name, credential=f"key of {name}", name=name, session=f"session of {name}",
        device=f"device of {name}", scope=more.pop("scope", scope), **more,
    )  # fmt: skip


@dataclass
class Book:
    """The ledger of one house, as a test writes it."""

    service: Service
    clock: FakeClock
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    async def ask(
        self, command: lc.LedgerCommand, texts: Mapping[str, bytes] | None = None,
        warrant: Warrant | None = None,
    ) -> Accepted | Refusal:  # fmt: skip
        """Ask for something, and return what became of it."""
        return await self.service.submit(command, warrant=warrant, texts=texts)

    async def tell(
        self, command: lc.LedgerCommand, texts: Mapping[str, bytes] | None = None,
        warrant: Warrant | None = None,
    ) -> str:  # fmt: skip
        """Ask for something that must be accepted; return the id of what it made."""
        return str(yes(await self.ask(command, texts, warrant)).alert_id)

    def incident(self, incident_id: str) -> Incident:
        """An incident as the desk knows it."""
        return self.service.ledger.incidents[incident_id]

    async def report(self, outlet: str = "Gazette", **more: Any) -> str:
        """Take a report in; its text is what stands for sealed words."""
        number = next(self.numbers)
        sealed = f"sealed {number}".encode()
        content = content_of(sealed)
        command = lc.TakeReport(
            outlet=outlet, published="2022-10-11", language="en", content=content,
            digest=f"digest {number}", **more,
        )  # fmt: skip
        return await self.tell(command, {content: sealed})

    async def open(
        self, kind: str = "strike", geocode: str = KYIV, *, name: str = "", site: str = "civilian",
        hours: tuple[float, float] = (-2, -1), when: When | None = None,
        title: Mapping[str, str] | None = None, **place: Any,
    ) -> str:  # fmt: skip
        """Open an incident of ``hours`` from now on, unless ``when`` says it; return its id."""
        now = self.clock.now()
        spent = when or When(start=now + hours[0] * HOUR, end=now + hours[1] * HOUR, grain="minute")
        stored, texts = _stored(title)
        return await self.tell(
            lc.OpenIncident(kind=kind, site=site, when=spent, title=stored,
                            where=Where(geocode=geocode, name=name, **place)),
            texts,
        )  # fmt: skip

    async def enter(
        self, incident: str | None, *figures: Figure, voice: Voice = RESCUE,
        kind: ClaimKind = ClaimKind.CASUALTIES, outlet: str = "Gazette", quote: str = "",
        words: Mapping[str, str] | None = None, **saying: Any,
    ) -> str:  # fmt: skip
        """Enter a claim and return its id."""
        said, texts = self.saying(*figures, voice=voice, kind=kind, outlet=outlet, quote=quote,
                                  words=words, **saying)  # fmt: skip
        return await self.tell(lc.EnterClaim(saying=said, incident_id=incident), texts)

    def saying(
        self, *figures: Figure, voice: Voice = RESCUE, kind: ClaimKind = ClaimKind.CASUALTIES,
        outlet: str = "Gazette", quote: str = "", words: Mapping[str, str] | None = None,
        things: tuple[tuple[str, str], ...] = (), hedge: Hedge = Hedge.SAID, **more: Any,
    ) -> tuple[Saying, dict[str, bytes]]:  # fmt: skip
        """What a claim says, with the words to be stored beside it."""
        stored, texts = _stored(words)
        quoted = None
        if quote:
            sealed = f"sealed {quote} {next(self.numbers)}".encode()
            content = content_of(sealed)
            texts[content] = sealed
            quoted = Quote(content=content, start=0, end=len(quote))
        more.setdefault("said_at", self.clock.now())
        said = Saying(
            kind=kind, voice=voice, outlet=outlet, hedge=hedge, figures=figures,
            things=tuple(Thing(type=a, status=b) for a, b in things), quote=quoted, words=stored,
            **more,
        )  # fmt: skip
        return said, texts

    async def correct(self, claim: str, *figures: Figure, reason: str = "misread") -> str:
        """Say right what was entered wrong; return the new claim's id."""
        old = self.service.ledger.claims[claim].saying
        return await self.tell(
            lc.CorrectClaim(claim_id=claim, saying=replace(old, figures=figures), reason=reason)
        )

    async def retract(self, claim: str, reason: str = "not so") -> None:
        """Take a claim back."""
        await self.tell(lc.RetractClaim(claim_id=claim, reason=reason))

    async def link(self, kind: LinkKind, one: str, other: str, reason: str = "the same") -> None:
        """Say how two incidents belong together."""
        await self.tell(lc.LinkIncidents(kind=kind, one=one, other=other, reason=reason))

    async def guide(self, *regions: str, incident: str | None = None, **words: str) -> str:
        """Tell people at once what to do; return the guidance's id."""
        told = words or {each: f"Boil water ({each})." for each in self.service.world.languages}
        stored, texts = _stored(told)
        command = lc.GiveGuidance(
            area=Area(regions=regions or (KYIV,)), words=stored, languages=tuple(told),
            incident_id=incident,
        )  # fmt: skip
        return await self.tell(command, texts)

    async def later(self, **parts: float) -> None:
        """Let time pass, and do what it brings: releases, run-outs."""
        self.clock.step(**parts)
        for command in due(self.service.world, self.service.state, self.clock.now()):
            yes(await self.service.submit(command))

    async def next_slot(self) -> datetime:
        """Go on to the next release slot, a second past it; return the slot."""
        policy = self.service.world.publication
        slot = policy.seen_from(self.clock.now())
        wait = slot - self.clock.now() + timedelta(seconds=1)
        await self.later(seconds=wait.total_seconds())
        return slot

    async def release(self, *incidents: str) -> tuple[str, ...]:
        """Let incidents wait until people see them; return their public ids."""
        for _ in range(400):
            if all(self.incident(each).released_at for each in incidents):
                break
            await self.later(hours=1)
        await self.next_slot()
        return tuple(self.incident(each).public_id for each in incidents)


def _stored(words: Mapping[str, str] | None) -> tuple[str, dict[str, bytes]]:
    if not words:
        return "", {}
    content, body = stored_words(words)
    return content, {content: body}
