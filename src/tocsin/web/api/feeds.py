"""The keys of signed feeds: made by administrators, withdrawn, listed."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

LINES: tuple[Endpoint, ...] = ()
