"""Outages: what is out, where, how far it is back; what people may read of it."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

LINES: tuple[Endpoint, ...] = ()
