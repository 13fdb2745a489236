"""Is a message ours? The same answer for the page and for the API, under one limit."""

from __future__ import annotations

import asyncio
from typing import Annotated

from msgspec import Meta, Struct

from tocsin import phrases
from tocsin.checks.limits import Limit, source_of
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats import api as shapes
from tocsin.service.verify import CodeBook, Match, read_code
from tocsin.web.endpoint import Ask, House

BOOK, LOCK, LIMIT = "verify-book", "verify-lock", "verify-limit"
ASKED_PER_MINUTE = 60
"""By one source. Many phones of a network share one address; who guesses needs a billion tries."""


class OursBody(Struct, frozen=True, kw_only=True):
    """A message of ours that has this code: what it said, and how its alert stands now."""

    revision: Annotated[int, Meta(description="Of the message; `alert` is at the latest.")]
    said: Annotated[dict[str, shapes.WordsBody], Meta(description="What the message says.")]
    alert: shapes.AlertBody


class VerifyBody(Struct, frozen=True, kw_only=True):
    """Whether we sent a message with this code. It never says that there is no danger."""

    code: str
    ours: bool
    messages: list[OursBody]


async def verified(ask: Ask, typed: str, handle: str | None) -> VerifyBody | Refusal:
    """Return what a code says; the same for the page and for the API."""
    house = ask.house
    limit: Limit | None = house.shared.get(LIMIT)
    if limit is None:
        limit = house.shared[LIMIT] = Limit(house.service.clock.now, ASKED_PER_MINUTE)
    if not limit.hit(source_of(ask.source)):
        return Refusal(Rule.TOO_MANY_REQUESTS, "", "Too many tries; wait a minute and try again.")
    code = read_code(typed)
    if code is None:
        return Refusal(
            Rule.BAD_VALUE, "/code", "A code has eight signs: letters, and the digits 2 to 7."
        )
    keys = house.shared.get("keys")
    if keys is None:
        return Refusal(Rule.NOT_ACCEPTED, "", "This house signs nothing.")
    lock: asyncio.Lock = house.shared.setdefault(LOCK, asyncio.Lock())
    async with lock:  # one at a time reads the book
        book: CodeBook | None = house.shared.get(BOOK)
        if book is None:
            book = house.shared[BOOK] = CodeBook(keys, house.service.history)
        found = await asyncio.to_thread(book.find, code, house.service.clock.now())
    named = (handle or "").strip().upper()
    ours = await asyncio.to_thread(
        lambda: [_ours(house, each) for each in found if named in ("", each.handle)]
    )
    messages = [each for each in ours if each is not None]
    return VerifyBody(code=code, ours=bool(messages), messages=messages)


def _ours(house: House, found: Match) -> OursBody | None:
    service = house.service
    then, now = service.view(found.alert_id, found.revision), service.view(found.alert_id)
    if then is None or now is None:
        return None
    said = service.words(then.alert).get(phrases.phrase_of(then.alert), {})
    alert = shapes.alert_body(
        service.world, now.alert, service.words(now.alert), now.sequence,
        plan=service.plan(now.alert.plan),
    )  # fmt: skip
    return OursBody(revision=found.revision, said=shapes.text_body(said), alert=alert)
