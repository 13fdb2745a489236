"""What a change of an alert would do, read before it goes out as a new alert is.

Nothing is recorded: it is decided as the real one would be, with the same right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from tocsin.checks import json as strict
from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import Realm
from tocsin.core.hazard import Phrase, Words
from tocsin.core.people import people_in
from tocsin.core.refusals import Refusal
from tocsin.errors import BadInput
from tocsin.web.api import asks
from tocsin.web.api.speaker import about
from tocsin.web.api.writing import given_words, update_command
from tocsin.web.endpoint import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What would then be: ``proposed`` where a second person is needed first."""

    people: int | None
    regions: tuple[str, ...]
    level: str | None
    texts: dict[str, Words]
    sounds: int
    proposed: bool
    expires: Any = None


async def change(ask: Ask, realm: Realm, alert_id: str, wanted: str) -> Change | Refusal:
    """Try the change that ``wanted`` asks for, as the body of an update says it."""
    ask.request.path_params["id"] = alert_id
    try:
        body = strict.read(wanted.encode(), asks.UpdateAsk, most_bytes=ask.house.max_body_bytes)
    except BadInput as problem:
        return strict.refusal(problem)
    found = await update_command(replace(ask, realm=realm, body=body), body)
    if isinstance(found, Refusal):
        return about(found)
    alert, command = found
    service = ask.house.service
    tried = service.try_out(command, given=given_words(body.text), warrant=ask.identity.warrant)
    if isinstance(tried, Refusal):
        return about(tried)
    worded, events = tried
    texts = worded.words.get(Phrase.ALERT) if isinstance(worded, co.UpdateAlert) else None
    updated = next((each for each in events if isinstance(each, ev.AlertUpdated)), None)
    whole = updated.area if updated is not None else command.area or alert.area
    tree = service.world.tree
    return Change(
        people=people_in(tree, whole),
        regions=tuple(tree.fewest(tree.extent(whole).touched)),
        level=body.level or alert.level,
        texts=dict(texts or service.words(alert).get(Phrase.ALERT, {})),
        sounds=len(updated.sounds_in) if updated is not None else 0,
        proposed=any(isinstance(each, ev.ProposalMade) for each in events),
        expires=body.expires,
    )
