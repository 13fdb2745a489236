"""What the situation's answers owe: an ETag, a date, and 304 where the client holds it already.

Between two slots changes only what is told at once, and all of that is an event of the public
audience: so an answer is dated by the last slot or by the last such event, whichever is later. That
may be too late, never too early, and what is hidden moves neither (RELIABILITY P27).
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from starlette.responses import Response

from tocsin.core.alert import Audience
from tocsin.web.endpoint import JSON, Ask, House
from tocsin.web.seen import slots

SECOND = timedelta(seconds=1)


def dated(ask: Ask, body: bytes, changed: datetime | None = None, media: str = JSON) -> Response:
    """Return a body with its validators, or 304 where the client holds it already.

    The ETag is of the content. Nothing but guidance changes between two slots, so the date is the
    slot's, or that of the last guidance, rounded up; it is left out until it has passed.
    """
    now = ask.house.service.clock.now()
    as_of, _ = slots(ask.house)
    modified = max(as_of, changed or as_of)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    is_past = modified <= now
    if is_past:
        headers["Last-Modified"] = format_datetime(modified, usegmt=True)
    asked = ask.request.headers
    if (none_match := asked.get("if-none-match")) is not None:
        held = {each.strip().removeprefix("W/") for each in none_match.split(",")}
        unchanged = etag in held or "*" in held
    else:
        since = _http_date(asked.get("if-modified-since"))
        unchanged = is_past and since is not None and modified <= since
    if unchanged:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media)


def told_at(house: House) -> datetime | None:
    """Return the first whole second after what changed last between slots; None: long ago.

    That is the last public event, or the end of a guidance that held until then.
    """
    service, now = house.service, house.service.clock.now()
    last = service.recent(Audience.PUBLIC, service.head(Audience.PUBLIC) - 1) or ()
    moments = [each.row.recorded_at for each in last]
    moments += [
        each.until for each in service.ledger.guidance.values()
        if each.ended_at is None and each.until is not None and each.until <= now
    ]  # fmt: skip
    return max(moments).replace(microsecond=0) + SECOND if moments else None


def _http_date(value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        found = parsedate_to_datetime(value)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
