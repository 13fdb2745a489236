"""The words around a saying: who stands before or after it, what is set in, what follows.

Each is a pattern over the letters of ``speech``, looked at in a window of bounded length, so that
a sentence of any kind costs linear work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tocsin.reader.speech import Speech, Word, letters

WINDOW = 48
_NP = (
    r"[D#]{0,2}[mMNOHGWKjp#]{0,8}[mMNOHGWK]"
    r"(?:j{0,2}[oi][D#]{0,2}[mMNOHGWKjp]{1,6}){0,3}"
)
_NP_END = re.compile(rf"(?:{_NP}|R)$")
_PAIR_END = re.compile(rf"(?:{_NP}|R)c(?:{_NP})$")
_NP_START = re.compile(rf"{_NP}|R")
_PAIR_START = re.compile(rf"(?:{_NP})(?:,?c{_NP})?")
OBJECT = re.compile(r"R|[D#]{0,2}[mMNOHGWKjpe]{1,5}(?:o[D#]?[mMNOHGWKjp]{1,4})?")
_PHRASE = re.compile(r"[D#]{0,2}[jmMNOHGWKt#p]{1,5}(?:o[D#]?[jmMNOHGWKt]{1,4})?")
BOUNDARY = ',;:bkT"-.gwn'
_ENDS = ',;.:"gb-ck'
SHORT_QUOTE = 4


class Phrases:
    """The noun phrases of one sentence, by indexes of its words."""

    def __init__(self, words: list[Word], known: Speech) -> None:
        """Take the words with their letters; nouns that look like verbs are put right."""
        self.words = words
        self.known = known
        self._settle_nouns()
        self.line = letters(words)

    def _settle_nouns(self) -> None:
        doubtful = self.known.verbs["also_nouns"] | self.known.nouns["document"]
        for at, word in enumerate(self.words):
            if word.letter != "V" or word.low not in doubtful:
                continue
            before = self.words[at - 1].letter if at else "."
            step = at + 1
            while step < len(self.words) and self.words[step].letter == "a":
                step += 1
            after = self.words[step].letter if step < len(self.words) else "."
            own = at > 0 and self.words[at - 1].owns
            own = own or self._low(at + 1) in self.known.grammar["seen"]
            if before not in "MNKORHGaXwW" or after in "VBLo" or own:
                letter = "W" if word.low in self.known.nouns["document"] else "j"
                self.words[at] = Word(word.start, word.end, word.text, word.low, letter, word.owns)

    def _low(self, at: int) -> str:
        return self.words[at].low if 0 <= at < len(self.words) else ""

    def _at(self, at: int) -> str:
        return self.line[at] if 0 <= at < len(self.line) else "."

    def _before(self, end: int) -> tuple[int, int] | None:
        """Return the noun phrase that ends right before a word."""
        low = max(0, end - WINDOW)
        window = self.line[low:end]
        pair = _PAIR_END.search(window)
        if pair and (low + pair.start() == 0 or self._at(low + pair.start() - 1) in BOUNDARY):
            return low + pair.start(), end
        match = _NP_END.search(window)
        return (low + match.start(), end) if match else None

    def _after(self, start: int) -> tuple[int, int] | None:
        """Return the noun phrase that starts at a word."""
        match = _PAIR_START.match(self.line, start, start + WINDOW) or _NP_START.match(
            self.line, start, start + WINDOW
        )
        return (start, match.end()) if match else None

    def _inserted(self, end: int) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """Return the subject before an insertion that ends in the comma at ``end - 1``."""
        mark = self.line[end - 1]
        starters = self.known.grammar["insertion"]
        for at in range(end - 2, max(0, end - WINDOW), -1):
            if self.line[at] in '";:.':
                return None
            if self.line[at] != mark or at + 1 >= end - 1:
                continue
            is_inserted = self._low(at + 1) in starters or self.line[at + 1] in "wD#HOGWMmNKe"
            if not is_inserted:
                continue
            subject = self._before(at)
            if subject and self.line[subject[0] : subject[1]] != "R":
                return self._widened(subject, mark) or (subject, (at + 1, end - 1))
        return None

    def _widened(
        self, subject: tuple[int, int], mark: str
    ) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """Return the office before a name that is set in: "the boy's mother, X, 34, said"."""
        first, last = subject
        if self.line[first:last].strip("Np") or self._at(first - 1) != mark or first < 2:  # noqa: PLR2004
            return None
        office = self._before(first - 1)
        if office is None or self.line[office[1] - 1] not in "HG":
            return None
        if office[0] > 0 and self._at(office[0] - 1) not in BOUNDARY:
            return None
        return office, (first, last)

    def _gap(self, at: int) -> tuple[int, str]:
        """Return where the subject would end, and the letters of what stands before the verb."""
        end = at
        while end > 0:
            letter = self.line[end - 1]
            if (
                letter in "aXBLnth"
                or (letter == "#" and self._at(end) == "t")
                or (letter in "iyD" and self._at(end) in "tD" and end < at)
            ):
                end -= 1
            else:
                break
        return end, self.line[end:at]

    def _defined(self, end: int) -> tuple[int, int] | None:
        """Return who, before a clause that says which: "a witness who gave her name as K said"."""
        for at in range(end - 1, max(0, end - WINDOW // 2), -1):
            if self.line[at] in '",;:-VgTbk.':
                return None
            if self.line[at] == "w" and self._low(at) in self.known.grammar["persons"]:
                subject = self._before(at)
                head = self.words[at - 1].letter
                return subject if head in "HG" and end - at > 1 else None
            if self._low(at) in self.known.grammar["seen"] and self._at(at - 1) in "WHGO":
                # "a report seen by X said" is the report, "a statement issued by X said" is X
                by_whom = self._low(at) in self.known.grammar["issued"]
                by_whom = by_whom and self._low(at + 1) in self.known.grammar["reduced"]
                return self._before(end) if by_whom else self._before(at)
        return None

    def _is_nobody(self, subject: tuple[int, int]) -> bool:
        """Say whether nobody said it: "no officials", "nor the rebels"."""
        negation = self.known.grammar["negation"] | self.known.grammar["nobody"]
        return self._low(subject[0]) in negation or self._low(subject[0] - 1) in negation

    def _is_thing(self, subject: tuple[int, int]) -> bool:
        return all(each.letter in "Dj#" for each in self.words[subject[0] : subject[1]])

    def _quote_before(self, at: int) -> int:
        """Return how many words the quotation has that ends before a word."""
        step, count = at - 1, 0
        while step >= 0 and count < SHORT_QUOTE and self.line[step] in '",q':
            count += self.line[step] == "q"
            step -= 1
        return count

    def _is_medium(self, first: int, last: int) -> bool:
        run = self.words[first:last]
        medium, media = self.known.nouns["medium"], self.known.nouns["media"]
        media = media | self.known.media
        return any(each.low in medium or (each.letter == "K" and each.low in media) for each in run)

    def _leading(self) -> tuple[int, int] | None:
        """Return the first noun phrase that can be the sentence's subject."""
        for start in self._starts():
            match = _PAIR_START.match(self.line, start, start + WINDOW)
            if match and self._at(match.end()) in "aXBVe,jL":
                return start, match.end()
        return None

    def _starts(self) -> Iterator[int]:
        yield 0
        comma = self.line.find(",", 0, WINDOW)
        if comma > 0 and self.line[0] in "ibe":
            yield comma + 1

    def _tail(self, at: int) -> tuple[int, bool, tuple[int, int] | None]:
        """Return the word after the cue, whether what is said follows, and the way it came."""
        step, via = at + 1, None
        if self._low(at) in self.known.verbs["person"]:
            match = OBJECT.match(self.line, step)
            if match and match.end() > step:
                if self._at(match.end()) in "XBL":
                    return step, True, None  # "warned it would respond"
                if self._is_medium(step, match.end()):
                    via = (step, match.end())
                step = match.end()
        while step < len(self.line):
            letter = self.line[step]
            if letter in "at":
                step += 1
                continue
            if letter not in "iy":
                break
            phrase = _PHRASE.match(self.line, step + 1)
            if phrase is None or (self._low(step) == "to" and self.line[step + 1] == "j"):
                break
            if via is None and self._is_medium(step + 1, phrase.end()):
                via = (step + 1, phrase.end())
            step = phrase.end()
        if step >= len(self.line):
            return step, False, via
        letter = self.line[step]
        if letter in ':"' or (letter == "," and self._at(step + 1) in '"T'):
            return step, True, via
        if letter == "b" and self._low(step) in self.known.grammar["asking"]:
            return step, True, via
        return step, letter not in _ENDS, via
