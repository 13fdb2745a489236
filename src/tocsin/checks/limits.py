"""Is it bearable: how often one source may try, in a moving window, at no cost once it is over.

``limits`` counts; this file gives it a storage that is bounded and goes by the house's clock
(its own starts a timer thread and reads the wall clock, which can jump). A key that nobody has
asked for longest makes room for a new one.

Source: RELIABILITY T19, threat model "Rate limits".
"""

from __future__ import annotations

import hmac
import ipaddress
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MovingWindowSupport, Storage
from limits.strategies import MovingWindowRateLimiter

KEYS_MOST = 50_000
IPV6_SOURCE_BITS = 64
"""What one subscriber is given; inside it addresses cost nothing."""


def source_of(address: str) -> str:
    """Return whom an address counts as: itself, or the /64 that an IPv6 address lies in."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, IPV6_SOURCE_BITS), strict=False))
    return str(found)


def hidden(salt: bytes, value: str) -> str:
    """Return a salted hash by which equal values are known and none is read back (P23)."""
    return hmac.digest(salt, value.encode("utf-8", "surrogatepass"), "sha256").hex()[:32]


class MovingWindows(Storage, MovingWindowSupport):
    """Moments of each key's hits, in memory, bounded in keys and in moments.

    Args:
        now: the house's clock.
        keys_most: keys that are remembered.
    """

    STORAGE_SCHEME = None

    def __init__(self, now: Callable[[], datetime], keys_most: int = KEYS_MOST) -> None:
        super().__init__()
        self._now = now
        self._keys_most = keys_most
        self._hits: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """Return what may fail: nothing does."""
        return ()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Note ``amount`` hits of a key, unless more than ``limit`` would lie in the window."""
        with self._lock:
            hits = self._fresh(key, expiry)
            if len(hits) + amount > limit:
                return False
            hits.extend([self._now().timestamp()] * amount)
            self._hits[key] = hits
            self._hits.move_to_end(key)
            while len(self._hits) > self._keys_most:
                self._hits.popitem(last=False)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return the moment of the oldest hit in the window and how many lie there."""
        with self._lock:
            hits = self._fresh(key, expiry)
            return (hits[0] if hits else self._now().timestamp(), min(len(hits), limit))

    def _fresh(self, key: str, expiry: int) -> deque[float]:
        """Return a key's hits within the window; a clock that went back forgets what is ahead."""
        hits = self._hits.get(key, deque())
        now = self._now().timestamp()
        while hits and not now - expiry < hits[0] <= now:
            hits.popleft()
        return hits

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Refuse: windows that do not move are not kept."""
        raise NotImplementedError("only moving windows are kept here")

    get_expiry = get = incr  # type: ignore[assignment]

    def check(self) -> bool:
        """Return that it works."""
        return True

    def reset(self) -> int | None:
        """Forget everything; return how many keys there were."""
        with self._lock:
            count = len(self._hits)
            self._hits.clear()
            return count

    def clear(self, key: str) -> None:
        """Forget one key."""
        with self._lock:
            self._hits.pop(key, None)


class Limit:
    """So many within a minute or an hour, for each name; safe from many threads."""

    def __init__(
        self,
        now: Callable[[], datetime],
        most: int,
        *,
        per_hour: bool = False,
        keys_most: int = KEYS_MOST,
    ) -> None:
        kind: type[RateLimitItem] = RateLimitItemPerHour if per_hour else RateLimitItemPerMinute
        self._item = kind(most)
        self._limiter = MovingWindowRateLimiter(MovingWindows(now, keys_most))

    def hit(self, *names: str) -> bool:
        """Count one; False where it is over the limit (and then it is not counted)."""
        return self._limiter.hit(self._item, *names)

    def test(self, *names: str) -> bool:
        """Say whether one more would pass; counts nothing."""
        return self._limiter.test(self._item, *names)
