"""Find a region by any spelling, by code or by a saved group; its outlines; the public head."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from tocsin.core.authority import Permission
from tocsin.core.refusals import Refusal, Rule
from tocsin.fanout.select import Selection
from tocsin.keys.kinds import SigningKey
from tocsin.service.heads import PublicHead, public_head
from tocsin.web.api.groups import GroupBody, group_body
from tocsin.web.api.staff import own_sender, registry_of
from tocsin.web.console.outlines import GEOJSON, outlines
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery
from tocsin.web.public.search import Index, folded

NO_STORE = {"Cache-Control": "no-store"}
MOST = 20


class SearchQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody typed."""

    q: Annotated[str, Meta(max_length=80)] = ""
    language: Annotated[str | None, Meta(max_length=20, description="For `path`.")] = None


class FoundBody(Struct, frozen=True, kw_only=True):
    """A region that fits."""

    geocode: str
    names: dict[str, str]
    level: str
    path: Annotated[str, Meta(description="The regions above it, the nearest first.")]
    population: int | None


class SearchBody(Struct, frozen=True, kw_only=True):
    """Regions that fit, the best first; for officers also saved groups."""

    regions: list[FoundBody]
    groups: list[GroupBody]


async def search(ask: Ask) -> Answer | Refusal:
    """Return what fits what somebody typed."""
    query: SearchQuery = ask.query
    world = ask.house.service.world
    if query.language is not None and query.language not in world.languages:
        known = ", ".join(world.languages)
        return Refusal(Rule.BAD_VALUE, "/language", f"The profile speaks: {known}.")
    shared = ask.house.shared
    index: Index | None = shared.get("search-index")
    if index is None:
        index = shared["search-index"] = Index(world.tree)
    languages = (query.language, *world.languages) if query.language else world.languages
    tree = world.tree
    found = [
        FoundBody(
            geocode=code, names=dict(tree[code].names), level=tree[code].level,
            path=", ".join(tree[each].name(*languages) for each in list(tree.upward(code))[1:-1]),
            population=tree[code].population,
        )
        for code in index.find(query.q)[:MOST]
    ]  # fmt: skip
    body = SearchBody(regions=found, groups=_groups(ask, query.q))
    return Answer(body, headers=NO_STORE)


def _groups(ask: Ask, typed: str) -> list[GroupBody]:
    registry, asked = registry_of(ask.house), folded(typed)
    if registry is None or not asked or not ask.identity.may(Permission.VIEW):
        return []
    mine = registry.groups(own_sender(ask))
    return [group_body(each) for each in mine if asked in folded(each.name)][:MOST]


async def head(ask: Ask) -> Answer | Refusal:
    """Return where the public's sequence is, signed."""
    key: SigningKey | None = ask.house.shared.get("head_key")
    if key is None:
        return Refusal(Rule.NOT_ACCEPTED, "", "This house signs no heads.")
    body = public_head(ask.house.service, ask.house.hub.hash_of(Selection()), key)
    return Answer(body, headers=NO_STORE)


BASE = "/api/v1"
PUBLIC = Permission.PUBLIC
LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/regions/search", name="search-regions",
        summary="Find a region by any spelling or code; for officers also saved groups",
        permission=PUBLIC, query=SearchQuery, response=SearchBody, handler=search,
        headers=NO_STORE,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/outlines", name="outlines",
        summary="Return simplified outlines of the upper regions, as GeoJSON",
        permission=PUBLIC, query=NoQuery, media=GEOJSON, handler=outlines,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/head", name="public-head",
        summary="Return where the public's sequence is, signed",
        description="Keep it elsewhere, and a house that was set back or rewritten is found out.",
        permission=PUBLIC, query=NoQuery, response=PublicHead, handler=head,
        refusals=(Rule.NOT_ACCEPTED,), headers=NO_STORE,
    ),
)  # fmt: skip
