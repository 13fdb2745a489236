"""Counterfeit notices, and the code by which a message is known to be ours."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

LINES: tuple[Endpoint, ...] = ()
