"""The token of a preview: it fits exactly what was previewed, in this process, and nothing else.

It binds what was asked and what the house made of it: the area resolved, the room and who
asks. What one officer previewed, another cannot issue.

Source: RELIABILITY P19; DESIGN section 7, "a polygon and regions".
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from msgspec import structs

from tocsin.checks import json as strict
from tocsin.core import commands as co
from tocsin.web.api.asks import IssueAsk


def token_of(key: bytes, body: IssueAsk, command: co.IssueAlert) -> str:
    """Return the token for ``body`` as ``command`` resolves it."""
    asked = strict.canonical(structs.replace(body, token=None, realm=command.realm))
    resolved = repr((command.sender, command.by, command.area)).encode()
    mac = hmac.new(key, digestmod=hashlib.sha256)
    for part in (asked, resolved):
        mac.update(len(part).to_bytes(8, "big"))
        mac.update(part)
    return base64.urlsafe_b64encode(mac.digest()).decode().rstrip("=")


def is_bound(key: bytes, token: str, body: IssueAsk, command: co.IssueAlert) -> bool:
    """Say whether ``token`` came from the preview of exactly this."""
    return hmac.compare_digest(token.encode(), token_of(key, body, command).encode())
