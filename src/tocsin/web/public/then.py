"""A page as it was known at a past moment: said at its head, grey, and never fresh.

``web.past`` answers a page's own line for another moment; here is what tells the reader so, and
how he goes to one: a form that works without a script and steps from moment to moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta
from starlette.requests import Request

from tocsin.web.words import Words

STEPS = (
    timedelta(days=-1), timedelta(hours=-1), timedelta(minutes=-10),
    timedelta(minutes=10), timedelta(hours=1), timedelta(days=1),
)  # fmt: skip
PLACES = ("/r/", "/situation")
"""Under these (and at ``/``) stand the pages that can be asked for a past moment."""


class ThenWords(Words):
    """The words of a page of the past: "today" would be another day than the reader's."""

    def when(self, at: datetime, now: datetime) -> str:  # noqa: ARG002  # the date says it
        """Return hour, minute and day."""
        return self.gettext("%(time)s on %(date)s") % {
            "time": self.clock(at), "date": self.date(at),
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ThenView:
    """Where the form begins, and what is a step away. ``at`` empty: the page is of now."""

    to: str
    day: str
    time: str
    minute: int
    at: str = ""
    steps: tuple[tuple[str, str], ...] = ()
    """What a step is called, and its address."""
    now: str = ""


def stamp(moment: datetime) -> str:
    """Return a moment as it stands in an address."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def view(request: Request, words: Words, at: datetime | None, now: datetime) -> ThenView:
    """Return the form of a page; ``at`` is the past moment that it is of. A step may be refused."""
    rest = {
        name: value for name, value in request.query_params.items()
        if name in ("region", "before", "lang")
    }  # fmt: skip
    path = request.url.path

    to = f"{path}?{urlencode(rest)}" if rest else path

    local = now.astimezone(words.zone)
    steps = []
    for step in STEPS if at is not None else ():
        there = (now + step).astimezone(words.zone)
        sign = "+" if step > timedelta() else "\u2212"
        query = {"to": to, "day": there.date().isoformat(), "time": there.strftime("%H:%M")}
        steps.append(
            (
                f"{sign}{format_timedelta(abs(step), format='short', locale=words.locale)}",
                f"/then?{urlencode(query)}",
            )
        )
    return ThenView(
        to=to, day=local.date().isoformat(), time=local.strftime("%H:%M"),
        minute=local.hour * 60 + local.minute, steps=tuple(steps), now=to,
        at=f"{words.clock(now)}, {words.date(now)}" if at is not None else "",
    )  # fmt: skip


def is_place(path: str) -> bool:
    """Say whether an address is that of a page which can be asked for the past."""
    plain = path.partition("?")[0]
    return plain == "/" or any(plain.startswith(each) for each in PLACES)


def asked(day: str, time: str, zone: ZoneInfo) -> datetime | None:
    """Return the moment of a form, in the profile's zone; None where it is none."""
    try:
        return datetime.fromisoformat(f"{day}T{time or '00:00'}").replace(tzinfo=zone)
    except ValueError:
        return None
