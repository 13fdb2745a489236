"""Evidence: an incident with its claims, quotes, sources and the chain's proof, signed."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

LINES: tuple[Endpoint, ...] = ()
