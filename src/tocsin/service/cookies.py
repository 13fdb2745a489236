"""The two cookies of an officer's browser: the session's token, and the mark of the device.

Both are out of reach of scripts and are not sent by other sites' pages; under https no other host
may set them (``__Host-``).

Source: RFC 6265bis sections 4.1.2 and 4.1.3; RELIABILITY T20, "cookie flags".
"""

from __future__ import annotations

from datetime import timedelta

SESSION, DEVICE = "tocsin-session", "tocsin-device"
HOST = "__Host-"
DEVICE_LASTS = timedelta(days=365)


def set_cookie(name: str, value: str, lasts: timedelta, *, origin: str) -> str:
    """Return a ``Set-Cookie`` value; an empty value with no time takes the cookie back."""
    secure = origin.startswith("https://")
    return (
        f"{HOST if secure else ''}{name}={value}; Path=/; Max-Age={int(lasts.total_seconds())}; "
        f"HttpOnly; SameSite=Strict{'; Secure' if secure else ''}"
    )
