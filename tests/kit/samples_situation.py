"""One request for every line of the situation: everybody may read it.

What people know appears with its slot alone, for which the matrix does not wait: an incident and a
speaker are asked for by names that nobody has.
"""

from __future__ import annotations

from kit.scenes import Scene, Sent, at, plain, sample

for _name in (
    "situation", "situation-csv", "situation-days", "situation-speakers", "page-situation",
    "page-situation-speakers",
):  # fmt: skip
    plain(_name)


@sample("situation-incident", always=(404, "unknown-incident"))
async def _incident(scene: Scene) -> Sent:
    return Sent(at(scene, id="0190d0e8-0000-7000-8000-000000000000"))


@sample("page-situation-incident", always=(404, ""))
async def _incident_page(scene: Scene) -> Sent:
    return Sent(at(scene, public_id="0190d0e8-0000-7000-8000-000000000000"))


@sample("page-situation-speaker", always=(404, ""))
async def _speaker_page(scene: Scene) -> Sent:
    return Sent(at(scene, key="0123456789abcdef"))


@sample("page-situation-day")
async def _day_page(scene: Scene) -> Sent:
    return Sent(at(scene, date="2022-10-11"))
