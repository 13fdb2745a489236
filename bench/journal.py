"""How fast commands become durable: 32 publishers through the service, beside PostgreSQL.

``python -m bench.journal`` starts a PostgreSQL of its own in a temporary folder on the same disk
and takes turns, so that all see the same machine: its plain insert by 32 clients; its insert with a
gapless number from a counter row in the same transaction (what one order costs there, P7); and
32 publishers through ``service.submit``, each answer given after its commit is synced. PostgreSQL
syncs every commit too, is driven by ``pgbench`` (C, prepared, one round trip for each
transaction) and stores rows of the same size with less around them (no hash, no identity).

Asked for: at least 8 times PostgreSQL with the counter row, and not slower than its plain insert.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import apsw

from tocsin.bootstrap import open_profile
from tocsin.clock import Ids, SystemClock
from tocsin.core import commands as co
from tocsin.core.alert import Audience, Realm, Status
from tocsin.core.area import Area
from tocsin.formats.profile import Profile
from tocsin.journal import codec
from tocsin.journal.sqlite import SqliteJournal
from tocsin.journal.verify import verify
from tocsin.service.housetime import TrustedTime
from tocsin.service.ports import Draft, Entry, Identity
from tocsin.service.submit import Accepted, Service
from tocsin.settings import Profile as ProfileSetting

ASKED = {"times_counter": 8, "times_plain": 1}
"""What the figures must at least be."""

PLAIN = """
INSERT INTO event (kind, version, data, alert_id, audience, recorded_at)
VALUES ('alert-issued', 1, convert_to('{data}', 'UTF8'), gen_random_uuid()::text, 'public', now());
"""
COUNTED = """
WITH one AS (UPDATE counter SET n = n + 1 RETURNING n)
INSERT INTO counted (seq, kind, version, data, alert_id, audience, recorded_at)
SELECT n, 'alert-issued', 1, convert_to('{data}', 'UTF8'), gen_random_uuid()::text, 'public', now()
FROM one;
"""
SCHEMA = """
CREATE TABLE event (
    seq bigserial PRIMARY KEY, kind text NOT NULL, version int NOT NULL, data bytea NOT NULL,
    alert_id text, audience text NOT NULL, recorded_at timestamptz NOT NULL);
CREATE INDEX ON event (alert_id);
CREATE TABLE counted (
    seq bigint PRIMARY KEY, kind text NOT NULL, version int NOT NULL, data bytea NOT NULL,
    alert_id text, audience text NOT NULL, recorded_at timestamptz NOT NULL);
CREATE INDEX ON counted (alert_id);
CREATE TABLE counter (n bigint NOT NULL);
INSERT INTO counter VALUES (0);
"""


class Postgres:
    """A PostgreSQL server of our own, for as long as the measuring takes."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder = folder
        self._programs = programs
        # It refuses to run as root.
        self._user = ["runuser", "-u", "nobody", "--"] if os.getuid() == 0 else []
        self._socket = ["-h", str(folder), "-p", "5432"]
        if self._user:
            shutil.chown(folder, "nobody")
        self._run("initdb", "-D", str(folder / "db"), "-A", "trust", "-U", "bench")
        settings = {
            "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on",
            "max_connections": "64", "shared_buffers": "256MB", "max_wal_size": "4GB",
            "listen_addresses": "''", "unix_socket_directories": str(folder),
        }  # fmt: skip
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._run(
            "pg_ctl", "-D", str(folder / "db"), "-w", "-l", str(folder / "log"),
            "-o", options, "start",
        )  # fmt: skip
        (folder / "schema.sql").write_text(SCHEMA)
        self._run("psql", *self._socket, "-U", "bench", "-q", "-f", str(folder / "schema.sql"),
                  "postgres")  # fmt: skip

    def stop(self) -> None:
        """Stop it; its folder is the caller's."""
        self._run("pg_ctl", "-D", str(self._folder / "db"), "-w", "-m", "fast", "stop")

    def version(self) -> str:
        """Return what the server calls itself."""
        return self._run("postgres", "--version").strip()

    def rate(self, script: str, row_bytes: int, clients: int, seconds: int) -> float:
        """Return transactions a second of ``clients`` that run ``script`` again and again."""
        file = self._folder / "script.sql"
        file.write_text(script.format(data="x" * row_bytes))
        said = self._run(
            "pgbench", *self._socket, "-U", "bench", "-n", "-M", "prepared", "-c", str(clients),
            "-j", "2", "-T", str(seconds), "-f", str(file), "postgres",
        )  # fmt: skip
        found = re.search(r"tps = ([\d.]+) \(without", said)
        if found is None:
            raise RuntimeError(said)
        return float(found[1])

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [*self._user, str(self._programs / program), *arguments],
            check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            cwd=self._folder,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}")
        return done.stdout


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[Postgres | None]:
    """Yield a running PostgreSQL, or None where none is installed."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = shutil.which("initdb") or (str(places[-1]) if places else None)
    if found is None:
        yield None
        return
    server = Postgres(folder, Path(found).resolve().parent)
    try:
        yield server
    finally:
        server.stop()


async def service_rate(
    folder: Path, profile: Profile, publishers: int, seconds: float
) -> tuple[float, float, int]:
    """Return commands a second through the service, 99th percentile in ms, and bytes of a row.

    Each publisher has a region of its own and gives an alert and its all-clear by turns.
    """
    world = profile.world
    journal = SqliteJournal.open(folder)
    clock = TrustedTime(SystemClock())
    service = Service(world=world, journal=journal, codec=codec, clock=clock, new_id=Ids(clock.now))
    service.load()
    service.start()
    await service.submit(co.GiveMandate(sender=world.authority, regions=(world.tree.root,)))
    hazard = next(iter(world.hazards))
    times: list[float] = []
    until = time.perf_counter() + seconds

    async def publish(region: str) -> None:
        alert_id: str | None = None
        while (begun := time.perf_counter()) < until:
            command: co.Command = (
                co.IssueAlert(
                    realm=Realm.LIVE, status=Status.ACTUAL, sender=world.authority,
                    hazard=hazard, area=Area(regions=(region,)),
                )
                if alert_id is None
                else co.ClearAlert(sender=world.authority, alert_id=alert_id)
            )  # fmt: skip
            answer = await service.submit(command)
            if not isinstance(answer, Accepted):
                raise TypeError(answer)
            alert_id = answer.alert_id if alert_id is None else None
            times.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    await asyncio.gather(*map(publish, world.tree.leaf_codes[:publishers]))
    took = time.perf_counter() - begun
    await service.stop()
    sizes = [len(row.data) for row in journal.read()]
    if not verify(journal).is_ok:
        raise RuntimeError("the chain does not fit")
    journal.close()
    p99_ms = statistics.quantiles(times, n=100)[98] * 1000
    return len(times) / took, p99_ms, round(statistics.mean(sizes))


async def journal_rate(folder: Path, row_bytes: int, publishers: int, seconds: float) -> float:
    """Return commands a second through the journal and the least group commit: no rules, no state.

    What the service adds to a command is the difference to ``service_rate``.
    """
    journal = SqliteJournal.open(folder)
    clock = SystemClock()
    loop = asyncio.get_running_loop()
    waiting: list[tuple[Entry, asyncio.Future[None]]] = []
    data = b"x" * row_bytes
    seq = count = 0
    until = time.perf_counter() + seconds

    async def publish(number: int) -> None:
        nonlocal count
        while time.perf_counter() < until:
            count += 1
            name = f"{number}-{count}"
            answer = loop.create_future()
            event = Draft("alert-issued", 1, data, f"{count:036d}", Audience.PUBLIC)
            identity = Identity("sender", name, "c" * 64, name)
            waiting.append((Entry((event,), (identity,)), answer))
            await answer

    begun = time.perf_counter()
    tasks = [asyncio.create_task(publish(number)) for number in range(publishers)]
    with ThreadPoolExecutor(1) as writer:
        while not all(task.done() for task in tasks):
            await asyncio.sleep(0)
            group, waiting[:] = waiting[:], []
            if not group:
                continue
            append = partial(
                journal.append, [entry for entry, _ in group],
                expected=seq, recorded_at=clock.now(), reading=clock.reading(),
            )  # fmt: skip
            seq += sum(map(len, await loop.run_in_executor(writer, append)))
            for _, answer in group:
                answer.set_result(None)
    took = time.perf_counter() - begun
    journal.close()
    return seq / took


def import_rate(folder: Path, row_bytes: int, count: int = 50_000) -> tuple[float, float]:
    """Return rows a second appended in batches of 500, and seconds to read them all again."""
    journal = SqliteJournal.open(folder)
    clock = SystemClock()
    data = b"x" * row_bytes
    took = 0.0
    for start in range(0, count, 500):
        batch = [
            Entry(
                (
                    Draft(
                        "alert-issued", 1, data, f"{number:036d}", Audience.PUBLIC, sequenced=False
                    ),
                )
            )
            for number in range(start, start + 500)
        ]
        begun = time.perf_counter()
        journal.append(batch, expected=start, recorded_at=clock.now(), reading=clock.reading())
        took += time.perf_counter() - begun
    begun = time.perf_counter()
    read = sum(1 for _ in journal.read())
    read_s = time.perf_counter() - begun
    journal.close()
    return read / took, read_s


def sync_ms(folder: Path) -> float:
    """Return the median time of one 4 KiB write and sync here, in ms: the disk's own floor."""
    times = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(200):
            begun = time.perf_counter()
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def measure(options: argparse.Namespace, root: Path) -> dict[str, object]:
    """Take turns and return the figures."""
    profile = open_profile(ProfileSetting())
    (root / "pg").mkdir()
    plain: list[float] = []
    counted: list[float] = []
    ours: list[float] = []
    p99s: list[float] = []
    bare: list[float] = []
    row_bytes = 700
    with postgres(root / "pg") as server:
        version = server.version() if server else "not installed"
        for turn in range(options.rounds):
            rate, p99_ms, row_bytes = asyncio.run(
                service_rate(root / f"ours{turn}", profile, options.publishers, options.seconds)
            )
            ours.append(rate)
            p99s.append(p99_ms)
            at = (row_bytes, options.publishers, options.seconds)
            bare.append(asyncio.run(journal_rate(root / f"bare{turn}", *at)))
            if server:
                plain.append(server.rate(PLAIN, *at))
                counted.append(server.rate(COUNTED, *at))
    appended, read_s = import_rate(root / "import", row_bytes)
    figures: dict[str, object] = {
        "service_per_s": round(statistics.median(ours)),
        "service_p99_ms": round(statistics.median(p99s), 1),
        "journal_alone_per_s": round(statistics.median(bare)),
        "import_rows_per_s": round(appended),
        "read_50000_rows_s": round(read_s, 3),
        "row_bytes": row_bytes,
        "sync_ms": round(sync_ms(root), 3),
    }
    if plain:
        figures |= {
            "postgres_plain_per_s": round(statistics.median(plain)),
            "postgres_counter_per_s": round(statistics.median(counted)),
            "times_plain": round(statistics.median(map(ratio, ours, plain)), 2),
            "times_counter": round(statistics.median(map(ratio, ours, counted)), 2),
        }
    return figures | {
        "publishers": options.publishers,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        "python": platform.python_version(),
        "sqlite": apsw.sqlite_lib_version(),
        "postgres": version,
    }


def ratio(one: float, other: float) -> float:
    """Return how many times ``other`` goes into ``one``."""
    return one / other


def main() -> int:
    """Measure and print; 1 if a figure that is asked for is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--publishers", type=int, default=32)
    parser.add_argument("--seconds", type=int, default=5, help="of each turn")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        Path(folder).chmod(0o755)
        figures = measure(options, Path(folder))
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:24} {value}")
        print("asked for                " + ", ".join(f"{n} >= {x}" for n, x in ASKED.items()))
    missed = [name for name, least in ASKED.items() if figures.get(name, least) < least]  # type: ignore[operator]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
