"""The public pages' lines of the table, and their handlers.

Every page is whole without a script. With one, the page asks for itself again with
``?fragment=1`` (the same template without the parts that never change) and swaps what
is named; there is no other interface (STYLE section 2: no private API).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from tocsin.checks.identity import ANYBODY, Permission
from tocsin.core.refusals import Refusal, Rule
from tocsin.fanout.select import selection
from tocsin.formats.profile.maps import FILE as MAPS
from tocsin.formats.profile.maps import read_maps
from tocsin.service.submit import Service
from tocsin.web.endpoint import Ask, Endpoint, Handler, House
from tocsin.web.past import house_at
from tocsin.web.public import answers, faces
from tocsin.web.public import then as moments
from tocsin.web.public.labels import Label, place_labels
from tocsin.web.public.news import news_of, sooner
from tocsin.web.public.site import NOTHING_DRAWN, Site
from tocsin.web.public.situation_shapes import NearView
from tocsin.web.public.situation_views import Reporter
from tocsin.web.public.views import Teller
from tocsin.web.public.voice import Voice
from tocsin.web.seen import board_of, kept, words_of

SITE = "public"
"""The key of the ``Site`` in the house's shared room; the first page asked for puts it there."""

NEAR = "situation-near"
"""The key of what is known of each region, as its page tells it."""

FOR_EVER = "public, max-age=31536000, immutable"


def site_of(ask: Ask) -> Site:
    """Return the house's public site, made when first asked for."""
    shared = ask.house.shared
    site = shared.get(SITE)
    if not isinstance(site, Site):
        site = shared[SITE] = _made(ask.house)
    return site


def _made(house: House) -> Site:
    """Make the site of what ``bootstrap`` left in the shared room: profile, its folder, demo."""
    profile, folder = house.shared.get("profile"), house.shared.get("profile_folder")
    maps = NOTHING_DRAWN
    if folder is not None and (folder / MAPS).is_file():
        maps = read_maps((folder / MAPS).read_bytes())
    site = Site(
        house.service,
        maps=maps,
        credits=[line.text for line in profile.attributions if line.of != "map"] if profile else (),
        demo=bool(house.shared.get("demo")),
    )
    return site if house.at is None else site.as_of(house.service)


async def country(ask: Ask) -> Response:
    """Show the map and the list of all top regions."""
    site, request = site_of(ask), ask.request
    service, language = site.service, site.language(ask.request)
    world, now = service.world, service.clock.now()
    known = site.known_at(now)
    tree, words = world.tree, site.words[language]
    shown = tuple(faces.spots(world, service.regions, tree.children(tree.root), now))
    drills = tuple(faces.drilled(world, service.state, service.drill_regions, tree.root, now))
    view = Teller(service, words).country(shown, drills, now, known)
    drawn = site.map_of(tree.root)
    news = news_of(ask.house, words, now)
    return _page(
        ask, "country.html", language, now,
        sense=(shown, drills, news.lies, news.ways),
        view=view,
        news=news,
        known=known,
        drawn=drawn,
        labels=_labels(site, language, tree.root),
        spots={spot.geocode: spot.face.value for spot in shown},
        root=_root(ask, None, now, known, _next_turn(service, shown, now)),
        fragment="fragment" in request.query_params,
    )  # fmt: skip


async def region(ask: Ask) -> Response:
    """Show one region: its state first, then what to do."""
    site, request = site_of(ask), ask.request
    service, language = site.service, site.language(request)
    world, now = service.world, service.clock.now()
    geocode = world.tree.find(ask.path["region"])
    if geocode is None:
        return _missing(ask, language, now)
    if geocode != ask.path["region"]:
        return answers.moved(f"/r/{geocode}{_query(request)}")
    if geocode == world.tree.root:
        return answers.moved(f"/{_query(request)}", status=302)
    known = site.known_at(now)
    place = faces.place(world, service.state, service.regions, service.drill_regions, geocode, now)
    drawn = site.map_of(geocode)
    near = _near(ask, language, geocode, now)
    news = news_of(ask.house, site.words[language], now, geocode)
    return _page(
        ask, "region.html", language, now,
        sense=(place, near, news),
        news=news,
        view=Teller(service, site.words[language]).region(place, now, known),
        near=near,
        known=known,
        drawn=drawn,
        labels=_labels(site, language, geocode),
        spots={spot.geocode: spot.face.value for spot in place.inside},
        root=_root(ask, geocode, now, known, sooner(place.turns_at, news.turns_at)),
        fragment="fragment" in request.query_params,
    )  # fmt: skip


async def region_text(ask: Ask) -> Response:
    """Show one region in four lines, for the weakest links."""
    site, request = site_of(ask), ask.request
    service, language = site.service, site.language(request)
    world, now = service.world, service.clock.now()
    geocode = world.tree.find(ask.path["region"])
    if geocode is None:
        text = site.words[language].gettext("There is no such place here.")
        return answers.page(
            request, f"{text}\n", sense=text, now=now, status=404, media=answers.TEXT
        )
    if geocode != ask.path["region"]:
        return answers.moved(f"/r/{geocode}.txt{_query(request)}")
    known = site.known_at(now)
    place = faces.place(world, service.state, service.regions, service.drill_regions, geocode, now)
    news = news_of(ask.house, site.words[language], now, geocode)
    body = site.render(
        "region.txt", language, known=known, is_stale=service.freshness != "fresh", news=news,
        view=Teller(service, site.words[language]).region(place, now, known), now=now,
    )  # fmt: skip
    return answers.page(
        request, body, sense=f"{language} {service.freshness} {place!r} {news!r}", now=now,
        media=answers.TEXT,
    )  # fmt: skip


async def places(ask: Ask) -> Response:
    """Find a place by its name or its first letter."""
    site, request = site_of(ask), ask.request
    language = site.language(request)
    words, tree, now = site.words[language], site.service.world.tree, site.service.clock.now()
    asked = request.query_params.get("q", "")[:80].strip()
    letter = request.query_params.get("letter", "")[:1].upper()
    found = site.index.find(asked)
    if asked and len(found) == 1:
        return answers.moved(f"/r/{found[0]}{_query(request)}", status=303)
    voice = Voice(site.service, words)
    by_letter: dict[str, list[str]] = {}
    for code in tree.codes[1:]:
        by_letter.setdefault(voice.name(code)[:1].upper(), []).append(code)
    if letter and not asked:
        found = sorted(
            by_letter.get(letter, ()), key=lambda code: words.alphabetical(voice.name(code))
        )
    rows = [
        (code, voice.name(code), ", ".join(voice.name(up) for up in _above(site, code)))
        for code in found
    ]
    return _page(
        ask, "places.html", language, now,
        sense=(asked, letter),
        asked=asked,
        letter=letter,
        letters=sorted(by_letter, key=words.alphabetical),
        rows=rows,
    )  # fmt: skip


async def then(ask: Ask) -> Response:
    """Lead to a page as it was known at the moment of the form; say so where there is none."""
    site, request = site_of(ask), ask.request
    language, now = site.language(request), site.service.clock.now()
    words, query = site.words[language], request.query_params
    to = query.get("to", "/")[:300]
    moment = moments.asked(query.get("day", ""), query.get("time", ""), words.zone)
    problem, status = "", 200
    if not moments.is_place(to):
        to = "/"
    if moment is not None:
        found = await house_at(ask.house, moments.stamp(moment))
        if not isinstance(found, Refusal):
            mark = "&" if "?" in to else "?"
            return answers.moved(f"{to}{mark}at={moments.stamp(moment)}", status=303)
    if moment is not None or "day" in query:
        status = 400
        problem = words.gettext("Nothing is known of that moment: it lies ahead, or too far back.")
    return _page(
        ask, "then.html", language, now, sense=(to, problem), status=status, problem=problem,
        then=moments.view(request, words, None, now), to=to,
    )  # fmt: skip


async def no_moment(house: House, request: Request, refusal: Refusal, status: int) -> Response:
    """Say in a page's own words that it cannot be shown as of the moment that was asked for.

    ``bootstrap`` binds the house and puts it into ``house.shared["moment_page"]``.
    """
    ask = Ask(house, request, ANYBODY, None, None)
    site = site_of(ask)
    language, now = site.language(request), site.service.clock.now()
    words = site.words[language]
    if refusal.rule in (Rule.TIME_IN_FUTURE, Rule.BEFORE_THE_RECORD):
        problem = words.gettext("Nothing is known of that moment: it lies ahead, or too far back.")
    elif refusal.rule is Rule.UNKNOWN_MEMBER:
        problem = words.gettext("This page cannot be asked for the past.")
    else:
        problem = words.gettext("This address names no moment.")
    if request.url.path.endswith(".txt"):
        return answers.page(
            request, f"{problem}\n", sense=problem, now=now, status=status, media=answers.TEXT
        )
    form = moments.view(request, words, None, now)
    return _page(
        ask, "then.html", language, now, sense=(form.to, problem), status=status, problem=problem,
        then=form, to=form.to,
    )  # fmt: skip


async def about(ask: Ask) -> Response:
    """Say what this is, and name everybody whose data it shows."""
    site = site_of(ask)
    language = site.language(ask.request)
    return _page(ask, "about.html", language, site.service.clock.now(), sense="about")


async def static(ask: Ask) -> Response:
    """Serve a style sheet, script or icon."""
    site, request = site_of(ask), ask.request
    found = site.files.get(ask.path["name"])
    if found is None:
        return Response(status_code=404, headers=answers.SECURITY_HEADERS)
    current = ask.path["build"] == site.files.build
    headers = {
        **answers.SECURITY_HEADERS,
        "Cache-Control": FOR_EVER if current else "no-cache",
        "Vary": "Accept-Encoding",
    }
    if answers.takes_gzip(request):
        headers["Content-Encoding"] = "gzip"
        return Response(found.small, headers=headers, media_type=found.media)
    return Response(found.body, headers=headers, media_type=found.media)


async def not_found(house: House, request: Request) -> Response:
    """Show the page for a path that is not there."""
    ask = Ask(house, request, ANYBODY, None, None)
    site = site_of(ask)
    return _missing(ask, site.language(request), site.service.clock.now())


def _line(
    path: str, name: str, summary: str, handler: Handler, media: str = "text/html",
    *, past: bool = False,
) -> Endpoint:  # fmt: skip
    return Endpoint(
        method="GET", path=path, name=name, summary=summary, permission=Permission.PUBLIC,
        handler=handler, media=media, past=past,
    )  # fmt: skip


PAGES: tuple[Endpoint, ...] = (
    _line("/", "page-country", "The live map and all top regions.", country, past=True),
    _line("/r/{region}.txt", "page-region-text", "One region in four lines.", region_text,
          "text/plain", past=True),
    _line("/r/{region}", "page-region", "One region: state, what to do, since when.", region,
          past=True),
    _line("/then", "page-then", "Go to a page as it was known at a past moment.", then),
    _line("/places", "page-places", "Find a place by name or letter.", places),
    _line("/about", "page-about", "What this is, and whose data it shows.", about),
    _line("/static/{build}/{name}", "static", "Style sheets, scripts, icons.", static, "*/*"),
)  # fmt: skip
"""The table's lines of the public pages; ``/r/{region}.txt`` stands before ``/r/{region}``."""


def _page(
    ask: Ask,
    template: str,
    language: str,
    now: datetime,
    *,
    sense: object,
    status: int = 200,
    **values: object,
) -> Response:
    site, request = site_of(ask), ask.request
    asked = request.query_params.get("lang")
    keep = {"lang": language} if asked == language else {}
    at = ask.house.at
    if at is not None:
        keep["at"] = moments.stamp(at)

    def link(path: str, **more: str) -> str:
        query = urlencode({**more, **keep})
        return f"{path}?{query}" if query else path

    here = {name: value for name, value in request.query_params.items()
            if name in ("q", "letter", "region", "before", "at")}  # fmt: skip
    body = site.render(
        template, language, now=now, link=link, path=request.url.path,
        switch={code: f"?{urlencode({**here, 'lang': code})}" for code in site.words},
        keep=keep, past=at is not None,
        **{"fragment": False, "root": {}, "then": _then(ask, language, now, values), **values},
    )  # fmt: skip
    said = f"{site.files.build} {language} {site.service.freshness} {at} {sense!r}"
    return answers.page(request, body, sense=said, now=now, status=status)


def _then(
    ask: Ask, language: str, now: datetime, values: Mapping[str, object]
) -> moments.ThenView | None:  # fmt: skip
    """Return the way to other moments, of a page that has them: those that are kept true have."""
    if not values.get("root") or values.get("fragment"):
        return None
    words = site_of(ask).words[language]
    return moments.view(ask.request, words, ask.house.at, now)


def _root(
    ask: Ask, geocode: str | None, now: datetime, known: datetime, turns_at: datetime | None
) -> dict[str, object]:
    """Return what the script needs to know; it stands on the root element. A past has no script."""
    if ask.house.at is not None:
        return {"fresh": "fresh"}
    site = site_of(ask)
    language = site.language(ask.request)
    words = site.words[language]
    select = selection(site.service.world, regions=(geocode,) if geocode else ())
    assert not isinstance(select, Refusal)  # noqa: S101  # the region was just found
    query = [("region", geocode)] if geocode else []
    return {
        "now": known.isoformat(timespec="milliseconds"),
        "offset": words.offset_min(now),
        "hash": ask.house.hub.hash_of(select),
        "turn": turns_at.isoformat() if turns_at else "",
        "fresh": site.service.freshness,
        "stream": f"/api/v1/stream?{urlencode([*query, ('language', language)])}",
        "drills": f"/api/v1/stream?{urlencode([('language', language), ('drill', '1')])}",
        "units": words.lasting_patterns(),
    }


def _near(ask: Ask, language: str, geocode: str, now: datetime) -> NearView:
    """Return what is known of a region; worked out once for each slot that brought something."""
    house = ask.house
    board = board_of(house)
    found = kept(house, NEAR, board)
    if (language, geocode) not in found:
        words = site_of(ask).words[language]
        reporter = Reporter(house.service.world, board, words, words_of(house), now)
        found[language, geocode] = reporter.near(geocode)
    near: NearView = found[language, geocode]
    return near


def _next_turn(service: Service, shown: Sequence[faces.Spot], now: datetime) -> datetime | None:
    """Return when something on the map turns without an event, None where nothing will."""
    turns = [glance.turns_at for spot in shown for glance in spot.glances]
    turns.append(service.regions.next_turn(now))
    return min((turn for turn in turns if turn is not None), default=None)


def _missing(ask: Ask, language: str, now: datetime) -> Response:
    return _page(ask, "missing.html", language, now, sense="missing", status=404)


def _query(request: Request) -> str:
    """Return the part of the query that a redirect keeps."""
    lang = request.query_params.get("lang")
    return f"?{urlencode({'lang': lang[:35]})}" if lang else ""


def _labels(site: Site, language: str, geocode: str) -> list[Label]:
    drawn = site.map_of(geocode)
    if drawn is None:
        return []
    return place_labels(drawn, Voice(site.service, site.words[language]).label)


def _above(site: Site, geocode: str) -> list[str]:
    tree = site.service.world.tree
    return [code for code in tree.upward(geocode) if code not in (geocode, tree.root)]
