"""What the API tells, for the pages that show it: a page has no way of its own to the truth.

A page asks the line of the API that anybody may ask, with the rights of whoever reads the
page, so it can show nothing that the API would refuse, and an integrator can build the
same page from the same answers (STYLE section 2: no private API).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec

from tocsin.checks.identity import demanded
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats import api as shapes
from tocsin.web.api.table import API
from tocsin.web.endpoint import Answer, Ask, Endpoint


class Told(dict[str, Any]):
    """What was told. A member that was left out is None: answers leave out what is not there."""

    def __missing__(self, name: str) -> None:
        """Return None for what was not told."""


def line_of(path: str, lines: Sequence[Endpoint] = API) -> Endpoint | None:
    """Return the line that answers GET at that path, None where this house has none."""
    return next((line for line in lines if line.method == "GET" and line.path == path), None)


async def told(ask: Ask, path: str, **query: object) -> Told | Refusal:
    """Return what ``GET path`` answers to whoever reads this page, as plain values.

    ``path`` is the line's, with its parameters open: they are the page's own. A parameter that is
    None or empty is left out of the query.

    Raises:
        BadInput: the query does not fit the line.
    """
    line = line_of(path)
    if line is None:
        return Refusal(Rule.UNKNOWN_PATH, "", f"This house does not answer {path}.")
    if (refusal := demanded(ask.identity, line.permission)) is not None:
        return refusal
    asked = None
    if line.query is not None:
        given = {name: value for name, value in query.items() if value not in (None, "", [])}
        try:
            asked = msgspec.convert(given, line.query, strict=False)
        except msgspec.ValidationError as problem:
            return Refusal(Rule.BAD_VALUE, "", str(problem))
    result = await line.handler(replace(ask, query=asked, body=None, realm=line.realm))
    if isinstance(result, Refusal):
        return result
    body = shapes.encode(result.body) if isinstance(result, Answer) else bytes(result.body)
    opened = as_told(msgspec.json.decode(body)) if body else Told()
    return opened if isinstance(opened, Told) else Told()


def as_told(value: object) -> object:
    """Return a value of JSON with every object in it as ``Told``."""
    if isinstance(value, dict):
        return Told({name: as_told(each) for name, each in value.items()})
    if isinstance(value, list):
        return [as_told(each) for each in value]
    return value


def or_nothing(found: Told | Refusal) -> Told:
    """Return what was told; nothing where it was refused: for what a page can do without."""
    return Told() if isinstance(found, Refusal) else found
