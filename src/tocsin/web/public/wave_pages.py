"""A wave's page: its alerts and incidents on one time line, its toll beside them."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

PAGES: tuple[Endpoint, ...] = ()
