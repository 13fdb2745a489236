"""Who says what: every attribution of a report, its speaker found across the sentences.

``find`` walks the sentences once. ``attribution`` gives the sayings of each; this file gives each
its speaker (a pronoun, "the ministry", a surname are looked up among those named before), the run
of text that it covers, and what a quotation without words of saying belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace

from tocsin.reader.attribution import Grammar, Saying
from tocsin.reader.claim import OUTLET, Hedge, Span, Speaker
from tocsin.reader.document import Document, Sentence
from tocsin.reader.people import (
    Party,
    Speech,
    Word,
    letters,
    nominative,
    party,
    speech,
    words,
)

_LOOK_BACK = 8
"""Sentences that a pronoun looks back over."""
_MOST = 160
"""Names kept of a text; more is not a report."""
_CLOSING = "\"'\u201d\u2019\u00bb\u201c"
_MENTION = re.compile(
    r"[D#]{0,2}[mMNOHGWKjp#]{0,8}[mMNOHGWK](?:o[D#]{0,2}[mMNOHGWKjp]{0,5}[mMNOHGWK]){0,2}"
)


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
    """In a relative clause ("which Moscow says ..."): not what the sentence itself reports."""
    is_weak: bool = False
    """An act without words ("condemned the attacks"), a belief, a word like "reportedly"."""


@dataclass(slots=True, eq=False)
class _Known:
    """Somebody named in the text so far."""

    speaker: Speaker
    head: str
    female: bool | None
    sentence: int
    spoke: bool = False

    @property
    def is_body(self) -> bool:
        """Say whether it is an organisation with a name of its own, no nation and no town."""
        name = self.speaker.name or ""
        return " " in name and name[:1].isupper()


@dataclass(slots=True)
class _Memory:
    """Those named so far, the latest last."""

    known: list[_Known] = field(default_factory=list)
    names: dict[str, _Known] = field(default_factory=dict)

    def add(self, met: Party, sentence: int, *, spoke: bool) -> Speaker:
        """Keep somebody; return the speaker with what was known of the name before."""
        speaker = met.speaker
        self.body(speaker, sentence)
        old = self._same(speaker)
        if old is not None:
            speaker = _joined(speaker, old.speaker)
        female = met.female if met.female is not None else (old.female if old else None)
        entry = _Known(speaker, met.head, female, sentence, spoke)
        if old is not None and old.sentence == sentence and old in self.known[-4:]:
            entry.spoke = spoke or old.spoke
            self.known.remove(old)
        self.known.append(entry)
        if len(self.known) > _MOST:
            del self.known[: _MOST // 2]
        if speaker.name and speaker.kind in {"person", "organisation"}:
            self.names[_last(speaker.name)] = entry
        return speaker

    def _same(self, speaker: Speaker) -> _Known | None:
        if not speaker.name:
            return None
        old = self.names.get(_last(speaker.name))
        if old is None and speaker.kind == "organisation" and " " in speaker.name:
            short = speaker.name.casefold() + " "
            return next(
                (
                    each
                    for each in reversed(self.known)
                    if each.speaker.kind == "organisation"
                    and (each.speaker.name or "").casefold().startswith(short)
                ),
                None,
            )
        if old is None or (old.speaker.kind != speaker.kind and speaker.role):
            return None
        if " " in speaker.name and " " in (old.speaker.name or ""):
            first, other = speaker.name.split(" ")[0], (old.speaker.name or "").split(" ")[0]
            if first[:1].casefold() != other[:1].casefold():
                return None
        return old

    def pronoun(self, met: Party, sentence: int) -> Speaker | None:
        """Return whom "he", "she", "it", "they" mean."""
        last_seen = None
        for entry in self._candidates(sentence):
            if not _fits(entry, met):
                continue
            if last_seen is None or (
                entry.sentence == last_seen.sentence and _before(entry, last_seen)
            ):
                last_seen = entry
            elif entry.sentence < last_seen.sentence:
                break
        if last_seen is None:
            return None
        if met.female is not None and last_seen.female is None:
            last_seen.female = met.female
        return last_seen.speaker

    def _candidates(self, sentence: int) -> Iterable[_Known]:
        for entry in reversed(self.known):
            if sentence - entry.sentence > _LOOK_BACK:
                return
            yield entry

    def definite(self, met: Party, sentence: int, generic: Container[str]) -> Speaker | None:
        """Return whom "the minister", "the ministry" mean: the latest of that kind.

        "The company" may be any body named in this sentence or the one before.
        """
        near: Speaker | None = None
        for entry in reversed(self.known):
            speaker = entry.speaker
            role = (speaker.role or "").casefold().split(" ")
            if met.speaker.kind != "organisation":
                if role[-1] == met.head and speaker.kind in {"person", "anonymous"}:
                    return speaker
                continue
            if near is not None and sentence - entry.sentence > 1:
                break
            if speaker.kind != "organisation":
                continue
            names = (*role, *(speaker.name or "").casefold().split(" "))
            if met.head in names or any(each.startswith(met.head) for each in names):
                return speaker
            is_near = sentence - entry.sentence <= 1 and met.head in generic
            if near is None and is_near and entry.is_body and " " not in (met.speaker.name or ""):
                near = speaker
        return near

    def body(self, speaker: Speaker, sentence: int) -> None:
        """Keep the organisation that somebody belongs to."""
        org = speaker.org
        if speaker.kind in {"person", "group"} and org and _last(org) not in self.names:
            body = Speaker(kind="organisation", name=org, org=org, span=speaker.span)
            self.known.append(_Known(body, _last(org), None, sentence))
            self.names[_last(org)] = self.known[-1]


def _last(name: str) -> str:
    return name.casefold().split(" ")[-1]


def _before(entry: _Known, other: _Known) -> bool:
    """Say whether the first is the likelier antecedent of two in one sentence."""
    if entry.spoke != other.spoke:
        return entry.spoke
    left, right = entry.speaker.span, other.speaker.span
    return bool(left and right and left.start < right.start)


def _fits(entry: _Known, met: Party) -> bool:
    kind = entry.speaker.kind
    if met.pronoun in {"he", "she"}:
        return kind in {"person", "anonymous"} and (
            entry.female is None or met.female is None or entry.female == met.female
        )
    if met.pronoun == "it":
        return kind == "organisation"
    return kind in {"group", "organisation"} or (kind == "anonymous" and entry.head.endswith("s"))


def _joined(new: Speaker, old: Speaker) -> Speaker:
    """Return the new mention with what the old one knew."""
    name = new.name
    if old.name and name and len(old.name) > len(name) and _last(old.name) == _last(name):
        name = old.name
    if new.kind == "organisation" and old.name and old.name.startswith(f"{name} "):
        name = old.name
    return replace(
        new,
        kind=old.kind if new.role is None else new.kind,
        name=name,
        role=new.role or old.role,
        org=new.org or old.org,
        is_private=(new.is_private or old.is_private) and not (new.role and not new.is_private),
    )


class _Reader:
    """One walk over the sentences of a document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.known: Speech = speech(document.language)
        self.memory = _Memory()
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
            mentioned = self._mention(grammar, sentence, mentioned, saying.first)
            speaker = self._speaker(saying, grammar, sentence, spoken)
            if speaker is not None:
                spoken.append((saying, speaker, len(spoken)))
        self._mention(grammar, sentence, mentioned, len(run))
        runs = _runs([saying for saying, _, _ in spoken], grammar, sentence)
        for (saying, speaker, _), (start, end) in zip(spoken, runs, strict=True):
            own.append(self._attribution(saying, speaker, start, end, grammar, sentence))
            if saying.is_back:
                self._back(own[-1], sentence)
        if own:
            self._claim_waiting(sentence, own)
            self.found.extend(own)
            main = [each for each in own if not each.is_embedded] or own
            self.last, self.last_at = main[-1], sentence
        else:
            self._silent(sentence, grammar)
        if not own:
            self._doubted(sentence, grammar)

    def _back(self, own: Attribution, sentence: Sentence) -> None:
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

    # -- sayings that belong together -------------------------------------

    def _settled(self, sayings: list[Saying], grammar: Grammar) -> list[Saying]:
        """Join the links of a chain: "TASS reported that the ministry said"."""
        kept: list[Saying] = []
        for saying in sayings:
            previous = kept[-1] if kept else None
            if previous and previous.subject and saying.subject:
                is_media = self._is_media(previous, grammar)
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
                if previous.side == "right" and late and self._is_media(saying, grammar):
                    if previous.is_weak or previous.form in self.known.verbs.get("act", ()):
                        kept[-1] = saying
                        continue
                    previous.via = previous.via or saying.subject
                    continue
                if previous.side == "right" and saying.first < previous.last:
                    continue
            kept.append(saying)
        return kept

    def _is_media(self, saying: Saying, grammar: Grammar) -> bool:
        if saying.subject is None:
            return False
        met = party(self.document, grammar.words[slice(*saying.subject)], self.known)
        return met is not None and met.is_media

    # -- who ---------------------------------------------------------------

    def _speaker(
        self,
        saying: Saying,
        grammar: Grammar,
        sentence: Sentence,
        spoken: Sequence[tuple[Saying, Speaker, int]],
    ) -> Speaker | None:
        if saying.subject is None:
            return None
        run = grammar.words[slice(*saying.subject)]
        pair = _pair(run)
        met = party(self.document, run, self.known) if not pair else None
        if pair:
            span = self.document.span(run[0].start, run[-1].end)
            names = [party(self.document, each, self.known) for each in pair]
            if not all(names):
                return None
            for each in names:
                if each is not None and each.pronoun is None:
                    self.memory.add(each, sentence.number, spoke=False)
            return Speaker(kind="group", role=span.text, span=span, via=self._via(saying, grammar))
        if met is None:
            return None
        if saying.is_genitive and met.speaker.name and met.speaker.kind == "person":
            name = nominative(met.speaker.name, self.known)
            met = replace(met, speaker=replace(met.speaker, name=name))
        if saying.beside is not None:
            met = self._beside(met, grammar.words[slice(*saying.beside)])
        via = self._via(saying, grammar)
        if met.owner is not None and met.pronoun is None:
            met = self._owned(met, sentence)
        if met.pronoun is not None:
            same = [each for _, each, _ in spoken if each.kind == "person"]
            if met.female is not None and same:
                who: Speaker | None = same[-1]
            else:
                who = self.memory.pronoun(met, sentence.number)
            base = who or met.speaker
            base = replace(base, span=met.speaker.span, via=via)
            if who is not None:
                filled = replace(met, speaker=base, head=_last(who.name or who.role or met.head))
                self.memory.add(filled, sentence.number, spoke=True)
            return base
        speaker = met.speaker
        if met.is_definite and not speaker.name or (met.is_definite and speaker.kind != "person"):
            who = self.memory.definite(met, sentence.number, self.known.nouns.get("generic", ()))
            if who is not None:
                base = replace(who, span=speaker.span, via=via)
                self.memory.add(replace(met, speaker=base), sentence.number, spoke=True)
                return base
        speaker = self.memory.add(met, sentence.number, spoke=True)
        return replace(self._private(speaker), via=via)

    def _owned(self, met: Party, sentence: Sentence) -> Party:
        """Fill in whose spokesman, whose office it is."""
        asked = replace(met, pronoun=met.owner, female=None)
        who = self.memory.pronoun(asked, sentence.number)
        if who is None or (met.speaker.kind == "person" and met.speaker.org):
            return met
        return replace(met, speaker=replace(met.speaker, org=who.org or who.name))

    def _private(self, speaker: Speaker) -> Speaker:
        """Mark a full name of whom nothing else is known: mostly a witness, never an office."""
        is_unknown = speaker.kind == "person" and not speaker.role and not speaker.org
        if is_unknown and speaker.name and " " in speaker.name:
            return replace(speaker, is_private=True)
        return speaker

    def _beside(self, met: Party, run: list[Word]) -> Party:
        """Join "X" with what is set in beside: an age, an office, the name of its holder."""
        speaker = met.speaker
        if not run:
            return met
        line = letters(run)
        if line.startswith("#") and _is_age(run[0]):
            comma = line.find(",")
            met = replace(
                met, speaker=replace(speaker, is_private=not speaker.role or speaker.is_private)
            )
            return self._beside(met, run[comma + 1 :]) if 0 <= comma < len(run) - 1 else met
        if line[0] == "w":
            return met
        cut = line.find(",")
        match = _MENTION.match(line)
        size = match.end() if match else 0
        while size < len(line) and line[size] in "iojDNMKOHGWmp#":
            size += 1
        other = party(self.document, run[: min(size, cut) if cut > 0 else size] or run, self.known)
        if other is None:
            return met
        extra = other.speaker
        if speaker.name and extra.role and not extra.name:
            merged = replace(
                speaker,
                role=speaker.role or extra.role,
                org=speaker.org or extra.org,
                is_private=extra.is_private or speaker.is_private,
            )
        elif extra.name and (not speaker.name or speaker.kind == "organisation"):
            wide = self.document.span(_start(speaker), run[-1].end)
            name = extra.name
            merged = replace(speaker, name=name, role=speaker.role or speaker.name, span=wide)
        else:
            return met
        female = met.female if met.female is not None else other.female
        return replace(met, speaker=merged, is_definite=False, female=female)

    def _via(self, saying: Saying, grammar: Grammar) -> str | None:
        if saying.via is None:
            return None
        run = grammar.words[slice(*saying.via)]
        while run and (run[0].letter == "D" or run[0].low == "its"):
            run = run[1:]
        cut = next((at for at, each in enumerate(run) if each.letter == "t"), len(run))
        run = run[:cut]
        return self.document.text[run[0].start : run[-1].end] if run else None

    def _mention(self, grammar: Grammar, sentence: Sentence, start: int, end: int) -> int:
        """Remember who is named between two words, without speaking."""
        for match in _MENTION.finditer(grammar.line, start, end):
            run = grammar.words[match.start() : match.end()]
            line = match.group()
            beside = grammar.line[match.end() : match.end() + 3]
            aged = beside[:2] == ",#" and _is_age(grammar.words[match.end() + 1])
            named = "N" in line and ("H" in line or aged or self._first_name(run))
            if not named and "O" not in line and "K" not in line and "H" not in line:
                continue
            met = party(self.document, run, self.known)
            if met is None:
                continue
            if met.speaker.kind == "group":
                self.memory.body(met.speaker, sentence.number)
                continue
            if met.is_definite and self.memory.definite(met, sentence.number, ()):
                continue
            if not met.speaker.name and met.speaker.kind != "person":
                continue
            if aged:
                met = replace(met, speaker=replace(met.speaker, is_private=not met.speaker.role))
            self.memory.add(met, sentence.number, spoke=False)
        return end

    def _first_name(self, run: list[Word]) -> bool:
        names = [each for each in run if each.letter in "NpM"]
        firsts = (
            self.known.names.get("female", frozenset()),
            self.known.names.get("male", frozenset()),
        )
        return len(names) > 1 and any(names[0].low in each for each in firsts)

    # -- runs and quotations -----------------------------------------------

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
            ("denied", Hedge.DENIED), ("claimed", Hedge.CLAIMED), ("likely", Hedge.LIKELY),
        ):  # fmt: skip
            if form in self.known.hedges.get(name, ()):
                return hedge
        return Hedge.SAID

    def _silent(self, sentence: Sentence, grammar: Grammar) -> None:
        """A sentence without a saying: does a quotation go on?"""
        if not _is_quotation(sentence, grammar):
            self._drop_waiting()
            return
        if self.last is not None and self.last_at is not None and self._goes_on(sentence):
            self.found.append(_carried(self.last, sentence))
            self.last_at = sentence
            return
        self.waiting.append(sentence)

    def _goes_on(self, sentence: Sentence) -> bool:
        return self.last_at is not None and sentence.number - self.last_at.number == 1

    def _claim_waiting(self, sentence: Sentence, own: list[Attribution]) -> None:
        """Give quotations before an attribution to it, where the marks were still open."""
        first = own[0]
        starts_quoted = bool(sentence.quoted) and sentence.quoted[0][0] <= sentence.start
        for each in self.waiting:
            is_open = self.document.text[each.end - 1] not in _CLOSING
            if starts_quoted and (is_open or each is not self.waiting[-1]):
                self.found.append(_carried(first, each))
        self.waiting.clear()

    def _drop_waiting(self) -> None:
        self.waiting.clear()

    def _doubted(self, sentence: Sentence, grammar: Grammar) -> None:
        """ "Reportedly", "allegedly": the outlet's own voice, which does not vouch for it."""
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


def _start(speaker: Speaker) -> int:
    return speaker.span.start if speaker.span else 0


def _is_age(word: Word) -> bool:
    return word.low.isdigit() and 0 < int(word.low[:4]) < 120 and len(word.low) < 4  # noqa: PLR2004


def _pair(run: list[Word]) -> list[list[Word]]:
    cut = next((at for at, each in enumerate(run) if each.letter == "c"), None)
    if cut is None or cut == 0 or cut == len(run) - 1:
        return []
    left = run[:cut]
    return [left[:-1] if left[-1].letter == "," else left, run[cut + 1 :]]


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
