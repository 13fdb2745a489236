"""What the clauses of a sentence tell of: attacks, blasts, hazards, damage, outages, shelter ...

A word alone is not an event. "Condemned the attack", "must stop the shelling" mention one;
"the strikes killed", "was hit by a rocket", "in a fire at" tell of one. So each rule asks for a
verb with the right noun, or for a noun with a verb or preposition that makes it happen.
Numbers of people are the finder's (``numbers``); they become casualties in ``draft``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from tocsin.reader.claim import Kind, Span
from tocsin.reader.clauses import Clause
from tocsin.reader.document import Document, Sentence
from tocsin.reader.things import Named
from tocsin.reader.words import words

_CAUSES = {"attack": Kind.STRIKE, "explosion": Kind.EXPLOSION, "hazard": Kind.HAZARD}
_NEAR = 6
"""Words within which a verb and its noun are taken together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """The words of a sentence that tell of something."""

    kind: Kind
    first: int
    last: int
    clause: int
    group: int
    span: Span
    is_planned: bool = False
    is_noun: bool = False


class Reading:
    """One sentence with its word hits, by group."""

    def __init__(
        self,
        document: Document,
        sentence: Sentence,
        parts: tuple[Clause, ...],
        things: tuple[Named, ...],
        theme: frozenset[Kind],
    ) -> None:
        """Look up every word once."""
        self.document = document
        self.sentence = sentence
        self.tokens = sentence.tokens
        self.parts = parts
        self.things = things
        self.theme = theme
        """Causes the whole report is about."""
        self.at: dict[str, list[tuple[int, int]]] = {}
        for hit in words(document.language, "kinds").find(self.tokens):
            self.at.setdefault(hit.group, []).append((hit.first, hit.last))
        self._clause_of = [0] * len(self.tokens)
        for part in parts:
            for token in range(part.first, part.last):
                self._clause_of[token] = part.number
        self._starts = [token.start for token in self.tokens]
        self.triggers: list[Trigger] = []

    def hits(self, group: str, *, but: str = "") -> list[tuple[int, int]]:
        """Return the hits of a group that lie in no hit of ``but``."""
        found = self.at.get(group, [])
        blocked = self.at.get(but, []) if but else []
        return [
            (first, last)
            for first, last in found
            if not any(low <= first < high or first <= low < last for low, high in blocked)
        ]

    def clause(self, token: int) -> Clause:
        """Return the clause of a token."""
        return self.parts[self._clause_of[token]]

    def in_group(self, token: int) -> list[Clause]:
        """Return the clauses of one happening with the token's."""
        own = self.clause(token).group
        return [part for part in self.parts if part.group == own]

    def any(self, groups: Iterable[str], first: int, last: int, *, but: str = "") -> bool:
        """Say whether a hit of the groups begins in that run of tokens."""
        return any(
            first <= start < last for group in groups for start, _ in self.hits(group, but=but)
        )

    def lower(self, at: int) -> str:
        """Return a token's folded text, empty outside."""
        return self.tokens[at].lower if 0 <= at < len(self.tokens) else ""

    def add(
        self, kind: Kind, first: int, last: int, *, planned: bool = False, noun: bool = False
    ) -> None:
        """Keep a trigger."""
        part = self.clause(first)
        span = self.document.span(self.tokens[first].start, self.tokens[last - 1].end)
        self.triggers.append(
            Trigger(
                kind=kind,
                first=first,
                last=last,
                clause=part.number,
                group=part.group,
                span=span,
                is_planned=planned,
                is_noun=noun,
            )
        )

    def token_at(self, offset: int) -> int:
        """Return the last token that begins at or before an offset."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def is_unreal(self, at: int) -> bool:
        """Say whether a wish, an order or a condition stands before, in the same clause."""
        part = self.clause(at)
        return self.any(("grammar.unreal",), max(part.first, at - 5), at)

    def is_planned(self, at: int) -> bool:
        """Say whether it is announced: "will", "intends to", close before."""
        return any(at - 5 <= first < at for first, _ in self.at.get("attack.planned", []))

    def is_negated(self, at: int) -> bool:
        """Say whether a negation stands close before in the clause."""
        part = self.clause(at)
        return self.any(("grammar.negation",), max(part.first, at - 4), at)

    def is_none(self, at: int) -> bool:
        """Say whether the text says that there was no such thing."""
        start = self.clause(at).first
        return (
            self.any(("grammar.none",), max(start, at - 10), at)
            or self.lower(at - 1) == "no"
            or (self.lower(at - 2) == "no" and not self.article_before(at))
        )

    def article_before(self, at: int) -> bool:
        """Say whether the word is a noun by what stands before it."""
        return any(
            first == at - 1
            for group in ("grammar.determiner", "grammar.preposition")
            for first, _ in self.at.get(group, [])
        )


def find(  # noqa: PLR0913, PLR0917
    document: Document,
    sentence: Sentence,
    parts: tuple[Clause, ...],
    things: tuple[Named, ...],
    casualties: tuple[int, ...] = (),
    theme: frozenset[Kind] = frozenset(),
) -> tuple[Trigger, ...]:
    """Return what the sentence tells of, in its order. ``casualties``: offsets of counted people."""
    if not parts:
        return ()
    reading = Reading(document, sentence, parts, things, theme)
    _effects(reading)
    effects = [each.first for each in reading.triggers]
    effects += [reading.token_at(offset) for offset in casualties]
    _attacks(reading, effects)
    _explosions(reading, effects)
    _hazards(reading, effects)
    seen: set[tuple[Kind, int]] = set()
    out = []
    for each in sorted(reading.triggers, key=lambda trigger: (trigger.first, trigger.kind)):
        if (each.kind, each.first) not in seen:
            seen.add((each.kind, each.first))
            out.append(each)
    return tuple(out)


def theme(document: Document) -> frozenset[Kind]:
    """Return what causes the report is about: those it names at least half as often as the first."""
    table = words(document.language, "kinds")
    counts = dict.fromkeys(_CAUSES, 0)
    for sentence in document.sentences:
        hits = table.find(sentence.tokens)
        blocked = {
            (hit.group.partition(".")[0], token)
            for hit in hits
            if hit.group.endswith("not_nouns")
            for token in range(hit.first, hit.last)
        }
        for hit in hits:
            cause, _, part = hit.group.partition(".")
            if cause in counts and part in _TELLING[cause] and (cause, hit.first) not in blocked:
                counts[cause] += 1
    most = max(counts.values())
    return frozenset(_CAUSES[name] for name, count in counts.items() if count and 2 * count >= most)


_TELLING = {
    "attack": {"nouns", "verbs", "weapons"},
    "explosion": {"nouns", "verbs"},
    "hazard": {"nouns", "verbs"},
}


# --- causes ------------------------------------------------------------------------------------


def _attacks(reading: Reading, effects: list[int]) -> None:
    for first, last in reading.hits("attack.verbs", but="attack.not_nouns"):
        if not reading.article_before(first) and not _wished(reading, first):
            reading.add(Kind.STRIKE, first, last, planned=reading.is_planned(first))
    for first, last in reading.hits("attack.armed", but="attack.not_nouns"):
        if reading.article_before(first) or _wished(reading, first):
            continue
        if _armed(reading, first, last):
            reading.add(Kind.STRIKE, first, last, planned=reading.is_planned(first))
    if Kind.STRIKE in reading.theme:
        for first, last in reading.hits("attack.targets"):
            part = reading.clause(first)
            if any(last <= thing.first < part.last for thing in reading.things):
                reading.add(Kind.STRIKE, first, last)
    for first, last in reading.hits("attack.nouns", but="attack.not_nouns"):
        if _happens(reading, first, last, effects, "attack.armed"):
            reading.add(Kind.STRIKE, first, last, noun=True)


def _wished(reading: Reading, at: int) -> bool:
    return reading.is_unreal(at) or (reading.is_negated(at) and not reading.is_planned(at))


def _armed(reading: Reading, first: int, last: int) -> bool:  # noqa: PLR0911
    """Say whether a verb of doing harm has a weapon or an attacker beside it."""
    group = [
        part for part in reading.in_group(first) if part.number <= reading.clause(first).number
    ]
    word = reading.lower(first)
    start = min(part.first for part in group)
    end = reading.clause(first).last
    subject = _subject(reading, first)
    if subject == "hazard":
        return False
    if subject == "attack":
        return True
    by = any(
        low > first and _preposition(reading, low) in {"by", "with", "from", "in"}
        for name in ("attack.weapons", "attack.nouns", "attack.attackers")
        for low, _ in reading.hits(name, but="attack.not_nouns")
        if low < end
    )
    if by and word not in _DOING:
        return True
    object_ = any(
        first < low < end
        for name in ("attack.weapons", "attack.nouns")
        for low, _ in reading.hits(name, but="attack.not_nouns")
    )
    by_attacker = any(low == first for low, _ in reading.at.get("attack.by_attacker", []))
    if object_ and by_attacker:
        return True
    if by_attacker and any(start <= low < first for low, _ in reading.hits("attack.attackers")):
        return word not in _DOING
    if by_attacker and reading.is_planned(first) and Kind.STRIKE in reading.theme:
        return reading.lower(last) not in {"a", "back"} and word not in {"fire", "fired", "launch"}
    if Kind.STRIKE not in reading.theme or Kind.HAZARD in reading.theme or subject:
        return False
    passive = any(
        reading.lower(back) in {"been", "was", "were", "being"} for back in range(first - 3, first)
    )
    if word in {"struck", "hit", "targeted"} and passive:
        return True
    if word == "firing" and passive:
        return True
    pronoun = any(first - 3 <= low < first for low, _ in reading.at.get("grammar.of_attacker", []))
    return pronoun and word in {"hit", "struck", "targeted", "bombed", "fired"}


_DOING = frozenset(
    {"carried", "carry", "launch", "launched", "launches", "launching", "sent", "set"}
)


def _preposition(reading: Reading, at: int) -> str:
    """Return the preposition before the noun phrase that ends at a token."""
    prepositions = {first for first, _ in reading.at.get("grammar.preposition", [])}
    for back in range(at - 1, max(-1, at - 6), -1):
        if back in prepositions:
            return reading.lower(back)
        if not reading.tokens[back].is_word or any(
            first == back for first, _ in reading.at.get("grammar.auxiliary", [])
        ):
            return ""
    return ""


def _subject(reading: Reading, verb: int) -> str:
    """Return "attack" or "hazard" where such a noun is the verb's subject, else nothing."""
    clause = reading.clause(verb)
    runs = [(clause.first, verb)]
    if clause.link in {"relative", "participle", "and"}:
        head = reading.parts[clause.head]
        runs.append((head.first, head.last))
        if head.link == "and" or (clause.link == "and" and head.link in {"relative", "participle"}):
            above = reading.parts[head.head]
            runs.append((above.first, above.last))
    for number, (low, high) in enumerate(runs):
        found: list[tuple[int, str]] = []
        for cause, names in (
            ("attack", ("attack.nouns", "attack.weapons")),
            ("explosion", ("explosion.nouns",)),
            ("hazard", ("hazard.nouns",)),
        ):
            for name in names:
                found += [
                    (first, cause)
                    for first, _ in reading.hits(name, but=f"{cause}.not_nouns")
                    if low <= first < high
                    and (
                        number > 0
                        or _preposition(reading, first) not in {"of", "by", "with"}
                        or _of_many(reading, first)
                    )
                ]
        if found:
            return max(found)[1]
    return ""


def _of_many(reading: Reading, at: int) -> bool:
    """Say whether "of" only counts: "dozens of raids", "a wave of strikes"."""
    return any(
        reading.lower(back) == "of" and reading.lower(back - 1) in _COUNTING
        for back in range(at - 1, max(0, at - 5), -1)
    )


_COUNTING = frozenset({
    "dozens", "scores", "hundreds", "thousands", "wave", "series", "barrage", "salvo", "one", "two",
    "number", "spate", "volley", "swarm", "pair", "string", "lot", "fragments", "couple", "three",
})  # fmt: skip


def _happens(reading: Reading, first: int, last: int, effects: list[int], telling: str) -> bool:
    """Say whether a noun of a cause is told of as having happened."""
    part = reading.clause(first)
    if reading.is_none(first):
        return False
    mentioned = reading.any(
        ("grammar.mention", "grammar.unreal"), max(part.first, first - 5), first
    )
    if not mentioned and _leads(reading, first, last, telling):
        return True
    following = [
        each for each in reading.parts if each.head == part.number and each.number > part.number
    ]
    relative = next((each for each in following if each.link == "relative"), None)
    if (
        relative is not None
        and relative.number == part.number + 1
        and _last_cause(reading, first, part)
    ):
        return reading.any(
            (telling, "damage.verbs", "outage.verbs", "grammar.happening", "hazard.moved"),
            relative.first,
            relative.last,
        ) or any(relative.first <= each < relative.last for each in effects)
    if mentioned:
        return False
    opening = reading.lower(part.first) if part.link == "adverbial" else ""
    before = _preposition(reading, first) or (
        opening if part.link == "adverbial" and first - part.first <= _NEAR else ""
    )
    if before in {"in", "by", "after", "following", "from", "during", "under", "amid", "of"} or (
        before and before == opening
    ):
        toll = reading.any(("grammar.toll",), max(part.first, first - 9), first)
        if toll and before in {"in", "from", "of", "by"}:
            # "The number of people killed in the fire": a toll, not the fire again.
            return False
        if before == "of" and not _of_toll(reading, first):
            return False
        if before == "in" and reading.any(("grammar.ranked",), first - 5, first):
            return False
        near = [each for each in effects if each != first]
        return bool(near)
    there = any(reading.lower(back) == "there" for back in range(part.first, first))
    return there


def _of_toll(reading: Reading, at: int) -> bool:
    return any(
        reading.lower(back) in {"toll", "victims", "because", "result", "dead"}
        for back in range(max(0, at - 6), at)
    )


def _last_cause(reading: Reading, at: int, part: Clause) -> bool:
    """Say whether no other cause stands between the noun and the end of its clause."""
    return not any(
        at < low < part.last
        for cause in _CAUSES
        for low, _ in reading.hits(f"{cause}.nouns", but=f"{cause}.not_nouns")
    )


def _leads(reading: Reading, first: int, last: int, telling: str) -> bool:
    """Say whether the noun is the subject of a verb of happening or harm."""
    part = reading.clause(first)
    if _preposition(reading, first) in {
        "of",
        "by",
        "with",
        "in",
        "from",
        "to",
        "for",
        "on",
    } and not (_of_many(reading, first)):
        return False
    groups = (telling, "damage.verbs", "outage.verbs", "grammar.happening")
    if reading.any(groups, last, part.last):
        return True
    return any(
        each.head == part.number
        and each.link == "and"
        and reading.any(groups, each.first, each.last)
        for each in reading.parts
    )


def _explosions(reading: Reading, effects: list[int]) -> None:
    armed = {each.group for each in reading.triggers if each.kind is Kind.STRIKE}
    for first, last in reading.hits("explosion.verbs", but="explosion.not_nouns"):
        if reading.clause(first).group not in armed and not _wished(reading, first):
            reading.add(Kind.EXPLOSION, first, last)
    for first, last in reading.hits("explosion.nouns", but="explosion.not_nouns"):
        if reading.clause(first).group in armed or any(
            low <= first < high for low, high in reading.at.get("attack.nouns", [])
        ):
            continue
        if _happens(reading, first, last, effects, "hazard.moved") or _seen(reading, last):
            reading.add(Kind.EXPLOSION, first, last, noun=True)


def _seen(reading: Reading, last: int) -> bool:
    part = reading.clause(last - 1)
    return reading.any(("grammar.perceived",), last, part.last)


def _hazards(reading: Reading, effects: list[int]) -> None:
    for first, last in reading.hits("hazard.verbs", but="hazard.not_nouns"):
        if _wished(reading, first) or reading.article_before(first):
            continue
        if any(
            each.kind is Kind.STRIKE and each.first <= first < each.last
            for each in reading.triggers
        ):
            continue
        reading.add(Kind.HAZARD, first, last)
    for first, last in reading.hits("hazard.nouns", but="hazard.not_nouns"):
        if _happens(reading, first, last, effects, "hazard.moved") or _seen(reading, last):
            reading.add(Kind.HAZARD, first, last, noun=True)


# --- effects -----------------------------------------------------------------------------------


def _effects(reading: Reading) -> None:
    _damage(reading)
    restored = _services(reading, "outage.restored", Kind.RESTORATION)
    _outages(reading, restored)
    _evacuations(reading)
    for first, last in reading.hits("shelter.verbs", but="shelter.not_verbs"):
        reading.add(Kind.SHELTER, first, last)
    for first, last in reading.hits("shelter.shelter", but="shelter.not_verbs"):
        if _preposition(reading, first) in {"in", "at", "to", "into"}:
            reading.add(Kind.SHELTER, first, last)
    for first, last in reading.hits("alert.sirens", but="alert.not_sirens"):
        part = reading.clause(first)
        if reading.any(
            ("alert.sounded",), max(part.first, first - _NEAR), min(part.last, last + _NEAR)
        ) and not (
            reading.is_unreal(first) or reading.is_none(first) or _unsounded(reading, first)
        ):
            reading.add(Kind.ALERT, first, last)


def _unsounded(reading: Reading, at: int) -> bool:
    return any(reading.lower(back) in {"no", "none", "not", "never"} for back in range(at - 6, at))


def _damage(reading: Reading) -> None:
    for first, last in reading.hits("damage.verbs", but="damage.not_verbs"):
        if _wished(reading, first) or not _things_near(reading, first):
            continue
        if reading.article_before(first) or reading.is_none(first):
            continue
        reading.add(Kind.DAMAGE, first, last)
    for first, last in reading.hits("damage.nouns", but="damage.not_verbs"):
        if reading.is_negated(first) or reading.is_none(first):
            continue
        if not reading.any(("damage.done",), first - 5, last + 5):
            continue
        reading.add(Kind.DAMAGE, first, last, noun=True)


def _things_near(reading: Reading, at: int) -> bool:
    """Say whether a thing that can be broken stands in the clauses of the happening."""
    parts = reading.in_group(at)
    return any(
        part.first <= thing.first < part.last and not thing.is_service
        for part in parts
        for thing in reading.things
    )


def _services(reading: Reading, group: str, kind: Kind) -> set[int]:
    """Draft where a verb of the group stands near a service in one clause; return the clauses."""
    found: set[int] = set()
    for first, last in reading.hits(group):
        part = reading.clause(first)
        if reading.any(("grammar.when", "grammar.negation"), part.first, first):
            continue
        if any(
            part.first <= low < part.last
            and (low - last <= _NEAR if low > first else first - high <= _NEAR)
            for low, high in reading.at.get("outage.services", [])
        ):
            found.add(part.number)
            reading.add(kind, first, last)
    return found


_CLOSE = {"without": 3, "no": 2, "out": 0, "down": 0, "dark": 0, "lost": 3, "loss": 3, "losing": 3}
_AFTER = frozenset({"out", "down", "dark", "offline"})


def _outages(reading: Reading, restored: set[int]) -> None:
    for first, last in reading.hits("outage.nouns"):
        if reading.clause(first).number not in restored:
            reading.add(Kind.OUTAGE, first, last, noun=True)
    for first, last in reading.hits("outage.verbs"):
        part = reading.clause(first)
        word = reading.lower(first)
        if part.number in restored or (_wished(reading, first) and word not in {"without", "no"}):
            continue
        reach = _CLOSE.get(word, _NEAR)
        for low, high in reading.at.get("outage.services", []):
            if not part.first <= low < part.last:
                continue
            ahead = low >= last and low - last <= reach
            back = high <= first and first - high <= (2 if word in _AFTER else _NEAR - 2)
            if word in _CLOSE and word not in _AFTER:
                back = False
            if ahead or back:
                reading.add(Kind.OUTAGE, first, last)
                break


def _evacuations(reading: Reading) -> None:
    for first, last in reading.hits("evacuation.verbs", but="evacuation.not_verbs"):
        reading.add(Kind.EVACUATION, first, last)
    telling = reading.hits("evacuation.telling")
    for first, last in reading.hits("evacuation.going", but="evacuation.not_going"):
        if reading.is_negated(first):
            continue
        if any(0 < first - low <= 10 for low, _ in telling):  # noqa: PLR2004
            reading.add(Kind.EVACUATION, first, last)


@cache
def causes() -> frozenset[Kind]:
    """Return the kinds that make others happen."""
    return frozenset(_CAUSES.values())
