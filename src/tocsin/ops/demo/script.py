"""The acts, the history and the desk's story become one list of steps: what, when, at what pace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tocsin.core.authority import Mandate
from tocsin.formats.profile import Profile
from tocsin.ops import history
from tocsin.ops.demo.acts import Act, Acts, Hold, Pace, moment
from tocsin.ops.demo.situation import Filing, Story
from tocsin.ops.history import HistoryRow


@dataclass(frozen=True, slots=True)
class Cue:
    """One step of the replay.

    ``act`` counts from 0. ``begins``: it is an alert's begin, else its end. ``gap_s`` is how long
    one waits for it at normal speed, while the clock runs from ``since``; 0 where nothing is shown.
    ``hold``: the replay waits for the key before it.
    """

    act: int
    at: datetime
    row: HistoryRow | None = None
    """The alert that begins or ends; None: the desk enters ``filing``, or one only looks."""
    begins: bool = False
    gap_s: float = 0.0
    since: datetime | None = None
    hold: Hold | None = None
    announced: bool = True
    """Whether its end was told to people; if not, it runs out."""
    filing: Filing | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """Everything that is played, in order; ``mandates`` of each act are given at its beginning."""

    acts: Sequence[Act]
    begins: Sequence[datetime]
    pace: Pace
    cues: Sequence[Cue]
    mandates: Sequence[tuple[Mandate, ...]]

    @property
    def start(self) -> datetime:
        """Return the time at which the replay begins."""
        return self.begins[0]


def write_script(
    acts: Acts, profile: Profile, data: bytes, hazard: str, story: Story | None = None
) -> Script:
    """Return the script of the acts over a history file, with what the desk enters meanwhile.

    Raises:
        BadInput: the file cannot be read.
    """
    world = profile.world
    zone = ZoneInfo(world.time_zone)
    cues: list[Cue] = []
    mandates: list[tuple[Mandate, ...]] = []
    groups: list[list[int]] = []
    for number, act in enumerate(acts.acts):
        if act.continues:
            groups[-1].append(number)
        else:
            groups.append([number])
    begins = [moment(world, act.begins) for act in acts.acts]
    for group in groups:
        first = acts.acts[group[0]]
        days = frozenset(first.days)
        rows, _ = history.read_history(
            data, world, first.sources, hazard, _around(min(days), max(days))
        )
        played = [row for row in rows if row.began_at.astimezone(zone).date() in days]
        found = _cues(played, profile, group, begins)
        later = [begins[number] for number in range(group[-1] + 1, len(begins))]
        found += _told(story or Story(), group, begins, min(later, default=None))
        found.sort(key=lambda cue: cue.at)  # stable: an alert comes before what tells of it
        cues += _paced(found, acts, profile)
        held = tuple(
            mandate
            for name in first.sources
            for mandate in profile.sources[name].mandates
            if mandate.valid_until is None or mandate.valid_until > begins[group[0]]
        )
        mandates += [held, *[()] * (len(group) - 1)]
    return Script(acts.acts, begins, acts.pace, _held(cues, acts, profile), mandates)


def _around(first: date, last: date) -> tuple[datetime, datetime]:
    """Return a time that holds these days in every time zone."""
    day = timedelta(days=1)
    return (
        datetime(first.year, first.month, first.day, tzinfo=UTC) - day,
        datetime(last.year, last.month, last.day, tzinfo=UTC) + 2 * day,
    )


def _cues(
    rows: Iterable[HistoryRow], profile: Profile, group: Sequence[int], begins: Sequence[datetime]
) -> list[Cue]:
    found = []
    for step in history.steps_of(rows, profile.world):
        act = max(number for number in group if number == group[0] or begins[number] <= step.at)
        if step.kind != history.STAND:
            announced = profile.sources[step.row.source].ends_announced
            starts = step.kind == history.START
            found.append(Cue(act, step.at, step.row, starts, announced=announced))
    return found


def _told(
    story: Story, group: Sequence[int], begins: Sequence[datetime], before: datetime | None
) -> list[Cue]:
    """Return the steps of the desk's story that lie in these acts."""
    steps = [(filing.at, filing) for filing in story.filings]
    found = []
    for at, filing in (*steps, *((look, None) for look in story.looks)):
        if begins[group[0]] <= at and (before is None or at < before):
            act = max(number for number in group if begins[number] <= at)
            found.append(Cue(act, at, filing=filing))
    return found


def _paced(cues: Sequence[Cue], acts: Acts, profile: Profile) -> list[Cue]:
    """Return the cues with their gaps: as the events had them, squeezed into the act's time."""
    found = list(cues)
    for number, act in enumerate(acts.acts):
        scenes = [
            (moment(profile.world, scene.begin), moment(profile.world, scene.until))
            for scene in act.shown
        ]
        places: list[int] = []
        since: list[datetime] = []
        for place, cue in enumerate(found):
            scene = next((s for s in scenes if s[0] <= cue.at < s[1]), None)
            if cue.act == number and scene is not None:
                places.append(place)
                since.append(max(scene[0], found[place - 1].at) if place else scene[0])
        lengths = [
            (found[place].at - before).total_seconds()
            for place, before in zip(places, since, strict=True)
        ]
        gaps = squeezed(lengths, acts.pace)
        for place, before, gap in zip(places, since, gaps, strict=True):
            found[place] = replace(found[place], gap_s=gap, since=before)
    return found


def squeezed(gaps: Sequence[float], pace: Pace) -> list[float]:
    """Return the gaps scaled, within the longest and shortest, to take about an act's time."""

    def scaled(by: float) -> list[float]:
        return [min(max(gap * by, pace.shortest_gap_s), pace.longest_gap_s) for gap in gaps]

    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        if sum(scaled(middle)) > pace.act_s:
            high = middle
        else:
            low = middle
    return scaled(low)


def _held(cues: Sequence[Cue], acts: Acts, profile: Profile) -> list[Cue]:
    """Return the cues with each hold put on the first one at or after its time."""
    found = list(cues)
    for number, act in enumerate(acts.acts):
        if act.hold is None:
            continue
        before = moment(profile.world, act.hold.before)
        for place, cue in enumerate(found):
            if cue.act == number and cue.at >= before:
                found[place] = replace(cue, hold=act.hold)
                break
    return found
