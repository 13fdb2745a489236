"""In whose name a request speaks, and which alert it means.

Until there are accounts, the first token speaks for the house's authority, or for any
sender that the profile knows.
"""

from __future__ import annotations

from tocsin.checks.text import id_refusal
from tocsin.core.alert import Alert
from tocsin.core.refusals import Refusal, Rule
from tocsin.service.record import AlertView
from tocsin.web.endpoint import Ask


def speaker(ask: Ask, asked: str | None, owner: str | None = None) -> str | Refusal:
    """Return the sender in whose name this is asked.

    Nothing asked: the house's authority; for an alert that it cannot end, the alert's own sender.
    """
    world = ask.house.service.world
    if asked is None:
        if owner is None or world.may_end(world.authority, owner):
            return world.authority
        return owner
    if (refused := id_refusal(asked, "/sender")) is not None:
        return refused
    if asked == world.authority or asked in world.senders:
        return asked
    return Refusal(
        Rule.NOT_ALLOWED, "/sender", "This credential speaks for the senders of the profile only."
    )


def named(ask: Ask, sender: str | None = None) -> AlertView | Refusal:
    """Return the alert that the path names: by id, handle, or the sender's identifier."""
    name = ask.path["id"]
    service = ask.house.service
    found = service.resolve(name, sender)
    view = service.view(found) if found is not None else None
    if view is None:
        return Refusal(Rule.UNKNOWN_ALERT, "/id", "No alert of that name is known here.")
    return view


def about(refusal: Refusal) -> Refusal:
    """Return a refusal of the rules with its field as this API names it."""
    if refusal.field == "/alert_id":
        return Refusal(refusal.rule, "/id", refusal.help)
    return refusal


def ticked(ask: Ask, names: list[str]) -> tuple[str, ...] | Refusal:
    """Return the ids of the alerts that are ticked by id or handle."""
    found: list[str] = []
    for number, name in enumerate(names):
        alert_id = ask.house.service.resolve(name)
        if alert_id is None:
            return Refusal(
                Rule.UNKNOWN_ALERT, f"/ticked/{number}", "No alert of that name is known here."
            )
        found.append(alert_id)
    return tuple(found)


def is_desk_only(alert: Alert) -> bool:
    """Say whether an alert is nowhere public: Test, System and Draft are not."""
    return alert.audience.value == "desk"
