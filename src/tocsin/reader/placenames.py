"""The names of places in a sentence: what may be one, before it is asked which one.

A name is found longest first, by its lexicon (nations, areas, waters) and the gazetteer, in
every spelling and form. What is a person's name, a newspaper's or a common word is left alone
unless the words around it speak for a place.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tocsin.reader.endings import originals
from tocsin.reader.gazetteer import Entry, Gazetteer

if TYPE_CHECKING:
    from tocsin.reader.placewords import Vocabulary, Word

WORDS_MOST = 6
SHORT = 3
"""Letters: so short a name must look like one."""
ROADS_MOST = 12
"""Beginnings of names followed at once where words can be read in several forms."""
LARGE = 50_000
TOWN = 15_000
CITY = 500_000
"""A given name alone is a place's only where the place is as well known."""
VARIANT_RANK = 20_000


@dataclass(slots=True)
class Hit:
    """A name in a sentence: words ``first`` up to ``last``, and what it may stand for."""

    number: int
    first: int
    last: int
    start: int
    end: int
    key: str
    entries: tuple[Entry, ...]
    kind: str
    """``name``, ``nation`` (an adjective or its people), ``head`` (made by its head word)."""
    level: str | None = None
    """What the words around it say it is."""
    needs_help: bool = False
    must_be_listed: bool = False
    """Only where the region or country around it is named after it: "Paradise, X"."""
    has_help: bool = False
    label: str | None = None
    possessive: bool = False
    entry: Entry | None = None
    text: str = ""
    namesakes: tuple[int, ...] = field(default_factory=tuple)


class NameFinder:
    """Finds the names of one language; it remembers the persons it met in the document."""

    def __init__(self, language: Vocabulary, gazetteer: Gazetteer) -> None:
        """Take the words of the language and the names."""
        self.language = language
        self.gazetteer = gazetteer
        self.persons: set[str] = set()

    def find(self, number: int, row: list[Word]) -> list[Hit]:
        """Return the names of a sentence, in order, none overlapping."""
        found: list[Hit] = []
        at = 0
        while at < len(row):
            hit = self._at(number, row, at) if row[at].is_capital else None
            if hit is None:
                at += 1
                continue
            at = hit.last
            if hit.kind != "never" and self._is_place(row, hit):
                found.append(hit)
        return found

    def learn(self, row: list[Word]) -> None:
        """Remember the persons of a sentence: what follows a given name or a title."""
        has = self.language.has
        at = 0
        while at < len(row):
            word = row[at]
            opens = word.is_capital and (
                has("persons", "given", word.key) or has("persons", "titles", word.key)
            )
            if not opens or at + 1 >= len(row):
                at += 1
                continue
            at += 1
            while (
                at < len(row)
                and row[at].joins
                and (row[at].is_capital or has("persons", "particles", row[at].key))
            ):
                if has("levels", "region", row[at].key) or has("landmarks", "heads", row[at].key):
                    break
                self.persons.add(row[at].key)
                at += 1

    # ---- one name

    def _at(self, number: int, row: list[Word], first: int) -> Hit | None:
        """Return the longest name that begins there."""
        best: Hit | None = None
        roads = [""]
        last = first
        while last < len(row) and last - first < WORDS_MOST and roads:
            word = row[last]
            if last > first and (not word.joins or row[last - 1].is_possessive):
                break
            connects = last > first and self.language.has("levels", "connectors", word.key)
            kind = last > first and (
                self.language.has("levels", "region", word.key)
                or self.language.has("levels", "part", word.key)
            )
            if not (word.is_capital or connects or kind):
                break
            forms = originals(word.key, self.language.endings)
            reached = [f"{road} {form}".strip() for road in roads for form in forms]
            last += 1
            if word.is_capital or kind:
                best = self._known(number, row, first, last, reached) or best
            roads = [each for each in reached if self._goes_on(each)][:ROADS_MOST]
        return best

    def _goes_on(self, key: str) -> bool:
        return key.partition(" ")[0] in self.language.starts or self.gazetteer.begins(key)

    def _known(
        self, number: int, row: list[Word], first: int, last: int, keys: list[str]
    ) -> Hit | None:
        meaning = self._meaning(row[first], keys)
        if meaning is None:
            return None
        kind, key, entries = meaning
        return Hit(
            number=number,
            first=first,
            last=last,
            start=row[first].start,
            end=row[last - 1].end,
            key=key,
            entries=entries,
            kind=kind,
            possessive=row[last - 1].is_possessive,
            text=" ".join(each.text for each in row[first:last]),
        )

    def _meaning(self, word: Word, keys: list[str]) -> tuple[str, str, tuple[Entry, ...]] | None:
        """Return what the words can be: the kind, the name's key, the places."""
        language = self.language
        never, nations, regional = (
            language.of("never", "names"),
            language.nations,
            language.regional,
        )
        for key in keys:
            if key in never:
                return "never", key, ()
            if key in nations:
                country = self.gazetteer.country(nations[key])
                if country is not None:
                    return "nation", keys[0], (country,)
            if key in regional:
                entries = self._named(regional[key])[:1]
                if entries:
                    return "nation", keys[0], entries
        found: dict[Entry, str] = {}
        for key in keys:
            entries = self._named(key)
            short = len(key) <= SHORT and key.isascii()
            if entries and not (short and not self._is_short_name(word, entries)):
                for entry in entries:
                    found.setdefault(entry, key)
        if not found:
            return None
        # a form may belong to several names: the larger place first
        ordered = (
            tuple(sorted(found, key=lambda each: -each.rank)) if len(keys) > 1 else tuple(found)
        )
        return "name", found[ordered[0]], ordered

    def _named(self, key: str) -> tuple[Entry, ...]:
        language = self.language
        if key in language.areas:
            area = language.areas[key]
            whole = self.gazetteer.region(area.region) if area.region else None
            if whole is None or area.level != "region":
                return (area,)
            return (replace(area, geocode=whole.geocode, geonames=whole.geonames),)
        if key in language.countries:
            country = self.gazetteer.country(language.countries[key])
            return (country,) if country else ()
        return self.gazetteer.find(key)

    @staticmethod
    def _is_short_name(word: Word, entries: tuple[Entry, ...]) -> bool:
        """Say whether two or three letters are meant as a name: "UK", "U.S.", "Van" of a city."""
        if word.text.isupper():
            return entries[0].level == "country"
        return entries[0].rank >= TOWN

    # ---- is it one?

    def _is_place(self, row: list[Word], hit: Hit) -> bool:
        """Say whether the words around leave it a place's name; mark what it needs."""
        if hit.kind == "nation":
            return True
        has = self.language.has
        before = row[hit.first - 1] if hit.first else None
        after = row[hit.last] if hit.last < len(row) else None
        touches = before is not None and row[hit.first].joins
        follows = after is not None and after.joins and not hit.possessive
        top = hit.entries[0]
        big = top.level in ("country", "water") or hit.key in self.language.areas
        hit.has_help = self._helped(row, hit)
        if follows and after is not None:
            if has("never", "papers", after.key) and after.is_capital:
                return False
            if has("levels", "region", after.key) or has("levels", "part", after.key):
                return True
        if (
            touches
            and before is not None
            and before.is_capital
            and self._is_person(before, row, hit)
        ):
            self.persons.add(hit.key)
            return False
        if hit.last - hit.first == 1 and hit.key in self.persons and not hit.has_help:
            return False
        if has("levels", "directions", hit.key):
            return False
        if follows and after is not None and after.is_capital and self._goes_with(hit, after, row):
            self.persons.add(after.key)
            return False
        if has("never", "common", hit.key) and not (
            top.level == "country" and row[hit.first].text.isupper()
        ):
            return self._common(row, hit)
        if big or (hit.has_help and not has("persons", "given", hit.key)):
            return True
        hit.needs_help = top.rank < LARGE and hit.last - hit.first == 1
        hit.must_be_listed = (
            top.level == "settlement" and top.rank < CITY and has("persons", "given", hit.key)
        )
        return True

    def _helped(self, row: list[Word], hit: Hit) -> bool:
        """Say whether a word before says that a place follows: "in", "the town of"."""
        at = hit.first - 1
        has = self.language.has
        while at >= 0 and has("levels", "directions", row[at].key) and row[at + 1].joins:
            at -= 1
        if at < 0 or not row[at + 1].joins:
            return False
        key = row[at].key
        if has("grammar", "of", key) and at:
            of = row[at - 1].key
            return (
                has("levels", "settlement", of)
                or has("levels", "region", of)
                or has("roles", "local", of)
                or has("grammar", "sides", of)
            )
        return (
            has("grammar", "strong_where", key)
            or has("levels", "settlement", key)
            or (has("grammar", "objects", key) and not row[at].is_capital)
        )

    def _is_person(self, before: Word, row: list[Word], hit: Hit) -> bool:
        has = self.language.has
        key = before.key
        if has("persons", "titles", key):
            return key not in self.language.nations
        if has("persons", "given", key):
            return not (key in self.language.nations or hit.last - hit.first > 1)
        if has("roles", "words", key) and has("persons", "given", hit.key):
            return hit.entries[0].level != "country"
        if hit.first > 1 and row[hit.first - 2].is_capital and key in self.persons:
            return True
        known = (
            has("levels", "directions", key)
            or has("roles", "words", key)
            or has("levels", "settlement", key)
            or has("levels", "region", key)
            or key in self.language.nations
            or has("never", "common", key)
            or has("grammar", "where", key)
            or self.gazetteer.find(key) != ()
        )
        if known or hit.first == 1:
            return False
        is_town = any(each.level == "settlement" for each in hit.entries)
        return hit.last - hit.first == 1 and is_town and hit.key not in self.language.areas

    def _goes_with(self, hit: Hit, after: Word, row: list[Word]) -> bool:
        """Say whether the capitalised word after makes another's name of it."""
        has = self.language.has
        key = after.key
        known = (
            has("roles", "words", key)
            or has("landmarks", "heads", key)
            or has("levels", "settlement", key)
            or has("levels", "water", key)
            or has("levels", "directions", key)
            or key in self.language.nations
        )
        if known:
            return False
        if hit.last - hit.first == 1 and has("persons", "given", hit.key):
            return True
        before = row[hit.first - 1].key if hit.first else ""
        if has("persons", "given", key) and has("roles", "genitive", before):
            return False  # "the mayor of X Given Name", in a language without "of"
        at = hit.last
        while at < len(row) and at - hit.last < WORDS_MOST and row[at].joins and row[at].is_capital:
            if has("landmarks", "heads", row[at].key) or has("roles", "words", row[at].key):
                return False
            at += 1
        return hit.entries[0].level in ("settlement", "region") and not hit.has_help

    def _common(self, row: list[Word], hit: Hit) -> bool:
        """A common word is a place only where the grammar says so and the place is no hamlet."""
        at = hit.first - 1
        named = (
            at >= 1
            and self.language.has("grammar", "of", row[at].key)
            and self.language.has("levels", "settlement", row[at - 1].key)
        )
        after = row[hit.last] if hit.last < len(row) else None
        alone = after is None or not (after.joins and after.is_capital)
        listed = alone and after is not None and after.gap == ", " and after.is_capital
        hit.needs_help = not named
        hit.level = "settlement" if named else None
        big = hit.entries[0].rank >= LARGE and not self.language.has("never", "calendar", hit.key)
        if named or (alone and hit.has_help and big):
            return True
        hit.must_be_listed = listed
        return listed
