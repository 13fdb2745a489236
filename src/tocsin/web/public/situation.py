"""The situation pages: time line, incidents, statements, the day's report."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

PAGES: tuple[Endpoint, ...] = ()
