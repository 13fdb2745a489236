"""Is this page real? The public key, the latest signed head, how to check a message."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

PAGES: tuple[Endpoint, ...] = ()
