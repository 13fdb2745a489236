"""Tolls, and the many ways to say that nobody came to harm."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.reader.amounts import Amount
from tocsin.reader.claim import Qualifier
from tocsin.reader.countwords import Role, plain
from tocsin.reader.items import REACH, Item, Reader
from tocsin.reader.numerals import Piece


class Denials(Reader):
    """Reads "the death toll", "no casualties", "no one", "caused deaths"."""

    def _toll(self, run: Sequence[Piece], at: int) -> Item | None:
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
            elif run[at].lower in toll.get("again", ()) and self._killed_before(run, at):
                role = "killed"
            else:
                return None
            end = at + 1
            for index in range(at + 1, min(len(run), at + 4)):
                verb = words.verbs.match(run, index)
                if verb and run[at + 1].lower in words.partitive and verb[1][0].role == "injured":
                    role, end = "injured", verb[0]
            return Item("toll", at, end, "toll", roles=(plain(role),))
        return None

    def _killed_before(self, run: Sequence[Piece], at: int) -> bool:
        """Say whether deaths were told before "the total" of the same sentence."""
        after = run[at + 1].lower if at + 1 < len(run) else ""
        if after not in self.words.to | self.words.placing:
            return False
        return self._has_killed(run, at)

    def _has_killed(self, run: Sequence[Piece], at: int) -> bool:
        words = self.words
        if any(words.counted.get(piece.lower) == "killed" for piece in run[:at]):
            return True
        found = (words.verbs.match(run, step) for step in range(at))
        return any(hit is not None and hit[1][0].role == "killed" for hit in found)

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
        if roles == [plain("both")] and self._has_killed(run, at):
            roles = [plain("killed")]
        return Item("toll", at, index, "toll", roles=tuple(dict.fromkeys(roles))) if roles else None

    def _zero(self, run: Sequence[Piece], at: int) -> Item | None:
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
            if (
                piece.lower not in words.conjunctions
                and piece.lower not in words.zero_adjectives
                and piece.lower not in words.no
                and piece.lower != ","
            ):
                following = run[index + 1].lower if index + 1 < len(run) else ""
                if roles or piece.kind != "word" or following not in words.conjunctions:
                    break
            index += 1
        if not roles or (
            not is_denied and (ends >= len(run) or not words.zero_after.match(run, ends))
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
                return (
                    not between
                    or any(
                        word in self.words.zero_verbs or word in self.words.verb_heads
                        for word in (*between, before[index])
                    )
                    or before[index] == "without"
                )
            if before[index] in {",", ";", "but"}:
                return False
        return False

    def _nobody(self, run: Sequence[Piece], at: int) -> Item | None:
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
            end = self._of_whom(run, end)
        zero = Amount(at, end, 0, Qualifier.NONE, 0, 0, None, "person")
        return Item("amount", at, end, run[at].lower, zero)

    def _of_whom(self, run: Sequence[Piece], end: int) -> int:
        """Go past "of them", "of the 12" and "of the passengers" after "none"."""
        if run[end + 1].lower in self.words.them:
            return end + 2
        if inner := self.amounts.read(run, end + 1):
            return inner.end
        for index in range(end + 1, min(len(run), end + REACH)):
            if run[index].lower in self.words.plural:
                return index + 1
        return end

    def _some(self, run: Sequence[Piece], at: int) -> Item | None:
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
            hit = words.some_causes.match(run, at - back)
            if hit and hit[0] <= at:
                return Item("some", at, at + 1, run[at].lower, roles=(plain(role),))
        return None
