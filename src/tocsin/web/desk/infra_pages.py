"""The desk's pages of installations, coverage, outages, postures and watches (D3-D5)."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

PAGES: tuple[Endpoint, ...] = ()
