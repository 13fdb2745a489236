"""What a change of an alert would do, read before it goes out as a new alert is.

Nothing is recorded: it is decided as the real one would be, with the same right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import msgspec

from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import Realm
from tocsin.core.hazard import Phrase, Words
from tocsin.core.people import people_in
from tocsin.core.refusals import Refusal, Rule
from tocsin.web.api import asks
from tocsin.web.api.area import area_of
from tocsin.web.api.speaker import about, meant
from tocsin.web.api.writing import NOBODY, given_words
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
        body = msgspec.json.decode(wanted, type=asks.UpdateAsk)
    except msgspec.DecodeError as problem:
        return Refusal(Rule.BAD_VALUE, "", str(problem))
    found = meant(replace(ask, realm=realm, body=body), body.sender)
    if isinstance(found, Refusal):
        return found
    alert, sender = found
    area = await area_of(ask.house.places, body.area) if body.area is not None else None
    if isinstance(area, Refusal):
        return area
    second, service = body.second or NOBODY, ask.house.service
    command = co.UpdateAlert(
        alert_id=alert.id, sender=sender, level=body.level, area=area,
        urgency=body.urgency, severity=body.severity, certainty=body.certainty,
        expires=body.expires, by=ask.identity.name, reason=body.reason,
        ask_second=second.ask, proposed_because=second.because, override=body.override,
    )  # fmt: skip
    tried = service.try_out(command, given=given_words(body.text), warrant=ask.identity.warrant)
    if isinstance(tried, Refusal):
        return about(tried)
    worded, events = tried
    texts = worded.words.get(Phrase.ALERT) if isinstance(worded, co.UpdateAlert) else None
    updated = next((each for each in events if isinstance(each, ev.AlertUpdated)), None)
    whole = updated.area if updated is not None else area or alert.area
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
