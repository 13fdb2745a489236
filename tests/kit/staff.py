"""A whole house with its staff: one of each role and kind of credential, signed in and ready.

``bootstrap``'s node over a real journal and a real registry, on a clock that stands still.
Everybody comes in as people do: an account, a one-time link, a password with a code; keys are
made by the service.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyotp
import structlog
from starlette.types import ASGIApp

from kit.asgi import Seen, ask
from kit.clocks import FakeClock
from kit.houses import KYIV, LVIV, profile
from kit.officers import PASSWORD, CountingPasswords, yes
from tocsin.bootstrap import Node, open_node
from tocsin.checks.identity import FIRST_TOKEN, Identity, first_token
from tocsin.clock import SystemClock
from tocsin.core.alert import Realm
from tocsin.core.authority import EVERY, Role, Scope
from tocsin.logs import set_up
from tocsin.service.registry import Account
from tocsin.settings import Journal, Profile, Settings

LIVE, DRILL = Realm.LIVE, Realm.DRILL
BOTH = (LIVE, DRILL)
SPARE = {LIVE: "UA32000000000030281", DRILL: "UA18000000000041385"}
"""Further regions of everybody's territory, one for each room, where only that room is used."""
OWN, FOREIGN = KYIV, LVIV


@dataclass
class Member:
    """One of the staff, as a request sees them: what they show, and whose it is."""

    name: str
    role: Role | None = None
    realms: tuple[Realm, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    account: Account | None = None
    codes: list[str] = field(default_factory=list)
    is_machine: bool = False
    is_house: bool = False
    is_over: bool = False
    """What they show opened once and opens no more."""
    direct: bool = False

    @property
    def has_session(self) -> bool:
        """Whether it is a person who has signed in."""
        return "Cookie" in self.headers


@dataclass
class Crew:
    """What a test holds."""

    node: Node
    clock: FakeClock
    folder: Path
    members: dict[str, Member] = field(default_factory=dict)
    helpers: dict[str, Member] = field(default_factory=dict)
    """``author``, who may warn everywhere and proposes; ``keeper``, the first administrator."""
    sources: int = 0

    def __getitem__(self, name: str) -> Member:
        return self.members.get(name) or self.helpers[name]

    @property
    def app(self) -> ASGIApp:
        """The application."""
        return self.node.app

    async def ask(
        self, who: Member | str, method: str, path: str, body: object = None, **headers: str
    ) -> Seen:
        """Ask as somebody does; a session that is given a new token goes on with it."""
        member = self[who] if isinstance(who, str) else who
        seen = await ask(
            self.app, method, path, body=body, headers={**member.headers, **headers},
            source=self.fresh_source(),
        )  # fmt: skip
        if member.has_session and seen.cookies.get("tocsin-session"):
            self._keep(member, seen.cookies)
        return seen

    def fresh_source(self) -> str:
        """Return an address that nobody has asked from."""
        self.sources += 1
        return f"198.18.{self.sources // 250 % 250}.{self.sources % 250 + 1}"

    def identity(self, who: Member | str) -> Identity:
        """Return who the door says that they are."""
        member = self[who] if isinstance(who, str) else who
        if not member.headers:
            return Identity("", frozenset())
        cookies = dict(
            each.split("=", 1) for each in member.headers.get("Cookie", "").split("; ") if each
        )
        return yes(
            self.node.officers.identify(
                member.headers.get("Authorization"),
                cookies.get("tocsin-session"),
                cookies.get("tocsin-device"),
            )
        )

    async def hire(self, login: str, scope: Scope) -> Member:
        """Open an account and begin it; nobody has signed in yet. A minute and a half goes by."""
        opened = yes(
            await self.node.officers.accounts.open(
                FIRST_TOKEN, login=login, name=login.title(), scope=scope
            )
        )
        return await self._begin(opened.token, login, scope)

    async def hire_first(self, login: str = "keeper") -> Member:
        """Make the first administrator; they have not signed in yet."""
        token = self.node.officers.links.invite_first()
        assert token is not None
        return await self._begin(token, login, Scope(role=Role.ADMINISTRATOR))

    async def hire_author(self) -> Member:
        """Hire somebody who may warn everywhere, in both rooms."""
        everywhere = scope_of(Role.OPERATOR, BOTH, profile().world.tree.root)
        self.helpers["author"] = await self.hire("author", everywhere)
        return self.helpers["author"]

    async def sign_in(self, member: Member, code: str = "") -> Member:
        """Sign in with a recovery code; the same person, in a browser of a new session."""
        assert member.account is not None
        opened = yes(
            await self.node.officers.signing.with_password(
                member.account.login, PASSWORD, code or member.codes.pop(),
                device=self.device_of(member), source=self.fresh_source(),
            )
        )  # fmt: skip
        self._keep(member, {"tocsin-session": opened.token, "tocsin-device": opened.device})
        return member

    async def give_key(self, name: str, owner: Member, **more: Any) -> Member:
        """Make a machine's key of that person, with their scope unless told otherwise."""
        assert owner.account is not None
        scope = more.pop("scope", owner.account.scope)
        made = yes(
            await self.node.officers.keys.make(
                FIRST_TOKEN, owner.account.id, name=name, scope=scope, per_minute=None, **more
            )
        )
        return Member(
            name=name, role=scope.role, realms=scope.realms, account=owner.account,
            headers={"Authorization": f"Bearer {made.token}"}, is_machine=True,
            direct=bool(more.get("direct")),
        )  # fmt: skip

    async def _begin(self, token: str, login: str, scope: Scope) -> Member:
        links = self.node.officers.links
        opening = yes(links.open(token))
        code = pyotp.TOTP(opening.secret).at(int(self.clock.now().timestamp()))
        done = yes(
            await links.finish(token, login=login, name=login.title(), password=PASSWORD, code=code)
        )
        return Member(
            name=login, role=scope.role, realms=scope.realms, account=done.account,
            codes=list(done.recovery_codes),
        )  # fmt: skip

    def _keep(self, member: Member, cookies: Mapping[str, str]) -> None:
        device = cookies.get("tocsin-device") or self.device_of(member)
        cookie = f"tocsin-session={cookies['tocsin-session']}; tocsin-device={device}"
        member.headers = {
            "Cookie": cookie, "Origin": self.node.origin, "Sec-Fetch-Site": "same-origin",
        }  # fmt: skip

    @staticmethod
    def device_of(member: Member) -> str | None:
        """Return the mark of somebody's browser."""
        return member.headers.get("Cookie", "").partition("tocsin-device=")[2] or None


def scope_of(role: Role, realms: tuple[Realm, ...] = BOTH, *regions: str) -> Scope:
    """Return what one of that role may do here; over the own territory where none is named."""
    if role is Role.ADMINISTRATOR:
        return Scope(role=role)
    return Scope(
        role=role, sender=profile().world.authority, hazards=(EVERY,), realms=realms,
        regions=regions or (OWN, *SPARE.values()),
    )  # fmt: skip


@contextlib.asynccontextmanager
async def house(folder: Path, clock: FakeClock | None = None, **more: Any) -> AsyncIterator[Crew]:
    """A running house without staff, but for the first token and anybody."""
    clock = clock or FakeClock()
    set_up("error", "json", now=SystemClock().now)
    settings = Settings(journal=Journal(folder=folder), profile=Profile(id="ua"), **more)
    node = open_node(settings, profile=profile(), clock=clock)
    desk = node.officers._desk  # noqa: SLF001
    desk.clock = node.time  # a replay's shifts go by the wall clock; here everything stands still
    desk.passwords = _cheap()  # what a sign-in costs is not the question
    await node.start()
    crew = Crew(node, clock, folder)
    bearer = {"Authorization": f"Bearer {first_token(folder)}"}
    crew.members["anybody"] = Member("anybody")
    crew.members["first-token"] = Member(
        "first-token", realms=BOTH, headers=bearer, is_house=True, direct=True
    )
    try:
        yield crew
    finally:
        await node.stop()
        structlog.reset_defaults()  # or the next test's warnings would be filtered away


@contextlib.asynccontextmanager
async def staffed(folder: Path, clock: FakeClock | None = None, **more: Any) -> AsyncIterator[Crew]:
    """A house with one of each: roles, rooms, keys, and credentials that are over."""
    async with house(folder, clock, **more) as crew:
        members = crew.members
        keeper = crew.helpers["keeper"] = await crew.hire_first()
        author = await crew.hire_author()
        for role in Role:
            members[role.value] = await crew.hire(role.value, scope_of(role))
        for room in BOTH:
            name = f"{room.value}-only-operator"
            members[name] = await crew.hire(name, scope_of(Role.OPERATOR, (room,)))
        people = [each for each in members.values() if each.account is not None]
        for each in people:
            members[f"{each.name}-key"] = await crew.give_key(f"{each.name}-key", each)
        operator = members["operator"]
        members["direct-key"] = await crew.give_key("direct-key", operator, direct=True)
        drills = scope_of(Role.OPERATOR, (DRILL,))
        members["drill-key-of-operator"] = await crew.give_key("drills", operator, scope=drills)
        members["revoked-key"] = await crew.give_key("revoked", operator)
        members["revoked-key"].is_over = True
        revoked = crew.identity("revoked-key").warrant
        assert revoked is not None
        assert await crew.node.officers.keys.revoke(FIRST_TOKEN, revoked.credential) is None
        for each in (keeper, author, *people):
            await crew.sign_in(each)
        members["first-token"].is_over = True  # an administrator has signed in
        yield crew


@functools.cache
def _cheap() -> CountingPasswords:
    return CountingPasswords()
