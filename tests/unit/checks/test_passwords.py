"""Passwords: what may be one, what hashing keeps, and who waits for whom."""

from __future__ import annotations

import asyncio

import pytest

from tocsin.checks.passwords import AT_A_TIME, Lanes, Passwords, weakness
from tocsin.core.refusals import Rule

GOOD = "correct horse battery"
cheap = Passwords(memory_kib=64, passes=1)


@pytest.mark.parametrize("password", [
    GOOD, "ґрунт їжак єнот", "1 2 3 5 8 13 21", "x" * 1_000 + "abcde", "boris is a good",
])  # fmt: skip
def test_long_and_mixed_enough_is_good(password):
    assert weakness(password, "bo") is None


@pytest.mark.parametrize(("password", "rule"), [
    ("", Rule.WEAK_PASSWORD), ("elevenchars", Rule.WEAK_PASSWORD),
    ("aaaaaaaaaaaaaaaa", Rule.WEAK_PASSWORD), ("abababababab", Rule.WEAK_PASSWORD),
    ("123456789012", Rule.WEAK_PASSWORD), ("abcdefghijklm", Rule.WEAK_PASSWORD),
    ("098765432109", Rule.WEAK_PASSWORD), ("my BORIS password", Rule.WEAK_PASSWORD),
    ("long enough x" * 79, Rule.TEXT_TOO_LONG), ("ї" * 513, Rule.TEXT_TOO_LONG),
    ("half a sign \ud800", Rule.BAD_VALUE),
])  # fmt: skip
def test_what_is_weak_or_no_text_is_refused(password, rule):
    refused = weakness(password, "boris")
    assert refused is not None
    assert (refused.rule, refused.field) == (rule, "/password")


def test_a_hash_is_argon2id_at_the_promised_cost():
    hashed = Passwords().hash(GOOD)
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert Passwords().verify(hashed, GOOD)


def test_only_the_password_itself_fits_its_hash():
    hashed = cheap.hash(GOOD)
    assert cheap.hash(GOOD) != hashed  # salted
    assert cheap.verify(hashed, GOOD)
    for wrong in (GOOD + " ", GOOD.upper(), "", "\ud800"):
        assert not cheap.verify(hashed, wrong)
    for broken in (None, "", "$argon2id$", "plain"):
        assert not cheap.verify(broken, GOOD)


def test_two_keyboards_may_write_one_letter_in_two_ways():
    assert cheap.verify(cheap.hash("мі\u0438\u0306 довгий пароль"), "мі\u0439 довгий пароль")
    assert cheap.verify(cheap.hash("caf\u00e9 au lait, s'il"), "cafe\u0301 au lait, s'il")


async def test_two_hash_at_a_time_and_strangers_one():
    lanes, running, most = Lanes(), 0, 0

    async def work(*, known: bool) -> None:
        nonlocal running, most
        async with lanes.lane(known=known) as free:
            assert free
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            running -= 1

    await asyncio.gather(*(work(known=False) for _ in range(8)))
    assert most == 1
    await asyncio.gather(*(work(known=n % 2 == 0) for n in range(16)))
    assert most == AT_A_TIME


async def test_a_full_queue_of_strangers_turns_the_next_away_and_no_officer():
    lanes = Lanes(waiting_most=2)
    gate = asyncio.Event()

    async def stay() -> bool:
        async with lanes.lane(known=False) as free:
            await gate.wait()
            return free

    waiting = [asyncio.create_task(stay()) for _ in range(2)]
    await asyncio.sleep(0)
    async with lanes.lane(known=False) as free:
        assert not free
    async with lanes.lane(known=True) as free:
        assert free
    gate.set()
    assert await asyncio.gather(*waiting) == [True, True]
    async with lanes.lane(known=False) as free:
        assert free
