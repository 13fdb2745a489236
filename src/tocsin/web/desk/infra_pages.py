"""The desk's pages of installations, coverage, outages, postures and watches (D3-D5).

Everything is read as the API tells it, whole and without a script; what changes something goes
through the API by the page's script.
"""

from __future__ import annotations

from starlette.responses import Response

from tocsin.checks.identity import Permission
from tocsin.core.refusals import Refusal, Rule
from tocsin.web.console.frame import line, not_there
from tocsin.web.console.told import told
from tocsin.web.desk import infra_notices, infra_register, infra_show, infra_stations
from tocsin.web.desk.frame import choices
from tocsin.web.desk.infra_cover import table
from tocsin.web.endpoint import Ask, Endpoint

STATES = ("open", "over", "all")


async def outages(ask: Ask) -> Response:
    """Show what is out, or what was, and the form that enters an outage."""
    state = ask.request.query_params.get("state", "open")
    if state not in STATES:
        state = "open"
    found = await infra_show.every(ask, "/api/v1/desk/outages", "outages", history=1)
    if isinstance(found, Refusal):
        return not_there(ask, found)
    shown = [each for each in found if state == "all" or bool(each["ended"]) is (state == "over")]
    return infra_show.show(
        ask, "desk/outages.html", register=await infra_show.register(ask), outages=shown,
        shown=state, incidents=choices(ask),
    )  # fmt: skip


async def outage(ask: Ask) -> Response:
    """Show one outage whole, and the forms that bring it back in part or wholly."""
    found = await infra_show.every(ask, "/api/v1/desk/outages", "outages", history=1)
    if isinstance(found, Refusal):
        return not_there(ask, found)
    name = ask.path["id"]
    one = next((each for each in found if name in (each["id"], each["handle"])), None)
    if one is None:
        return not_there(ask, Refusal(Rule.UNKNOWN_OUTAGE, "/id", f"No outage {name!r} is here."))
    return infra_show.show(
        ask, "desk/outage.html", register=await infra_show.register(ask), outage=one,
        incidents=choices(ask),
        labels={each["id"]: each["name"] for each in choices(ask, roots=False)},
    )  # fmt: skip


async def postures(ask: Ask) -> Response:
    """Show what is guarded and how much, and what was ordered before."""
    found = await told(ask, "/api/v1/postures", history=1)
    if isinstance(found, Refusal):
        return not_there(ask, found)
    return infra_show.show(
        ask, "desk/postures.html", register=await infra_show.register(ask),
        history=found["postures"], holding=[each for each in found["postures"] if each["holds"]],
    )  # fmt: skip


async def coverage(ask: Ask) -> Response:
    """Show which channel still reaches whom; loud where none is left that wakes people."""
    found = await told(ask, "/api/v1/coverage")
    if isinstance(found, Refusal):
        return not_there(ask, found)
    words, tree = infra_show.words_of(ask), ask.house.service.world.tree

    def named(code: str) -> str:
        return tree[code].name(words.language) if code in tree else code

    rows = table(tree, found["channels"])
    left = {each for bare in found["without_any"] for each in bare["left"]}
    return infra_show.show(
        ask, "desk/coverage.html", channels=found["channels"], alone=found["without_any"],
        by_hand=[each for each in found["channels"] if each["channel"] in left],
        said=found["said"], hidden=found["hidden"],
        rows=sorted(rows, key=lambda row: (row.worst, words.alphabetical(named(row.region)))),
        pairs=lambda codes: [(code, named(code)) for code in codes],
    )  # fmt: skip


async def patrol(ask: Ask) -> Response:
    """Show where cars with loudspeakers are needed, as a list to print."""
    language = infra_show.words_of(ask).language
    found = await told(ask, "/api/v1/coverage/patrol", language=language)
    if isinstance(found, Refusal):
        return not_there(ask, found)
    return infra_show.show(
        ask, "desk/patrol.html", stops=found["stops"], people=found["people"]
    )  # fmt: skip


PAGES: tuple[Endpoint, ...] = (
    line("/desk/outages", "page-outages", "Outages.", Permission.SITUATION, outages),
    line("/desk/outages/{id}", "page-outage", "One outage, whole.", Permission.SITUATION, outage),
    line("/desk/installations", "page-installations", "The register of installations.",
         Permission.REGISTER, infra_register.installations),
    line("/desk/installations/{id}", "page-installation", "One installation, and what hangs on it.",
         Permission.REGISTER, infra_register.installation),
    line("/desk/coverage", "page-coverage", "Which channel still reaches whom.",
         Permission.VIEW, coverage),
    line("/desk/coverage/patrol", "page-patrol", "A list for patrol cars, to print.",
         Permission.VIEW, patrol),
    line("/desk/postures", "page-postures", "How much what is guarded.",
         Permission.VIEW, postures),
    line("/desk/stations", "page-stations", "Stations that measure dose rates.",
         Permission.VIEW, infra_stations.stations),
    line("/desk/watches", "page-watches", "Watches, and the next look.",
         Permission.VIEW, infra_notices.watches),
    line("/desk/counterfeits", "page-counterfeits", "False warnings that are about.",
         Permission.VIEW, infra_notices.counterfeits),
)  # fmt: skip
