"""The officers' side over a real service, a real journal and a real registry."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import pyotp

from kit.authenticator import Authenticator
from kit.clocks import FakeClock
from kit.houses import KYIV, Home, house
from tocsin.checks.identity import FIRST_TOKEN, Credentials, Identity
from tocsin.checks.passkeys import Passkeys
from tocsin.checks.passwords import Passwords
from tocsin.clock import Ids
from tocsin.core.alert import Realm
from tocsin.core.authority import EVERY, Role, Scope
from tocsin.core.events import Event
from tocsin.core.refusals import Refusal
from tocsin.registry.sqlite import SqliteRegistry
from tocsin.service.desk import Desk
from tocsin.service.enrol import Enrolled
from tocsin.service.officers import Officers
from tocsin.service.registry import Account
from tocsin.service.signin import Opened
from tocsin.settings import Officers as Rules

ORIGIN = "http://localhost:8080"
PASSWORD = "four words without a link"
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"
T = TypeVar("T")


def yes(found: T | Refusal) -> T:
    """Return what was granted; a refusal fails the test."""
    assert not isinstance(found, Refusal), found
    return found


def no(found: object) -> str:
    """Return the code of a refusal; anything else fails the test."""
    assert isinstance(found, Refusal), found
    return str(found.rule)


class CountingPasswords(Passwords):
    """Argon2id at a small cost, and how often it was asked for."""

    def __init__(self) -> None:
        super().__init__(memory_kib=64, passes=1)
        self.verified = 0

    def verify(self, hashed: str | None, password: str) -> bool:
        self.verified += 1
        return super().verify(hashed, password)


@dataclass
class Person:
    """Somebody with an account, as they remember it."""

    account: Account
    secret: str
    codes: tuple[str, ...]
    device: str | None = None

    def code(self, at: datetime) -> str:
        """The code that the generator shows at that moment."""
        return str(pyotp.TOTP(self.secret).at(int(at.timestamp())))


@dataclass
class Side:
    """What a test holds."""

    officers: Officers
    home: Home
    registry: SqliteRegistry
    clock: FakeClock
    passwords: CountingPasswords

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def events(self, *kinds: type[Any]) -> list[Any]:
        """What stands in the chain, of these kinds."""
        found: list[Event] = [event for _, event in self.home.service.history()]
        return [event for event in found if isinstance(event, kinds)]

    async def enrol(self, token: str, login: str = "", **more: Any) -> Person:
        """Use a link with a password and a generator."""
        opening = yes(self.officers.links.open(token))
        code = pyotp.TOTP(opening.secret).at(int(self.now.timestamp()))
        done: Enrolled = yes(
            await self.officers.links.finish(
                token, login=login, name=login.title(), password=PASSWORD, code=code, **more
            )
        )
        self.clock.step(seconds=90)  # the code that proved the generator is used up
        return Person(done.account, opening.secret, done.recovery_codes)

    async def administrator(self, login: str = "anna") -> Person:
        """The first administrator, who has not signed in yet."""
        token = self.officers.links.invite_first()
        assert token is not None
        return await self.enrol(token, login)

    async def operator(self, login: str = "boris", **scope: Any) -> Person:
        """An operator with an account of his own."""
        linked = yes(
            await self.officers.accounts.open(
                FIRST_TOKEN, login=login, name=login.title(), scope=a_scope(**scope)
            )
        )
        return await self.enrol(linked.token)

    async def try_in(self, person: Person, **other: Any) -> Opened | Refusal:
        """Try to sign in as that person; ``other`` replaces what is right."""
        right: dict[str, Any] = {
            "login": person.account.login, "password": PASSWORD,
            "code": person.code(self.now), "device": person.device, "source": HERE,
        }  # fmt: skip
        given = right | other
        login, password, code = given.pop("login"), given.pop("password"), given.pop("code")
        found = await self.officers.signing.with_password(login, password, code, **given)
        if isinstance(found, Refusal):  # as the web's door does
            self.officers.note_refusal(None, given["source"], found.rule, "sign-in")
        return found

    async def sign_in(self, person: Person, **other: Any) -> Opened:
        """Sign in; the browser keeps its mark, and half a minute goes by."""
        opened = yes(await self.try_in(person, **other))
        person.device = opened.device
        self.clock.step(seconds=30)
        return opened

    def who(self, opened: Opened, token: str | None = None) -> Identity | Refusal:
        """What the door says to a browser with those cookies."""
        return self.officers.identify(None, token or opened.token, opened.device)

    async def with_passkey(self, opened: Opened, key: Authenticator) -> None:
        """Give an account one more passkey."""
        options = yes(self.officers.own.passkey_options(opened.identity))
        yes(await self.officers.own.add_passkey(opened.identity, key.make(options), "YubiKey"))


def a_scope(**other: Any) -> Scope:
    """What an operator of the capital may do, unless told otherwise."""
    usual: dict[str, Any] = {
        "role": Role.OPERATOR, "sender": "kmva.kyivcity.gov.ua", "regions": (KYIV,),
        "hazards": (EVERY,), "realms": (Realm.LIVE, Realm.DRILL),
    }  # fmt: skip
    return Scope(**(usual | other))


@contextlib.asynccontextmanager
async def side(
    folder: Path, clock: FakeClock | None = None, rules: Rules | None = None
) -> AsyncIterator[Side]:
    """The officers' side of a house in ``folder``."""
    clock = clock or FakeClock()
    registry = SqliteRegistry.open(folder)
    passwords = CountingPasswords()
    try:
        async with house(folder, clock) as home:
            desk = Desk(
                registry=registry,
                auditor=home.service,
                clock=home.time,
                new_id=Ids(home.time.now),
                salt=b"salt" * 8,
                rules=rules or Rules(),
                tree=home.world.tree,
                hazards=home.world.hazards,
                passwords=passwords,
                passkeys=Passkeys(ORIGIN, "Test"),
            )
            officers = Officers(desk, Credentials("first"), house="Test")
            yield Side(officers, home, registry, clock, passwords)
            await officers.settle()
    finally:
        registry.close()
