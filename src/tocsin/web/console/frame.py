"""How the officers' other screens are rendered: one frame, one way to answer, no cache.

A page of a past moment (``web.past``) has nothing that changes anything: no script of its own, and
its reader may nothing there but read. Links lead on to the same moment where there is one.
"""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from tocsin.checks.identity import ANYBODY, Permission
from tocsin.core.refusals import Refusal
from tocsin.web.console.facts import Facts
from tocsin.web.console.speech import Speech
from tocsin.web.endpoint import Ask, Endpoint, Handler, House
from tocsin.web.public import answers
from tocsin.web.public.pages import site_of
from tocsin.web.public.then import stamp

KEPT = (
    "q", "kind", "alert", "account", "region", "since", "until", "to", "room", "state", "open",
    "day", "at",
)  # fmt: skip
"""What of a page's own query stays when the language is changed."""
DATED = (
    "/desk/incidents", "/desk/waves", "/desk/outages", "/desk/installations", "/desk/coverage",
    "/desk/postures", "/desk/watches", "/desk/counterfeits", "/desk/control",
)  # fmt: skip
"""Of these, and of what lies under them, a past moment can be asked for."""
CHANGES = frozenset((Permission.SITUATION, Permission.ISSUE, Permission.APPROVE))
"""What nobody may in the past, whatever his own permissions."""


def is_dated(path: str) -> bool:
    """Say whether a page can be asked for a past moment."""
    return any(path == each or path.startswith(f"{each}/") for each in DATED)


def line(
    path: str,
    name: str,
    summary: str,
    permission: Permission,
    handler: Handler,
) -> Endpoint:
    """Return a page's line of the table, on the officers' listener; of the past by its path."""
    return Endpoint(
        method="GET", path=path, name=name, summary=summary, permission=permission,
        handler=handler, media="text/html", officers=True, past=is_dated(path),
    )  # fmt: skip


def show(ask: Ask, template: str, *, status: int = 200, **values: object) -> Response:
    """Return a page of the officers', in the reader's language.

    ``template`` is one of the console's, or names its folder: ``desk/inbox.html``.
    """
    site, request = site_of(ask), ask.request
    language = site.language(request)
    words, now = site.words[language], site.service.clock.now()
    asked = request.query_params.get("lang")
    spoken = {"lang": language} if asked == language else {}
    past = "" if ask.house.at is None else stamp(ask.house.at)
    keep = {**spoken, "at": past} if past else spoken

    def link(path: str, **more: object) -> str:
        kept = keep if is_dated(path) else spoken
        query = urlencode({**{k: str(v) for k, v in more.items() if v not in (None, "")}, **kept})
        return f"{path}?{query}" if query else path

    here = {name: value for name, value in request.query_params.items() if name in KEPT}
    warrant = ask.identity.warrant
    say = Speech(site.service, words)
    body = site.render(
        template if "/" in template else f"console/{template}", language, now=now, link=link,
        path=request.url.path,
        switch={code: f"?{urlencode({**here, 'lang': code})}" for code in site.words},
        say=say, facts_told=Facts(say, words).told, me=warrant, identity=ask.identity,
        may={
            each.value: ask.identity.may(each) and not (past and each in CHANGES)
            for each in Permission
        },
        world=site.service.world, keep=keep, past=past,
        **values,
    )  # fmt: skip
    content, headers = answers.squeezed(request, body.encode(), {
        **answers.SECURITY_HEADERS,
        "Cache-Control": "no-store",
        "Vary": "Accept-Encoding, Accept-Language, Cookie",
    })  # fmt: skip
    return Response(content, status_code=status, headers=headers, media_type=answers.HTML)


def not_there(ask: Ask, refusal: Refusal) -> Response:
    """Return the page that says why there is nothing to show."""
    missing = refusal.rule.value.startswith("unknown-")
    return show(ask, "refused.html", status=404 if missing else 403, refusal=refusal)


async def refused_page(house: House, request: Request, refusal: Refusal, status: int) -> Response:
    """Show an officer why a page is not for him: no bare JSON at four in the morning.

    ``bootstrap`` binds the house and puts it into ``house.shared["refused_page"]``.
    """
    ask = Ask(house, request, ANYBODY, None, None)
    return show(ask, "refused.html", status=status, refusal=refusal)
