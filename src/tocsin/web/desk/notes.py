"""What the reader notes beside a draft, in the language of whoever reads it.

A note is kept as the reader wrote it. The reader's own sentences are known again by its constants;
an officer's note is anything else, and stays as it is.
"""

from __future__ import annotations

from tocsin.core.claims import ClaimKind
from tocsin.reader.draft import UNREAD
from tocsin.reader.happenings import SUPERSEDED
from tocsin.reader.proposed import NOTE, NOTE_UNSUPPORTED
from tocsin.web.public.situation_words import Phrases
from tocsin.web.words import Words

KINDS = {each.value for each in ClaimKind}


def note(words: Words, phrases: Phrases, text: str) -> str:
    """Return a note in words of this language; what the reader did not write, as it is."""
    _ = words.gettext
    if text == NOTE:
        return _("Proposed by a language model; the words were read by our own rules.")
    if text == SUPERSEDED:
        return _("An earlier figure that the report corrects.")
    kind = _filled(text, NOTE_UNSUPPORTED, "%(kind)s")
    if kind in KINDS:
        return _("A language model takes it for: %(kind)s. Our own rules do not find that.") % {
            "kind": phrases.claim(ClaimKind(kind)),
        }  # fmt: skip
    most = _filled(text, UNREAD, "{most}")
    if most.isdecimal():
        return _("Only the first %(most)s characters of the report were read.") % {
            "most": phrases.number(int(most)),
        }  # fmt: skip
    return text


def _filled(text: str, pattern: str, slot: str) -> str:
    """Return what stands in a sentence where its pattern has a slot; empty: another sentence."""
    before, _, after = pattern.partition(slot)
    if not (text.startswith(before) and text.endswith(after)):
        return ""
    return text[len(before) : len(text) - len(after)]
