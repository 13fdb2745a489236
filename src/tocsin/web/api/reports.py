"""Reports and their drafts: taken in, read, confirmed or rejected by a situation officer."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

LINES: tuple[Endpoint, ...] = ()
