"""The duty console and the drill room: two addresses, one screen (UX section 6).

A page is whole as it comes. With a script it asks for itself again with ``?fragment=1`` whenever
the desk's stream says that something changed, and swaps the parts that differ; a dialog that
tells of one alert or proposal comes the same way, with ``?dialog=``. Everything that changes
something goes through the public JSON API.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from tocsin.checks.identity import Permission
from tocsin.core.alert import Audience, Realm
from tocsin.core.authority import Warrant
from tocsin.core.hazard import Phrase
from tocsin.core.overlap import clearing
from tocsin.core.refusals import Refusal
from tocsin.web.api.outlines import parts_map
from tocsin.web.console import around, calls, desk, review
from tocsin.web.console.desk import Shown
from tocsin.web.console.files import LINES
from tocsin.web.console.speech import moment
from tocsin.web.console.told import or_nothing, told
from tocsin.web.console.views import Teller
from tocsin.web.endpoint import Ask, Endpoint
from tocsin.web.public import answers, faces
from tocsin.web.public.labels import place_labels
from tocsin.web.public.pages import site_of
from tocsin.web.public.site import Site
from tocsin.web.public.voice import Voice

ANSWERED_SHOWN_S = 3600
"""A proposal of one's own that came back is shown for an hour."""


async def live(ask: Ask) -> Response:
    """Show the console: what is real."""
    return await _room(ask, Realm.LIVE)


async def drill(ask: Ask) -> Response:
    """Show the drill room: what is an exercise."""
    return await _room(ask, Realm.DRILL)


async def _room(ask: Ask, realm: Realm) -> Response:
    query = ask.request.query_params
    if "dialog" in query:
        return await _dialog(ask, realm, query["dialog"])
    site = site_of(ask)
    service, warrant = site.service, ask.identity.warrant
    language, now = site.language(ask.request), service.clock.now()
    world, state = service.world, service.state
    teller = Teller(service, site.words[language])
    here = desk.room(world, state, realm, warrant, now, ask.house.hub.reach)
    regions = service.regions if realm is Realm.LIVE else service.drill_regions
    tree = world.tree
    drawn = site.map_of(tree.root)
    spots = tuple(faces.spots(world, regions, tree.children(tree.root), now))
    if query.get("fragment") == "parts":
        return await _parts(ask, site, language, realm, now)
    if query.get("fragment") == "cover":
        return await _cover(ask, site, language, realm, now)
    waiting, mine = _sorted(await _proposals(ask, realm), warrant, now)
    outside = await _proposals(ask, Realm.LIVE) if realm is Realm.DRILL else []
    floor = or_nothing(await told(ask, "/api/v1/desk", room=realm.value))
    session = or_nothing(await told(ask, "/api/v1/session"))
    by_call = (state.alert(each["alert"]) for each in floor.get("calls", []) if each["alert"])
    alone = await calls.overrides(
        ask.house,
        [*(each.alert for each in (*here.in_force, *here.ran_out)), *filter(None, by_call)],
    )
    mine_leaves = desk.territory(world, warrant)
    cover = around.cover(world, await around.coverage(ask), mine_leaves, mine_leaves, language)
    called = calls.calls(
        (
            each for each in floor.get("calls", [])
            if realm is Realm.LIVE or each["alert"] or each["proposal"]  # the rest is for real
        ),
        state, warrant, alone, mine_leaves, lambda each: tree.extent(each.area).touched,
    )  # fmt: skip
    is_live = realm is Realm.LIVE
    drafts = await around.drafted(ask, mine_leaves, now) if is_live else around.Drafted()
    lies = await around.counterfeits(ask) if is_live else []
    ended = ""
    if here.overlay:
        ended = calls.broken_off(service, here.overlay[0], warrant.account if warrant else "")
    known, more = desk.dangers(world, warrant)
    may_issue = desk.may_issue(warrant, realm)
    values: dict[str, Any] = {
        "here": here,
        "ran_out": teller.lines(here.ran_out, now),
        "in_force": teller.lines(here.in_force, now, alone),
        "calls": [
            (
                each,
                teller.line(
                    desk.Shown(
                        alert=each.alert, may_end=desk.may_end(world, state, warrant, each.alert)
                    ),
                    now,
                )
                if each.alert
                else None,
            )
            for each in called
        ],
        "broken_off": ended,
        "due": teller.lines(here.due, now),
        "neighbours": teller.plain(here.neighbours, now),
        "overlay": teller.plain(here.overlay, now),
        "latest": teller.plain([here.real_latest], now)[0] if here.real_latest else None,
        "waiting": waiting,
        "mine": mine,
        "cover": cover,
        "drafts": drafts,
        "lies": lies,
        "real_waiting": len(_sorted(outside, warrant, now)[0]),
        "officers": _once(floor.get("officers", [])),
        "buttons": teller.buttons(known),
        "others": teller.buttons(more, None),
        "may_issue": may_issue,
        "drawn": drawn,
        "labels": place_labels(drawn, Voice(service, site.words[language]).label) if drawn else [],
        "spots": {spot.geocode: spot.face.value for spot in spots},
        "sentence": teller.map_sentence(spots, here),
        "connections": ask.house.hub.connections,
        "fragment": "fragment" in query,
        "on_duty": True,
    }
    sense = (realm, here.sense, waiting, mine, values["officers"], values["spots"],
             values["real_waiting"], warrant, values["connections"], called,
             alone, ended, cover, drafts, lies)  # fmt: skip
    shift = session.get("shift_ends_at")
    return _page(
        ask, "duty.html", realm, now, sense=sense, t=teller, session=session,
        shift=site.words[language].clock(moment(shift)) if shift else "",
        root=_root(ask, site, realm, language, now), **values,
    )  # fmt: skip


def _once(officers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each officer once in each room, with what they compose in any of their windows."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for each in officers:
        place = (each["account"], each["room"])
        if place not in found or each["doing"]:
            found[place] = each
    return list(found.values())


def _able(floor: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return who is on line and may be the second person."""
    able = floor.get("watch", {}).get("may_be_second", [])
    return [each for each in able if each["on_line"]]


async def _proposals(ask: Ask, realm: Realm) -> list[dict[str, Any]]:
    """Return the proposals of a room, as the API tells them; none where nobody may ask."""
    room = "" if realm is Realm.LIVE else "drill/"
    found: list[dict[str, Any]]
    found = or_nothing(await told(ask, f"/api/v1/{room}proposals")).get("proposals", [])
    return found


def _sorted(
    room: list[dict[str, Any]], warrant: Warrant | None, now: datetime
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return what waits for this officer, and his own: those that wait and those that came back."""
    me = warrant.account if warrant is not None else ""
    waiting = [
        each for each in room
        if each["state"] == "waiting" and each["author"]["account"] != me
        and all(one["account"] != me for one in each["declined"])
    ]  # fmt: skip
    own = [each for each in room if me and each["author"]["account"] == me]
    lately = [
        each for each in own
        if each["state"] == "waiting" or (
            each["state"] in ("sent-back", "expired") and each["answered_at"]
            and (now - moment(each["answered_at"])).total_seconds() < ANSWERED_SHOWN_S
        )
    ]  # fmt: skip
    return waiting, lately


def _root(ask: Ask, site: Site, realm: Realm, language: str, now: datetime) -> dict[str, object]:
    """Return what the script needs to know; it stands on the root element."""
    service, warrant = site.service, ask.identity.warrant
    scope = warrant.scope if warrant is not None else None
    return {
        "api": "/api/v1" if realm is Realm.LIVE else "/api/v1/drill",
        "now": now.isoformat(timespec="milliseconds"),
        "offset": site.words[language].offset_min(now),
        "fresh": service.freshness,
        "zone": site.words[language].zone.key,
        "languages": " ".join(service.world.languages),
        "account": warrant.account if warrant is not None else "",
        "regions": " ".join(scope.regions) if scope is not None else service.world.tree.root,
        "units": site.words[language].lasting_patterns(),
        "heartbeat": 15,
    }


# -- dialogs -------------------------------------------------------------------------------------


async def _dialog(ask: Ask, realm: Realm, name: str) -> Response:
    """Show what a dialog tells of one alert or proposal; the page's script puts it in a frame."""
    site, query = site_of(ask), ask.request.query_params
    service, now = site.service, site.service.clock.now()
    teller = Teller(service, site.words[site.language(ask.request)])
    if name == "proposal":
        found = await _proposals(ask, realm)
        proposal = next((p for p in found if query.get("id") in (p["id"], p["handle"])), None)
        if proposal is None:
            return _gone(ask, realm, now)
        floor = or_nothing(await told(ask, "/api/v1/desk", room=realm.value))
        return _page(ask, "dialog.html", realm, now, sense=proposal, t=teller, name=name,
                     proposal=proposal, usual=teller.ends(proposal["hazard"]),
                     covering=_covering(site, realm, proposal),
                     officers=_able(floor))  # fmt: skip
    world, state, warrant = service.world, service.state, ask.identity.warrant
    if name == "draft":
        found_drafts = await around.drafted(ask, desk.territory(world, warrant), now)
        draft = next((d for d in found_drafts.drafts if query.get("id") == d.told["id"]), None)
        if draft is None:
            return _gone(ask, realm, now)
        return _page(ask, "dialog.html", realm, now, sense=draft, t=teller, name=name, draft=draft)
    if name == "false" and realm is Realm.LIVE and ask.identity.may(Permission.SITUATION):
        return _page(ask, "dialog.html", realm, now, sense=name, t=teller, name=name)
    alert_id = service.resolve(query.get("id", ""))
    view = service.view(alert_id) if alert_id is not None else None
    audience = Audience.PUBLIC if realm is Realm.LIVE else Audience.DRILL
    if view is None or view.alert.audience is not audience or name not in (
        "clear", "cancel", "update", "change", "keep",
    ):  # fmt: skip
        return _gone(ask, realm, now)
    alert = view.alert
    shown = Shown(alert=alert, may_end=desk.may_end(world, state, warrant, alert))
    values: dict[str, Any] = {"line": teller.line(shown, now), "alert": alert}
    if name == "clear" and alert.is_in_force:
        chosen = frozenset(code for code in query.getlist("region") if code in world.tree)
        sender = warrant.scope.sender if warrant is not None else alert.sender
        would = clearing(world, state, alert, sender, chosen)
        values["view"] = teller.clearing(shown, would, chosen, now, desk.parts(world, alert))
    if name == "cancel":
        values["texts"] = teller.texts(alert, Phrase.RETRACTION)
        values["people"] = teller.people_of(alert)
    if name == "change":
        tried = await review.change(ask, realm, alert.id, query.get("ask", ""))
        values["refusal"] = tried if isinstance(tried, Refusal) else None
        if isinstance(tried, review.Change):
            values.update(
                change=tried, texts=teller.spoken(tried.texts), people=teller.people(tried.people),
                place=teller.say.regions(tried.regions),
                level=teller.level(alert.hazard, tried.level),
            )  # fmt: skip
    if name == "update":
        values["texts"] = teller.texts(alert, Phrase.ALERT)
        hazard = world.hazards.get(alert.hazard)
        values["levels"] = teller.buttons([hazard])[0].levels if hazard else ()
    return _page(ask, "dialog.html", realm, now, sense=name, t=teller, name=name, **values)


def _covering(site: Site, realm: Realm, proposal: dict[str, Any]) -> list[str]:
    """Return the alerts of that danger which are in force in a part of a proposal's area."""
    tree, state = site.service.world.tree, site.service.state
    own = (proposal["change"] or {}).get("alert_id")
    wanted = tree.mask(code for code in proposal["regions"] if code in tree)
    return [
        each.handle for each in state.active.values()
        if each.realm is realm and each.hazard == proposal["hazard"] and each.id != own
        and tree.extent(each.area).touched & wanted
    ]  # fmt: skip


def _gone(ask: Ask, realm: Realm, now: datetime) -> Response:
    return _page(ask, "dialog.html", realm, now, sense="gone", t=None, name="gone")


async def _parts(ask: Ask, site: Site, language: str, realm: Realm, now: datetime) -> Response:
    """Show the map of the country by its second depth."""
    service = site.service
    tree = service.world.tree
    drawn = await parts_map(ask.house)
    if drawn is None:
        return _gone(ask, realm, now)
    regions = service.regions if realm is Realm.LIVE else service.drill_regions
    spots = tuple(faces.spots(service.world, regions, drawn.paths, now))
    return _page(
        ask, "map.html", realm, now, sense=(language, spots),
        t=Teller(service, site.words[language]),
        drawn=drawn, outlines=site.map_of(tree.root),
        within={code: tree[code].parent for code in drawn.paths},
        spots={spot.geocode: spot.face.value for spot in spots},
    )  # fmt: skip


async def _cover(ask: Ask, site: Site, language: str, realm: Realm, now: datetime) -> Response:
    """Show which channels carry a warning to the regions that are asked for."""
    service, warrant = site.service, ask.identity.warrant
    world, mine = service.world, desk.territory(service.world, warrant)
    asked = ask.request.query_params.getlist("region")
    place = around.leaves_of(world, asked) or mine
    cover = around.cover(world, await around.coverage(ask), place, mine, language)
    connections = ask.house.hub.connections
    return _page(
        ask, "cover.html", realm, now, sense=("cover", asked, cover, connections),
        t=Teller(service, site.words[language]), cover=cover, connections=connections,
    )  # fmt: skip


def _page(
    ask: Ask,
    template: str,
    realm: Realm,
    now: datetime,
    *,
    t: Teller | None,
    sense: object,
    status: int = 200,
    **values: Any,
) -> Response:
    site, request = site_of(ask), ask.request
    language = site.language(request)
    asked = request.query_params.get("lang")
    keep = {"lang": language} if asked == language else {}

    def link(path: str, **more: object) -> str:
        query = urlencode({**{k: str(v) for k, v in more.items()}, **keep})
        return f"{path}?{query}" if query else path

    words = site.words[language]
    body = site.render(
        f"console/{template}", language, now=now, link=link, path=request.url.path,
        switch={code: f"?{urlencode({'lang': code})}" for code in site.words},
        say=(t or Teller(site.service, words)).say, t=t, me=ask.identity.warrant,
        may={each.value: ask.identity.may(each) for each in Permission},
        world=site.service.world, room=realm.value, **{"root": {}, "shift": "", **values},
    )  # fmt: skip
    said = f"{site.files.build} {language} {site.service.freshness} {sense!r}"
    return answers.page(request, body, sense=said, now=now, status=status)


def _line(path: str, name: str, summary: str, handler: Any) -> Endpoint:
    return Endpoint(
        method="GET", path=path, name=name, summary=summary, permission=Permission.VIEW,
        handler=handler, media="text/html", officers=True,
    )  # fmt: skip


PAGES: tuple[Endpoint, ...] = (
    _line("/console", "page-console", "The duty console.", live),
    _line("/drill", "page-drill", "The drill room.", drill),
    *LINES,
)
