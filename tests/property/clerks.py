"""Officers at work, drawn at random: every command of the ledger, under alerts that come and go.

A step is a word and three numbers, which choose among what there is; so any list of steps is a
story, and shrinks to a short one. Whatever is refused does not happen. ``Watch`` stands beside with
the policy's arithmetic done again, slowly, from what was entered and from every alert there was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import strategies as st

from kit.chronicle import LOCALS, MAYOR, RESCUE, Chronicle, place, saying
from kit.world import DRILL, HOUR, LEAVES, MINUTE, WORLD, issuing, leaves_of, officer
from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core import ledger_commands as lc
from tocsin.core import ledger_events as le
from tocsin.core.area import Area
from tocsin.core.claims import (
    ALONE,
    ClaimKind,
    Figure,
    Hedge,
    Measure,
    Qualifier,
    Quote,
    Saying,
    Thing,
    When,
    Where,
)
from tocsin.core.incidents import LinkKind
from tocsin.core.publication import NEVER
from tocsin.core.refusals import Refusal

OFFICERS = tuple(officer(name) for name in ("anna", "ivan", "olha"))
PLACES = ("n1a", "n1b", "n1", "north", "n2a", "s2", "city", "land")
SITES = ("civilian", "critical", "military", "service")
KINDS = ("strike", "fire", "outage", "explosion")
VOICES = (MAYOR, RESCUE, LOCALS)
VAGUE = (Qualifier.DOZENS, Qualifier.SOME, Qualifier.NONE)
COUNTED = (Measure.KILLED, Measure.INJURED, Measure.DAMAGED, Measure.OUT)
THINGS = ("bridge", "substation", "tv-tower", "hospital", "military")
SECRETS = ("SITE", "NOTE", "QUOTE", "DRAFT", "REASON", "TITLE-OF-REPORT", "anna", "ivan", "olha")
"""What nobody outside may read; every string of a story that is for the desk has one in it."""

Step = tuple[str, int, int, int]


def _hours(number: int) -> timedelta:
    return (number % 400) * 13 * MINUTE


@dataclass
class Clerks:
    """The officers, and the ledger that they keep."""

    story: Chronicle = field(default_factory=Chronicle.with_mandates)
    refusals: list[Refusal] = field(default_factory=list)
    two_agreed: set[str] = field(default_factory=set)
    """Incidents of which two people decided, at the last step."""

    def do(self, step: Step) -> tuple[ev.Event, ...]:
        """Do one step; return what followed, nothing where it was refused."""
        word, a, b, c = step
        self.two_agreed = set()
        command, warrant = ACTS[word](self, a, b, c)
        if command is None:
            return ()
        if isinstance(command, timedelta):
            self.story.later(command)
            return ()
        answer = self.story.ask(command, warrant)
        if isinstance(answer, Refusal):
            self.refusals.append(answer)
            return ()
        events = self.story.tell(command, warrant)
        if isinstance(command, lc.ApproveEmbargo):
            self.two_agreed = {command.incident_id}
        return events

    # -- choosing --------------------------------------------------------------------------------

    def incident(self, number: int) -> str | None:
        """One of the incidents."""
        return _pick(sorted(self.story.ledger.incidents), number)

    def claim(self, number: int) -> str | None:
        """One of the claims."""
        return _pick(sorted(self.story.ledger.claims), number)

    def report(self, number: int) -> str | None:
        """One of the reports."""
        return _pick(sorted(self.story.ledger.reports), number)

    def when(self, number: int) -> When:
        """A time in the last three days."""
        start = self.story.now - _hours(number)
        length = (MINUTE, HOUR, 24 * HOUR, 7 * MINUTE)[number % 4]
        grain = ("minute", "range", "day", "minute")[number % 4]
        return When(start=start, end=start + length, grain=grain)

    def where(self, number: int) -> Where:
        """A place with all that only the desk may know."""
        code = PLACES[number % len(PLACES)]
        return place(code, name=f"Town {number % 3}", site=f"SITE {number}", position=(1.5, 2.25))

    def saying(self, a: int, b: int, c: int) -> Saying:
        """A claim with all that a claim can hold."""
        kind = tuple(ClaimKind)[a % len(ClaimKind)]
        vague = c % 5 == 0
        figure = Figure(
            measures=(COUNTED[b % 4],) if b % 3 else (Measure.KILLED, Measure.INJURED),
            qualifier=VAGUE[c % 3] if vague else tuple(Qualifier)[c % 6],
            value=None if vague else c % 40,
            what=("", "", "houses", "substations")[c % 4] if b % 4 == 2 else "",
            is_part=c % 7 == 0,
        )  # fmt: skip
        plain = kind in ALONE and a % 2
        thing = Thing(type=THINGS[a % 5], status=("hit", "disrupted")[b % 2])
        return saying(
            *(() if plain else (figure,)),
            kind=kind,
            voice=VOICES[b % 3],
            outlet=("Gazette", "Herald")[c % 2],
            hedge=tuple(Hedge)[c % len(Hedge)] if c % 3 == 0 else Hedge.SAID,
            things=() if plain else (thing,),
            happened=self.when(b) if b % 2 else None,
            where=self.where(c) if c % 3 else None,
            said_at=self.story.now - _hours(c) / 9 if a % 4 else None,
            quote=Quote(content=f"QUOTE {a}", start=1, end=2) if a % 3 else None,
            draft=f"DRAFT {a}",
            words=f"words {a % 4}",
            note=f"NOTE {b}",
        )


def _pick(names: list[str], number: int) -> str | None:
    return names[number % len(names)] if names else None


# -- what may be done ----------------------------------------------------------------------------


def _open(clerks: Clerks, a: int, b: int, c: int):
    return lc.OpenIncident(
        kind=KINDS[a % 4], site=SITES[b % 4], where=clerks.where(c), when=clerks.when(b),
        title=f"title {a % 3}",
    ), OFFICERS[c % 3]  # fmt: skip


def _change(clerks: Clerks, a: int, b: int, c: int):
    incident = clerks.incident(a)
    return incident and lc.ChangeIncident(
        incident_id=incident,
        kind=KINDS[b % 4] if c % 2 else None,
        site=SITES[b % 4] if c % 3 == 0 else None,
        where=clerks.where(b) if c % 5 == 0 else None,
        when=clerks.when(c) if b % 3 == 0 else None,
        title=f"title {a % 3}" if c % 7 == 0 else None,
        is_open=(None, True, False)[c % 3],
        reason="REASON",
    ), OFFICERS[b % 3]


def _enter(clerks: Clerks, a: int, b: int, c: int):
    incident = clerks.incident(c) if c % 4 else None
    said = clerks.saying(a, b, c)
    opens = _open(clerks, b, c, a)[0] if c % 8 == 0 else None
    return lc.EnterClaim(saying=said, incident_id=incident, opens=opens), OFFICERS[a % 3]


def _correct(clerks: Clerks, a: int, b: int, c: int):
    claim = clerks.claim(a)
    said = clerks.saying(b, c, a)
    return claim and lc.CorrectClaim(claim_id=claim, saying=said, reason="REASON"), OFFICERS[b % 3]


def _retract(clerks: Clerks, a: int, b: int, _c: int):
    claim = clerks.claim(a)
    return claim and lc.RetractClaim(claim_id=claim, reason="REASON"), OFFICERS[b % 3]


def _move(clerks: Clerks, a: int, b: int, c: int):
    claim = clerks.claim(a)
    target = clerks.incident(b) if c % 5 else None
    move = claim and lc.MoveClaim(claim_id=claim, incident_id=target, reason="REASON")
    return move, OFFICERS[c % 3]


def _link(clerks: Clerks, a: int, b: int, c: int):
    one, other = clerks.incident(a), clerks.incident(b)
    kind = (LinkKind.SAME_AS, LinkKind.SAME_AS, *LinkKind)[c % 5]
    link = one and lc.LinkIncidents(kind=kind, one=one, other=other or "", reason="REASON")
    return link, OFFICERS[c % 3]


def _unlink(clerks: Clerks, a: int, b: int, _c: int):
    links = clerks.story.ledger.links
    if not links:
        return None, None
    gone = links[a % len(links)]
    return lc.LinkIncidents(
        kind=LinkKind(gone.kind), one=gone.one, other=gone.other, reason="REASON", undo=True
    ), OFFICERS[b % 3]


def _embargo(clerks: Clerks, a: int, b: int, c: int):
    incident = clerks.incident(a)
    until = None if b % 6 == 0 else clerks.story.now + _hours(c) / 2 - 12 * HOUR
    limit = incident and lc.SetEmbargo(incident_id=incident, until=until, reason="REASON")
    return limit, OFFICERS[b % 3]


def _approve(clerks: Clerks, a: int, b: int, c: int):
    waiting = [each for each in clerks.story.ledger.incidents.values() if each.asked]
    if not waiting:
        return None, None
    waiting.sort(key=lambda each: each.id)
    one = waiting[a % len(waiting)]
    assert one.asked is not None
    asked = one.asked.ask_id if c % 4 else "another"
    return lc.ApproveEmbargo(incident_id=one.id, ask_id=asked, confirmed=bool(c % 5)), OFFICERS[
        b % 3
    ]


def _announce(clerks: Clerks, a: int, b: int, _c: int):
    incident = clerks.incident(a)
    return incident and lc.AnnounceIncident(incident_id=incident), OFFICERS[b % 3]


def _report(clerks: Clerks, a: int, b: int, c: int):
    if c % 2:
        report = clerks.report(a)
        return report and lc.RejectDraft(report_id=report, draft=f"DRAFT {b}"), OFFICERS[b % 3]
    return lc.TakeReport(
        outlet="Gazette", published="", language="en", content=f"QUOTE of {a}",
        digest=f"digest {a % 9}", title="TITLE-OF-REPORT",
    ), OFFICERS[b % 3]  # fmt: skip


def _erase(clerks: Clerks, a: int, b: int, c: int):
    erase = lc.EraseWords(
        reason="REASON", claim_id=clerks.claim(a), report_id=clerks.report(b) if c % 2 else None
    )
    return erase, OFFICERS[b % 3]


def _guide(_clerks: Clerks, a: int, b: int, _c: int):
    area = Area(regions=(PLACES[a % len(PLACES)],))
    return lc.GiveGuidance(area=area, words="w", languages=WORLD.languages), OFFICERS[b % 3]


def _issue(clerks: Clerks, a: int, b: int, c: int):
    hazard = ("air-raid", "chemical")[b % 2]
    more = DRILL if c % 7 == 0 else {}
    return issuing(
        PLACES[a % len(PLACES)], hazard=hazard, identifier=f"m{clerks.story.count}", **more
    ), None


def _clear(clerks: Clerks, a: int, b: int, c: int):
    alerts = sorted(clerks.story.state.in_force(), key=lambda each: each.id)
    if not alerts:
        return None, None
    alert = alerts[a % len(alerts)]
    if c % 6 == 0:
        return co.CancelAlert(sender=alert.sender, alert_id=alert.id, reason="typed wrong"), None
    if c % 6 == 1:
        return co.ExpireAlert(alert_id=alert.id, replayed=True), None
    part = (LEAVES[b % len(LEAVES)],) if c % 6 == 2 else ()
    return co.ClearAlert(sender=alert.sender, alert_id=alert.id, regions=part), None


def _wait(_clerks: Clerks, a: int, _b: int, _c: int):
    return (MINUTE, 3 * MINUTE, 10 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 13 * HOUR)[a % 7], None


ACTS = {
    "open": _open, "change": _change, "enter": _enter, "correct": _correct, "retract": _retract,
    "move": _move, "link": _link, "unlink": _unlink, "embargo": _embargo, "approve": _approve,
    "announce": _announce, "report": _report, "erase": _erase, "guide": _guide, "issue": _issue,
    "clear": _clear, "wait": _wait,
}  # fmt: skip
OFTEN = (
    "open",
    "enter",
    "enter",
    "change",
    "wait",
    "wait",
    "issue",
    "clear",
    "embargo",
    "approve",
    "link",
    "unlink",
    "move",
    "announce",
)
numbers = st.integers(0, 500)
steps = st.tuples(st.sampled_from((*ACTS, *OFTEN)), numbers, numbers, numbers)


def some_of(words: Iterable[str]) -> st.SearchStrategy[list[Step]]:
    """Return stories of these words alone, and of what opens, enters and waits."""
    known = ("open", "open", "enter", "wait", *sorted(words))
    return st.lists(st.tuples(st.sampled_from(known), numbers, numbers, numbers), max_size=30)


stories = st.one_of(
    st.lists(steps, max_size=30),
    st.sets(st.sampled_from(sorted(ACTS)), min_size=1, max_size=4).flatmap(some_of),
)
"""Of everything, or of a few words often: some faults need the same few many times."""


def by_one_person(step: Step) -> bool:
    """Say whether a step is of the ledger, and decided by a single person."""
    return step[0] not in {"wait", "issue", "clear", "approve"}


# -- the policy, done again ----------------------------------------------------------------------

DELAYS = {"civilian": 3 * HOUR, "critical": 12 * HOUR, "military": None, "service": 0 * HOUR}
AFTER = {"civilian": 3 * HOUR, "critical": 3 * HOUR, "military": 3 * HOUR, "service": 0 * HOUR}
LEAST = 3 * HOUR
RAN_OUT = 12 * HOUR


@dataclass
class Raid:
    """An alert as the watch remembers it: all that it ever covered, until its end."""

    leaves: frozenset[str]
    ended_at: datetime | None = None
    ran_out: bool = False


@dataclass
class Watch:
    """What nobody alone may bring forward: by incident, the latest that was ever asked of it."""

    floors: dict[str, datetime] = field(default_factory=dict)
    agreed: set[str] = field(default_factory=set)
    places: dict[str, dict[str, timedelta]] = field(default_factory=dict)
    """By incident, the regions that it was ever taken to be in, and the hours after an alert."""
    raids: dict[str, Raid] = field(default_factory=dict)
    last: dict[str, tuple[timedelta, timedelta, frozenset[str], datetime]] = field(
        default_factory=dict
    )
    """By incident, what it is now: how long it waits (never: the longest), where, and its end."""
    words: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By incident, its title and the name of its place."""
    claims: dict[str, tuple[str | None, datetime | None]] = field(default_factory=dict)
    """By claim, its incident, and the end of what it tells of."""

    def see(self, events: Iterable[ev.Event]) -> None:
        """Take in what happened."""
        for event in events:
            match event:
                case ev.AlertIssued() if event.status == "Actual":
                    self.raids[event.alert_id] = Raid(leaves_of(*event.area.regions))
                case ev.AlertCleared() | ev.AlertCancelled() | ev.AlertRanOut():
                    if event.alert_id in self.raids:
                        raid = self.raids[event.alert_id]
                        raid.ended_at = event.at
                        raid.ran_out = isinstance(event, ev.AlertRanOut)
                case le.IncidentOpened() | le.IncidentChanged():
                    self._is(event)
                case le.EmbargoSet() if event.approved_by:
                    self.floors[event.incident_id] = event.until or NEVER
                    self.agreed.add(event.incident_id)
                case le.EmbargoSet():
                    floor = self.floors[event.incident_id]
                    self.agreed.discard(event.incident_id)
                    self.floors[event.incident_id] = max(floor, event.until or NEVER)
                case le.ClaimEntered() | le.ClaimMoved() | le.ClaimCorrected():
                    self._reaches(event)
                case _:
                    pass

    def _reaches(self, event: le.ClaimEntered | le.ClaimMoved | le.ClaimCorrected) -> None:
        """Remember what a claim tells, and that two people agreed without it."""
        if isinstance(event, le.ClaimCorrected):
            own, name = self.claims[event.claim_id][0], event.new_id
        else:
            own, name = event.incident_id, event.claim_id
        if isinstance(event, le.ClaimMoved):
            end = self.claims[name][1]
        else:
            end = event.saying.happened.end if event.saying.happened else None
        self.claims[name] = own, end
        if own is None or end is None or end <= self.last[own][3]:
            return
        self.agreed.discard(own)
        delay, until = self.last[own][0], self.last[own][3]
        wait = NEVER if delay == timedelta.max else until + delay
        self.floors[own] = max(self.floors[own], wait)

    def _is(self, event: le.IncidentOpened | le.IncidentChanged) -> None:
        delay, after = DELAYS[event.site], AFTER[event.site]
        if event.kind != "outage":
            delay = None if delay is None else max(delay, LEAST)
            after = max(after, LEAST)
        held = self.places.setdefault(event.incident_id, {})
        code = event.where.geocode
        held[code] = max(after, held.get(code, after))
        new = (timedelta.max if delay is None else delay, after, leaves_of(code), event.when.end)
        old = self.last.get(event.incident_id, new)
        self.last[event.incident_id] = new
        worse = [here > there for here, there in zip(new[:2], old[:2], strict=True)]
        said = (event.title, event.where.name)
        is_reworded = self.words.get(event.incident_id, said) != said
        self.words[event.incident_id] = said
        if any(worse) or not new[2] <= old[2] or new[3] > old[3] or is_reworded:
            self.agreed.discard(event.incident_id)  # two people agreed on something else
        if event.incident_id not in self.agreed:
            wait = NEVER if delay is None else event.when.end + delay
            self.floors[event.incident_id] = max(self.floors.get(event.incident_id, wait), wait)

    def may_be_told(self, incident_id: str, at: datetime) -> bool:
        """Say whether all that was ever asked of an incident is over at that moment."""
        if self.floors[incident_id] > at:
            return False
        if incident_id in self.agreed:
            return True
        for code, after in self.places[incident_id].items():
            for raid in self.raids.values():
                if not raid.leaves & leaves_of(code):
                    continue
                if raid.ended_at is None:
                    return False
                if raid.ended_at + (RAN_OUT if raid.ran_out else after) > at:
                    return False
        return True
