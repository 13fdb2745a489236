"""Installations: entered, described, reported, erased. For the desk alone."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

LINES: tuple[Endpoint, ...] = ()
