"""How quickly history is imported, and how soon a house over it serves again.

    python bench/import.py [--source official]

Prints one JSON object: commands a second of the import (reading the file not counted), and the
seconds from starting `tocsin serve` to its first answer, with and without a snapshot.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    """Import into a temporary folder, then start a house over it twice."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--source", default="official")
    source = asked.parse_args().source
    with tempfile.TemporaryDirectory() as scratch:
        data = str(Path(scratch) / "data")
        verb = [sys.executable, "-m", "tocsin"]
        words = [*verb, "import", "history", "--source", source, "--data", data, "--json"]
        imported = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
        found = {
            "commands_per_s": imported["commands_per_s"],
            "commands": imported["commands"],
            "import_s": imported["seconds"],
            "journal_events": imported["journal_events"],
            "restart_s": ready_after_s(verb, data),
            "restart_with_snapshot_s": ready_after_s(verb, data),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python "
            f"{platform.python_version()}",
        }
    print(json.dumps(found, indent=2))  # a bench prints


def ready_after_s(verb: list[str], data: str) -> float:
    """Return the seconds from starting the house until it answers."""
    began = time.monotonic()
    words = [*verb, "serve", "--data", data, "--port", "0", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as house:
        assert house.stdout is not None  # noqa: S101  # a pipe was asked for
        json.loads(house.stdout.readline())
        took = time.monotonic() - began
        house.terminate()
        house.wait()
    return round(took, 2)


if __name__ == "__main__":
    main()
