"""Who is called to what: alerts that one person gave, and what nobody answered.

A call stays on the desk until the officer says that it was seen. Who gave an alert alone, and
why, is read once for each revision of it from the journal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tocsin.core import events as ev
from tocsin.core.alert import Alert, Audience, Realm
from tocsin.core.alerts import BROKEN_OFF
from tocsin.core.area import Leaves
from tocsin.core.authority import Warrant
from tocsin.core.state import State
from tocsin.service.records import Records
from tocsin.service.submit import Service
from tocsin.web.api.staff import desk_hub_of
from tocsin.web.endpoint import House

LOUD = ("override", "single-person", "rate")
"""Somebody else warned, and it is told to be looked at: also where nothing waits any more."""
WAITS = ("unanswered", "extended", "ran-out")
"""Nobody has acted on it: told until somebody does."""
NEWS = ("posture", "withdrawn", "counterfeit")
"""What officers must know, and nobody answers. A draft waits in the rail itself, and a region that
is left without a channel is a bar across the page."""
KEPT = 5_000
LOOK_BACK = 200
"""So many deltas of the drill room are looked through for the drill that was broken off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A call as the rail shows it. ``loud``: it is spoken at once."""

    id: int
    why: str
    by: Mapping[str, Any]
    at: str
    alert: Alert | None
    proposal: str | None
    handle: str
    loud: bool
    reason: str = ""


def calls(
    told: Iterable[Mapping[str, Any]],
    state: State,
    warrant: Warrant | None,
    reasons: Mapping[str, str],
    mine: Leaves,
    touched: Any,
) -> tuple[Called, ...]:
    """Return the calls that are meant for somebody, as ``GET /api/v1/desk`` tells them.

    ``touched`` says which leaves an alert covers: one that is not under one's own territory, and
    is no override, calls nobody here.
    """
    me = warrant.account if warrant is not None else ""
    role = warrant.scope.role.value if warrant is not None else ""
    found = []
    for call in told:
        why = call["why"]
        if why not in (*LOUD, *WAITS, *NEWS) or (
            me and why in LOUD and call["by"]["account"] == me
        ):
            continue
        if role and call["roles"] and role not in call["roles"]:
            continue
        alert = state.alert(call["alert"]) if call["alert"] else None
        if why in WAITS and call["answered_at"]:
            continue
        if why == "single-person" and (alert is None or not alert.is_in_force):
            continue
        if why != "override" and alert is not None and not touched(alert) & mine:
            continue
        found.append(
            Called(
                id=call["seq"], why=why, by=call["by"], at=call["at"], alert=alert,
                proposal=call["proposal"], handle=call["handle"],
                loud=why in ("override", "single-person", "withdrawn"),
                reason=reasons.get(call["alert"] or "", "") if why == "override" else "",
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each.why != "override", -each.id)))


async def overrides(house: House, alerts: Iterable[Alert]) -> dict[str, str]:
    """Return why each of these alerts was given alone, of those that were."""
    hub = desk_hub_of(house)
    if hub is None:
        return {}
    known: dict[tuple[str, int], str] = house.shared.setdefault("console-overrides", {})
    if len(known) > KEPT:
        known.clear()
    wanted = {(each.id, each.revision) for each in alerts}
    if missing := [each for each in wanted if each not in known]:
        known.update(await asyncio.to_thread(_read, hub.records, missing))
    return {each[0]: known[each] for each in wanted if known.get(each)}


def _read(records: Records, wanted: list[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Return the last reason of each; empty where two people decided. Blocking."""
    return {
        each: next(
            (
                event.override
                for _, event in reversed(list(records.of(each[0])))
                if isinstance(event, ev.AlertIssued | ev.AlertUpdated) and event.override
            ),
            "",
        )
        for each in wanted
    }


def broken_off(service: Service, real: Alert, account: str) -> str:
    """Return the handle of the drill that this real alert ended; one's own, where it is one."""
    head = service.head(Audience.DRILL)
    rows = service.recent(Audience.DRILL, max(0, head - LOOK_BACK)) or []
    ended = [
        row.alert for row in rows
        if isinstance(row.event, ev.AlertCancelled) and row.event.reason == BROKEN_OFF
        and row.alert is not None and row.alert.realm is Realm.DRILL
        and row.event.at >= real.sent
    ]  # fmt: skip
    own = [each for each in ended if each.issued_by == account]
    chosen = own or ended
    return chosen[-1].handle if chosen else ""
