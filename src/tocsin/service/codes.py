"""Recovery codes: ten, each good once in the place of a generator's code, shown once.

Ten signs of 32 are 50 bits; letters that people mistake for digits are read as these.
"""

from __future__ import annotations

import hashlib
import secrets

SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's 32: no i, l, o, u."""
LENGTH = 10
COUNT = 10
_MEANT = str.maketrans("ilo", "110")


def new_codes() -> tuple[str, ...]:
    """Return ten fresh codes as they are shown: ``xxxxx-xxxxx``."""
    codes = ("".join(secrets.choice(SIGNS) for _ in range(LENGTH)) for _ in range(COUNT))
    return tuple(f"{code[:5]}-{code[5:]}" for code in codes)


def code_hash(account_id: str, code: str) -> bytes:
    """Return what is stored of a code: SHA-256 of it and the account, whatever it is typed like."""
    plain = "".join(code.casefold().replace("-", " ").split()).translate(_MEANT)
    return hashlib.sha256(f"{account_id}:{plain}".encode("utf-8", "surrogatepass")).digest()
