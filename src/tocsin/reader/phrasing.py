"""A sentence in the parts that counting needs: counted phrases, their verbs, tolls and the rest.

No grammar of who governs whom is here; that is ``casualties``. Each piece of the sentence is in
exactly one item, in text order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from tocsin.reader.amounts import OLDEST, Amount, Amounts, year_like
from tocsin.reader.claim import Qualifier
from tocsin.reader.countwords import Role, Verb, Words, plain, words_of
from tocsin.reader.numerals import Piece

ItemKind = Literal["amount", "verb", "toll", "zero", "some", "part", "word", "mark"]
REACH = 6


@dataclass(slots=True)
class Item:
    """Pieces [start, end) of the sentence, and what they are together."""

    kind: ItemKind
    start: int
    end: int
    lower: str = ""
    amount: Amount | None = None
    verbs: tuple[Verb, ...] = ()
    """What its verb may mean; of "buried": laid to rest, or trapped."""
    is_capital: bool = False
    roles: tuple[Role, ...] = ()
    """Of a toll, of "no casualties" and of "caused casualties": whom it counts."""


@cache
def phraser(language: str) -> Phraser:
    """Return the phraser of that language."""
    return Phraser(words_of(language))


class Phraser:
    """Cuts sentences of one language into items."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.amounts = Amounts(words)

    def items(self, run: Sequence[Piece]) -> list[Item]:
        """Return the whole sentence as items."""
        found: list[Item] = []
        at = 0
        while at < len(run):
            item = self._item(run, at, found)
            found.append(item)
            at = item.end
        return found

    def _item(self, run: Sequence[Piece], at: int, found: list[Item]) -> Item:
        piece = run[at]
        if piece.kind == "mark":
            return self._amount(run, at, found) if piece.lower == "~" else self._plain(run, at)
        if piece.kind == "word":
            for reader in (self._toll, self._zero, self._nobody, self._part):
                if item := reader(run, at, found):
                    return item
        if amount := self.amounts.read(run, at):
            return self._counted(run, at, amount)
        if self.words.is_free and self.words.is_age(piece.lower) and (
            aged := self._determined(run, at, at)
        ):
            return aged
        if piece.kind == "word":
            for reader in (self._verb, self._some, self._persons, self._name):
                if item := reader(run, at, found):
                    return item
        return self._plain(run, at)

    def _amount(self, run: Sequence[Piece], at: int, found: list[Item]) -> Item:
        del found
        amount = self.amounts.read(run, at + 1) if at + 1 < len(run) else None
        return self._counted(run, at + 1, amount) if amount else self._plain(run, at)

    def _plain(self, run: Sequence[Piece], at: int) -> Item:
        piece = run[at]
        end = at + 1
        if piece.lower in self.words.labels and end < len(run) and run[end].kind == "number":
            # "aged 12 to 45", "Route 66": the numbers after a label count nothing.
            end += 1
            while end + 1 < len(run) and run[end].lower in self.words.range_marks | \
                    self.words.conjunctions and run[end + 1].kind == "number":
                end += 2
            return Item("word", at, end, piece.lower)
        kind: ItemKind = "mark" if piece.kind == "mark" else "word"
        return Item(kind, at, end, piece.lower, is_capital=piece.is_capital)

    def _counted(self, run: Sequence[Piece], at: int, amount: Amount) -> Item:
        if year_like(run, amount):
            amount.what = "unit"
        elif amount.what == "bare" and amount.value == 1 and amount.qualifier is Qualifier.EXACT \
                and amount.end < len(run) and self._is_ratio(run, amount.end):
            amount.what = "unit"  # "one in five", "one another"
        return Item("amount", amount.start, self._age_end(run, amount), run[at].lower, amount)

    def _is_ratio(self, run: Sequence[Piece], at: int) -> bool:
        """Say whether "one" goes on as "in five" or "another"."""
        if run[at].lower in self.words.one_of_many:
            return True
        return (
            run[at].lower in self.words.placing
            and at + 1 < len(run)
            and self.amounts.numerals.read(run, at + 1) is not None
        )

    def _age_end(self, run: Sequence[Piece], amount: Amount) -> int:
        """Go past an age in apposition: ", 34," or "(34)" or ", aged 34,"."""
        end = amount.end
        if amount.what not in {"person", "name"} or end + 1 >= len(run):
            return end
        if run[end].lower in self.words.aged and run[end + 1].kind == "number":
            return end + 2
        if run[end].lower not in {",", "("}:
            return end
        index = end + 1
        if run[index].lower in self.words.aged:
            index += 1
        if index >= len(run) or run[index].kind != "number" or (run[index].value or 999) > OLDEST:
            return end
        after = run[index + 1].lower if index + 1 < len(run) else "."
        if after not in {",", ")", ".", ";"}:
            return end
        return index + (2 if after in {",", ")"} else 1)

    def _toll(self, run: Sequence[Piece], at: int, found: list[Item]) -> Item | None:
        words, toll = self.words, self.words.toll
        if not toll:
            return None
        if hit := words.toll_number.match(run, at):
            return self._number_of(run, at, hit[0])
        if run[at].lower in toll["heads"]:
            before = run[at - 1].lower if at else ""
            if before in toll["injury"]:
                role = "injured"
            elif before in toll["death"] or run[at].lower in toll["plain"]:
                role = "killed"
            elif before in toll["both"]:
                role = "both"
            else:
                return None
            end = at + 1
            for index in range(at + 1, min(len(run), at + 4)):
                hit = words.verbs.match(run, index)
                if hit and run[at + 1].lower in words.partitive and hit[1][0].role == "injured":
                    role, end = "injured", hit[0]
            return Item("toll", at, end, "toll", roles=(plain(role),))
        return None

    def _number_of(self, run: Sequence[Piece], at: int, index: int) -> Item | None:
        """Read "the number of people killed", "the number of customers without power"."""
        words = self.words
        roles: list[Role] = []
        last = min(len(run), index + REACH)
        noun = ""
        while index < last and run[index].kind == "word":
            lower = run[index].lower
            if hit := words.verbs.match(run, index):
                role, what, state = hit[1][0].said
                roles.append((role, what or noun or None, state))
                index = hit[0]
                continue
            if name := words.verbless.get(lower):
                roles.append(plain(name))
            elif (roles and lower not in words.conjunctions) or lower in words.be:
                break
            kind = words.class_of(run[index])
            noun = kind if kind and kind != "verb" else noun
            index += 1
        return Item("toll", at, index, "toll", roles=tuple(dict.fromkeys(roles))) if roles else None

    def _zero(self, run: Sequence[Piece], at: int, found: list[Item]) -> Item | None:
        """Read "no casualties", "no reports of any injuries or deaths", "without loss of life"."""
        words = self.words
        lower = run[at].lower
        is_noun = words.zero_nouns.match(run, at) is not None
        is_denied = lower in words.no or (is_noun and self._is_denied(run, at))
        if not is_denied and not (is_noun and words.is_free):
            return None
        if lower in words.anyone and not self._is_denied(run, at):
            return None
        index = at + 1 if lower in words.no else at
        roles: list[str] = []
        ends = index
        while index < min(len(run), at + 2 * REACH):
            if hit := words.zero_nouns.match(run, index):
                index = ends = hit[0]
                roles.append(hit[1])
                continue
            if hit := words.zero_reports.match(run, index):
                index = hit[0]
                continue
            piece = run[index]
            if piece.lower not in words.conjunctions and piece.lower not in words.zero_adjectives \
                    and piece.lower not in words.no and piece.lower != ",":
                following = run[index + 1].lower if index + 1 < len(run) else ""
                if roles or piece.kind != "word" or following not in words.conjunctions:
                    break
            index += 1
        if not roles or not is_denied and (
            ends >= len(run) or not words.zero_after.match(run, ends)
        ):
            return None
        if ends < len(run) and run[ends].lower in words.toll.get("heads", ()):
            return None
        return Item("zero", at, ends, "", roles=tuple(plain(each) for each in dict.fromkeys(roles)))

    def _is_denied(self, run: Sequence[Piece], at: int) -> bool:
        """Say whether a "not" with a verb of causing, or "without", stands just before."""
        before = [piece.lower for piece in run[max(0, at - REACH) : at]]
        for index in range(len(before) - 1, -1, -1):
            if before[index] in self.words.not_:
                between = before[index + 1 :]
                return not between or any(
                    word in self.words.zero_verbs or word in self.words.verb_heads
                    for word in (*between, before[index])
                ) or before[index] == "without"
            if before[index] in {",", ";", "but"}:
                return False
        return False

    def _nobody(self, run: Sequence[Piece], at: int, found: list[Item]) -> Item | None:
        """Read "no one", "none of the 12", "no local residents", and "anyone" after a "not"."""
        words = self.words
        end: int | None = None
        if hit := words.nobody.match(run, at):
            end = hit[0]
        elif run[at].lower in words.anyone and self._is_denied(run, at):
            end = at + 1
        elif run[at].lower in words.no and run[at].lower not in words.not_:
            for index in range(at + 1, min(len(run), at + 4)):
                if run[index].kind != "word" or run[index].lower in words.stops:
                    break
                if run[index].lower in words.plural or run[index].lower in words.singular:
                    end = index + 1
        if end is None:
            return None
        if end + 1 < len(run) and run[end].lower in words.partitive:
            if run[end + 1].lower in words.them:
                end += 2
            elif inner := self.amounts.read(run, end + 1):
                end = inner.end
            else:
                for index in range(end + 1, min(len(run), end + 6)):
                    if run[index].lower in words.plural:
                        end = index + 1
                        break
        zero = Amount(at, end, 0, Qualifier.NONE, 0, 0, None, "person")
        return Item("amount", at, end, run[at].lower, zero)

    def _part(self, run: Sequence[Piece], at: int, found: list[Item]) -> Item | None:
        hit = self.words.parts.match(run, at)
        return Item("part", at, hit[0], hit[1]) if hit else None

    def _verb(self, run: Sequence[Piece], at: int, found: list[Item]) -> Item | None:
        words = self.words
        if hit := self._suffering(run, at):
            return hit
        if hit := words.verbs.match(run, at):
            return Item("verb", at, hit[0], run[at].lower, verbs=hit[1])
        return None

    def _suffering(self, run: Sequence[Piece], at: int) -> Item | None:
        """Read "suffered serious injuries", "with burns", "taken to a local hospital"."""
        words, lower = self.words, run[at].lower
        for each in words.spanned:
            if lower not in each.heads:
                continue
            is_through = not each.through
            for index in range(at + 1, min(len(run), at + REACH)):
                piece = run[index]
                is_through |= piece.lower in each.through
                if piece.lower in each.ends and is_through:
                    return Item("verb", at, index + 1, lower, verbs=(each.verb,))
                if piece.kind != "word" or piece.lower in words.be | words.conjunctions:
                    break
                if not (is_through and each.through) and self.amounts.numerals.read(run, index):
                    break
        return None

    def _some(self, run: Sequence[Piece], at: int, found: list[Item]) -> Item | None:
        """Read casualties without a number: "caused deaths and injuries"."""
        words = self.words
        role = words.verbless.get(run[at].lower)
        if role is None or run[at].lower in words.verbs.firsts:
            return None
        for back in range(1, 6):
            if at - back < 0 or run[at - back].kind != "word":
                return None
            if run[at - back].lower in words.plain_determiners | words.anyone:
                return None
            if hit := words.some_causes.match(run, at - back):
                if hit[0] <= at:
                    return Item("some", at, at + 1, run[at].lower, roles=(plain(role),))
        return None

    def _persons(self, run: Sequence[Piece], at: int, found: list[Item]) -> Item | None:
        """Read "a man", "his wife", "the driver", "civilians"."""
        words, lower = self.words, run[at].lower
        if lower in words.determiners:
            return self._determined(run, at, at + 1)
        if lower in words.plural:
            end = at + 1
            while end < len(run) and run[end].lower in words.plural:
                end += 1
            noun = run[end - 1].lower
            if noun in words.not_counted or self._is_compound(run, end):
                return None
            amount = Amount(at, end, None, Qualifier.SOME, 1, None, noun, "person",
                            is_numbered=False)
            return Item("amount", at, end, lower, amount)
        if lower in words.singular:
            return self._bare_singular(run, at, found)
        return None

    def _is_compound(self, run: Sequence[Piece], end: int) -> bool:
        """Say whether the noun only describes the next one: "people smugglers"."""
        if end >= len(run):
            return False
        piece = run[end]
        kind = self.words.class_of(piece)
        if kind is not None or piece.kind != "word" or piece.is_capital:
            return kind not in {None, "verb"}
        plain = piece.lower not in self.words.stops and not self.words.is_adverb(piece.lower)
        return plain and not self.words.is_free and not piece.lower.endswith(("ing", "ed"))

    def _determined(self, run: Sequence[Piece], at: int, start: int) -> Item | None:
        words = self.words
        index, end, noun = start, 0, ""
        while index < min(len(run), at + 2 * REACH):
            piece = run[index]
            lower = piece.lower
            if words.is_age(lower) and not lower.endswith("s"):
                end, noun = index + 1, lower
            elif piece.kind != "word" or lower in words.stops:
                break
            elif lower in words.family and index + 2 < len(run) and run[index + 1].lower in words.partitive:
                inner = self.amounts.numerals.read(run, index + 2)
                if inner and inner.value:
                    amount = Amount(at, inner.end, inner.value, Qualifier.EXACT, inner.value,
                                    inner.value, lower, "person")
                    return Item("amount", at, inner.end, lower, amount)
                break
            elif lower in words.singular or lower in words.pairs:
                end, noun = index + 1, lower
            elif lower in words.plural:
                end, noun = index + 1, lower
            elif end or not self._may_modify(run, index, start):
                break
            index += 1
        if not end and index > at + 1 and self._is_national(run, index):
            end, noun = index, run[index - 1].lower
        if not end or self._is_compound(run, end):
            return None
        definite = run[at].lower in words.plain_determiners
        if noun in words.pairs:
            amount = Amount(at, end, 2, Qualifier.EXACT, 2, 2, noun, "person", is_definite=definite)
        elif noun in words.plural:
            amount = Amount(at, end, None, Qualifier.SOME, 1, None, noun, "person",
                            is_definite=definite, is_numbered=False)
        else:
            amount = Amount(at, end, 1, Qualifier.EXACT, 1, 1, noun, "person",
                            is_definite=definite, is_numbered=False)
        end = self._named(run, end)
        item = Item("amount", at, end, run[at].lower, amount)
        amount.end, plain = end, amount.end
        item.end = max(self._age_end(run, amount), end)
        amount.end = plain
        return item

    def _is_national(self, run: Sequence[Piece], end: int) -> bool:
        """Say whether "a Palestinian" is a person: a verb follows at once."""
        last = run[end - 1]
        if last.lower in self.words.ordinals and end < len(run):
            return run[end].lower in self.words.be | self.words.have
        if not last.is_capital or not last.lower.endswith(self.words.nationals) or end >= len(run):
            return False
        following = run[end].lower
        return following in self.words.be | self.words.have or (
            following in self.words.relatives or self.words.class_of(run[end]) == "verb"
        )

    def _may_modify(self, run: Sequence[Piece], at: int, start: int) -> bool:
        """Say whether an adjective can stand there: "a wounded soldier", not "a strike killed"."""
        kind = self.words.class_of(run[at])
        if kind == "verb":
            if at > start and not self.words.is_adverb(run[at - 1].lower):
                return False
            following = run[at + 1].lower if at + 1 < len(run) else ""
            return following in self.words.singular or following in self.words.plural
        return self.amounts.numerals.read(run, at) is None

    def _named(self, run: Sequence[Piece], end: int) -> int:
        """Go past a name in apposition: "a driver John Smith"."""
        while end < len(run) and run[end].is_capital and run[end].kind == "word" \
                and run[end].lower not in self.words.stops:
            end += 1
        return end

    def _bare_singular(self, run: Sequence[Piece], at: int, found: list[Item]) -> Item | None:
        """Read "woman" of "a man and woman", "Mayor John Smith", and "Man" of a headline."""
        words = self.words
        named = self._named(run, at + 1)
        joined = len(found) > 1 and found[-1].lower in words.conjunctions and (
            found[-2].amount is not None and found[-2].amount.what == "person"
        )
        titled = run[at].is_capital and named > at + 1
        headline = at == 0 and named == at + 1
        if not (joined or titled or headline or words.is_free) or self._is_compound(run, at + 1):
            return None
        amount = Amount(at, named, 1, Qualifier.EXACT, 1, 1, run[at].lower, "person",
                        is_numbered=False)
        return Item("amount", at, self._age_end(run, amount), run[at].lower, amount)

    def _name(self, run: Sequence[Piece], at: int, found: list[Item]) -> Item | None:
        """Read a person's name: two capital words, or one with an age after it."""
        words, end = self.words, at
        while end < len(run) and end < at + REACH and run[end].kind == "word" and run[end].is_capital \
                and run[end].lower not in words.stops and not run[end].lower.endswith("'s") \
                and words.class_of(run[end]) is None:
            end += 1
        if end == at or any(piece.lower in words.not_names for piece in run[at:end]) or (
            at and run[at - 1].is_capital and run[at - 1].lower not in words.stops
        ):
            return None
        if end < len(run) and run[end].lower in words.singular:
            return self._titled(run, at, end)
        amount = Amount(at, end, 1, Qualifier.EXACT, 1, 1, None, "name", is_numbered=False)
        aged = self._age_end(run, amount)
        if aged == end and (end - at < 2 or (at and run[at - 1].lower in words.prepositions)):
            return None
        if aged == end and end < len(run) and words.class_of(run[end]) == "person":
            return self._titled(run, at, end)
        return Item("amount", at, aged, run[at].lower, amount)

    def _titled(self, run: Sequence[Piece], at: int, end: int) -> Item | None:
        """Read "Hamas leader Ismail Haniyeh": whose man, what he is, and his name."""
        named = self._named(run, end + 1)
        if run[end].lower not in self.words.singular or named == end + 1:
            return None
        amount = Amount(at, named, 1, Qualifier.EXACT, 1, 1, run[end].lower, "person",
                        is_numbered=False)
        return Item("amount", at, self._age_end(run, amount), run[at].lower, amount)
