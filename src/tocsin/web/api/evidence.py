"""Evidence: an incident with its claims, quotes, sources and the chain's proof, signed."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import Response

from tocsin.core.alert import Audience
from tocsin.core.authority import Permission
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats.evidence import MEDIA
from tocsin.keys.kinds import Purpose
from tocsin.keys.store import KeyStore
from tocsin.service import evidence as service_
from tocsin.web.api.ledgerbodies import incident_of, reports_of
from tocsin.web.api.staff import NO_DESK, desk_hub_of
from tocsin.web.endpoint import Ask, Endpoint

NO_STORE = {"Cache-Control": "no-store"}


class EvidenceQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What goes into the file."""

    texts: Annotated[bool, Meta(description="The whole text of each report as well.")] = False


async def evidence(ask: Ask) -> Response | Refusal:
    """Return the evidence file of an incident; of a wave with all its incidents."""
    house = ask.house
    service, hub, reports = house.service, desk_hub_of(house), reports_of(house)
    found = incident_of(service, ask.path["id"])
    if found is None:
        return Refusal(Rule.UNKNOWN_INCIDENT, "/id", "No incident of that name is known here.")
    keys: KeyStore | None = house.shared.get("keys")
    if hub is None or reports is None or keys is None:
        return NO_DESK
    made = partial(
        service_.evidence, hub.records, found.id, keys.key(Purpose.HEAD),
        service.clock.now(), text=service.text, unsealed=reports.unsealed, texts=ask.query.texts,
    )  # fmt: skip
    name = f'attachment; filename="evidence-{found.handle}.zip"'
    headers = {**NO_STORE, "Content-Disposition": name}
    return Response(await asyncio.to_thread(made), headers=headers, media_type=MEDIA)


LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path="/api/v1/incidents/{id}/evidence", name="get-evidence",
        summary="Return all that is known of an incident or a wave as a signed file",
        description=(
            "A zip with claims, quotes, sources and the rows of the journal that say so, to be "
            "checked by anybody: `docs/integrate/evidence.md`. What was erased is not in it."
        ),
        permission=Permission.SITUATION, query=EvidenceQuery, media=MEDIA, handler=evidence,
        refusals=(Rule.UNKNOWN_INCIDENT,), audience=Audience.DESK, headers=NO_STORE,
    ),
)  # fmt: skip
