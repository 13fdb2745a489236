"""How quickly a report is read into drafts, warm in process and as a command.

    python bench/read.py [--rounds 20]

Prints one JSON object. The peer in the same run is trafilatura's extraction of the same text as a
page: the one step that is a library's, so ``times_extraction`` is our reading as a ratio to it.
The command's seconds and largest memory are those of ``tocsin read FILE --json`` as a new process.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SETS = Path(__file__).parent.parent / "tests" / "data" / "reports" / "dev"
WANTED_CHARACTERS = 5_000


def main() -> None:
    """Read the same 5 kB again and again, then once as a command."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=20)
    rounds = asked.parse_args().rounds
    text = report()
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "report.txt"
        file.write_text(text, encoding="utf-8")
        words = [sys.executable, "-m", "tocsin", "read", str(file), "--published", "2024-05-21",
                 "--json"]  # fmt: skip
        commands = [command(words) for _ in range(3)]
    read = milliseconds(reading(text), rounds)
    extracted = milliseconds(extraction(text), rounds)
    print(  # a bench prints
        json.dumps(
            {
                "characters": len(text),
                "read_ms_p50": round(statistics.median(read), 1),
                "read_ms_worst": round(max(read), 1),
                "extraction_ms_p50": round(statistics.median(extracted), 1),
                "times_extraction": round(
                    statistics.median(read) / statistics.median(extracted), 2
                ),
                "command_s": round(min(took for took, _ in commands), 2),
                "command_largest_mb": round(max(size for _, size in commands), 1),
                "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python "
                f"{platform.python_version()}",
            },
            indent=2,
        )
    )


def report() -> str:
    """Return some 5 kB of the bundled reports, English ones, one after the other."""
    text = ""
    for file in sorted((SETS / "texts").glob("*.txt")):
        text += file.read_text(encoding="utf-8") + "\n\n"
        if len(text) >= WANTED_CHARACTERS:
            break
    return text[:WANTED_CHARACTERS]


def reading(text: str) -> Callable[[], object]:
    """Return what reads the text once; the names of places are open before."""
    from datetime import date

    from tocsin.reader.draft import draft
    from tocsin.reader.gazetteer import Gazetteer
    from tocsin.reader.text import read_document

    names = Gazetteer.open()
    return lambda: draft(read_document(text, name="bench", published=date(2024, 5, 21)), names)


def extraction(text: str) -> Callable[[], object]:
    """Return the library's extraction of the same text from a page."""
    from trafilatura import extract

    body = "".join(f"<p>{line}</p>" for line in text.splitlines() if line)
    page = f"<html><body><article>{body}</article></body></html>"
    return lambda: extract(page)


def milliseconds(work: Callable[[], object], rounds: int) -> list[float]:
    """Return how long each round took, after two that do not count."""
    for _ in range(2):
        work()
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return took


def command(words: list[str]) -> tuple[float, float]:
    """Return seconds and largest memory in MB of one run as a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    began = time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    took = time.perf_counter() - began
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return took, max(before, largest) / 1024


if __name__ == "__main__":
    main()
