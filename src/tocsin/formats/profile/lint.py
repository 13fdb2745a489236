"""What every text of a profile must keep to, checked when the profile is read.

A slot nobody fills, a language that is missing or a text that says it is no drill has
gone out elsewhere, to millions; here it stops the start of the server.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from tocsin.core.hazard import Words
from tocsin.formats.profile.problems import problem

SLOT = "{place}"
SENTENCE_LONGEST = 15
"""Words in a sentence that a resident reads (UX rule 10)."""
HEADLINE_LONGEST = 160
"""Characters; CAP 1.2 section 3.2.2 asks for a headline that a short display can show."""

_BRACES = re.compile(r"\{[^{}]*\}|[{}]")
_SENTENCE = re.compile(r"[.?]\s+|\.$")
_HIDDEN = {
    "\u200b",
    "\u2060",
    "\ufeff",
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2066, 0x206A)),
}


@dataclass(frozen=True, slots=True)
class Lint:
    """The rules for one profile: its languages, and words that no text may hold."""

    languages: Sequence[str]
    never: Mapping[str, Sequence[str]]

    def names(self, file: str, at: str, names: Mapping[str, str]) -> None:
        """Raise ``ProfileProblem`` unless there is a name in every language and in no other."""
        self._languages(file, at, names)
        for language, name in names.items():
            if not name.strip():
                raise problem(file, f"{at}/{language}", "missing-text", "The name is empty.")
            _characters(file, f"{at}/{language}", name)

    def words(self, file: str, at: str, words: Mapping[str, Words], *, instruction: bool) -> None:
        """Raise ``ProfileProblem`` unless the texts are complete and keep to the rules.

        Args:
            file: the file they stand in.
            at: JSON pointer to them.
            words: by language.
            instruction: whether the profile brings one; it must not where the issuer writes it.
        """
        self._languages(file, at, words)
        for language, said in words.items():
            here = f"{at}/{language}"
            for key in ("headline", "description", "instruction"):
                text = getattr(said, key)
                if key == "instruction" and not instruction:
                    if text.strip():
                        raise problem(
                            file,
                            f"{here}/{key}",
                            "instruction-written-each-time",
                            "The issuer writes it; leave it empty here.",
                        )
                    continue
                if not text.strip():
                    raise problem(file, f"{here}/{key}", "missing-text", f"The {key} is empty.")
                self._text(file, f"{here}/{key}", language, text)
            if len(said.headline) > HEADLINE_LONGEST:
                raise problem(
                    file,
                    f"{here}/headline",
                    "text-too-long",
                    f"A headline has at most {HEADLINE_LONGEST} characters.",
                )
            if SLOT not in f"{said.headline}{said.description}{said.instruction}":
                raise problem(
                    file, here, "place-missing", f"A warning names its place: use {SLOT}."
                )

    def _languages(self, file: str, at: str, found: Mapping[str, object]) -> None:
        for language in self.languages:
            if language not in found:
                raise problem(
                    file,
                    f"{at}/{language}",
                    "missing-language",
                    f"The profile speaks {', '.join(self.languages)}; this is missing.",
                )
        for language in found:
            if language not in self.languages:
                raise problem(
                    file,
                    f"{at}/{language}",
                    "unknown-language",
                    f"The profile speaks {', '.join(self.languages)} only.",
                )

    def _text(self, file: str, at: str, language: str, text: str) -> None:
        _characters(file, at, text)
        for found in _BRACES.findall(text):
            if found != SLOT:
                raise problem(
                    file, at, "unknown-slot", f"{found} is no slot; the only one is {SLOT}."
                )
        folded = unicodedata.normalize("NFC", text).casefold()
        if (said := _forbidden(tuple(self.never.get(language, ()))).search(folded)) is not None:
            raise problem(
                file, at, "forbidden-words", f"No text of an alert says {said.group()!r}."
            )
        if "!" in text:
            raise problem(file, at, "exclamation-mark", "Say it without exclamation marks.")
        for sentence in _SENTENCE.split(text):
            if len(sentence.split()) > SENTENCE_LONGEST:
                raise problem(
                    file,
                    at,
                    "sentence-too-long",
                    f"At most {SENTENCE_LONGEST} words a sentence: {sentence!r}.",
                )


@cache
def _forbidden(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds any of these as whole words, in a text that is case-folded."""
    either = "|".join(re.escape(word.casefold()) for word in words) or r"(?!)"
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)")


def _characters(file: str, at: str, text: str) -> None:
    if text.isprintable():  # no hidden character is: the loop below says which it was
        return
    for sign in text:
        if sign in _HIDDEN or unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn"):
            raise problem(
                file, at, "control-character", f"U+{ord(sign):04X} cannot be seen; take it out."
            )
