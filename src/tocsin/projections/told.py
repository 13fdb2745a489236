"""What people may know, in the order they ask for it: by day, by region, by speaker, by slot.

Made of ``core.publication.Visible`` and of nothing else, so that it cannot know more than it. One
is made for each slot's ledger and kept (``Board``); it costs one look at every claim.

An incident belongs to one day, that of its end, in the profile's zone: so no sum counts it twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from functools import cached_property

from tocsin.core.area import RegionTree
from tocsin.core.claims import Claim, Measure, Standing, Voice, When
from tocsin.core.incidents import Incident, LinkKind, Stage
from tocsin.core.publication import Visible, top_region
from tocsin.core.tally import local_day, over, tally, whats
from tocsin.core.waves import ATTACKS

KEY_DIGITS = 16
SUMMED = (
    Measure.KILLED, Measure.INJURED, Measure.MISSING, Measure.RESCUED, Measure.EVACUATED,
)  # fmt: skip
"""What is added up over incidents; houses and settlements of different reports are not."""
OTHER_SIDE: Mapping[str, str] = {LinkKind.PART_OF: "parts", LinkKind.CAUSED_BY: "causes"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What became known of an incident at one slot, in people's eyes."""

    at: datetime
    stage: Stage | None = None
    """The stage that it came to; None: it had it before."""
    added: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    is_over: bool = False
    """Search and rescue ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An incident that people may know of, with its claims, oldest first."""

    incident: Incident
    claims: tuple[Claim, ...]
    """Each is ``entered_at`` the slot at which people first saw it."""
    since: datetime
    first: date
    last: date
    part_of: tuple[str, ...] = ()
    caused_by: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Return the public id."""
        return self.incident.public_id

    def ended_at(self, claim: Claim, visible: Visible) -> datetime | None:
        """Return the slot at which people saw that a claim no longer stands."""
        if claim.ended_at is None:
            return None
        return max(visible.policy.seen_from(claim.ended_at), claim.entered_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """One voice and all that it says, the newest first, each with its incident if it has one."""

    key: str
    voice: Voice
    outlet: str
    said: tuple[tuple[Claim, Told | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """How many over several incidents, each counted once. ``high`` None: nobody says."""

    measure: Measure
    low: int
    high: int | None


def speaker_key(voice: Voice, outlet: str) -> str:
    """Return by what people know a speaker: made of the name that is told, of no id of the desk."""
    kind, name = voice.key(outlet)
    return hashlib.sha256(f"speaker {kind}|{name}".encode()).hexdigest()[:KEY_DIGITS]


class Board:
    """Everything that people may know at one slot."""

    def __init__(self, visible: Visible, zone: tzinfo) -> None:
        self.visible = visible
        self._zone = zone
        names = {each.id: each.public_id for each in visible.incidents()}
        ties = self._ties(names)
        found = [self._told(each, ties.get(each.id, {})) for each in visible.incidents()]
        found.sort(key=lambda t: (t.last, t.incident.when.end, t.since, t.id), reverse=True)
        self.incidents: tuple[Told, ...] = tuple(found)
        self._by_id = {each.id: each for each in found}
        self._by_desk = {each.incident.id: each for each in found}
        self.loose: tuple[Claim, ...] = tuple(
            sorted(visible.loose(), key=lambda claim: claim.order, reverse=True)
        )

    def find(self, public_id: str) -> Told | None:
        """Return an incident by its public id, or by that of one which turned out to be it."""
        found = self._by_id.get(public_id)
        if found is not None:
            return found
        other = self.visible.incident(public_id)
        return self._by_desk.get(other.id) if other is not None else None

    def claim(self, claim_id: str | None) -> Claim | None:
        """Return a claim by its own id, if people may know it."""
        return self._claims.get(claim_id or "")

    @cached_property
    def _claims(self) -> Mapping[str, Claim]:
        return {claim.id: claim for claim, _ in self._all()}

    @cached_property
    def speakers(self) -> Mapping[str, Speaker]:
        """Return every voice by its key, in the order of who spoke last."""
        said: dict[str, list[tuple[Claim, Told | None]]] = {}
        for claim, told in self._all():
            key = speaker_key(claim.saying.voice, claim.saying.outlet)
            said.setdefault(key, []).append((claim, told))
        found = {}
        for key, each in said.items():
            each.sort(key=lambda pair: pair[0].order, reverse=True)
            saying = each[0][0].saying
            found[key] = Speaker(
                key=key, voice=saying.voice, outlet=saying.outlet, said=tuple(each)
            )
        ordered = sorted(found.values(), key=lambda each: each.said[0][0].order, reverse=True)
        return {each.key: each for each in ordered}

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Return the days on which something is known, the newest first."""
        found = {each.last for each in self.incidents}
        found |= {self.day_of(claim) for claim in self.loose}
        return tuple(sorted(found, reverse=True))

    def chosen(
        self,
        *,
        day: date | None = None,
        region: str | None = None,
        kind: str | None = None,
        speaker: str | None = None,
    ) -> tuple[list[Told], list[Claim]]:
        """Return the incidents, and the claims of none, that all the filters take.

        A region takes what is in it, and what is told of a region above it, but for what is told of
        the whole country; the country takes everything.
        """
        tree = self.visible.tree

        def here(geocode: str | None) -> bool:
            if region is None or region == tree.root:
                return True
            if geocode is None or geocode not in tree or geocode == tree.root:
                return False
            return region in tree.upward(geocode) or geocode in tree.upward(region)

        def speaks(claim: Claim) -> bool:
            voice, outlet = claim.saying.voice, claim.saying.outlet
            return speaker is None or speaker_key(voice, outlet) == speaker

        told = [
            each for each in self.incidents
            if here(each.incident.where.geocode)
            and (day is None or each.last == day)
            and (kind is None or each.incident.kind == kind)
            and (speaker is None or any(speaks(claim) for claim in each.claims))
        ]  # fmt: skip
        claims = [
            each for each in self.loose
            if here(each.saying.where.geocode if each.saying.where else None)
            and (day is None or self.day_of(each) == day)
            and (kind is None or each.saying.kind == kind)
            and speaks(each)
        ]  # fmt: skip
        return told, claims

    def around(self, day: date) -> list[Told]:
        """Return the incidents that lasted over a day and belong to a later one."""
        return [each for each in self.incidents if each.first <= day < each.last]

    def day_of(self, claim: Claim) -> date:
        """Return the day that a claim of no incident belongs to."""
        if claim.saying.happened is not None:
            return self.days_of(claim.saying.happened)[1]
        return claim.said_at.astimezone(self._zone).date()

    def sums(self, told: Iterable[Told]) -> list[Sum]:
        """Return how many over these incidents of a day, of every measure with a figure.

        An attack's toll for a wider region is never added to those of attacks in it: it holds them
        already, and nobody knows which (DESIGN R1). What went on for several days is no day's own.
        """
        these = [each for each in told if self._is_of_a_day(each)]
        claims = [claim for each in these for claim in each.claims]
        found = []
        for measure in SUMMED:
            for what in whats(claims, measure):
                if what:
                    continue
                ids = self._apart(these, measure)
                low, high, is_told = over(self.visible.ledger, ids, measure, claims)
                if is_told:
                    found.append(Sum(measure=measure, low=low, high=high))
        return found

    def _is_of_a_day(self, told: Told) -> bool:
        first, last = self.days_of(told.incident.when)
        return (last - first).days <= 1  # a night is of two days

    def _apart(self, told: Sequence[Told], measure: Measure) -> list[str]:
        """Return the incidents whose tolls do not hold one another: of attacks, the widest ones."""
        tree = self.visible.tree
        tolls = {
            each.incident.where.geocode
            for each in told
            if each.incident.kind in ATTACKS and tally(each.claims, measure).told
        }
        return [
            each.incident.id
            for each in told
            if each.incident.kind not in ATTACKS
            or not tolls & set(list(tree.upward(each.incident.where.geocode))[1:])
        ]

    def by_region(self, told: Iterable[Told]) -> dict[str, list[Told]]:
        """Return incidents by the top region that they are in; the country's own come first."""
        tree = self.visible.tree
        found: dict[str, list[Told]] = {}
        for each in told:
            code = top_region(tree, each.incident.where.geocode) or tree.root
            found.setdefault(code, []).append(each)
        return dict(sorted(found.items(), key=lambda item: _place(tree, item[0])))

    def history(self, told: Told) -> list[Step]:
        """Return what became known of an incident, slot by slot, the newest first."""
        incident, policy = told.incident, self.visible.policy
        steps: dict[datetime, Step] = {}

        def note(at: datetime, **more: object) -> None:
            steps[at] = replace(steps.get(at, Step(at=at)), **more)  # type: ignore[arg-type]

        if incident.announced_at is not None:
            note(policy.seen_from(incident.announced_at), stage=Stage.ANNOUNCED)
        if incident.released_at is not None:
            note(policy.seen_from(incident.released_at), stage=Stage.RELEASED)
        for claim in told.claims:
            at = claim.entered_at
            note(at, added=(*steps.get(at, Step(at=at)).added, claim.id))
            if (over_at := told.ended_at(claim, self.visible)) is not None:
                note(over_at, ended=(*steps.get(over_at, Step(at=over_at)).ended, claim.id))
        if incident.closed_at is not None:
            note(max(policy.seen_from(incident.closed_at), told.since), is_over=True)
        return [steps[at] for at in sorted(steps, reverse=True)]

    def claims_at(self, told: Told, at: datetime) -> list[Claim]:
        """Return the claims as people knew them from a slot on."""
        found = []
        for claim in told.claims:
            if claim.entered_at > at:
                continue
            over_at = told.ended_at(claim, self.visible)
            if over_at is not None and over_at > at:
                claim = replace(claim, standing=Standing.STANDS, replaced_by=None)  # noqa: PLW2901
            found.append(claim)
        return found

    # -- inside ----------------------------------------------------------------------------------

    def _all(self) -> Iterator[tuple[Claim, Told | None]]:
        for told in self.incidents:
            for claim in told.claims:
                yield claim, told
        for claim in self.loose:
            yield claim, None

    def _ties(self, names: Mapping[str, str]) -> dict[str, dict[str, tuple[str, ...]]]:
        """Return, by incident and kind of link, the public ids at the other end of it.

        ``part-of`` from the whole's side is ``parts``, ``caused-by`` from the cause's ``causes``.
        """
        root = self.visible.ledger.root
        ties: dict[str, dict[str, tuple[str, ...]]] = {}

        def tie(incident: str, kind: str, other: str) -> None:
            mine = ties.setdefault(incident, {})
            mine[kind] = tuple(dict.fromkeys((*mine.get(kind, ()), names[other])))

        for link in self.visible.links():
            one, other = root(link.one), root(link.other)
            if one in names and other in names and link.kind in OTHER_SIDE:
                tie(one, link.kind, other)
                tie(other, OTHER_SIDE[link.kind], one)
        return ties

    def _told(self, incident: Incident, ties: Mapping[str, tuple[str, ...]]) -> Told:
        claims = tuple(self.visible.claims(incident))
        first, last = self.days_of(incident.when)
        return Told(
            incident=incident, claims=claims,
            since=self.visible.policy.seen_from(incident.opened_at), first=first, last=last,
            part_of=ties.get("part-of", ()), parts=ties.get("parts", ()),
            caused_by=ties.get("caused-by", ()), causes=ties.get("causes", ()),
        )  # fmt: skip

    def days_of(self, when: When) -> tuple[date, date]:
        """Return the first and the last local day of a time that was rounded outwards."""
        half = self.visible.policy.round_to / 2
        start, end = when.start + half, when.end - half
        first = start.astimezone(self._zone).date()
        return first, max(first, local_day(end, self._zone))


def _place(tree: RegionTree, geocode: str) -> int:
    return -1 if geocode == tree.root else tree.index.get(geocode, len(tree.codes))
