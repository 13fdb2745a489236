"""Signed feeds: threat reports, dose rates and outages come in here, each under its key."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

LINES: tuple[Endpoint, ...] = ()
