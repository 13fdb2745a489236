"""Guidance: what people in an area must avoid or do, public at once."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

LINES: tuple[Endpoint, ...] = ()
