"""Which of the places of one name is meant: by what the text names besides, then by size.

The countries and regions that the text speaks of weigh more than a difference in size of some
ten times; the profile's own country counts as spoken of a little. The others of the name are
listed, so that a person can choose.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from tocsin.reader.gazetteer import Entry, Gazetteer
from tocsin.reader.placenames import TOWN, VARIANT_RANK, Hit

if TYPE_CHECKING:
    from tocsin.reader.placewords import Vocabulary, Word

SPOKEN_OF = 2.0
SAME_REGION = 1.2
LISTED = 5.0
"""For "X, Y": the X that lies in Y."""
COUNTRY = 3.0
CAPITAL = 1.5
HOME = 1.2
FAMOUS = 0.5
ALTERNATE = 1.0
REGION_UNASKED = 1.5
OTHERS_MOST = 8
BETWEEN_MOST = 3
LIST_LEAST = 3
WELL_KNOWN = 1_000_000
NAMESAKE_POINTS = 2.0
ELSEWHERE_LEAST = 300_000
"""A smaller town of a country that a text never speaks of is likelier another of that name."""
NAMESAKE_SHARE = 20
"""A namesake with fewer than a twentieth of the people is not asked about."""
ENOUGH = 4.7
"""Least score of a name that nothing around it speaks for: about 50,000 people."""


class Choice:
    """Chooses among namesakes for all the hits of a document."""

    def __init__(self, language: Vocabulary, gazetteer: Gazetteer) -> None:
        """Take the words of the language and the names."""
        self.language = language
        self.gazetteer = gazetteer
        self.countries: Counter[str] = Counter()
        self.regions: Counter[str] = Counter()
        self.settled: dict[str, Entry] = {}
        """Names that the text says somewhere in which country or region they lie."""

    def weigh(self, hits: list[Hit]) -> None:
        """Count what the document speaks of: countries, nations, places of one meaning."""
        for hit in hits:
            top = hit.entries[0]
            if top.level == "country":
                self.countries[top.country or ""] += 1
            elif (
                hit.level == "region"
                or hit.key in self.language.areas
                or (
                    (len(hit.entries) == 1 and top.rank >= TOWN)
                    or ((top.is_capital or top.is_famous) and top.rank >= WELL_KNOWN)
                )
            ):
                self.countries[top.country or ""] += 1
                self.regions[top.region or ""] += 1
        del self.countries[""], self.regions[""]

    def settle(self, hits: list[Hit], row: list[Word]) -> None:
        """Remember of "X, Y" and "X in Y" which X it is, for where it stands alone."""
        for at, hit in enumerate(hits):
            around = self._listed_with(hits, at, row)
            if hit.kind != "name" or around is None or hit.key in self.settled:
                continue
            inside = [each for each in hit.entries if _lies_in(each, around)]
            if inside and around not in hit.entries:
                self.settled[hit.key] = max(inside, key=lambda each: each.rank)

    def choose(self, hits: list[Hit], row: list[Word]) -> list[Hit]:
        """Set each hit's entry; leave out those that no reading is likely for."""
        kept: list[Hit] = []
        self._vouch(hits, row)
        for at, hit in enumerate(hits):
            if not hit.entries:  # made by its head word: there is nothing to choose
                kept.append(hit)
                continue
            around = self._listed_with(hits, at, row)
            hit.has_help = hit.has_help or self._is_joined(kept, hit, row)
            scored = sorted(
                ((self._score(each, hit, around), each) for each in self._readings(hit)),
                key=lambda pair: (-pair[0], pair[1].name, pair[1].geonames or 0),
            )
            if not scored:
                continue
            score, best = scored[0]
            joined = hit.has_help and not self.language.has("never", "common", hit.key)
            if hit.must_be_listed and not joined and (around is None or not _lies_in(best, around)):
                continue
            if hit.needs_help and not hit.has_help and score < ENOUGH:
                continue
            if (
                best.level == "settlement"
                and best.rank < TOWN
                and not self._is_vouched(hit, best, around)
            ):
                continue
            hit.entry = best
            near = [each for points, each in scored if points >= score - NAMESAKE_POINTS]
            hit.namesakes = _others(best, near, around)
            if self._is_out_of_place(best, around):
                hit.namesakes = tuple(each for each in (best.geonames, *hit.namesakes) if each)
                hit.entry = replace(
                    best, geonames=None, region=None, country=None, is_capital=False, name=hit.text
                )
            kept.append(hit)
        return kept

    def _vouch(self, hits: list[Hit], row: list[Word]) -> None:
        """Let the sure names of a list speak for the others, and a heading for its only name."""
        at = 0
        while at < len(hits):
            end = at + 1
            while end < len(hits) and self._goes_on(hits[end - 1], hits[end], row):
                end += 1
            some = [each for each in hits[at:end] if each.kind == "name" and each.entries]
            if len(some) >= LIST_LEAST and any(self._is_sure(each) for each in some):
                for each in some:
                    each.has_help, each.needs_help, each.must_be_listed = True, False, False
            at = end
        only = hits[0] if len(hits) == 1 else None
        is_heading = only is not None and only.first == 0 and only.last == len(row)
        if only is not None and is_heading and only.kind == "name" and only.entries:
            known = any(self._is_near(each) for each in only.entries)
            if known and not self.language.has("never", "common", only.key):
                only.has_help, only.needs_help, only.must_be_listed = True, False, False

    def _is_near(self, entry: Entry) -> bool:
        return bool(entry.region and self.regions[entry.region])

    def _is_sure(self, hit: Hit) -> bool:
        top = hit.entries[0]
        return hit.has_help or (top.rank >= TOWN and bool(self.countries[top.country or ""]))

    def _goes_on(self, left: Hit, right: Hit, row: list[Word]) -> bool:
        between = row[left.last : right.first]
        if not between:
            return row[right.first].gap.strip() == ","
        return len(between) == 1 and self.language.has("grammar", "and", between[0].key)

    def _is_joined(self, kept: list[Hit], hit: Hit, row: list[Word]) -> bool:
        """Say whether it goes on a list that a place began: "in X and Y"."""
        if not kept or not kept[-1].has_help or kept[-1].kind == "nation":
            return False
        between = row[kept[-1].last : hit.first]
        if not between:
            return row[hit.first].gap.strip() == ","
        return len(between) == 1 and self.language.has("grammar", "and", between[0].key)

    def _readings(self, hit: Hit) -> list[Entry]:
        """Return the entries that fit the level that the words around it give."""
        if hit.level is None:
            return list(hit.entries)
        fitting = [each for each in hit.entries if each.level == hit.level]
        if fitting:
            return fitting
        if hit.level != "region":
            return list(hit.entries)
        # a region called by its town, not in the gazetteer: it lies where the town lies
        return [
            replace(each, level="region", geonames=None, geocode=None)
            for each in hit.entries
            if each.level == "settlement"
        ][:1]

    def _score(self, entry: Entry, hit: Hit, around: Entry | None) -> float:
        score = math.log10(entry.rank + 10)
        country = entry.country or ""
        if total := self.countries.total():
            share = self.countries[country] / total
            score += SPOKEN_OF * min(1.0, share * 3) if share else 0.0
        if entry.region and self.regions[entry.region]:
            score += SAME_REGION if entry.level == "settlement" else 0.5
        if country and country == self.gazetteer.home:
            score += HOME
        if around is not None and entry is not around and _lies_in(entry, around):
            score += LISTED
        if entry.level == "country":
            score += COUNTRY
        if entry.is_capital:
            score += CAPITAL
        if entry.is_famous:
            score += FAMOUS
        if entry.is_alternate and hit.key.isascii() and entry.level == "settlement":
            score -= ALTERNATE
            is_region = any(e.level == "region" and not e.is_alternate for e in hit.entries)
            if is_region and entry.rank < WELL_KNOWN:
                score -= ALTERNATE
        if self.settled.get(hit.key) == entry:
            score += LISTED
        if entry.level == "region" and hit.level is None:
            score -= REGION_UNASKED
        return score

    def _is_vouched(self, hit: Hit, best: Entry, around: Entry | None) -> bool:
        """Say whether a small place is meant: a word before it, or a region after it."""
        if around is not None and _lies_in(best, around):
            return True
        if hit.level is not None or (hit.has_help and not hit.needs_help):
            return True
        return bool(self.countries[best.country or ""]) and (
            hit.has_help or hit.last - hit.first > 1
        )

    def _is_out_of_place(self, best: Entry, around: Entry | None) -> bool:
        """Say whether the only town of the name lies where nothing of the text does."""
        return (
            best.level == "settlement"
            and best.rank < ELSEWHERE_LEAST
            and not best.is_capital
            and not best.is_famous
            and (around is None or not _lies_in(best, around))
            and self.countries.total() > 1
            and not self.countries[best.country or ""]
            and best.country != self.gazetteer.home
        )

    def _listed_with(self, hits: list[Hit], at: int, row: list[Word]) -> Entry | None:
        """Return the region or country that follows the name after a comma or "in"."""
        if at + 1 < len(hits):
            after = hits[at + 1]
            gap = row[after.first].gap
            beside = gap.strip() in (",", "(") or (not gap.strip() and after.level == "region")
            if after.first == hits[at].last and beside:
                for each in after.entries:
                    if each.level in ("country", "region"):
                        return each
            if self._is_told_around(row[hits[at].last : after.first]):
                for each in after.entries:
                    if each.level in ("country", "region") and after.kind == "name":
                        return each
        return None

    def _is_told_around(self, between: list[Word]) -> bool:
        """Say whether "in", "a", "in the south of" stand there: "X, a Y town", "X in the Y"."""
        has = self.language.has
        if (
            not between
            or len(between) > BETWEEN_MOST
            or not self.language.of("grammar", "articles")
        ):
            return False
        first = between[0]
        opens = has("grammar", "inside", first.key) or (
            first.gap.strip() == "," and has("grammar", "articles", first.key)
        )
        return opens and all(
            has("grammar", "inside", each.key)
            or has("grammar", "articles", each.key)
            or has("levels", "directions", each.key)
            for each in between
        )


def variant_of(row: list[Word], at: int, gazetteer: Gazetteer) -> tuple[str, tuple[Entry, ...]]:
    """Return the name that a word is another spelling of, for words that stand as a place does."""
    key = row[at].key
    name = gazetteer.variant(key)
    if name is None:
        return key, ()
    entries = gazetteer.find(name)
    return (name, entries) if entries and entries[0].rank >= VARIANT_RANK else (key, ())


def _lies_in(entry: Entry, around: Entry) -> bool:
    if around.level == "country":
        return entry.country == around.country and entry.level != "country"
    if around.region:
        return entry.region == around.region and entry.level == "settlement"
    return bool(around.within) and entry.within == around.within


def _others(best: Entry, near: list[Entry], around: Entry | None) -> tuple[int, ...]:
    """Return the ids of the others of the name that are large enough to be meant."""
    if around is not None and _lies_in(best, around):
        return ()
    least = max(best.rank // NAMESAKE_SHARE, 1000)
    found = [
        each.geonames
        for each in near
        if each is not best and each.geonames and each.level == best.level and each.rank >= least
    ]
    return tuple(found[:OTHERS_MOST])
