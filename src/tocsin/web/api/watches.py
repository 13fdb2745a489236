"""The watch: observed, unchanged, as of a moment, says whom. Signed; never an all-clear."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

LINES: tuple[Endpoint, ...] = ()
