"""What handlers for officers find in the house: the desk's hub, the registry, who somebody is."""

from __future__ import annotations

from datetime import timedelta

from tocsin.core.refusals import Refusal, Rule
from tocsin.core.threats import ACCOUNT as FEED
from tocsin.fanout.desk import DeskHub
from tocsin.formats.officers import NameOf
from tocsin.service.registry import Registry
from tocsin.web.endpoint import Ask, House

CONFIRMED_FOR = timedelta(minutes=2)
"""How long a second factor counts for an approval."""
NO_DESK = Refusal(Rule.NOT_ACCEPTED, "", "This house has no desk; it serves the public only.")


def desk_hub_of(house: House) -> DeskHub | None:
    """Return the desk's hub; None in a house without officers."""
    found: DeskHub | None = house.shared.get("desk_hub")
    return found


def registry_of(house: House) -> Registry | None:
    """Return the registry of accounts; None in a house without officers."""
    return house.officers.registry if house.officers is not None else None


def names(house: House) -> NameOf:
    """Return how an account's name is found; without a registry nobody has one."""
    registry = registry_of(house)
    known: dict[str, str] = {}

    def name_of(account: str) -> str:
        if registry is None or not account:
            return ""
        if account not in known:
            known[account] = _name(registry, account)
        return known[account]

    return name_of


def _name(registry: Registry, account: str) -> str:
    """Return the name of a person, of a machine's owner, or of the feed that a key is for."""
    if account.startswith(FEED):
        key = registry.feed_key(account.removeprefix(FEED))
        return key.name if key is not None else ""
    found = registry.account(account)
    return found.name if found is not None else ""


def own_sender(ask: Ask) -> str:
    """Return the authority that whoever asks belongs to; the house's own for the first token."""
    warrant = ask.identity.warrant
    return ask.house.service.world.authority if warrant is None else warrant.scope.sender


def is_confirmed(ask: Ask) -> bool:
    """Say whether the officer has proved himself by a second factor in the last two minutes."""
    registry, session = registry_of(ask.house), ask.identity.session
    if registry is None or not session:
        return False
    now = ask.house.service.clock.now()
    return any(
        each.id == session and now - each.confirmed_at <= CONFIRMED_FOR
        for each in registry.sessions(ask.identity.name)
    )
