"""A history file becomes commands, and these go the real road, in bulk.

Imported history holds at the time of its rows and is learned now (DESIGN section 4, time):
``decide`` runs with the row's time as ``now``, nothing sounds, nothing enters a stream. What
the file does not know is not made up:

* An end that nobody announced is an expiry at the data's end, so ``unconfirmed``, never an
  all-clear (DESIGN section 3, rule 5).
* An alert still open at ``sent`` plus its hazard's longest duration becomes *standing* there, by
  one event in the importer's name.
* A row without a region, or with an end that is not after its start, is reported, not guessed.

Every row has a name of its own (``identifier``), so the same file twice changes nothing, and an
import that was cut off is taken up by running it again.

The file: CSV or gzipped CSV in UTF-8 with the columns ``region_id, started_at_utc, ended_at_utc,
source`` and, where given, ``region_name`` and ``hazard``; others are ignored.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from tocsin.clock import Clock
from tocsin.core import commands as co
from tocsin.core.alert import AlertState, Realm, Status
from tocsin.core.area import Area
from tocsin.core.authority import Mandate
from tocsin.core.events import AlertCancelled, AlertCleared, AlertIssued, AlertRanOut
from tocsin.core.refusals import Refusal
from tocsin.core.world import World
from tocsin.errors import BadInput
from tocsin.formats.profile import Source
from tocsin.service.bulk import GROUP, Bulk
from tocsin.service.ports import Journal
from tocsin.service.record import Codec
from tocsin.service.road import Prepared

COLUMNS = ("region_id", "started_at_utc", "ended_at_utc", "source")
END, STAND, START = 0, 1, 2
"""What happens first where times are equal: an end before the next start."""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One alert of the file; ``number`` is its line, the heading being line 1. Times are UTC."""

    number: int
    region: str
    began_at: datetime
    ended_at: datetime
    source: str
    hazard: str
    identifier: str
    """The row's own name: the same in every run and every file."""
    content: str
    """The hash of what the row says of its start, by which a repeat is known."""


def name_of(source: str, region: str, began_at: datetime, hazard: str) -> tuple[str, str]:
    """Return the identifier and the content hash of the alert that began there and then."""
    name = f"{source}|{region}|{began_at.isoformat()}|{hazard}"
    content = hashlib.sha256(name.encode()).hexdigest()
    return content[:32], content


@dataclass(frozen=True, slots=True)
class Reported:
    """A row that was not imported, and why."""

    number: int
    why: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to one row's alert: it began, became standing, or ended."""

    at: datetime
    kind: int
    row: HistoryRow


@dataclass(slots=True)
class Summary:
    """What an import did: alerts in the file, and events written for them."""

    rows: int = 0
    commands: int = 0
    issued: int = 0
    cleared: int = 0
    unconfirmed: int = 0
    standing: int = 0
    repeated: int = 0
    reported: list[Reported] = field(default_factory=list)


def read_history(
    data: bytes,
    world: World,
    sources: Iterable[str],
    hazard: str,
    between: tuple[datetime, datetime] | None = None,
) -> tuple[list[HistoryRow], list[Reported]]:
    """Return the rows of the given sources, and those that cannot be used.

    ``hazard`` is what the file's alerts warn of where it does not say so itself. ``between``: only
    alerts that begin in that time, half-open.

    Raises:
        BadInput: The file cannot be read as UTF-8 CSV, or a column is missing.
    """
    wanted = frozenset(sources)
    rows: list[HistoryRow] = []
    reported: list[Reported] = []
    times: dict[str, datetime] = {}
    for number, region_id, start, end, source, name, own in _lines(data):
        if source not in wanted:
            continue
        try:
            began, ended = _time(start, times), _time(end, times)
        except ValueError as wrong:
            reported.append(Reported(number, f"a time cannot be read: {wrong}"))
            continue
        if between is not None and not between[0] <= began < between[1]:
            continue
        region = world.tree.find(region_id) if region_id else None
        danger = own or hazard
        if region is None:
            why = f"{region_id or 'no region'}: {name or 'unnamed'}"
        elif ended <= began:
            why = "it ends before it begins"
        elif danger not in world.hazards:
            why = f"the profile has no hazard {danger!r}"
        else:
            names = name_of(source, region, began, danger)
            rows.append(HistoryRow(number, region, began, ended, source, danger, *names))
            continue
        reported.append(Reported(number, why))
    return rows, reported


def steps_of(rows: Iterable[HistoryRow], world: World) -> list[Step]:
    """Return what happened, in the order of time: starts, standings and ends merged."""
    found: list[Step] = []
    for row in rows:
        longest = world.hazards[row.hazard].longest
        found.append(Step(row.began_at, START, row))
        if row.ended_at > row.began_at + longest:
            found.append(Step(row.began_at + longest, STAND, row))
        found.append(Step(row.ended_at, END, row))
    found.sort(key=lambda step: (step.at, step.kind, step.row.region))
    return found


class _Empty:
    """A journal that was empty when the import began, as the road asks it.

    Every identity is then in the open state as long as a row may name it, so there is none to
    look up; that is a sixth of an import's time. The journal's own unique index stays the judge.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def find(self, _sender: str, _identifier: str) -> None:
        """Return what is recorded under an identity: nothing."""

    def __getattr__(self, name: str) -> object:
        return getattr(self._journal, name)


class Importer:
    """Drives steps down the road in large batches; the caller holds the writer's lock.

    Args:
        world: The profile.
        journal: An open journal that nobody else writes.
        codec: How its events are written.
        clock: Says when we learned it.
        new_id: Makes the ids of alerts.
        importer: The person or machine that imports; named where an alert becomes standing.
    """

    def __init__(  # each is handed in by name, so that nothing is asked elsewhere
        self,
        *,
        world: World,
        journal: Journal,
        codec: Codec,
        clock: Clock,
        new_id: Callable[[], str],
        importer: str,
    ) -> None:
        self._world = world
        self._importer = importer
        self._over = _over(journal, codec)
        if journal.head().seq == 0:
            journal = cast(Journal, _Empty(journal))
        self._bulk = Bulk(world=world, journal=journal, codec=codec, clock=clock, new_id=new_id)

    def run(
        self,
        rows: Sequence[HistoryRow],
        reported: Iterable[Reported],
        sources: Mapping[str, Source],
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> Summary:
        """Import the rows; return what was done. May be called again: it changes nothing then.

        Raises:
            JournalUnavailable: The disk did not take a batch; what came before is recorded.
        """
        done = Summary(rows=len(rows), reported=list(reported))
        for name in dict.fromkeys(row.source for row in rows):
            for mandate in sources[name].mandates:
                self._give(mandate)
        steps = steps_of(rows, self._world)
        for count, step in enumerate(steps, 1):
            self._take(step, sources[step.row.source], done)
            if count % GROUP == 0:
                progress(count, len(steps))
        self._bulk.flush()
        progress(len(steps), len(steps))
        return done

    def _give(self, mandate: Mandate) -> None:
        """Let a source warn where the profile says, unless it may already."""
        if mandate in self._bulk.state.mandates:
            return
        command = co.GiveMandate(
            sender=mandate.sender,
            regions=mandate.regions,
            valid_from=mandate.valid_from,
            valid_until=mandate.valid_until,
            by=self._importer,
            imported=True,
        )
        outcome = self._bulk.ask(command, mandate.valid_from)
        if isinstance(outcome, Refusal):
            raise BadInput(outcome.help, field=outcome.field, rule=outcome.rule)

    def _take(self, step: Step, source: Source, done: Summary) -> None:
        command = self._command(step, source)
        if command is None:
            done.repeated += 1
            return
        done.commands += 1
        outcome = self._bulk.ask(command, step.at)
        if isinstance(outcome, Refusal):
            why = f"{outcome.field}: {outcome.rule}: {outcome.help}"
            done.reported.append(Reported(step.row.number, why))
        elif isinstance(outcome, Prepared):
            match command:
                case co.IssueAlert():
                    done.issued += 1
                case co.ClearAlert():
                    done.cleared += 1
                case co.ExpireAlert():
                    done.unconfirmed += 1
                case _:
                    done.standing += 1
        else:
            done.repeated += 1

    def _command(self, step: Step, source: Source) -> co.Command | None:
        """Return what a step asks; None where its alert is over since an earlier run."""
        row = step.row
        if (source.id, row.identifier) in self._over:
            return None
        if step.kind == START:
            last = row.began_at + self._world.hazards[row.hazard].longest
            return co.IssueAlert(
                realm=Realm.LIVE,
                status=Status.ACTUAL,
                sender=source.id,
                hazard=row.hazard,
                area=Area(regions=(row.region,)),
                identifier=row.identifier,
                expires=last if source.ends_announced else min(last, row.ended_at),
                content=row.content,
                by=self._importer,
                imported=True,
            )
        if step.kind == END and source.ends_announced:
            return co.ClearAlert(
                sender=source.id, identifier=row.identifier, by=self._importer, imported=True
            )
        alert = self._bulk.state.named(source.id, row.identifier)
        if alert is None or alert.state is not AlertState.ACTIVE:
            return None  # closed in an earlier run
        if step.kind == END:
            return co.ExpireAlert(alert_id=alert.id, imported=True)
        if alert.standing:
            return None
        return co.ExtendAlert(
            alert_id=alert.id,
            sender=source.id,
            expires=row.ended_at,
            standing_by=self._importer,
            by=self._importer,
            imported=True,
        )


def _over(journal: Journal, codec: Codec) -> frozenset[tuple[str, str]]:
    """Return the identities of alerts that have ended already. O(rows of the journal)."""
    names: dict[str, tuple[str, str]] = {}
    ended: set[tuple[str, str]] = set()
    for row in journal.read():
        match codec.decode(row.kind, row.version, row.data):
            case AlertIssued() as event:
                names[event.alert_id] = (event.sender, event.identifier)
            case AlertCleared() | AlertCancelled() | AlertRanOut() as event:
                ended.add(names[event.alert_id])
            case _:
                pass
    return frozenset(ended)


def _lines(data: bytes) -> Iterator[tuple[int, str, str, str, str, str, str]]:
    """Yield line number, region, start, end, source, name and hazard of each line."""
    try:
        if data.startswith(b"\x1f\x8b"):
            data = gzip.decompress(data)
        reader = csv.reader(io.StringIO(data.decode("utf-8"), newline=""))
        heading = next(reader, [])
        missing = [name for name in COLUMNS if name not in heading]
        if missing:
            raise BadInput(f"no column {missing[0]}", field="line 1", rule="missing-column")
        region, start, end, source = (heading.index(name) for name in COLUMNS)
        name, hazard = (
            heading.index(each) if each in heading else None for each in ("region_name", "hazard")
        )
        for line in reader:
            if len(line) != len(heading):
                if not line:
                    continue
                where = f"line {reader.line_num}"
                raise BadInput("the line has not its columns", field=where, rule="missing-column")
            yield (
                reader.line_num, line[region], line[start], line[end], line[source],
                "" if name is None else line[name],
                "" if hazard is None else line[hazard],
            )  # fmt: skip
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as wrong:
        raise BadInput(f"it cannot be read: {wrong}", rule="unreadable") from wrong


def _time(text: str, known: dict[str, datetime]) -> datetime:
    found = known.get(text)
    if found is None:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            raise ValueError(f"{text!r} has no zone")
        found = known[text] = found.astimezone(UTC)
    return found
