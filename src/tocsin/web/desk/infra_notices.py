"""The pages of watches and of false warnings: what is told at once, its list and its fast form."""

from __future__ import annotations

from starlette.responses import Response

from tocsin.core.refusals import Refusal
from tocsin.web.console.frame import not_there
from tocsin.web.console.told import told
from tocsin.web.desk import infra_show
from tocsin.web.desk.frame import choices
from tocsin.web.endpoint import Ask
from tocsin.web.public.pages import site_of
from tocsin.web.words import Words


async def watches(ask: Ask) -> Response:
    """Show the watches, fresh or stale with their age, and the form of the next look."""
    found = await told(ask, "/api/v1/watches", history=1)
    if isinstance(found, Refusal):
        return not_there(ask, found)
    tree = ask.house.service.world.tree
    language = infra_show.words_of(ask).language
    return infra_show.show(
        ask, "desk/watches.html", watches=found["watches"],
        names={
            code: tree[code].name(language)
            for each in found["watches"] for code in each["regions"] if code in tree
        },
    )  # fmt: skip


async def counterfeits(ask: Ask) -> Response:
    """Show the notices of false warnings, and the form that tells people of one."""
    found = await told(ask, "/api/v1/counterfeits", history=1)
    if isinstance(found, Refusal):
        return not_there(ask, found)
    site = site_of(ask)
    ledger, kept = ask.house.service.ledger, ask.house.service.state.notices.counterfeits
    for each in found["counterfeits"]:
        notice = kept.get(each["id"])
        claim = ledger.claims.get(notice.refutes or "") if notice is not None else None
        each["by"] = notice.by if notice is not None else ""
        each["refutes"] = claim.id if claim is not None else ""
        each["of"] = claim.incident_id if claim is not None else None
    return infra_show.show(
        ask, "desk/counterfeits.html", notices=found["counterfeits"],
        claim=ask.request.query_params.get("claim", "")[:60],
        labels={each["id"]: each["name"] for each in choices(ask, roots=False)},
        patterns={language: pattern(words) for language, words in site.words.items()},
    )  # fmt: skip


def pattern(words: Words) -> str:
    """Return how a false warning is called so, in one language; a script fills its slots."""
    return words.gettext("A warning that says “{says}” is false. {true}")
