"""Hours without a service as rows of CSV, as the claims are: see ``situation_csv``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from tocsin.core.area import RegionTree
from tocsin.projections.outages import Without
from tocsin.web.api.situation_csv import BOM, harmless

COLUMNS = ("day", "region", "service", "hours", "weighted_hours", "hours_in_part")


def written(rows: Iterable[Without], tree: RegionTree, languages: Sequence[str]) -> bytes:
    """Return the table, with the region's name in every language of the profile."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([*COLUMNS, *(f"name_{language}" for language in languages)])
    for row in rows:
        cells = [row.day.isoformat(), row.region, row.service, f"{row.hours:g}",
                 f"{row.weighted_hours:g}", f"{row.hours_in_part:g}"]  # fmt: skip
        cells += [tree[row.region].name(language) for language in languages]
        writer.writerow([harmless(cell) for cell in cells])
    return BOM + out.getvalue().encode()
