"""Find a region by any spelling, by code or by a saved group."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from tocsin.core.authority import Permission
from tocsin.core.refusals import Refusal, Rule
from tocsin.web.api.asks import Name
from tocsin.web.api.groups import GroupBody, group_body
from tocsin.web.api.staff import own_sender, registry_of
from tocsin.web.endpoint import Answer, Ask, Endpoint
from tocsin.web.public.search import Index, folded

NO_STORE = {"Cache-Control": "no-store"}
MOST = 20


class SearchQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody typed."""

    q: Annotated[str, Meta(max_length=80)] = ""
    language: Annotated[Name | None, Meta(description="For `path`.")] = None


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
    codes = index.find(
        query.q, whole=ask.identity.may(Permission.VIEW), called=world.names.values()
    )
    found = [
        FoundBody(
            geocode=code, names=dict(tree[code].names), level=tree[code].level,
            path=", ".join(tree[each].name(*languages) for each in list(tree.upward(code))[1:-1]),
            population=tree[code].population,
        )
        for code in codes[:MOST]
    ]  # fmt: skip
    body = SearchBody(regions=found, groups=_groups(ask, query.q))
    return Answer(body, headers=NO_STORE)


def _groups(ask: Ask, typed: str) -> list[GroupBody]:
    registry, asked = registry_of(ask.house), folded(typed)
    if registry is None or not asked or not ask.identity.may(Permission.VIEW):
        return []
    mine = registry.groups(own_sender(ask))
    return [group_body(each) for each in mine if asked in folded(each.name)][:MOST]


BASE = "/api/v1"
PUBLIC = Permission.PUBLIC
LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/regions/search", name="search-regions",
        summary="Find a region by any spelling or code; for officers also saved groups",
        permission=PUBLIC, query=SearchQuery, response=SearchBody, handler=search,
        headers=NO_STORE,
    ),
)  # fmt: skip
