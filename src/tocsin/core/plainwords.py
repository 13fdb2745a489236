"""Does a text hold a phrase, however it is written?

Capitals, accents, hyphens, spaces between the letters, characters that cannot be seen and letters
of one alphabet that look like those of another make no difference: people read what it looks like.

Source: RELIABILITY, threat model, "Text shown to people"; Unicode TS 39, confusables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate

_ALIKE = {
    # Cyrillic: a, ve, ie, dze, i, je, ka, em, en, o, er, es, te, u, ha, komi de, palochka
    "\u0430\u0432\u0435\u0455\u0456\u0458\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445"
    "\u0501\u04cf": "abesljkmhopctyxdl",
    # Greek: alpha, beta, epsilon, zeta, eta, iota, kappa; mu, nu, omicron, rho, tau, upsilon, chi
    "\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba": "abezhlk",
    "\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7": "mnoptyx",
    # within one alphabet: i, the i without its dot, nought, one
    "i\u013101": "llol",
}
_LOOKS_LIKE = str.maketrans("".join(_ALIKE), "".join(_ALIKE.values()))

_FILLERS = "\u115f\u1160\u3164\uffa0"
"""Letters by their category, and nothing to look at (Unicode: Hangul fillers)."""
_SLOT = re.compile(r"\{[^{}]*\}")


def plain(text: str) -> list[str]:
    """Return the words of a text, reduced to what they look like."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    seen = "".join(c for c in folded if unicodedata.category(c)[0] != "M" and _is_seen(c))
    alike = seen.translate(_LOOKS_LIKE)
    return "".join(sign if sign.isalnum() else " " for sign in alike).split()


def holds(text: Sequence[str], phrase: Sequence[str]) -> bool:
    """Say whether the words of one are in the other as whole words, joined or apart."""
    return next(spots(text, phrase), None) is not None


def spots(text: Sequence[str], phrase: Sequence[str], *, begun: bool = False) -> Iterator[int]:
    """Yield where the words of one begin in the other, among its letters without the spaces.

    ``begun``: its last word may go on; languages bend their words at the end.
    """
    whole, wanted = "".join(text), "".join(phrase)
    edges = {0, *accumulate(map(len, text))}
    at = whole.find(wanted) if wanted else -1
    while at >= 0:
        if at in edges and (begun or at + len(wanted) in edges):
            yield at
        at = whole.find(wanted, at + 1)


def says_something(text: str) -> bool:
    """Say whether a text holds a letter or a digit that can be seen; dots and blanks are none."""
    return any(
        unicodedata.category(sign)[0] in "LN" and sign not in _FILLERS
        for sign in unicodedata.normalize("NFKC", text)
    )


def unfilled(text: str) -> str:
    """Return the first ``{slot}`` that nobody has filled in; empty where there is none."""
    found = _SLOT.search(text)
    return found[0] if found is not None else ""


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign) != "Cf"
