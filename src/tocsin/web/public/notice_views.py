"""What is told at once, put into one language: false warnings, channels, outages, watches, plans.

It says what the public API says (``formats.told``), from the same bodies, so that page and API
cannot differ. Residents' sentences are short, and none of them sounds like an all-clear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from babel.numbers import format_percent

from tocsin.core.alert import Alert
from tocsin.core.area import Area, Leaves
from tocsin.core.facilities import Outage
from tocsin.core.incidents import Guidance
from tocsin.core.infra_outages import silent_from
from tocsin.core.ledger_events import KeepAway
from tocsin.core.notice_watch import Freshness
from tocsin.core.notices import Counterfeit, Watch
from tocsin.core.world import World
from tocsin.formats import told
from tocsin.formats.api import EvacuationBody, prose
from tocsin.web.public.notice_shapes import (
    GuideView,
    LieView,
    OutageView,
    PlanView,
    WatchView,
    WaysView,
    WayView,
)
from tocsin.web.public.situation_words import Phrases
from tocsin.web.seen import Way
from tocsin.web.words import Words

OutOf = Callable[[str], Mapping[str, str]]
"""A content hash -> an officer's sentences by language."""
NAMED_AT_MOST = 6
"""More regions than this are counted."""


class Crier:
    """Puts what is told at once into one language, at one moment."""

    def __init__(self, world: World, words: Words, words_of: OutOf, now: datetime) -> None:
        self._world = world
        self._words = words
        self._words_of = words_of
        self._now = now
        self._phrases = Phrases(words, tuple(world.languages))

    def plan(self, alert: Alert, body: EvacuationBody) -> PlanView:
        """Return the plan of an evacuation; a place to gather only where it is public."""
        w = self._words
        said = (
            (w.gettext("Where to"), body.destination), (w.gettext("Which way"), body.routes),
            (w.gettext("By what"), body.transport),
            (w.gettext("If you cannot walk"), body.help),
            (w.gettext("Where to gather"), body.assembly or {}),
        )  # fmt: skip
        return PlanView(
            title=f"{self.hazard(alert.hazard)}: {self.area(alert.area)}",
            deadline=self.moment(body.deadline),
            is_past=body.deadline <= self._now,
            lines=tuple(
                (name, text) for name, words in said if (text := self._phrases.own_words(words))
            ),
            assembly_elsewhere=body.assembly is None,
        )

    def lies(self, about: Iterable[Counterfeit]) -> tuple[LieView, ...]:
        """Return the false warnings that are about."""
        return tuple(
            LieView(handle=each.handle, places=self.area(each.area),
                    words=self._said(each.words), since=each.at)
            for each in about
        )  # fmt: skip

    def ways(self, ways: Iterable[Way], geocode: str) -> WaysView:
        """Return which channels may not carry warnings in a region; nothing where all do."""
        found = list(ways)
        if not any(each.may_not for each in found):
            return WaysView()
        lost = tuple(self._way(each) for each in found if each.may_not and not each.carries)
        partly = tuple(
            self._way(each, each.may_not) for each in found if each.may_not and each.carries
        )
        if geocode == self._world.tree.root:  # there, every loss is of a part
            return WaysView(lost=lost, partly=partly)
        left = tuple(self._way(each, each.may_not) for each in found if each.carries)
        return WaysView(lost=lost, partly=partly, left=left)

    def guides(self, held: Iterable[Guidance]) -> tuple[GuideView, ...]:
        """Return what to do and what to keep away from: areas, never the site itself."""
        w = self._words
        return tuple(
            GuideView(
                places=self.area(each.area),
                words=self._said(each.words),
                since=each.at,
                about=self._cause(each.about),
                until=w.gettext("until %(when)s") % {"when": self.moment(each.until)}
                if each.until is not None else "",
            )
            for each in held
        )  # fmt: skip

    def outages(
        self, outages: Iterable[Outage], hours: Mapping[str, tuple[float, float]] | None = None
    ) -> tuple[OutageView, ...]:
        """Return outages; ``hours``: how long each service was out here lately, all, in part."""
        named: set[str] = set()
        found = []
        for each in outages:
            first = each.service not in named
            named.add(each.service)
            spent = (hours or {}).get(each.service) if first else None
            found.append(self.outage(each, self._hours(spent)))
        return tuple(found)

    def outage(self, one: Outage, hours: str = "") -> OutageView:
        """Return one outage, as the API tells it."""
        body, w = told.outage_body(self._world.publication, one), self._words
        share = ""
        if body.ended is None and body.restored_share > 0:
            share = self._share(body.restored_share)
        return OutageView(
            id=body.id,
            service=self.service(body.service),
            places=self.places(body.regions),
            settlements=", ".join(body.settlements),
            figure=self._phrases.figure(one.figure) if one.figure and body.figure else "",
            began=w.when(body.began, self._now),
            steps=self._steps(one),
            is_open=body.ended is None,
            expected=" ".join(filter(None, (self._silent(one), self._expected(body)))),
            share=share,
            ended=w.when(body.ended, self._now) if body.ended is not None else "",
            source=body.source,
            hours=hours,
            changed=self._changed(one),
        )

    def watches(self, kept: Iterable[tuple[Watch, Freshness]]) -> tuple[WatchView, ...]:
        """Return watches, each with whether it says anything of now.

        What was seen is said only while it does: "nothing to do" beside a siren would kill.
        """
        return tuple(
            WatchView(
                hazard=self.hazard(each.hazard),
                places=self.places(each.regions),
                words=self._said(each.words) if stands is Freshness.FRESH else "",
                who=self._phrases.speaker(each.voice, ""),
                as_of=self._words.when(each.as_of, self._now),
                is_fresh=stands is Freshness.FRESH,
                is_old=not each.is_fresh(self._now),
            )
            for each, stands in kept
        )

    def service(self, name: str) -> str:
        """Return what a service is called."""
        w = self._words
        return {
            "power": w.gettext("Power"), "water": w.gettext("Water"), "heat": w.gettext("Heating"),
            "gas": w.gettext("Gas"), "telecom": w.gettext("Telephone"),
            "internet": w.gettext("Internet"), "broadcast": w.gettext("TV and radio"),
            "transport": w.gettext("Transport"),
        }.get(name) or prose(name)  # fmt: skip

    def hazard(self, name: str) -> str:
        """Return what a danger is called."""
        known = self._world.hazards.get(name)
        return known.names.get(self._words.language, name) if known is not None else prose(name)

    def places(self, codes: Iterable[str]) -> str:
        """Return regions by their names; the country where it knows none of them any more."""
        tree, w = self._world.tree, self._words
        known = [code for code in codes if code in tree]
        if len(known) > NAMED_AT_MOST:
            return w.ngettext("%(num)d place", "%(num)d places", len(known))
        return w.listed(tree[code].name(w.language) for code in known or [tree.root])

    def area(self, area: Area) -> str:
        """Return an area by the names of its regions."""
        tree = self._world.tree
        return self.places(area.regions or tree.fewest(tree.extent(area).touched))

    def moment(self, at: datetime) -> str:
        """Return a moment of today by its time, else with its date: it may lie ahead."""
        w = self._words
        if at.astimezone(w.zone).date() == self._now.astimezone(w.zone).date():
            return w.clock(at)
        return w.gettext("%(time)s on %(date)s") % {
            "time": w.clock(at), "date": w.date(at, year=False),
        }  # fmt: skip

    # -- inside ----------------------------------------------------------------------------------

    def _cause(self, about: KeepAway | None) -> str:
        """Return what people must keep away from, in a word; empty for other guidance."""
        w = self._words
        if about is None:
            return ""
        return {
            KeepAway.CRATER: w.gettext("Keep away: crater"),
            KeepAway.UNEXPLODED: w.gettext("Keep away: unexploded"),
            KeepAway.GAS: w.gettext("Keep away: gas"),
            KeepAway.BRIDGE: w.gettext("Keep away: bridge"),
            KeepAway.OTHER: w.gettext("Keep away"),
        }[about]

    def _way(self, way: Way, leaves: Leaves = 0) -> WayView:
        language = self._words.language
        channel = way.channel
        return WayView(
            name=channel.names.get(language) or prose(channel.id),
            advice=channel.advice.get(language, ""),
            places=self.places(self._world.tree.fewest(leaves)) if leaves else "",
        )

    def _said(self, content: str) -> str:
        return self._phrases.own_words(self._words_of(content))

    def _expected(self, body: told.OutageBody) -> str:
        """Return when it is expected back; a time that has passed is no longer a promise."""
        w, at = self._words, body.expected_end
        if at is None or body.ended is not None:
            return ""
        when = self.moment(at).rstrip(".")  # a date may end in one, and so does the sentence
        if at <= self._now:
            return w.gettext("It was expected back by %(when)s.") % {"when": when}
        return w.gettext("Expected back: %(when)s.") % {"when": when}

    def _changed(self, one: Outage) -> str:
        """Return when it was told last, by the release slot: no finer than other news."""
        at = self._world.publication.slot_of(one.changed_at or one.at)
        return self._words.when(at, self._now)

    def _steps(self, one: Outage) -> tuple[tuple[str, str], ...]:
        """Return how much was back since when, the latest first; the times are slots."""
        slot_of = self._world.publication.slot_of
        return tuple(
            (self._words.when(slot_of(each.at), self._now), self._share(each.restored))
            for each in reversed(one.shares) if each.restored > 0
        )  # fmt: skip

    def _share(self, restored: float) -> str:
        """Return a share in hundredths, rounded down: it is not whole before it is."""
        hundredths = max(1, int(restored * 100))
        return str(format_percent(hundredths / 100, locale=self._words.locale))

    def _silent(self, one: Outage) -> str:
        """Return that nobody has said anything for long: it may be over, and it may not."""
        silent = silent_from(self._world.publication, one)
        if silent is None or self._now < silent:
            return ""
        when = self.moment(silent - self._world.publication.silent_after).rstrip(".")
        return self._words.gettext("Nobody has said anything since %(when)s.") % {"when": when}

    def _hours(self, spent: tuple[float, float] | None) -> str:
        whole, part = spent or (0.0, 0.0)
        said = []
        if whole > 0:
            said.append(self._words.ngettext(
                "Out for %(num)d hour in the last 7 days.",
                "Out for %(num)d hours in the last 7 days.", max(1, round(whole)),
            ))  # fmt: skip
        if part > 0:
            said.append(self._words.ngettext(
                "In part of it out for %(num)d hour in the last 7 days.",
                "In part of it out for %(num)d hours in the last 7 days.", max(1, round(part)),
            ))  # fmt: skip
        return " ".join(said)
