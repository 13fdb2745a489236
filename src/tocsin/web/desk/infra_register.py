"""The register's pages (D4): the list, and one installation with what it needs and what needs it.

A tree of needs is walked along each road once: a register without loops can still lead to the same
installation by many roads, and a page must end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from starlette.responses import Response

from tocsin.core.refusals import Refusal
from tocsin.web.console.frame import not_there
from tocsin.web.console.told import Told, told
from tocsin.web.desk import infra_show
from tocsin.web.desk.frame import choices
from tocsin.web.desk.infra_words import InfraWords
from tocsin.web.endpoint import Ask

FIRST = ("down", "at-risk", "degraded", "unknown", "working")
FILTERS = ("state", "kind", "q")
DEEPEST = 8

Branch = tuple[str, Told | None, "list[Branch]"]
"""By which tie, what (None: erased), and the same below it."""


async def installations(ask: Ask) -> Response:
    """Show the register, those in trouble first, and the form that enters one."""
    found = await infra_show.every(ask, "/api/v1/installations", "installations")
    if isinstance(found, Refusal):
        return not_there(ask, found)
    i = infra_show.infra_words(ask)
    words = infra_show.words_of(ask)
    query = ask.request.query_params
    given = {name: query.get(name, "").strip()[:100] for name in FILTERS}
    shown = sorted(
        (each for each in found if _fits(i, each, given)),
        key=lambda x: (FIRST.index(i.standing(x)), words.alphabetical(i.installation(x))),
    )
    return infra_show.show(
        ask, "desk/installations.html", register=found, installations=shown, given=given
    )


async def installation(ask: Ask) -> Response:
    """Show one installation: how it is, what hangs on it, what was reported of it."""
    found = await told(ask, "/api/v1/installations/{id}")
    if isinstance(found, Refusal):
        return not_there(ask, found)
    known = {each["id"]: each for each in await infra_show.register(ask)}
    incidents = choices(ask)
    falls = found["if_down"]["channels"]
    return infra_show.show(
        ask, "desk/installation.html", register=list(known.values()), installation=found,
        needs=tree(found["id"], lambda name: _needs(known, name), known),
        needed=tree(found["id"], lambda name: _needed(known, name), known),
        falls=falls, lost=[each for each in falls if each["lost"]],
        alone=found["if_down"]["without_any"],
        risk=found["if_down"]["dependants"], incidents=incidents,
        labels={each["id"]: each["name"] for each in choices(ask, roots=False)},
    )  # fmt: skip


def tree(
    name: str,
    next_of: Callable[[str], Sequence[tuple[str, str]]],
    known: Mapping[str, Told],
    seen: frozenset[str] = frozenset(),
) -> list[Branch]:
    """Return what hangs on an installation by ``next_of``, nearest first, no road twice."""
    seen |= {name}
    if len(seen) > DEEPEST:
        return []
    return [
        (tie, known.get(other), tree(other, next_of, known, seen))
        for tie, other in next_of(name) if other not in seen
    ]  # fmt: skip


def _needs(known: Mapping[str, Told], name: str) -> list[tuple[str, str]]:
    one = known.get(name)
    return [(each["tie"], each["on"]) for each in one["needs"]] if one is not None else []


def _needed(known: Mapping[str, Told], name: str) -> list[tuple[str, str]]:
    return [
        (need["tie"], other) for other, one in known.items()
        for need in one["needs"] if need["on"] == name
    ]  # fmt: skip


def _fits(i: InfraWords, one: Told, given: Mapping[str, str]) -> bool:
    where = one["where"] or Told()
    text = f"{i.installation(one)} {one['handle']} {where['name'] or ''} {where['site'] or ''}"
    return (
        given["state"] in ("", i.standing(one))
        and given["kind"] in ("", one["kind"])
        and given["q"].casefold() in text.casefold()
    )
