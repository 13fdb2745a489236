"""Everything that anybody may ask a house for, made from the table of endpoints.

A line of the table is in the crawl by being in the table. What its path and its query take is known
here by the name of the parameter; a line with one that is not known fails by name, so that no later
surface is left out in silence (RELIABILITY T21).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

import msgspec
from starlette.types import ASGIApp

from kit.asgi import Seen, ask
from kit.houses import KYIV, LVIV
from kit.matrix import TABLE
from tocsin.web.endpoint import Endpoint
from tocsin.web.stream import EVENT_STREAM

PUBLIC: tuple[Endpoint, ...] = tuple(line for line in TABLE if not line.is_for_officers)
GUARDED: tuple[Endpoint, ...] = tuple(line for line in TABLE if line.is_for_officers)
NOT_COMPARED = ("date", "x-request-id")
PARAMETER = re.compile(r"\{(\w+)\}")


class Unknown(AssertionError):
    """A line that the crawl cannot ask; its name and the parameter."""


@dataclass
class Known:
    """What can be named in an address. ``secrets`` are names of what is hidden, on one side."""

    now: datetime
    alerts: Sequence[str] = ()
    incidents: Sequence[str] = ()
    speakers: Sequence[str] = ()
    days: Sequence[str] = ()
    outages: Sequence[str] = ()
    organisations: Sequence[str] = ()
    secrets: Sequence[str] = ()
    build: str = "x"
    regions: Sequence[str] = (KYIV, LVIV, "UA", "UA-30")
    files: Sequence[str] = ("live.js", "public.css", "console/map.js")

    def path(self, line: Endpoint, name: str) -> Sequence[str]:
        """Return what a parameter of a line's path may be.

        Raises:
            Unknown: nobody has said what it takes.
        """
        of_line: Mapping[tuple[str, str], Sequence[str]] = {
            ("get-alert", "id"): self.alerts, ("get-revisions", "id"): self.alerts,
            ("get-region", "id"): self.regions, ("situation-incident", "id"): self.incidents,
            ("situation-wave", "id"): self.incidents, ("get-outage", "id"): self.outages,
        }  # fmt: skip
        of_name: Mapping[str, Sequence[str]] = {
            "region": self.regions, "build": (self.build, "old"), "name": self.files,
            "public_id": self.incidents, "key": self.speakers, "date": (*self.days, "2022-02-30"),
            "outage": self.outages, "org": self.organisations,
        }  # fmt: skip
        found = of_line.get((line.name, name)) or of_name.get(name)
        if (line.name, name) not in of_line and name not in of_name:
            raise Unknown(f"{line.method} {line.path} ({line.name}): what is {{{name}}}?")
        if name in ("build", "name"):
            return found or ()
        return (*(found or ()), *self.secrets, "nowhere")

    def query(self, line: Endpoint, name: str) -> Sequence[str]:
        """Return what a parameter of a line's query may be.

        Raises:
            Unknown: nobody has said what it takes.
        """
        hour = timedelta(hours=1)
        moments = [each.isoformat() for each in (self.now, self.now - hour, self.now + hour)]
        found: Mapping[str, Sequence[str]] = {
            "region": (*self.regions, *self.secrets), "hazard": ("air-raid", "x"),
            "language": ("uk", "en", "xx"), "drill": ("1",), "since": moments, "until": moments,
            "at": moments, "known_at": moments, "state": ("Cleared", "Active", "x"),
            "limit": ("1", "500"), "cursor": ("x", *self.secrets), "q": ("kyiv", *self.secrets),
            "day": (*self.days, "2022-13-01"), "kind": ("strike", "outage", "statement", "x"),
            "speaker": (*self.speakers, *self.secrets), "history": ("1", "0", "x"),
            "service": ("power", "x"), "code": ("ABCDEFGH", "x", *self.secrets),
            "handle": ("XXXX", *self.secrets),
        }  # fmt: skip
        if name not in found:
            raise Unknown(f"{line.method} {line.path} ({line.name}): what is ?{name}=?")
        return found[name]


PAGE_QUERIES = ("lang=uk", "lang=en", "lang=xx", "fragment=1&lang=en")
PAGE_MAY = ("region", "day", "q")
PAGE_VALUES: Mapping[str, Sequence[str]] = {
    "before": ("2022-10-12", "2022-13-01"), "letter": ("A", "\u041b"),
}  # fmt: skip
PAGE_TAKES = {"region": ("page-situation",), "before": ("page-situation",), "q": ("page-places",),
              "letter": ("page-places",)}  # fmt: skip
"""Pages do not say what they take: each is asked with all of these, some with every value."""


@dataclass(frozen=True)
class Request:
    """One request of a crawl."""

    line: str
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)


def requests(
    known: Known, public: Iterable[Endpoint] = PUBLIC, guarded: Iterable[Endpoint] = GUARDED
) -> Iterator[Request]:
    """Yield every request of a crawl.

    Raises:
        Unknown: a line has a parameter that nobody has described.
    """
    for line in public:
        paths = list(_paths(known, line))
        queries = list(_queries(known, line))
        for number, path in enumerate(paths):
            yield Request(line.name, line.method, path)
            for query in queries if number == 0 else _one_of_each(queries) if number == 1 else ():
                yield Request(line.name, line.method, f"{path}?{query}")
        first = paths[0]
        for method in ("HEAD", "OPTIONS", "POST"):
            yield Request(line.name, method, first)
        yield Request(line.name, line.method, f"{first}?nothing=like-it")
        yield Request(line.name, line.method, first, {"Accept-Language": "uk"})
        yield Request(line.name, line.method, first, {"Accept-Encoding": "gzip"})
        yield Request(line.name, line.method, first, {"If-Modified-Since": _http(known.now)})
    for line in guarded:  # whoever may not ask is told the same
        path = PARAMETER.sub(quote(known.secrets[0]) if known.secrets else "x", line.path)
        yield Request(line.name, line.method, path)
    for path in ("/nothing-here", "/api/v1/nothing-here", "/sitemap.xml", "/robots.txt",
                 "/r/nowhere", *(f"/a/{each}" for each in known.secrets)):  # fmt: skip
        yield Request("missing", "GET", path)


async def seen(app: ASGIApp, request: Request) -> tuple[Seen, Seen | None]:
    """Ask, and ask again with the validator that came; None where none came."""
    first = await ask(app, request.method, request.path, headers=request.headers)
    tag = first.header("etag")
    if request.method != "GET" or not tag or first.header("content-type").startswith(EVENT_STREAM):
        return first, None
    again = {**request.headers, "If-None-Match": tag}
    return first, await ask(app, "GET", request.path, headers=again)


def compared(one: Seen | None, other: Seen | None) -> str:
    """Say in what two answers differ; empty where no byte does."""
    if one is None or other is None:
        return "" if one is other else "only one has a validator"
    if one.status != other.status:
        return f"status {one.status} and {other.status}"
    if one.body != other.body:
        at = next((i for i, (a, b) in enumerate(zip(one.body, other.body, strict=False)) if a != b),
                  min(len(one.body), len(other.body)))  # fmt: skip
        return f"bytes from {at}: {one.body[at - 30 : at + 50]!r} {other.body[at - 30 : at + 50]!r}"
    heads = [[h for h in each.headers if h[0].lower() not in NOT_COMPARED] for each in (one, other)]
    if heads[0] != heads[1]:
        return f"headers {sorted({*heads[0]} ^ {*heads[1]})}"
    return ""


async def differences(
    one: ASGIApp, other: ASGIApp, known: Known, *, most: int = 5
) -> tuple[list[str], int]:
    """Crawl two houses; return what differs, and how many requests were asked of each."""
    found: list[str] = []
    count = 0
    for request in requests(known):
        here, there = await seen(one, request), await seen(other, request)
        count += 1
        for a, b in zip(here, there, strict=True):
            if told := compared(a, b):
                found.append(f"{request.method} {request.path} ({request.line}): {told}")
        if len(found) >= most:
            break
    return found, count


def _paths(known: Known, line: Endpoint) -> Iterator[str]:
    names = PARAMETER.findall(line.path)
    if not names:
        yield line.path
        return
    values = [known.path(line, name) for name in names]
    for number in range(max(len(each) for each in values)):
        path = line.path
        for name, each in zip(names, values, strict=True):
            path = path.replace(f"{{{name}}}", quote(each[number % len(each)], safe="/"))
        yield path


def _one_of_each(queries: Iterable[str]) -> Iterable[str]:
    """Return one query for each parameter: what it may be is asked of a line's first path."""
    return {query.partition("=")[0]: query for query in reversed(list(queries))}.values()


def _queries(known: Known, line: Endpoint) -> Iterator[str]:
    if line.query is None:
        yield from PAGE_QUERIES
        for name in ("region", "day", "q", "before", "letter"):
            values = known.query(line, name) if name in PAGE_MAY else PAGE_VALUES[name]
            for value in values if line.name in PAGE_TAKES.get(name, ()) else values[:1]:
                yield urlencode({name: value, "lang": "en"})
        if line.past:
            yield from (urlencode({"at": at, "lang": "en"}) for at in known.query(line, "at"))
        return
    for each in msgspec.structs.fields(line.query):
        for value in known.query(line, each.encode_name):
            yield urlencode({each.encode_name: value})
    if line.past:  # of those moments the one that lies behind
        yield urlencode({"at": known.query(line, "at")[1]})


def _http(at: datetime) -> str:
    return at.strftime("%a, %d %b %Y %H:%M:%S GMT")
