"""The desk's pages: inbox, report, incident."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

PAGES: tuple[Endpoint, ...] = ()
