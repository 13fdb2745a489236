"""What no notice may say: the words of an all-clear, or a promise that nobody can keep.

A watch and a counterfeit notice are given by one person, at once. Read as an all-clear, either
would bring people out of the shelter. So their words are held against those of the profile: what
is said at the end of a danger, what may never be said, and what people take for either.

Source: DESIGN R10, R13; RELIABILITY, threat model, "Text shown to people".
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from tocsin.core.hazard import Phrase, Words
from tocsin.core.plainwords import holds, plain, spots
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.world import World

TELLING = 5
"""Letters of a word that alone gives an all-clear away, where all-clears begin with it."""
LEADING = 2
"""So many words of an instruction, or all, stand before the all-clear that it speaks of."""
_SENTENCE = re.compile(r"\{place\}|[.:;!?\n]+")
_ADDRESS = re.compile(
    r"\bhttps?\b|\bwww\b|[\w-]+(?:[.\u3002][\w-]+)*[.\u3002][^\W\d_]{2,}", re.IGNORECASE
)


def like_all_clear(
    world: World, sentences: Iterable[str], *, may_wait: bool = False
) -> Refusal | None:
    """Refuse words that people know from an all-clear, or that promise safety.

    Of any hazard and in any language, whatever language a sentence is in. ``may_wait``: it may
    tell people to wait for the all-clear, in the words of an alert's own instruction.
    """
    known = tuple(_of_all_clears(world))
    waiting = tuple(_instructions(world)) if may_wait else ()
    for sentence in sentences:
        told = plain(sentence)
        for words in (*known, *world.never_said, *world.like_all_clear):
            begun = words.endswith("*")  # the beginning of a word: languages that bend them
            phrase = plain(words)
            if any(
                not _is_waited_for(told, at, phrase, waiting, begun=begun)
                for at in spots(told, phrase, begun=begun)
            ):
                return Refusal(
                    Rule.READS_AS_ALL_CLEAR, "/text",
                    f"People would read {words.rstrip('*')!r} as an all-clear, or as a promise.",
                )  # fmt: skip
    return None


def with_address(sentences: Iterable[str]) -> Refusal | None:
    """Refuse an address of the web: who follows links from messages follows a liar's as well."""
    for sentence in sentences:
        folded = unicodedata.normalize("NFKC", sentence)
        seen = "".join(sign for sign in folded if unicodedata.category(sign) != "Cf")
        if (found := _ADDRESS.search(seen)) is not None:
            return Refusal(
                Rule.READS_AS_ALL_CLEAR, "/text",
                f"{found[0]!r} reads as an address: people must not follow links from messages. "
                "Put a space after a full stop.",
            )  # fmt: skip
    return None


def _is_waited_for(
    told: Sequence[str],
    at: int,
    phrase: Sequence[str],
    waiting: Iterable[Sequence[str]],
    *,
    begun: bool,
) -> bool:
    """Say whether the words before that place are those before it in an alert's instruction."""
    whole, edges = "".join(told), _edges(told)
    for instruction in waiting:
        for found in spots(instruction, phrase, begun=begun):
            before = "".join(_words_before(instruction, found))
            edge = at - len(before)
            if before and edge in edges and whole[edge:at] == before:
                return True
    return False


def _words_before(words: Sequence[str], at: int) -> Sequence[str]:
    """Return the last words before a place among joined words."""
    number = sum(1 for edge in _edges(words) if edge < at)
    return words[max(0, number - LEADING) : number]


def _edges(words: Sequence[str]) -> set[int]:
    return {0, *accumulate(map(len, words))}


def _instructions(world: World) -> Iterator[Sequence[str]]:
    for hazard in world.hazards.values():
        for said in hazard.words.get(Phrase.ALERT, {}).values():
            yield from map(plain, _SENTENCE.split(said.instruction))


def _of_all_clears(world: World) -> Iterator[str]:
    """Yield what is said at the end of a danger and at no other moment."""
    warning: dict[str, list[Words]] = {}
    ending: dict[str, list[Words]] = {}
    for hazard in world.hazards.values():
        _sort(hazard.words.get(Phrase.ALERT, {}), warning)
        _sort(hazard.words.get(Phrase.ALL_CLEAR, {}), ending)
    for language, said in ending.items():
        before = warning.get(language, [])
        headlines = [plain(each.headline) for each in before]
        instructions = [plain(each.instruction) for each in before]
        yield from (each.headline for each in said)
        for words in said:
            for part in (*_parts(words.headline), *_parts(words.description)):
                if not any(holds(each, plain(part)) for each in headlines):  # a danger's name
                    yield part
            release = next(_parts(words.instruction), "")  # the first sentence lets people go
            if not any(holds(each, plain(release)) for each in instructions):
                yield release
        yield from _openings(said, headlines)


def _sort(words: Mapping[str, Words], into: dict[str, list[Words]]) -> None:
    for language, said in words.items():
        into.setdefault(language, []).append(said)


def _parts(text: str) -> Iterator[str]:
    """Yield the sentences and their parts; a word alone could be any danger's name."""
    for part in _SENTENCE.split(text):
        if len(plain(part)) > 1:
            yield part.strip()


def _openings(said: Sequence[Words], warned: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield words with which all-clears of two dangers begin, and no warning's headline has."""
    first = Counter(words.headline.split()[0] for words in said if words.headline.split())
    for word, count in first.items():
        told = plain(word)
        is_telling = count > 1 and len("".join(told)) >= TELLING
        if is_telling and not any(holds(each, told) for each in warned):
            yield word
