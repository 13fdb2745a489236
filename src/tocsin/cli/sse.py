"""A stream of server-sent events, read for as long as it lives and taken up where it broke.

Source: WHATWG HTML, "Server-sent events"; formats/api-v1.md, "Stream".
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from tocsin.cli.options import Door

SILENT_S = 45.0
"""With no heartbeat for this long a client says that it does not know (DESIGN section 7)."""
RETRY_S = 1.0
CONNECT_S = 5.0


@dataclass(frozen=True, slots=True)
class Told:
    """One event of the stream."""

    id: str | None
    event: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lost:
    """The stream broke or fell silent; it is being taken up again."""

    why: str


def parsed(lines: Iterator[str]) -> Iterator[Told | float]:
    """Yield the events of a stream's lines; a number is the wait that the server asks for, in s."""
    name, last = "", None
    data: list[str] = []
    for line in lines:
        if not line:
            if data:
                yield Told(last, name or "message", json.loads("\n".join(data)))
            name, data = "", []
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match field:
            case "event":
                name = value
            case "data":
                data.append(value)
            case "id":
                last = value
            case "retry" if value.isdecimal():
                yield int(value) / 1000
            case _:
                pass


def follow(
    door: Door, regions: Sequence[str] = (), hazards: Sequence[str] = (), *, drill: bool = False
) -> Iterator[Told | Lost]:
    """Yield what a house's stream says, for ever; a break is said, never passed over.

    Raises:
        httpx.HTTPStatusError: the house refused the stream.
    """
    query: list[tuple[str, str | int | float | bool | None]] = []
    query += [("region", each) for each in regions]
    query += [("hazard", each) for each in hazards]
    if drill:
        query.append(("drill", "1"))
    last: str | None = None
    limits = httpx.Timeout(CONNECT_S, read=SILENT_S)
    with httpx.Client(base_url=door.server, timeout=limits) as http:
        while True:
            wait_s = RETRY_S
            headers = {} if last is None else {"Last-Event-ID": last}
            try:
                with http.stream("GET", "/api/v1/stream", params=query, headers=headers) as answer:
                    if answer.is_client_error:
                        answer.read()
                        answer.raise_for_status()
                    if not answer.is_success:
                        yield Lost(f"answered {answer.status_code}")
                    else:
                        for told in parsed(answer.iter_lines()):
                            if isinstance(told, float):
                                wait_s = told
                                continue
                            last = told.id or last
                            yield told
                        yield Lost("the stream ended")
            except httpx.ReadTimeout:
                yield Lost(f"nothing heard for {SILENT_S:.0f} s")
            except httpx.TransportError as failed:
                yield Lost(str(failed) or type(failed).__name__)
            time.sleep(wait_s)
