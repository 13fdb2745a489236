"""The command line as a client of the API: asks, retries until it knows, never guesses.

2xx is yes, 4xx is no, anything else is unknown (RELIABILITY P3): a write carries an
Idempotency-Key and is repeated with it until the house has said one of the first two.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, NoReturn, Self

import httpx

from tocsin.cli.options import Door
from tocsin.cli.output import Exit, console, fail
from tocsin.clock import monotonic_s

ASK_S = 10.0
RETRY_FOR_S = 60.0
RETRY_EVERY_S = (0.2, 0.5, 1.0, 2.0, 4.0)
TRY_AGAIN = (408, 429)


class House:
    """A running house, asked over HTTP. ``patience_s``: how long a write is tried."""

    def __init__(self, door: Door, *, patience_s: float = RETRY_FOR_S) -> None:
        headers = {} if door.token is None else {"Authorization": f"Bearer {door.token}"}
        self.server = door.server
        self._patience_s = patience_s
        self._http = httpx.Client(base_url=door.server, headers=headers, timeout=ASK_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def get(self, path: str, **query: object) -> Any:
        """Return what a path says; end with a line and an exit code where it does not."""
        try:
            answer = self._http.get(path, params=_plain(query))
        except httpx.TransportError as failed:
            unreachable(self.server, failed)
        else:
            return _body(answer)

    def post(self, path: str, body: Mapping[str, object], *, key: str | None = None) -> Any:
        """Ask for a change and return the answer; the same key until it is known."""
        began, tries = monotonic_s(), 0
        headers = {"Idempotency-Key": key or secrets.token_urlsafe(18)}
        while True:
            try:
                answer = self._http.post(path, json=body, headers=headers)
            except httpx.TransportError as failed:
                why: str = str(failed) or type(failed).__name__
            else:
                if answer.status_code < 500 and answer.status_code not in TRY_AGAIN:  # noqa: PLR2004
                    return _body(answer)
                why = f"answered {answer.status_code}"
            if monotonic_s() - began > self._patience_s:
                fail(
                    Exit.UNREACHABLE,
                    self.server,
                    "not-known",
                    f"{why}; whether it was accepted is not known. Run the same again with "
                    f"--key {headers['Idempotency-Key']}",
                )
            if tries == 0:
                console(stderr=True).print(f"… {self.server}: {why}; trying until it is known")
            time.sleep(RETRY_EVERY_S[min(tries, len(RETRY_EVERY_S) - 1)])
            tries += 1

    def ask(self, path: str, body: Mapping[str, object]) -> Any:
        """Ask a question that needs a body and changes nothing."""
        try:
            answer = self._http.post(path, json=body)
        except httpx.TransportError as failed:
            unreachable(self.server, failed)
        else:
            return _body(answer)


def unreachable(server: str, failed: httpx.TransportError) -> NoReturn:
    """End because the house cannot be reached."""
    why = str(failed) or type(failed).__name__
    fail(Exit.UNREACHABLE, server, "unreachable", f"{why}. Is `tocsin serve` running there?")


def _body(answer: httpx.Response) -> Any:
    """Return an answer's document, or end with the refusal that it is."""
    if answer.is_success:
        return answer.json()
    code = Exit.REFUSED if answer.is_client_error else Exit.UNREACHABLE
    try:
        problem = answer.json()
        field, rule, helped = (str(problem[name]) for name in ("field", "rule", "help"))
    except (ValueError, KeyError, TypeError):
        fail(code, str(answer.url.path), f"http-{answer.status_code}", answer.reason_phrase)
    return fail(code, field, rule, helped)


def _plain(query: Mapping[str, object]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if value not in (None, [], ())}
