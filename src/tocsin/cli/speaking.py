"""What every verb that speaks to a house takes besides its own: whom to ask, and how to print.

``speaking`` gives a verb those options and hands it a ``Call``, so that none of them is written
down twice and all verbs take the same.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from tocsin.cli.client import House
from tocsin.cli.names import Names
from tocsin.cli.options import (
    AsJson,
    Config,
    Data,
    Language,
    Server,
    Token,
    TokenFile,
    door,
)
from tocsin.cli.output import told_failures

Verb = Callable[..., None]
SHARED: tuple[tuple[str, Any, object], ...] = (
    ("server", Server, None),
    ("token", Token, None),
    ("token_file", TokenFile, None),
    ("data", Data, None),
    ("config", Config, None),
    ("language", Language, "en"),
    ("as_json", AsJson, False),
)
"""Name, annotation, default."""


class Call:
    """One call of a verb: the house it speaks to, and how its answer is to be printed."""

    def __init__(self, house: House, language: str, *, as_json: bool) -> None:
        self.house = house
        self.language = language
        self.as_json = as_json
        self._names: Names | None = None

    @property
    def names(self) -> Names:
        """The names of the house's regions and hazards; asked for once."""
        if self._names is None:
            self._names = Names(self.house, self.language)
        return self._names


def speaking(verb: Verb) -> Verb:
    """Return a verb of the command line from a function whose first parameter is a ``Call``."""

    def speak(**given: Any) -> None:
        shared = {name: given.pop(name) for name, _, _ in SHARED}
        with told_failures():
            where = door(
                shared["server"], shared["token"], shared["data"], shared["config"],
                shared["token_file"],
            )  # fmt: skip
            with House(where) as house:
                verb(Call(house, shared["language"], as_json=shared["as_json"]), **given)

    _, *own = inspect.signature(verb, eval_str=True).parameters.values()
    options = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own]
    options += [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
        )
        for name, annotation, default in SHARED
    ]
    return _named(speak, verb, options, verb.__doc__)


def preset(verb: Verb, told: str, **fixed: object) -> Verb:
    """Return the same verb with some options fixed; ``told`` is its help."""

    def fixed_verb(**given: Any) -> None:
        verb(**given, **fixed)

    left = [each for each in inspect.signature(verb).parameters.values() if each.name not in fixed]
    return _named(fixed_verb, verb, left, told)


def _named(made: Verb, verb: Verb, options: list[inspect.Parameter], told: str | None) -> Verb:
    made.__name__, made.__doc__, made.__module__ = verb.__name__, told, verb.__module__
    made.__annotations__ = {}
    made.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]  # typer reads it
    return made
