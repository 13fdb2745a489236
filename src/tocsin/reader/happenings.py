"""The happenings of one sentence: what is told, when, where, of how many, by whom.

Claims of one sentence are of one event unless their days or towns differ.
"""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.reader import kinds, troops
from tocsin.reader.aspects import hedge_of, hints, infrastructure
from tocsin.reader.choices import places_for, times_for
from tocsin.reader.claim import OUTLET, Hedge, Kind, Moment
from tocsin.reader.clauses import clause_at
from tocsin.reader.clusters import STATES, Cluster, clusters
from tocsin.reader.figures import figure_of
from tocsin.reader.found import Found
from tocsin.reader.quotes import quote
from tocsin.reader.scope import OTHER, SAID, Scope, places_of, speaker_of, time_of
from tocsin.reader.sketch import Sketch
from tocsin.reader.speakers import Attribution

_ACTS = frozenset({Kind.EVACUATION, Kind.SHELTER, Kind.ALERT})
"""What people do about it; not a part of what happened."""
_DAY = 10
SUPERSEDED = "An earlier figure that the report corrects."
"""The note of "down from nine"."""
_TAKES = {
    Kind.CASUALTIES: ("missing", "rescued", "trapped", "hospital", "dead", "pulled", "saved"),
    Kind.EVACUATION: ("evacuat", "displac", "homeless", "fled", "relocat", "moved"),
    Kind.SHELTER: ("shelter",),
    Kind.OUTAGE: ("customer", "household", "settlement", "without", "subscriber", "flight", "home",
                  "consumer", "town", "village", "house", "business", "people"),
    Kind.RESTORATION: ("customer", "household", "settlement", "restored", "reconnected"),
    Kind.DAMAGE: ("house", "building", "home", "vehicle", "school", "apartment", "village", "car",
                  "hospital", "bridge", "flat", "structure", "church", "shop"),
    Kind.STRIKE: ("strike", "missile", "drone", "attack", "rocket", "raid"),
}  # fmt: skip


def happenings(found: Found) -> list[Sketch]:
    """Return a sketch for each kind that the sentence tells of."""
    groups = [
        each
        for each in clusters(found)
        if not _is_denied(found, each) and not troops.are_lost(found, each.counts)
    ]
    sketches = [_sketch(found, cluster, groups) for cluster in groups]
    _affected(found, sketches)
    _cells(found, groups, sketches)
    return sketches


def _is_denied(found: Found, cluster: Cluster) -> bool:
    """Say whether it is told only as what somebody denies: that is a statement."""
    said = _speaker(found, cluster)
    return (
        said is not None
        and said.hedge is Hedge.DENIED
        and not said.is_quotation
        and said.cue.start < cluster.at
    )


def _sketch(found: Found, cluster: Cluster, rivals: Sequence[Cluster]) -> Sketch:
    scope = _scope(found, cluster, rivals)
    said = _speaker(found, cluster)
    time, far = time_of(scope, times_for(found, cluster), said, cluster.kind)
    is_cause = cluster.kind in kinds.causes()
    where, where_far = places_of(scope, places_for(found, cluster, rivals), cluster.kind)
    moment = time.moment() if time is not None else None
    if moment is not None and far < SAID:
        moment = _course(found, cluster, moment)
    sketch = Sketch(
        kind=cluster.kind,
        sentence=found.sentence.number,
        paragraph=found.sentence.paragraph,
        group=0,
        quote=quote(found, cluster, rivals, scope, said),
        at=cluster.at,
        time=moment,
        has_own_time=moment is not None and far < SAID,
        place=where,
        has_own_place=bool(where) and where_far <= OTHER,
        speaker=said.speaker if said else OUTLET,
        hedge=hedge_of(found, cluster, scope, said),
        infrastructure=infrastructure(found, cluster, scope),
        is_cause=is_cause,
        is_part=cluster.is_part,
    )
    for count in cluster.counts:
        figure = figure_of(count)
        if count.is_old:
            sketch.note = SUPERSEDED
        if count.role == "killed":
            sketch.killed = figure
        elif count.role == "injured":
            sketch.injured = figure
        else:
            sketch.affected = figure
    hints(found, cluster, scope, sketch, is_reported=said is not None)
    if cluster.kind is Kind.CASUALTIES:
        _since(found, scope, sketch)
    return sketch


def _since(found: Found, scope: Scope, sketch: Sketch) -> None:
    """Read a count over a time: "have died since Sunday" is no toll of one happening."""
    published = found.document.published
    for each in found.times:
        if each.kind != "since" or each.is_possessive or each.start is None or published is None:
            continue
        clause = clause_at(found.parts, each.span.start)
        if clause.number in scope.own and found.any("grammar.perfect", clause.first, clause.last):
            day = each.start[:_DAY]
            sketch.time = Moment(
                start=day,
                end=published.isoformat(),
                grain="range",
                basis="explicit",
                span=each.span,
            )
            sketch.has_own_time = True


def _scope(found: Found, cluster: Cluster, rivals: Sequence[Cluster]) -> Scope:
    """Return the clauses of a claim, and those that another happening keeps for itself."""
    parts = found.parts
    own = {clause_at(parts, each.span.start).number for each in cluster.triggers}
    own |= {clause_at(parts, each.span.start).number for each in cluster.counts}
    lines = {parts[number].group for number in own}
    busy = {
        clause_at(parts, each.at).number
        for each in rivals
        if (each.kind in kinds.causes() or each.kind in _ACTS) and each is not cluster
    } - own
    shared = {part.number for part in parts if part.group in lines} - (
        busy if cluster.kind in kinds.causes() or cluster.kind in _ACTS else set()
    )
    days = {each.start[:_DAY] for each in found.times if each.start and each.kind == "point"}
    others = {
        found.group(trigger.span.start)
        for each in rivals
        if each is not cluster
        for trigger in each.triggers
    } - lines
    barred = {
        part.number
        for part in parts
        if part.group not in lines
        and (part.group in found.aside or (len(days) > 1 and part.group in others))
    }
    return Scope(
        parts=parts,
        own=frozenset(own),
        shared=frozenset(shared),
        barred=frozenset(barred),
        at=cluster.at,
        is_since=any(
            found.any("relation.since", parts[number].first, parts[number].first + 1)
            for number in own
        ),
    )


def _speaker(found: Found, cluster: Cluster) -> Attribution | None:
    """Return who stands behind it; who only condemns or believes it does not.

    Who counts the dead ("had put the toll at 9") does, in the clause of that verb.
    """
    here = clause_at(found.parts, cluster.at).number
    spoken = [
        each
        for each in found.attributions
        if not _is_outside(found, each, here)
        and (
            not each.is_weak
            or each.hedge is not Hedge.SAID
            or (
                cluster.kind is Kind.CASUALTIES
                and clause_at(found.parts, each.cue.start).number == here
            )
        )
    ]
    return speaker_of(spoken, cluster.at)


def _is_outside(found: Found, said: Attribution, here: int) -> bool:
    """Say whether a denial ends before that clause: "denied a cover-up after a blast killed 5".

    Where "that" opens what is denied, all behind it is.
    """
    if said.hedge not in {Hedge.DENIED, Hedge.POSSIBLE} or said.is_quotation:
        return False
    first = clause_at(found.parts, said.cue.start).number
    links = [part.link for part in found.parts[first + 1 : here + 1]]
    return "content" not in links and bool({"adverbial", "coordinate"} & set(links))


def _course(found: Found, cluster: Cluster, moment: Moment) -> Moment:
    """Widen the day where the words of one claim name two ("yesterday ... today")."""
    groups = {found.group(each.span.start) for each in cluster.triggers}
    days = [
        each
        for each in found.times
        if each.start
        and each.end
        and each.kind == "point"
        and found.group(each.span.start) in groups
    ]
    if len(groups) < 2 or len({each.start for each in days}) < 2:  # noqa: PLR2004
        return moment
    start = min(each.start[:_DAY] for each in days if each.start)
    end = max(each.end[:_DAY] for each in days if each.end)
    return Moment(start=start, end=end, grain="range", basis="explicit", span=moment.span)


def _affected(found: Found, sketches: Sequence[Sketch]) -> None:
    """Give each count of what is neither dead nor hurt to the claim it is about."""
    taken = {each.affected.span for each in sketches if each.affected}
    for count in found.counts:
        if count.role != "affected" or count.forecast or count.span in taken:
            continue
        what = (count.what or "").casefold()
        group = found.group(count.verb)
        free = [each for each in sketches if each.affected is None and not each.is_part]
        told = STATES.get(count.state or "")
        fitting = [each for each in free if each.kind is told] or [
            each for each in free if any(word in what for word in _TAKES.get(each.kind, ()))
        ]
        if fitting:
            near = min(fitting, key=lambda each: found.group(each.at) != group)
            near.affected = figure_of(count)


def _cells(found: Found, rivals: Sequence[Cluster], sketches: Sequence[Sketch]) -> None:
    """Number the events of the sentence: one, unless day or town speak against it."""
    cells: list[list[int]] = []
    for number, sketch in enumerate(sketches):
        home = next(
            (
                cell
                for cell in cells
                if all(_fits(found, rivals, sketches, number, other) for other in cell)
            ),
            None,
        )
        if home is None:
            cells.append([number])
            home = cells[-1]
        else:
            home.append(number)
        sketch.group = cells.index(home)


def _fits(
    found: Found, rivals: Sequence[Cluster], sketches: Sequence[Sketch], one: int, other: int
) -> bool:
    mine, theirs = sketches[one], sketches[other]
    groups = {found.group(rivals[each].at) for each in (one, other)}
    if len(groups) > 1 and groups & found.aside:
        return False
    if mine.has_own_time and theirs.has_own_time and mine.time and theirs.time:
        apart = (
            mine.time.end[:_DAY] < theirs.time.start[:_DAY]
            or theirs.time.end[:_DAY] < mine.time.start[:_DAY]
        )
        if apart:
            return False
    causes = {Kind.STRIKE, Kind.EXPLOSION, Kind.HAZARD}
    planned = (mine.hedge is Hedge.PLANNED) != (theirs.hedge is Hedge.PLANNED)
    if planned and mine.kind in causes and theirs.kind in causes:
        return False
    acts = (mine.kind in _ACTS) != (theirs.kind in _ACTS)
    if acts and mine.place and theirs.place:
        names = [{place.name for place in each.place} for each in (mine, theirs)]
        return not names[0].isdisjoint(names[1])
    return True
