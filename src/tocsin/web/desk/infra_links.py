"""What hangs on an incident beside its claims: outages, installations, the wave that it is of.

Whoever may not read the register reads only that an installation is there (RELIABILITY P27).
"""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.checks.identity import Permission
from tocsin.core import waves
from tocsin.core.incidents import Incident
from tocsin.core.refusals import Refusal
from tocsin.web.api.ledgerbodies import words_of
from tocsin.web.console.told import Told
from tocsin.web.desk import infra_show
from tocsin.web.endpoint import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """``outages`` None: they are not for this reader. An installation None: its name is not."""

    outages: tuple[Told, ...] | None
    installations: tuple[Told | None, ...]
    wave: Told | None
    opens: bool
    """This reader may open the wave's own page."""
    is_wave: bool


async def beside(ask: Ask, one: Incident) -> Beside:
    """Return what hangs on an incident, and on those that turned out to be the same."""
    ledger = ask.house.service.ledger
    root = ledger.root(one.id)

    def is_it(name: str | None) -> bool:
        return name in ledger.incidents and ledger.root(str(name)) == root

    found = await infra_show.every(ask, "/api/v1/desk/outages", "outages", history=1)
    outages = None if isinstance(found, Refusal) else [e for e in found if is_it(e["incident"])]
    failed = dict.fromkeys(name for each in outages or () for name in each["installations"])
    return Beside(
        outages=None if outages is None else tuple(outages),
        installations=tuple(
            [
                each for each in await infra_show.register(ask)
                if each["id"] in failed or any(is_it(name) for name in each["incidents"])
            ]
            if ask.identity.may(Permission.REGISTER) else [None for _ in failed]
        ),
        wave=_wave(ask, root), opens=ask.identity.may(Permission.SITUATION),
        is_wave=waves.is_wave(ledger.incidents[root]),
    )  # fmt: skip


def _wave(ask: Ask, root: str) -> Told | None:
    """Return the wave that an incident is of: its handle and its title."""
    ledger, words = ask.house.service.ledger, words_of(ask.house.service)
    for each in waves.waves(ledger):
        if root in waves.incidents_of(ledger, each.id):
            return Told(handle=each.handle, title=dict(words(each.title)))
    return None
