"""T19 and T20: what strangers may try at a house, and what a fresh one leaves open.

A real house as ``tocsin serve`` starts it, scanned from outside; then tries without end from
forged, walked and countless addresses, while an officer goes about his work. Source: RELIABILITY
T19, T20; the zombie alerts of 2013 (default logins), slowapi (counts per process).
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import socket
import stat
import subprocess
import sys
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest

from kit.asgi import ask
from kit.matrix import TABLE
from kit.officers import PASSWORD
from kit.staff import staffed
from tocsin.settings import Officers

LISTENS = "0A"
LOGINS = ("admin", "administrator", "root", "operator", "tocsin", "dasdec", "user", "test")
PASSWORDS = ("admin", "password", "tocsin", "changeme", "12345678", "dasdec1", "")
NOT_THERE = (
    "/docs", "/redoc", "/swagger", "/debug", "/metrics", "/admin", "/server-status", "/.env",
    "/.git/config", "/actuator/env", "/console/../first-token", "/api/v1/debug", "/_debugbar",
)  # fmt: skip


@dataclass
class House:
    """A house in a process of its own."""

    process: subprocess.Popen[str]
    folder: Path
    said: dict[str, Any]
    public: httpx.Client
    desk: httpx.Client


@contextlib.contextmanager
def served(folder: Path, settings: str = "") -> Iterator[House]:
    """Start a house on an empty folder, with that settings file; end it by its own process."""
    config = folder.parent / f"{folder.name}.toml"
    config.write_text(settings)
    process = subprocess.Popen(
        [sys.executable, "-m", "tocsin", "serve", "--json", "--port", "0",
         "--data", str(folder), "--config", str(config)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        with (
            httpx.Client(base_url=said["address"], timeout=20) as public,
            httpx.Client(base_url=said["officers"], timeout=20) as desk,
        ):
            yield House(process, folder, said, public, desk)
    finally:
        process.terminate()
        process.wait(20)
        if process.stdout is not None:
            process.stdout.close()


def listening_at(pid: int) -> list[tuple[str, int]]:
    """Return addresses and ports on which a process listens, as the kernel has them."""
    inodes = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            inodes.add(str(entry.readlink()))
    found = []
    for name, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        for line in Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]:
            parts = line.split()
            if parts[3] == LISTENS and f"socket:[{parts[9]}]" in inodes:
                address, _, port = parts[1].partition(":")
                raw = b"".join(
                    bytes.fromhex(address[at : at + 8])[::-1] for at in range(0, len(address), 8)
                )
                found.append((socket.inet_ntop(family, raw), int(port, 16)))
    return found


@pytest.mark.timeout(120)
def test_a_fresh_house_is_scanned_and_nothing_is_found(tmp_path: Path) -> None:
    with served(tmp_path / "data") as house:
        findings = [*ports(house), *logins(house), *files(house), *modes(house), *headers(house)]
    assert not findings, "\n".join(findings)


def ports(house: House, expected: int = 1) -> Iterator[str]:
    """Only loopback, and only as many as were asked for."""
    open_ = listening_at(house.process.pid)
    if len(open_) != expected:
        yield f"it listens at {open_}"
    yield from (f"{address}:{port} is open to others" for address, port in open_
                if address not in ("127.0.0.1", "::1"))  # fmt: skip


def logins(house: House) -> Iterator[str]:
    """Nobody has an account before the first link is used."""
    answers: Counter[int] = Counter()
    for login in LOGINS:
        for password in PASSWORDS:
            body = {"login": login, "password": password, "code": "000000"}
            answers[house.public.post("/api/v1/session", json=body).status_code] += 1
            bearer = {"Authorization": f"Bearer {password or login}"}
            status = house.public.get("/api/v1/accounts", headers=bearer).status_code
            if status != 401:
                yield f"the token {password or login} is answered {status}"
    if set(answers) - {401, 422, 429} or not answers[401]:
        yield f"sign-in by default logins is answered {answers}"
    if not answers[429]:
        yield "nobody is told to wait after dozens of tries"


def files(house: House) -> Iterator[str]:
    """Nothing of the data folder, and no page for debugging."""
    token = (house.folder / "first-token").read_text().strip()
    link = house.said["first_link"].rpartition("/")[2]
    names = [str(each.relative_to(house.folder)) for each in house.folder.rglob("*")]
    assert len(names) > 5
    forms = ("/{}", "/data/{}", "/static/x/{}", "/static/x/../../{}", "/static/x/%2e%2e/%2e%2e/{}",
             "/static//{}", "/..%2f{}", "/static/x/console/..%2f..%2f{}")  # fmt: skip
    paths = [form.format(urllib.parse.quote(name)) for form in forms for name in names]
    for path in (*paths, *NOT_THERE):
        answer = raw(house, path)
        if not answer.startswith(b"HTTP/1.1 404"):
            yield f"{path} is answered {answer[:60]!r}"
        if token.encode() in answer or link.encode() in answer:
            yield f"{path} tells a secret"


def raw(house: House, path: str) -> bytes:
    """Ask for a path exactly as it is written; clients would tidy it up."""
    url = house.public.base_url
    with socket.create_connection((url.host, url.port or 80), 20) as line:
        head = f"GET {path} HTTP/1.1\r\nHost: {url.host}\r\nConnection: close\r\n\r\n"
        line.sendall(head.encode())
        parts = []
        while part := line.recv(65_536):
            parts.append(part)
    return b"".join(parts)


def modes(house: House) -> Iterator[str]:
    """What lies in the data folder is its owner's alone, and secrets are long enough."""
    for path in (house.folder, *house.folder.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        is_for_all = path.suffix == ".pub" or path.name == "heads.jsonl"  # to be kept elsewhere
        if mode & (0o022 if is_for_all else 0o077):
            yield f"{path.relative_to(house.folder.parent)} has mode {mode:o}"
    token = (house.folder / "first-token").read_text().strip()
    link = house.said["first_link"].rpartition("/")[2]
    for name, secret in (("first-token", token), ("first link", link)):
        if len(base64.urlsafe_b64decode(secret + "==")) < 32 or len(set(secret)) < 16:
            yield f"{name} has too little randomness"


def headers(house: House) -> Iterator[str]:
    """Every answer is guarded, and says nothing of what serves it."""
    for path in ("/", "/sign-in", "/console", "/start/x", "/nowhere", "/api/v1/state", "/healthz"):
        answer = house.public.get(path)
        found = answer.headers
        policy = found.get("content-security-policy", "")
        if (
            "default-src" not in policy
            or "unsafe" in policy
            or "frame-ancestors 'none'" not in policy
        ):
            yield f"{path}: policy {policy!r}"
        for name, value in (("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"),
                            ("referrer-policy", "no-referrer")):  # fmt: skip
            if found.get(name) != value:
                yield f"{path}: {name} is {found.get(name)!r}"
        if {"server", "x-powered-by"} & set(found):
            yield f"{path}: it says what it is"
        if re.search(r"<script>[^<]|\son\w+=", answer.text):
            yield f"{path}: a script in the page"


@pytest.mark.timeout(120)
def test_two_houses_share_no_secret(tmp_path: Path) -> None:
    found: list[str] = []
    for name in ("one", "two"):
        with served(tmp_path / name) as house:
            found.append((house.folder / "first-token").read_text())
            found.append(house.said["first_link"].rpartition("/")[2])
    assert len(set(found)) == 4


@pytest.mark.timeout(120)
def test_officers_with_a_port_of_their_own_are_nowhere_else(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with served(tmp_path / "data", f"[officers]\nport = {port}\n") as house:
        assert [*ports(house, 2)] == []
        wrong = []
        for line in TABLE:
            path = re.sub(r"\{[^}]*\}", "x", line.path)
            if line.media == "text/event-stream" and not line.is_for_officers:
                continue
            seen = house.public.request(line.method, path)
            there = house.desk.request(line.method, path)
            # 405: the address has something for everybody, by another method
            hidden = seen.status_code in (404, 405)
            if line.is_api and hidden:
                hidden = seen.json()["rule"] in ("unknown-path", "method-not-allowed")
            unknown = there.status_code == 404 and '"unknown-path"' in there.text
            if line.is_for_officers and not hidden:
                wrong.append(f"{line.method} {path} on the public port: {seen.status_code}")
            if line.is_for_officers and unknown and "{" not in line.path:
                wrong.append(f"{line.method} {path} is not on the officers' port")
        assert not wrong, "\n".join(wrong)


@pytest.mark.timeout(120)
def test_the_first_administrator_ends_the_first_token(tmp_path: Path) -> None:
    with served(tmp_path / "data") as house:
        bearer = {"Authorization": f"Bearer {(house.folder / 'first-token').read_text().strip()}"}
        start = f"/api/v1/start/{house.said['first_link'].rpartition('/')[2]}"
        secret = house.desk.get(start).json()["totp"]["secret"]
        code = pyotp.TOTP(secret).now()
        body = {"login": "anna", "name": "Anna", "password": PASSWORD, "code": code}
        begun = house.desk.post(start, json=body)
        assert begun.status_code == 201, begun.text
        assert house.desk.get("/api/v1/accounts", headers=bearer).status_code == 200
        recovery = begun.json()["recovery_codes"][0]
        body = {"login": "anna", "password": PASSWORD, "code": recovery}
        entered = house.desk.post("/api/v1/session", json=body)
        assert entered.status_code == 201, entered.text
        for cookie in entered.headers.get_list("set-cookie"):
            assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; ")), cookie
            assert len(cookie.partition("=")[2].partition(";")[0]) >= 43
        assert (
            httpx.get(f"{house.said['address']}/api/v1/accounts", headers=bearer).status_code == 401
        )
        assert house.desk.get(start).status_code == 409


# -- T19: limits ----------------------------------------------------------------------------------

MOST = Officers().tries_per_min


def tries(count: int) -> list[tuple[str, list[tuple[str, dict[str, str]]]]]:
    """Ways to seem many while one is one: forged headers, and a walk through one /64."""
    return [
        ("forged", [("203.0.113.9", {"x-forwarded-for": f"198.51.{i // 250}.{i % 250}",
                                     "forwarded": f"for=198.51.100.{i % 250}"})
                    for i in range(count)]),
        ("walked", [(f"2001:db8:7:9::{i:x}", {}) for i in range(count)]),
        ("mapped", [(("::ffff:" if i % 2 else "") + "192.0.2.44", {}) for i in range(count)]),
    ]  # fmt: skip


async def beset(folder: Path, keys: int) -> None:
    """Let strangers try in every way; each counts as one, and the officer notices nothing."""
    async with staffed(folder) as crew:
        path, number = "/api/v1/session", 0
        login = crew["operator"].account
        assert login is not None
        for name, asked in tries(60):
            seen: Counter[int] = Counter()
            for source, given in asked:
                number += 1
                body = {"login": f"x{number}", "password": PASSWORD, "code": "000000"}
                answer = await ask(crew.app, "POST", path, body=body, headers=given, source=source)
                seen[answer.status] += 1
            assert seen[401] <= MOST * 1.05, (name, seen)
            assert seen[401] + seen[429] == 60, (name, seen)
            crew.clock.step(seconds=61)
        for i in range(keys):  # from everywhere at once, at the officer's own login
            source = f"10.{i // 62_500}.{i // 250 % 250}.{i % 250 + 1}"
            body = {"login": login.login, "password": "guess number " + str(i), "code": "000000"}
            await ask(crew.app, "POST", path, body=body, source=source)
        assert (await crew.ask("operator", "GET", path)).status == 200
        device = {"Cookie": f"tocsin-device={crew.device_of(crew['operator'])}"}
        body = {"login": login.login, "password": PASSWORD, "code": crew["operator"].codes.pop()}
        again = await ask(crew.app, "POST", path, body=body, headers=device, source="10.0.0.1")
        assert again.status == 201, again.text


@pytest.mark.timeout(120)
async def test_strangers_are_limited_and_the_officer_is_not(tmp_path: Path) -> None:
    await beset(tmp_path / "data", 300)


@pytest.mark.proof
@pytest.mark.timeout(900)
async def test_ten_thousand_keys_and_the_officer_is_not_limited(
    tmp_path: Path, record_testsuite_property: Callable[[str, object], None]
) -> None:
    record_testsuite_property("keys", 10_000)
    await beset(tmp_path / "data", 10_000)
