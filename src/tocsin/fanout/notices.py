"""What a public event besides an alert's says on a stream: one notice each, by kind.

What is read is how the thing stands now: whoever comes back late hears the newest. A notice is for
the leaves that it is about, whatever hazards a stream asked for.

Source: formats/api-v1.md, "Stream".
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct

from tocsin.core import events as ev
from tocsin.core import infra_events as ie
from tocsin.core import ledger_events as le
from tocsin.core import notice_events as ne
from tocsin.core.area import Leaves
from tocsin.fanout import frames
from tocsin.formats import api as shapes
from tocsin.formats import told
from tocsin.service.submit import Service


@dataclass(frozen=True, slots=True)
class Told:
    """A notice: the name under which a later one replaces it, where it concerns, what it says."""

    name: str
    leaves: Leaves
    body: Struct


def is_notice(event: ev.Event) -> bool:
    """Say whether people are told of an event by a notice."""
    if isinstance(event, ie.OutageReported):
        return event.told
    return isinstance(event, le.GuidanceEvent | ne.NoticeEvent | ie.ChannelsChanged)


def notice_of(service: Service, event: ev.Event, language: str | None) -> Told | None:
    """Return what people are told of an event, in one language or all; None where it is gone."""
    tree = service.world.tree
    match event:
        case le.GuidanceGiven() | le.GuidanceEnded():
            held = service.ledger.guidance.get(event.guidance_id)
            if held is None:
                return None
            body = shapes.guidance_body(
                held, service.text(held.words), language=language,
                ended_at=event.at if isinstance(event, le.GuidanceEnded) else None,
            )  # fmt: skip
            notice = frames.GuidanceNotice(guidance=body)
            return Told(held.id, tree.extent(held.area).touched, notice)
        case ie.ChannelsChanged():
            channel = service.world.channels.get(event.channel)
            if channel is None:
                return None
            told_of = told.channel_body(channel, event.may_not, tree.root, language)
            return Told(  # where it carries again concerns whoever heard that it did not
                f"channel {channel.id}", tree.mask(told_of.regions),
                frames.ChannelNotice(at=event.at, channel=told_of),
            )  # fmt: skip
        case ie.OutageReported():
            outage = service.state.infra.outages.get(event.outage_id)
            if outage is None or not outage.told:
                return None
            said = told.outage_body(service.world.publication, outage)
            return Told(said.id, tree.mask(outage.regions), frames.OutageNotice(outage=said))
        case ne.WatchKept() | ne.WatchEnded():
            watch = service.state.notices.watches.get(event.watch_id)
            if watch is None:
                return None
            seen = told.watch_body(watch, service.text(watch.words), language)
            return Told(watch.id, tree.mask(watch.regions), frames.WatchNotice(watch=seen))
        case ne.CounterfeitTold() | ne.CounterfeitEnded():
            false = service.state.notices.counterfeits.get(event.notice_id)
            if false is None:
                return None
            lie = told.counterfeit_body(false, service.text(false.words), language)
            return Told(
                false.id, tree.extent(false.area).touched,
                frames.CounterfeitNotice(counterfeit=lie),
            )  # fmt: skip
        case _:
            return None
