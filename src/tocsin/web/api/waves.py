"""Waves: many alerts and incidents of one attack; made by officers, read by all."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

LINES: tuple[Endpoint, ...] = ()
