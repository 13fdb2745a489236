"""What handlers work with: the house, as it is now or as it stood at a past moment."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tocsin.checks import json as strict
from tocsin.checks.identity import Credentials
from tocsin.checks.resolve import Places
from tocsin.fanout.hub import Hub
from tocsin.service.officers import Officers
from tocsin.service.submit import Service


@dataclass(frozen=True, slots=True)
class House:
    """What handlers work with; built once, by ``bootstrap``.

    ``preview_key`` binds previews to what is issued; it lives as long as the process.
    ``shared`` is room for what a group of handlers keeps between requests (indexes, templates).
    ``officers`` knows officers and machines; without it, the first token alone opens. ``proxies``
    are the addresses whose word on who asks is believed.
    """

    service: Service
    hub: Hub
    credentials: Credentials
    places: Places
    max_body_bytes: int = strict.MOST_BYTES
    preview_key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    shared: dict[str, Any] = field(default_factory=dict)
    officers: Officers | None = None
    proxies: frozenset[str] = frozenset()
    at: datetime | None = None
    """The past moment that it stands at (``web.past``); None: now."""
