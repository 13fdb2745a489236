"""Names with the word that says what they name: "the X region", "town of X", "X sea".

The head word chooses among namesakes (the region, not the town), stretches the span over
itself, and makes a place of a name that no gazetteer has.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tocsin.reader.gazetteer import Entry
from tocsin.reader.placechoice import variant_of
from tocsin.reader.placenames import Hit

if TYPE_CHECKING:
    from tocsin.reader.gazetteer import Gazetteer
    from tocsin.reader.placewords import Vocabulary, Word

NAME_MOST = 4
BARE_MOST = 3


class Heads:
    """Joins names and head words in one sentence."""

    def __init__(self, language: Vocabulary, gazetteer: Gazetteer, persons: set[str]) -> None:
        """Take the words of the language, the names, and the persons of the document."""
        self.language = language
        self.gazetteer = gazetteer
        self.persons = persons
        self.bare: set[str] = set()
        """Names that no list has and the grammar made places, for :meth:`again`."""

    def join(self, number: int, row: list[Word], hits: list[Hit]) -> list[Hit]:
        """Return the hits with their levels set, and the places made by a head word."""
        for at, hit in enumerate(hits):
            if hit.kind == "name":
                self._after(row, hits, at)
                self._before(row, hit)
        taken = {at for hit in hits for at in range(hit.first, hit.last)}
        made = list(self._unknown(number, row, taken))
        taken |= {at for hit in made for at in range(hit.first, hit.last)}
        made += self._listed(number, row, [*hits, *made], taken)
        return sorted([*hits, *made], key=lambda each: each.start)

    def _listed(self, number: int, row: list[Word], hits: list[Hit], taken: set[int]) -> list[Hit]:
        """Return the unknown names of a list that a place stands in: "between X and Y"."""
        has = self.language.has
        made: list[Hit] = []
        first = {hit.first: hit for hit in hits}
        last = {hit.last: hit for hit in hits}
        for start, end in self._runs(row, taken):
            before = last.get(start) or (
                last.get(start - 1) if start and has("grammar", "and", row[start - 1].key) else None
            )
            is_next = before is not None and (before.last < start or row[start].gap.strip() == ",")
            opens = start and has("grammar", "between", row[start - 1].key)
            pair = end < len(row) and has("grammar", "and", row[end].key) and first.get(end + 1)
            is_open = bool(opens and pair and pair.level != "country")
            bare = before is not None and before.kind == "head" and before.level == "settlement"
            if not is_open and not (is_next and bare):
                continue
            hit = self._bare(number, row, start, end)
            if hit is not None:
                made.append(hit)
                last[end] = hit
        return made

    def again(self, number: int, row: list[Word], hits: list[Hit]) -> list[Hit]:
        """Return the hits with the names added that the grammar made places of elsewhere."""
        if not self.bare:
            return hits
        taken = {at for hit in hits for at in range(hit.first, hit.last)}
        made: list[Hit] = []
        for first, end in self._runs(row, taken):
            start = first
            if first == 0 and self.language.has("grammar", "small", row[0].key):
                start = 1
            key = " ".join(each.key for each in row[start:end])
            if key in self.bare:
                made.append(self._hit(number, row, start, end, "settlement"))
        return sorted([*hits, *made], key=lambda each: each.start)

    def _runs(self, row: list[Word], taken: set[int]) -> list[tuple[int, int]]:
        """Return the runs of capitalised words that are no name yet."""
        found = []
        at = 0
        while at < len(row):
            end = at
            while (
                end < len(row)
                and end not in taken
                and row[end].is_capital
                and (end == at or (row[end].joins and not row[end - 1].is_possessive))
            ):
                end += 1
            if end > at:
                found.append((at, end))
            at = max(end, at + 1)
        return found

    def _after(self, row: list[Word], hits: list[Hit], at: int) -> None:
        """Join "X region", "X and Y regions", "X city", "X sea"."""
        hit, has = hits[at], self.language.has
        end = hit.last
        if end >= len(row) or not row[end].joins or hit.possessive:
            return
        head = row[end].key
        level = self._level(head)
        if level is None or (hit.entries[0].level == "country" and level != "water"):
            return
        if level == "settlement" and not has("levels", "after", head):
            return
        then = row[end + 1] if end + 1 < len(row) else None
        follows = then is not None and then.joins and then.is_capital
        if follows and then is not None and row[end].is_capital:
            level = None if has("landmarks", "heads", then.key) else level
        if level is None:
            return  # "X State Hospital"
        hit.level, hit.has_help, hit.needs_help = level, True, False
        if level == "settlement" and not row[end].is_capital:
            return
        hit.last, hit.end = end + 1, row[end].end
        hit.possessive = row[end].is_possessive
        hit.label = " ".join(each.text for each in row[hit.first : hit.last])
        if level == "water":
            self._water(hit)
            return
        if level == "region":
            self._prefer(hit, is_part=has("levels", "part", head))
        # "the X and Y regions": the word for both stands once
        if head.endswith("s") or not row[end].text.isascii():
            back = at - 1
            while back >= 0 and self._is_list(row, hits[back], hits[back + 1]):
                if hits[back].kind == "name" and hits[back].level is None:
                    hits[back].level = level
                    self._prefer(hits[back], is_part=False)
                back -= 1

    def _is_list(self, row: list[Word], left: Hit, right: Hit) -> bool:
        between = row[left.last : right.first]
        if not between:
            return row[right.first].gap.strip() == ","
        return len(between) == 1 and self.language.has("grammar", "and", between[0].key)

    def _prefer(self, hit: Hit, *, is_part: bool) -> None:
        """Put the regions of that size first: a province before a county, or the other way."""
        parts = self.language.of("levels", "part")
        hit.entries = tuple(
            sorted(
                hit.entries,
                key=lambda each: (each.name.casefold().rpartition(" ")[2] in parts) is not is_part,
            )
        )
        if not is_part:
            fitting = [
                each
                for each in hit.entries
                if each.level == "region" and each.name.casefold().rpartition(" ")[2] not in parts
            ]
            cities = self.language.of("levels", "settlement")
            wide = [e for e in fitting if e.name.casefold().rpartition(" ")[2] not in cities]
            if wide or fitting:
                hit.entries = tuple(wide or fitting)
        else:
            small = [
                each
                for each in hit.entries
                if each.level == "region" and each.name.casefold().rpartition(" ")[2] in parts
            ]
            hit.entries = tuple(small) or hit.entries

    def _water(self, hit: Hit) -> None:
        known = [each for each in hit.entries if each.level == "water"]
        hit.entries = tuple(known) or (_made(hit.label or hit.key.title(), "water", None, None),)
        hit.level = "water"

    def _before(self, row: list[Word], hit: Hit) -> None:
        """Join "the town of X", "the region of X", "Lake X"."""
        at = hit.first - 1
        if hit.level is not None or at < 0:
            return
        has = self.language.has
        key = row[at].key
        if has("grammar", "of", key) and at and row[hit.first].joins:
            level = self._level(row[at - 1].key)
            if level in ("region", "settlement") and hit.entries[0].level != "country":
                hit.level = level
                if level == "region":
                    self._prefer(hit, is_part=has("levels", "part", row[at - 1].key))
        elif has("levels", "water_before", key) and row[at].is_capital and row[hit.first].joins:
            hit.first, hit.start = at, row[at].start
            hit.label = " ".join(each.text for each in row[at : hit.last])
            self._water(hit)
        elif (
            row[hit.first].joins
            and row[at].is_capital
            and at
            and has("levels", "directions", key)
            and hit.entries[0].level == "region"
        ):
            hit.first, hit.start, hit.level = at, row[at].start, "region"
            hit.label = " ".join(each.text for each in row[at : hit.last])
            hit.entries = tuple(replace(each, geonames=None) for each in hit.entries)
        elif (
            row[hit.first].joins
            and has("levels", "settlement", key)
            and hit.entries[0].level != "country"
        ):
            hit.level = "settlement"

    def _level(self, key: str) -> str | None:
        has = self.language.has
        if has("levels", "region", key) or has("levels", "part", key):
            return "region"
        if has("levels", "settlement", key):
            return "settlement"
        return "water" if has("levels", "water", key) else None

    # ---- names that no list has

    def _unknown(self, number: int, row: list[Word], taken: set[int]) -> list[Hit]:
        found: list[Hit] = []
        has = self.language.has
        for start, end in self._runs(row, taken):
            run = " ".join(each.key for each in row[start:end])
            if has("never", "names", row[start].key) or has("never", "names", run):
                continue
            hit = self._unknown_run(number, row, start, end, taken)
            if hit is not None and not has("persons", "titles", row[hit.first].key):
                found.append(hit)
        return found

    def _unknown_run(  # noqa: PLR0912 - one case after the other
        self, number: int, row: list[Word], start: int, end: int, taken: set[int]
    ) -> Hit | None:
        """Return "the town of X", "X River", "the X district" of an X that is in no list."""
        has = self.language.has
        if start == 0 and has("grammar", "small", row[0].key):  # a capital from there alone
            start = 1
        if start == end:
            return None
        head = row[end - 1].key
        name_end = end
        level = None
        if end - start > 1 and self._level(head) and row[end - 1].is_capital:
            level, name_end = self._level(head), end - 1
        elif end < len(row) and end not in taken and row[end].joins and self._level(row[end].key):
            level, end = self._level(row[end].key), end + 1
        if level == "settlement":
            level = None  # "a nation's city", "Old Town": no name
        if start and row[start].joins and level is None:
            before = row[start - 1].key
            if has("grammar", "of", before) and start > 1:
                level = self._level(row[start - 2].key)
                if level is None and self._is_governed(row[start - 2].key):
                    return self._bare(number, row, start, end)
            elif has("levels", "urban", before) or self._is_served(row, start):
                return self._bare(number, row, start, end)
            elif has("levels", "settlement", before) or has("grammar", "strong_where", before):
                hit = self._variant(number, row, start, end)
                if hit is not None:
                    return hit
                if has("grammar", "bare_where", before) or has("levels", "settlement", before):
                    return self._bare(number, row, start, end)
        names = row[start:name_end]
        if level is None or not 1 <= len(names) <= NAME_MOST or self._is_no_name(names):
            return None
        return self._hit(number, row, start, end, level)

    def _is_served(self, row: list[Word], start: int) -> bool:
        """Say whether something goes to a place there: "supplies to X", "orders for X"."""
        has = self.language.has
        joins = has("grammar", "supplied_by", row[start - 1].key)
        return joins and start > 1 and has("grammar", "supplies", row[start - 2].key)

    def _hit(self, number: int, row: list[Word], start: int, end: int, level: str) -> Hit:
        label = " ".join(each.text for each in row[start:end])
        return Hit(
            number=number,
            first=start,
            last=end,
            start=row[start].start,
            end=row[end - 1].end,
            key=" ".join(each.key for each in row[start:end]),
            entries=(_made(label, level, None, None),),
            kind="head",
            level=level,
            has_help=True,
            label=label,
            possessive=row[end - 1].is_possessive,
            text=label,
        )

    def _is_governed(self, key: str) -> bool:
        """Say whether a place follows "of" after that word: "mayor of", "parts of"."""
        has = self.language.has
        return has("roles", "local", key) or has("grammar", "sides", key)

    def _bare(self, number: int, row: list[Word], start: int, end: int) -> Hit | None:
        """A name in no list, where only a place can stand: "in Nowhere", "mayor of Nowhere"."""
        has = self.language.has
        then = row[end] if end < len(row) else None
        if end - start > BARE_MOST or self._is_no_name(row[start:end]):
            return None
        if then is not None and then.joins and then.is_capital:
            return None  # the beginning of another's name
        if then is not None and then.joins and has("landmarks", "heads", then.key):
            return None
        for word in row[start:end]:
            key = word.key
            if (
                (word.text.isupper() and len(word.text) > 1)
                or not word.text[-1].isalpha()
                or has("never", "things", key)
                or has("never", "calendar", key)
                or has("never", "papers", key)
                or has("never", "common", key)
                or has("landmarks", "heads", key)
                or has("roles", "words", key)
                or has("persons", "given", key)
                or key in self.persons
            ):
                return None
        self.bare.add(" ".join(each.key for each in row[start:end]))
        return self._hit(number, row, start, end, "settlement")

    def _variant(self, number: int, row: list[Word], start: int, end: int) -> Hit | None:
        if end - start != 1 or self.language.has("never", "common", row[start].key):
            return None
        if self._is_no_name(row[start:end]):
            return None
        key, entries = variant_of(row, start, self.gazetteer)
        if not entries:
            return None
        return Hit(
            number=number,
            first=start,
            last=end,
            start=row[start].start,
            end=row[start].end,
            key=key,
            entries=entries,
            kind="name",
            has_help=True,
            possessive=row[start].is_possessive,
            text=row[start].text,
        )

    def _is_no_name(self, names: list[Word]) -> bool:
        language = self.language
        return all(
            language.has("never", "common", each.key)
            or language.has("levels", "directions", each.key)
            or language.has("roles", "words", each.key)
            or language.has("grammar", "small", each.key)
            or each.key in language.nations
            for each in names
        )


def _made(name: str, level: str, country: str | None, region: str | None) -> Entry:
    return Entry(
        level=level,
        name=name,
        geonames=None,
        country=country,
        region=region,
        geocode=None,
        rank=0,
    )
