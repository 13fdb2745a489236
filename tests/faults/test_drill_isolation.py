"""T9: a random mix of live and drill operations; nothing of one room is seen in the other.

Every alert says in its words which address it was asked at, so a crossing is seen in whatever
carries it. Source: RELIABILITY T9, P20; Hawaii 2018, Ontario 2020, Yokkaichi 2025.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random  # noqa: TID251  # seeded
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kit.asgi import Seen, listening
from kit.staff import BOTH, DRILL, LIVE, OWN, SPARE, Crew, Member, staffed
from tocsin.core import events
from tocsin.core.alert import Audience, Realm
from tocsin.web import endpoint
from tocsin.web.api import speaker

ROOM = {LIVE: "/api/v1", DRILL: "/api/v1/drill"}
MARK = {LIVE: "zqlive", DRILL: "zqdrill"}
WHO = (
    "operator", "live-only-operator", "drill-only-operator", "live-only-operator-key",
    "drill-only-operator-key", "direct-key", "drill-key-of-operator", "supervisor",
)  # fmt: skip


@dataclass
class Mix:
    """One random run, and every crossing that was seen in it."""

    crew: Crew
    chance: random.Random
    known: dict[str, Realm] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    crossings: list[str] = field(default_factory=list)
    heard: dict[Realm, str] = field(default_factory=dict)

    async def step(self) -> None:
        """Do one thing at one address, by one credential; it may be the wrong one."""
        who, realm = self.crew[self.chance.choice(WHO)], self.chance.choice(BOTH)
        if not self.known or self.chance.random() < 0.5:
            await self._issue(who, realm)
            return
        alert_id = self.chance.choice(list(self.known))
        act, body = self.chance.choice(
            (
                ("update", {"text": self._words(realm)}), ("clear", {}), ("keep", {}),
                ("cancel", {"reason": "not so"}), ("clear", {"ticked": [self._any()]}),
            )
        )  # fmt: skip
        seen = await self.crew.ask(who, "POST", f"{ROOM[realm]}/alerts/{alert_id}/{act}", body)
        self._note(act, who, realm, seen)
        if seen.status < 300 and self.known[alert_id] is not realm:
            self.crossings.append(f"{act} of a {self.known[alert_id]} alert at the {realm} address")

    async def _issue(self, who: Member, realm: Realm) -> None:
        body: dict[str, Any] = {
            "hazard": self.chance.choice(("air-raid", "missile")), "text": self._words(realm),
            "area": {"regions": [self.chance.choice((OWN, *SPARE.values()))]},
        }  # fmt: skip
        if self.chance.random() < 0.3:
            body["realm"] = self.chance.choice(BOTH).value
        path = f"{ROOM[realm]}/alerts"
        preview = await self.crew.ask(who, "POST", f"{path}/preview", body)
        if preview.status == 200 and preview.json()["token"] is not None:
            body["token"] = preview.json()["token"]
        seen = await self.crew.ask(who, "POST", path, body)
        self._note("issue", who, realm, seen)
        if seen.status == 201:
            alert = seen.json()
            self.known[alert["id"]] = realm
            if alert["realm"] != realm.value or body.get("realm", alert["realm"]) != realm.value:
                self.crossings.append(f"a {alert['realm']} alert came of the {realm} address")

    def _note(self, act: str, who: Member, realm: Realm, seen: Seen) -> None:
        self.done[f"{act} {realm} {seen.status // 100}xx"] += 1
        assert seen.status < 500, seen.text
        if seen.status < 300 and realm not in who.realms:
            self.crossings.append(f"{act} at the {realm} address by {who.name}")

    def _words(self, realm: Realm) -> dict[str, Any]:
        mark = f"{MARK[realm]}{self.chance.randrange(10**6)}"
        return {language: {"description": mark} for language in ("uk", "en")}

    def _any(self) -> str:
        return self.chance.choice(list(self.known))

    async def look(self) -> None:
        """Look into everything that shows alerts."""
        since = "?since=2022-01-01T00:00:00Z&limit=500"
        paths = {
            LIVE: ("/", f"/r/{OWN}", f"/r/{OWN}.txt", "/api/v1/alerts", "/api/v1/alerts" + since,
                   "/api/v1/state"),
            DRILL: ("/api/v1/alerts?drill=1", f"/api/v1/alerts{since}&drill=1"),
        }  # fmt: skip
        for realm, found in paths.items():
            for path in found:
                seen = await self.crew.ask("anybody", "GET", path)
                assert seen.status == 200, (path, seen.text)
                self.shown(realm, path, seen.text)
        for realm in BOTH:
            seen = await self.crew.ask("supervisor", "GET", f"/api/v1/desk?room={realm}")
            desk = seen.json()
            for part in ("in_force", "ran_out", "neighbours"):
                for row in desk[part]:
                    if self.known.get(row["id"], realm) is not realm:
                        self.crossings.append(f"{row['handle']} in {part} of the {realm} desk")

    def shown(self, realm: Realm, where: str, text: str) -> None:
        """Note a crossing where a text of one room holds the mark of the other."""
        other = LIVE if realm is DRILL else DRILL
        if MARK[other] in text:
            at = text.index(MARK[other])
            self.crossings.append(f"{other} in {where}: {text[max(0, at - 60) : at + 20]!r}")

    async def look_at_the_journal(self) -> None:
        """Hold every row of the export to the audience of its alert."""
        seen = await self.crew.ask("supervisor", "GET", "/api/v1/journal/export")
        assert seen.status == 200, seen.text
        audience = {LIVE: "public", DRILL: "drill"}
        for line in seen.text.splitlines():
            row = json.loads(line)
            realm = self.known.get(row["alert_id"] or "")
            if realm is not None and row["audience"] not in (audience[realm], "desk"):
                self.crossings.append(f"row {row['seq']} of a {realm} alert is {row['audience']}")


async def mixed(folder: Path, seed: int, operations: int) -> Mix:
    """Run a mix to its end with all sinks open; return what was seen."""
    async with staffed(folder) as crew, contextlib.AsyncExitStack() as open_:
        mix = Mix(crew, random.Random(seed))
        public = await open_.enter_async_context(listening(crew.app, "/api/v1/stream"))
        drill = await open_.enter_async_context(listening(crew.app, "/api/v1/stream?drill=1"))
        officer = crew["supervisor"].headers
        desk = await open_.enter_async_context(
            listening(crew.app, "/api/v1/desk/stream", headers=officer)
        )
        for number in range(operations):
            await mix.step()
            crew.clock.step(seconds=2)
            if number % 50 == 49:
                await mix.look()
        await mix.look()
        await mix.look_at_the_journal()
        await asyncio.sleep(0.1)  # what is on its way to the streams arrives
        mix.heard = {LIVE: public.text, DRILL: drill.text}
        mix.shown(LIVE, "the public stream", public.text)
        mix.shown(DRILL, "the drill stream", drill.text)
        for realm in BOTH:  # an officer's line names, it does not tell
            if MARK[realm] in desk.text:
                mix.crossings.append(f"{realm} words on the desk's line")
        return mix


@pytest.mark.timeout(120)
async def test_two_hundred_operations_cross_nowhere(tmp_path: Path) -> None:
    mix = await mixed(tmp_path / "data", 1, 200)
    assert not mix.crossings, f"seed 1: {mix.crossings[:5]}"
    for realm in BOTH:
        assert MARK[realm] in mix.heard[realm]
        assert mix.done[f"issue {realm} 2xx"] > 10, mix.done
        assert mix.done[f"issue {realm} 4xx"] > 10, mix.done
        assert mix.done[f"clear {realm} 2xx"] > 0, mix.done


@pytest.mark.proof
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [2, 3, 4, 5])
async def test_two_thousand_operations_cross_nowhere(
    seed: int, tmp_path: Path, record_testsuite_property: Callable[[str, object], None]
) -> None:
    mix = await mixed(tmp_path / "data", seed, 500)
    record_testsuite_property(f"operations of seed {seed}", sum(mix.done.values()))
    assert not mix.crossings, f"seed {seed}: {mix.crossings[:5]}"


def unseen(*_: object, **__: object) -> None:
    """A check that lets everything pass."""


def rooms_not_looked_at(patch: pytest.MonkeyPatch) -> None:
    """Let every credential into every room, and find every alert from both."""
    patch.setattr(endpoint, "in_room", unseen)
    patch.setattr("tocsin.core.scope.in_room", unseen)
    patch.setattr(speaker, "in_this_room", unseen)


def all_are_public(patch: pytest.MonkeyPatch) -> None:
    """Give every alert's events to the public."""
    whole = events.audience_of_event
    patch.setattr(
        "tocsin.core.events.audience_of_event",
        lambda event: Audience.PUBLIC if events.alert_id_of(event) else whole(event),
    )


@pytest.mark.timeout(120)
@pytest.mark.parametrize("defect", [rooms_not_looked_at, all_are_public])
async def test_a_realm_that_is_ignored_is_seen(
    defect: Callable[[pytest.MonkeyPatch], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    defect(monkeypatch)
    mix = await mixed(tmp_path / "data", 6, 100)
    assert mix.crossings, "the mix saw nothing"
