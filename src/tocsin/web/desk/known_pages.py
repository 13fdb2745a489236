"""The desk as it was known at a past moment, and an incident's evidence."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

PAGES: tuple[Endpoint, ...] = ()
