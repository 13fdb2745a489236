"""Drafts of alerts that machines made: listed, dismissed."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

LINES: tuple[Endpoint, ...] = ()
