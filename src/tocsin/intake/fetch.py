"""Fetch an address that somebody else named, and nothing of the house's own network.

The name is looked up once, every address it has must be a global one (``guard``), and the
connection goes to the address that was looked at, not to the name again: a name that changes its
answer gains nothing. A redirect is a new address and is looked at as one. What comes is bounded
in time and bytes, also after unpacking.

Source: RELIABILITY threat model, "Outbound"; T16.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import zlib
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import urljoin

import httpx

from tocsin import __version__
from tocsin.core.refusals import Rule
from tocsin.errors import BadInput, TocsinError
from tocsin.intake.guard import FIELD, Target, is_number, is_open, refused, target

LARGEST = 2 * 1024 * 1024
"""Bytes of an answer, unpacked."""
PATIENCE_S = 10.0
"""For all of it: looking up, every redirect, the last byte."""
CONNECTING_S = 4.0
"""For one address of a host; then the next is tried."""
REDIRECTS = 4
TRIED = 3
"""Addresses of one host that are tried."""

_MOVED = frozenset({301, 302, 303, 307, 308})
_GOOD, _UNCHANGED = 200, 304
_MEDIA = ("text/", "application/xhtml", "application/xml", "application/json")
_ENDINGS = ("+xml", "+json")

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


class FetchFailed(TocsinError):
    """The address did not answer, or not with a report; the text says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What an address answered."""

    body: bytes
    media_type: str | None
    """Lower case, without parameters: ``text/html``."""
    charset: str | None
    final_address: str
    """Where it stood after redirects."""
    etag: str | None = None
    last_modified: str | None = None
    is_unchanged: bool = False
    """The far end says it is as it was (``etag``, ``last_modified`` were given): no body."""


async def resolved(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a name, as this machine's resolver knows them."""
    loop = asyncio.get_running_loop()
    try:
        rows = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchFailed(f"{host} is not a name that is known here") from None
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


async def fetch(
    address: str,
    *,
    allow: Collection[str] = (),
    etag: str | None = None,
    last_modified: str | None = None,
    resolve: Resolve = resolved,
) -> Fetched:
    """Fetch an address, once.

    Args:
        address: http or https, from a person or a feed.
        allow: hosts (or ``host:port``) that the house's settings let lie in its own network.
        etag: of the last answer; with it the far end may say that nothing changed.
        last_modified: of the last answer, likewise.
        resolve: who knows the addresses of a name.

    Raises:
        BadInput: the address, or one it leads to, may not be fetched; or the answer is too large
            or no text.
        FetchFailed: it does not answer, or with an error.
    """
    asked = {"etag": etag, "last_modified": last_modified}
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await _followed(address, allow, asked, resolve)
    except TimeoutError:
        raise FetchFailed(f"did not answer within {PATIENCE_S:.0f} s: try again") from None


async def _followed(
    address: str, allow: Collection[str], asked: dict[str, str | None], resolve: Resolve
) -> Fetched:
    """Ask, and ask again where it moved to, each time as if it were the first."""
    at = target(address, allow)
    for _ in range(REDIRECTS + 1):
        answer = await _asked(at, await _numbers(at, resolve), asked)
        if isinstance(answer, Fetched):
            return answer
        there = target(urljoin(at.address, answer), allow)
        if at.scheme == "https" and there.scheme != "https":
            raise refused("it leads from https to http: give the address it should be read at")
        at = there
    raise FetchFailed(f"leads on more than {REDIRECTS} times")


async def _numbers(at: Target, resolve: Resolve) -> Sequence[str]:
    """Return where to connect to; one address that is not open spoils the name."""
    found = [at.host] if is_number(at.host) else await resolve(at.host, at.port)
    if not found:
        raise FetchFailed(f"{at.host} has no address")
    if not at.is_allowed and not all(is_open(each) for each in found):
        raise refused("it lies in a network of its own, not in the open internet")
    return found[:TRIED]


async def _asked(at: Target, numbers: Sequence[str], asked: dict[str, str | None]) -> Fetched | str:
    """Return the answer, or the address it says it moved to."""
    trusted = _trusted() if at.scheme == "https" else False
    async with httpx.AsyncHTTPTransport(verify=trusted, trust_env=False) as transport:
        for number in numbers:
            try:
                response = await transport.handle_async_request(_request(at, number, asked))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
            except httpx.HTTPError:
                raise FetchFailed("does not speak HTTP as it should") from None
            try:
                return await _read(at, response)
            except httpx.HTTPError:
                raise FetchFailed("broke off in the middle of its answer: try again") from None
            finally:
                await response.aclose()
    raise FetchFailed("cannot be reached: is the address right, and this machine on line?")


@cache
def _trusted() -> ssl.SSLContext:
    """Return whose certificates count: the usual ones, and this system's own."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def _request(at: Target, number: str, asked: dict[str, str | None]) -> httpx.Request:
    headers = {
        "Host": at.authority,
        "User-Agent": f"Tocsin/{__version__}",
        "Accept": "text/html, application/xhtml+xml, text/plain, application/xml;q=0.9, */*;q=0.1",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    if asked["etag"]:
        headers["If-None-Match"] = asked["etag"]
    if asked["last_modified"]:
        headers["If-Modified-Since"] = asked["last_modified"]
    host = f"[{number}]" if ":" in number else number
    return httpx.Request(
        "GET",
        f"{at.scheme}://{host}:{at.port}{at.path}",
        headers=headers,
        extensions={
            "sni_hostname": at.host,  # the certificate must be the name's, wherever we connect to
            "timeout": {"connect": CONNECTING_S, "read": PATIENCE_S, "write": PATIENCE_S},
        },
    )


async def _read(at: Target, response: httpx.Response) -> Fetched | str:
    headers = response.headers
    if response.status_code in _MOVED and headers.get("location"):
        return headers["location"]
    if response.status_code not in {_GOOD, _UNCHANGED}:
        raise FetchFailed(f"answered {response.status_code}: is there a report at this address?")
    media = headers.get("content-type", "").split(";")[0].strip().lower() or None
    is_unchanged = response.status_code == _UNCHANGED
    if media and not is_unchanged and not (media.startswith(_MEDIA) or media.endswith(_ENDINGS)):
        raise BadInput(
            f"answered with {media}: give the address of a page or of a text",
            field=FIELD,
            rule=Rule.WRONG_CONTENT_TYPE,
        )
    if headers.get("content-length", "").isdecimal() and int(headers["content-length"]) > LARGEST:
        raise _too_large()
    return Fetched(
        body=b"" if is_unchanged else await _body(response),
        media_type=media,
        charset=response.charset_encoding,
        final_address=at.address,
        etag=headers.get("etag"),
        last_modified=headers.get("last-modified"),
        is_unchanged=is_unchanged,
    )


async def _body(response: httpx.Response) -> bytes:
    """Return the body, unpacked here: what a few packed bytes may grow to is bounded."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in {"identity", "", "gzip", "x-gzip"}:
        raise FetchFailed(f"answered packed as {packing}, which was not asked for")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16) if "gzip" in packing else None
    body = bytearray()
    async for chunk in response.aiter_raw():
        try:
            body += chunk if unpack is None else unpack.decompress(chunk, LARGEST + 1 - len(body))
        except zlib.error:
            raise FetchFailed("says it is packed, and is not") from None
        if len(body) > LARGEST:
            raise _too_large()
    return bytes(body)


def _too_large() -> BadInput:
    return BadInput(
        f"answers with more than {LARGEST // 1024 // 1024} MiB: a report has less",
        field=FIELD,
        rule=Rule.TOO_LARGE,
    )
