"""The desk's scripts and sheet, served as the console's are: to anybody, on the officers' side."""

from __future__ import annotations

from tocsin.checks.identity import Permission
from tocsin.web.console.files import static
from tocsin.web.endpoint import Endpoint

LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path="/static/{build}/desk/{name}", name="static-desk",
        summary="Scripts and the sheet of the desk's pages.", permission=Permission.PUBLIC,
        handler=static, media="*/*", officers=True,
    ),
)  # fmt: skip
