"""The desk's pages of waves, and of who controls a region.

Everything is read as the API tells it, whole and without a script; what changes something goes
through the API by the page's script.
"""

from __future__ import annotations

from starlette.responses import Response

from tocsin.checks.identity import Permission
from tocsin.core.refusals import Refusal
from tocsin.web.console.frame import line, not_there
from tocsin.web.console.told import told
from tocsin.web.desk.frame import choices, show
from tocsin.web.endpoint import Ask, Endpoint


async def waves(ask: Ask) -> Response:
    """Show the waves, what looks like one, and the form that opens one."""
    found = await told(ask, "/api/v1/waves")
    if isinstance(found, Refusal):
        return not_there(ask, found)
    return show(
        ask, "desk/waves.html", waves=found["waves"], suggested=found["suggested"],
        by_id={each["id"]: each for each in found["waves"]}, choices=choices(ask),
    )  # fmt: skip


async def wave(ask: Ask) -> Response:
    """Show one wave: its own toll, that of its places, its alerts and its incidents."""
    found = await told(ask, "/api/v1/waves/{id}")
    if isinstance(found, Refusal):
        return not_there(ask, found)
    return show(ask, "desk/wave.html", wave={**found, "kind": "wave"}, choices=choices(ask))


async def control(ask: Ask) -> Response:
    """Show who controls which regions, and the form that records it."""
    found = await told(ask, "/api/v1/control")
    if isinstance(found, Refusal):
        return not_there(ask, found)
    return show(
        ask, "desk/control.html", records=found["records"], without=found["without_mandate"],
        keeps=ask.identity.may(Permission.ADMINISTER) and ask.house.at is None,
    )  # fmt: skip


PAGES: tuple[Endpoint, ...] = (
    line("/desk/waves", "page-desk-waves", "Waves, and what looks like one.",
         Permission.SITUATION, waves),
    line("/desk/waves/{id}", "page-desk-wave", "One wave, whole.", Permission.SITUATION, wave),
    line("/desk/control", "page-control", "Who controls which regions.", Permission.VIEW, control),
)  # fmt: skip
