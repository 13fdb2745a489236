"""Signed feeds in tests: private keys, messages and their signatures, an observer at work."""

from __future__ import annotations

import base64
import itertools
import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kit.asgi import Seen, ask
from kit.clocks import NOON
from kit.houses import KYIV
from kit.officers import yes
from kit.staff import Crew
from tocsin.checks.identity import FIRST_TOKEN
from tocsin.service.feedrecords import FeedKey, FeedKind, Station
from tocsin.service.intake import Intake

FEED = FeedKey(
    id="observers", public=b"", name="Observers", feeds=tuple(FeedKind),
    sender="duty-desk", regions=(KYIV,), made_at=NOON,
)  # fmt: skip
MESSAGE: dict[str, Any] = {
    "id": "m-1", "sent": "2022-10-11T09:00:00Z", "not_after": "2022-10-11T09:10:00Z",
}  # fmt: skip
THREAT: dict[str, Any] = {"kind": "drone", "regions": [KYIV], "confidence": "likely"}
numbers = itertools.count(1)


def key_of(private: Ed25519PrivateKey) -> bytes:
    """The public half, 32 bytes."""
    raw = serialization.Encoding.Raw
    return private.public_key().public_bytes(raw, serialization.PublicFormat.Raw)


def intake_of(crew: Crew) -> Intake:
    """The house's intake."""
    return crew.node.intake


@dataclass
class Observer:
    """Whoever holds the private half and sends."""

    crew: Crew
    key: FeedKey
    private: Ed25519PrivateKey
    said: list[dict[str, Any]] = field(default_factory=list)

    def message(self, **members: Any) -> dict[str, Any]:
        """A message of now, with an id of its own."""
        now = self.crew.clock.now()
        usual = {
            "id": f"m-{next(numbers)}", "sent": now.isoformat(),
            "not_after": (now + timedelta(minutes=10)).isoformat(),
        }  # fmt: skip
        return {**usual, **members}

    def headers(self, raw: bytes) -> dict[str, str]:
        """What is sent beside a body."""
        signature = base64.b64encode(self.private.sign(raw)).decode()
        return {"Tocsin-Key": self.key.id, "Tocsin-Signature": f"ed25519={signature}"}

    async def post(
        self, feed: str, body: dict[str, Any] | bytes, headers: dict[str, str] | None = None
    ) -> Seen:
        """Send a body, signed unless other headers are given."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await ask(
            self.crew.app, "POST", f"/api/v1/intake/{feed}", body=raw,
            headers={
                "Content-Type": "application/json",
                **(self.headers(raw) if headers is None else headers),
            },
            source=self.crew.fresh_source(),
        )  # fmt: skip

    async def threat(self, **members: Any) -> Seen:
        """Report a threat."""
        return await self.post("threats", self.message(**{**THREAT, **members}))

    async def reading(self, at: str, nsv_h: float, **members: Any) -> Seen:
        """Send a reading of now."""
        usual = {
            "station": at, "quantity": "ambient-dose-equivalent-rate", "value": nsv_h,
            "unit": "nSv/h", "measured_at": self.crew.clock.now().isoformat(),
        }  # fmt: skip
        return await self.post("observations", self.message(**{**usual, **members}))


async def observer(crew: Crew, key_id: str = "observers", **more: Any) -> Observer:
    """Enter a key and return whoever holds it."""
    private = Ed25519PrivateKey.generate()
    public = base64.b64encode(key_of(private)).decode()
    key = yes(await intake_of(crew).keys.add(FIRST_TOKEN, replace(FEED, id=key_id, **more), public))
    return Observer(crew, key, private)


async def station(crew: Crew, name: str, key: str = "observers", **more: Any) -> Station:
    """Enter a station of 100 nSv/h background."""
    usual: dict[str, Any] = {
        "id": name, "name": name.title(), "region": KYIV, "position": (30.5, 50.4),
        "background": 100.0, "calibrated_until": crew.clock.now() + timedelta(days=30),
        "key_id": key, "changed_at": crew.clock.now(),
    }  # fmt: skip
    made: Station = yes(
        await intake_of(crew).keys.save_station(FIRST_TOKEN, Station(**{**usual, **more}))
    )
    return made
