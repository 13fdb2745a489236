"""The console's sentences: a room, an alert, an all-clear, in one language.

Values in, plain values out; a template prints them and nothing else. Every number of people is
"about": it comes from region data (UX section 6).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from babel.numbers import format_compact_decimal, format_decimal

from tocsin.core.alert import Alert, AlertState, Realm
from tocsin.core.area import Area
from tocsin.core.hazard import Hazard, Phrase
from tocsin.core.hazard import Words as Said
from tocsin.core.overlap import Clearing
from tocsin.core.people import people_in
from tocsin.core.world import World
from tocsin.service.submit import Service
from tocsin.web.console.desk import Room, Shown
from tocsin.web.console.speech import Speech
from tocsin.web.public.faces import Face, Spot
from tocsin.web.words import Words

MILLION = 1_000_000
HUNDRED, THOUSAND = 100, 1_000
NO_REASONS: Mapping[str, str] = {}
LATE = 0.95
"""The last reminder: it is a bar that does not go away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An alert as a line of the rail."""

    id: str
    handle: str
    place: str
    hazard: str
    level: str
    since: datetime
    clock: str
    length: str
    until: str
    sender: str
    may_end: bool
    share: int | None = None
    late: bool = False
    extends: bool = False
    drawn: bool = False
    reason: str = ""
    alone: str = ""
    """Why one person gave it where two are needed; empty where that was not so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A danger that can be chosen. ``two``: policy always wants two people for it."""

    id: str
    name: str
    key: int | None
    two: bool
    levels: tuple[tuple[str, str], ...]
    ends: str
    plan: bool = False
    """It cannot be given without a plan: where to, which way, by when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A region of an alert that may be cleared alone."""

    geocode: str
    name: str
    inside: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearView:
    """The all-clear dialog: what ends, what stays, what people will then read."""

    line: Line
    sentence: str
    ends: tuple[str, ...]
    ticked: tuple[Line, ...]
    offered: tuple[Line, ...]
    stays: tuple[Line, ...]
    read: tuple[str, ...]
    parts: tuple[Part, ...]
    chosen: frozenset[str]
    texts: tuple[tuple[str, str, str, str], ...]


class Teller:
    """Puts what the desk sees into one language."""

    def __init__(self, service: Service, words: Words) -> None:
        self._service = service
        self._world: World = service.world
        self._w = words
        self.say = Speech(service, words)

    # -- small things ----------------------------------------------------------------------------

    def place(self, area: Area) -> str:
        """Return an area in words: a few regions by name, and how many more."""
        tree = self._world.tree
        return self.say.regions(tree.fewest(tree.extent(area).touched))

    def people(self, count: int | None) -> str:
        """Return a number of people as a sentence holds it: about two figures that can be said."""
        w = self._w
        if count is None:
            return w.gettext("nobody has published how many people")
        said = self.number(count)
        if count >= MILLION:
            return w.gettext("%(number)s people") % {"number": said}
        step = HUNDRED if count >= THOUSAND else 1
        shown = round(count / step) * step
        return w.plain_ngettext("%(number)s person", "%(number)s people", shown) % {"number": said}

    def number(self, count: int | None) -> str:
        """Return a number as it stands before "of 2.9 million people"; a dash for none known."""
        w = self._w
        if count is None:
            return "\u2013"
        if count >= MILLION:
            return str(
                format_compact_decimal(
                    count, format_type="long", fraction_digits=1, locale=w.locale
                )
            )
        step = HUNDRED if count >= THOUSAND else 1
        return str(format_decimal(round(count / step) * step, locale=w.locale))

    def people_forms(self) -> dict[str, str]:
        """Return how a script says a number of people: one pattern for each plural category."""
        w = self._w
        found: dict[str, str] = {}
        for count in range(1, 200):
            said = w.plain_ngettext("%(number)s person", "%(number)s people", count)
            found.setdefault(w.locale.plural_form(count), said % {"number": "{n}"})
        return {"other": found[w.locale.plural_form(5)], **found}

    def line(self, shown: Shown, now: datetime) -> Line:
        """Return an alert as a line of the rail."""
        w, alert = self._w, shown.alert
        hazard = self._world.hazards.get(alert.hazard)
        level = hazard.level(alert.level) if hazard else None
        since = alert.ended if alert.state is AlertState.UNCONFIRMED and alert.ended else alert.sent
        return Line(
            id=alert.id,
            handle=alert.handle,
            place=self.place(alert.area),
            hazard=self.say.hazard(alert.hazard),
            level=level.names.get(w.language, level.id) if level else "",
            since=since,
            clock=w.clock(since),
            length=w.lasting(now - since),
            until=w.clock(alert.expires),
            sender=self.say.sender(alert.sender),
            may_end=shown.may_end,
            share=None if shown.share is None else int(shown.share * 100),
            late=shown.reminder is not None and shown.reminder.share >= LATE,
            extends=hazard is not None and hazard.extends_by is not None,
            drawn=bool(alert.area.polygons or alert.area.circles),
            reason=alert.reason or "",
        )

    def lines(
        self, shown: Iterable[Shown], now: datetime, alone: Mapping[str, str] = NO_REASONS
    ) -> tuple[Line, ...]:
        """Return alerts as lines; ``alone`` says why some of them were given by one person."""
        return tuple(
            replace(self.line(each, now), alone=alone.get(each.alert.id, "")) for each in shown
        )

    def spoken(self, texts: Mapping[str, Said]) -> tuple[tuple[str, str, str, str], ...]:
        """Return words of one moment in the order of the profile's languages."""
        return self._told(texts)

    def level(self, hazard: str, level: str | None) -> str:
        """Return what a step of a danger is called; empty for none."""
        known = self._world.hazards.get(hazard)
        step = known.level(level) if known is not None else None
        return step.names.get(self._w.language, step.id) if step is not None else ""

    def plain(self, alerts: Iterable[Alert], now: datetime) -> tuple[Line, ...]:
        """Return alerts that are only told of as lines."""
        return self.lines((Shown(alert=each, may_end=False) for each in alerts), now)

    # -- the form --------------------------------------------------------------------------------

    def buttons(self, hazards: Sequence[Hazard], first_key: int | None = 1) -> tuple[Button, ...]:
        """Return dangers as buttons, with the key that chooses each."""
        always = self._world.second_person.hazards
        return tuple(
            Button(
                id=each.id,
                name=self.say.hazard(each.id),
                key=None if first_key is None else first_key + number,
                two=each.id in always,
                levels=tuple(
                    (step.id, step.names.get(self._w.language, step.id)) for step in each.levels
                ),
                ends=self._ends(each),
                plan=each.needs_plan,
            )
            for number, each in enumerate(hazards)
        )

    def ends(self, hazard: str) -> str:
        """Return how an alert of a danger ends when nobody says; empty where it is unknown."""
        known = self._world.hazards.get(hazard)
        return self._ends(known) if known is not None else ""

    def _ends(self, hazard: Hazard) -> str:
        """Return how an alert of this danger ends when nobody says."""
        w = self._w
        length = w.lasting(hazard.default)
        if hazard.extends_by is not None:
            return w.gettext("Ends when you give the all-clear. Asks you every 60 min.")
        said = w.gettext("Runs out after %(length)s, unless you end or extend it.")
        return said % {"length": length}

    # -- the map ---------------------------------------------------------------------------------

    def map_sentence(self, spots: Sequence[Spot], room: Room) -> str:
        """Return the map in words."""
        w = self._w
        counts = dict.fromkeys(Face, 0)
        for spot in spots:
            counts[spot.face] += 1
        country = self.say.region(self._world.tree.root)
        said = w.gettext(
            "Map of %(place)s: under alert %(all)d, in part %(part)d, "
            "%(unsure)d ended without an all-clear."
        )
        if room.realm is Realm.DRILL:
            said = w.gettext(
                "Map of %(place)s in this drill: under alert %(all)d, in part %(part)d, "
                "%(unsure)d ended without an all-clear."
            )
        return said % {
            "place": country, "all": counts[Face.ALERT], "part": counts[Face.PART],
            "unsure": counts[Face.UNSURE],
        }  # fmt: skip

    # -- dialogs ---------------------------------------------------------------------------------

    def texts(self, alert: Alert, phrase: Phrase) -> tuple[tuple[str, str, str, str], ...]:
        """Return what an alert says at a moment of its life: language, headline, rest."""
        return self._told(self._service.words(alert).get(phrase, {}))

    def _told(self, spoken: Mapping[str, Said]) -> tuple[tuple[str, str, str, str], ...]:
        return tuple(
            (language, spoken[language].headline, spoken[language].description,
             spoken[language].instruction)
            for language in self._world.languages if language in spoken
        )  # fmt: skip

    def clearing(
        self, shown: Shown, would: Clearing, chosen: frozenset[str], now: datetime,
        parts: Sequence[tuple[str, Sequence[str]]],
    ) -> ClearView:  # fmt: skip
        """Return what an all-clear would do, in words."""
        w, tree, alert = self._w, self._world.tree, shown.alert
        line = self.line(shown, now)
        where = self.say.regions(tree.fewest(would.ends))
        sentence = w.gettext("Tell %(place)s that the %(hazard)s of %(time)s is over?") % {
            "place": where, "hazard": line.hazard[:1].lower() + line.hazard[1:],
            "time": w.when(alert.sent, now),
        }  # fmt: skip

        def named(ids: Iterable[str]) -> tuple[Line, ...]:
            found = (self._service.view(each) for each in ids)
            return self.plain((each.alert for each in found if each is not None), now)

        lasting = w.lasting(now - alert.sent)
        read = []
        if would.rest:
            read.append(
                w.gettext("%(place)s stays under this alert.")
                % {"place": self.say.regions(tree.fewest(would.rest))}
            )
        if would.still_under:
            read.append(
                w.gettext("So %(place)s will go on reading of an alert.")
                % {"place": self.say.regions(tree.fewest(would.still_under))}
            )
        return ClearView(
            line=line,
            sentence=sentence,
            ends=(f"{line.hazard}, {where}, {lasting}",),
            ticked=named(would.ticked),
            offered=named(would.offered),
            stays=named(would.stays),
            read=tuple(read),
            parts=tuple(
                Part(
                    geocode=code, name=self.say.region(code),
                    inside=tuple((each, self.say.region(each)) for each in inside),
                )
                for code, inside in parts
            ),
            chosen=chosen,
            texts=self._told(
                self._service.all_clear_words(
                    alert, would.ends, frozenset((alert.id, *would.ticked))
                )
            ),
        )  # fmt: skip

    def people_of(self, alert: Alert) -> str:
        """Return about how many people an alert covers."""
        return self.people(people_in(self._world.tree, alert.area))
