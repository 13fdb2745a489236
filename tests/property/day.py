"""A day of alerts, drawn at random: the core and the region states against the naive model.

Officers propose, answer and delegate; a real alert ends the drills that it meets. Each rule does
one thing to both and compares what follows; after each, every leaf must be
under the same alerts on both sides. Most areas lie in one small subtree: on the whole tree
faults of overlap are missed (STYLE section 7).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kit.world import (
    HOUR,
    LEAVES,
    MANDATES,
    MINUTE,
    PARENTS,
    SENDERS,
    WORDS,
    WORLD,
    Story,
    approving,
    issuing,
    leaves_of,
    officer,
)
from kit.world import drawn as drawn_area
from property.naive import Known, Lent, Naive, may_end, not_yours
from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import Audience, Realm, Status
from tocsin.core.area import Area
from tocsin.core.authority import Role, Warrant
from tocsin.core.overlap import picture
from tocsin.core.refusals import Rule
from tocsin.core.state import State, evolve
from tocsin.journal import codec
from tocsin.projections.regions import RegionStates

HAZARDS = ("air-raid", "chemical")
ROOMS = {
    "Actual": (Realm.LIVE, Status.ACTUAL),
    "Exercise": (Realm.DRILL, Status.EXERCISE),
    "Test": (Realm.LIVE, Status.TEST),
}
AUDIENCES = {"Actual": Audience.PUBLIC, "Exercise": Audience.DRILL}

near = st.sampled_from(("n1", "n1a", "n1b", "n1c", "n2", "n2a", "n2b", "north"))
anywhere = st.sampled_from(sorted(PARENTS))
regions = st.lists(st.one_of(near, near, near, anywhere), min_size=1, max_size=2, unique=True)
levels = st.sampled_from((None, "yellow", "red", "black"))
rooms = st.sampled_from(("Actual", "Actual", "Actual", "Exercise", "Test"))
hazards = st.sampled_from(("air-raid", "air-raid", "air-raid", "chemical"))
picks = st.integers(0, 30)
senders = st.sampled_from(("nation", "nation", "north-office", *SENDERS))
shares = st.dictionaries(
    st.sampled_from(("n1a", "n1b", "n2a", "city")), st.sampled_from((0.01, 0.5, 0.99)), min_size=1
)


def lies_in(shape):
    """The leaves that a shape touches: 2 % of the leaf, half of the shape, or else all it meets."""
    by_leaf = {leaf for leaf, share in shape.items() if share > 0.1 or len(shape) <= 2}
    return by_leaf or set(shape)


class Day(RuleBasedStateMachine):
    """Sirens, all-clears, silence, restarts."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story()
        self.naive = Naive()
        self.boards = {room: RegionStates(WORLD, who) for room, who in AUDIENCES.items()}
        self.names: dict[str, co.IssueAlert] = {}
        self.late: list[tuple[str, bool, str]] = []
        self.relayed = 0
        self.waiting: dict[str, tuple[co.IssueAlert, Known]] = {}

    @initialize()
    def let_everybody_warn(self) -> None:
        for sender, region in MANDATES.items():
            self.tell(co.GiveMandate(sender=sender, regions=(region,)))
            self.naive.let_warn(sender, leaves_of(region), self.story.now)
        self.warn("army", ["n2"], [], "Exercise", "air-raid", None, 9)
        self.warn("army", ["s1"], [], "Exercise", "air-raid", None, 9)
        self.warn("nation", ["north"], [], "Actual", "air-raid", "red", 12)
        self.warn("n1-office", ["n1"], [], "Actual", "air-raid", None, 6)
        self.draw("army", {"n2b": 0.5}, "Actual", None)

    # -- the two sides -----------------------------------------------------------------------

    def tell(self, command: co.Command, warrant: Warrant | None = None) -> tuple:
        events = self.story.tell(command, warrant)
        for event in events:
            for board in self.boards.values():
                board.apply(event)
        return events

    def expect(
        self, command: co.Command, rule: Rule | None, warrant: Warrant | None = None
    ) -> tuple | None:
        """Tell a command, or see it refused by ``rule`` with nothing changed."""
        if rule is None:
            return self.tell(command, warrant)
        before = self.story.state
        assert self.story.refused(command, warrant).rule is rule
        assert self.story.state is before
        return None

    def pick(self, number: int, *states: str) -> Known | None:
        """One of the open alerts in these states, the youngest first."""
        found = [a for a in self.naive.open.values() if a.state in states]
        return replace(found[-1 - number % len(found)]) if found else None

    def tick(self) -> None:
        self.story.now += timedelta(seconds=1)

    # -- sirens ------------------------------------------------------------------------------

    @rule(sender=senders, places=regions, out=st.lists(near, max_size=1), room=rooms,
          hazard=hazards, level=levels, hours=st.integers(1, 24))  # fmt: skip
    def warn(self, sender, places, out, room, hazard, level, hours):
        covers = dict.fromkeys(leaves_of(*places) - leaves_of(*out), True)
        refusal = None if covers else Rule.EMPTY_AREA
        if covers and not set(covers) <= self.naive.mandates[sender]:
            refusal = Rule.OUTSIDE_JURISDICTION
        area = Area(regions=tuple(places), excluded=tuple(out))
        self.issue(sender, area, covers, {}, room, hazard, level, hours, refusal)

    @rule(place=near, level=levels)
    def warn_nearby(self, place, level):
        self.warn("nation", [place], [], "Actual", "air-raid", level, 12)

    @rule(sender=senders, shape=shares, room=rooms, level=levels)
    def draw(self, sender, shape, room, level):
        covers = {leaf: shape[leaf] > 0.9 for leaf in lies_in(shape)}
        part = 1.0 / len(shape)
        refusal = None if covers else Rule.AREA_OUTSIDE
        if covers and not set(shape) <= self.naive.mandates[sender]:
            refusal = Rule.OUTSIDE_JURISDICTION
        area = drawn_area(*((leaf, share, part) for leaf, share in sorted(shape.items())))
        self.issue(sender, area, covers, shape, room, "air-raid", level, 12, refusal)

    def issue(self, sender, area, covers, shape, room, hazard, level, hours, refusal):  # noqa: PLR0913, PLR0917  # what a siren is
        self.tick()
        now = self.story.now
        realm, status = ROOMS[room]
        level = level if hazard == "air-raid" else None
        if refusal is None and room == "Exercise" and self.naive.is_real(set(covers)):
            refusal = Rule.REAL_ALERT_IN_FORCE
        command = issuing(
            area=area, sender=sender, realm=realm, status=status, hazard=hazard, level=level,
            expires=now + HOUR * hours, identifier=f"m{self.story.count}",
        )  # fmt: skip
        alert = Known("", room, hazard, level, sender, covers, shape, now, now + HOUR * hours)
        if self.two and room != "Test":
            self.proposed(command, alert, refusal)
        elif (events := self.expect(command, refusal)) is not None:
            self.issued(events, command, alert)

    def issued(self, events, command, alert):
        """Note an alert that has come, and the drills that it broke off."""
        now = self.story.now
        alert = replace(alert, id=events[0].alert_id, sent=now)
        assert set(events[0].sounds_in) == self.naive.sounds_in(alert)
        self.naive.forget(now)
        self.naive.put(alert, now)
        self.names[alert.id] = replace(command, ask_second=False)
        self.broken_off(events, alert)

    def broken_off(self, events, alert):
        """See that a real alert ends the drills it meets, and nothing else."""
        met = self.naive.drills(set(alert.covers)) if alert.room == "Actual" else []
        cancelled = [e.alert_id for e in events if isinstance(e, ev.AlertCancelled)]
        assert cancelled == [drill.id for drill in met]
        for drill in met:
            self.over(replace(drill), "cancelled")

    # -- the second person -------------------------------------------------------------------

    two = False

    def proposed(self, command, alert, refusal):
        """Ask for a second person, and keep what waits for him."""
        asked = replace(command, ask_second=True)
        if refusal is not None:
            assert self.story.refused(asked, officer("author", sender=alert.sender)).rule is refusal
            return
        proposal = self.story.propose(officer("author", sender=alert.sender), asked)
        self.waiting[proposal.id] = (command, alert)

    @rule(sender=senders, places=regions, room=rooms, hazard=hazards, level=levels)
    def propose(self, sender, places, room, hazard, level):
        self.two = True
        try:
            self.warn(sender, places, [], room, hazard, level, 12)
        finally:
            self.two = False

    @precondition(lambda self: self.waiting)
    @rule(number=picks, sender=st.one_of(st.none(), st.none(), senders))
    def approve(self, number, sender):
        """A second person says yes; all of it is decided again, as of now."""
        proposal = self.story.proposal([*self.waiting][number % len(self.waiting)])
        command, alert = self.waiting[proposal.id]
        self.tick()
        refusal = None
        if not may_end(sender or alert.sender, alert.sender):
            refusal = Rule.NOT_AN_APPROVER
        elif self.story.now >= proposal.ends_at:
            refusal = Rule.PROPOSAL_CLOSED
        elif not set(alert.covers) <= self.naive.mandates[alert.sender]:
            refusal = Rule.OUTSIDE_JURISDICTION
        elif alert.room == "Exercise" and self.naive.is_real(set(alert.covers)):
            refusal = Rule.REAL_ALERT_IN_FORCE
        author = officer("author", sender=alert.sender)
        assert self.story.refused(approving(proposal), author).rule is Rule.OWN_PROPOSAL
        second = officer("second", sender=sender or alert.sender)
        events = self.expect(approving(proposal), refusal, second)
        if events is not None:
            del self.waiting[proposal.id]
            self.issued(events, replace(command, by="author"), alert)

    @precondition(lambda self: self.waiting)
    @rule(number=picks, verdict=st.sampled_from(("send-back", "withdraw", "expire", "decline")))
    def answer(self, number, verdict):
        proposal = self.story.proposal([*self.waiting][number % len(self.waiting)])
        _, alert = self.waiting[proposal.id]
        self.tick()
        command = co.AnswerProposal(
            proposal_id=proposal.id, verdict=co.Verdict(verdict), reason="so"
        )
        who = {"withdraw": "author", "expire": ""}.get(verdict, "second")
        early = verdict == "expire" and self.story.now < proposal.ends_at
        warrant = officer(who, sender=alert.sender) if who else None
        self.expect(command, Rule.NOT_YET_EXPIRED if early else None, warrant)
        if verdict != "decline" and not early:
            del self.waiting[proposal.id]

    @rule(place=near, to=st.sampled_from(("north-office", "n1-office")), give=st.booleans(),
          minutes=st.sampled_from((10, 600)))  # fmt: skip
    def delegate(self, place, to, give, minutes):
        self.tick()
        chief = officer("chief", role=Role.SUPERVISOR)
        until = self.story.now + minutes * MINUTE
        if give:
            self.expect(co.GiveDelegation(
                sender="nation", to=to, regions=(place,), hazards=("air-raid",), valid_until=until,
            ), None, chief)  # fmt: skip
            self.naive.lent.append(Lent("nation", to, leaves_of(place), ("air-raid",), until))
        else:
            self.expect(co.WithdrawDelegation(sender="nation", to=to), None, chief)
            self.naive.lent = [lent for lent in self.naive.lent if lent.to != to]

    @precondition(lambda self: self.naive.in_state("active"))
    @rule(number=picks, places=st.lists(near, max_size=1),
          sender=st.sampled_from(("north-office", "n1-office")))  # fmt: skip
    def clear_a_part_of_a_superiors(self, number, places, sender):
        superiors = [a for a in self.naive.in_state("active") if a.sender == "nation"]
        if superiors:
            self.end(replace(superiors[-1 - number % len(superiors)]), sender, places, [])

    @precondition(lambda self: self.naive.open)
    @rule(number=picks)
    def say_it_again(self, number):
        if (alert := self.pick(number, "active", "unconfirmed", "cleared", "cancelled")) is None:
            return
        assert self.tell(self.names[alert.id]) == ()
        other = replace(self.names[alert.id], content="other")
        assert self.story.refused(other).rule is Rule.IDENTIFIER_REUSED

    @precondition(lambda self: self.naive.open)
    @rule(number=picks, places=regions, level=levels, sender=st.one_of(st.none(), senders))
    def change(self, number, places, level, sender):
        alert = self.pick(number, "active", "unconfirmed", "cleared")
        if alert is None:
            return
        sender = sender or alert.sender
        level = level if alert.hazard == "air-raid" else None
        added = leaves_of(*places) - {leaf for leaf, whole in alert.covers.items() if whole}
        if not added and level in (None, alert.level):
            return
        self.tick()
        whole = {leaf for leaf, is_whole in alert.covers.items() if is_whole} | added
        kept = self.story.alert(alert.id).area
        touched = lies_in(alert.shape)
        area = replace(
            kept, regions=tuple(sorted(whole)),
            excluded=tuple(sorted(touched - set(alert.covers) - whole)),
        )  # fmt: skip
        after = replace(
            alert, level=level or alert.level,
            covers=dict.fromkeys(whole, True) | {k: False for k in alert.covers if k not in whole},
        )  # fmt: skip
        mine = self.naive.mandates[sender]
        refusal = None
        if alert.state == "cleared":
            refusal = Rule.NOT_IN_FORCE
        elif (why := not_yours(sender, alert.sender)) is not None:
            refusal = Rule(why)
        elif not whole <= mine or not set(alert.shape) - set(area.excluded) <= mine:
            refusal = Rule.OUTSIDE_JURISDICTION
        elif alert.room == "Exercise" and self.naive.is_real(set(after.covers)):
            refusal = Rule.REAL_ALERT_IN_FORCE
        elif alert.state == "unconfirmed":
            refusal = Rule.EXPIRES_PAST
        command = co.UpdateAlert(
            alert_id=alert.id, sender=sender, level=level, area=area, texts="new", words=WORDS
        )
        if (events := self.expect(command, refusal)) is not None:
            assert set(events[0].sounds_in) == self.naive.sounds_in(after, alert)
            self.naive.put(after, self.story.now)
            self.broken_off(events, after)

    @precondition(lambda self: self.naive.open)
    @rule(number=picks, hours=st.integers(-1, 12), named=st.booleans())
    def extend(self, number, hours, named):
        if (alert := self.pick(number, "active", "unconfirmed", "cancelled")) is None:
            return
        self.tick()
        now = self.story.now
        until = max(now + HOUR, alert.expires + HOUR * hours)
        if named:
            until = min(until, now + 24 * HOUR)
        limit = now + 24 * HOUR if named else alert.sent + 24 * HOUR
        refusal = None
        if alert.state == "cancelled":
            refusal = Rule.NOT_IN_FORCE
        elif alert.standing and not named:
            refusal = Rule.STANDING_NEEDS_PERSON
        elif until <= alert.expires and named == alert.standing:
            refusal = Rule.EXPIRES_SHORTER
        elif until > limit:
            refusal = Rule.EXPIRES_TOO_LATE
        elif (alert.state, alert.room) == ("unconfirmed", "Exercise"):
            refusal = Rule.REAL_ALERT_IN_FORCE if self.naive.is_real(set(alert.covers)) else None
        command = co.ExtendAlert(
            alert_id=alert.id, sender=alert.sender, expires=until,
            standing_by="Olena" if named else None,
        )  # fmt: skip
        if (events := self.expect(command, refusal)) is not None:
            after = replace(alert, expires=until, state="active", ended=None, standing=named)
            self.naive.put(after, now)
            if alert.state == "unconfirmed":
                self.broken_off(events, after)

    # -- all-clears --------------------------------------------------------------------------

    @precondition(lambda self: self.naive.in_state("active"))
    @rule(number=picks, places=st.lists(near, min_size=1, max_size=2, unique=True))
    def clear_a_part(self, number, places):
        self.end(self.pick(number, "active"), None, places, [])

    @precondition(lambda self: self.naive.open)
    @rule(number=picks, places=st.lists(near, min_size=1, max_size=2, unique=True))
    def clear_another_part(self, number, places):
        self.end(self.pick(number % 2, "active", "unconfirmed"), None, places, [])

    @precondition(lambda self: self.naive.open)
    @rule(number=picks, sender=st.one_of(st.none(), senders))
    def clear(self, number, sender):
        self.end(self.pick(number, "active", "unconfirmed", "cleared", "cancelled"), sender, [], [])

    @precondition(lambda self: self.naive.in_state("active"))
    @rule(number=picks, ticked=st.lists(picks, min_size=1, max_size=2))
    def clear_with_others(self, number, ticked):
        self.end(self.pick(number, "active"), None, [], ticked)

    @precondition(lambda self: self.naive.in_state("active"))
    @rule(places=st.lists(near, max_size=1), sender=senders)
    def clear_with_all_that_may_be_ticked(self, places, sender):
        widest = max(self.naive.in_state("active"), key=lambda a: len(a.covers), default=None)
        if widest is None or not may_end(sender, widest.sender):
            return
        ends = set(widest.covers) & leaves_of(*places) if places else set(widest.covers)
        inside = [
            other.id for other in self.naive.open.values()
            if other.state in ("active", "unconfirmed") and other.id != widest.id
            and (other.hazard, other.room) == (widest.hazard, widest.room)
            and may_end(sender, other.sender) and set(other.covers) <= ends
        ]  # fmt: skip
        self.end(replace(widest), sender, places, [], inside)

    def end(self, alert, sender, places, ticked, names=()):  # noqa: C901, PLR0912  # each way to be refused
        if alert is None:
            return
        self.tick()
        sender = sender or alert.sender
        ends = set(alert.covers) & leaves_of(*places) if places else set(alert.covers)
        others = [self.pick(n, "active", "unconfirmed") for n in ticked]
        others += [replace(self.naive.open[name]) for name in names]
        others = list({other.id: other for other in others if other.id != alert.id}.values())
        refusal = None
        why = not_yours(sender, alert.sender)
        lent = self.naive.is_lent(sender, alert, ends, self.story.now)
        if alert.state == "cancelled":
            refusal = Rule.ALREADY_CANCELLED
        elif why is not None and not (why == "superior-alert" and lent):
            refusal = Rule(why)
        elif alert.state == "cleared":
            others = []
        elif not ends:
            refusal = Rule.REGION_NOT_COVERED
        for other in others:
            if refusal is not None:
                break
            if other.hazard != alert.hazard:
                refusal = Rule.OTHER_HAZARD
            elif other.room != alert.room:
                refusal = Rule.OTHER_REALM
            elif (why := not_yours(sender, other.sender)) is not None:
                refusal = Rule(why)
            elif not set(other.covers) <= ends:
                refusal = Rule.REGION_NOT_COVERED
        command = co.ClearAlert(
            sender=sender, alert_id=alert.id, regions=tuple(places),
            ticked=tuple(other.id for other in others),
        )  # fmt: skip
        events = self.expect(command, refusal)
        if events is None:
            return
        if alert.state == "cleared":
            assert events == ()
            return
        now = self.story.now
        rest = {leaf: whole for leaf, whole in alert.covers.items() if leaf not in ends}
        if rest:
            self.naive.put(replace(alert, covers=rest), now, frozenset(ends))
        else:
            self.over(alert, "cleared", frozenset(ends))
        for other in others:
            self.over(other, "cleared", frozenset(other.covers))

    def over(self, alert, state, cleared=frozenset()):
        self.naive.open.pop(alert.id)
        now = self.story.now
        self.naive.put(replace(alert, state=state, ended=now), now, cleared)

    @precondition(lambda self: self.naive.open)
    @rule(number=picks, sender=st.one_of(st.none(), senders))
    def cancel(self, number, sender):
        alert = self.pick(number, "active", "unconfirmed", "cleared", "cancelled")
        sender = sender or alert.sender
        self.tick()
        why = not_yours(sender, alert.sender)
        refusal = None if why is None else Rule(why)
        command = co.CancelAlert(sender=sender, alert_id=alert.id, reason="a slip")
        events = self.expect(command, refusal)
        if events and alert.state != "cancelled":
            self.over(alert, "cancelled")
        elif events is not None:
            assert events == ()

    @rule(cancelled=st.booleans(), place=near)
    def an_end_overtakes_its_alert(self, cancelled, place):
        """A relay's all-clear or cancel comes first: the late alert is recorded and silent."""
        self.tick()
        self.relayed += 1
        name = f"late{self.relayed}"
        end = (
            co.CancelAlert(sender="army", identifier=name, reason="slip", relayed=True)
            if cancelled
            else co.ClearAlert(sender="army", identifier=name, relayed=True)
        )
        if self.tell(end) != ():  # a cancel outranks the all-clear that came before it
            self.late = [known for known in self.late if known[0] != name]
            self.late.append((name, cancelled, place))

    @precondition(lambda self: self.late)
    @rule()
    def the_late_alert_comes(self):
        name, cancelled, place = self.late[0]
        self.tick()
        now = self.story.now
        command = issuing(place, sender="army", identifier=name, expires=now + 12 * HOUR)
        covers = dict.fromkeys(leaves_of(place), True)
        fits = set(covers) <= self.naive.mandates["army"]
        events = self.expect(command, None if fits else Rule.OUTSIDE_JURISDICTION)
        if events is None:
            return
        self.late.pop(0)
        assert events[0].sounds_in == ()
        alert = Known(
            events[0].alert_id, "Actual", "air-raid", None, "army", covers, {}, now, now + 12 * HOUR
        )
        self.naive.forget(now)
        self.naive.put(alert, now)
        self.names[alert.id] = command
        if cancelled:
            self.over(replace(alert), "cancelled")
        else:
            self.over(replace(alert), "cleared", frozenset(covers))

    # -- silence -----------------------------------------------------------------------------

    @rule(minutes=st.sampled_from((1, 10, 29, 30, 31, 240, 800, 1500)))
    def time_passes(self, minutes):
        until = self.story.now + minutes * MINUTE
        for alert in sorted(self.naive.in_state("active"), key=lambda each: each.expires):
            early = co.ExpireAlert(alert_id=alert.id)
            if alert.expires > until:
                self.story.now = until
                self.expect(early, Rule.NOT_YET_EXPIRED)
                continue
            self.story.now = max(self.story.now, alert.expires)
            self.tell(early)
            self.over(replace(alert), "unconfirmed")
        self.story.now = until

    @rule(
        sender=st.sampled_from(("army", "army", "south-office", "nation")),
        place=anywhere,
        give=st.booleans(),
    )
    def mandates_change(self, sender, place, give):
        self.tick()
        held = self.naive.mandates[sender]
        if give:
            self.tell(co.GiveMandate(sender=sender, regions=(place,)))
            held |= leaves_of(place)
        else:
            events = self.tell(co.WithdrawMandate(sender=sender, regions=(place,)))
            assert bool(events) == bool(held & leaves_of(place))
            held -= leaves_of(place)
        self.naive.let_warn(sender, held, self.story.now)

    @rule()
    def restart(self):
        """Everything is read back from its bytes and folded from the beginning."""
        state = State()
        boards = {room: RegionStates(WORLD, who) for room, who in AUDIENCES.items()}
        for event in self.story.events:
            read = codec.decode(*codec.encode(event))
            assert read == event
            state = evolve(state, read)
            for board in boards.values():
                board.apply(read)
        assert replace(state, last_at=self.story.state.last_at) == self.story.state
        self.boards = boards

    # -- what must hold ----------------------------------------------------------------------

    @invariant()
    def every_leaf_is_under_the_same_alerts(self):
        state = self.story.state
        for kind in ("active", "unconfirmed"):
            real: dict[tuple[str, str, str], set[str]] = {}
            for alert in getattr(state, kind).values():
                for leaf in self.story.extent(alert):
                    place = (leaf, alert.hazard, str(alert.status))
                    real.setdefault(place, set()).add(alert.id)
            naive = {
                (leaf, hazard, room): over
                for leaf in LEAVES for hazard in HAZARDS for room in ROOMS
                if (over := self.naive.over(leaf, hazard, room, kind))
            }  # fmt: skip
            assert real == naive
        ended = {a.id: str(a.state) for a in state.ended.values()}
        assert ended == {
            a.id: a.state for a in self.naive.open.values() if a.state in ("cleared", "cancelled")
        }
        for alert in self.naive.open.values():
            real_alert = self.story.alert(alert.id)
            assert (real_alert.level, real_alert.expires) == (alert.level, alert.expires)
            assert (real_alert.standing, real_alert.ended) == (alert.standing, alert.ended)

    @invariant()
    def what_waits_for_a_second_person_waits(self):
        proposals = self.story.state.proposals.values()
        assert {p.id for p in proposals if p.is_waiting} == set(self.waiting)

    @invariant()
    def nobody_drills_under_a_real_alert(self):
        for drill in self.naive.in_state("active"):
            assert drill.room != "Exercise" or not self.naive.is_real(set(drill.covers))

    @invariant()
    def handles_are_unique_among_the_open(self):
        state = self.story.state
        alerts = [*state.in_force(), *state.ended.values()]
        assert len({alert.handle for alert in alerts}) == len(alerts)
        assert set(state.handles.values()) == {alert.id for alert in alerts}
        assert set(state.identities.values()) == {alert.id for alert in alerts}

    @invariant()
    def the_picture_is_the_naive_one(self):
        now = self.story.now
        state = self.story.state
        for room in ("Actual", "Exercise"):
            scene = self.naive.scene("air-raid", room, now)
            seen = picture(
                WORLD, [a for a in state.active.values() if a.status == room], hazard="air-raid",
                unconfirmed=[a for a in state.unconfirmed.values() if a.status == room],
                cleared=WORLD.tree.mask(scene.cleared),
                mandated=WORLD.tree.mask(frozenset().union(*self.naive.mandates.values())),
            )  # fmt: skip
            for region in PARENTS:
                assert seen.state(WORLD.tree.mask([region])) == scene.state(region), region

    @rule(back=st.sampled_from((0, 0, 0, 1, 20, 29, 30, 31, 100, 1000)))
    def look(self, back):
        """Region states with since, level and the rest, now and at a past moment."""
        at = self.story.now - back * MINUTE
        if at < self.naive.facts[0].at:
            return
        for room, board in self.boards.items():
            real = {(line.region, line.hazard): line for line in board.lines(at)}
            for hazard in HAZARDS:
                for region, seen in self.naive.shown(hazard, room, at).items():
                    line = real.pop((region, hazard), None)
                    if line is None:
                        assert seen.state in ("none", "no-information"), (region, hazard, seen)
                        assert seen.withdrawn_at is None
                        assert board.rest(region, at) == seen.state
                        continue
                    assert (
                        line.state, line.since, line.level, line.cleared_until, line.withdrawn_at
                    ) == (
                        seen.state, seen.since, seen.level, seen.cleared_until, seen.withdrawn_at
                    ), (region, hazard)  # fmt: skip
            assert not real
