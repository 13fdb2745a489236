"""In whose name a request speaks, and which alert it means.

An officer or a machine speaks for the sender of its scope and for no other. The first token
is the house itself: it speaks for the house's authority, or for any sender that the profile
knows. The address says which room is meant: from the live one no drill is found to be
changed, nor the other way round (RELIABILITY P20).
"""

from __future__ import annotations

from tocsin.checks.text import id_refusal
from tocsin.core.alert import Alert, Realm
from tocsin.core.refusals import Refusal, Rule
from tocsin.service.record import AlertView
from tocsin.web.endpoint import Ask

ROOMS = {Realm.LIVE: "/api/v1", Realm.DRILL: "/api/v1/drill"}
"""Where each room's lines stand."""


def speaker(ask: Ask, asked: str | None, owner: str | None = None) -> str | Refusal:
    """Return the sender in whose name this is asked.

    Nothing asked: the credential's own. For the first token that is the house's authority, or the
    alert's own sender where that authority cannot end it.
    """
    world, warrant = ask.house.service.world, ask.identity.warrant
    if warrant is not None:
        mine = warrant.scope.sender
        if mine and asked in (None, mine):
            return mine
        return Refusal(
            Rule.NOT_ALLOWED, "/sender", f"This credential speaks for {mine or 'nobody'} only."
        )
    if asked is None:
        under = ask.house.service.state.under
        if owner is None or world.may_end(world.authority, owner, under):
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


def in_this_room(ask: Ask, realm: Realm, handle: str) -> Refusal | None:
    """Refuse what stands in the other room; the help says where."""
    if realm is ask.realm:
        return None
    what = "a drill" if realm is Realm.DRILL else "real, not a drill"
    return Refusal(Rule.OTHER_REALM, "/id", f"{handle} is {what}; it is under {ROOMS[realm]}.")


def meant(ask: Ask, sender: str | None) -> tuple[Alert, str] | Refusal:
    """Return the alert of this room that is to be changed, and in whose name that is asked."""
    warrant = ask.identity.warrant
    view = named(ask, sender or (warrant.scope.sender if warrant is not None else None))
    if isinstance(view, Refusal):
        return view
    refused = in_this_room(ask, view.alert.realm, view.alert.handle)
    if refused is not None:
        return refused
    who = speaker(ask, sender, view.alert.sender)
    return who if isinstance(who, Refusal) else (view.alert, who)


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
