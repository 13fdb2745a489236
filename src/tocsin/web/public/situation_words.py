"""How the situation is said: kinds, figures as they were said, ranges, speakers, parts of a day.

No sentence of a report is here, and none is made: only a word for what it is, the number as it was
said, and who said it. "at least 10" and "dozens" stay so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from tocsin.core.claims import (
    Claim,
    ClaimKind,
    Figure,
    Hedge,
    Measure,
    Qualifier,
    SpeakerKind,
    Thing,
    Voice,
    When,
)
from tocsin.core.tally import Tally
from tocsin.formats.api import prose
from tocsin.web.words import Words

UNVERIFIED = (ClaimKind.ALERT, ClaimKind.EVACUATION)
"""A warning that a report tells of is no alert, and the page says so beside it."""
HOUR = timedelta(hours=1)
PARTS_OF_DAY = ((5, "night"), (12, "morning"), (18, "afternoon"), (24, "evening"))


class Phrases:
    """Says it in one language."""

    def __init__(self, words: Words, languages: tuple[str, ...]) -> None:
        self.words = words
        self._languages = tuple(dict.fromkeys((words.language, *languages)))

    # -- what it is ------------------------------------------------------------------------------

    def incident(self, kind: str) -> str:
        """Return what an incident is called."""
        w = self.words
        names = {
            "strike": w.gettext("Strike"), "explosion": w.gettext("Explosion"),
            "shelling": w.gettext("Shelling"), "fire": w.gettext("Fire"),
            "accident": w.gettext("Accident"), "flood": w.gettext("Flood"),
            "quake": w.gettext("Earthquake"), "storm": w.gettext("Storm"),
            "collapse": w.gettext("Collapse"), "outage": w.gettext("Outage"),
            "radiation": w.gettext("Radiation"), "wave": w.gettext("Wave of attacks"),
        }  # fmt: skip
        return names.get(kind) or w.gettext("Incident")

    def claim(self, kind: ClaimKind) -> str:
        """Return what a claim tells of."""
        w = self.words
        return {
            ClaimKind.STRIKE: w.gettext("Strike"),
            ClaimKind.EXPLOSION: w.gettext("Explosion"),
            ClaimKind.HAZARD: w.gettext("Danger"),
            ClaimKind.CASUALTIES: w.gettext("Killed and wounded"),
            ClaimKind.DAMAGE: w.gettext("Damage"),
            ClaimKind.OUTAGE: w.gettext("Outage"),
            ClaimKind.RESTORATION: w.gettext("Restored"),
            ClaimKind.EVACUATION: w.gettext("Warning to leave"),
            ClaimKind.SHELTER: w.gettext("Shelter"),
            ClaimKind.ALERT: w.gettext("Sirens"),
            ClaimKind.STATEMENT: w.gettext("Statement"),
        }[kind]

    def verb(self, hedge: Hedge, voice: Voice) -> str:
        """Return how far a source stands behind it; "local officials" are several."""
        w = self.words
        if voice.kind is SpeakerKind.GROUP:
            return {
                Hedge.ASSERTED: w.gettext("state"), Hedge.SAID: w.gettext("say"),
                Hedge.CLAIMED: w.gettext("claim"), Hedge.DENIED: w.gettext("deny"),
                Hedge.LIKELY: w.gettext("think it likely"),
                Hedge.POSSIBLE: w.gettext("think it possible"), Hedge.PLANNED: w.gettext("plan"),
            }[hedge]  # fmt: skip
        return {
            Hedge.ASSERTED: w.gettext("states"), Hedge.SAID: w.gettext("says"),
            Hedge.CLAIMED: w.gettext("claims"), Hedge.DENIED: w.gettext("denies"),
            Hedge.LIKELY: w.gettext("thinks it likely"),
            Hedge.POSSIBLE: w.gettext("thinks it possible"), Hedge.PLANNED: w.gettext("plans"),
        }[hedge]  # fmt: skip

    def thing(self, thing: Thing) -> str:
        """Return a kind of building, network or service, and what became of it."""
        w = self.words
        names = {
            "power": w.gettext("power"), "substation": w.gettext("substation"),
            "control-room": w.gettext("control room"), "hospital": w.gettext("hospital"),
            "military": w.gettext("military site"), "tv-tower": w.gettext("TV tower"),
            "tv-signal": w.gettext("TV and phone signal"),
            "apartment-block": w.gettext("apartment block"), "house": w.gettext("house"),
            "building": w.gettext("building"), "bridge": w.gettext("bridge"),
            "road": w.gettext("road"), "metro": w.gettext("metro"),
            "airport": w.gettext("airport"), "hotel": w.gettext("hotel"),
            "place-of-worship": w.gettext("place of worship"),
            "public-place": w.gettext("public place"), "oil-gas": w.gettext("oil and gas"),
            "water": w.gettext("water"), "heat": w.gettext("heat"), "rail": w.gettext("railway"),
            "telecom": w.gettext("telecommunications"),
            "government": w.gettext("government building"), "other": w.gettext("other"),
        }  # fmt: skip
        states = {
            "hit": w.gettext("hit"), "damaged": w.gettext("damaged"),
            "destroyed": w.gettext("destroyed"), "disrupted": w.gettext("partly out"),
            "partly-out": w.gettext("partly out"), "out": w.gettext("out"),
            "operating": w.gettext("working"), "restoring": w.gettext("being restored"),
            "partly-restored": w.gettext("partly restored"), "restored": w.gettext("restored"),
            "targeted": w.gettext("aimed at"),
        }  # fmt: skip
        name = names.get(thing.type) or prose(thing.type).replace("-", " ")
        state = states.get(thing.status) or prose(thing.status).replace("-", " ")
        return w.gettext("%(thing)s: %(state)s") % {"thing": name, "state": state}

    def own_words(self, told: Mapping[str, str]) -> str:
        """Return an officer's sentence in this language, else in another of the profile's."""
        for language in (*self._languages, *told):
            if told.get(language):
                return told[language]
        return ""

    # -- how many --------------------------------------------------------------------------------

    def number(self, value: int) -> str:
        """Return a number as this language writes it; it never breaks over two lines."""
        return str(format_decimal(value, locale=self.words.locale))

    def qualified(self, figure: Figure) -> str:
        """Return a number with how sure it was said: "at least 10", "dozens"."""
        w = self.words
        alone = {
            Qualifier.DOZENS: w.gettext("dozens"), Qualifier.HUNDREDS: w.gettext("hundreds"),
            Qualifier.THOUSANDS: w.gettext("thousands"), Qualifier.NONE: w.gettext("none"),
            Qualifier.SOME: w.gettext("a number not given"),
        }  # fmt: skip
        if figure.qualifier in alone:
            return alone[figure.qualifier]
        number = self.number(figure.value or 0)
        patterns = {
            Qualifier.AT_LEAST: w.gettext("at least %(num)s"),
            Qualifier.MORE_THAN: w.gettext("more than %(num)s"),
            Qualifier.ABOUT: w.gettext("about %(num)s"),
            Qualifier.NEARLY: w.gettext("nearly %(num)s"),
            Qualifier.UP_TO: w.gettext("up to %(num)s"),
        }
        pattern = patterns.get(figure.qualifier)
        return number if pattern is None else pattern % {"num": number}

    def span(self, low: int, high: int | None) -> str:
        """Return a range: one number where its ends meet, "5 or more" where it is open."""
        w = self.words
        if low == high:
            return w.gettext("none") if low == 0 else self.number(low)
        if high is None:
            return w.gettext("%(num)s or more") % {"num": self.number(low)}
        if low == 0:
            return w.gettext("up to %(num)s") % {"num": self.number(high)}
        return w.gettext("%(low)s to %(high)s") % {
            "low": self.number(low), "high": self.number(high),
        }  # fmt: skip

    def measured(self, measure: Measure, number: str, what: str = "") -> str:
        """Return "5 killed"; ``what`` says what is counted where the measure leaves it open."""
        w = self.words
        if what and measure is Measure.AFFECTED:  # it names what is counted, and "affected" little
            return self._beside(self.counted(measure, what), number)
        text = {
            Measure.KILLED: w.gettext("%(num)s killed"),
            Measure.INJURED: w.gettext("%(num)s wounded"),
            Measure.MISSING: w.gettext("%(num)s missing"),
            Measure.RESCUED: w.gettext("%(num)s rescued"),
            Measure.EVACUATED: w.gettext("%(num)s evacuated"),
            Measure.AFFECTED: w.gettext("%(num)s affected"),
            Measure.DAMAGED: w.gettext("%(num)s damaged"),
            Measure.OUT: w.gettext("%(num)s without service"),
            Measure.RESTORED: w.gettext("%(num)s restored"),
        }[measure] % {"num": number}
        if not what:
            return text
        return w.gettext("%(figure)s (%(what)s)") % {"figure": text, "what": self._counted(what)}

    def measure(self, measure: Measure) -> str:
        """Return what is counted, as the heading of a column."""
        w = self.words
        return {
            Measure.KILLED: w.gettext("killed"), Measure.INJURED: w.gettext("wounded"),
            Measure.MISSING: w.gettext("missing"), Measure.RESCUED: w.gettext("rescued"),
            Measure.EVACUATED: w.gettext("evacuated"), Measure.AFFECTED: w.gettext("affected"),
            Measure.DAMAGED: w.gettext("damaged"), Measure.OUT: w.gettext("without service"),
            Measure.RESTORED: w.gettext("restored"),
        }[measure]  # fmt: skip

    def counted(self, measure: Measure, what: str) -> str:
        """Return what is counted, and of what: the heading over a range of it."""
        if not what:
            return self.measure(measure)
        if measure is Measure.AFFECTED:
            return self._counted(what)
        return self.words.gettext("%(figure)s (%(what)s)") % {
            "figure": self.measure(measure), "what": self._counted(what),
        }  # fmt: skip

    def figure(self, figure: Figure) -> str:
        """Return a figure as it was said."""
        w, number = self.words, self.qualified(figure)
        if figure.qualifier is Qualifier.SOME:  # no number stands before a noun
            text = self._beside(
                w.listed(self.counted(m, figure.what) for m in figure.measures), number
            )
        elif len(figure.measures) == 1:
            text = self.measured(figure.measures[0], number, figure.what)
        elif set(figure.measures) == {Measure.KILLED, Measure.INJURED}:
            text = w.gettext("%(num)s killed and wounded together") % {"num": number}
        else:
            each = w.listed(self.measure(m) for m in figure.measures)
            text = w.gettext("%(num)s together: %(each)s") % {"num": number, "each": each}
        return w.gettext("of them %(figure)s") % {"figure": text} if figure.is_part else text

    def tally(self, tally: Tally) -> str:
        """Return a tally: the figure as it was said where all agree, else its range."""
        assert tally.lowest is not None  # noqa: S101  # only what somebody told is shown
        joint = len(tally.lowest.figure.measures) > 1
        if tally.agrees and not joint:
            return self.figure(tally.lowest.figure)
        return self.measured(tally.measure, self.span(tally.low, tally.high), tally.what)

    def _beside(self, what: str, number: str) -> str:
        return self.words.gettext("%(what)s: %(num)s") % {"what": what, "num": number}

    def _counted(self, what: str) -> str:
        w = self.words
        names = {
            "settlements": w.gettext("settlements"), "houses": w.gettext("houses"),
            "homes": w.gettext("homes"), "buildings": w.gettext("buildings"),
            "apartments": w.gettext("apartments"), "people": w.gettext("people"),
            "families": w.gettext("families"), "schools": w.gettext("schools"),
            "customers": w.gettext("customers"), "strikes": w.gettext("strikes"),
            "people sheltering": w.gettext("people in shelters"),
        }  # fmt: skip
        return names.get(what) or prose(what)

    # -- who -------------------------------------------------------------------------------------

    def speaker(self, voice: Voice, outlet: str) -> str:
        """Return who says so: name, role and organisation as they are known."""
        w = self.words
        if voice.kind is SpeakerKind.OUTLET:
            return prose(outlet)
        parts = dict.fromkeys(prose(each) for each in (voice.name, voice.role, voice.org) if each)
        who = ", ".join(parts) or w.gettext("somebody without a name")
        if parts and voice.kind is SpeakerKind.ANONYMOUS and not voice.name:
            who = w.gettext("%(who)s, not named") % {"who": who}
        if voice.via:
            who = w.gettext("%(who)s, through %(via)s") % {"who": who, "via": prose(voice.via)}
        return who

    def origin(self, claim: Claim) -> str:
        """Return the report that it was read in: the outlet, and the day on which it was said."""
        outlet = prose(claim.saying.outlet)
        if claim.saying.said_at is None:
            return outlet
        return f"{outlet}, {self.words.date(claim.saying.said_at)}"

    def source(self, claim: Claim) -> str:
        """Return the same beside a speaker's name; an outlet is not named twice."""
        if claim.saying.voice.kind is not SpeakerKind.OUTLET:
            return self.origin(claim)
        return self.words.date(claim.saying.said_at) if claim.saying.said_at else ""

    # -- when ------------------------------------------------------------------------------------

    def day(self, day: date, *, year: bool = True) -> str:
        """Return a day in words."""
        if year:
            return str(format_date(day, "long", locale=self.words.locale))
        return str(format_skeleton("MMMMd", day, locale=self.words.locale))

    def when(self, when: When, first: date, last: date, *, day: bool = True) -> str:
        """Return a time as exactly as it may be told: the part of the day, or the days.

        ``day`` False: under a heading that names the day already.
        """
        w = self.words
        if first != last:
            text = w.gettext("from %(first)s to %(last)s") % {
                "first": self.day(first, year=first.year != last.year), "last": self.day(last),
            }  # fmt: skip
        elif (part := self._part(when)) is not None:
            text = f"{self.day(last)}, {part}" if day else part
        else:
            text = self.day(last) if day else ""
        if when.certain or not text:
            return text
        return w.gettext("%(when)s, not certain") % {"when": text}

    def slot(self, at: datetime, now: datetime) -> str:
        """Return a release slot: the time alone for today's."""
        return self.words.when(at, now)

    def _part(self, when: When) -> str | None:
        """Return the part of the day that a time lies in; None where it lies in several."""
        if when.grain == "day":
            return None
        zone = self.words.zone
        start, end = when.start.astimezone(zone), (when.end - HOUR / 60).astimezone(zone)
        parts = [next(name for until, name in PARTS_OF_DAY if at.hour < until)
                 for at in (start, end)]  # fmt: skip
        if parts[0] != parts[1] or start.date() != end.date():
            return None
        w = self.words
        return {
            "night": w.gettext("in the night"), "morning": w.gettext("in the morning"),
            "afternoon": w.gettext("in the afternoon"), "evening": w.gettext("in the evening"),
        }[parts[0]]  # fmt: skip
