"""Where a sentence says who says it: the grammar of attributions, over letters of words.

``people.words`` gives each word one letter; a subject, an inserted clause ("X, the head of Y,
said"), what follows the verb, are patterns over that string, each looked at in a window of bounded
length, so that a sentence of any kind costs linear work. Who the words mean (a pronoun, "the
ministry") is ``speakers``' work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.reader.people import Speech, Word, letters

_WINDOW = 48
_NP = (
    r"[D#]{0,2}[mMNOHGWKjp#]{0,8}[mMNOHGWK]"
    r"(?:j{0,2}[oi][D#]{0,2}[mMNOHGWKjp]{0,5}[mMNOHGWK]){0,3}"
)
_NP_END = re.compile(rf"(?:{_NP}|R)$")
_PAIR_END = re.compile(rf"(?:{_NP}|R)c(?:{_NP})$")
_NP_START = re.compile(rf"{_NP}|R")
_PAIR_START = re.compile(rf"(?:{_NP})(?:,?c{_NP})?")
_OBJECT = re.compile(r"R|[D#]{0,2}[mMNOHGWKjpe]{1,5}(?:o[D#]?[mMNOHGWKjp]{1,4})?")
_PHRASE = re.compile(r"[D#]{0,2}[jmMNOHGWKt#p]{1,5}(?:o[D#]?[jmMNOHGWKt]{1,4})?")
_BOUNDARY = ',;:bkT"-.gwn'
_ENDS = ',;.:"gb-ck'
_SHORT_QUOTE = 4
_SHORT_REST = 3


@dataclass(slots=True, kw_only=True)
class Saying:
    """One saying in a sentence, by indexes of its words."""

    at: int
    """The verb (or "according")."""
    last: int
    """The word after the cue: its verb with "on Telegram", "as saying"."""
    subject: tuple[int, int] | None
    """Who: words [first, last). None: whoever spoke or acted before in the sentence."""
    form: str
    side: str
    """``left``: what is said stands before; ``right``: after; ``all``: around."""
    beside: tuple[int, int] | None = None
    """Words set in beside the name: "the head of the council"."""
    via: tuple[int, int] | None = None
    content: int = 0
    """First word of what is said, of sayings to the right."""
    is_embedded: bool = False
    """In a relative clause: "a campaign he said had been planned"."""
    is_weak: bool = False
    """An act of speech without words ("condemned the attack"), or a belief."""
    is_genitive: bool = False
    """The name stands in the case that "according to" asks for."""
    is_back: bool = False
    """What is said is the sentence before ("This was announced by X")."""
    ends: int | None = None
    """The word where what is said ends, where the grammar shows it."""

    @property
    def first(self) -> int:
        """The leftmost word of the cue with its speaker."""
        return min(self.at, self.subject[0]) if self.subject else self.at


class Grammar:
    """The sayings of one sentence."""

    def __init__(self, words: list[Word], known: Speech) -> None:
        """Take the words with their letters; nouns that look like verbs are put right."""
        self.words = words
        self.known = known
        self._settle_nouns()
        self.line = letters(words)

    def sayings(self) -> list[Saying]:
        """Return what is said by whom, in the order of the verbs."""
        found: list[Saying] = []
        for at, letter in enumerate(self.line):
            if letter not in "Vg":
                continue
            low = self.words[at].low
            saying = None
            if letter == "V":
                saying = self._verb(at, found)
            elif low in self.known.grammar["according"]:
                saying = self._according(at)
            else:
                saying = self._participle(at, found)
            if saying is not None:
                nested = self._is_nested(saying, found)
                if nested and (saying.is_weak or saying.form in self.known.verbs.get("act", ())):
                    continue
                saying.is_embedded = saying.is_embedded or nested
                found.append(saying)
        return found

    def _is_nested(self, saying: Saying, found: list[Saying]) -> bool:
        """Say whether it is told by the one before: "X said he had asked Y"."""
        outer = next((each for each in reversed(found) if not each.is_embedded), None)
        if outer is None or outer.side != "right" or saying.side != "right":
            return False
        if outer.ends is not None and saying.first >= outer.ends:
            return False
        between = self.line[outer.content : saying.first]
        return not any(letter in between for letter in 'ckb;"-')

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
            if before not in "MNKORHGaXwW" or after in "VBLo" or own:
                letter = "W" if word.low in self.known.nouns["document"] else "j"
                self.words[at] = Word(word.start, word.end, word.text, word.low, letter, word.owns)

    def _low(self, at: int) -> str:
        return self.words[at].low if 0 <= at < len(self.words) else ""

    def _at(self, at: int) -> str:
        return self.line[at] if 0 <= at < len(self.line) else "."

    # -- who --------------------------------------------------------------

    def _before(self, end: int) -> tuple[int, int] | None:
        """Return the noun phrase that ends right before a word."""
        low = max(0, end - _WINDOW)
        window = self.line[low:end]
        pair = _PAIR_END.search(window)
        if pair and (low + pair.start() == 0 or self._at(low + pair.start() - 1) in _BOUNDARY):
            return low + pair.start(), end
        match = _NP_END.search(window)
        return (low + match.start(), end) if match else None

    def _after(self, start: int) -> tuple[int, int] | None:
        """Return the noun phrase that starts at a word."""
        match = _PAIR_START.match(self.line, start, start + _WINDOW) or _NP_START.match(
            self.line, start, start + _WINDOW
        )
        return (start, match.end()) if match else None

    def _inserted(self, end: int) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """Return the subject before an insertion that ends in the comma at ``end - 1``."""
        mark = self.line[end - 1]
        starters = self.known.grammar["insertion"]
        for at in range(end - 2, max(0, end - _WINDOW), -1):
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
        if office is None or not self.line[office[1] - 1] in "HG":
            return None
        if office[0] > 0 and self._at(office[0] - 1) not in _BOUNDARY:
            return None
        return office, (first, last)

    def _gap(self, at: int) -> tuple[int, str]:
        """Return where the subject would end, and the letters of what stands before the verb."""
        end = at
        while end > 0:
            letter = self.line[end - 1]
            if letter in "aXBLnth":
                end -= 1
            elif letter == "#" and self._at(end) == "t":
                end -= 1
            elif letter in "iyD" and self._at(end) in "tD" and end < at:
                end -= 1
            else:
                break
        return end, self.line[end:at]

    def _verb(self, at: int, found: list[Saying]) -> Saying | None:  # noqa: PLR0911, C901
        verbs = self.known.verbs
        low, following = self._low(at), self._low(at + 1)
        if f"{low} {following}" in verbs["not_with"]:
            return None
        if following in verbs["never_before"] and low in verbs["adjectival"]:
            return None
        if self._at(at + 1) == "#" and self._low(at + 2) in verbs["costs"]:
            return None
        if found and at < found[-1].last:
            return None
        end, gap = self._gap(at)
        if "L" in gap or "n" in gap:
            return None
        before = self._at(end - 1) if end else "."
        if self._low(at - 1) in self.known.grammar["continues"]:
            return None
        is_passive = "B" in gap
        if low in verbs["quote"]:
            return self._quoted(at, end, is_passive=is_passive)
        speaks = low in verbs["clause"] or low in verbs["person"] or low in verbs["object"]
        if following in self.known.grammar["reduced"] and (is_passive or not self._before(end)):
            return self._by(at, at + 2) if speaks else None
        if is_passive:
            return self._urged(at) if low in verbs["person"] else None
        if low in verbs.get("count", ()) and not speaks and not self._is_toll(at):
            return None
        if low in verbs.get("call", ()) and not speaks and not self._is_named(at):
            return None
        inverted = self._inverted(at, end)
        if inverted:
            return inverted
        beside = None
        subject = None
        if before in ",-" and end == at - len(gap):
            pair = self._inserted(end)
            if pair:
                subject, beside = pair
        elif before == "w" and end >= 2:  # noqa: PLR2004
            step = end - 2 if self._at(end - 2) in ",-" else end - 1
            subject = self._before(step)
            if subject is None:
                return None
            return self._active(at, subject, None, is_relative=True)
        elif before in "ck" and low in verbs["clause"] and low not in verbs["also_nouns"]:
            return self._joined(at, found)
        else:
            subject = self._defined(end) or self._before(end)
            if self.known.inverts and (subject is None or before in "b-"):
                return self._following(at)
        if subject is None:
            return self._following(at) if self.known.inverts else None
        return self._active(at, subject, beside)

    def _following(self, at: int) -> Saying | None:
        """A saying before the one who says it: "reported the governor X", "they said in X"."""
        grammar = self.known.grammar
        start = at + 1
        while self._at(start) in "at":
            start += 1
        if self._low(start) in grammar["inverts_in"]:
            start += 1
        subject = self._after(start)
        if subject is None or (self._at(at + 1) == "," and subject[0] > at + 1):
            return None
        last, has_more, via = self._tail(subject[1] - 1)
        is_back = self._low(0) in grammar["back"] and self._low(1) in grammar["back_next"]
        opens = at <= 1 or (self._at(at - 1) == "b" and at <= 2)  # noqa: PLR2004
        side = "right" if has_more or (opens and not is_back) else "left"
        return Saying(
            at=at, last=last, subject=subject, form=self._low(at), side=side, via=via,
            content=last + 1 if has_more else last, is_back=is_back, is_weak=is_back,
        )  # fmt: skip

    def _defined(self, end: int) -> tuple[int, int] | None:
        """Return who, before a clause that says which: "a witness who gave her name as K said"."""
        for at in range(end - 1, max(0, end - _WINDOW // 2), -1):
            if self.line[at] in '",;:-VgTbk.':
                return None
            if self.line[at] == "w" and self._low(at) in self.known.grammar["persons"]:
                subject = self._before(at)
                head = self.words[at - 1].letter
                return subject if head in "HG" and end - at > 1 else None
        return None

    def _is_toll(self, at: int) -> bool:
        """Say whether a number of people or a measure is what the verb tells."""
        tolls, units = self.known.nouns["tolls"], self.known.grammar["at_as"]
        low = self._low(at)
        run = range(at + 1, min(len(self.line), at + 14))
        stop = next((each for each in run if self.line[each] in ',;"'), run.stop)
        said = range(at + 1, stop)
        has_toll = any(self._low(each) in tolls for each in said)
        if low in self.known.grammar["needs_at"]:
            is_bare = self._at(at + 1) == "R"
            return (has_toll or is_bare) and any(self._low(each) in units for each in said)
        return has_toll

    def _is_named(self, at: int) -> bool:
        """Say whether a quotation is what the verb calls something."""
        match = _OBJECT.match(self.line, at + 1)
        step = match.end() if match else at + 1
        if self._low(step) in self.known.grammar["quoted_as"]:
            step += 1
        step += self._at(step) == "D"
        return self._at(step) == '"' and step > at + 1

    def _urged(self, at: int) -> Saying | None:
        """ "Residents were urged to leave by the mayor"."""
        for step in range(at + 1, min(len(self.line), at + 14)):
            if self.line[step] in ',;"bT':
                return None
            if (
                self._low(step) in self.known.grammar["reduced"]
                and self._at(step + 1) in "DHOKMNmG"
            ):
                return self._by(at, step + 1)
        return None

    def _active(
        self,
        at: int,
        subject: tuple[int, int],
        beside: tuple[int, int] | None,
        *,
        is_relative: bool = False,
    ) -> Saying | None:
        verbs, low = self.known.verbs, self._low(at)
        speaks = low in verbs["clause"] or low in verbs["person"]
        head = self.line[subject[0] : subject[1]].split("i")[0].split("o")[0]
        if low in verbs["shows"] and not speaks and not head.endswith("W"):
            return None
        if low in verbs["shows"] and low in verbs["clause"] and self._is_thing(subject):
            return None
        last, has_more, via = self._tail(at)
        before = self._at(subject[0] - 1) if subject[0] else ""
        if low in verbs["thought"] and not has_more and before not in {",", '"'}:
            return None
        if self._is_nobody(subject):
            return None
        quoted = before == '"' or (before == "," and self._at(subject[0] - 2) == '"')
        long_quote = quoted and self._quote_before(subject[0]) >= _SHORT_QUOTE
        if has_more and before == "," and len(self.line) - last <= _SHORT_REST:
            has_more = False  # "the service said in its midday update"
        if long_quote or (not has_more and before not in {"", "."}):
            side = "left"
        else:
            side = "right"
        if not has_more and not before:
            side = "all"
        embedded = is_relative or before in {"T", "w"} or (has_more and self._at(last) in "XBL")
        content = last + 1 if self._at(last) in "T:" else last
        return Saying(
            at=at, last=last, subject=subject, form=low, side=side, beside=beside, via=via,
            content=content, is_embedded=bool(before) and embedded,
            is_weak=not speaks or (side == "right" and self._is_bare_object(at, last)),
            ends=self._ends(at, last) if side == "right" else None,
        )  # fmt: skip

    def _is_nobody(self, subject: tuple[int, int]) -> bool:
        """ "No officials", "nor the rebels": nobody said it."""
        negation = self.known.grammar["negation"] | self.known.grammar["nobody"]
        return self._low(subject[0]) in negation or self._low(subject[0] - 1) in negation

    def _is_bare_object(self, at: int, last: int) -> bool:
        """Say whether only a thing follows ("promised more air defences"), no clause."""
        if self._low(at) in self.known.verbs["person"] or self._at(last) not in "D#j":
            return False
        match = _OBJECT.match(self.line, last)
        return match is not None and self._at(match.end()) in ",;."

    def _is_thing(self, subject: tuple[int, int]) -> bool:
        return all(each.letter in "Dj#" for each in self.words[subject[0] : subject[1]])

    def _quote_before(self, at: int) -> int:
        """Return how many words the quotation has that ends before a word."""
        step, count = at - 1, 0
        while step >= 0 and count < _SHORT_QUOTE and self.line[step] in '",q':
            count += self.line[step] == "q"
            step -= 1
        return count

    def _tail(self, at: int) -> tuple[int, bool, tuple[int, int] | None]:
        """Return the word after the cue, whether what is said follows, and the way it came."""
        step, via = at + 1, None
        if self._low(at) in self.known.verbs["person"]:
            match = _OBJECT.match(self.line, step)
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

    def _is_medium(self, first: int, last: int) -> bool:
        run = self.words[first:last]
        medium, media = self.known.nouns["medium"], self.known.nouns["media"]
        media = media | self.known.media
        return any(each.low in medium or (each.letter == "K" and each.low in media) for each in run)

    def _ends(self, at: int, last: int) -> int | None:
        """Return where the words of another begin: "warned people to flee and rained rockets"."""
        low, verbs = self._low(at), self.known.verbs
        if "T" in self.line[last : last + 3] or low in verbs["thought"]:
            return None
        if low in verbs["clause"] and low not in verbs["person"]:
            return None
        is_act = low in verbs["object"]
        for step in range(last, min(len(self.line) - 1, last + _WINDOW)):
            letter = self.line[step]
            if is_act and letter == "," and self.line[step + 1] in "wbk":
                return step
            if letter == "," and self.line[step + 1] == "c" and self._at(step + 2) in "DMNKOHG#m":
                return step
            if letter != "c":
                continue
            after = step + 1
            while self._at(after) == "a":
                after += 1
            if self._low(after).endswith("ed") and self._at(after) in "eV":
                return step
        return None

    # -- other shapes -----------------------------------------------------

    def _inverted(self, at: int, end: int) -> Saying | None:
        """``"...", said X, the head of Y.``"""
        if end != at or self._at(at - 1) not in '",-' or at == 0:
            return None
        low, verbs = self._low(at), self.known.verbs
        if low not in verbs["clause"] and low not in verbs["with_particle"]:
            return None
        subject = self._after(at + 1)
        if subject is None:
            return None
        after = subject[1]
        if (
            self.line[subject[0] : after] == "R"
            and self._low(subject[0]) not in self.known.singular
        ):
            return None
        step = after
        while self._at(step) in "at":
            step += 1
        stop = self._at(step)
        if stop not in ',.;"bgiy:-w' and step < len(self.line):
            return None
        if stop not in ',.;"' and step < len(self.line) and self._at(at - 1) == ",":
            if stop == "y" or self._inserted(end):
                return None
        beside = None
        if stop == "," and self._at(step + 1) in "DHOG#NMK":
            opens = (
                step + 3 if self._at(step + 1) == "#" and self._at(step + 2) == "," else step + 1
            )
            close = self.line.find(",", opens, opens + _WINDOW)
            until = close if close >= 0 else min(len(self.line), step + 1 + _WINDOW)
            beside = (step + 1, until)
        told = self.line.find("w", after, after + _WINDOW)
        if told >= 0 and ("g" in self.line[after:told] or "V" in self.line[after : told + 4]):
            told = -1
        return Saying(
            at=at, last=after, subject=subject, form=low, side="left", beside=beside,
            ends=told if told > after else None,
        )  # fmt: skip

    def _quoted(self, at: int, end: int, *, is_passive: bool) -> Saying | None:
        as_, participle = self.known.grammar["quoted_as"], self.known.verbs["participle"]
        if is_passive:
            subject = self._before(end)
            if subject is None and self._at(end - 1) == ",":
                pair = self._inserted(end)
                subject = pair[0] if pair else None
            step = at + 1
            named = None
            if self._low(step) in self.known.grammar["reduced"]:
                named = self._after(step + 1)
                step = named[1] if named else step
            if self._low(step) in as_ and self._low(step + 1) in participle:
                step += 2
            if subject is None or step == at + 1:
                return None
            via = named
            last, has_more, medium = self._tail(step - 1)
            for by in range(step, min(last, len(self.words))):
                if self._low(by) in self.known.grammar["reduced"]:
                    via = self._after(by + 1)
                    break
            before = self._at(subject[0] - 1) if subject[0] else ""
            side = "left" if not has_more and before in {",", '"'} else "right"
            content = last + 1 if self._at(last) in "T:" else last
            return Saying(at=at, last=last, subject=subject, form="said", side=side,
                          via=via or medium, content=content)  # fmt: skip
        via = self._before(end)
        subject = self._after(at + 1)
        if via is None or subject is None:
            return None
        step = subject[1]
        while self._at(step) in "at" or self._low(step) in as_:
            step += 1
        if self._low(step) not in participle:
            return None
        last, has_more, _ = self._tail(step)
        content = last + 1 if self._at(last) in "T:" else last
        side = "right" if has_more or via[0] == 0 else "left"
        return Saying(at=at, last=last, subject=subject, form="said", side=side, via=via,
                      content=content)  # fmt: skip

    def _by(self, at: int, start: int) -> Saying | None:
        subject = self._after(start)
        if subject is None or self._low(at) in self.known.verbs["thought"]:
            return None
        opening = " ".join(self._low(each) for each in range(min(at, 2)))
        back = opening.split(" ")[0] in self.known.grammar.get("back", ())
        return Saying(at=at, last=subject[1], subject=subject, form=self._low(at), side="left",
                      is_weak=True, is_back=back and at <= 4)  # fmt: skip  # noqa: PLR2004

    def _according(self, at: int) -> Saying | None:
        grammar = self.known.grammar
        start, first = at + 1, at
        if "according_next" in grammar:
            if self._low(at) != "per":
                if self._low(start) not in grammar["according_next"]:
                    return None
                start += 1
        else:
            first = next(
                (each for each in range(at - 1, max(-1, at - 4), -1)
                 if self._low(each) in grammar["according_before"]), -1,
            )  # fmt: skip
            if first < 0:
                return None
        subject = self._after(start)
        for owner in range(first + 1, at):  # "in his words"
            if self.line[owner] in "RD" and self._low(owner) in self.known.owners:
                subject = (owner, owner + 1)
                start = owner
        if subject is None:
            return None
        last = max(subject[1], at + 1)
        side = "right" if first <= 1 else "left"
        beside = None
        if self._at(last) == "," and self._at(last + 1) in "DHO" and side == "left":
            close = self.line.find(",", last + 1, last + 1 + _WINDOW)
            beside = (last + 1, close if close >= 0 else min(len(self.line), last + _WINDOW))
        if side == "right":
            close = self.line.find(",", last, last + _WINDOW)
            if close > last and self._at(last) in "iow":
                last = close
        return Saying(at=first, last=last, subject=subject, form="according", side=side,
                      beside=beside, content=last + 1, is_genitive=True)  # fmt: skip

    def _participle(self, at: int, found: list[Saying]) -> Saying | None:
        if self._low(at) in self.known.grammar["cited"]:
            subject = self._after(at + 1)
            if subject is None:
                return None
            return Saying(at=at, last=subject[1], subject=subject, form="citing", side="left")
        if found or self._at(at - 1) != "," or "V" in self.line[at + 1 :]:
            return None
        return self._joined(at, found)

    def _joined(self, at: int, found: list[Saying]) -> Saying | None:
        """A saying whose subject is that of the sentence: ", saying", "and added"."""
        last, _, via = self._tail(at)
        if found:
            previous = found[-1]
            if previous.side != "right" or previous.ends is None:
                return None  # what is said before goes on: one attribution, one run
            subject = previous.subject
        else:
            subject = self._leading()
            if subject is None:
                return None
        content = last + 1 if self._at(last) in "T:" else last
        return Saying(at=at, last=last, subject=subject, form=self._low(at), side="right", via=via,
                      content=content, is_weak=not found)  # fmt: skip

    def _leading(self) -> tuple[int, int] | None:
        """Return the first noun phrase that can be the sentence's subject."""
        for start in self._starts():
            match = _PAIR_START.match(self.line, start, start + _WINDOW)
            if match and self._at(match.end()) in "aXBVe,jL":
                return start, match.end()
        return None

    def _starts(self) -> Iterator[int]:
        yield 0
        comma = self.line.find(",", 0, _WINDOW)
        if comma > 0 and self.line[0] in "ibe":
            yield comma + 1
