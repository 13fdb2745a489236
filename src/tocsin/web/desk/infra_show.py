"""How the pages of what a country runs on are rendered, and the register as they all read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from tocsin.checks.identity import Permission
from tocsin.core.refusals import Refusal
from tocsin.web.console.told import Told, told
from tocsin.web.desk import frame
from tocsin.web.desk.infra_words import InfraWords
from tocsin.web.desk.terms import Terms
from tocsin.web.endpoint import Ask
from tocsin.web.public.pages import site_of
from tocsin.web.words import Words

PAGE = 500
"""So many rows are asked for at once; a page asks on until it has them all."""
MOST_PAGES = 20


def words_of(ask: Ask) -> Words:
    """Return the words of the reader's language."""
    site = site_of(ask)
    return site.words[site.language(ask.request)]


def infra_words(ask: Ask) -> InfraWords:
    """Return this subject's words in the reader's language."""
    return InfraWords(ask.house.service, words_of(ask))


def show(ask: Ask, template: str, *, register: Sequence[Told] = (), **values: Any) -> Response:
    """Return a page; ``register``: the installations that its finders find and its links name."""
    i = infra_words(ask)
    terms = Terms(ask.house.service, words_of(ask))
    return frame.show(
        ask, template, i=i, options=i.choices(), named=i.namer(register),
        register=[_choice(i, terms, each) for each in register if not each["erased"]], **values,
    )  # fmt: skip


async def every(ask: Ask, path: str, name: str, **query: object) -> list[Told] | Refusal:
    """Return all rows of a list that is told in pages, ``MOST_PAGES`` of them at most."""
    found: list[Told] = []
    cursor = None
    for _ in range(MOST_PAGES):
        page = await told(ask, path, limit=PAGE, cursor=cursor, **query)
        if isinstance(page, Refusal):
            return page
        found += page[name]
        cursor = page["cursor"]
        if cursor is None:
            break
    return found


async def register(ask: Ask) -> list[Told]:
    """Return the register's installations to who may read it; nothing to anybody else."""
    if not ask.identity.may(Permission.REGISTER):
        return []
    found = await every(ask, "/api/v1/installations", "installations")
    return [] if isinstance(found, Refusal) else found


def _choice(i: InfraWords, terms: Terms, each: Told) -> dict[str, str]:
    parts = (each["handle"], i.kind(each["kind"]), terms.where(each["where"]))
    return {
        "id": each["id"],
        "name": i.installation(each),
        "note": " · ".join(part for part in parts if part),
    }
