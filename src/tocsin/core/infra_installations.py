"""Installations: registered, described anew, erased, reported; and what that does to channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tocsin.core import infra_commands as ic
from tocsin.core import infra_events as ie
from tocsin.core.alert import handle_of
from tocsin.core.audit import OfficersPaged, PageReason
from tocsin.core.coverage import changes, needed_by, without_any
from tocsin.core.events import Event
from tocsin.core.facilities import INSTALLATION_KINDS, Facility, Installation
from tocsin.core.infrastructure import Infrastructure, fold_infra
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World

Answer = tuple[Event, ...] | Refusal


def register(
    world: World, state: State, asked: ic.RegisterInstallation, now: datetime, ids: Sequence[str]
) -> Answer:
    """Enter an installation, or describe it anew."""
    infra, facility = state.infra, asked.facility
    old = infra.installations.get(asked.installation_id or "")
    if asked.installation_id is not None and (old is None or old.erased):
        return unknown(asked.installation_id)
    if old is not None and old.facility == facility:
        return ()
    if (refused := _wrong(world, infra, facility)) is not None:
        return refused
    name = ids[0] if old is None else old.id
    taken = frozenset(each.handle for each in infra.installations.values())
    registered = ie.InstallationRegistered(
        at=now, installation_id=name, content=asked.content, facility=facility, by=asked.by,
        handle=handle_of(name, taken) if old is None else old.handle,
    )  # fmt: skip
    after = fold_infra(infra, registered)
    if name in _all_needed(after, name):
        return Refusal(
            Rule.DEPENDENCY_LOOP, "/needs",
            "It would depend on itself, through what it needs.",
        )  # fmt: skip
    return (registered, *_told(world, infra, after, now))


def erase(world: World, state: State, asked: ic.EraseInstallation, now: datetime) -> Answer:
    """Erase a description, whatever hangs on it: who erases in haste has a reason.

    What people were told of channels stays until something that carries them there is said to work,
    or somebody says so of the channel (``coverage``).
    """
    one = state.infra.installations.get(asked.installation_id)
    if one is None:
        return unknown(asked.installation_id)
    if not asked.reason.strip():
        return Refusal(Rule.REASON_MISSING, "/reason", "Say in a few words why it is erased.")
    if one.erased:
        return ()
    erased = ie.InstallationErased(
        at=now, installation_id=one.id, contents=one.contents, reason=asked.reason, by=asked.by
    )
    return (erased, *_told(world, state.infra, fold_infra(state.infra, erased), now))


def report(world: World, state: State, asked: ic.ReportCondition, now: datetime) -> Answer:
    """Record in what condition an installation is said to be."""
    infra = state.infra
    one = infra.installations.get(asked.installation_id)
    if one is None or one.erased:
        return unknown(asked.installation_id)
    if (refused := sourceless(asked.source)) is not None:
        return refused
    as_of = asked.as_of or now
    if as_of > now:
        return Refusal(Rule.TIME_IN_FUTURE, "/as_of", "Nobody has seen that yet.")
    if asked.incident_id is not None and asked.incident_id not in state.ledger.incidents:
        return Refusal(
            Rule.UNKNOWN_INCIDENT, "/incident", f"No incident {asked.incident_id!r} is known here."
        )
    said = ie.ConditionReported(
        at=now, installation_id=one.id, condition=asked.condition, as_of=as_of,
        source=asked.source, struck=asked.struck, incident_id=asked.incident_id, by=asked.by,
    )  # fmt: skip
    after = fold_infra(infra, said)
    if _is_same(one, said, after.installations[one.id]):
        return ()
    return (said, *_told(world, infra, after, now))


def set_channel(world: World, state: State, asked: ic.SetChannel, now: datetime) -> Answer:
    """Record a person's word on a channel in some regions."""
    if asked.channel not in world.channels:
        return Refusal(
            Rule.UNKNOWN_CHANNEL, "/channel",
            f"The profile names no channel {asked.channel!r}; it names "
            f"{', '.join(world.channels)}.",
        )  # fmt: skip
    if not asked.regions:
        return Refusal(Rule.EMPTY_AREA, "/regions", "Name at least one region.")
    for number, code in enumerate(asked.regions):
        if code not in world.tree:
            return Refusal(
                Rule.UNKNOWN_REGION, f"/regions/{number}", f"The profile has no region {code!r}."
            )
    if (refused := sourceless(asked.source)) is not None:
        return refused
    as_of = asked.as_of or now
    if as_of > now:
        return Refusal(Rule.TIME_IN_FUTURE, "/as_of", "Nobody has seen that yet.")
    said = ie.ChannelSet(
        at=now, channel=asked.channel,
        regions=world.tree.fewest(world.tree.mask(asked.regions)),
        condition=asked.condition, as_of=as_of, source=asked.source, by=asked.by,
    )  # fmt: skip
    infra = state.infra
    after = fold_infra(infra, said)
    if asked.condition is None and after.settings == infra.settings:
        return ()  # nobody's word is taken back by it
    return (said, *_told(world, infra, after, now))


def unknown(installation_id: str) -> Refusal:
    """Return that no such installation is in the register."""
    return Refusal(
        Rule.UNKNOWN_INSTALLATION, "/id",
        f"No installation {installation_id!r} is in the register, or it was erased.",
    )  # fmt: skip


def sourceless(source: str) -> Refusal | None:
    """Refuse what nobody says."""
    if source.strip():
        return None
    return Refusal(Rule.SOURCE_MISSING, "/source", "Say who says so.")


def _wrong(world: World, infra: Infrastructure, facility: Facility) -> Refusal | None:
    if facility.kind not in INSTALLATION_KINDS:
        return Refusal(
            Rule.BAD_VALUE, "/kind",
            f"An installation is one of {', '.join(INSTALLATION_KINDS)}.",
        )  # fmt: skip
    if not facility.name.strip():
        return Refusal(Rule.MISSING_MEMBER, "/name", "Give it the name that its staff use.")
    if not facility.where.geocode:
        return Refusal(Rule.PLACE_MISSING, "/where/geocode", "Name the region it lies in.")
    if facility.where.geocode not in world.tree:
        return Refusal(
            Rule.UNKNOWN_REGION, "/where/geocode",
            f"The profile has no region {facility.where.geocode!r}.",
        )  # fmt: skip
    for number, need in enumerate(facility.needs):
        other = infra.installations.get(need.on)
        if other is None or other.erased:
            return replace(unknown(need.on), field=f"/needs/{number}/on")
    for number, serves in enumerate(facility.serves):
        if serves.channel not in world.channels:
            return Refusal(
                Rule.UNKNOWN_CHANNEL, f"/serves/{number}/channel",
                f"The profile names no channel {serves.channel!r}.",
            )  # fmt: skip
        if not serves.regions:
            return Refusal(
                Rule.EMPTY_AREA, f"/serves/{number}/regions", "Name at least one region."
            )
        for place, code in enumerate(serves.regions):
            if code not in world.tree:
                return Refusal(
                    Rule.UNKNOWN_REGION, f"/serves/{number}/regions/{place}",
                    f"The profile has no region {code!r}.",
                )  # fmt: skip
    return None


def _all_needed(infra: Infrastructure, name: str) -> set[str]:
    """Return all that an installation needs, itself among it where it needs itself."""
    one = infra.installations[name]
    direct = {need.on for need in one.facility.needs} if one.facility is not None else set()
    found = set(direct)
    for each in direct:
        found.update(needed_by(infra.installations, each))
    return found


def _is_same(one: Installation, said: ie.ConditionReported, after: Installation) -> bool:
    """Say whether nothing is said that is not known: no other word, strike or incident."""
    return (
        (one.condition, one.as_of, one.source) == (said.condition, said.as_of, said.source)
        and one.struck == after.struck
        and one.incident_ids == after.incident_ids
    )


def _told(
    world: World, before: Infrastructure, after: Infrastructure, now: datetime
) -> tuple[Event, ...]:
    """Return what people and officers are told of a change: channels, regions left without one."""
    told: tuple[Event, ...] = tuple(changes(world, before, after, now))
    if without_any(world, after) & ~without_any(world, before):
        told += (OfficersPaged(at=now, why=PageReason.CHANNELS_LOST),)
    return told
