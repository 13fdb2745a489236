"""Is it bearable JSON: size, encoding, depth, duplicate members, huge numbers.

The typed decoders keep the last of two members of one name, and answer deep nesting with
a RecursionError; what is refused here never reaches them (formats/api-v1.md, first lines).
Hostile text of 2 MiB is refused within 100 ms and without being built in memory.

Source: RFC 8259 sections 4, 8 and 9; RELIABILITY T11.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, NoReturn, TypeVar

import msgspec
import numpy as np

from tocsin.core.refusals import Refusal, Rule
from tocsin.errors import BadInput

MOST_BYTES = 2 * 1024 * 1024
"""A request's body; a real alert of the heaviest kind has 882 kB (RELIABILITY, threat model)."""
MOST_DEPTH = 32
"""The API's own shapes need 6."""
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_CURLY = np.uint8(0x20)
"""The bit by which ``{`` differs from ``[`` and ``}`` from ``]``; no other sign becomes either."""
_OPEN, _CLOSE = np.uint8(ord("{")), np.uint8(ord("}"))
_PATH_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]|\[(\.\.\.)\]")

T = TypeVar("T")


class _Doubled(dict[str, Any]):
    """An object that has a member twice; ``name`` is the first such."""

    name = ""


def read(body: bytes, kind: type[T], *, most_bytes: int = MOST_BYTES) -> T:
    """Return ``body`` decoded strictly as ``kind``.

    Depth is measured before anything is built; the typed decoder stops at the first thing that
    does not fit; only what has passed both is read again for members given twice.

    Raises:
        BadInput: it cannot be; ``rule`` and ``field`` (a JSON pointer) say why and where.
    """
    text = bounded(body, most_bytes=most_bytes)
    try:
        found = msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as problem:
        raise as_bad_input(problem) from None
    except RecursionError:
        raise _too_deep() from None
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise BadInput(f"This is not JSON: {problem}.", rule=Rule.BAD_JSON) from None
    try:
        _refuse_doubled(json.loads(text, object_pairs_hook=_object, parse_constant=_constant))
    except RecursionError:
        raise _too_deep() from None
    except ValueError as problem:  # JSONDecodeError, and numbers of thousands of digits
        raise BadInput(f"This is not JSON: {problem}.", rule=Rule.BAD_JSON) from None
    return found


def bounded(body: bytes, *, most_bytes: int = MOST_BYTES) -> str:
    """Return the text of a body that is neither too large, nor too deep, nor no text.

    Raises:
        BadInput: it is.
    """
    if len(body) > most_bytes:
        raise BadInput(f"At most {most_bytes} bytes are read.", rule=Rule.TOO_LARGE)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise BadInput(
            f"The body must be UTF-8; byte {problem.start} is not.", rule=Rule.BAD_JSON
        ) from None
    if depth(body) > MOST_DEPTH:
        raise _too_deep()
    return text


def depth(body: bytes) -> int:
    """Return how deep brackets nest outside strings, in whatever is sent: 2 MiB in 30 ms."""
    signs = np.frombuffer(_STRING.sub(b"", body), dtype=np.uint8) | _CURLY
    steps = (signs == _OPEN).astype(np.int8) - (signs == _CLOSE)
    return int(steps.cumsum(dtype=np.int32).max(initial=0))


def as_bad_input(problem: msgspec.ValidationError) -> BadInput:
    """Return msgspec's complaint as a rule and a JSON pointer."""
    message, _, path = str(problem).partition(" - at `")
    place = pointer(path.rstrip("`")) if path else ""
    if message.startswith("Object contains unknown field"):
        name = message.split("`")[1]
        return BadInput(
            f"There is no member {name!r} here.",
            field=f"{place}/{escaped(name)}", rule=Rule.UNKNOWN_MEMBER,
        )  # fmt: skip
    if message.startswith("Object missing required field"):
        name = message.split("`")[1]
        return BadInput(
            f"Give the member {name!r}.",
            field=f"{place}/{escaped(name)}", rule=Rule.MISSING_MEMBER,
        )  # fmt: skip
    if "timezone component" in message:
        return BadInput(
            "Give the time with its zone, as in 2022-10-10T08:00:00+03:00.",
            field=place, rule=Rule.TIME_WITHOUT_ZONE,
        )  # fmt: skip
    if message.startswith("Expected `str` of length <="):
        return BadInput(f"{message}.", field=place, rule=Rule.TEXT_TOO_LONG)
    expected = message.startswith("Expected") and ", got" in message
    rule = Rule.WRONG_TYPE if expected else Rule.BAD_VALUE
    return BadInput(f"{message}.", field=place, rule=rule)


def refusal(problem: BadInput) -> Refusal:
    """Return what could not be read as a refusal."""
    try:
        rule = Rule(problem.rule)
    except ValueError:
        rule = Rule.BAD_VALUE
    return Refusal(rule, problem.field, str(problem))


def pointer(path: str) -> str:
    """Return a decoder's path (``$.area.regions[0]``) as a JSON pointer (``/area/regions/0``).

    A path through a mapping (``[...]``) does not say which member; the pointer ends before it.
    """
    steps: list[str] = []
    for step in _PATH_STEP.finditer(path):
        name, number, unknown = step.groups()
        if unknown:
            break
        steps.append(escaped(name) if name is not None else number)
    return "".join(f"/{step}" for step in steps)


def escaped(name: str) -> str:
    """Return a member's name as it stands in a JSON pointer. Source: RFC 6901 section 3."""
    return name.replace("~", "~0").replace("/", "~1")


def canonical(body: object) -> bytes:
    """Return the bytes by which two requests are the same: members sorted, no white space."""
    plain = msgspec.to_builtins(body)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _too_deep() -> BadInput:
    return BadInput(f"At most {MOST_DEPTH} levels of nesting are read.", rule=Rule.TOO_DEEP)


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number of JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    doubled = _Doubled(found)
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            doubled.name = name
            break
        seen.add(name)
    return doubled


def _refuse_doubled(found: object) -> None:
    waiting: list[tuple[str, object]] = [("", found)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, _Doubled):
            raise BadInput(
                f"The member {value.name!r} stands twice.",
                field=f"{place}/{escaped(value.name)}", rule=Rule.DUPLICATE_MEMBER,
            )  # fmt: skip
        inner: Iterable[tuple[object, object]] = ()
        if isinstance(value, dict):
            inner = value.items()
        elif isinstance(value, list):
            inner = enumerate(value)
        waiting += [
            (f"{place}/{escaped(str(name))}", each)
            for name, each in inner
            if isinstance(each, dict | list)
        ]
