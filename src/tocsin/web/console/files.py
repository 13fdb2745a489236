"""The console's scripts and the drawing tool's, served as they are written.

They are nobody's secret, so anybody may read them; but where officers have a listener of their
own they are served there only, with the pages that use them.
"""

from __future__ import annotations

from dataclasses import replace

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import Response

from tocsin.checks.identity import Permission
from tocsin.web.endpoint import Ask, Endpoint
from tocsin.web.public import pages as public

FOLDERS = ("console", "vendor")


async def static(ask: Ask) -> Response:
    """Serve a file of a folder below the static files."""
    folder = URL(scope=ask.request.scope).path.split("/")[3]
    scope = {**ask.request.scope, "path_params": {
        "build": ask.path["build"], "name": f"{folder}/{ask.path['name']}",
    }}  # fmt: skip
    return await public.static(replace(ask, request=Request(scope, ask.request.receive)))


LINES: tuple[Endpoint, ...] = tuple(
    Endpoint(
        method="GET", path=f"/static/{{build}}/{folder}/{{name}}", name=f"static-{folder}",
        summary="Scripts and sheets of the officers' pages.", permission=Permission.PUBLIC,
        handler=static, media="*/*", officers=True,
    )
    for folder in FOLDERS
)  # fmt: skip
