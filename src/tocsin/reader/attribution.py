"""Where a sentence says who says it: the grammar of attributions.

A verb, a participle or an "according to" with its subject, the side on which stands what is said,
and where that ends. Who the words mean (a pronoun, "the ministry") is found by ``introduced``.
"""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.reader.nounphrases import OBJECT, SHORT_QUOTE, WINDOW, Phrases

_SHORT_REST = 3
_TIMES_MOST = 12


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


class Grammar(Phrases):
    """The sayings of one sentence."""

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
                is_act = saying.is_weak or saying.form in self.known.verbs.get("act", ())
                if nested and (is_act or saying.form in self.known.verbs["person"]):
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
        has_that = self._at(outer.content - 1) == "T"
        if has_that and saying.form in self.known.verbs["person"]:
            return not any(letter in between for letter in 'ck;"-')
        return not any(letter in between for letter in 'ckb;"-')

    def _verb(self, at: int, found: list[Saying]) -> Saying | None:  # noqa: PLR0911, PLR0912, C901 - one table of shapes
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
        if low in verbs["act"] and following in self.known.grammar["asking"]:
            return None  # "residents ask why": a question tells nothing
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
        is_in = self.known.inverts and subject[0] > 0 and self._at(subject[0] - 1) == "i"
        if is_in and set(self.line[subject[0] : subject[1]]) <= {"N", "p"}:
            return None  # "in X they announced"
        return self._active(at, subject, beside)

    def _following(self, at: int) -> Saying | None:
        """A saying before the one who says it: "reported the governor X", "they said in X"."""
        grammar = self.known.grammar
        start = self._past_times(at + 1)
        if self._low(start) in grammar["inverts_in"]:
            start += 1
        subject = self._trimmed(self._after(start))
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

    def _past_times(self, start: int) -> int:
        """Go past "on Tuesday, 14 October 2025," between a verb and who says it."""
        step = start
        while step < start + _TIMES_MOST:
            letter, then = self._at(step), self._at(step + 1)
            dated = letter == "#" and (then == "t" or self._at(step - 1) == "t")
            leads = letter in "iy," and (then == "t" or (then == "#" and self._at(step + 2) == "t"))
            ends = letter == "," and step > start and self._at(step - 1) in "t#"
            if letter not in "at" and not (dated or leads or ends):
                break
            step += 1
        return step

    def _trimmed(self, subject: tuple[int, int] | None) -> tuple[int, int] | None:
        """Leave "on Telegram" out of who says it there."""
        if subject is None:
            return None
        for step in range(subject[0] + 1, subject[1]):
            if self.line[step] == "i" and self._is_medium(step + 1, subject[1]):
                return subject[0], step
        return subject

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
        match = OBJECT.match(self.line, at + 1)
        step = match.end() if match else at + 1
        if self._low(step) in self.known.grammar["quoted_as"]:
            step += 1
        step += self._at(step) == "D"
        return self._at(step) == '"' and step > at + 1

    def _urged(self, at: int) -> Saying | None:
        """Read "residents were urged to leave by the mayor"."""
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
        long_quote = quoted and self._quote_before(subject[0]) >= SHORT_QUOTE
        if has_more and before == "," and len(self.line) - last <= _SHORT_REST:
            has_more = False  # "the service said in its midday update"
        is_left = long_quote or (not has_more and before not in {"", "."})
        side = "left" if is_left else "right"
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

    def _is_bare_object(self, at: int, last: int) -> bool:
        """Say whether only a thing follows ("promised more air defences"), no clause."""
        if self._low(at) not in self.known.verbs["with_object"] or self._at(last) not in "D#j":
            return False
        match = OBJECT.match(self.line, last)
        return match is not None and self._at(match.end()) in ",;."

    def _ends(self, at: int, last: int) -> int | None:
        """Return where the words of another begin: "warned people to flee and rained rockets"."""
        low, verbs = self._low(at), self.known.verbs
        if "T" in self.line[last : last + 3] or low in verbs["thought"]:
            return None
        if low in verbs["clause"] and low not in verbs["person"]:
            return None
        is_act = low in verbs["object"]
        for step in range(last, min(len(self.line) - 1, last + WINDOW)):
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

    def _inverted(self, at: int, end: int) -> Saying | None:
        """Read ``"...", said X, the head of Y``."""
        if end != at or self._at(at - 1) not in '",-' or at == 0:
            return None
        low, verbs = self._low(at), self.known.verbs
        subject = self._after(at + 1)
        if subject is None:
            return None
        if low not in verbs["clause"] and low not in verbs["with_particle"]:
            head = self.line[subject[0] : subject[1]].split("i")[0].split("o")[0]
            if low not in verbs["shows"] or not head.rstrip("j").endswith("W"):
                return None  # "..., read a message sent to phones"
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
        goes_on = stop not in ',.;"' and step < len(self.line) and self._at(at - 1) == ","
        if goes_on and (stop == "y" or self._inserted(end)):
            return None
        beside = None
        if stop == "," and self._at(step + 1) in "DHOG#NMK":
            opens = (
                step + 3 if self._at(step + 1) == "#" and self._at(step + 2) == "," else step + 1
            )
            close = self.line.find(",", opens, opens + WINDOW)
            until = close if close >= 0 else min(len(self.line), step + 1 + WINDOW)
            beside = (step + 1, until)
        told = self.line.find("w", after, after + WINDOW)
        if told >= 0 and ("g" in self.line[after:told] or "V" in self.line[after : told + 4]):
            told = -1
        return Saying(
            at=at, last=after, subject=subject, form=low, side="left", beside=beside,
            ends=told if told > after else None,
        )  # fmt: skip

    def _quoted(  # noqa: PLR0912 - active and passive
        self, at: int, end: int, *, is_passive: bool
    ) -> Saying | None:
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
        step, beside = subject[1], None
        close = step + 1
        while self._at(close) in "NpK":
            close += 1
        if self._at(step) == "," and self._at(close) == "," and close > step + 1:
            beside, step = (step + 1, close), close + 1  # "quoted the governor, X, as saying"
        is_as = False
        while self._at(step) in "at" or self._low(step) in as_:
            is_as = is_as or self._low(step) in as_
            step += 1
        if self._low(step) not in participle:
            if not is_as or self._at(step) not in "ej":
                return None
            return Saying(at=at, last=step, subject=subject, form="said", side="right", via=via,
                          beside=beside, content=step)  # fmt: skip
        last, has_more, _ = self._tail(step)
        content = last + 1 if self._at(last) in "T:" else last
        side = "right" if has_more or via[0] == 0 else "left"
        return Saying(at=at, last=last, subject=subject, form="said", side=side, via=via,
                      beside=beside, content=content)  # fmt: skip

    def _by(self, at: int, start: int) -> Saying | None:
        subject = self._after(start)
        if subject is None or self._low(at) in self.known.verbs["thought"]:
            return None
        opening = " ".join(self._low(each) for each in range(min(at, 2)))
        back = opening.split(" ")[0] in self.known.grammar.get("back", ())
        return Saying(at=at, last=subject[1], subject=subject, form=self._low(at), side="left",
                      is_weak=True, is_back=back and at <= 4)  # fmt: skip  # noqa: PLR2004

    def _according(self, at: int) -> Saying | None:  # noqa: PLR0912 - both word orders
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
        close = last + 1
        while self._at(close) in "NpK":
            close += 1
        is_name = self._at(last) == "," and last + 1 < close and self._at(close) in ",.;"
        if is_name and side == "left":
            beside = (last + 1, close)
        elif self._at(last) == "," and self._at(last + 1) in "DHO" and side == "left":
            close = self.line.find(",", last + 1, last + 1 + WINDOW)
            beside = (last + 1, close if close >= 0 else min(len(self.line), last + WINDOW))
        if side == "right":
            close = self.line.find(",", last, last + WINDOW)
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
