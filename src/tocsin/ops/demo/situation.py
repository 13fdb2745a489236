"""``situation.toml``: what the demo's desk enters about its days, in our own words.

Facts, figures and speakers of news reports, ready as commands of the ledger, in the order in which
they are entered. Nothing of it is known to code: kinds, places and sentences are the profile's.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from tocsin.core import ledger_commands as lc
from tocsin.core.area import Area
from tocsin.core.claims import OUTLET, Figure, Saying, Thing, Voice, When, Where
from tocsin.core.facilities import Serves
from tocsin.core.incidents import LinkKind
from tocsin.errors import ProfileProblem
from tocsin.formats.api import stored_words
from tocsin.formats.profile import Profile
from tocsin.ops.demo.deeds import (
    Control,
    Deed,
    Look,
    Order,
    Out,
    Refute,
    RefuteEnd,
    Register,
    Report,
    Set,
)
from tocsin.ops.demo.situation_rows import (
    ClaimRow,
    FilingRow,
    GuidanceRow,
    IncidentRow,
    PlacedRow,
    ReportRow,
    StoryRow,
)

FILE = "situation.toml"
BY = "demo"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """An incident to open: its key, what it is called, the command, its words as stored."""

    key: str
    title: Mapping[str, str]
    command: lc.OpenIncident
    texts: Mapping[str, bytes]
    alerts: tuple[datetime, datetime] | None = None
    """Of a wave: the alerts issued in that time belong to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A claim to enter, of the incident with that key; empty: of none."""

    ref: str
    incident: str
    saying: Saying
    texts: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A link to make between two incidents, by their keys."""

    kind: LinkKind
    one: str
    other: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Guidance to give, its words as stored."""

    key: str
    told: Mapping[str, str]
    command: lc.GiveGuidance
    texts: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceEnd:
    """Guidance that is over, by its key."""

    key: str


Entry = Opening | Account | Tie | Advice | AdviceEnd | Deed


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """Everything that the desk enters at one moment, in order."""

    at: datetime
    outlet: str
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All filings, oldest first, and the moments at which one looks at what came of them."""

    filings: Sequence[Filing] = ()
    looks: Sequence[datetime] = ()


def read_story(data: bytes, profile: Profile) -> Story:
    """Return what the desk enters.

    Raises:
        ProfileProblem: a key is unknown or missing, or names what is not there.
    """
    try:
        found = msgspec.convert(tomllib.loads(data.decode("utf-8")), StoryRow)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as slip:
        raise ProfileProblem(f"{FILE}: {slip}") from slip
    return _Reader(found, profile).story()


class DeedReader:
    """Makes deeds of rows; what they name was named before."""

    def __init__(self, story: _Reader) -> None:
        self._story = story
        self._names: dict[str, str] = {}
        self._lies: set[str] = set()

    def before(self, field: str, row: FilingRow) -> list[Deed]:
        """Return what is done before the filing's incidents: who controls what, the register."""
        found: list[Deed] = []
        for n, holds in enumerate(row.control):
            since = None if holds.since is None else self._story.at(holds.since)
            found.append(Control(
                control=holds.control, source=holds.source, since=since,
                regions=self._codes(f"{field}/control/{n}", holds.regions),
            ))  # fmt: skip
        for n, one in enumerate(row.installations):
            here = f"{field}/installations/{n}"
            for need in one.needs:
                self._known(f"{here}/needs", need.on)
            self._names[one.key] = one.name
            where = Where(geocode=self._story.code(f"{here}/region", one.region), name=one.place)
            serves = tuple(
                Serves(channel=each.channel, regions=self._codes(here, each.regions))
                for each in one.serves
            )
            found.append(Register(key=one.key, kind=one.kind, name=one.name, where=where,
                                  needs=tuple((each.tie, each.on) for each in one.needs),
                                  serves=serves))  # fmt: skip
        return found

    def after(self, field: str, row: FilingRow, at: datetime) -> list[Deed]:
        """Return what is done once the filing's incidents and claims are there."""
        found: list[Deed] = []
        for n, said in enumerate(row.conditions):
            name = self._known(f"{field}/conditions/{n}/installation", said.installation)
            found.append(Report(installation=said.installation, name=name, as_of=at,
                                condition=said.condition, source=said.source,
                                struck=said.struck, incident=said.incident))  # fmt: skip
        for n, set_ in enumerate(row.channels):
            found.append(Set(channel=set_.channel, condition=set_.condition, as_of=at,
                             regions=self._codes(f"{field}/channels/{n}", set_.regions),
                             source=set_.source))  # fmt: skip
        for n, out in enumerate(row.outages):
            figure = out.figure
            found.append(Out(
                key=out.key, service=out.service, settlements=tuple(out.settlements),
                regions=self._codes(f"{field}/outages/{n}", out.regions),
                figure=None if figure is None else Figure(
                    measures=tuple(figure.measures), qualifier=figure.qualifier,
                    value=figure.value, what=figure.what),
                began=self._story.at(out.began), share=out.share, source=out.source,
                ended=None if out.ended is None else self._story.at(out.ended),
                installations=tuple(out.installations), incident=out.incident,
            ))  # fmt: skip
        for n, order in enumerate(row.postures):
            found.append(Order(
                level=order.level, kind=order.kind, reason=order.reason,
                regions=self._codes(f"{field}/postures/{n}", order.regions),
                ordered_by=order.ordered_by, for_whom=order.for_whom,
                until=None if order.until is None else self._story.at(order.until),
            ))  # fmt: skip
        for n, look in enumerate(row.watches):
            here = f"{field}/watches/{n}"
            words, texts = self._story.words(f"{here}/words", look.words)
            found.append(Look(
                hazard=look.hazard, regions=self._codes(here, look.regions),
                voice=self._story.voice(f"{here}/voice", look.voice), words=words,
                as_of=self._story.at(look.as_of), fresh_until=self._story.at(look.fresh_until),
                told=look.words, texts=texts,
            ))  # fmt: skip
        for n, lie in enumerate(row.lies):
            here = f"{field}/lies/{n}"
            words, texts = self._story.words(f"{here}/words", lie.words)
            self._lies.add(lie.key)
            found.append(Refute(key=lie.key, area=Area(regions=self._codes(here, lie.regions)),
                                words=words, refutes=lie.refutes, told=lie.words,
                                texts=texts))  # fmt: skip
        for n, key in enumerate(row.lies_end):
            if key not in self._lies:
                raise ProfileProblem(f"{FILE}: {field}/lies_end/{n}: no lie {key!r} was told of.")
            found.append(RefuteEnd(lie=key))
        return found

    def _codes(self, field: str, names: Sequence[str]) -> tuple[str, ...]:
        return tuple(self._story.code(f"{field}/regions/{n}", each)
                     for n, each in enumerate(names))  # fmt: skip

    def _known(self, field: str, key: str) -> str:
        if key not in self._names:
            raise ProfileProblem(f"{FILE}: {field}: no installation {key!r} was registered before.")
        return self._names[key]


class _Reader:
    """Makes commands of rows, and remembers where and when each incident was."""

    def __init__(self, row: StoryRow, profile: Profile) -> None:
        self._row = row
        self._tree = profile.world.tree
        self._languages = profile.world.languages
        self._zone = ZoneInfo(profile.world.time_zone)
        self._opened: dict[str, tuple[Where, When]] = {}
        self._advised: set[str] = set()
        self._deeds = DeedReader(self)

    def story(self) -> Story:
        filings = [self._filing(n, each) for n, each in enumerate(self._row.filings)]
        if [each.at for each in filings] != sorted(each.at for each in filings):
            raise ProfileProblem(f"{FILE}: /filings: give them in the order of their times.")
        return Story(filings=filings, looks=sorted(self.at(each) for each in self._row.looks))

    def _filing(self, number: int, row: FilingRow) -> Filing:
        where, at = f"/filings/{number}", self.at(row.at)
        entries: list[Entry] = [
            *self._deeds.before(where, row),
        ]
        for n, advice in enumerate(row.guidance):
            entries.append(self._advice(f"{where}/guidance/{n}", advice))
        for n, key in enumerate(row.ends):
            if key not in self._advised:
                raise ProfileProblem(f"{FILE}: {where}/ends/{n}: no guidance {key!r} was given.")
            entries.append(AdviceEnd(key=key))
        for n, incident in enumerate(row.incidents):
            entries.append(self._opening(f"{where}/incidents/{n}", incident))
        for n, claim in enumerate(row.claims):
            entries.append(self._account(f"{where}/claims/{n}", claim, row.report, at))
        for n, link in enumerate(row.links):
            for key in (link.one, link.other):
                self._incident(f"{where}/links/{n}", key)
            entries.append(Tie(kind=link.kind, one=link.one, other=link.other, reason=link.reason))
        entries += self._deeds.after(where, row, at)
        outlet = self._report(f"{where}/report", row.report).outlet if row.report else ""
        return Filing(at=at, outlet=outlet, entries=entries)

    def _opening(self, field: str, row: IncidentRow) -> Opening:
        if row.key in self._opened:
            raise ProfileProblem(f"{FILE}: {field}/key: {row.key!r} is there already.")
        place, when = self._where(field, row), self._when(row)
        if place is None or when is None:
            raise ProfileProblem(f"{FILE}: {field}: give region, from and until.")
        self._opened[row.key] = place, when
        title, texts = self.words(f"{field}/title", row.title)
        command = lc.OpenIncident(
            kind=row.kind, site=row.site, where=place, when=when, title=title, by=BY
        )
        span = row.alerts
        return Opening(
            key=row.key, title=row.title, command=command, texts=texts,
            alerts=None if span is None else (self.at(span.begin), self.at(span.until)),
        )  # fmt: skip

    def _account(self, field: str, row: ClaimRow, report: str, at: datetime) -> Account:
        place, when = self._where(field, row), self._when(row)
        if row.incident:
            own = self._incident(f"{field}/incident", row.incident)
            place, when = place or own[0], when or own[1]
        source = self._report(f"{field}/report", row.report or report)
        words, texts = self.words(f"{field}/words", row.words)
        saying = Saying(
            kind=row.kind,
            voice=self.voice(f"{field}/voice", row.voice),
            outlet=source.outlet,
            hedge=row.hedge,
            figures=tuple(
                Figure(measures=tuple(each.measures), qualifier=each.qualifier, value=each.value,
                       what=each.what, is_part=each.is_part)
                for each in row.figures
            ),
            things=tuple(Thing(type=each.type, status=each.status) for each in row.things),
            happened=None if row.undated else when,
            where=place,
            said_at=min(self._said(source), at),
            words=words,
        )  # fmt: skip
        return Account(ref=row.ref, incident=row.incident, saying=saying, texts=texts)

    def _advice(self, field: str, row: GuidanceRow) -> Advice:
        codes = tuple(self.code(f"{field}/regions/{n}", each)
                      for n, each in enumerate(row.regions))  # fmt: skip
        words, texts = self.words(f"{field}/words", row.words)
        command = lc.GiveGuidance(
            area=Area(regions=codes), words=words, languages=tuple(sorted(row.words)),
            about=row.about, by=BY,
        )  # fmt: skip
        self._advised.add(row.key)
        return Advice(key=row.key, told=row.words, command=command, texts=texts)

    def _incident(self, field: str, key: str) -> tuple[Where, When]:
        if key not in self._opened:
            raise ProfileProblem(f"{FILE}: {field}: no incident {key!r} was opened before.")
        return self._opened[key]

    def _report(self, field: str, name: str) -> ReportRow:
        if name not in self._row.reports:
            raise ProfileProblem(f"{FILE}: {field}: there is no report {name!r}.")
        return self._row.reports[name]

    def voice(self, field: str, name: str) -> Voice:
        if not name:
            return OUTLET
        if name not in self._row.voices:
            raise ProfileProblem(f"{FILE}: {field}: there is no voice {name!r}.")
        row = self._row.voices[name]
        return Voice(kind=row.kind, name=row.name, role=row.role, org=row.org, via=row.via,
                     official=row.official)  # fmt: skip

    def _where(self, field: str, row: PlacedRow) -> Where | None:
        if not row.region:
            return None
        code = self.code(f"{field}/region", row.region)
        return Where(geocode=code, name=row.place, site=row.object)

    def code(self, field: str, name: str) -> str:
        code = self._tree.find(name)
        if code is None:
            raise ProfileProblem(f"{FILE}: {field}: the profile has no {name!r}.")
        return code

    def _when(self, row: PlacedRow) -> When | None:
        if row.begin is None or row.until is None:
            return None
        return When(start=self.at(row.begin), end=self.at(row.until), grain=row.grain,
                    certain=row.certain)  # fmt: skip

    def words(self, field: str, told: Mapping[str, str]) -> tuple[str, Mapping[str, bytes]]:
        for language in self._languages:
            if language not in told:
                raise ProfileProblem(f"{FILE}: {field}: say it in {language!r} as well.")
        content, body = stored_words(told)
        return content, {content: body}

    def _said(self, report: ReportRow) -> datetime:
        """Return when a report appeared; where it names a day alone, that day's last moment."""
        if report.at is not None:
            return self.at(datetime.combine(report.published, report.at))
        return self.at(datetime.combine(report.published + DAY, time())) - timedelta(seconds=1)

    def at(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self._zone).astimezone(UTC)
