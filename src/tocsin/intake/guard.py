"""Which addresses may be fetched: those of the open internet, spelled in the plain way.

An address that somebody names is a way to make this server speak to its own network. So: http or
https, no name and password in it, usual ports, a host that is a name or an address as it is
written today (``0x7f.1`` and ``2130706433`` are not), and every address that the name has must be
a global one. Those that carry another inside (mapped, NAT64, 6to4, Teredo) are not.

Source: RELIABILITY threat model, "Outbound"; T16.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from tocsin.core.refusals import Rule
from tocsin.errors import BadInput

FIELD = "/address"
LONGEST = 2_000
PORTS = frozenset({80, 443, 8080, 8443})
"""A web server answers there; a database or a mail server does not."""
DEFAULT_PORTS = {"http": 80, "https": 443}

_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_CARRIERS = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
        *("192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "100.64.0.0/10", "240.0.0.0/4"),
    )
)
"""Global by the tables, or nearly, but leading elsewhere or nowhere."""
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_PLAIN = "!#$%&'()*+,/:;=?@[]~-._"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address taken apart: whom to ask, where, and for what."""

    scheme: str
    host: str
    """As it is asked for: lower case, IDN as ``xn--``, without a dot at its end."""
    port: int
    path: str
    """With its question, as it stands in the request."""
    is_allowed: bool
    """The house itself named this host: it may lie in its own network."""

    @property
    def address(self) -> str:
        """Return the address as text again, without its fragment."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if DEFAULT_PORTS[self.scheme] == self.port else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"

    @property
    def authority(self) -> str:
        """Return what the ``Host`` header says."""
        return self.address.split("://", 1)[1].split("/", 1)[0]


def refused(why: str) -> BadInput:
    """Return the refusal of an address."""
    return BadInput(why, field=FIELD, rule=Rule.BAD_VALUE)


def target(address: str, allow: Collection[str] = ()) -> Target:
    """Take an address apart.

    Args:
        address: what a person, a feed or a redirect named.
        allow: hosts (``wire.example``, or with ``:port``) that may lie in the house's own network
            and have any port; by the house's settings only, never from outside.

    Raises:
        BadInput: it is no address that may be fetched; the text says why.
    """
    if len(address) > LONGEST:
        raise refused(f"longer than {LONGEST:,} characters")
    if any(char.isspace() or not char.isprintable() or char == "\\" for char in address):
        raise refused("has a space, a backslash or a control character in it")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise refused("is not an address such as https://news.example/report") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise refused("must begin with https:// or http://")
    if "@" in parts.netloc:
        raise refused("has a name or a password in it: leave them out")
    host = _host(parts)
    port = DEFAULT_PORTS[parts.scheme] if port is None else port
    is_allowed = host in allow or f"{host}:{port}" in allow
    if port not in PORTS and not is_allowed:
        raise refused(f"port {port} is not one of the web: {', '.join(map(str, sorted(PORTS)))}")
    path = quote(parts.path or "/", safe=_PLAIN)
    if parts.query:
        path += "?" + quote(parts.query, safe=_PLAIN)
    return Target(scheme=parts.scheme, host=host, port=port, path=path, is_allowed=is_allowed)


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        return _v6(host)
    try:
        host = host.encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError:
        raise refused("its host is not a name that the internet has") from None
    labels = host.split(".")
    if not host or len(host) > 253 or not all(_LABEL.fullmatch(each) for each in labels):  # noqa: PLR2004
        raise refused("its host is not a name that the internet has")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            raise refused("its host is a number: write it as four, such as 192.0.2.1") from None
    return host


def _v6(host: str) -> str:
    try:
        found = ipaddress.IPv6Address(host)
    except ValueError:
        raise refused("its host is not an address") from None
    if found.scope_id:
        raise refused("its host is an address of one wire only")
    return str(found)


def is_number(host: str) -> bool:
    """Say whether a host is an IP address, so that nobody has to be asked for it."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_open(address: str) -> bool:
    """Say whether an IP address is one of the open internet, and of no one's own network."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and (found.scope_id or found not in _GLOBAL_V6):
        return False
    if found.is_multicast or found.is_reserved or not found.is_global:
        return False
    return not any(found in network for network in _CARRIERS if network.version == found.version)
