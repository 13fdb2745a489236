"""Who says what: every attribution of a report, its speaker found across the sentences.

``find`` walks the sentences once. ``attribution`` gives the sayings of each, ``who`` their
speakers; this file gives each the run of text that it covers, and finds to whom a quotation
without words of saying belongs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tocsin.reader.attribution import Grammar, Saying
from tocsin.reader.claim import OUTLET, Hedge, Span, Speaker
from tocsin.reader.document import Document, Sentence
from tocsin.reader.speech import Speech, speech, words
from tocsin.reader.who import Who

_CLOSING = "\"'\u201d\u2019\u00bb\u201c"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who stands behind the run ``[start, end)`` of a sentence, and in which words."""

    sentence: int
    start: int
    end: int
    """The run of what is said, with its attribution where that stands in it."""
    speaker: Speaker
    cue: Span
    """The words of saying; of a quotation that goes on, those of the sentence it goes on from."""
    hedge: Hedge
    is_quotation: bool
    is_embedded: bool = False
    """In a relative clause ("which X says ..."): not what the sentence itself reports."""
    is_weak: bool = False
    """An act without words ("condemned the attacks"), a belief, a word like "reportedly"."""


class _Reader:
    """One walk over the sentences of a document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.known: Speech = speech(document.language)
        self.who = Who(document, self.known)
        self.found: list[Attribution] = []
        self.waiting: list[Sentence] = []
        """Sentences wholly in a quotation that no one has claimed yet."""
        self.previous: Sentence | None = None
        self.last: Attribution | None = None
        self.last_at: Sentence | None = None

    def read(self) -> tuple[Attribution, ...]:
        for sentence in self.document.sentences:
            self._sentence(sentence)
            self.previous = sentence
        self._drop_waiting()
        self.found.sort(key=lambda each: (each.sentence, each.start, each.end))
        return tuple(self.found)

    def _sentence(self, sentence: Sentence) -> None:
        run = words(self.document, sentence, self.known)
        grammar = Grammar(run, self.known)
        sayings = self._settled(grammar.sayings(), grammar)
        own: list[Attribution] = []
        spoken: list[tuple[Saying, Speaker, int]] = []
        mentioned = 0
        for saying in sayings:
            mentioned = self.who.mention(grammar, sentence, mentioned, saying.first)
            speaker = self.who.speaker(saying, grammar, sentence, spoken)
            if speaker is not None:
                spoken.append((saying, speaker, len(spoken)))
        self.who.mention(grammar, sentence, mentioned, len(run))
        runs = _runs([saying for saying, _, _ in spoken], grammar, sentence)
        for (saying, speaker, _), (start, end) in zip(spoken, runs, strict=True):
            own.append(self._attribution(saying, speaker, start, end, grammar, sentence))
            if saying.is_back:
                self._back(own[-1])
        if own:
            self._claim_waiting(sentence, own)
            self.found.extend(own)
            main = [each for each in own if not each.is_embedded] or own
            self.last, self.last_at = main[-1], sentence
        else:
            self._silent(sentence, grammar)
        if not own:
            self._doubted(sentence, grammar)

    def _back(self, own: Attribution) -> None:
        """Give the sentence before to "This was announced by X", where it is nobody's yet."""
        before = self.previous
        if before is None or any(each.sentence == before.number for each in self.found[-4:]):
            return
        self.found.append(
            replace(
                own, sentence=before.number, start=before.start, end=before.end, is_weak=False,
                is_quotation=False,
            )
        )  # fmt: skip

    def _settled(self, sayings: list[Saying], grammar: Grammar) -> list[Saying]:
        """Join the links of a chain: "X reported that the ministry said"."""
        kept: list[Saying] = []
        for saying in sayings:
            previous = kept[-1] if kept else None
            if previous and previous.subject and saying.subject:
                is_media = self.who.is_media(previous, grammar)
                if previous.side == "right" and saying.first == previous.content and is_media:
                    saying.via = saying.via or previous.subject
                    saying.is_embedded = previous.is_embedded
                    kept[-1] = saying
                    continue
                if saying.form == "citing":
                    if is_media:
                        previous.via, previous.subject = previous.subject, saying.subject
                        previous.beside = None
                    continue
                late = saying.side == "left" and saying.form != "according"
                if previous.side == "right" and late and self.who.is_media(saying, grammar):
                    if previous.is_weak or previous.form in self.known.verbs.get("act", ()):
                        kept[-1] = saying
                        continue
                    previous.via = previous.via or saying.subject
                    continue
                if previous.side == "right" and saying.first < previous.last:
                    continue
            kept.append(saying)
        return kept

    def _attribution(
        self,
        saying: Saying,
        speaker: Speaker,
        start: int,
        end: int,
        grammar: Grammar,
        sentence: Sentence,
    ) -> Attribution:
        cue = _cue(saying, grammar, self.document)
        inside = sum(max(0, min(high, end) - max(low, start)) for low, high in sentence.quoted)
        rest = max(1, (end - start) - (cue.end - cue.start))
        if speaker.span is not None and speaker.span.within(start, end):
            rest = max(1, rest - len(speaker.span.text))
        return Attribution(
            sentence=sentence.number,
            start=start,
            end=end,
            speaker=speaker,
            cue=cue,
            hedge=self._hedge(saying.form),
            is_quotation=inside * 2 > rest,
            is_embedded=saying.is_embedded,
            is_weak=saying.is_weak,
        )

    def _hedge(self, form: str) -> Hedge:
        for name, hedge in (
            ("denied", Hedge.DENIED), ("claimed", Hedge.CLAIMED),
            ("planned", Hedge.PLANNED), ("likely", Hedge.LIKELY),
            ("possible", Hedge.POSSIBLE),
        ):  # fmt: skip
            if form in self.known.hedges.get(name, ()):
                return hedge
        return Hedge.SAID

    def _silent(self, sentence: Sentence, grammar: Grammar) -> None:
        """A sentence without a saying: does a quotation go on?"""
        if not _is_quotation(sentence, grammar):
            self._drop_waiting()
            return
        self.waiting.append(sentence)
        if not self._is_open(sentence):
            self._carry_on()

    def _is_open(self, sentence: Sentence) -> bool:
        """Say whether its quotation is still open where it ends."""
        return self.document.text[sentence.end - 1] not in _CLOSING

    def _carry_on(self) -> None:
        """Give the quotations that wait to whoever spoke right before them."""
        first = self.waiting[0].number if self.waiting else -1
        if self.last is not None and self.last_at is not None and first - self.last_at.number == 1:
            self.found.extend(_carried(self.last, each) for each in self.waiting)
            self.last_at = self.waiting[-1]
            self.waiting.clear()

    def _claim_waiting(self, sentence: Sentence, own: list[Attribution]) -> None:
        """Give quotations before an attribution to it, where the marks were still open."""
        starts_quoted = bool(sentence.quoted) and sentence.quoted[0][0] <= sentence.start
        if self.waiting and starts_quoted and self._is_open(self.waiting[-1]):
            self.found.extend(_carried(own[0], each) for each in self.waiting)
            self.waiting.clear()
        self._drop_waiting()

    def _drop_waiting(self) -> None:
        self._carry_on()
        self.waiting.clear()

    def _doubted(self, sentence: Sentence, grammar: Grammar) -> None:
        """Mark "reportedly", "allegedly": the outlet's own voice, which does not vouch for it."""
        for word in grammar.words:
            if word.letter != "q" and word.low in self.known.hedges.get("outlet", ()):
                self.found.append(
                    Attribution(
                        sentence=sentence.number, start=sentence.start, end=sentence.end,
                        speaker=OUTLET, cue=self.document.span(word.start, word.end),
                        hedge=Hedge.CLAIMED, is_quotation=False, is_embedded=True, is_weak=True,
                    )
                )  # fmt: skip
                return


def _cue(saying: Saying, grammar: Grammar, document: Document) -> Span:
    last = max(saying.at, min(saying.last, len(grammar.words)) - 1)
    if saying.side == "left" and saying.subject and saying.subject[0] > saying.at:
        last = saying.at
    start, end = grammar.words[saying.at].start, grammar.words[last].end
    return document.span(start, max(end, grammar.words[saying.at].end))


def _runs(sayings: list[Saying], grammar: Grammar, sentence: Sentence) -> list[tuple[int, int]]:
    """Return the run of each saying; they meet, they do not overlap but where one is embedded."""
    words_ = grammar.words
    runs: list[tuple[int, int]] = []
    floor = sentence.start
    main = [at for at, each in enumerate(sayings) if not each.is_embedded]
    for at, saying in enumerate(sayings):
        following = next((each for each in main if each > at), None)
        if saying.is_embedded:
            stop = next(
                (n for n in range(saying.last, len(words_)) if words_[n].letter in ",;-"),
                len(words_),
            )
            end = words_[stop].start if stop < len(words_) else sentence.end
            runs.append((words_[saying.first].start, end))
            continue
        start = floor if saying.side in {"left", "all"} else words_[saying.first].start
        end = sentence.end
        if saying.ends is not None:
            end = words_[saying.ends].start
        elif following is not None:
            then = sayings[following]
            if then.side == "right":
                end = words_[then.first].start
            elif saying.side == "right":
                end = words_[min(saying.last, len(words_) - 1)].end
            else:
                end = words_[max(saying.last, saying.at + 1) - 1].end
        end = max(end, words_[saying.at].end)
        runs.append((start, end))
        floor = end
    return runs


def _is_quotation(sentence: Sentence, grammar: Grammar) -> bool:
    """Say whether a sentence stands in quotation marks as a whole."""
    outside = sum(each.letter not in 'q".,' for each in grammar.words)
    return bool(sentence.quoted) and outside == 0


def _carried(source: Attribution, sentence: Sentence) -> Attribution:
    return replace(
        source, sentence=sentence.number, start=sentence.start, end=sentence.end, is_quotation=True,
        is_embedded=False,
    )  # fmt: skip


def find(document: Document) -> tuple[Attribution, ...]:
    """Return every attribution in text order; a sentence without one is the outlet's own."""
    return _Reader(document).read()


def main(found: Sequence[Attribution], sentence: int) -> Attribution | None:
    """Return the attribution that a statement of that sentence belongs to; None: the outlet's."""
    own = [each for each in found if each.sentence == sentence and each.speaker.kind != "outlet"]
    return min(own, key=lambda each: (each.is_weak, each.is_embedded, each.start), default=None)


def covering(found: Sequence[Attribution], offset: int) -> Attribution | None:
    """Return the narrowest attribution whose run holds an offset; None: the outlet's own voice."""
    over = [each for each in found if each.start <= offset < each.end]
    return min(over, key=lambda each: each.end - each.start, default=None)
