"""What "the city", "the country", "there" go back to: the scene of the text so far.

Only scenes are remembered: the town where something was said, and the government that said it,
are not what "the city" means. A country or a capital that is only a speaker is passed over.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tocsin.reader.claim import Place
from tocsin.reader.placeuse import ACTOR, ADJECTIVE, DISTANCE, ROUTE, SAID_AT, TITLE

if TYPE_CHECKING:
    from tocsin.reader.gazetteer import Entry, Gazetteer
    from tocsin.reader.placewords import Vocabulary, Word

BETWEEN_MOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Words that go back to a place: ``to`` is the level, or ``capital`` or ``any``."""

    first: int
    last: int
    start: int
    end: int
    to: str


def references(row: list[Word], language: Vocabulary, taken: set[int]) -> list[Reference]:
    """Return what goes back to a place in a sentence, in order."""
    found: list[Reference] = []
    has = language.has
    for at, word in enumerate(row):
        if at in taken:
            continue
        if has("referring", "there", word.key) and not word.is_capital:
            after = row[at + 1].key if at + 1 < len(row) else ""
            before = row[at - 1].key if at else ""
            if (
                not has("referring", "existential", after)
                and not has("referring", "existential", before)
                and not has("grammar", "small", before)
            ):
                found.append(_reference(row, at, at + 1, "any"))
            continue
        to = next(
            (
                level
                for level in ("settlement", "capital", "country", "region", "any")
                if has("referring", level, word.key)
            ),
            None,
        )
        if to is None or word.is_capital:
            continue
        if not _is_definite(row, at, language, taken) and not _is_in_town(row, at, language):
            continue
        after_word = row[at + 1] if at + 1 < len(row) else None
        if after_word is not None and after_word.joins:
            if at + 1 in taken and not word.is_possessive:
                continue  # "the capital X" names it
            if has("referring", "not_after", after_word.key) and not word.is_possessive:
                counts = has("grammar", "of", after_word.key) and (
                    at + 2 < len(row) and row[at + 2].text[:1].isdigit()
                )
                if not counts:
                    continue
        start = _article(row, at, language, taken)
        found.append(_reference(row, start, at + 1, to))
    return found


def _reference(row: list[Word], first: int, last: int, to: str) -> Reference:
    return Reference(first=first, last=last, start=row[first].start, end=row[last - 1].end, to=to)


def _article(row: list[Word], at: int, language: Vocabulary, taken: set[int]) -> int:
    low = at
    while low > 0 and row[low].joins and at - low < BETWEEN_MOST:
        key = row[low - 1].key
        if language.has("referring", "determiners", key):
            wider = (
                low > 1
                and row[low - 1].joins
                and language.has("referring", "determiners", row[low - 2].key)
            )
            return low - 2 if wider else low - 1
        if (
            low - 1 in taken
            or language.has("referring", "between", key)
            or row[low - 1].is_possessive
        ):
            low -= 1
            continue
        break
    return at if low == at else low


def _is_definite(row: list[Word], at: int, language: Vocabulary, taken: set[int]) -> bool:
    """Say whether an article or an owner stands before, with only known words between."""
    if not language.of("referring", "determiners"):
        return False
    for low in range(at, max(0, at - BETWEEN_MOST) - 1, -1):
        if low == 0 or not row[low].joins:
            return False
        before = row[low - 1]
        if language.has("referring", "determiners", before.key):
            return True
        if before.is_possessive and low - 1 in taken:
            return True
        if not (low - 1 in taken or language.has("referring", "between", before.key)):
            return False
    return False


def _is_in_town(row: list[Word], at: int, language: Vocabulary) -> bool:
    """Say whether it needs no article: "west of town", "in town"."""
    if not at or not row[at].joins or not language.has("referring", "bare", row[at].key):
        return False
    before = row[at - 1].key
    return language.has("grammar", "of", before) or language.has("grammar", "strong_where", before)


@dataclass(slots=True)
class Memory:
    """The scene so far. Ask it, then tell it what came."""

    language: Vocabulary
    gazetteer: Gazetteer
    settlement: Place | None = None
    region: Place | None = None
    country: str | None = None
    last: Place | None = None
    spoken: Place | None = None
    """A town that was named, though not as a scene: better than nothing."""
    named: dict[str, Place] = field(default_factory=dict)
    """Landmarks by the last word of their kind."""
    short: dict[str, Place] = field(default_factory=dict)
    """Landmarks by their name alone: the "X" of "X airport"."""

    def hear(self, place: Place, use: str) -> None:
        """Take in a place of the text."""
        if place.level == "settlement" and use != SAID_AT:
            self.spoken = place
        if use in (SAID_AT, ACTOR, DISTANCE, ROUTE) or (
            use in (ADJECTIVE, TITLE) and place.level == "country"
        ):
            return
        if place.level == "settlement":
            self.settlement, self.last = place, place
            self.region = None if self._leaves(place) else self.region
        elif place.level == "region":
            self.region, self.last = place, place
        elif place.level == "country":
            self.last = self.last if self.last and self.last.country == place.country else place
        if place.country:
            self.country = place.country

    def _leaves(self, place: Place) -> bool:
        return bool(self.region and place.region and self.region.region != place.region)

    def town(self) -> Place | None:
        """Return the town of the scene."""
        return self.settlement or self.spoken

    def resolve(self, to: str, nation: str | None) -> Place | None:
        """Return what such words go back to; ``nation``: the country named with them."""
        if to == "capital":
            code = nation or self._country_of_scene()
            entry = self.gazetteer.capital(code) if code else None
            town = self.town()
            if entry is None:
                return town
            if town is not None and town.geonames == entry.geonames:
                return town
            return place_of(entry)
        if to == "settlement":
            return self.town()
        if to == "country":
            code = self._country_of_scene()
            entry = self.gazetteer.country(code) if code else None
            return place_of(entry) if entry else None
        if to == "region":
            if self.region is not None:
                return self.region
            town = self.town()
            entry = self.gazetteer.region(town.region) if town and town.region else None
            return place_of(entry) if entry else None
        return self.settlement or self.last

    def _country_of_scene(self) -> str | None:
        return self.country or (self.spoken.country if self.spoken else None)


def place_of(entry: Entry) -> Place:
    """Return the place of a gazetteer entry, without a span."""
    return Place(
        name=entry.name,
        level=entry.level,
        geonames=entry.geonames,
        geocode=entry.geocode,
        region=entry.region if entry.level != "country" else None,
        country=entry.country,
    )


def again(place: Place, start: int, end: int, text: str) -> Place:
    """Return the same place with the words that go back to it."""
    from tocsin.reader.claim import Span

    return replace(place, span=Span(start, end, text[start:end]), ambiguous=())
