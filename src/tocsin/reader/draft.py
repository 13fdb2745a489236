"""From the words of a report to its draft claims: the finders are asked once and joined here.

One claim for each kind in a sentence; two where the sentence tells of two days, two towns with
tolls of their own, or a part of a total. Each has its own place, time, numbers, speaker and
hedge, chosen by clause (``scope``). Who is quoted on anything else makes a statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tocsin.reader import clauses, hedges, kinds, link, numbers, places, speakers, things, times
from tocsin.reader.claim import OUTLET, Claim, Figure, Hedge, Kind, Moment, Span, Thing
from tocsin.reader.clauses import Clause, clause_at
from tocsin.reader.document import Document, Sentence
from tocsin.reader.gazetteer import Gazetteer
from tocsin.reader.kinds import Trigger
from tocsin.reader.numbers import Count
from tocsin.reader.places import PlaceMention
from tocsin.reader.scope import OTHER, OWN, SAID, Scope, places_of, speaker_of, time_of
from tocsin.reader.sketch import Sketch
from tocsin.reader.speakers import Attribution
from tocsin.reader.statements import statements
from tocsin.reader.things import Found
from tocsin.reader.times import TimeMention
from tocsin.reader.words import words

_PEOPLE_ROLES = frozenset({"killed", "injured"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that was found in one sentence."""

    document: Document
    sentence: Sentence
    parts: tuple[Clause, ...]
    triggers: tuple[Trigger, ...]
    counts: tuple[Count, ...]
    times: tuple[TimeMention, ...]
    places: tuple[PlaceMention, ...]
    attributions: tuple[Attribution, ...]
    things: tuple[Found, ...]
    marks: tuple[tuple[int, Hedge], ...]
    grammar: dict[str, frozenset[int]]
    """Tokens at which words of a grammar group stand."""


def draft(document: Document, gazetteer: Gazetteer) -> tuple[Claim, ...]:
    """Return the draft claims of a report, in the order of its text."""
    mentions = times.find(document)
    sketches: list[Sketch] = []
    for reading in _readings(document, gazetteer, mentions):
        own = _happenings(reading)
        for sketch in own:
            _context(sketch, document, mentions)
        sketches += own
        sketches += statements(reading, own)
    sketches.sort(key=lambda each: (each.at, each.kind))
    link.join(sketches, document.published)
    return _frozen(document, sketches)


def _readings(
    document: Document, gazetteer: Gazetteer, mentions: Sequence[TimeMention]
) -> Iterable[Reading]:
    """Ask every finder once, and hand out what lies in each sentence."""
    counts = _by_sentence(numbers.find(document))
    when = _by_sentence(mentions)
    where = _by_sentence(places.find(document, gazetteer))
    who = _by_sentence(speakers.find(document))
    about = kinds.theme(document)
    table = words(document.language, "kinds")
    for sentence in document.sentences:
        number = sentence.number
        parts = clauses.clauses(document, sentence)
        if not parts:
            continue
        found = things.find(document, sentence)
        people = [each for each in counts.get(number, ()) if each.role in _PEOPLE_ROLES]
        at = tuple(_token_at(sentence, each.span.start) for each in people)
        grammar: dict[str, set[int]] = {}
        for hit in table.find(sentence.tokens):
            grammar.setdefault(hit.group, set()).add(hit.first)
        yield Reading(
            document=document,
            sentence=sentence,
            parts=parts,
            triggers=kinds.find(document, sentence, parts, found, at, about),
            counts=tuple(counts.get(number, ())),
            times=tuple(when.get(number, ())),
            places=tuple(where.get(number, ())),
            attributions=tuple(who.get(number, ())),
            things=found,
            marks=hedges.marks(document, sentence),
            grammar={group: frozenset(tokens) for group, tokens in grammar.items()},
        )


def _by_sentence(mentions: Iterable) -> dict[int, list]:  # type: ignore[type-arg]
    out: dict[int, list] = {}  # type: ignore[type-arg]
    for each in mentions:
        out.setdefault(each.sentence, []).append(each)
    return out


def _token_at(sentence: Sentence, offset: int) -> int:
    low, high = 0, len(sentence.tokens) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if sentence.tokens[middle].start <= offset:
            low = middle
        else:
            high = middle - 1
    return low


# --- one sentence ------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class _Cluster:
    """Words of one kind that are one claim."""

    kind: Kind
    triggers: list[Trigger]
    counts: list[Count]

    @property
    def at(self) -> int:
        return min([each.span.start for each in (*self.triggers, *self.counts)])


def _happenings(reading: Reading) -> list[Sketch]:
    clusters = [*_casualties(reading)]
    for kind in Kind:
        clusters += _clusters(reading, kind)
    clusters.sort(key=lambda each: (each.at, each.kind))
    groups = _groups(reading, clusters)
    out = []
    for cluster in clusters:
        sketch = _sketch(reading, cluster, clusters, groups)
        out.append(sketch)
    _affected(reading, clusters, out)
    return [each for each in out if each is not None]


def _casualties(reading: Reading) -> list[_Cluster]:
    """Return the counted dead and hurt, a cluster for each toll."""
    out: list[_Cluster] = []
    open_: _Cluster | None = None
    for count in reading.counts:
        if count.role not in _PEOPLE_ROLES or count.forecast:
            continue
        if count.is_part:
            same = out[-1] if out and out[-1].counts[0].is_part else None
            if same and same.counts[0].span == count.span:
                same.counts.append(count)
            else:
                out.append(_Cluster(kind=Kind.CASUALTIES, triggers=[], counts=[count]))
            continue
        if open_ is None or any(each.role == count.role for each in open_.counts):
            open_ = _Cluster(kind=Kind.CASUALTIES, triggers=[], counts=[])
            out.append(open_)
        open_.counts.append(count)
    return out


def _clusters(reading: Reading, kind: Kind) -> list[_Cluster]:
    """Return the triggers of a kind, parted where two happenings are told."""
    triggers = [each for each in reading.triggers if each.kind is kind]
    if not triggers:
        return []
    by_group: dict[int, list[Trigger]] = {}
    for each in triggers:
        by_group.setdefault(each.group, []).append(each)
    out: list[_Cluster] = []
    for group in sorted(by_group):
        cluster = _Cluster(kind=kind, triggers=by_group[group], counts=[])
        match = next((other for other in out if _one_event(reading, other, cluster)), None)
        if match is None:
            out.append(cluster)
        else:
            match.triggers += cluster.triggers
    return out


def _one_event(reading: Reading, one: _Cluster, other: _Cluster) -> bool:
    """Say whether two groups of clauses of one kind tell of one happening."""
    days = [_own_days(reading, each) for each in (one, other)]
    return not (days[0] and days[1] and days[0].isdisjoint(days[1]))


def _own_days(reading: Reading, cluster: _Cluster) -> set[str]:
    groups = {each.group for each in cluster.triggers}
    return {
        each.start[:10]
        for each in reading.times
        if each.start is not None
        and each.kind == "point"
        and clause_at(reading.parts, each.span.start).group in groups
    }


def _groups(reading: Reading, clusters: Sequence[_Cluster]) -> dict[int, int]:
    """Return, by the group of a clause, the happening it belongs to.

    Groups with happenings of days of their own stay apart; all others are one.
    """
    out: dict[int, int] = {}
    leads: list[tuple[int, set[str]]] = []
    for cluster in clusters:
        mine = {clause_at(reading.parts, cluster.at).group}
        mine |= {each.group for each in cluster.triggers}
        days = _own_days(reading, cluster) if cluster.triggers else set()
        for group in sorted(mine):
            if group in out:
                continue
            lead = next(
                (n for n, known in leads if not days or not known or not days.isdisjoint(known)),
                None,
            )
            if lead is None:
                lead = group
                leads.append((lead, days))
            else:
                leads = [(n, known | days if n == lead else known) for n, known in leads]
            out[group] = lead
    return out


def _sketch(
    reading: Reading, cluster: _Cluster, clusters: Sequence[_Cluster], groups: dict[int, int]
) -> Sketch:
    parts = reading.parts
    own = {each.clause for each in cluster.triggers}
    own |= {clause_at(parts, each.span.start).number for each in cluster.counts}
    lines = {parts[number].group for number in own}
    shared = {part.number for part in parts if part.group in lines}
    event = groups[min(lines)] if min(lines) in groups else min(lines)
    barred = {
        part.number
        for part in parts
        if part.group not in lines and groups.get(part.group, event) != event
    }
    scope = Scope(
        parts=parts,
        own=frozenset(own),
        shared=frozenset(shared),
        barred=frozenset(barred),
        at=cluster.at,
    )
    said = speaker_of(reading.attributions, cluster.at)
    time, far = time_of(scope, reading.times, said)
    is_cause = cluster.kind in kinds.causes()
    where, where_far = places_of(scope, _places_for(reading, cluster, clusters), is_cause=is_cause)
    moment: Moment | None = time.moment() if time is not None else None
    sketch = Sketch(
        kind=cluster.kind,
        sentence=reading.sentence.number,
        group=event,
        quote=_quote(reading, cluster, clusters, scope, said),
        at=cluster.at,
        time=moment,
        has_own_time=moment is not None and far < SAID,
        place=where,
        has_own_place=bool(where) and where_far <= OTHER,
        speaker=said.speaker if said else OUTLET,
        hedge=_hedge(reading, cluster, scope, said),
        infrastructure=_infrastructure(reading, cluster, scope),
        is_cause=is_cause,
    )
    _figures(sketch, cluster)
    _hints(reading, cluster, scope, sketch)
    return sketch


def _places_for(
    reading: Reading, cluster: _Cluster, clusters: Sequence[_Cluster]
) -> Sequence[PlaceMention]:
    """Leave out, for one of two tolls, the places that stand by the other."""
    rivals = [
        each for each in clusters if each.kind is cluster.kind and each is not cluster and each.counts
    ]
    if not rivals or not cluster.counts:
        return reading.places
    numbers_ = sorted(
        {(each.at, each is cluster) for each in (*rivals, cluster) if not each.counts[0].is_part}
    )
    if len(numbers_) < 2:  # noqa: PLR2004
        return reading.places
    out = []
    for place in reading.places:
        before = [mine for at, mine in numbers_ if at < place.span.start]
        if not before or before[-1]:
            out.append(place)
    return out


def _figures(sketch: Sketch, cluster: _Cluster) -> None:
    for count in cluster.counts:
        figure = figure_of(count)
        if count.role == "killed":
            sketch.killed = figure
        elif count.role == "injured":
            sketch.injured = figure
        sketch.is_part |= count.is_part


def figure_of(count: Count) -> Figure:
    """Return a count as the figure of a claim."""
    return Figure(
        value=count.value,
        qualifier=count.qualifier,
        low=count.low,
        high=count.high,
        span=count.span,
        what=count.what if count.role == "affected" else None,
        is_part=count.is_part,
    )


_TAKES = {
    Kind.CASUALTIES: ("missing", "rescued", "trapped", "hospital", "dead", "pulled", "saved", "surviv"),
    Kind.EVACUATION: ("evacuat", "displac", "homeless", "fled", "relocat", "moved"),
    Kind.SHELTER: ("shelter",),
    Kind.OUTAGE: ("customer", "household", "settlement", "without", "subscriber", "people without",
                  "flight", "consumer", "town", "village", "home", "house", "business"),
    Kind.RESTORATION: ("customer", "household", "settlement", "restored", "reconnected"),
    Kind.DAMAGE: ("house", "building", "home", "vehicle", "school", "apartment", "village", "car"),
    Kind.STRIKE: ("strike", "missile", "drone", "attack", "rocket", "raid"),
}  # fmt: skip


def _affected(
    reading: Reading, clusters: Sequence[_Cluster], sketches: Sequence[Sketch]
) -> None:
    """Give each count of what is neither dead nor hurt to the claim it is about."""
    for count in reading.counts:
        if count.role != "affected" or count.forecast:
            continue
        what = (count.what or "").casefold()
        group = clause_at(reading.parts, count.span.start)
        free = [each for each in sketches if each.affected is None]

        def rank(each: Sketch, what: str = what, group: Clause = group) -> tuple[int, int]:
            fits = any(word in what for word in _TAKES.get(each.kind, ()))
            near = clause_at(reading.parts, each.at).group == group.group
            return (0 if fits else 1, 0 if near else 1)

        fitting = [each for each in free if rank(each)[0] == 0]
        if fitting:
            min(fitting, key=rank).affected = figure_of(count)


# --- hedge, things, quote, hints ---------------------------------------------------------------


def _hedge(
    reading: Reading, cluster: _Cluster, scope: Scope, said: Attribution | None
) -> Hedge:
    """Return the strongest word of doubt, plan or denial over the happening."""
    found = [said.hedge] if said else []
    tokens = [_token_at(reading.sentence, each.span.start) for each in cluster.counts]
    tokens += [each.first for each in cluster.triggers]
    busy = {
        each.clause for each in reading.triggers if each.kind is not cluster.kind
    }
    for at, hedge in reading.marks:
        offset = reading.sentence.tokens[at].start
        if said is not None and not said.start <= offset < said.end:
            continue
        number = clause_at(reading.parts, offset).number
        near = any(
            0 < token - at <= (5 if hedge is Hedge.PLANNED else 9)  # noqa: PLR2004
            and clause_at(reading.parts, reading.sentence.tokens[token].start).number == number
            for token in tokens
        )
        aside = (
            number in scope.shared
            and number not in scope.own
            and number not in busy
            and reading.parts[number].link == "participle"
            and cluster.kind in kinds.causes()
            and hedge in {Hedge.LIKELY, Hedge.POSSIBLE}
        )
        if near or aside:
            found.append(hedge)
    if any(each.is_planned for each in cluster.triggers) and not any(
        not each.is_planned and not each.is_noun for each in cluster.triggers
    ):
        found.append(Hedge.PLANNED)
    return hedges.strongest(found)


_STATUS = {
    Kind.STRIKE: "hit",
    Kind.EXPLOSION: "hit",
    Kind.HAZARD: "hit",
    Kind.DAMAGE: "damaged",
    Kind.OUTAGE: "disrupted",
    Kind.RESTORATION: "restored",
    Kind.SHELTER: "operating",
}
_SERVING = frozenset({"power", "tv-signal", "water", "oil-gas", "airport", "road", "metro", "bridge",
                      "substation", "hospital"})  # fmt: skip
_BY = frozenset({"on", "near", "beside", "outside", "opposite", "around", "behind", "from", "inside"})


def _infrastructure(reading: Reading, cluster: _Cluster, scope: Scope) -> tuple[Thing, ...]:
    kind = cluster.kind
    if kind not in _STATUS:
        return ()
    picked = []
    for thing in reading.things:
        number = clause_at(reading.parts, thing.span.start).number
        if number not in scope.shared:
            continue
        if kind in {Kind.OUTAGE, Kind.RESTORATION}:
            if number not in scope.own or not (thing.is_service or thing.type in _SERVING):
                continue
        elif kind is Kind.SHELTER:
            if thing.type != "metro":
                continue
        elif thing.is_service or (kind is Kind.DAMAGE and _is_aside(reading, thing)):
            continue
        picked.append(thing)
    if kind is Kind.DAMAGE:
        near = [
            each for each in picked if clause_at(reading.parts, each.span.start).number in scope.own
        ]
        picked = near or picked
    out: list[Thing] = []
    for thing in picked:
        status = _status(reading, cluster, thing)
        if not any(each.type == thing.type and each.status == status for each in out):
            out.append(Thing(type=thing.type, status=status, span=thing.span))
    specific = [each for each in out if each.type != "other"]
    return tuple(specific or out)


def _is_aside(reading: Reading, thing: Found) -> bool:
    """Say whether the thing only tells where: "a room on the tower", "the tower's ... powering"."""
    for back in range(thing.first - 1, max(-1, thing.first - 4), -1):
        word = reading.sentence.tokens[back].lower
        if word in _BY or word.endswith("powering"):
            return True
        if back not in reading.grammar.get("grammar.determiner", ()):
            return False
    return False


def _status(reading: Reading, cluster: _Cluster, thing: Found) -> str:
    kind = cluster.kind
    if kind in {Kind.STRIKE, Kind.EXPLOSION}:
        clause = clause_at(reading.parts, thing.span.start)
        lower = [token.lower for token in reading.sentence.tokens[clause.first : clause.last]]
        if any(each.is_planned for each in cluster.triggers) or any(
            word.startswith("target") for word in lower
        ):
            return "targeted"
        return "hit"
    if kind is Kind.DAMAGE:
        table = words(reading.document.language, "things")
        clause = clause_at(reading.parts, cluster.at)
        hits = table.find(reading.sentence.tokens[clause.first : clause.last])
        return "destroyed" if any(hit.group == "grammar.destroyed" for hit in hits) else "damaged"
    if kind is Kind.RESTORATION:
        done = not any(hedge is Hedge.PLANNED for _, hedge in reading.marks)
        ing = any(each.span.text.casefold().endswith("ing") for each in cluster.triggers)
        return "restored" if done and not ing else "restoring"
    return _STATUS[kind]


def _quote(
    reading: Reading,
    cluster: _Cluster,
    clusters: Sequence[_Cluster],
    scope: Scope,
    said: Attribution | None,
) -> Span:
    """Return the sentence, or the clauses of one of two happenings of a kind."""
    sentence = reading.sentence
    rivals = [each for each in clusters if each.kind is cluster.kind and each is not cluster]
    if not rivals or cluster.counts:
        return reading.document.span(sentence.start, sentence.end)
    own = [part for part in reading.parts if part.number in scope.shared]
    start, end = own[0].start, own[-1].end
    if said is not None:
        start, end = min(start, said.cue.start), max(end, said.cue.end)
        start = min(start, sentence.start if said.start <= sentence.start else start)
    text = reading.document.text
    while end > start and text[end - 1] in " ,;:–—-":
        end -= 1
    return reading.document.span(start, end)


def _hints(reading: Reading, cluster: _Cluster, scope: Scope, sketch: Sketch) -> None:
    """Note the words that tell new from known."""
    tokens = reading.sentence.tokens
    named = [each for each in cluster.triggers if each.is_noun] or cluster.triggers
    sketch.nouns = tuple(dict.fromkeys(each.span.text.casefold() for each in named))
    grammar = reading.grammar
    own = [reading.parts[number] for number in sorted(scope.own)]
    for each in cluster.triggers:
        before = range(max(0, each.first - 4), each.first)
        if each.is_noun and any(at in grammar.get("grammar.definite", ()) for at in before):
            sketch.is_definite = True
    for part in own:
        run = range(part.first, part.last)
        sketch.is_continuing |= any(at in grammar.get("grammar.continuing", ()) for at in run)
        sketch.is_still |= any(at in grammar.get("grammar.still", ()) for at in run)
        sketch.is_earlier |= any(at in grammar.get("grammar.past_perfect", ()) for at in run)
    first = min((each.first for each in cluster.triggers), default=0)
    lead = clause_at(reading.parts, cluster.at)
    back = tokens[lead.first - 1].lower if lead.first and lead.link == "relative" else ""
    del first, back
    sketch.is_earlier |= lead.link == "relative" and bool(
        any(
            at in grammar.get("grammar.mention", ())
            for at in range(reading.parts[lead.head].first, lead.first)
        )
    ) and not sketch.has_own_time


def _context(sketch: Sketch, document: Document, mentions: Sequence[TimeMention]) -> None:
    """Take the day from the text around where the sentence has none."""
    if sketch.time is not None:
        if not sketch.has_own_time:
            sketch.time = replace(sketch.time)
        return
    if sketch.is_earlier and sketch.is_cause and not sketch.is_definite:
        return
    sketch.time = times.context(mentions, document, sketch.at)


def _frozen(document: Document, sketches: Sequence[Sketch]) -> tuple[Claim, ...]:
    claims = tuple(
        Claim(
            id=f"{document.name}#{number:02d}",
            doc=document.name,
            kind=each.kind,
            quote=each.quote,
            time=each.time,
            place=each.place,
            killed=each.killed,
            injured=each.injured,
            affected=each.affected,
            infrastructure=each.infrastructure,
            speaker=each.speaker,
            hedge=each.hedge,
            event=each.event,
            event_reasons=tuple(each.event_reasons),
            note=each.note,
        )
        for number, each in enumerate(sketches, 1)
    )
    against = link.contradictions(claims)
    return tuple(replace(each, contradicts=against.get(each.id, ())) for each in claims)


__all__ = ["Reading", "draft", "figure_of"]
_ = OWN
