"""Pages of who speaks: people and organisations, planned against done, claimed against denied."""

from __future__ import annotations

from tocsin.web.endpoint import Endpoint

PAGES: tuple[Endpoint, ...] = ()
