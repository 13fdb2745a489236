"""People at eight desks who warn and end, and ask again by the same key until they know."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tocsin.core import events as ev
from tocsin.journal import codec
from tocsin.journal.sqlite import SqliteJournal
from tocsin.journal.verify import verify

PROGRAM = Path(__file__).with_name("house_process.py")
DESKS = 8
PATIENCE_S = 120


@dataclass
class Desks:
    """Eight callers, what each was told, and the house that they call as long as it lives."""

    folder: Path
    port: int
    regions: list[str]
    defect: str = ""
    told: list[tuple[str, int]] = field(default_factory=list)
    issued: int = 0
    slowest_start_s: float = 0.0
    wrong: list[str] = field(default_factory=list)
    _up: threading.Event = field(default_factory=threading.Event)
    _closing: bool = False
    _threads: list[threading.Thread] = field(default_factory=list)
    _token: str = ""

    def start_house(self) -> subprocess.Popen[bytes]:
        """Start the house and return its process once it answers."""
        begun = time.monotonic()
        server_defect = self.defect if self.defect != "no-key" else ""
        process = subprocess.Popen(
            [sys.executable, str(PROGRAM), str(self.folder), str(self.port),
             "--defect", server_defect],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )  # fmt: skip
        assert process.stdout is not None
        for line in process.stdout:
            if line == b"ready\n":
                break
        else:
            raise RuntimeError(f"the house did not start: {process.wait()}")
        self.slowest_start_s = max(self.slowest_start_s, time.monotonic() - begun)
        self._token = (self.folder / "first-token").read_text().strip()
        self._up.set()
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End the house as a power switch would not, but the kernel does."""
        self._up.clear()
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()

    def sit_down(self) -> None:
        """Begin to call."""
        for region in self.regions[:DESKS]:
            thread = threading.Thread(target=self._work, args=(region,))
            thread.start()
            self._threads.append(thread)

    def stand_up(self) -> None:
        """Let everybody finish what is under way; the house must be up."""
        self._closing = True
        self._up.set()
        for thread in self._threads:
            thread.join(PATIENCE_S)
            assert not thread.is_alive()

    def _work(self, region: str) -> None:
        for number in itertools.count():
            if self._closing:
                return
            self.issued += 1
            alert = self._ask(
                "/api/v1/alerts",
                {"hazard": "air-raid", "area": {"regions": [region]}},
                f"{region}-issue-{number}",
            )
            if alert is None:
                return
            end = "cancel" if number % 8 == 1 else "clear"  # most end well
            body = {} if end == "clear" else {"reason": "pressed in error"}
            path = f"/api/v1/alerts/{alert}/{end}"
            if self._ask(path, body, f"{region}-{end}-{number}") is None:
                return

    def _ask(self, path: str, body: Mapping[str, object], key: str) -> str | None:
        """Ask until there is a yes or a no; return the alert's id. A no is a fault here."""
        for attempt in itertools.count():
            if not self._up.wait(PATIENCE_S):
                self.wrong.append("the house stayed away")
                return None
            sent_key = f"{key}-{attempt}" if self.defect == "no-key" else key
            try:
                status, answer = self._call(path, body, sent_key)
            except (OSError, http.client.HTTPException):
                threading.Event().wait(0.005)  # unknown: it may have been done; ask again
                continue
            if status in {200, 201}:
                document = json.loads(answer)
                self.told.append((document["id"], document["revision"]))
                return str(document["id"])
            if status < http.client.INTERNAL_SERVER_ERROR:
                self.wrong.append(f"{path} {sent_key}: {status} {answer!r}")
                return None
        return None

    def _call(self, path: str, body: Mapping[str, object], key: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request(
                "POST", path, json.dumps(body),
                {"Authorization": f"Bearer {self._token}", "Idempotency-Key": key,
                 "Content-Type": "application/json"},
            )  # fmt: skip
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def faults(self, *, settled: bool) -> list[str]:
        """Return all that is wrong with the journal; ``settled``: every question has its answer."""
        told = list(self.told)
        journal = SqliteJournal.open(self.folder, readonly=True)
        try:
            verdict = verify(journal)
            faults = [] if verdict.is_ok else [f"chain: {verdict.misfit}"]
            revisions: Counter[tuple[str, int]] = Counter()
            issued = 0
            for row in journal.read():
                event = codec.decode_row(row)
                if isinstance(event, ev.AlertIssued):
                    issued += 1
                    revisions[event.alert_id, 1] += 1
                elif isinstance(event, ev.AlertEvent):
                    revisions[event.alert_id, event.revision] += 1
        finally:
            journal.close()
        faults += self.wrong
        faults += [f"lost: {each}" for each in told if each not in revisions]
        faults += [f"doubled: {each}" for each, count in revisions.items() if count > 1]
        if settled and issued != self.issued:
            faults.append(f"doubled: {issued} alerts issued, {self.issued} were asked for")
        return faults
