"""The words that counts are told with, of one language, ready to be looked up.

``numbers.toml`` holds them; this file only turns lists into sets and phrase tables once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from tocsin.reader.lexicon import lexicon
from tocsin.reader.numerals import Phrases, Piece

SHORTEST_ADVERB = 4

Role = tuple[str, str | None, str | None]
"""(role, what, state); ``what`` None takes the noun that was counted."""


def plain(role: str) -> Role:
    """Return a role that says nothing but itself."""
    return (role, None, None)


@dataclass(frozen=True, slots=True)
class Verb:
    """What a verb, adjective or noun says of those it governs, and on which side they stand."""

    said: Role
    is_participle: bool = False
    is_active: bool = False
    is_intransitive: bool = False
    is_base: bool = False
    is_adjective: bool = False

    @property
    def role(self) -> str:
        """Return whom it counts."""
        return self.said[0]


class Words:
    """One language's table, in sets."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.table = table
        words: dict[str, list[str]] = table.get("words", {})
        self.is_free = table.get("order") == "free"
        for name in _SETS:
            setattr(self, name, frozenset(words.get(name, ())))
        marks = self.table.get("qualifiers", {})
        self.before = Phrases(
            (phrase, name) for name, rows in marks.items() if name != "after" for phrase in rows
        )
        self.after = Phrases(
            (phrase, name) for name, rows in marks.get("after", {}).items() for phrase in rows
        )
        persons = table.get("persons", {})
        self.plural = frozenset(persons.get("plural", ()))
        self.singular = frozenset(persons.get("singular", ()))
        self.pairs = frozenset(persons.get("pairs", ()))
        self.not_counted = frozenset(persons.get("not_counted", ()))
        self.suffixes = tuple(persons.get("suffixes", ()))
        self.suffixes_one = tuple(persons.get("suffixes_one", ()))
        self.determiners = frozenset(persons.get("determiners", ()))
        self.plain_determiners = frozenset(persons.get("plain_determiners", ()))
        self.old_age = tuple(persons.get("old_age", ()))
        self.not_names = frozenset(persons.get("not_names", ()))
        self.ordinals = frozenset(persons.get("ordinals", ()))
        self.nationals = tuple(persons.get("nationals", ()))
        self.aged = frozenset(persons.get("ages", ()))
        self.things: dict[str, str] = {
            word: what for what, rows in table.get("things", {}).items() for word in rows
        }
        self.units = frozenset(table.get("units", {}).get("words", ()))
        self.parts = _phrases(words.get("parts", ()))
        self.nobody = _phrases(words.get("nobody", ()))
        self.habits = _phrases(words.get("habits", ()))
        self.natural = _phrases(words.get("natural", ()))
        self.verbs, self.counted, self.verbless = _predicates(table.get("predicate", ()))
        self.toll = _sets(table.get("toll", {}))
        self.toll_number = _phrases(table.get("toll", {}).get("number", ()))
        self.lives = _sets(table.get("lives", {}))
        self.spanned = [_spanned(row) for row in table.get("spanned", ())]
        self.to_hospital = _sets(table.get("to_hospital", {}))
        self.to_safety = _sets(table.get("to_safety", {}))
        self.victims = _sets(table.get("victims", {}))
        zero = table.get("zero", {})
        self.zero_nouns = Phrases((w, r) for w, r in zero.get("nouns", {}).items())
        self.zero_adjectives = frozenset(zero.get("adjectives", ()))
        self.zero_reports = _phrases(zero.get("reports", ()))
        self.zero_after = _phrases(zero.get("after", ()))
        self.zero_verbs = frozenset(zero.get("verbs", ()))
        self.some_causes = _phrases(table.get("some", {}).get("causes", ()))
        self.struck = _sets(table.get("times_struck", {}))
        self.auxiliary = self.be | self.have | self.modal | self.do | self.to
        self.stops = (
            self.auxiliary
            | self.conjunctions
            | self.relatives
            | self.subordinators
            | self.prepositions
            | self.pronouns
            | self.times
            | self.speech
            | frozenset(w for w in self.not_ if w != "without")
            | self.reported
            | self.partitive
            | self.determiners
        ) - self.more
        self.verb_heads = frozenset(w for w in self.verbs.firsts if w not in self.stops)
        self.trigger = _triggers(self)

    be: frozenset[str]
    have: frozenset[str]
    modal: frozenset[str]
    maybe: frozenset[str]
    do: frozenset[str]
    not_: frozenset[str]
    to: frozenset[str]
    reported: frozenset[str]
    uncertain: frozenset[str]
    future: frozenset[str]
    conjunctions: frozenset[str]
    relatives: frozenset[str]
    subordinators: frozenset[str]
    conditional: frozenset[str]
    prepositions: frozenset[str]
    pronouns: frozenset[str]
    anyone: frozenset[str]
    no: frozenset[str]
    times: frozenset[str]
    adverbs: frozenset[str]
    adverb_endings: frozenset[str]
    one_of_many: frozenset[str]
    grave: frozenset[str]
    almost: frozenset[str]
    months: frozenset[str]
    labels: frozenset[str]
    old_marks: frozenset[str]
    speech: frozenset[str]
    leave: frozenset[str]
    years: frozenset[str]
    money: frozenset[str]
    percent: frozenset[str]
    family: frozenset[str]
    between: frozenset[str]
    range_marks: frozenset[str]
    not_ranged: frozenset[str]
    fractions: frozenset[str]
    owners: frozenset[str]
    number_verbs: frozenset[str]
    placing: frozenset[str]
    not_verbs: frozenset[str]
    includes: frozenset[str]
    among: frozenset[str]
    year_tails: frozenset[str]
    partitive: frozenset[str]
    them: frozenset[str]
    more: frozenset[str]
    others: frozenset[str]
    oldest: frozenset[str]
    who: frozenset[str]
    articles: frozenset[str]
    hunted: frozenset[str]
    makes: frozenset[str]
    fates: frozenset[str]

    def is_age(self, lower: str) -> bool:
        """Say whether it is "45-year-old" or "two-year-olds"."""
        return lower.rstrip("s").endswith(self.old_age) if self.old_age else False

    def is_adverb(self, lower: str) -> bool:
        """Say whether it only says how or when."""
        return lower in self.adverbs or (
            len(lower) > SHORTEST_ADVERB
            and lower.endswith(tuple(self.adverb_endings))
            and lower not in self.things
        )

    def class_of(self, piece: Piece) -> str | None:
        """Return what a noun counts: ``person``, ``unit``, ``verb``, a thing's name, or None."""
        lower = piece.lower
        if lower in self.things:
            return self.things[lower]
        if lower in self.plural or lower in self.singular:
            return "person"
        if lower in self.units:
            return "unit"
        if lower in self.counted:
            return "counted"
        if lower in self.verb_heads:
            return "verb"
        return None

    def is_person_like(self, piece: Piece) -> bool:
        """Guess a person from the ending (-ers, -ists), or a people from the capital."""
        lower = piece.lower
        if lower in self.things or lower in self.units:
            return False
        return lower.endswith(self.suffixes) or (piece.is_capital and lower not in self.not_names)


_SETS = (
    "be", "have", "modal", "maybe", "do", "not_", "to", "reported", "uncertain", "future",
    "conjunctions", "relatives", "subordinators", "conditional", "prepositions", "pronouns",
    "anyone", "no", "times", "adverbs", "adverb_endings", "one_of_many", "grave", "almost",
    "months", "labels",
    "old_marks", "speech", "leave", "years", "money", "percent", "family", "between",
    "range_marks", "not_ranged",
    "fractions", "owners", "number_verbs", "placing", "not_verbs", "includes",
    "among", "year_tails", "partitive", "them", "more", "others",
    "oldest", "who", "articles", "hunted", "makes", "fates",
)  # fmt: skip


def _phrases(rows: Iterable[str]) -> Phrases[str]:
    return Phrases((row, row) for row in rows)


@dataclass(frozen=True, slots=True)
class Spanned:
    """A verb and a noun after it: "suffered serious injuries", "taken to a hospital"."""

    heads: frozenset[str]
    through: frozenset[str]
    ends: frozenset[str]
    verb: Verb


def _spanned(row: Mapping[str, Any]) -> Spanned:
    form = row["form"]
    verb = Verb(
        (row["role"], row.get("what"), row.get("state")),
        is_participle=form != "active",
        is_active=form == "active",
        is_intransitive=form == "intransitive",
    )
    return Spanned(
        frozenset(row["heads"]), frozenset(row.get("through", ())), frozenset(row["ends"]), verb
    )


def _sets(rows: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in rows.items()}


def _predicates(
    rows: Iterable[Mapping[str, Any]],
) -> tuple[Phrases[tuple[Verb, ...]], dict[str, str], dict[str, str]]:
    """Return the verbs by phrase, nouns that are counted, and nouns that tell without a number."""
    verbs: dict[str, dict[Role, dict[str, Any]]] = {}
    counted: dict[str, str] = {}
    verbless: dict[str, str] = {}
    for row in rows:
        said = (row["role"], row.get("what"), row.get("state"))
        for form in ("participle", "active", "intransitive", "base", "adjective"):
            for phrase in row.get(form, ()):
                verbs.setdefault(phrase, {}).setdefault(said, {})[f"is_{form}"] = True
        counted |= dict.fromkeys(row.get("counted", ()), row["role"])
        verbless |= dict.fromkeys(row.get("verbless", ()), row["role"])
    found = Phrases(
        (phrase, tuple(Verb(said, **forms) for said, forms in entries.items()))
        for phrase, entries in verbs.items()
    )
    return found, counted, verbless


def _triggers(words: Words) -> frozenset[str]:
    """Return the words of which a sentence with a count has at least one.

    Of a phrase its longest word: "the deaths of" must not wake the grammar at every "the".
    """
    phrases = (*words.verbs.phrases, *words.toll_number.phrases, *words.zero_nouns.phrases)
    return (
        frozenset(max(phrase, key=len) for phrase in phrases)
        | frozenset(words.counted)
        | frozenset(words.verbless)
        | words.toll.get("heads", frozenset())
        | words.lives.get("nouns", frozenset())
        | frozenset(end for each in words.spanned for end in each.ends)
        | words.to_hospital.get("ends", frozenset())
        | words.to_safety.get("ends", frozenset())
        | words.victims.get("nouns", frozenset())
        | words.struck.get("verbs", frozenset())
    )


@cache
def words_of(language: str) -> Words:
    """Return the table of that language, English where it has none."""
    return Words(lexicon(language, "numbers") or lexicon("en", "numbers"))
