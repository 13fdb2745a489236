"""Whose alert it is, and whether it is in force: what every change of one asks first."""

from __future__ import annotations

from tocsin.core.alert import Alert
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World


def unknown(name: str | None) -> Refusal:
    """Return the refusal of an alert that nobody knows."""
    return Refusal(Rule.UNKNOWN_ALERT, "/alert_id", f"No alert {name!r} is known here.")


def not_yours(world: World, state: State, alert: Alert, sender: str) -> Refusal | None:
    """Refuse an alert that its sender holds, that a superior gave, or that is a stranger's."""
    if alert.hold and alert.sender != sender:
        return Refusal(
            Rule.HELD, "/alert_id", f"{alert.sender} holds {alert.handle}; only it may end it."
        )
    if world.may_end(sender, alert.sender, state.under):
        return None
    if world.is_superior(alert.sender, sender, state.under):
        return Refusal(
            Rule.SUPERIOR_ALERT, "/alert_id",
            f"{alert.handle} is an alert of {alert.sender}, which stands above {sender}; ask it to "
            "end it, or to delegate the part to you.",
        )  # fmt: skip
    return Refusal(Rule.NOT_YOURS, "/alert_id", f"{alert.handle} is an alert of {alert.sender}.")


def not_in_force(
    world: World, state: State, alert: Alert | None, name: str, sender: str
) -> Refusal | None:
    """Refuse an alert that is not known, is over, or is not this sender's."""
    if alert is None:
        return unknown(name)
    if not alert.is_in_force:
        return Refusal(
            Rule.NOT_IN_FORCE, "/alert_id",
            f"{alert.handle} is {alert.state}; a new danger is a new alert.",
        )  # fmt: skip
    return not_yours(world, state, alert, sender)
