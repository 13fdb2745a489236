"""Incidents and claims as the desk keeps them: opened, corrected, linked, held back."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

LINES: tuple[Endpoint, ...] = ()
