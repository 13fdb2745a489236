"""T21: until its release no public byte tells that a record exists.

Two houses that are one, but the first also has incidents that wait, with everything a desk does to
them. Every public line of the table is asked of both, with whatever its path and query can take,
refusals and streams included; no byte may differ but dates and request ids. What is public is
taken from the table, so that whatever comes later is in it by itself.

Source: RELIABILITY T21, P24-P28; DESIGN section 3, rules 2 and 10.
"""

from __future__ import annotations

import random  # noqa: TID251  # seeded
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kit import underground
from kit.asgi import Seen
from kit.clocks import NOON
from kit.crawl import PUBLIC, Known, Unknown, requests
from kit.houses import KYIV, LVIV, issue
from kit.ledgers import (
    LOCALS,
    MAYOR,
    MINISTRY,
    OUTLET,
    RESCUE,
    Book,
    an_officer,
    figure,
    killed,
    wounded,
)
from kit.staff import LIVE, OWN, SPARE, Crew, staffed
from kit.twins import Twins, accepted, twins
from kit.underground import Underground
from tocsin.core import commands as co
from tocsin.core import events
from tocsin.core import ledger_commands as lc
from tocsin.core.alert import Audience
from tocsin.core.claims import ClaimKind, Hedge, Measure, Qualifier, Where
from tocsin.core.incidents import LinkKind, Stage
from tocsin.core.layered import Layered
from tocsin.core.ledger_events import LedgerEvent
from tocsin.core.publication import NEVER, Visible
from tocsin.projections.situation import Shown
from tocsin.service.past import PastService
from tocsin.web.api import coverage as coverage_api
from tocsin.web.api import outages as outages_api
from tocsin.web.api import situation
from tocsin.web.api import waves as waves_api
from tocsin.web.public import answers

HOUR = timedelta(hours=1)
KINDS = (
    "strike", "explosion", "shelling", "fire", "accident", "flood", "quake", "storm", "collapse",
    "outage", "radiation", "other",
)  # fmt: skip
SITES = ("civilian", "critical", "military", "service")
PLACES = (KYIV, LVIV, "UA63000000000041885", "UA")
VOICES = (LOCALS, MAYOR, MINISTRY, OUTLET, RESCUE)
WORDS = {"en": "Zqsecret words of the desk.", "uk": "Zqsecret слова."}


async def what_everybody_knows(t: Twins) -> list[str]:
    """Let alerts, incidents, statements and guidance be public in both; return the incidents."""

    async def alerts(book: Book) -> str:
        first = await accepted(book.service, issue(KYIV))
        clear = co.ClearAlert(sender=book.service.world.authority, alert_id=first)
        await accepted(book.service, clear)
        return first

    await t.both(alerts)
    strike = await t.both(lambda b: b.open(name="Shevchenkivskyi district", title={"en": "Tower"}))
    quiet = await t.both(lambda b: b.open(kind="accident", geocode=LVIV, site="service"))
    await t.both(lambda b: b.enter(strike, killed(5), wounded(5)))
    wrong = await t.both(lambda b: b.enter(strike, killed(50), voice=MAYOR, outlet="Herald"))
    await t.both(lambda b: b.correct(wrong, killed(8, Qualifier.AT_LEAST)))
    await t.both(
        lambda b: b.enter(None, voice=LOCALS, kind=ClaimKind.OUTAGE, where=Where(geocode=LVIV),
                          said_at=t.clock.now() - timedelta(hours=4),
                          things=(("power", "disrupted"),), words={"en": "Half the city."})
    )  # fmt: skip
    await t.both(lambda b: b.enter(None, voice=MINISTRY, kind=ClaimKind.STATEMENT,
                                   hedge=Hedge.DENIED, words={"en": "Not us."}))  # fmt: skip
    for _ in range(12):
        await t.later(hours=1)
    await t.next_slot()
    ledger = t.plain.service.ledger
    assert all(ledger.incidents[each].stage is Stage.RELEASED for each in (strike, quiet))
    part = await t.both(lambda b: b.open(site="critical", geocode="UA63000000000041885"))
    await t.both(lambda b: b.enter(part, killed(3)))
    held = lc.SetEmbargo(
        incident_id=part, until=t.clock.now() + timedelta(days=30), reason="hold it"
    )
    await t.both(lambda b: b.tell(held))
    await t.both(lambda b: b.tell(lc.AnnounceIncident(incident_id=part)))
    await t.both(lambda b: accepted(b.service, issue(LVIV)))
    await t.next_slot()
    assert t.plain.service.ledger.incidents[part].stage is Stage.ANNOUNCED
    return [strike, quiet, part]


@dataclass
class Desk:
    """Officers at work on what is hidden, at random."""

    t: Twins
    chance: random.Random
    shown: list[str]
    """Incidents that people know."""
    hidden: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    under: Underground | None = None

    @property
    def book(self) -> Book:
        """The ledger that holds the secrets."""
        return self.t.secret.book

    async def incident(self, *, all_of_it: bool = False) -> str:
        """Open an incident, held back, and do to it some of what a desk can, or all of it."""
        chance, book = self.chance, self.book
        kind, site = chance.choice(KINDS), chance.choice(SITES)
        opened = await book.open(
            kind,
            chance.choice(PLACES),
            site=site,
            name="Zqsecret town",
            title=WORDS,
            hours=(-chance.random() - 0.1, -0.05),
        )
        self.hidden.append(opened)
        held = lc.SetEmbargo(incident_id=opened, until=None, reason="hold it")
        await book.tell(held)
        if chance.random() < 0.5:  # shorter than never: it waits for a second person
            until = self.t.clock.now() + timedelta(days=30)
            await book.ask(replace(held, until=until), warrant=an_officer("boris"))
        for _ in range(chance.randrange(2, 6)):
            await self.claim(opened)
        count = len(ACTS) if all_of_it else chance.randrange(3, len(ACTS))
        for act in chance.sample(ACTS, count):
            await act(self, opened)
        return opened

    async def claim(self, incident: str) -> None:
        """Enter a claim of any kind, official or not."""
        chance = self.chance
        kind = chance.choice(tuple(ClaimKind))
        figures = [killed(chance.randrange(1, 90)), wounded(chance.randrange(1, 90))]
        if kind is ClaimKind.OUTAGE:
            figures = [figure(Measure.OUT, qualifier=Qualifier.HUNDREDS, what="settlements")]
        voice = replace(chance.choice(VOICES), official=False)
        voice = replace(voice, official=bool(voice.name) and chance.random() < 0.4)
        report = await self.book.report()
        self.claims.append(
            await self.book.enter(
                incident, *figures, voice=voice, kind=kind, outlet="Zqsecret Gazette",
                words=WORDS, quote="Zqsecret quote", report_id=report, draft="killed-1-2",
                hedge=chance.choice(tuple(Hedge)), things=(("substation", "hit"),),
            )
        )  # fmt: skip


async def _report(desk: Desk, _incident: str) -> None:
    report = await desk.book.report(title="Zqsecret")
    await desk.book.tell(lc.RejectDraft(report_id=report, draft="killed-1-2"))
    await desk.book.tell(lc.FinishReport(report_id=report))
    await desk.book.tell(lc.EraseWords(report_id=report, reason="asked for"))


async def _change(desk: Desk, incident: str) -> None:
    await desk.book.tell(
        lc.ChangeIncident(incident_id=incident, title="", is_open=False, reason="known better")
    )


async def _correct(desk: Desk, _incident: str) -> None:
    wrong = desk.claims.pop()
    await desk.book.correct(wrong, killed(77))


async def _retract(desk: Desk, _incident: str) -> None:
    if desk.claims:
        await desk.book.retract(desk.claims.pop())


async def _erase(desk: Desk, _incident: str) -> None:
    if desk.claims:
        await desk.book.tell(lc.EraseWords(claim_id=desk.claims[-1], reason="a private name"))


async def _ask_shorter(desk: Desk, incident: str) -> None:
    asked = lc.SetEmbargo(incident_id=incident, until=desk.t.clock.now(), reason="sooner")
    await desk.book.ask(asked, warrant=an_officer("anna"))


async def _same_as_hidden(desk: Desk, incident: str) -> None:
    if len(desk.hidden) > 1:
        await _linked(desk, LinkKind.SAME_AS, incident, desk.hidden[-2])


async def _same_as_shown(desk: Desk, incident: str) -> None:
    await _linked(desk, LinkKind.SAME_AS, incident, desk.shown[0])


async def _shown_same_as(desk: Desk, incident: str) -> None:
    await _linked(desk, LinkKind.SAME_AS, desk.shown[1], incident)


async def _beside_announced(desk: Desk, _incident: str) -> None:
    """Of what was only announced people know what is official, and nothing else."""
    await desk.book.enter(desk.shown[2], killed(88), voice=MAYOR, words=WORDS)
    await desk.book.enter(desk.shown[2], kind=ClaimKind.DAMAGE, things=(("bridge", "hit"),))


async def _part_of(desk: Desk, incident: str) -> None:
    await _linked(desk, LinkKind.PART_OF, incident, desk.shown[0])


async def _cause(desk: Desk, incident: str) -> None:
    await _linked(desk, LinkKind.CAUSED_BY, desk.shown[0], incident)


async def _linked(desk: Desk, kind: LinkKind, one: str, other: str) -> None:
    """Link, and at times take it back; what leads in a circle is refused, which is as well."""
    book = desk.book
    await book.ask(lc.LinkIncidents(kind=kind, one=one, other=other, reason="it seems so"))
    if desk.chance.random() < 0.3:
        await book.ask(
            lc.LinkIncidents(kind=kind, one=one, other=other, reason="it is not", undo=True)
        )


async def _guide(desk: Desk, incident: str) -> None:
    """Guidance is told at once, in both; that it is about an incident is told nowhere."""
    region = desk.chance.choice((KYIV, LVIV))
    await desk.book.guide(region, incident=incident)
    await desk.t.plain.book.guide(region)


async def _knock(desk: Desk, incident: str) -> None:
    """Officers look at it and are refused; what is recorded of that is the desk's."""
    for path in (f"/incidents/{incident}", "/incidents", "/reports"):
        await desk.t.secret.crew.ask("first-token", "GET", f"/api/v1{path}")


async def _below(desk: Desk, incident: str) -> None:
    """Do something to what the country runs on, to drafts, or to waves."""
    if desk.under is None:
        desk.under = Underground(desk.t, desk.chance)
    for act in desk.chance.sample(underground.ACTS, 3):
        await act(desk.under, incident)


ACTS = (
    _report, _change, _correct, _retract, _erase, _ask_shorter, _same_as_hidden, _same_as_shown,
    _shown_same_as, _beside_announced, _part_of, _cause, _guide, _knock, _below,
)  # fmt: skip


async def crawled(folder: Path, seed: int, incidents: int) -> tuple[list[str], int]:
    """Hide so many incidents, crawl after each in its slot and past it; return what differs."""
    async with twins(folder) as t:
        desk = Desk(t, random.Random(seed), await what_everybody_knows(t))
        assert not (found := await t.differ()), found
        for number in range(incidents):
            await desk.incident()
            if found := await t.differ():
                return [f"seed {seed}, incident {number}, at once", *found], t.asked
            await t.next_slot()
            if found := await t.differ():
                return [f"seed {seed}, incident {number}, a slot later", *found], t.asked
        await t.later(hours=2)
        return await t.differ(), t.asked


@pytest.mark.timeout(180)
async def test_what_is_hidden_moves_no_public_byte(tmp_path: Path) -> None:
    """All that a desk does, at once: the proofs below take it act by act, and in many orders."""
    async with twins(tmp_path) as t:
        desk = Desk(t, random.Random(1), await what_everybody_knows(t))
        assert not (found := await t.differ()), found
        desk.under = Underground(t, desk.chance)
        for _ in range(2):
            incident = await desk.incident(all_of_it=True)
        for act in underground.ACTS:
            await act(desk.under, incident)
        if desk.under.is_up:  # it ends with a channel that is lost
            await underground.the_tower(desk.under, incident)
        assert not (found := await t.differ()), found
        channel = (await t.secret.get("/api/v1/channels")).text
        assert "tv" in channel
        assert "Zqsecret" not in channel
        await t.next_slot()
        assert not (found := await t.differ()), found


@pytest.mark.proof
@pytest.mark.timeout(600)
async def test_what_a_country_runs_on_moves_no_public_byte_but_the_channel(tmp_path: Path) -> None:
    async with twins(tmp_path) as t:
        desk = Desk(t, random.Random(7), await what_everybody_knows(t))
        incident = await desk.incident()
        desk.under = desk.under or Underground(t, desk.chance)
        for act in (*underground.ACTS, underground.the_tower, underground.the_front):
            await act(desk.under, incident)
            assert not (found := await t.differ()), (act.__name__, found)
        await t.next_slot()
        assert not (found := await t.differ()), found


@pytest.mark.proof
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", [2, 3, 4, 5])
async def test_forty_hidden_incidents_move_no_public_byte(
    seed: int, tmp_path: Path, record_testsuite_property: Callable[[str, object], None]
) -> None:
    found, asked = await crawled(tmp_path, seed, incidents=10)
    record_testsuite_property(f"requests of seed {seed}", asked)
    assert not found, "\n".join(found)


# -- the list of surfaces ------------------------------------------------------------------------


def test_every_public_line_is_in_the_crawl() -> None:
    asked = {each.line for each in requests(Known(now=NOON))}
    assert {line.name for line in PUBLIC} <= asked


def test_a_later_line_with_a_parameter_that_nobody_knows_fails_by_name() -> None:
    line = replace(PUBLIC[0], path="/api/v1/sirens/{siren}", name="get-siren")
    with pytest.raises(Unknown, match=r"get-siren.*siren"):
        list(requests(Known(now=NOON), (line,)))


# -- the slot ------------------------------------------------------------------------------------


@pytest.mark.timeout(120)
async def test_what_is_entered_is_seen_from_the_slot_on_and_not_before(tmp_path: Path) -> None:
    async with twins(tmp_path) as t:
        await what_everybody_knows(t)
        await t.later(minutes=3)
        await t.secret.book.enter(None, voice=MAYOR, kind=ClaimKind.STATEMENT, words=WORDS)
        policy = t.plain.service.world.publication
        slot = policy.seen_from(t.clock.now())
        await t.later(seconds=(slot - t.clock.now()).total_seconds() - 1)
        assert not (found := await t.differ()), found
        await t.later(seconds=1)
        assert t.clock.now() == slot
        assert await t.differ()
        assert "Zqsecret" in (await t.secret.get("/api/v1/situation")).text


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("site", "hours"), [("civilian", 3), ("critical", 12), ("service", 0)])
async def test_an_incident_is_released_on_a_slot_after_its_embargo(
    site: str, hours: int, tmp_path: Path
) -> None:
    async with twins(tmp_path) as t:
        await t.later(minutes=7, seconds=13)
        kind = "outage" if site == "service" else "strike"
        opened = await t.secret.book.open(kind, "UA63000000000041885", site=site, title=WORDS,
                                          hours=(-0.5, -0.25))  # fmt: skip
        due = t.secret.book.incident(opened).when.end + timedelta(hours=hours)
        entered = t.secret.book.incident(opened).opened_at
        same = await same_until(t, most=max(due, entered) + timedelta(minutes=25))
        policy = t.plain.service.world.publication
        assert policy.slot_of(same) == same, "it appeared between two slots"
        assert same >= due, "it appeared before its embargo was over"
        assert same - max(due, t.secret.book.incident(opened).opened_at) <= 2 * policy.slot


async def same_until(t: Twins, most: datetime) -> datetime:
    """Go on minute by minute; return the first moment at which the two differ."""
    while t.clock.now() < most:
        wait = 60 - t.clock.now().second
        await t.later(seconds=wait)
        one = await t.secret.get("/api/v1/situation")
        if one.body != (await t.plain.get("/api/v1/situation")).body:
            return t.clock.now()
    raise AssertionError("it never appeared")


# -- nobody tells sooner alone -------------------------------------------------------------------


@dataclass
class Alone:
    """One officer at the desk over HTTP, who would like people to know at once."""

    crew: Crew
    who: str
    chance: random.Random
    incidents: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    done: int = 0
    """How much of it was not refused."""

    async def post(self, path: str, body: object, who: str = "") -> Seen:
        """Ask as that officer; refused or not, it must be answered well."""
        seen = await self.crew.ask(who or self.who, "POST", f"/api/v1{path}", body)
        assert seen.status < 500, seen.text
        self.done += seen.status < 300
        return seen

    async def open(self, site: str, kind: str = "strike") -> str:
        """Open an incident that ended a quarter of an hour ago."""
        now = self.crew.clock.now()
        when = {"start": (now - HOUR / 2).isoformat(), "end": (now - HOUR / 4).isoformat(),
                "grain": "minute"}  # fmt: skip
        seen = await self.post("/incidents", {"kind": kind, "site": site, "when": when,
                                              "where": {"geocode": OWN}})  # fmt: skip
        assert seen.status == 201, seen.text
        self.incidents.append(seen.json()["id"])
        return self.incidents[-1]

    async def due(self, incident: str) -> datetime:
        """When people will be told of it, as things stand; the end of time for never."""
        seen = await self.crew.ask(self.who, "GET", f"/api/v1/incidents/{incident}")
        found = seen.json()["embargo"]["due"]
        return datetime.fromisoformat(found) if found is not None else NEVER

    async def act(self, incident: str) -> None:
        """Try something, anything."""
        chance, now = self.chance, self.crew.clock.now()
        early = {"start": (now - 90 * HOUR).isoformat(), "end": (now - 80 * HOUR).isoformat()}
        other = chance.choice(self.incidents)
        saying = {
            "kind": chance.choice(("statement", "casualties", "outage")), "outlet": "Gazette",
            "voice": {"kind": "organisation", "name": "Service", "official": True},
            "figures": [{"measures": ["killed"], "qualifier": "exact", "value": 7}],
        }  # fmt: skip
        claim = chance.choice(self.claims) if self.claims else "none"
        path, body = chance.choice([
            (f"/incidents/{incident}", {"site": "service", "reason": "so"}),
            (f"/incidents/{incident}", {"kind": "outage", "site": "service", "reason": "so"}),
            (f"/incidents/{incident}", {"when": early, "reason": "earlier"}),
            (f"/incidents/{incident}", {"where": {"geocode": SPARE[LIVE]}, "reason": "there"}),
            (f"/incidents/{incident}/embargo", {"until": now.isoformat(), "reason": "now"}),
            (f"/incidents/{incident}/links", {"kind": "same-as", "other": other, "reason": "is"}),
            (f"/incidents/{other}/links", {"kind": "same-as", "other": incident, "reason": "is"}),
            (f"/incidents/{incident}/links",
             {"kind": "same-as", "other": other, "reason": "not", "undo": True}),
            ("/claims", {"saying": saying, "incident": incident}),
            (f"/claims/{claim}/move", {"incident": None, "reason": "nowhere"}),
            (f"/claims/{claim}/move", {"incident": other, "reason": "there"}),
            (f"/claims/{claim}/correct", {"saying": saying, "reason": "misread"}),
        ])  # fmt: skip
        seen = await self.post(path, body)
        if path == "/claims" and seen.status == 201:
            self.claims.append(seen.json()["claim"]["id"])


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_nobody_alone_lets_people_know_sooner(seed: int, tmp_path: Path) -> None:
    async with staffed(tmp_path / "data") as crew:
        await crew.node.scheduler.stop()
        desk = Alone(crew, "supervisor", random.Random(seed))
        critical = await desk.open("critical")
        due = await desk.due(critical)
        assert due - crew.clock.now() > 11 * HOUR
        await desk.open("service", "outage")
        await desk.open("civilian")
        for _ in range(60):
            await desk.act(critical)
            assert await desk.due(critical) >= due
            crew.clock.step(seconds=20)
        assert desk.done > 20
        crew.clock.step(seconds=(due - crew.clock.now()).total_seconds() - 1)
        await crew.node.scheduler.look()
        shown = crew.node.service.visible()
        assert critical not in {each.id for each in shown.ledger.incidents.values()}


@pytest.mark.timeout(120)
async def test_a_shorter_embargo_takes_a_second_person_with_a_fresh_factor(tmp_path: Path) -> None:
    async with staffed(tmp_path / "data") as crew:
        await crew.node.scheduler.stop()
        desk = Alone(crew, "supervisor", random.Random(1))
        critical = await desk.open("critical")
        due = await desk.due(critical)
        sooner = crew.clock.now() + HOUR
        asked = await desk.post(
            f"/incidents/{critical}/embargo",
            {"until": sooner.isoformat(), "reason": "the mayor told it"},
        )
        assert asked.status == 200, asked.text
        ask_id = asked.json()["embargo"]["asked"]["id"]
        assert await desk.due(critical) == due
        path, body = f"/incidents/{critical}/embargo/approve", {"ask": ask_id}

        async def refused(who: str) -> str:
            seen = await desk.post(path, body, who)
            assert seen.status >= 400, seen.text
            assert await desk.due(critical) == due
            return seen.rule

        assert await refused("supervisor") == "own-proposal"
        assert await refused("supervisor-key") in ("own-proposal", "not-an-approver")
        assert await refused("operator-key") == "not-an-approver"
        assert await refused("viewer") == "not-allowed"
        assert await refused("anybody") == "no-credential"
        crew.clock.step(minutes=3)
        assert await refused("operator") == "needs-confirmation"
        confirmed = {"code": crew["operator"].codes.pop()}
        assert (await desk.post("/session/confirm", confirmed, "operator")).status == 200
        swapped = await desk.post(path, {"ask": "another"}, "operator")
        assert swapped.rule == "content-changed"
        assert (await desk.post(path, body, "operator")).status == 200
        slot = crew.node.service.world.publication.slot
        assert sooner <= await desk.due(critical) <= sooner + slot


# -- the test sees what it is there for ----------------------------------------------------------


def at_once(patch: pytest.MonkeyPatch) -> None:
    """Show what is recorded, and not what the last slot saw."""

    def at(self: Shown, now: Any) -> Visible:
        return whole(self, now + timedelta(days=1))

    whole = Shown.at
    patch.setattr(Shown, "at", at)


def all_claims(patch: pytest.MonkeyPatch) -> None:
    """Show every claim of an incident that people know, whatever it came from."""
    patch.setattr(Visible, "_is_open", lambda *_: True)


def all_incidents(patch: pytest.MonkeyPatch) -> None:
    """Show every incident, whether it was released or not."""
    whole = Visible.__init__

    def init(self: Visible, policy: Any, tree: Any, ledger: Any) -> None:
        found = {
            each.id: replace(each, stage=Stage.RELEASED, public_id=each.public_id or each.id)
            for each in ledger.incidents.values()
        }
        whole(self, policy, tree, replace(ledger, incidents=Layered(found)))

    patch.setattr(Visible, "__init__", init)


def a_count(patch: pytest.MonkeyPatch) -> None:
    """Tell in a header how many incidents there are."""
    whole = situation.dated

    def dated(ask: Any, *args: Any, **more: Any) -> Any:
        answer = whole(ask, *args, **more)
        answer.headers["X-Total-Count"] = str(len(ask.house.service.ledger.incidents))
        return answer

    patch.setattr(situation, "dated", dated)


def an_etag(patch: pytest.MonkeyPatch) -> None:
    """Make a page's validator of the journal's own number."""
    whole = answers.page

    def page(request: Any, body: str, *, sense: str, **more: Any) -> Any:
        state = request.app.state
        sense = f"{sense} {state.numbers()}" if hasattr(state, "numbers") else sense
        return whole(request, body, sense=sense, **more)

    patch.setattr(answers, "page", page)


def public_numbers(patch: pytest.MonkeyPatch) -> None:
    """Count desk work in the sequence that people see."""
    whole = events.audience_of_event
    patch.setattr(
        events, "audience_of_event",
        lambda event: Audience.PUBLIC if isinstance(event, LedgerEvent) else whole(event),
    )  # fmt: skip


def who_said_so(patch: pytest.MonkeyPatch) -> None:
    """Tell of a channel who said that it carries nothing."""
    whole = coverage_api.channels

    async def channels(ask: Any) -> Any:
        answer = await whole(ask)
        infra = ask.house.service.state.infra
        said = [word.source for one in infra.installations.values() for word in one.words]
        said += [each.source for each in infra.settings]
        return replace(answer, body={"channels": answer.body.channels, "said": said})

    _handled(patch, "list-channels", channels)


def what_it_came_from(patch: pytest.MonkeyPatch) -> None:
    """Tell of an outage which installations it came from."""
    whole = outages_api.outage_body

    def body(policy: Any, outage: Any) -> Any:
        plain = msgspec.to_builtins(whole(policy, outage))
        return {**plain, "installations": list(outage.installations)}

    patch.setattr(outages_api, "outage_body", body)


def untold_outages(patch: pytest.MonkeyPatch) -> None:
    """List outages that people were not told of."""
    whole = outages_api._all  # noqa: SLF001
    patch.setattr(
        outages_api, "_all", lambda ask: [replace(each, told=True) for each in whole(ask)]
    )


def a_wave_s_alerts(patch: pytest.MonkeyPatch) -> None:
    """Say of a wave which alerts are its own, before the wave itself is told of."""
    whole = waves_api.wave_rows

    def rows(house: Any) -> Any:
        waves = house.service.ledger.waves.values()
        return [*whole(house), *({"alerts": list(alerts)} for alerts in waves)]

    patch.setattr(waves_api, "wave_rows", rows)


def _handled(patch: pytest.MonkeyPatch, name: str, handler: Any) -> None:
    """Have a line of the table answered by another handler."""
    line = next(each for each in PUBLIC if each.name == name)
    patch.setattr(type(line), "__setattr__", object.__setattr__)  # it is frozen
    patch.setattr(line, "handler", handler)


UNDERGROUND = [who_said_so, what_it_came_from, untold_outages, a_wave_s_alerts]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("defect", UNDERGROUND)
async def test_a_leak_of_what_a_country_runs_on_is_seen(
    defect: Callable[[pytest.MonkeyPatch], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    defect(monkeypatch)
    async with twins(tmp_path) as t:
        shown = await what_everybody_knows(t)
        under = Underground(t, random.Random(1))
        for act in (underground.a_plant, underground.the_tower, underground.an_outage,
                    underground.a_wave):  # fmt: skip
            await act(under, shown[0])
        assert await t.differ(), "the crawl saw nothing"


@pytest.mark.timeout(120)
async def test_a_past_that_shows_what_was_released_since_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with twins(tmp_path) as t:
        await what_everybody_knows(t)

        def visible(self: PastService) -> Visible:
            live = self._live
            return Visible(live.world.publication, live.world.tree, live.ledger)

        monkeypatch.setattr(PastService, "visible", visible)
        await t.secret.book.enter(None, voice=MAYOR, kind=ClaimKind.STATEMENT, words=WORDS)
        found = await t.differ()
        assert found, "the crawl saw nothing"
        assert all("at=" in each for each in found)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("defect", [all_claims, all_incidents, a_count, an_etag, public_numbers])
async def test_a_leak_is_seen(
    defect: Callable[[pytest.MonkeyPatch], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with twins(tmp_path) as t:
        shown = await what_everybody_knows(t)
        for each in (t.secret, t.plain):
            seen = each.service._seen  # noqa: SLF001
            each.crew.node.app.state.numbers = lambda seen=seen: seen.seq
        defect(monkeypatch)
        desk = Desk(t, random.Random(1), shown)
        await _beside_announced(desk, await desk.incident())
        await t.next_slot()
        assert await t.differ(), "the crawl saw nothing"


@pytest.mark.timeout(120)
async def test_it_would_be_seen_if_nothing_waited_for_its_slot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with twins(tmp_path) as t:
        await what_everybody_knows(t)
        at_once(monkeypatch)
        await t.secret.book.enter(None, voice=MAYOR, kind=ClaimKind.STATEMENT, words=WORDS)
        assert await t.differ(), "the crawl saw nothing"
