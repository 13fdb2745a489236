"""How a slip in a country's folder is said: file, key, rule, what to do."""

from __future__ import annotations

import re
import tomllib
from typing import TypeVar

import msgspec

from tocsin.errors import ProfileProblem

T = TypeVar("T")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")


def problem(file: str, field: str, rule: str, helped: str) -> ProfileProblem:
    """Return it as one line, ``file: field: rule: what to do``; field is a JSON pointer."""
    return ProfileProblem(f"{file}: {field or '/'}: {rule}: {helped}")


def decode_json(file: str, data: bytes, form: type[T]) -> T:
    """Decode a JSON file into ``form``.

    Raises:
        ProfileProblem: it is no JSON, or a key is unknown, missing or of a wrong type.
    """
    try:
        return msgspec.json.decode(data, type=form)
    except (msgspec.DecodeError, UnicodeDecodeError) as slip:
        raise _told(file, slip) from slip


def decode_toml(file: str, data: bytes, form: type[T]) -> T:
    """Decode a TOML file into ``form``.

    Raises:
        ProfileProblem: it is no TOML, or a key is unknown, missing or of a wrong type.
    """
    return _converted(file, "", _toml(file, data), form)


def decode_tables(file: str, data: bytes, form: type[T]) -> dict[str, T]:
    """Decode a TOML file whose tables are all of one ``form``, by their names.

    Raises:
        ProfileProblem: it is no TOML, or a key is unknown, missing or of a wrong type.
    """
    found = _toml(file, data)
    return {name: _converted(file, f"/{name}", table, form) for name, table in found.items()}


def _toml(file: str, data: bytes) -> dict[str, object]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as slip:
        raise problem(file, "", "bad-toml", str(slip)) from slip


def _converted(file: str, at: str, found: object, form: type[T]) -> T:
    try:
        return msgspec.convert(found, type=form)
    except msgspec.ValidationError as slip:
        raise _told(file, slip, at) from slip


def _told(file: str, slip: Exception, at: str = "") -> ProfileProblem:
    """Turn ``Object contains unknown field `x` - at `$.a[0]``` into our one line."""
    text = str(slip)
    said, _, path = text.partition(" - at `$")
    pointer = at + "".join(f"/{name or number}" for name, number in _STEP.findall(path.rstrip("`")))
    pointer = pointer.replace("...", "*")
    if "unknown field" in said:
        return problem(file, pointer, "unknown-key", f"{said}; remove it or mend its spelling.")
    if "missing required field" in said:
        return problem(file, pointer, "missing-key", f"{said}.")
    if isinstance(slip, msgspec.ValidationError):
        return problem(file, pointer, "bad-value", f"{said}.")
    return problem(file, pointer, "bad-json", f"{said}.")
