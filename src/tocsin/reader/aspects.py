"""What else a claim carries: how sure it is, the things it touched, the hints that link it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.reader import hedges, kinds
from tocsin.reader.claim import Hedge, Kind, Thing
from tocsin.reader.clauses import clause_at
from tocsin.reader.untrue import hedges_at
from tocsin.reader.words import words

if TYPE_CHECKING:
    from tocsin.reader.clusters import Cluster
    from tocsin.reader.found import Found
    from tocsin.reader.scope import Scope
    from tocsin.reader.sketch import Sketch
    from tocsin.reader.speakers import Attribution
    from tocsin.reader.things import Named

_PLAN_REACH, _DOUBT_REACH, _BEHIND, _NEAR_FIRE = 5, 9, 4, 6
_DOUBT = frozenset({Hedge.LIKELY, Hedge.POSSIBLE})
_STATUS = {
    Kind.STRIKE: "hit",
    Kind.EXPLOSION: "hit",
    Kind.DAMAGE: "damaged",
    Kind.OUTAGE: "disrupted",
    Kind.RESTORATION: "restored",
    Kind.SHELTER: "operating",
}
_SERVING = frozenset({
    "power", "tv-signal", "water", "oil-gas", "airport", "road", "metro", "bridge", "substation",
    "hospital",
})  # fmt: skip
_ASIDE = frozenset({"on", "near", "beside", "outside", "opposite", "around", "behind", "inside"})


def _word_of(said: Attribution, cluster: Cluster) -> Hedge:
    """Return how it is said; a denial at the end is of what stands in it (``untrue``) alone."""
    behind = said.cue.start > cluster.at and not said.is_quotation
    return Hedge.SAID if behind and said.hedge is Hedge.DENIED else said.hedge


def hedge_of(found: Found, cluster: Cluster, scope: Scope, said: Attribution | None) -> Hedge:
    """Return the strongest word of doubt, plan or denial over the happening."""
    hedges_ = [_word_of(said, cluster)] if said else []
    hedges_ += hedges_at(found.doubted, cluster.at)
    tokens = [found.token_at(each.span.start) for each in cluster.counts]
    tokens += [each.first for each in cluster.triggers]
    busy = {each.clause for each in found.triggers if each.kind is not cluster.kind}
    for at, hedge in found.marks:
        number = clause_at(found.parts, found.sentence.tokens[at].start).number
        reach = _PLAN_REACH if hedge is Hedge.PLANNED else _DOUBT_REACH
        near = any(
            0 < token - at <= reach
            and clause_at(found.parts, found.sentence.tokens[token].start).number == number
            for token in tokens
        )
        # "An explosion was seen, likely targeting the tower": the doubt is of the explosion.
        aside = (
            hedge in _DOUBT
            and cluster.kind in kinds.causes()
            and number in scope.shared - scope.own
            and number not in busy
            and found.parts[number].link == "participle"
        )
        if near or aside:
            hedges_.append(hedge)
    if cluster.kind is Kind.RESTORATION and any(
        found.any("grammar.coming", found.parts[number].first, found.parts[number].last)
        for number in scope.own
    ):
        hedges_.append(Hedge.PLANNED)
    sure = any(not each.is_planned and not each.is_noun for each in cluster.triggers)
    if not sure and any(each.is_planned for each in cluster.triggers):
        hedges_.append(Hedge.PLANNED)
    if any(each.uncertain for each in cluster.counts):
        hedges_.append(Hedge.POSSIBLE)
    return hedges.strongest(hedges_)


def infrastructure(found: Found, cluster: Cluster, scope: Scope) -> tuple[Thing, ...]:
    """Return the things that the claim says were touched, each type once."""
    if cluster.kind is Kind.HAZARD:
        return _burning(found, cluster)
    if cluster.kind not in _STATUS:
        return ()
    spoken = [each.speaker.span for each in found.attributions if each.speaker.span]
    picked = [
        each
        for each in found.things
        if _touched(found, cluster, scope, each)
        and not any(span.overlaps(each.span) for span in spoken)
    ]
    if cluster.kind is Kind.DAMAGE:
        near = [
            each for each in picked if clause_at(found.parts, each.span.start).number in scope.own
        ]
        picked = near or picked
    out: list[Thing] = []
    for each in picked:
        if not any(other.type == each.type for other in out):
            out.append(
                Thing(
                    type="other" if each.type == "town" else each.type,
                    status=_status(found, cluster, each),
                    span=each.span,
                )
            )
    return tuple([each for each in out if each.type != "other"] or out)


def _burning(found: Found, cluster: Cluster) -> tuple[Thing, ...]:
    """Return what a fire is in: "broke out in a warehouse"; what it destroyed is the damage's."""
    fires = found.grammar.get("sort.fire", frozenset())
    at = [each for each in cluster.triggers if fires & set(range(each.first, each.last))]
    if not at or any(each.kind is Kind.DAMAGE for each in found.triggers):
        return ()
    last = max(each.last for each in at)
    return tuple(
        Thing(type=each.type, status="hit", span=each.span)
        for each in found.things
        if 0 < each.first - last <= _NEAR_FIRE and not each.is_service and each.type != "town"
    )[:1]


def _touched(found: Found, cluster: Cluster, scope: Scope, thing: Named) -> bool:
    number = clause_at(found.parts, thing.span.start).number
    kind = cluster.kind
    if number not in scope.shared and number not in scope.own:
        return False
    if kind in {Kind.OUTAGE, Kind.RESTORATION}:
        return number in scope.own and (thing.is_service or thing.type in _SERVING)
    if kind is Kind.SHELTER:
        return thing.type == "metro"
    if thing.type == "town":
        return kind is Kind.DAMAGE and any(
            0 < thing.first - each.last <= _BEHIND for each in cluster.triggers
        )
    if thing.is_service:
        return False
    if kind is Kind.EXPLOSION and found.parts[number].link in {"participle", "and"}:
        return not any(
            each.kind is Kind.DAMAGE and each.clause == number for each in found.triggers
        )
    return kind is not Kind.DAMAGE or not _is_aside(found, thing)


def _is_aside(found: Found, thing: Named) -> bool:
    """Say whether the thing only tells where: "a room on the tower", "powering the tower"."""
    determiners = found.grammar.get("grammar.determiner", frozenset())
    for back in range(thing.first - 1, max(-1, thing.first - 4), -1):
        word = found.sentence.tokens[back].lower
        if word in _ASIDE or (word.endswith("ing") and word not in {"damaging", "destroying"}):
            return back not in found.grammar.get("damage.verbs", frozenset())
        if back not in determiners:
            return False
    return False


def _status(found: Found, cluster: Cluster, thing: Named) -> str:
    kind = cluster.kind
    clause = clause_at(found.parts, thing.span.start)
    run = found.sentence.tokens[clause.first : clause.last]
    if kind in {Kind.STRIKE, Kind.EXPLOSION}:
        hits = words(found.document.language, "things").find(run)
        aimed = any(hit.group == "grammar.target" for hit in hits)
        planned = all(each.is_planned for each in cluster.triggers)
        return "targeted" if planned or aimed else "hit"
    if kind is Kind.DAMAGE:
        hits = words(found.document.language, "things").find(found.sentence.tokens)
        own = {clause_at(found.parts, each.span.start).number for each in cluster.triggers}
        destroyed = any(
            hit.group == "grammar.destroyed"
            and clause_at(found.parts, found.sentence.tokens[hit.first].start).number in own
            for hit in hits
        )
        return "destroyed" if destroyed else "damaged"
    if kind is Kind.RESTORATION:
        ongoing = any(each.span.text.casefold().endswith("ing") for each in cluster.triggers)
        planned = any(hedge is Hedge.PLANNED for _, hedge in found.marks)
        return "restoring" if ongoing or planned else "restored"
    return _STATUS[kind]


def hints(
    found: Found, cluster: Cluster, scope: Scope, sketch: Sketch, *, is_reported: bool
) -> None:
    """Note the words that tell new from known.

    ``is_reported``: in what somebody says "had" is the tense of reporting, not of an earlier day.
    """
    named = [each for each in cluster.triggers if each.is_noun] or cluster.triggers
    sketch.sorts = frozenset(
        group.partition(".")[2]
        for group, starts in found.grammar.items()
        if group.startswith("sort.")
        and any(each.first <= at < each.last for each in cluster.triggers for at in starts)
    )
    sketch.nouns = tuple(dict.fromkeys(each.span.text.casefold() for each in named))
    for each in cluster.triggers:
        if each.is_noun and found.any("grammar.definite", each.first - 4, each.first):
            sketch.is_definite = True
        if not each.is_noun and found.any("grammar.of_attacker", each.first - 2, each.first):
            sketch.is_definite |= cluster.kind is Kind.STRIKE
    sketch.is_plural = cluster.kind is Kind.STRIKE and any(
        found.any("attack.plural", each.first, each.last)
        and found.any("grammar.definite", each.first - 3, each.first)
        for each in cluster.triggers
    )
    for number in sorted(scope.own):
        part = found.parts[number]
        run = (part.first, part.last)
        sketch.is_other |= any(
            found.any("grammar.other", max(part.first, each.first - 4), each.first)
            for each in cluster.triggers
            if each.clause == number and each.is_noun
        )
        sketch.is_continuing |= found.any("grammar.continuing", *run)
        sketch.is_still |= found.any("grammar.still", *run)
        sketch.is_earlier |= not is_reported and any(
            found.any("grammar.past_perfect", each.first - 3, each.first)
            for each in cluster.triggers
            if each.clause == number
        )
    sketch.is_present = any(
        found.any("grammar.present", found.parts[number].first, found.parts[number].last)
        for number in scope.own
    )
    sketch.is_generic = cluster.kind in {Kind.OUTAGE, Kind.RESTORATION} and any(
        found.any("outage.generic", found.parts[number].first, found.parts[number].last)
        for number in scope.own
    )
    lead = clause_at(found.parts, cluster.at)
    sketch.is_toll = cluster.kind is Kind.CASUALTIES and found.any(
        "grammar.the_toll", lead.first, lead.last
    )
    head = found.parts[lead.head]
    if lead.link == "relative" and not sketch.has_own_time:
        # "... as revenge for a blast that damaged the bridge": told in passing.
        sketch.is_earlier |= found.any("grammar.mention", head.first, lead.first)
    if cluster.kind in kinds.causes() and not sketch.has_own_time:
        sketch.is_earlier |= any(
            each.is_noun and found.any("grammar.passing", each.first - 5, each.first)
            for each in cluster.triggers
        )
