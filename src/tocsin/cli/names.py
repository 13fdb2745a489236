"""Names of regions and hazards, as a running house has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tocsin.cli.client import House
from tocsin.cli.output import text


class Names:
    """Regions and hazards of a house's profile, by geocode and id; asked for once."""

    def __init__(self, house: House, language: str) -> None:
        self._language = language
        self.regions: dict[str, Any] = {
            each["geocode"]: each for each in house.get("/api/v1/regions")["regions"]
        }
        self.hazards: dict[str, Any] = {
            each["id"]: each for each in house.get("/api/v1/hazards")["hazards"]
        }

    def region(self, geocode: str) -> str:
        """Return a region's name, safe to print; its geocode where it has none."""
        known = self.regions.get(geocode)
        if known is None:
            return text(geocode)
        names = known["names"]
        return text(names.get(self._language) or known["latin"] or geocode)

    def hazard(self, name: str) -> str:
        """Return a hazard's name, safe to print."""
        known = self.hazards.get(name)
        return text(known["names"].get(self._language, name) if known else name)

    def places(self, geocodes: Iterable[str], most: int = 4) -> str:
        """Return some names, and how many more there are: ``North, South + 9``."""
        codes = list(geocodes)
        shown = ", ".join(self.region(code) for code in codes[:most])
        return f"{shown} + {len(codes) - most}" if len(codes) > most else shown

    def top(self) -> list[str]:
        """Return the regions directly under the root, in the profile's order."""
        root = next(code for code, each in self.regions.items() if each["parent"] is None)
        return [code for code, each in self.regions.items() if each["parent"] == root]

    def code(self, geocode: str) -> str:
        """Return the short code people use: ISO 3166-2 where there is one."""
        known = self.regions.get(geocode)
        return str(known["ids"].get("iso3166_2", geocode)) if known else geocode


def where(alert: dict[str, Any], names: Names) -> str:
    """Return the place of an alert in words."""
    area = alert["area"]
    said = names.places(area["regions"])
    drawn = len(area["polygons"]) + len(area["circles"])
    if drawn:
        said = f"{said}, drawn area" if said else "drawn area"
    return f"{said}, less {names.places(area['excluded'])}" if area["excluded"] else said
