"""Is it a name people can trust: no control, private or invisible characters, no turned text.

Names and ids that hold such a character are refused, because a name that looks like
another is a lie; so are words given at our own doors, where whoever writes them is there to
write them again. What came from elsewhere, and reasons, are never refused for one: they
leave the house with the character replaced (``formats.api.prose``), so that no alarm and no
correction is lost over a character.

Source: RELIABILITY, threat model, "Text shown to people"; CAP 1.2 section 3.2.1, <identifier>.
"""

from __future__ import annotations

from tocsin.core.refusals import Refusal, Rule
from tocsin.formats.api import is_unsafe

MOST_NAME = 200
"""Characters of a name or an id."""
_NOT_IN_IDS = frozenset(" ,<&")


def name_refusal(name: str, field: str) -> Refusal | None:
    """Return why ``name`` cannot be a name of a person or a thing, None where it can."""
    if len(name) > MOST_NAME:
        return Refusal(Rule.TEXT_TOO_LONG, field, f"A name has {MOST_NAME} characters at most.")
    for sign in name if not name.isprintable() else "":
        if is_unsafe(sign):
            return Refusal(
                Rule.CONTROL_CHARACTER, field,
                f"The character U+{ord(sign):04X} may not stand in a name.",
            )  # fmt: skip
    return None


def prose_refusal(text: str, field: str) -> Refusal | None:
    """Return why ``text`` cannot be an alert's words, None where it can; line feeds may stand."""
    for sign in text:
        if sign != "\n" and is_unsafe(sign):
            return Refusal(
                Rule.CONTROL_CHARACTER, field,
                f"The character U+{ord(sign):04X} may not stand in an alert's words.",
            )  # fmt: skip
    return None


def id_refusal(name: str, field: str) -> Refusal | None:
    """Return why ``name`` cannot be an identifier: empty, or what CAP forbids in one."""
    if (refused := name_refusal(name, field)) is not None:
        return refused
    if not name:
        return Refusal(Rule.BAD_VALUE, field, "Give at least one character.")
    if _NOT_IN_IDS.intersection(name):
        return Refusal(
            Rule.BAD_VALUE, field, "An identifier has no spaces, no commas, no < and no &."
        )
    return None
