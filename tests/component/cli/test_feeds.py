"""Keys of feeds at a terminal: made, entered, used as the page for integrators says, withdrawn."""

import base64
import json
import shutil
import stat
import subprocess
from datetime import timedelta

import httpx
import pytest

from kit.commands import tocsin
from tocsin.clock import SystemClock

pytestmark = pytest.mark.timeout(400)


def signed(key_file, raw, folder):
    """Sign as the documentation says: with nothing but openssl."""
    body = folder / "body.json"
    body.write_bytes(raw)
    openssl = shutil.which("openssl")
    assert openssl is not None
    done = subprocess.run(
        [openssl, "pkeyutl", "-sign", "-inkey", key_file, "-rawin", "-in", body],
        capture_output=True, check=True,
    )  # fmt: skip
    return base64.b64encode(done.stdout).decode()


def test_a_key_is_made_entered_used_and_withdrawn(shared_house, tmp_path):
    file = tmp_path / "observer.pem"
    made = tocsin("feeds", "keygen", "--out", file, "--json")
    assert made.code == 0, made.err
    assert list(made.json) == ["public"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    added = shared_house.officer(
        "feeds", "add", "north-posts", "--public", made.json["public"], "--name", "North posts",
        "--feed", "threats", "--area", "UA-46",
    )  # fmt: skip
    assert added.code == 0, added.err
    assert "drafts" in added.out
    now = SystemClock().now()
    body = {
        "id": "1", "sent": now.isoformat(), "not_after": (now + timedelta(minutes=5)).isoformat(),
        "kind": "drone", "regions": ["UA-46"], "confidence": "likely",
    }  # fmt: skip
    raw = json.dumps(body).encode()
    headers = {
        "Content-Type": "application/json", "Tocsin-Key": "north-posts",
        "Tocsin-Signature": f"ed25519={signed(file, raw, tmp_path)}",
    }  # fmt: skip
    way = f"{shared_house.url}/api/v1/intake/threats"
    assert httpx.post(way, content=raw, headers=headers).status_code == 202
    assert httpx.post(way, content=raw + b" ", headers=headers).json()["rule"] == "bad-signature"
    listed = shared_house.officer("feeds", "list", "--json").json["feeds"]
    assert [(each["id"], each["is_weak"]) for each in listed] == [("north-posts", True)]
    assert "North posts" in shared_house.officer("feeds", "list").out
    gone = shared_house.officer("feeds", "withdraw", "north-posts", "--yes")
    assert (gone.code, "withdrawn" in gone.out) == (0, True), gone.err
    assert httpx.post(way, content=raw, headers=headers).json()["rule"] == "unknown-feed-key"
    assert shared_house.officer("feeds", "withdraw", "north-posts", "--yes").code == 1


def test_a_private_half_is_shown_once_and_overwrites_nothing(tmp_path):
    shown = tocsin("feeds", "keygen")
    assert "BEGIN PRIVATE KEY" in shown.out
    assert "BEGIN PRIVATE KEY" in tocsin("feeds", "keygen", "--json").json["private"]
    file = tmp_path / "there"
    file.write_text("mine")
    refused = tocsin("feeds", "keygen", "--out", file)
    assert (refused.code, file.read_text()) == (2, "mine")
