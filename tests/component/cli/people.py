"""Officers at terminals of their own: each with a state folder, as on two machines."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pyotp

from kit.commands import Ran, Served, tocsin, typed
from tocsin.clock import SystemClock

PASSWORD = "four words without a link"


@dataclass
class Officer:
    """Somebody with a terminal, a password and recovery codes."""

    house: Served
    login: str
    state: Path
    codes: Any

    @property
    def environment(self) -> dict[str, str]:
        return {
            "TOCSIN_SERVER": self.house.url,
            "XDG_STATE_HOME": str(self.state),
            "TOCSIN_PASSWORD": PASSWORD,
        }

    def code(self) -> str:
        """One of the recovery codes; each is good once."""
        return str(next(self.codes))

    def run(self, *words: object, **env: str) -> Ran:
        """Run a verb as this person."""
        return tocsin(*words, **(self.environment | env))

    def types(self, lines: str, *words: object) -> Ran:
        """Run a verb at a terminal and type."""
        return typed(lines, *words, **self.environment)

    def warns(self, *words: object) -> Ran:
        """Issue by the guarded road: look first, then say the number of people that was shown."""
        seen = self.run(*words, "--yes", "--people", "1")
        assert seen.code == 4, seen
        people = seen.err.split("about ")[-1].split(",", maxsplit=1)[0].replace(" ", "")
        return self.run(*words, "--yes", "--people", people, "--json")

    def sign_in(self) -> Ran:
        """Sign in at this terminal."""
        done = self.run("sign-in", "--login", self.login, "--code", self.code(), "--json")
        assert done.code == 0, done.err
        return done


def enrol(house: Served, link: str, login: str, folder: Path) -> Officer:
    """Use a one-time link with a password and a generator."""
    path = f"{house.url}/api/v1/start/{link.rsplit('/', 1)[1]}"
    begun = httpx.get(path).json()
    code = pyotp.TOTP(begun["totp"]["secret"]).at(SystemClock().now())
    body = {"password": PASSWORD, "code": code}
    if begun["login"] is None:
        body |= {"login": login, "name": login.title()}
    done = httpx.post(path, json=body)
    assert done.status_code == 201, done.text
    codes = itertools.chain(done.json()["recovery_codes"])
    return Officer(house, login, folder / f"state-{login}", codes)


def hired(admin: Officer, login: str, folder: Path, *scope: str) -> Officer:
    """Let the administrator open an account, and its person begin."""
    done = admin.run("account", "open", login, "--name", login.title(), *scope, "--json")
    assert done.code == 0, done.err
    return enrol(admin.house, done.json["link"], login, folder)
