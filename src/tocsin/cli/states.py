"""``tocsin states``: every region's state from a data folder, now or at any past moment."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from tocsin.cli.options import AsJson, Config, Data, Language, settings
from tocsin.cli.output import (
    Exit,
    console,
    drill_first,
    fail,
    print_json,
    sign,
    text,
    told_failures,
)
from tocsin.clock import SystemClock
from tocsin.core.alert import Audience
from tocsin.core.area import RegionTree
from tocsin.formats import api as shapes
from tocsin.projections.regions import SHOWN, RegionStates


def states(  # a verb's options are its arguments
    data: Data = None,
    at: Annotated[
        str | None, typer.Option(help="The moment (RFC 3339, with its zone); else now.")
    ] = None,
    known_at: Annotated[
        str | None, typer.Option(help="As it was known at this moment, in the journal.")
    ] = None,
    drill: Annotated[bool, typer.Option("--drill", help="Drills instead.")] = False,
    config: Config = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Print the state of every region, read from the journal; works beside a running house.

    With --json: one array sorted by region, then hazard: an object for each region and hazard
    whose state is not none, and one with hazard null for every other region.
    """
    from tocsin.bootstrap import read_only, recorded  # loaded by the verbs that need an engine

    moment = _moment("--at", at) or SystemClock().now()
    known = _moment("--known-at", known_at)
    with told_failures():
        house = settings(config, {"journal.folder": data})
        audience = Audience.DRILL if drill else Audience.PUBLIC
        with read_only(house, fold=known is None) as reader:
            world = reader.profile.world
            newest = max(SystemClock().now(), reader.seen.state.last_at)
            if moment > newest:
                fail(Exit.REFUSED, "--at", "time-in-future", "nobody knows that moment yet")
            if known is None:
                folded = reader.seen.regions if not drill else reader.seen.drill_regions
            else:
                folded = RegionStates(world, audience)
                folded.apply_all(e for row, e in recorded(house) if row.recorded_at <= known)
            found = all_states(world.tree, folded, moment)
            names = world.tree
    if as_json:
        print_json(found)
        return
    shown = console()
    for line in found:
        if line.hazard is not None:
            since = f"since {line.since.astimezone():%Y-%m-%d %H:%M:%S}" if line.since else ""
            place = text(names[line.region].name(language))
            drilled = drill_first("drill" if drill else "live")
            shown.print(
                f"{drilled}  {line.region}  {place}  {sign(line.state)}  {line.hazard}  {since}"
            )
    quiet = sum(line.state == "none" for line in found)
    unknown = sum(line.state == "no-information" for line in found)
    shown.print(f"  {quiet} others {sign('none')}, {unknown} {sign('no-information')}")


def all_states(tree: RegionTree, folded: RegionStates, at: datetime) -> list[shapes.LineBody]:
    """Return the lines of every region at a moment, sorted by region, then hazard."""
    found = [shapes.line_body(line) for line in folded.lines(at) if line.state in SHOWN]
    said = {line.region for line in found}
    rest = [
        shapes.rest_body(code, folded.rest(code, at)) for code in tree.codes if code not in said
    ]
    return sorted((*found, *rest), key=lambda line: (line.region, line.hazard or ""))


def _moment(option: str, plain: str | None) -> datetime | None:
    if plain is None:
        return None
    try:
        found = datetime.fromisoformat(plain)
    except ValueError as slip:
        raise typer.BadParameter(f"{plain!r} is no time", param_hint=option) from slip
    if found.tzinfo is None:
        raise typer.BadParameter(f"{plain!r} has no zone; add Z or +02:00", param_hint=option)
    return found
