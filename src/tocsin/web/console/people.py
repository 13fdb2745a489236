"""Accounts, machine keys, and the watch floor: who may do what, and who is here to do it."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from tocsin.checks.identity import Permission
from tocsin.core.alert import Severity
from tocsin.core.authority import Role
from tocsin.core.refusals import Refusal
from tocsin.web.console.frame import line, not_there, show
from tocsin.web.console.told import or_nothing, told
from tocsin.web.endpoint import Ask, Endpoint
from tocsin.web.public.pages import site_of


async def accounts(ask: Ask) -> Response:
    """Show every account with its scope in a sentence, and the form that opens one."""
    found = await told(ask, "/api/v1/accounts")
    if isinstance(found, Refusal):
        return not_there(ask, found)
    return show(ask, "accounts.html", accounts=found.get("accounts", []), **_choices(ask))


async def keys(ask: Ask) -> Response:
    """Show machine keys: whose, for what, last used when; and the form that makes one."""
    found = await told(ask, "/api/v1/keys")
    if isinstance(found, Refusal):
        return not_there(ask, found)
    owners = or_nothing(await told(ask, "/api/v1/accounts")).get("accounts", [])
    return show(ask, "keys.html", keys=found.get("keys", []), owners=owners, **_choices(ask))


async def watch(ask: Ask) -> Response:
    """Show the watch floor: who may issue now, who may be second, and what was last proved."""
    found = await told(ask, "/api/v1/desk")
    if isinstance(found, Refusal):
        return not_there(ask, found)
    return show(ask, "watch.html", desk=found, watch=found.get("watch") or {})


def _choices(ask: Ask) -> dict[str, Any]:
    """Return what a scope can be made of, in the reader's language."""
    site = site_of(ask)
    world = site.service.world
    language = site.language(ask.request)
    senders = dict.fromkeys((world.authority, *world.senders))
    return {
        "roles": [role.value for role in Role],
        "hazards": [
            (hazard.id, hazard.names.get(language, hazard.id)) for hazard in world.hazards.values()
        ],
        "senders": [sender for sender in senders if sender],
        "severities": [each.value for each in Severity if each is not Severity.UNKNOWN],
    }


PAGES: tuple[Endpoint, ...] = (
    line("/console/accounts", "page-accounts", "Accounts.", Permission.ADMINISTER, accounts),
    line("/console/keys", "page-keys", "Machine keys.", Permission.ADMINISTER, keys),
    line("/console/watch", "page-watch", "The watch floor.", Permission.VIEW, watch),
)
