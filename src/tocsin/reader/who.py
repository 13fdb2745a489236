"""Who a saying's words mean: the phrase read, joined with what stands beside it and before.

A private person's name is marked, so that nothing but the quote keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tocsin.reader.attribution import Grammar, Saying
from tocsin.reader.claim import Speaker
from tocsin.reader.document import Document, Sentence
from tocsin.reader.introduced import Memory, last_name
from tocsin.reader.people import Party, nominative, party
from tocsin.reader.speech import Speech, Word, letters

_MENTION = re.compile(
    r"[D#]{0,2}[mMNOHGWKjp#]{0,8}[mMNOHGWK](?:o[D#]{0,2}[mMNOHGWKjp]{0,5}[mMNOHGWK]){0,2}"
)


class Who:
    """The speakers of one document, in the order of its sentences."""

    def __init__(self, document: Document, known: Speech) -> None:
        """Begin with nobody known."""
        self.document = document
        self.known = known
        self.memory = Memory()

    def speaker(  # noqa: C901, PLR0912 - one table of who it can be
        self,
        saying: Saying,
        grammar: Grammar,
        sentence: Sentence,
        spoken: Sequence[tuple[Saying, Speaker, int]],
    ) -> Speaker | None:
        """Return who says it, whatever the words are; None where it can be nobody."""
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
            return Speaker(kind="group", role=span.text, span=span, via=self.via(saying, grammar))
        if met is None:
            return None
        if saying.is_genitive and met.speaker.name and met.speaker.kind == "person":
            name = nominative(met.speaker.name, self.known)
            met = replace(met, speaker=replace(met.speaker, name=name))
        if saying.beside is not None:
            met = self._beside(met, grammar.words[slice(*saying.beside)])
        via = self.via(saying, grammar)
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
                filled = replace(
                    met, speaker=base, head=last_name(who.name or who.role or met.head)
                )
                self.memory.add(filled, sentence.number, spoke=True)
            return base
        speaker = met.speaker
        if (met.is_definite and not speaker.name) or (met.is_definite and speaker.kind != "person"):
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
        firsts = self.known.names.get("female", frozenset()) | self.known.names.get(
            "male", frozenset()
        )
        name = speaker.name or ""
        if is_unknown and (" " in name or name.casefold() in firsts):
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

    def via(self, saying: Saying, grammar: Grammar) -> str | None:
        """Return the way it came: an agency, a network, a channel."""
        if saying.via is None:
            return None
        run = grammar.words[slice(*saying.via)]
        while run and (run[0].letter == "D" or run[0].low == "its"):
            run = run[1:]
        cut = next((at for at, each in enumerate(run) if each.letter == "t"), len(run))
        run = run[:cut]
        return self.document.text[run[0].start : run[-1].end] if run else None

    def mention(self, grammar: Grammar, sentence: Sentence, start: int, end: int) -> int:
        """Remember who is named between two words, without speaking."""
        for match in _MENTION.finditer(grammar.line, start, end):
            run = grammar.words[match.start() : match.end()]
            line = match.group()
            beside = grammar.line[match.end() : match.end() + 3]
            if match.start() == 0 and line == "O" and beside[:1] in {"X", "B"}:
                continue  # "Service will be restored": a noun, and a capital of the sentence
            aged = beside[:2] == ",#" and _is_age(grammar.words[match.end() + 1])
            set_in = match.start() == 0 and beside[:1] == "," and beside[1:2] in {"D", "w"}
            told = set_in and line.count("N") > 1 and not line.strip("Np")
            named = "N" in line and ("H" in line or aged or told or self._first_name(run))
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

    def is_media(self, saying: Saying, grammar: Grammar) -> bool:
        """Say whether the speaker is one who passes on what others say."""
        if saying.subject is None:
            return False
        met = party(self.document, grammar.words[slice(*saying.subject)], self.known)
        return met is not None and met.is_media


def _start(speaker: Speaker) -> int:
    return speaker.span.start if speaker.span else 0


def _is_age(word: Word) -> bool:
    return word.low.isdigit() and 0 < int(word.low[:4]) < 120 and len(word.low) < 4  # noqa: PLR2004


def _pair(run: list[Word]) -> list[list[Word]]:
    cut = next((at for at, each in enumerate(run) if each.letter == "c"), None)
    if cut is None or cut == 0 or cut == len(run) - 1:
        return []
    left = run[:cut]
    line, after = letters(left), letters(run[cut + 1 :])
    if "o" in line and "H" in line.split("o")[0] and not set(after) & set("DHG"):
        return []  # "the chief of the Fire Service and Civil Defence" is one
    return [left[:-1] if left[-1].letter == "," else left, run[cut + 1 :]]
