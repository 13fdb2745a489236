"""Issue, update, extend, clear, cancel: a request becomes a command and goes the one road.

Every write may carry an ``Idempotency-Key``: the same key and body returns the first answer,
the same key with another body is refused (RELIABILITY P3). A 2xx means: synced to disk.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from msgspec import Struct, structs

from tocsin.checks import json as strict
from tocsin.checks.text import id_refusal, name_refusal, prose_refusal
from tocsin.core import commands as co
from tocsin.core.alert import Realm, Status
from tocsin.core.area import Area
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats import api as shapes
from tocsin.service.road import Given, RequestKey
from tocsin.web.api import asks
from tocsin.web.api.area import area_of, geocodes
from tocsin.web.api.speaker import about, named, speaker, ticked
from tocsin.web.api.token import is_bound
from tocsin.web.endpoint import Answer, Ask

_KEY = re.compile(r"[\x21-\x7e]{1,128}")


async def issue(ask: Ask) -> Answer | Refusal:
    """Put an alert in force."""
    body: asks.IssueAsk = ask.body
    command = await issue_command(ask, body)
    if isinstance(command, Refusal):
        return command
    if body.token is None and not ask.identity.direct:
        return Refusal(
            Rule.TOKEN_MISMATCH, "/token", "Preview the alert first and send the token it gives."
        )
    if body.token is not None and not is_bound(ask.house.preview_key, body.token, body, command):
        return Refusal(
            Rule.TOKEN_MISMATCH, "/token", "This is not what was previewed; preview it again."
        )
    key = request_key(ask)
    if isinstance(key, Refusal):
        return key
    answer = await _submit(ask, command, given_words(body.text), key, status=201)
    if isinstance(answer, Answer):
        return Answer(
            answer.body, 201, {**answer.headers, "Location": f"/api/v1/alerts/{_id(answer)}"}
        )
    return answer


async def update(ask: Ask) -> Answer | Refusal:
    """Change an alert in force."""
    body: asks.UpdateAsk = ask.body
    view = named(ask, body.sender)
    if isinstance(view, Refusal):
        return view
    sender = speaker(ask, body.sender, view.alert.sender)
    if isinstance(sender, Refusal):
        return sender
    world = ask.house.service.world
    area: Area | Refusal | None = None
    if body.area is not None:
        area = await area_of(ask.house.places, body.area)
    if isinstance(area, Refusal):
        return area
    refused = wrong_words(world.languages, body.text)
    if refused is not None:
        return refused
    command = co.UpdateAlert(
        alert_id=view.alert.id, sender=sender, level=body.level, area=area,
        urgency=body.urgency, severity=body.severity, certainty=body.certainty,
        expires=body.expires, by=ask.identity.name,
    )  # fmt: skip
    return await _asked(ask, command, given_words(body.text))


async def extend(ask: Ask) -> Answer | Refusal:
    """Let an alert last longer."""
    body: asks.ExtendAsk = ask.body
    view = named(ask, body.sender)
    if isinstance(view, Refusal):
        return view
    sender = speaker(ask, body.sender, view.alert.sender)
    if isinstance(sender, Refusal):
        return sender
    if body.standing_by is not None:
        refused = name_refusal(body.standing_by, "/standing_by")
        if refused is not None:
            return refused
    command = co.ExtendAlert(
        alert_id=view.alert.id, sender=sender, expires=body.expires,
        standing_by=body.standing_by, by=ask.identity.name,
    )  # fmt: skip
    return await _asked(ask, command)


async def clear(ask: Ask) -> Answer | Refusal:
    """Give the all-clear."""
    body: asks.ClearAsk = ask.body
    view = named(ask, body.sender)
    if isinstance(view, Refusal):
        return view
    sender = speaker(ask, body.sender, view.alert.sender)
    if isinstance(sender, Refusal):
        return sender
    regions = geocodes(ask.house.service.world, body.regions, "/regions")
    if isinstance(regions, Refusal):
        return regions
    others = ticked(ask, body.ticked)
    if isinstance(others, Refusal):
        return others
    command = co.ClearAlert(
        sender=sender, alert_id=view.alert.id, regions=regions, ticked=others,
        reason=body.reason, by=ask.identity.name,
    )  # fmt: skip
    return await _asked(ask, command)


async def cancel(ask: Ask) -> Answer | Refusal:
    """Withdraw an alert that was issued in error."""
    body: asks.CancelAsk = ask.body
    view = named(ask, body.sender)
    if isinstance(view, Refusal):
        return view
    sender = speaker(ask, body.sender, view.alert.sender)
    if isinstance(sender, Refusal):
        return sender
    command = co.CancelAlert(
        sender=sender, alert_id=view.alert.id, reason=body.reason, by=ask.identity.name
    )
    return await _asked(ask, command)


# -- from a request to a command -----------------------------------------------------------------


async def issue_command(ask: Ask, body: asks.IssueAsk) -> co.IssueAlert | Refusal:
    """Return the command that a request to warn asks for; words are written by the service."""
    world = ask.house.service.world
    sender = speaker(ask, body.sender)
    if isinstance(sender, Refusal):
        return sender
    refused = wrong_words(world.languages, body.text)
    if refused is None and body.identifier is not None:
        refused = id_refusal(body.identifier, "/identifier")
    if refused is None and body.standing_by is not None:
        refused = name_refusal(body.standing_by, "/standing_by") or (
            None if body.standing_by.strip() else Refusal(
                Rule.STANDING_NEEDS_PERSON, "/standing_by", "Give the person's name."
            )
        )  # fmt: skip
    if refused is not None:
        return refused
    if body.hazard not in world.hazards:
        return Refusal(Rule.UNKNOWN_HAZARD, "/hazard", "The profile has no such hazard.")
    area = await area_of(ask.house.places, body.area)
    if isinstance(area, Refusal):
        return area
    usual = Status.ACTUAL if body.realm is Realm.LIVE else Status.EXERCISE
    return co.IssueAlert(
        realm=body.realm,
        status=body.status or usual,
        sender=sender,
        hazard=body.hazard,
        area=area,
        level=body.level,
        identifier=body.identifier,
        urgency=body.urgency,
        severity=body.severity,
        certainty=body.certainty,
        onset=body.onset,
        expires=body.expires,
        standing_by=body.standing_by,
        content=content_of(body),
        by=ask.identity.name,
    )


def content_of(body: Struct) -> str:
    """Return the hash by which two requests ask for the same; a token is no part of it."""
    if isinstance(body, asks.IssueAsk):
        body = structs.replace(body, token=None)
    return hashlib.sha256(strict.canonical(body)).hexdigest()


def given_words(text: Mapping[str, asks.WordsAsk]) -> Given:
    """Return an operator's own words as the service takes them."""
    return {
        language: {
            name: said
            for name in ("headline", "description", "instruction")
            if (said := getattr(words, name)) is not None
        }
        for language, words in text.items()
    }


def wrong_words(languages: tuple[str, ...], text: Mapping[str, asks.WordsAsk]) -> Refusal | None:
    """Return why words cannot be used: a language not spoken here, a character that deceives."""
    for language, words in text.items():
        place = f"/text/{strict.escaped(language)}"
        if language not in languages:
            known = ", ".join(languages)
            return Refusal(Rule.BAD_VALUE, place, f"The profile speaks: {known}.")
        for name in ("headline", "description", "instruction"):
            given = getattr(words, name)
            refused = None if given is None else prose_refusal(given, f"{place}/{name}")
            if refused is not None:
                return refused
    return None


def request_key(ask: Ask) -> RequestKey | Refusal | None:
    """Return the client's Idempotency-Key with the hash of what is asked."""
    given = ask.request.headers.getlist("idempotency-key")
    if not given:
        return None
    if len(given) > 1 or _KEY.fullmatch(given[0]) is None:
        return Refusal(
            Rule.BAD_KEY, "/Idempotency-Key", "One key of 1 to 128 visible ASCII characters."
        )
    name = f"{ask.request.method} {ask.request.url.path}\n{content_of(ask.body)}"
    return RequestKey(ask.identity.name, given[0], hashlib.sha256(name.encode()).hexdigest())


# -- the road ------------------------------------------------------------------------------------


async def _asked(ask: Ask, command: co.Command, given: Given | None = None) -> Answer | Refusal:
    key = request_key(ask)
    if isinstance(key, Refusal):
        return key
    return await _submit(ask, command, given, key)


async def _submit(
    ask: Ask,
    command: co.Command,
    given: Given | None,
    key: RequestKey | None,
    *,
    status: int = 200,
) -> Answer | Refusal:
    service = ask.house.service
    outcome = await service.submit(command, given=given, key=key)
    if isinstance(outcome, Refusal):
        return about(outcome)
    if outcome.alert_id is None:
        return Refusal(Rule.UNKNOWN_ALERT, "/id", "No alert of that name is known here.")
    view = service.view(outcome.alert_id, outcome.revision)
    if view is None:
        return Refusal(Rule.UNKNOWN_ALERT, "/id", "No alert of that name is known here.")
    body = shapes.alert_body(service.world, view.alert, service.words(view.alert), view.sequence)
    headers = {"Idempotent-Replay": "true"} if outcome.repeated else {}
    return Answer(body, status, headers)


def _id(answer: Answer) -> str:
    body = answer.body
    return body.id if isinstance(body, shapes.AlertBody) else ""
