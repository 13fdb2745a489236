"""The situation as people may know it: JSON and CSV, after its embargo, at fixed slots."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

LINES: tuple[Endpoint, ...] = ()
