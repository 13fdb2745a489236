"""Is it their code: six digits from a generator, each 30-second step accepted once.

Clocks may differ by 60 s (RELIABILITY P22), so the two steps before and after are tried. That
makes a guess one in 200,000, which is why wrong codes are counted (``checks.limits``). A step
that was used, and every one before it, is used up: the registry keeps the last.

Source: RFC 6238 sections 4 and 5.2.
"""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp

STEP_S = 30
DIGITS = 6
STEPS_AROUND = 2
"""60 s each way."""


def new_secret() -> str:
    """Return a fresh secret: 160 bits in base 32."""
    return pyotp.random_base32(length=32)


def address(secret: str, login: str, issuer: str) -> str:
    """Return the ``otpauth:`` address that a generator reads, mostly as a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the step whose code this is, the newest first; None where it is none near now."""
    plain = "".join(code.split())
    if len(plain) != DIGITS or not plain.isascii() or not plain.isdigit():
        return None
    generator = pyotp.TOTP(secret)
    current = int(now.timestamp()) // STEP_S
    found = None
    for step in range(current - STEPS_AROUND, current + STEPS_AROUND + 1):  # all: equal time
        if step >= 0 and hmac.compare_digest(generator.generate_otp(step), plain):
            found = step
    return found
