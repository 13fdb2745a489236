"""One good request for every page of the situation desk, and for its files."""

from __future__ import annotations

from kit.samples_ledger import a_report, an_incident
from kit.scenes import Scene, Sent, at, plain, sample

plain("page-inbox")
plain("page-incidents")


@sample("static-desk")
async def _file(scene: Scene) -> Sent:
    page = (await scene.crew.ask("anybody", "GET", "/")).text
    build = page.partition("/static/")[2].partition("/")[0]
    return Sent(at(scene, build=build, name="desk.js"))


@sample("page-report")
async def _report(scene: Scene) -> Sent:
    return Sent(at(scene, id=(await a_report(scene))[0]))


@sample("page-incident")
async def _incident(scene: Scene) -> Sent:
    return Sent(at(scene, id=await an_incident(scene)))
