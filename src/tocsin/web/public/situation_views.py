"""The situation put into one language: plain values that a template prints and nothing else.

Who says which figure stands beside the range, denials too; two figures stay two figures. Nothing of
a report's own sentences comes here, only the officer's words (RELIABILITY P25, P28).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from tocsin.core.claims import Claim, ClaimKind, Figure, Hedge, Measure, Standing
from tocsin.core.incidents import Stage
from tocsin.core.publication import public_name
from tocsin.core.tally import BESIDE, tally, voices, whats
from tocsin.core.world import World
from tocsin.formats.api import prose
from tocsin.formats.ledger import TALLIED, loose_name
from tocsin.projections.told import Board, Speaker, Told, speaker_key
from tocsin.web.public.situation_shapes import (
    DayView,
    GroupView,
    IncidentView,
    NearView,
    PairView,
    Said,
    StepView,
)
from tocsin.web.public.situation_words import UNVERIFIED, Phrases
from tocsin.web.words import Words

OutOf = Callable[[str], Mapping[str, str]]
"""A content hash -> an officer's sentences by language."""
UTILITY = (ClaimKind.OUTAGE, ClaimKind.RESTORATION)
NEAR = 5
"""So many lines stand on a region's page; the situation page has them all."""


class Reporter:
    """Puts what a board holds into one language, at one moment."""

    def __init__(
        self, world: World, board: Board, words: Words, words_of: OutOf, now: datetime
    ) -> None:
        self._tree = world.tree
        self._board = board
        self._words = words
        self._words_of = words_of
        self._now = now
        self.phrases = Phrases(words, tuple(world.languages))

    # -- lists -----------------------------------------------------------------------------------

    def days(self, told: Iterable[Told], claims: Iterable[Claim]) -> list[DayView]:
        """Return a time line, the newest day first; each day by region."""
        incidents: dict[date, list[Told]] = {}
        alone: dict[date, list[Claim]] = {}
        for each in told:
            incidents.setdefault(each.last, []).append(each)
        for claim in claims:
            alone.setdefault(self._board.day_of(claim), []).append(claim)
        return [
            self.day(day, incidents.get(day, []), alone.get(day, []))
            for day in sorted({*incidents, *alone}, reverse=True)
        ]

    def day(self, day: date, told: list[Told], claims: list[Claim]) -> DayView:
        """Return one day."""
        by_region = self._board.by_region(told)
        services: dict[str, list[Claim]] = {}
        for claim in claims:
            if claim.saying.kind in UTILITY:
                services.setdefault(self._top(claim), []).append(claim)
        ordered = dict.fromkeys((*by_region, *services))
        groups = tuple(
            GroupView(
                geocode=code,
                name=self._name(code),
                sums=self.sums(by_region.get(code, [])) if len(by_region.get(code, ())) > 1 else (),
                incidents=tuple(self.incident(each) for each in by_region.get(code, ())),
                services=tuple(self.alone(each) for each in services.get(code, ())),
            )
            for code in ordered
        )
        return DayView(
            iso=day.isoformat(),
            name=self.phrases.day(day),
            sums=self.sums(told),
            groups=groups,
            statements=tuple(
                self.alone(each) for each in claims if each.saying.kind not in UTILITY
            ),
        )

    def sums(self, told: list[Told]) -> tuple[str, ...]:
        """Return how many over several incidents: ranges, no incident counted twice."""
        return tuple(
            self.phrases.measured(each.measure, self.phrases.span(each.low, each.high))
            for each in self._board.sums(told)
        )

    def near(self, geocode: str) -> NearView:
        """Return what a region's page tells: the newest incidents, and what is out now."""
        told, claims = self._board.chosen(region=geocode)
        services = [self.alone(each) for each in claims if each.saying.kind in UTILITY
                    and each.stands]  # fmt: skip
        shown = tuple(self.incident(each) for each in told[:NEAR])
        return NearView(incidents=shown, services=tuple(services[:NEAR]))

    # -- one incident ----------------------------------------------------------------------------

    def incident(self, told: Told) -> IncidentView:
        """Return an incident as a line of a list, or as the head of its own page."""
        incident, p = told.incident, self.phrases
        claims = list(told.claims)
        latest = {id(s.figure) for s in voices(claims) if s.is_latest}
        rows = [self._of(told, claim, latest) for claim in claims]
        standing = [(c, r) for c, r in zip(claims, rows, strict=True) if c.stands]
        figured = [r for c, r in standing if c.saying.figures and not r.later and not r.denies]
        denied = [r for _, r in standing if r.denies]
        shown = {r.id for r in (*figured, *denied)}
        return IncidentView(
            id=told.id,
            kind=p.incident(incident.kind),
            title=p.own_words(self._words_of(incident.title)),
            place=self._place(incident.where.geocode, incident.where.name,
                              certain=incident.where.certain),
            short=prose(incident.where.name) or self._name(incident.where.geocode),
            region=incident.where.geocode,
            when=p.when(incident.when, told.first, told.last, day=False),
            day=p.when(incident.when, told.first, told.last),
            date=told.last.isoformat(),
            stage=incident.stage,
            announced=incident.stage is Stage.ANNOUNCED,
            tallies=self.tallies(claims),
            said=(*figured, *denied),
            rest=tuple(r for _, r in standing if r.id not in shown),
            gone=tuple(r for c, r in zip(claims, rows, strict=True) if not c.stands),
            search=self._search(incident.is_open, claims),
            differs=bool(self.pairs(told)),
        )  # fmt: skip

    def tallies(self, claims: list[Claim]) -> tuple[str, ...]:
        """Return the tally of each measure that somebody gave a figure of."""
        found: dict[str, None] = {}
        for measure in TALLIED:
            for what in whats(claims, measure):
                one = tally(claims, measure, what)
                if not one.told:
                    continue
                counting = [s.figure for s in one.said if s.counts]
                joint = all(len(figure.measures) > 1 for figure in counting)
                if joint and len({_plain(f) for f in counting}) == 1:
                    found[self.phrases.figure(counting[0])] = None
                else:
                    found[self.phrases.tally(one)] = None
        return tuple(found)

    def accounts(self, told: Told) -> list[tuple[str, list[Said]]]:
        """Return what each report tells, side by side, in the order in which they came."""
        latest = {id(s.figure) for s in voices(told.claims) if s.is_latest}
        found: dict[str, list[Said]] = {}
        for claim in told.claims:
            if claim.stands:
                row = self._of(told, claim, latest)
                found.setdefault(prose(claim.saying.outlet), []).append(row)
        return list(found.items())

    def pairs(self, told: Told) -> list[PairView]:
        """Return claims that cannot both be right: figures that exclude each other, and denials."""
        said = voices(told.claims)
        latest = {id(s.figure) for s in said if s.is_latest}
        old = {s.claim.id for s in said if not s.is_latest}
        firm = [c for c in told.claims if c.stands and c.id not in old]
        found = []
        for number, one in enumerate(firm):
            for other in firm[number + 1 :]:
                about = self._apart(one, other)
                if about:
                    row, another = (self._of(told, each, latest) for each in (one, other))
                    found.append(PairView(about=about, one=row, other=another))
        return found

    def history(self, told: Told) -> list[StepView]:
        """Return what became known at each slot, the newest first."""
        w, board = self._words, self._board
        claims = {claim.id: claim for claim in told.claims}
        found = []
        for step in board.history(told):
            lines = []
            if step.stage is Stage.ANNOUNCED:
                lines.append(w.gettext("Told by the authority itself: region and hour."))
            if step.stage is Stage.RELEASED:
                lines.append(w.gettext("Told in full."))
            lines += [self._added(self._of(told, claims[each], set())) for each in step.added]
            lines += [self._gone(self._of(told, claims[each], set())) for each in step.ended]
            if step.is_over:
                lines.append(w.gettext("Search and rescue are over."))
            then = self.tallies(board.claims_at(told, step.at))
            found.append(
                StepView(at=self.phrases.slot(step.at, self._now), lines=tuple(lines), tallies=then)
            )
        return found

    # -- claims ----------------------------------------------------------------------------------

    def alone(self, claim: Claim) -> Said:
        """Return a claim that belongs to no incident."""
        return self._row(claim, loose_name(claim.id))

    def said(
        self, said: Iterable[tuple[Claim, Told | None]]
    ) -> list[tuple[Said, IncidentView | None]]:
        """Return what voices say, each line with its incident."""
        return [
            (self.alone(claim), None) if told is None
            else (self._of(told, claim, None), self.incident(told))
            for claim, told in said
        ]  # fmt: skip

    def who(self, speaker: Speaker) -> str:
        """Return a speaker's name."""
        return self.phrases.speaker(speaker.voice, speaker.outlet)

    # -- inside ----------------------------------------------------------------------------------

    def _of(self, told: Told, claim: Claim, latest: set[int] | None) -> Said:
        row = self._row(claim, public_name(told.id, claim.id))
        figures = claim.saying.figures
        later = latest is not None and bool(figures) and not any(id(f) in latest for f in figures)
        return replace(row, later=later and claim.stands)

    def _row(self, claim: Claim, name: str) -> Said:
        saying, p = claim.saying, self.phrases
        what = [p.figure(each) for each in saying.figures]
        what += [p.thing(each) for each in saying.things]
        where = saying.where
        return Said(
            id=name,
            kind=p.claim(saying.kind),
            key=speaker_key(saying.voice, saying.outlet),
            who=p.speaker(saying.voice, saying.outlet),
            verb=p.verb(saying.hedge, saying.voice),
            what=self._words.listed(dict.fromkeys(what)) if what else "",
            words=p.own_words(self._words_of(saying.words)),
            place=self._place(where.geocode, where.name, certain=where.certain) if where else "",
            when=self._when(claim),
            source=p.source(claim),
            origin=p.origin(claim),
            denies=saying.hedge is Hedge.DENIED,
            planned=saying.hedge is Hedge.PLANNED,
            statement=saying.kind is ClaimKind.STATEMENT,
            unverified=saying.kind in UNVERIFIED,
            official=saying.voice.official,
            ended=self._ended(claim),
        )

    def _added(self, row: Said) -> str:
        """Return a claim as a line of a history; a kind alone is nothing that anybody says."""
        w, what = self._words, row.what or row.words
        if not what:
            return w.gettext("New: %(kind)s (%(who)s %(verb)s)") % {
                "kind": row.kind, "who": row.who, "verb": row.verb,
            }  # fmt: skip
        return w.gettext("New: %(who)s %(verb)s: %(what)s") % {
            "who": row.who, "verb": row.verb, "what": what,
        }  # fmt: skip

    def _gone(self, row: Said) -> str:
        w, what = self._words, row.what or row.words.rstrip(". ")
        if not what:
            return w.gettext("No longer stands: %(kind)s (%(who)s). %(why)s") % {
                "kind": row.kind, "who": row.who, "why": row.ended,
            }  # fmt: skip
        return w.gettext("No longer stands: %(who)s: %(what)s. %(why)s") % {
            "who": row.who, "what": what, "why": row.ended,
        }  # fmt: skip

    def _when(self, claim: Claim) -> str:
        """Return when it happened; the part of the day where its source's date has the day."""
        happened, said_at = claim.saying.happened, claim.saying.said_at
        if happened is None:
            return ""
        first, last = self._board.days_of(happened)
        if said_at is not None and happened.certain and first == last:
            is_that_day = said_at.astimezone(self._words.zone).date() == last
            return self.phrases.when(happened, first, last, day=not is_that_day)
        return self.phrases.when(happened, first, last)

    def _search(self, is_open: bool, claims: list[Claim]) -> str:  # noqa: FBT001  # its state
        w = self._words
        if not is_open:
            return w.gettext("search is over")
        counted = {m for claim in claims for f in claim.saying.figures for m in f.measures}
        # nobody said that it goes on; but where people are missing, it is not said to be over
        return w.gettext("search goes on") if Measure.MISSING in counted else ""

    def _ended(self, claim: Claim) -> str:
        w = self._words
        if claim.standing is Standing.CORRECTED:
            right = self._board.claim(claim.replaced_by)
            figures = right.saying.figures if right is not None else ()
            if not figures:
                return w.gettext("Entered wrongly. Another line has it right.")
            told = w.listed(self.phrases.figure(each) for each in figures)
            return w.gettext("Entered wrongly. Correct: %(what)s.") % {"what": told}
        if claim.standing is Standing.RETRACTED:
            return w.gettext("Taken back.")
        return ""

    def _apart(self, one: Claim, other: Claim) -> str:
        """Return in what two claims exclude each other; empty where they do not."""
        w = self._words
        denied = [each.saying.hedge is Hedge.DENIED for each in (one, other)]
        if denied[0] != denied[1] and one.saying.kind is other.saying.kind:
            return w.gettext("One source denies it.")
        if one.saying.hedge in BESIDE or other.saying.hedge in BESIDE:
            return ""
        for figure in one.saying.figures:
            for another in other.saying.figures:
                if _exclude(figure, another):
                    return w.gettext("Different figures: %(what)s.") % {
                        "what": w.listed(self.phrases.measure(m) for m in figure.measures)
                    }
        return ""

    def _top(self, claim: Claim) -> str:
        where = claim.saying.where
        if where is None or where.geocode not in self._tree:
            return self._tree.root
        path = [code for code in self._tree.upward(where.geocode) if code != self._tree.root]
        return path[-1] if path else self._tree.root

    def _place(self, geocode: str, name: str, *, certain: bool) -> str:
        """Return a place as exactly as it may be told: settlement first, then its region."""
        region = self._name(geocode)
        text = f"{prose(name)}, {region}" if name and prose(name) != region else region
        if certain:
            return text
        return self._words.gettext("%(place)s, not certain") % {"place": text}

    def _name(self, geocode: str) -> str:
        if geocode not in self._tree:
            return self._tree[self._tree.root].name(self._words.language)
        return self._tree[geocode].name(self._words.language)


def _plain(figure: Figure) -> tuple[object, ...]:
    return figure.measures, figure.qualifier, figure.value, figure.what


def _exclude(one: Figure, other: Figure) -> bool:
    if (one.measures, one.what) != (other.measures, other.what) or one.is_part or other.is_part:
        return False
    return (one.high is not None and one.high < other.low) or (
        other.high is not None and other.high < one.low
    )
