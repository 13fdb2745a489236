"""From bytes to a report: the words of the article, and nothing of the page around it.

Bytes become text by their own marks (byte order, UTF-8), else by the likeliest older encoding;
what is no text is refused by name. The text is not changed after that: quotes are found again in
what the outlet wrote.
"""

from __future__ import annotations

import re
from datetime import date

from tocsin.core.refusals import Rule
from tocsin.errors import BadInput
from tocsin.reader.boilerplate import sift
from tocsin.reader.dateline import dateline
from tocsin.reader.document import Document
from tocsin.reader.lexicon import FALLBACK, languages, lexicon
from tocsin.reader.page import article, is_page
from tocsin.reader.sentences import split, tokens

__all__ = [
    "LARGEST",
    "article",
    "decode",
    "guessed",
    "is_page",
    "read_document",
    "recognised",
    "too_large",
]

LARGEST = 2 * 1024 * 1024
"""Bytes of a report; no news report has so many."""
WHERE = "/text"

_SAMPLE = 20_000
_COMMON_ONE_IN = 8
"""A text of the language has one of its commonest words at least so often."""
_GUESS_BYTES = 60_000
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_BINARY = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a recording or a picture"),
    (b"\x1f\x8b", "packed"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3", "a database"),
)
_OLDER = [
    *("cp1251", "koi8_u", "iso8859_5", "cp866", "mac_cyrillic"),
    *("cp1252", "cp1250", "iso8859_2", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"),
]
_COMMONEST = ("cp1252", "cp1251")
"""Taken before others that fit as well."""
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MISREAD = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf]"  # e with an accent, read as two letters
    "|\u00e2[\u0080\u20ac][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]"  # a curly quote, as three
    "|[\u00d0\u00d1][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]"  # Cyrillic read as Latin
    "|[\u0420\u0421][\u00a0-\u00bf\u0402-\u040f\u0452-\u045f\u0490\u2013-\u2122]"  # or as Cyrillic
    "|\ufffd"
)
_MISREAD_FEW = 3
_MISREAD_SHARE = 500
"""One in so many characters: a text that quotes such a word is not refused."""
_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})",
    re.IGNORECASE,
)


def decode(data: bytes, *, charset: str | None = None, field: str = WHERE) -> str:
    """Return the text that the bytes are; a byte order mark of UTF-8 stays its first character.

    Args:
        data: a file, or what an address answered; at most ``LARGEST``.
        charset: what the far end says it is; believed only where the bytes are not UTF-8.
        field: what a refusal names.

    Raises:
        BadInput: too large, no text, or a text that was once read in a wrong encoding.
    """
    if len(data) > LARGEST:
        raise too_large(field)
    for mark, kind in _BINARY:
        if data.startswith(mark):
            raise BadInput(
                f"this is {kind}: give plain text or HTML",
                field=field,
                rule=Rule.WRONG_CONTENT_TYPE,
            )
    text = _decoded(data, charset, field)
    control = _CONTROL.search(text)
    if control:
        raise BadInput(
            f"character {control.start()} is a control character: this is no text; "
            "give plain text or HTML",
            field=field,
            rule=Rule.CONTROL_CHARACTER,
        )
    wrong = len(_MISREAD.findall(text))
    if wrong >= _MISREAD_FEW and wrong * _MISREAD_SHARE >= len(text):
        raise BadInput(
            "its letters were once read in a wrong encoding and cannot be trusted: take the "
            "report from its source again, as UTF-8",
            field=field,
            rule=Rule.BAD_VALUE,
        )
    return text


def too_large(field: str = WHERE) -> BadInput:
    """Return what is said of more than ``LARGEST`` bytes, also by who did not read them all."""
    return BadInput(
        f"more than {LARGEST // 1024 // 1024} MiB: give one report at a time",
        field=field,
        rule=Rule.TOO_LARGE,
    )


def _decoded(data: bytes, charset: str | None, field: str) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding, field)
    if b"\x00" in data[:_SAMPLE]:
        return _strictly(data, _wide(data[:_SAMPLE], field), field)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as slip:
        if _is_nearly_utf8(data):
            raise BadInput(
                f"byte {slip.start} is not UTF-8, though the rest is: save it as UTF-8 again",
                field=field,
                rule=Rule.BAD_VALUE,
            ) from None
    declared = _DECLARED.search(data[:2048])
    for told in (charset, declared and declared.group(1).decode("ascii", "replace")):
        text = _as_told(data, told)
        if text is not None:
            return text
    return _likeliest(data, field)


def _strictly(data: bytes, encoding: str, field: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as slip:
        raise BadInput(
            f"byte {slip.start} is not {encoding.upper()}: give plain text, as UTF-8",
            field=field,
            rule=Rule.BAD_VALUE,
        ) from None


def _wide(sample: bytes, field: str) -> str:
    """Return which UTF-16 it is without a mark: every space and full stop has its zero there."""
    pairs, all_zeros = max(1, len(sample) // 2), sample.count(0)
    for encoding, half in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        zeros = half.count(0)
        if zeros > 2 and zeros * 20 > pairs and zeros * 20 >= all_zeros * 19:  # noqa: PLR2004
            return encoding
    raise BadInput(
        f"byte {sample.index(0)} is zero: this is no text; give plain text or HTML",
        field=field,
        rule=Rule.WRONG_CONTENT_TYPE,
    )


def _is_nearly_utf8(data: bytes) -> bool:
    """Say whether all but a few of its letters outside ASCII are UTF-8."""
    read = data.decode("utf-8", "replace")
    wrong = read.count("\ufffd")
    right = sum(char > "\x7f" for char in read) - wrong
    return right > wrong * 10


def _as_told(data: bytes, told: str | None) -> str | None:
    """Return the text in the encoding somebody named, if that is one and fits."""
    if not told or told.lower().replace("_", "-") in {"utf-8", "utf8"}:
        return None
    try:
        return data.decode(
            "cp1252" if told.lower() in {"iso-8859-1", "latin-1", "latin1"} else told
        )
    except (LookupError, UnicodeDecodeError, ValueError):
        return None


def _likeliest(data: bytes, field: str) -> str:
    from charset_normalizer import from_bytes  # 30 ms, and hardly ever needed

    found = from_bytes(data[:_GUESS_BYTES], cp_isolation=_OLDER)
    best = found.best()
    if best is None:
        raise BadInput(
            "its encoding is not known: save it as UTF-8", field=field, rule=Rule.WRONG_CONTENT_TYPE
        )
    alike = {each.encoding for each in found if each.chaos <= best.chaos} | {best.encoding}
    encoding = next((each for each in _COMMONEST if each in alike), best.encoding)
    return _strictly(data, encoding, field)


def read_document(
    text: str,
    *,
    name: str,
    published: date | None = None,
    outlet: str | None = None,
    language: str | None = None,
    before: date | None = None,
) -> Document:
    """Return the report, split and without its boilerplate.

    What is told (``published``, ``outlet``, ``language``) wins over what the text says of itself:
    its dateline, and the outlet's name in its boilerplate. ``before`` is a day that it cannot be
    later than (today): with it a dateline without a year has one.
    """
    spoken = language or guessed(text)
    found = sift(text, spoken)
    if published is None:
        told = dateline(text, before=before)
        published = None if told is None else told.date
    return Document(
        name=name,
        text=text,
        language=spoken,
        published=published,
        outlet=outlet or found.outlet,
        sentences=split(text, found.kept, spoken),
        dropped=found.dropped,
    )


def guessed(text: str) -> str:
    """Return the language whose commonest words the text has most of."""
    return recognised(text) or FALLBACK


def recognised(text: str) -> str | None:
    """Return the language by its commonest words; None where too few are of any that is known."""
    words = [token.lower for token in tokens(text, 0, min(len(text), _SAMPLE)) if token.is_word]
    scores = {
        known: sum(word in common for word in words)
        for known in languages()
        if (common := frozenset(lexicon(known, "sentences").get("common", ())))
    }
    best = max(scores, key=lambda known: scores[known], default=FALLBACK)
    return best if scores and scores[best] * _COMMON_ONE_IN >= len(words) else None
