"""Which channels still reach whom: for people without the cause, for the desk with it."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

LINES: tuple[Endpoint, ...] = ()
