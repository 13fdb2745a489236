"""The server as a child process: started, killed with its plug pulled, started again.

The child's standard output is read to its end, also after the kill: what it said before it died
was acknowledged, and has to be in the journal.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

import msgspec

from tocsin.ops.demo import figures, wire
from tocsin.ops.demo.wire import Wish

HOST = "127.0.0.1"
PORT = 8080
PORTS_TRIED = 100
STOP_S = 8.0


def free_port(first: int = PORT) -> int:
    """Return the first port from ``first`` on that can be listened at on this machine."""
    for port in range(first, first + PORTS_TRIED):
        with contextlib.suppress(OSError), socket.create_server((HOST, port)):
            return port
    with socket.create_server((HOST, 0)) as anywhere:
        return int(anywhere.getsockname()[1])


class Stage:
    """One server of the demo, over the lives of several processes.

    Args:
        folder: the data folder; stays over restarts.
        port: where it listens.
        mode: ``keys``, ``paced`` or ``max``: what the child's replay does.
        hear: is told what the child tells; called in a thread of its own.
        more: further arguments of ``serve``.
    """

    def __init__(
        self,
        folder: Path,
        port: int,
        mode: str,
        hear: Callable[[wire.Told], None],
        more: Sequence[str] = (),
    ) -> None:
        self.folder = folder
        self.port = port
        self._mode = mode
        self._hear = hear
        self._more = more
        self._child: subprocess.Popen[bytes] | None = None
        self._ears: threading.Thread | None = None
        self._log: IO[bytes] | None = None
        self.acknowledged: dict[str, int] = {}

    @property
    def url(self) -> str:
        """The house's address."""
        return f"http://{HOST}:{self.port}"

    @property
    def log_file(self) -> Path:
        """Where the server's own lines go."""
        return self.folder / "server.log"

    def start(self) -> None:
        """Start the server; it goes on where its journal ends."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._log = self.log_file.open("ab")
        command = [
            *(sys.executable, "-m", "tocsin", "serve"),
            *("--data", str(self.folder), "--port", str(self.port), "--host", HOST),
            *("--demo", self._mode),
            *self._more,
        ]
        self._child = subprocess.Popen(  # noqa: S603  # our own program
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            start_new_session=True,  # Ctrl-C at the terminal is for the demo, not for its server
        )
        self._ears = threading.Thread(
            target=self._listen, args=(self._child.stdout,), name="stage", daemon=True
        )
        self._ears.start()

    def wish(self, wish: Wish) -> None:
        """Ask the replay for something; a server that is away hears nothing."""
        if self._child is not None and self._child.stdin is not None:
            with contextlib.suppress(BrokenPipeError, ValueError, OSError):
                self._child.stdin.write(wish.value.encode() + b"\n")
                self._child.stdin.flush()

    def is_alive(self) -> bool:
        """Say whether the server's process runs."""
        return self._child is not None and self._child.poll() is None

    def pull_the_plug(self) -> None:
        """Kill the server without a word of warning, and hear what it had said until then."""
        if self._child is not None:
            self._child.send_signal(signal.SIGKILL)
            self._leave()

    def stop(self) -> None:
        """Tell the server to stop, and wait until it has."""
        if self._child is None:
            return
        if self.is_alive():
            self._child.terminate()
            try:
                self._child.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self._child.kill()
        self._leave()

    def _leave(self) -> None:
        child = self._child
        if child is None:
            return
        child.wait()
        if self._ears is not None:
            self._ears.join()
        for pipe in (child.stdin, child.stdout, self._log):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        self._child = None

    def _listen(self, pipe: IO[bytes]) -> None:
        for line in pipe:
            try:
                told = wire.decode(line)
            except msgspec.MsgspecError:
                continue  # the last line of a killed process may be cut
            if isinstance(told, wire.Acknowledged):
                before = self.acknowledged.get(told.alert_id, 0)
                self.acknowledged[told.alert_id] = max(before, told.revision)
            elif isinstance(told, wire.Entered):
                self.acknowledged[told.entry_id] = figures.ENTRY
            self._hear(told)
