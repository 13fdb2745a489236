"""A place put into a language: plain values that a template prints and nothing else.

A page is written twice: as it is, and as it would read if its connection were lost (UX
section 5). The second stands in the page, asleep, and holds no sentence and no colour of an
all-clear; its times are empty ``<time data-known>`` elements, which whoever wakes it fills.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape

from tocsin.core.world import World
from tocsin.service.submit import Service
from tocsin.web.public.faces import DANGER, Face, Glance, Place, Sight, Spot
from tocsin.web.public.rows import Row, Rows, known_at, then
from tocsin.web.public.voice import UNDER_ALERT, Voice
from tocsin.web.words import Words

NAMED_AT_MOST = 3
"""More parts than this are counted in the headline; the list below names them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hero:
    """The four things a resident needs, in their order: what, what to do, since when, who says.

    ``big`` is the figure beside it; ``counts_from`` is set where it counts on.
    """

    face: str
    headline: str
    action: str | Markup
    big: str | Markup = ""
    rest: str | Markup = ""
    counts_from: datetime | None = None
    sender: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionView:
    """What ``region.html`` prints."""

    geocode: str
    name: str
    above: tuple[tuple[str, str], ...]
    title: str
    hero: Hero
    stale: Hero
    stale_title: str
    parts: tuple[Row, ...]
    also: tuple[Row, ...]
    also_then: tuple[Row, ...]
    inside: tuple[Row, ...]
    inside_then: tuple[Row, ...]
    drills: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryView:
    """What ``country.html`` prints; ``pressing`` are the regions under alert, longest first."""

    title: str
    headline: str
    action: str
    sentence: str
    stale_title: str
    stale_headline: Markup
    stale_action: str
    stale_sentence: str
    pressing: tuple[Row, ...]
    pressing_then: tuple[Row, ...]
    rows: tuple[Row, ...]
    rows_then: tuple[Row, ...]
    drills: tuple[str, ...]
    icon: str


class Teller:
    """Puts places into one language."""

    def __init__(self, service: Service, words: Words) -> None:
        self._world: World = service.world
        self._words = words
        self._voice = Voice(service, words)
        self._rows = Rows(self._voice)

    def region(self, place: Place, now: datetime, known: datetime) -> RegionView:
        """Return a region's page. ``known`` is when the house last knew that it was fresh."""
        tree = self._world.tree
        name = self._voice.name(place.geocode)
        hero = self._hero(place, now)
        stale = self._stale_hero(place.main, now, known)
        above = tuple(
            (code, self._voice.name(code))
            for code in tree.upward(place.geocode)
            if code not in (place.geocode, tree.root)
        )
        first = hero.headline.upper() if hero.face == Face.ALERT else hero.headline
        return RegionView(
            geocode=place.geocode,
            name=name,
            above=above,
            title=f"{first}: {name}",
            hero=hero,
            stale=stale,
            stale_title=f"{stale.headline}: {name}",
            parts=self._rows.named(place.main.parts, place.main.glance),
            also=tuple(self._also(place.geocode, sight.glance, now) for sight in place.also),
            also_then=tuple(
                self._rows.glance_then(place.geocode, sight.glance, known)
                for sight in place.also
                if sight.glance.face in DANGER
            ),
            inside=tuple(self._rows.row(spot, now) for spot in place.inside),
            inside_then=tuple(self._rows.row_then(spot, known) for spot in place.inside),
            drills=tuple(self._drill(sight) for sight in place.drills),
        )

    def _hero(self, place: Place, now: datetime) -> Hero:
        sight = place.main
        glance, w = sight.glance, self._words
        face = glance.face
        spoken = self._voice.spoken(sight)
        sender, notes = self._voice.sender(sight), self._notes(sight)
        since = glance.since
        if face in UNDER_ALERT and since is not None:
            headline = spoken.headline
            if face is Face.PART:
                headline = self._in_part(headline, place)
            return Hero(
                face=face.value,
                sender=sender,
                notes=notes,
                headline=headline,
                action=spoken.instruction or spoken.description,
                big=w.lasting(now - since),
                rest=w.gettext("since %(when)s") % {"when": w.when(since, now)},
                counts_from=since,
            )
        if face is Face.UNSURE and since is not None:
            ran_out = w.gettext("The alert ran out at %(time)s with no all-clear.")
            said = ran_out % {"time": w.clock(since)}
            began = sight.alert.sent if sight.alert else since
            return Hero(
                face=face.value,
                sender=sender,
                notes=notes,
                headline=w.gettext("End not confirmed"),
                action=f"{said} {spoken.instruction}".strip(),
                big=w.lasting(now - began),
                rest=w.gettext("since %(when)s, no all-clear yet") % {"when": w.when(began, now)},
                counts_from=began,
            )
        if face is Face.CLEAR and since is not None:
            rest = w.gettext("all-clear given")
            if sight.alert is not None and sight.alert.ended is not None:
                length = w.lasting(sight.alert.ended - sight.alert.sent)
                rest = w.gettext("all-clear given, after %(length)s") % {"length": length}
            return Hero(
                face=face.value,
                sender=sender,
                notes=notes,
                headline=spoken.headline,
                action=_sentences(spoken.description, spoken.instruction),
                big=w.clock(since),
                rest=rest,
            )
        if face is Face.CANCEL and since is not None:
            rest = w.gettext("withdrawn")
            if sight.alert is not None:
                length = w.lasting(since - sight.alert.sent)
                rest = w.gettext("withdrawn, after %(length)s") % {"length": length}
            return Hero(
                face=face.value,
                sender=sender,
                notes=notes,
                headline=spoken.headline or w.gettext("Issued in error"),
                action=_sentences(spoken.description, spoken.instruction),
                big=w.clock(since),
                rest=rest,
            )
        return self._calm(place)

    def _notes(self, sight: Sight) -> tuple[str, ...]:
        """Return what else is to be known of an alert: its level, and that it stands for days."""
        level = self._voice.level(sight.glance)
        alert = sight.alert
        standing = ""
        if alert is not None and alert.standing and sight.glance.face in UNDER_ALERT:
            standing = self._words.gettext("Standing alert, renewed each day.")
        return tuple(note for note in (level, standing) if note)

    def _calm(self, place: Place) -> Hero:
        w = self._words
        if place.main.glance.face is Face.NODATA:
            return Hero(
                face=Face.NODATA.value,
                headline=w.gettext("No information"),
                action=w.gettext(
                    "Nobody who may warn here is connected. Listen to sirens and local radio."
                ),
            )
        big = rest = ""
        if (alert := place.last_clear) is not None and alert.ended is not None:
            big = w.clock(alert.ended)
            rest = w.gettext("last all-clear, %(date)s") % {"date": w.date(alert.ended, year=False)}
        return Hero(
            face=Face.QUIET.value,
            headline=w.gettext("No alert now"),
            action=w.gettext("No warning is in force here."),
            big=big,
            rest=rest,
        )

    def _stale_hero(self, sight: Sight, now: datetime, known: datetime) -> Hero:
        """Return the face of a page that cannot prove it is fresh."""
        w = self._words
        face = sight.glance.face
        if face in UNDER_ALERT:
            last = w.gettext("Last known: %(what)s at %(time)s.")
            what = self._voice.spoken(sight).headline.upper()
            last = last.replace("%(what)s", what.replace("%", "%%"))
            doubt = w.gettext("We cannot see if it has ended.")
        elif face is Face.UNSURE:
            last = w.gettext("Last known at %(time)s: the alert ran out and nobody ended it.")
            doubt = w.gettext("We cannot see if it has ended.")
        elif face is Face.NODATA:
            last = w.gettext("Last known at %(time)s: no information.")
            doubt = w.gettext("We cannot see if an alert has begun.")
        else:
            last = w.gettext("Last known at %(time)s: no alert.")
            doubt = w.gettext("We cannot see if an alert has begun.")
        action = then(f"{last} {doubt} ", known, w) + escape(self._meanwhile(sight))
        age = Markup("<span data-age>{}</span>").format(w.lasting(now - known))
        return Hero(
            face="stale",
            headline=w.gettext("Connection lost"),
            action=action,
            big=escape(w.gettext("%(length)s old")) % {"length": age},
            rest=escape(w.gettext("last news at %(time)s"))
            % {"time": known_at(known, w, seconds=True)},
        )

    def _meanwhile(self, sight: Sight) -> str:
        w = self._words
        hazard = self._voice.hazard(sight.glance)
        if sight.glance.face not in DANGER:
            return w.gettext("Listen to sirens and radio.")
        if hazard is not None and hazard.tone is None:
            return w.gettext("Do as the alert said; listen to sirens and radio.")
        return w.gettext("Stay in shelter; listen to sirens and radio.")

    def _in_part(self, headline: str, place: Place) -> str:
        w = self._words
        parts = place.main.parts
        if not parts or len(parts) > NAMED_AT_MOST:
            named = w.ngettext("%(num)d place", "%(num)d places", len(parts))
        else:
            named = w.listed(self._voice.name(code) for code in parts)
        return w.gettext("%(headline)s in part of %(place)s: %(parts)s") % {
            "headline": headline,
            "place": self._voice.name(place.geocode),
            "parts": named,
        }

    def _drill(self, sight: Sight) -> str:
        """Return one line about a drill; its first word is the drill word (DESIGN rule 7)."""
        w = self._words
        word = self._world.drill_words.get(w.language) or w.gettext("DRILL")
        hazard = self._voice.hazard(sight.glance)
        what = hazard.names.get(w.language, hazard.id) if hazard else ""
        only = w.gettext("This is only an exercise. You need not do anything.")
        return f"{word}: {what[:1].lower()}{what[1:]}. {only}"

    def _also(self, geocode: str, glance: Glance, now: datetime) -> Row:
        spot = Spot(geocode=geocode, glances=(glance,))
        return self._rows.row(spot, now, name=self._voice.hazard_name(glance))

    def country(
        self, all_spots: tuple[Spot, ...], drills: tuple[Sight, ...], now: datetime, known: datetime
    ) -> CountryView:
        """Return the page of the map."""
        w = self._words
        counts = dict.fromkeys(Face, 0)
        for spot in all_spots:
            counts[spot.face] += 1
        part = counts[Face.PART]
        under = counts[Face.ALERT] + part
        headline = w.ngettext("%(num)d region under alert", "%(num)d regions under alert", under)
        if not under:
            headline = w.gettext("No region is under alert now")
        extra = []
        if part:
            extra.append(w.gettext("%(num)d of them in part.") % {"num": part})
        if counts[Face.UNSURE]:
            extra.append(
                w.ngettext(
                    "%(num)d end not confirmed.", "%(num)d ends not confirmed.",
                    counts[Face.UNSURE],
                )
            )  # fmt: skip
        country = self._voice.name(self._world.tree.root)
        ordered = sorted(all_spots, key=lambda spot: w.alphabetical(self._voice.name(spot.geocode)))
        pressing = sorted(
            (spot for spot in ordered if spot.face in DANGER),
            key=lambda spot: (spot.face is Face.UNSURE, _since(spot, now)),
        )
        stale_headline = then(
            w.ngettext(
                "At %%(time)s: %(num)d region under alert",
                "At %%(time)s: %(num)d regions under alert",
                under,
            ),
            known, w,
        )  # fmt: skip
        said = self._counted(counts)
        return CountryView(
            title=f"{headline}: {country}",
            headline=headline,
            action=" ".join([*extra, w.gettext("Choose your place to see what to do.")]),
            sentence=w.gettext("Map of %(place)s: %(counts)s. The list below says the same.")
            % {"place": country, "counts": said},
            stale_title=f"{w.gettext('Connection lost')}: {country}",
            stale_headline=stale_headline,
            stale_action=w.gettext(
                "Connection lost. We cannot see what has begun or ended since. "
                "Listen to sirens and radio."
            ),
            stale_sentence=w.gettext(
                "Map of %(place)s as last known. The list below says the same."
            )
            % {"place": country},
            pressing=tuple(self._rows.row(spot, now) for spot in pressing),
            pressing_then=tuple(self._rows.row_then(spot, known) for spot in pressing),
            rows=tuple(self._rows.row(spot, now) for spot in ordered),
            rows_then=tuple(self._rows.row_then(spot, known) for spot in ordered),
            drills=tuple(self._drill(sight) for sight in drills),
            icon=Face.ALERT.value if under else Face.QUIET.value,
        )

    def _counted(self, counts: dict[Face, int]) -> str:
        w = self._words
        names = {
            Face.ALERT: w.gettext("alert: %(num)d"),
            Face.PART: w.gettext("alert in a part: %(num)d"),
            Face.UNSURE: w.gettext("end not confirmed: %(num)d"),
            Face.CLEAR: w.gettext("all-clear given: %(num)d"),
            Face.NODATA: w.gettext("no information: %(num)d"),
            Face.QUIET: w.gettext("no alert: %(num)d"),
        }
        counts = {**counts, Face.QUIET: counts[Face.QUIET] + counts[Face.CANCEL]}
        return ", ".join(names[face] % {"num": counts[face]} for face in names if counts[face])


def _sentences(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _since(spot: Spot, now: datetime) -> datetime:
    return min((each.since for each in spot.glances if each.since), default=now)
