"""The command line as a client of the API: asks, retries until it knows, never guesses.

2xx is yes, 4xx is no, anything else is unknown (RELIABILITY P3): a write carries an
Idempotency-Key and is repeated with it until the house has said one of the first two.

It shows a token where one is given, else the session that ``tocsin sign-in`` has kept. With a
session it names the house itself as its origin, as the house's own pages do.
"""

from __future__ import annotations

import http.cookiejar
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, NoReturn, Self
from urllib.parse import urlsplit

import httpx

from tocsin.cli.kept import Sessions
from tocsin.cli.options import Door
from tocsin.cli.output import Exit, console, fail
from tocsin.clock import monotonic_s

ASK_S = 10.0
RETRY_FOR_S = 60.0
RETRY_EVERY_S = (0.2, 0.5, 1.0, 2.0, 4.0)
TRY_AGAIN = (408, 429)
SIGN_IN = ("no-credential", "session-over")


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal as the house gave it, or an answer that is none (``is_known`` False)."""

    field: str
    rule: str
    help: str
    is_known: bool = True


class House:
    """A running house, asked over HTTP. ``patience_s``: how long a write is tried."""

    def __init__(self, door: Door, *, patience_s: float = RETRY_FOR_S) -> None:
        headers = {} if door.token is None else {"Authorization": f"Bearer {door.token}"}
        self.server = door.server
        address = urlsplit(door.server)
        self._origin = f"{address.scheme}://{address.netloc}"
        self.sessions = Sessions(self._origin)
        self.has_token = door.token is not None
        self._patience_s = patience_s
        none = http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
        self._http = httpx.Client(
            base_url=door.server, headers=headers, timeout=ASK_S, cookies=none
        )

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
        return _or_end(self.look(path, **query))

    def look(self, path: str, **query: object) -> Any | Problem:
        """Return what a path says, or the refusal; end where the house is not there."""
        return self._once("GET", path, params=_plain(query))

    def delete(self, path: str) -> Any:
        """Ask for something to be taken away."""
        return _or_end(self._once("DELETE", path))

    def ask(self, path: str, body: Mapping[str, object]) -> Any:
        """Ask once, whatever comes: a question with a body, or what must not be repeated."""
        return _or_end(self._once("POST", path, json=body))

    def post(self, path: str, body: Mapping[str, object], *, key: str | None = None) -> Any:
        """Ask for a change and return the answer; the same key until it is known."""
        return _or_end(self.try_post(path, body, key=key))

    def try_post(
        self, path: str, body: Mapping[str, object], *, key: str | None = None
    ) -> Any | Problem:
        """Ask for a change until it is known, and return the answer or the refusal."""
        began, tries = monotonic_s(), 0
        headers = {"Idempotency-Key": key or secrets.token_urlsafe(18)}
        while True:
            try:
                answer = self._request("POST", path, json=body, headers=headers)
            except httpx.TransportError as failed:
                why: str = str(failed) or type(failed).__name__
            else:
                if answer.status_code < 500 and answer.status_code not in TRY_AGAIN:  # noqa: PLR2004
                    return _read(answer)
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

    def lines(self, path: str, **query: object) -> Iterator[bytes]:
        """Yield the bytes of a long answer as they come."""
        try:
            with self._http.stream(
                "GET", path, params=_plain(query), headers=self._credentials()
            ) as answer:
                self._keep(answer)
                if not answer.is_success:
                    answer.read()
                    _or_end(_read(answer))
                yield from answer.iter_bytes()
        except httpx.TransportError as failed:
            unreachable(self.server, failed)

    def _once(self, method: str, path: str, **more: Any) -> Any | Problem:
        try:
            return _read(self._request(method, path, **more))
        except httpx.TransportError as failed:
            unreachable(self.server, failed)

    def _request(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        shown = {**(headers or {}), **self._credentials()}
        answer = self._http.request(method, path, headers=shown, **more)
        self._keep(answer)
        return answer

    def _credentials(self) -> dict[str, str]:
        """Return the headers of a kept session, read anew: another verb may have changed it."""
        cookies = {} if self.has_token else self.sessions.cookies
        if not cookies:
            return {}
        shown = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return {"Cookie": shown, "Origin": self._origin}

    def _keep(self, answer: httpx.Response) -> None:
        if not self.has_token:
            self.sessions.take(answer.headers.get_list("set-cookie"))


def unreachable(server: str, failed: httpx.TransportError) -> NoReturn:
    """End because the house cannot be reached."""
    why = str(failed) or type(failed).__name__
    fail(Exit.UNREACHABLE, server, "unreachable", f"{why}. Is `tocsin serve` running there?")


def end(problem: Problem) -> NoReturn:
    """End with a refusal."""
    code = Exit.REFUSED if problem.is_known else Exit.UNREACHABLE
    hint = " Sign in: tocsin sign-in, or give --token-file." if problem.rule in SIGN_IN else ""
    fail(code, problem.field, problem.rule, f"{problem.help}{hint}")


def _or_end(found: Any | Problem) -> Any:
    if isinstance(found, Problem):
        end(found)
    return found


def _read(answer: httpx.Response) -> Any | Problem:
    """Return an answer's document, or the refusal that it is."""
    if answer.is_success:
        return answer.json()
    known = answer.is_client_error
    try:
        problem = answer.json()
        field, rule, helped = (str(problem[name]) for name in ("field", "rule", "help"))
    except (ValueError, KeyError, TypeError):
        rule = f"http-{answer.status_code}"
        return Problem(str(answer.url.path), rule, answer.reason_phrase, known)
    return Problem(field, rule, helped, known)


def _plain(query: Mapping[str, object]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if value not in (None, [], ())}
