"""Issue, update, extend, keep, clear, cancel: a request becomes a command and goes the one road.

Every write may carry an ``Idempotency-Key``: the same key and body returns the first answer,
the same key with another body is refused (RELIABILITY P3). A 2xx means: synced to disk.
A 202 is a proposal: nothing sounds until a second person has approved it (P18).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from msgspec import Struct, structs, to_builtins

from tocsin.checks import json as strict
from tocsin.checks.text import id_refusal, name_refusal, prose_refusal
from tocsin.core import commands as co
from tocsin.core.alert import Alert, Realm, Status
from tocsin.core.area import Area
from tocsin.core.evacuation import FIELDS, Evacuation
from tocsin.core.refusals import Refusal, Rule
from tocsin.service.road import Given, RequestKey
from tocsin.web.api import asks
from tocsin.web.api.answers import answered
from tocsin.web.api.area import area_of, geocodes
from tocsin.web.api.speaker import ROOMS, about, meant, speaker, ticked
from tocsin.web.api.token import is_bound
from tocsin.web.endpoint import Answer, Ask

_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_CHANNEL = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
NOBODY = asks.SecondAsk()
ADDED = frozenset(("draft", "evacuation", "about", "until"))


async def issue(ask: Ask) -> Answer | Refusal:
    """Put an alert in force, or propose it where policy wants two people."""
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
    return await submitted(ask, command, given_words(body.text), status=201)


async def update(ask: Ask) -> Answer | Refusal:
    """Change an alert in force, or propose the change."""
    found = await update_command(ask, ask.body)
    if isinstance(found, Refusal):
        return found
    return await submitted(ask, found[1], given_words(ask.body.text))


async def update_command(ask: Ask, body: asks.UpdateAsk) -> tuple[Alert, co.UpdateAlert] | Refusal:
    """Return the alert and the command that a request to change it asks for."""
    found = meant(ask, body.sender)
    if isinstance(found, Refusal):
        return found
    alert, sender = found
    area: Area | Refusal | None = None
    if body.area is not None:
        area = await area_of(ask.house.places, body.area)
    if isinstance(area, Refusal):
        return area
    second = body.second or NOBODY
    languages = ask.house.service.world.languages
    refused = (
        wrong_words(languages, body.text)
        or _wrong_plan(languages, body.evacuation)
        or _unsaid(
            ("/override", body.override), ("/second/because", second.because),
            ("/reason", body.reason),
        )
    )  # fmt: skip
    if refused is not None:
        return refused
    return alert, co.UpdateAlert(
        alert_id=alert.id, sender=sender, level=body.level, area=area,
        urgency=body.urgency, severity=body.severity, certainty=body.certainty,
        expires=body.expires, by=ask.identity.name, reason=body.reason,
        ask_second=second.ask, proposed_because=second.because, override=body.override,
        evacuation=_plan(body.evacuation),
    )  # fmt: skip


async def extend(ask: Ask) -> Answer | Refusal:
    """Let an alert last longer."""
    body: asks.ExtendAsk = ask.body
    found = meant(ask, body.sender)
    if isinstance(found, Refusal):
        return found
    if body.standing_by is not None:
        refused = name_refusal(body.standing_by, "/standing_by")
        if refused is not None:
            return refused
    command = co.ExtendAlert(
        alert_id=found[0].id, sender=found[1], expires=body.expires,
        standing_by=body.standing_by, by=ask.identity.name,
    )  # fmt: skip
    return await submitted(ask, command)


async def keep(ask: Ask) -> Answer | Refusal:
    """Answer "Still valid?" with yes."""
    body: asks.KeepAsk = ask.body
    found = meant(ask, body.sender)
    if isinstance(found, Refusal):
        return found
    command = co.KeepAlert(alert_id=found[0].id, sender=found[1], by=ask.identity.name)
    return await submitted(ask, command)


async def clear(ask: Ask) -> Answer | Refusal:
    """Give the all-clear."""
    body: asks.ClearAsk = ask.body
    found = meant(ask, body.sender)
    if isinstance(found, Refusal):
        return found
    regions = geocodes(ask.house.service.world, body.regions, "/regions")
    if isinstance(regions, Refusal):
        return regions
    others = ticked(ask, body.ticked)
    if isinstance(others, Refusal):
        return others
    command = co.ClearAlert(
        sender=found[1], alert_id=found[0].id, regions=regions, ticked=others,
        reason=body.reason, by=ask.identity.name,
    )  # fmt: skip
    return await submitted(ask, command)


async def cancel(ask: Ask) -> Answer | Refusal:
    """Withdraw an alert that was issued in error."""
    body: asks.CancelAsk = ask.body
    found = meant(ask, body.sender)
    if isinstance(found, Refusal):
        return found
    command = co.CancelAlert(
        sender=found[1], alert_id=found[0].id, reason=body.reason, by=ask.identity.name
    )
    return await submitted(ask, command)


# -- from a request to a command -----------------------------------------------------------------


async def issue_command(ask: Ask, body: asks.IssueAsk) -> co.IssueAlert | Refusal:
    """Return the command that a request to warn asks for; words are written by the service."""
    world = ask.house.service.world
    if body.realm not in (None, ask.realm):
        return Refusal(
            Rule.REALM_MISMATCH, "/realm",
            f"The address is the room: {body.realm} alerts are given under {ROOMS[body.realm]}.",
        )  # fmt: skip
    sender = speaker(ask, body.sender)
    if isinstance(sender, Refusal):
        return sender
    second = body.second or NOBODY
    refused = (
        wrong_words(world.languages, body.text)
        or _wrong_plan(world.languages, body.evacuation)
        or _unsaid(("/override", body.override), ("/second/because", second.because))
        or _wrong_channels(body.channels)
        or (id_refusal(body.identifier, "/identifier") if body.identifier is not None else None)
    )
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
    usual = Status.ACTUAL if ask.realm is Realm.LIVE else Status.EXERCISE
    return co.IssueAlert(
        realm=ask.realm,
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
        hold=body.hold,
        channels=tuple(dict.fromkeys(body.channels)),
        ask_second=second.ask,
        proposed_because=second.because,
        override=body.override,
        draft_id=body.draft,
        evacuation=_plan(body.evacuation),
    )


def _plan(body: asks.EvacuationAsk | None) -> Evacuation | None:
    """Return a plan as the service takes it."""
    if body is None:
        return None
    return Evacuation(
        deadline=body.deadline, destination=body.destination, routes=body.routes,
        transport=body.transport, assembly=body.assembly, help=body.help,
        assembly_public=body.assembly_public,
    )  # fmt: skip


def content_of(body: Struct) -> str:
    """Return the hash by which two requests ask for the same.

    A token is no part of it, nor the realm, which the address says already, nor what was added
    later and is left out: what was asked before stays the same request.
    """
    if isinstance(body, asks.IssueAsk):
        body = structs.replace(body, token=None, realm=None)
    plain: dict[str, object] = to_builtins(body)
    said = {name: each for name, each in plain.items() if each is not None or name not in ADDED}
    return hashlib.sha256(strict.canonical(said)).hexdigest()


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


def _wrong_plan(languages: tuple[str, ...], body: asks.EvacuationAsk | None) -> Refusal | None:
    """Return why a plan's sentences cannot be used; what is missing is the core's to say."""
    plan = _plan(body) or Evacuation()
    for name in FIELDS:
        for language, said in plan.said(name).items():
            place = f"/evacuation/{name}/{strict.escaped(language)}"
            if language not in languages:
                known = ", ".join(languages)
                return Refusal(Rule.BAD_VALUE, place, f"The profile speaks: {known}.")
            if (refused := prose_refusal(said, place)) is not None:
                return refused
    return None


def _unsaid(*said: tuple[str, str | None]) -> Refusal | None:
    """Return why one of these sentences cannot be shown to people."""
    for field, text in said:
        refused = None if text is None else prose_refusal(text, field)
        if refused is not None:
            return refused
    return None


def _wrong_channels(channels: list[str]) -> Refusal | None:
    for number, channel in enumerate(channels):
        if _CHANNEL.fullmatch(channel) is None:
            return Refusal(
                Rule.BAD_VALUE, f"/channels/{number}", "A channel is named in kebab-case."
            )
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


async def submitted(
    ask: Ask, command: co.Command, given: Given | None = None, *, status: int = 200
) -> Answer | Refusal:
    """Ask the service with the right of whoever asks; answer what it came to."""
    key = request_key(ask)
    if isinstance(key, Refusal):
        return key
    outcome = await ask.house.service.submit(
        command, given=given, key=key, warrant=ask.identity.warrant
    )
    if isinstance(outcome, Refusal):
        return about(outcome)
    return answered(ask.house, outcome, status, identity=ask.identity)
