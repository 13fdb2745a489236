"""What a country runs on, as it stands, and how an event changes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from tocsin.core import infra_events as ie
from tocsin.core.facilities import (
    Installation,
    Outage,
    OutageWord,
    Posture,
    Setting,
    Share,
    Word,
)

WORDS_KEPT = 50
POSTURES_KEPT = 500
SHARES_KEPT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Infrastructure:
    """All of it. Mappings are treated as frozen."""

    installations: Mapping[str, Installation] = field(default_factory=dict)
    settings: tuple[Setting, ...] = ()
    """What persons said of channels, the oldest observation first; the later counts where two meet.
    """
    may_not: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Channel -> the regions in which people were told that it may not carry warnings."""
    outages: Mapping[str, Outage] = field(default_factory=dict)
    postures: tuple[Posture, ...] = ()
    """What was ordered, oldest first."""


def installation_named(kept: Infrastructure, name: str) -> Installation | None:
    """Return the installation that an id or a handle names."""
    if (found := kept.installations.get(name)) is not None:
        return found
    handle = name.upper()
    return next((each for each in kept.installations.values() if each.handle == handle), None)


def fold_infra(kept: Infrastructure, event: ie.InfraEvent) -> Infrastructure:
    """Return what stands after ``event``; ``kept`` itself is not changed."""
    match event:
        case ie.InstallationRegistered():
            return _installation(kept, _registered(kept, event))
        case ie.InstallationErased() | ie.ConditionReported():
            old = kept.installations.get(event.installation_id)
            if old is None:
                return kept
            if isinstance(event, ie.ConditionReported):
                return _installation(kept, _reported(old, event))
            return _installation(kept, replace(old, facility=None, erased=True))
        case ie.ChannelSet():
            return replace(kept, settings=_settings(kept, event))
        case ie.ChannelsChanged():
            return replace(kept, may_not={**kept.may_not, event.channel: event.may_not})
        case ie.OutageReported():
            return replace(kept, outages={**kept.outages, event.outage_id: _outage(kept, event)})
        case ie.OutageTraced():
            outage = kept.outages.get(event.outage_id)
            if outage is None:
                return kept
            traced = replace(
                outage, installations=event.installations, incident_id=event.incident_id
            )
            return replace(kept, outages={**kept.outages, traced.id: traced})
        case ie.PostureSet():
            return replace(kept, postures=_kept_postures((*kept.postures, _posture(event))))
        case _:
            assert_never(event)


def _installation(kept: Infrastructure, one: Installation) -> Infrastructure:
    return replace(kept, installations={**kept.installations, one.id: one})


def _registered(kept: Infrastructure, event: ie.InstallationRegistered) -> Installation:
    old = kept.installations.get(event.installation_id)
    if old is None:
        return Installation(
            id=event.installation_id, handle=event.handle, content=event.content,
            facility=event.facility, registered_at=event.at, contents=(event.content,),
        )  # fmt: skip
    return replace(
        old, content=event.content, facility=event.facility,
        contents=(*old.contents, event.content), erased=False,
    )  # fmt: skip


def _reported(old: Installation, event: ie.ConditionReported) -> Installation:
    """Return an installation after a word on it.

    Words come out of order: one that was observed earlier than what is known is kept, and changes
    nothing of the condition, or a late "working" would hide that it has fallen since.
    """
    word = Word(at=event.at, condition=event.condition, as_of=event.as_of, source=event.source,
                struck=event.struck, by=event.by, incident_id=event.incident_id)  # fmt: skip
    new = replace(old, words=(*old.words, word)[-WORDS_KEPT:])
    if old.as_of is None or event.as_of >= old.as_of:
        new = replace(new, condition=event.condition, as_of=event.as_of, source=event.source)
    if event.struck and not _is_known_strike(old.words, event):
        last = max(event.as_of, old.struck_at or event.as_of)
        new = replace(new, struck=old.struck + 1, struck_at=last)
    if event.incident_id is not None and event.incident_id not in new.incident_ids:
        new = replace(new, incident_ids=(*new.incident_ids, event.incident_id))
    return new


def _is_known_strike(words: Sequence[Word], event: ie.ConditionReported) -> bool:
    """Say whether it is one that was counted: of the same moment, or of the same incident."""
    return any(
        word.struck
        and (
            word.as_of == event.as_of
            or (event.incident_id is not None and word.incident_id == event.incident_id)
        )
        for word in words
    )


def _settings(kept: Infrastructure, event: ie.ChannelSet) -> tuple[Setting, ...]:
    """Return what persons said, by when they observed it, without what no leaf goes by any more."""
    said = Setting(channel=event.channel, regions=event.regions, condition=event.condition,
                   as_of=event.as_of, source=event.source, at=event.at, by=event.by)  # fmt: skip
    words = sorted((*kept.settings, said), key=lambda each: each.as_of)  # of equals, the later last
    found: list[Setting] = []
    for number, each in enumerate(words):
        after = (other for other in words[number + 1 :] if other.channel == each.channel)
        if any(set(each.regions) <= set(other.regions) for other in after):
            continue
        if each.condition is None and all(other.channel != each.channel for other in found):
            continue  # it takes nothing back
        found.append(each)
    return tuple(found)


def _outage(kept: Infrastructure, event: ie.OutageReported) -> Outage:
    old = kept.outages.get(event.outage_id)
    return Outage(
        id=event.outage_id, handle=event.handle, service=event.service, regions=event.regions,
        began=event.began, source=event.source, at=event.at if old is None else old.at,
        settlements=event.settlements, figure=event.figure, expected_end=event.expected_end,
        restored_share=event.restored_share, shares=_shares(old, event), ended_at=event.ended_at,
        told=event.told, public_id=event.public_id,
        installations=() if old is None else old.installations,
        incident_id=None if old is None else old.incident_id,
        words=(*(old.words if old is not None else ()), _outage_word(event))[-WORDS_KEPT:],
        changed_at=None if old is None else event.at,
        revision=1 if old is None or not old.told else old.revision + 1, by=event.by,
    )  # fmt: skip


def _outage_word(event: ie.OutageReported) -> OutageWord:
    return OutageWord(
        at=event.at, service=event.service, regions=event.regions, settlements=event.settlements,
        figure=event.figure, began=event.began, expected_end=event.expected_end,
        restored_share=event.restored_share, ended_at=event.ended_at, source=event.source,
        told=event.told, by=event.by,
    )  # fmt: skip


def _shares(old: Outage | None, event: ie.OutageReported) -> tuple[Share, ...]:
    """Return how much was said to be back; that it is over is no share, and may turn out wrong."""
    known = old.shares if old is not None else ()
    is_same = bool(known) and known[-1].restored == event.restored_share
    if not event.told or event.ended_at is not None or is_same:
        return known
    said = Share(at=event.at, restored=event.restored_share)
    return (*known, said) if len(known) < SHARES_KEPT else (*known[:-1], said)


def _kept_postures(postures: tuple[Posture, ...]) -> tuple[Posture, ...]:
    """Return the last orders: of those beyond that, the one that a later one replaced goes."""
    if len(postures) <= POSTURES_KEPT:
        return postures
    last = {each.of: each.id for each in postures}
    out = next((each.id for each in postures if last[each.of] != each.id), postures[0].id)
    return tuple(each for each in postures if each.id != out)


def _posture(event: ie.PostureSet) -> Posture:
    return Posture(
        id=event.posture_id, at=event.at, level=event.level, reason=event.reason,
        ordered_by=event.ordered_by, for_whom=event.for_whom,
        installation_id=event.installation_id, kind=event.kind, regions=event.regions,
        until=event.until, by=event.by,
    )  # fmt: skip
