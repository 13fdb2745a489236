"""What signed feeds send: opened by their key, taken once, made into commands of the one road.

A machine drafts; where policy lets a feed issue within its narrow mandate, the alert that is
issued is an ordinary one, with words, mandates and sounds as any, by a warrant that names the key.

Whatever comes twice is taken once: threats by the core, readings by the registry, outages by
the journal's own keys of requests.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from tocsin.checks.limits import Limit
from tocsin.checks.signature import Claim
from tocsin.core.alert import Realm
from tocsin.core.authority import Role, Scope, Warrant
from tocsin.core.infra_commands import ReportOutage
from tocsin.core.infra_outages import is_end
from tocsin.core.intake_commands import TakeThreat
from tocsin.core.intake_threats import issuing, untimely
from tocsin.core.refusals import Refusal, Rule
from tocsin.service.desk import Desk
from tocsin.service.feedrecords import FeedKey, FeedKind
from tocsin.service.feeds import FeedKeys, account_of, feed_of, opened
from tocsin.service.observations import Observation, Observations, mark_of
from tocsin.service.road import RequestKey
from tocsin.service.submit import Service

log = structlog.get_logger()

PER_MINUTE = 600
"""Messages of one key; what was taken before is not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What every message carries; ``content`` is the hash of its body."""

    identifier: str
    content: str
    sent: datetime
    not_after: datetime


class Intake:
    """The flows of signed feeds; lives in the service's event loop."""

    def __init__(self, service: Service, desk: Desk) -> None:
        self._service = service
        self._registry = desk.registry
        self._desk = desk
        self.keys = FeedKeys(desk)
        self.observations = Observations(desk)
        self._limit = Limit(desk.now, PER_MINUTE)
        self._outages = asyncio.Lock()

    def opened(self, feed: FeedKind, claim: Claim, body: bytes) -> FeedKey | Refusal:
        """Return the key that signed a body and may send it to this feed; nothing is read yet."""
        key = opened(self.keys.active(claim.key), claim.signature, body)
        if isinstance(key, FeedKey) and feed not in key.feeds:
            return Refusal(
                Rule.NOT_ALLOWED, "/Tocsin-Key", f"{key.id} sends {', '.join(key.feeds)}."
            )
        return key

    async def threat(self, key: FeedKey, asked: TakeThreat) -> Refusal | None:
        """Take in a threat report; issue at once where policy lets this key. None: it is taken."""
        service, feed = self._service, feed_of(key)
        asked = replace(asked, feed=feed, by=account_of(key.id))
        is_new = service.state.inbox.said(key.id, asked.identifier) is None
        if is_new and not self._limit.test(key.id):
            return _too_many()
        outcome = await service.submit(asked)
        if isinstance(outcome, Refusal):
            return outcome
        if not outcome.repeated:
            self._limit.hit(key.id)
        threat = service.state.inbox.named(key.id, asked.identifier)
        if threat is not None:  # also for one that came before: the house may have stopped between
            await self._issue(key, threat.id, asked)
        return None

    async def observation(
        self, key: FeedKey, envelope: Envelope, said: Observation
    ) -> Refusal | None:
        """Keep a reading and weigh it with those around. None: it is on the disk."""
        world, now = self._service.world, self._service.clock.now()
        refused = untimely(world, envelope.sent, envelope.not_after, now)
        if refused is not None:
            return refused
        station = self.observations.refused(key, said, world, now)
        if isinstance(station, Refusal):
            return station
        if not self._limit.test(key.id):
            return _too_many()
        kept = await self.observations.keep(key, envelope.identifier, envelope.content, said, now)
        if isinstance(kept, Refusal):
            return kept
        if kept:
            self._limit.hit(key.id)
        weighing = await self.observations.weighing(station, world, now)
        if weighing.readings:
            await self._service.submit(weighing)
        return None

    async def outage(self, key: FeedKey, envelope: Envelope, asked: ReportOutage) -> Refusal | None:
        """Report an outage in the key's name; the same one again is an update of it.

        A feed means the same outage by the same service, regions and beginning. What is out again
        after its end is a new one, which began when that was said, unless a later time is named.
        """
        world, now = self._service.world, self._service.clock.now()
        refused = untimely(world, envelope.sent, envelope.not_after, now)
        refused = refused or self._not_there(key, asked.regions)
        if refused is not None:
            return refused
        began = asked.began.isoformat() if asked.began is not None else ""
        mark = mark_of(asked.service, began, *sorted(asked.regions))
        request = RequestKey(account_of(key.id), envelope.identifier, envelope.content)
        async with self._outages:  # of two messages about a new outage, the second is an update
            known = self._registry.feed_outage(key.id, mark)
            old = self._service.state.infra.outages.get(known or "")
            command = replace(asked, tell=key.tells, by=account_of(key.id))
            if old is not None and old.ended_at is not None and not is_end(asked):
                if envelope.sent < old.ended_at:
                    return Refusal(Rule.TOO_OLD, "/sent", "It was back by then.")
                command = replace(command, began=min(envelope.sent, now))
            elif old is not None:  # what officers have traced of it is theirs
                command = replace(
                    command, outage_id=old.id, incident_id=old.incident_id,
                    installations=asked.installations or old.installations,
                    began=max(asked.began or old.began, old.began),  # a new one keeps its own
                )  # fmt: skip
            if not self._limit.test(key.id):
                return _too_many()
            outcome = await self._service.submit(command, key=request)
            if isinstance(outcome, Refusal):
                if outcome.rule is Rule.KEY_REUSED:
                    return Refusal(
                        Rule.IDENTIFIER_REUSED, "/id",
                        "This id was used for another message; take a new one.",
                    )  # fmt: skip
                return outcome
            if not outcome.repeated:
                self._limit.hit(key.id)
            if command.outage_id is None and outcome.alert_id:
                await self._desk.write(
                    self._registry.note_feed_outage, key.id, mark, outcome.alert_id, now
                )
        return None

    async def _issue(self, key: FeedKey, threat_id: str, asked: TakeThreat) -> None:
        service = self._service
        command = issuing(service.world, service.state, feed_of(key), threat_id)
        if command is None:
            return
        request = RequestKey(account_of(key.id), f"issue:{asked.identifier}", asked.content)
        outcome = await service.submit(command, key=request, warrant=warrant_of(key))
        if isinstance(outcome, Refusal):  # the draft waits for an operator
            log.warning("feed_not_issued", key=key.id, rule=outcome.rule)
        else:
            log.warning("feed_issued", key=key.id, alert_id=outcome.alert_id)

    def _not_there(self, key: FeedKey, regions: tuple[str, ...]) -> Refusal | None:
        tree = self._service.world.tree
        mine = tree.mask(code for code in key.regions if code in tree)
        for number, code in enumerate(regions):
            if code in tree and tree.mask((code,)) & ~mine:
                return Refusal(
                    Rule.OUTSIDE_JURISDICTION, f"/scope/regions/{number}",
                    f"This key has no say in {code}.",
                )  # fmt: skip
        return None


def warrant_of(key: FeedKey) -> Warrant:
    """Return the right by which a key issues: a machine's, for its regions and hazards alone."""
    scope = Scope(
        role=Role.OPERATOR, sender=key.sender, regions=key.regions, hazards=key.hazards,
        realms=(Realm.LIVE,),
    )  # fmt: skip
    return Warrant(
        account=account_of(key.id), credential=key.id, name=key.name, scope=scope,
        device=f"feed {key.id}", is_machine=True, direct=True, per_minute=60,
    )  # fmt: skip


def _too_many() -> Refusal:
    return Refusal(
        Rule.TOO_MANY_REQUESTS, "", f"A key sends {PER_MINUTE} messages a minute at most."
    )
