"""``tocsin status``: where there is an alert now, as a running house says it."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

import typer

from tocsin.cli.client import House
from tocsin.cli.names import Names
from tocsin.cli.options import AsJson, Config, Data, Language, Server, Token, door
from tocsin.cli.output import (
    SIGNS,
    console,
    lasting,
    local,
    moment,
    print_json,
    sign,
    told_failures,
    when,
)
from tocsin.clock import SystemClock

ORDER = ("active", "partial", "unconfirmed", "cleared", "none", "no-information")


def status(  # a verb's options are its arguments
    area: Annotated[
        list[str] | None, typer.Option("--area", help="Only this region; repeatable.")
    ] = None,
    server: Server = None,
    token: Token = None,
    data: Data = None,
    config: Config = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Show where there is an alert now, and how fresh the answer is."""
    with told_failures(), House(door(server, token, data, config)) as house:
        found = house.get("/api/v1/state")
        names = Names(house, language)
        wanted = [house.get(f"/api/v1/regions/{each}")["geocode"] for each in area or []]
    if as_json:
        if wanted:
            found["states"] = [line for line in found["states"] if line["region"] in wanted]
        print_json(found)
        return
    _print(found, names, wanted)


def _print(found: dict[str, Any], names: Names, wanted: list[str]) -> None:
    shown = console()
    now = SystemClock().now()
    top = wanted or names.top()
    lines: dict[str, list[dict[str, Any]]] = {code: [] for code in top}
    for line in found["states"]:
        if line["region"] in lines and line["state"] in SIGNS:
            lines[line["region"]].append(line)
    silent = _below(names, found["no_information"])
    rest: Counter[str] = Counter()
    width = max((len(names.region(code)) for code in top), default=0)
    for code in top:
        said = [line for line in lines[code] if line["state"] in ORDER[:4]]
        if not said:
            rest["no-information" if code in silent else "none"] += 1
        for line in sorted(said, key=lambda each: ORDER.index(each["state"])):
            _, word, _ = SIGNS[line["state"]]
            mark = sign(line["state"]) + " " * (13 - len(word))
            place = names.region(code).ljust(width)
            what = names.hazard(line["hazard"])
            level = f" ({line['level']})" if line["level"] else ""
            since = _since(line, now)
            shown.print(f"  {names.code(code):7} {place}  {mark}{what}{level}  {since}")
    counts = ", ".join(f"{rest[state]} {sign(state)}" for state in ORDER if rest[state])
    stale = "" if found["freshness"] == "fresh" else "  [bold red]STALE: the news does not come[/]"
    others = f"{sum(rest.values())} others: {counts}   " if rest else ""
    shown.print(
        f"  {others}known at {local(now, seconds=True)}, sequence {found['sequence']}{stale}"
    )


def _since(line: dict[str, Any], now: Any) -> str:
    if line["since"] is None:
        return ""
    since = moment(line["since"])
    match line["state"]:
        case "unconfirmed":
            return f"ran out {when(since, now)}, no all-clear"
        case "cleared":
            return f"all-clear {when(since, now)}"
        case _:
            return f"{lasting(now - since)}, since {when(since, now)}"


def _below(names: Names, codes: list[str]) -> frozenset[str]:
    """Return the regions at or under one of ``codes``."""
    roots, found = frozenset(codes), set()
    for code in names.regions:
        above: str | None = code
        while above is not None and above not in roots:
            above = names.regions[above]["parent"] if above in names.regions else None
        if above is not None:
            found.add(code)
    return frozenset(found)
