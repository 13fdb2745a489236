"""What every page owes: its headers, its bytes made small, and the proof that nothing changed.

No cookie is ever set here, nothing is fetched from elsewhere, nothing inline runs. Pages are
``no-store``: a warning that comes out of a cache is a false warning. They carry an ETag all
the same, because a page that lost its stream asks every 15 s whether anything changed.
"""

from __future__ import annotations

import gzip
import hashlib
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; trusted-types tocsin; "
    "require-trusted-types-for 'script'"
)
"""Source: UX section 3."""

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(self)",
    "X-Content-Type-Options": "nosniff",
}

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
NOW = "Tocsin-Now"
"""The house's own time, also on a 304: by it a page knows how old its news is."""


def page(
    request: Request,
    body: str,
    *,
    sense: str,
    now: datetime,
    status: int = 200,
    media: str = HTML,
) -> Response:
    """Return a page, or 304 where the reader has this one.

    Args:
        request: what is answered.
        body: the page.
        sense: everything the page tells but the time of telling: equal sense, equal ETag.
        now: the house's time.
        status: of the answer.
        media: of the page.
    """
    etag = f'W/"{hashlib.sha256(sense.encode()).hexdigest()[:20]}"'
    headers = {
        **SECURITY_HEADERS,
        "Cache-Control": "no-store",
        "Vary": "Accept-Encoding, Accept-Language",
        "ETag": etag,
        NOW: now.isoformat(timespec="milliseconds"),
    }
    if status == 200 and etag in request.headers.get("if-none-match", ""):  # noqa: PLR2004
        return Response(status_code=304, headers=headers)
    content, headers = squeezed(request, body.encode(), headers)
    return Response(content, status_code=status, headers=headers, media_type=media)


def moved(to: str, *, status: int = 301) -> Response:
    """Return a redirect within the house; ``to`` begins with one slash."""
    return Response(status_code=status, headers={**SECURITY_HEADERS, "Location": to})


def squeezed(
    request: Request, body: bytes, headers: dict[str, str]
) -> tuple[bytes, dict[str, str]]:
    """Return body and headers, compressed where the reader can and it pays."""
    if takes_gzip(request) and len(body) > 600:  # noqa: PLR2004  # below, headers outweigh it
        return gzip.compress(body, 6, mtime=0), {**headers, "Content-Encoding": "gzip"}
    return body, headers


def takes_gzip(request: Request) -> bool:
    """Say whether the reader decodes gzip."""
    for part in request.headers.get("accept-encoding", "").split(","):
        name, _, quality = part.strip().partition(";")
        if name.strip().lower() == "gzip":
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
