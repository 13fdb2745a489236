"""T3: between a row's bytes going to the log and its answer going out lies a sync that succeeded.

Read from ``strace``, the kernel's own account of what the process did. Source: RELIABILITY P1, T3.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kit.callers import PROGRAM as HOUSE
from kit.houses import profile
from kit.lives import WRITER

_CALL = re.compile(r"(?P<thread>\d+) +(?P<call>\w+)\(\d+(?:<(?P<path>[^>]*)>)?(?P<rest>.*)")
_RESUMED = re.compile(r"(?P<thread>\d+) +<\.\.\. (?P<call>\w+) resumed>(?P<rest>.*)")
_RESULT = re.compile(r"\) += (?P<result>-?\d+)(?: E.*)?$")
_COMES = re.compile(r'"(command-|POST /)')
_ANSWERS = re.compile(r'"(ok |HTTP/1\.1 20)')


@dataclass(frozen=True)
class Call:
    """A call that began, or came back with ``result``; ``text`` is what strace says of it."""

    name: str
    path: str
    text: str
    result: int | None = None


def calls(trace: str) -> Iterator[Call]:
    """Yield the calls of a trace in order, each twice: as it begins and as it comes back."""
    waiting: dict[tuple[str, str], str] = {}
    for line in trace.splitlines():
        if match := _CALL.match(line):
            thread, name, path, text = (
                match["thread"],
                match["call"],
                match["path"] or "",
                match["rest"],
            )
            yield Call(name, path, text)
            if text.endswith("<unfinished ...>"):
                waiting[thread, name] = path
                continue
        elif match := _RESUMED.match(line):
            name, text = match["call"], match["rest"]
            path = waiting.pop((match["thread"], name), "")
        else:
            continue
        if result := _RESULT.search(text):
            yield Call(name, path, text, int(result["result"]))


def unsynced_answers(trace: str, count: int) -> list[int]:
    """Return which answers went out before their row was written and then synced.

    One command is under way at a time: what was written before it came is not its row.
    """
    written = synced = False
    answers = 0
    early: list[int] = []
    for call in calls(trace):
        to_log = call.path.endswith("-wal")
        if call.name in {"read", "recvfrom"} and call.result and _COMES.search(call.text):
            written = synced = False
        elif to_log and call.name == "pwrite64" and call.result is None:
            written, synced = True, False
        elif to_log and call.name in {"fdatasync", "fsync"} and call.result == 0:
            synced = written
        elif (
            call.name in {"write", "sendto"} and call.result is None and _ANSWERS.search(call.text)
        ):
            answers += 1
            if not (written and synced):
                early.append(answers)
            written = synced = False
    assert answers == count, f"{answers} answers of {count} in the trace"
    return early


def traced(trace: Path, program: Path, *arguments: str | Path) -> subprocess.Popen[str]:
    """Start a program of the kit under strace and return it once it is ready."""
    if shutil.which("strace") is None:
        pytest.skip("no strace")
    process = subprocess.Popen(
        ["strace", "-f", "-y", "-s", "32", "-o", trace,
         "-e", "trace=read,recvfrom,write,sendto,pwrite64,fsync,fdatasync",
         sys.executable, program, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def trace_of(folder: Path, count: int, *, defect: str = "") -> str:
    """Record ``count`` commands, each in a commit of its own, under strace; return the trace."""
    trace = folder / "trace"
    with traced(trace, WRITER, folder / "data", "--defect", defect) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(1, count + 1):
            process.stdin.write(f"command-{number} {number % 300}\n")
            process.stdin.flush()
            assert process.stdout.readline() == f"ok command-{number} {number}\n"
        process.stdin.close()
        assert process.wait() == 0
    return trace.read_text(errors="replace")


def trace_of_house(folder: Path, count: int, *, defect: str = "") -> str:
    """Give ``count`` alerts and all-clears to a whole house over HTTP; return its trace."""
    trace, data = folder / "trace", folder / "data"
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    alert = region = ""
    tree = profile().world.tree
    with traced(trace, HOUSE, data, str(port), "--no-notes", "--defect", defect) as process:
        token = (data / "first-token").read_text().strip()
        door = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        for number in range(count):
            region = tree.leaf_codes[number // 2 % len(tree.leaf_codes)]
            path = f"/api/v1/alerts/{alert}/clear" if alert else "/api/v1/alerts"
            body = {} if alert else {"hazard": "air-raid", "area": {"regions": [region]}}
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            door.request("POST", path, json.dumps(body), headers)
            answer = door.getresponse()
            document = json.loads(answer.read())
            assert answer.status in {200, 201}, document
            alert = "" if alert else document["id"]
        door.close()
        traced_pid = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0]
        os.kill(int(traced_pid), signal.SIGTERM)  # strace itself blocks it
    return trace.read_text(errors="replace")


def test_fifty_answers_each_follow_a_sync(tmp_path: Path) -> None:
    assert unsynced_answers(trace_of(tmp_path, 50), 50) == []


@pytest.mark.proof
@pytest.mark.timeout(300)
def test_a_thousand_answers_each_follow_a_sync(tmp_path: Path) -> None:
    assert unsynced_answers(trace_of(tmp_path, 1_000), 1_000) == []


@pytest.mark.proof
@pytest.mark.timeout(300)
@pytest.mark.parametrize("defect", ["ack-first", "normal"])
def test_a_seeded_defect_is_seen_in_the_trace(tmp_path: Path, defect: str) -> None:
    assert len(unsynced_answers(trace_of(tmp_path, 200, defect=defect), 200)) > 150


@pytest.mark.timeout(120)
def test_twenty_answers_of_the_house_each_follow_a_sync(tmp_path: Path) -> None:
    assert unsynced_answers(trace_of_house(tmp_path, 20), 20) == []


@pytest.mark.proof
@pytest.mark.timeout(600)
def test_a_thousand_answers_of_the_house_each_follow_a_sync(tmp_path: Path) -> None:
    assert unsynced_answers(trace_of_house(tmp_path, 1_000), 1_000) == []


@pytest.mark.proof
@pytest.mark.timeout(300)
@pytest.mark.parametrize("defect", ["ack-first", "normal"])
def test_a_seeded_defect_is_seen_in_the_trace_of_the_house(tmp_path: Path, defect: str) -> None:
    assert unsynced_answers(trace_of_house(tmp_path, 200, defect=defect), 200)


def test_a_sync_that_fails_or_comes_late_does_not_count() -> None:
    wal = "5</d/journal.sqlite-wal>"
    write = f'7 pwrite64({wal}, "x", 4096, 0) = 4096\n'
    answer = '7 write(1<pipe:[3]>, "ok a 1\\n", 7) = 7\n'
    synced = f"7 fdatasync({wal}) = 0\n"
    failed = f"7 fdatasync({wal}) = -1 EIO (Input/output error)\n"
    begun = f"7 fdatasync({wal} <unfinished ...>\n"
    ended = "7 <... fdatasync resumed>) = 0\n"
    assert unsynced_answers(write + synced + answer, 1) == []
    assert unsynced_answers(write + begun + ended + answer, 1) == []
    assert unsynced_answers(write + answer, 1) == [1]
    assert unsynced_answers(write + failed + answer, 1) == [1]
    assert unsynced_answers(write + begun + answer + ended, 1) == [1]
    assert unsynced_answers(write + synced + write + answer, 1) == [1]
    assert unsynced_answers(synced + answer, 1) == [1]
    assert unsynced_answers(write + synced + answer + answer, 2) == [2]
    comes = '7 read(0<pipe:[2]>, "command-2 9\\n", 65536) = 12\n'
    comes_late = '7 read(0<pipe:[2]>,  <unfinished ...>\n7 <... read resumed>"command-2", 9) = 9\n'
    assert unsynced_answers(comes + write + synced + answer, 1) == []
    assert unsynced_answers(write + synced + comes + answer, 1) == [1]
    assert unsynced_answers(write + synced + comes_late + answer, 1) == [1]
