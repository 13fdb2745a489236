"""A real house as a process of its own, and the command line as another."""

import json
import os
import pty
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SRC = Path(__file__).parents[2] / "src"
WAIT_S = 50
NOWHERE = str(Path(tempfile.gettempdir()) / f"tocsin-tests-{os.getpid()}")
"""Where a verb's session would be kept: never where the developer's own is."""


def environment(**more: str) -> dict[str, str]:
    """What a verb sees: nothing of the person's own settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TOCSIN")}
    own = {"PYTHONPATH": str(SRC), "TZ": "UTC", "COLUMNS": "200", "XDG_STATE_HOME": NOWHERE}
    return {**kept, **own, **more}


@dataclass
class Ran:
    """How a verb ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, read as JSON."""
        return json.loads(self.out)


def tocsin(*words: object, **env: str) -> Ran:
    """Run one verb to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "tocsin", *map(str, words)],
        env=environment(**env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=WAIT_S,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def typed(word: str, *words: object, **env: str) -> Ran:
    """Run a verb on a terminal and type a word; what it prints comes together."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tocsin", *map(str, words)],
        env=environment(**env),
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    os.close(slave)
    os.write(master, f"{word}\n".encode())
    out, _ = process.communicate(timeout=WAIT_S)
    os.close(master)
    return Ran(process.returncode, out.decode(), "")


@dataclass
class Served:
    """A house as a process of its own."""

    folder: Path
    process: subprocess.Popen[bytes]
    ready: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where it answers."""
        return str(self.ready["address"])

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.url.rsplit(":", 1)[1])

    def run(self, *words: object) -> Ran:
        """Run a verb against it, as anybody."""
        return tocsin(*words, TOCSIN_SERVER=self.url)

    def officer(self, *words: object) -> Ran:
        """Run a verb against it, with its token."""
        return tocsin(*words, "--data", self.folder, TOCSIN_SERVER=self.url)

    def issue(self, *areas: str, hazard: str = "air-raid") -> Any:
        """Issue an alert by the guarded road and return it."""
        words = ["issue", hazard, *(w for a in areas for w in ("--area", a))]
        first = self.officer(*words, "--yes", "--people", "1")
        assert first.code == 4, first
        people = first.err.split("about ")[-1].split(",")[0].replace(" ", "")
        done = self.officer(*words, "--yes", "--people", people, "--json")
        assert done.code == 0, done
        return done.json

    def stop(self) -> None:
        """Stop it as a service manager does."""
        self.process.terminate()
        self.process.wait(WAIT_S)
        self._let_go()

    def _let_go(self) -> None:
        if self.process.stdout is not None:
            self.process.stdout.close()

    def kill(self) -> None:
        """Pull its plug."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(WAIT_S)
        self._let_go()


def serve(folder: Path, port: int = 0) -> Served:
    """Start a house and wait until it says that it is ready."""
    with (folder.parent / f"{folder.name}.log").open("ab") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tocsin", "serve", "--json"),
                *("--data", str(folder), "--port", str(port)),
            ],
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=log,
        )
    assert process.stdout is not None
    return Served(folder, process, json.loads(process.stdout.readline()))
