"""Passkeys: both ceremonies with a software authenticator, and everything that may lie in them."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest
from fido2.utils import websafe_decode, websafe_encode
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.authenticator import PRESENT, VERIFIED, Authenticator
from kit.clocks import NOON
from tocsin.checks.passkeys import NewPasskey, Passkeys, Proved
from tocsin.core.refusals import Refusal, Rule

ORIGIN = "http://localhost:8080"
ACCOUNT = "account-1"


@pytest.fixture
def house():
    return Passkeys(ORIGIN, "House")


@pytest.fixture
def key():
    return Authenticator()


def made(house, key, now=NOON):
    return house.registered(ACCOUNT, key.make(house.registration(ACCOUNT, "b", "B", (), now)), now)


def known(house, key):
    passkey = made(house, key)
    assert isinstance(passkey, NewPasskey)
    return lambda given: (ACCOUNT, passkey.public_key) if given == key.id else None


def rule(found):
    assert isinstance(found, Refusal), found
    return found.rule


def test_a_passkey_is_made_and_signs(house, key):
    find = known(house, key)
    assert house.proved(key.sign(house.request(NOON)), NOON, find) == Proved(key.id, key.count)


def test_the_browser_is_asked_for_its_user_and_for_a_key_that_it_finds_by_itself(house):
    asked = house.registration(ACCOUNT, "b", "B", (b"one",), NOON)["publicKey"]
    assert asked["rp"] == {"id": "localhost", "name": "House"}
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert [each["id"] for each in asked["excludeCredentials"]] == ["b25l"]
    asked = house.request(NOON)["publicKey"]
    assert asked["userVerification"] == "required"
    assert "allowCredentials" not in asked


@pytest.mark.parametrize("lie", [
    {"origin": "http://localhost:8081"}, {"origin": "https://localhost:8080"},
    {"origin": "http://localhost:8080.evil.example"}, {"rp_id": "example"},
    {"flags": PRESENT}, {"flags": VERIFIED}, {"flags": 0},
])  # fmt: skip
def test_a_lie_is_refused_in_both_ceremonies(house, key, lie):
    find = known(house, key)
    for name, value in lie.items():
        setattr(key, name, value)
    assert rule(house.proved(key.sign(house.request(NOON)), NOON, find)) is Rule.SIGN_IN_REFUSED
    assert rule(made(house, key)) is Rule.SIGN_IN_REFUSED


def test_an_answer_is_good_once(house, key):
    find = known(house, key)
    answer = key.sign(house.request(NOON))
    assert isinstance(house.proved(answer, NOON, find), Proved)
    assert rule(house.proved(answer, NOON, find)) is Rule.CODE_USED
    answer = key.make(house.registration(ACCOUNT, "b", "B", (), NOON))
    assert isinstance(house.registered(ACCOUNT, answer, NOON), NewPasskey)
    assert rule(house.registered(ACCOUNT, answer, NOON)) is Rule.CODE_USED


@pytest.mark.parametrize(("later_s", "good"), [(0, True), (300, True), (301, False), (-61, False),
                                               (-60, True), (86_400, False)])  # fmt: skip
def test_a_challenge_lives_five_minutes(house, key, later_s, good):
    find = known(house, key)
    found = house.proved(key.sign(house.request(NOON)), NOON + timedelta(seconds=later_s), find)
    assert isinstance(found, Proved) is good


def test_a_used_challenge_stays_used_as_long_as_it_lives(house, key):
    find = known(house, key)
    answer = key.sign(house.request(NOON + timedelta(seconds=60)))  # a clock that is ahead
    assert isinstance(house.proved(answer, NOON, find), Proved)
    for later_s in (100, 300, 360):
        later = NOON + timedelta(seconds=later_s)
        assert isinstance(house.proved(key.sign(house.request(later)), later, find), Proved)
        assert rule(house.proved(answer, later, find)) is Rule.CODE_USED


def test_a_challenge_is_for_its_purpose_its_account_and_its_house(house, key):
    find = known(house, key)
    refused = Rule.SIGN_IN_REFUSED
    answer = key.sign(house.request(NOON))
    assert rule(house.proved(answer, NOON, find, purpose="confirm s1")) is refused
    answer = key.sign(house.request(NOON, purpose="confirm s1"))
    assert rule(house.proved(answer, NOON, find, purpose="confirm s2")) is refused
    other = key.make(house.registration("account-2", "c", "C", (), NOON))
    assert rule(house.registered(ACCOUNT, other, NOON)) is refused
    elsewhere = key.sign(Passkeys(ORIGIN, "House").request(NOON))
    assert rule(house.proved(elsewhere, NOON, find)) is refused
    assert rule(house.proved(key.make(house.request(NOON) | {"publicKey": {
        "challenge": house.request(NOON)["publicKey"]["challenge"], "user": {"id": "eA"},
    }}), NOON, find)) is refused  # fmt: skip


def test_another_key_or_an_unknown_one_proves_nothing(house, key):
    find = known(house, key)
    thief = Authenticator(id=key.id, user=key.user)
    assert rule(house.proved(thief.sign(house.request(NOON)), NOON, find)) is Rule.SIGN_IN_REFUSED
    unknown = Authenticator(user=key.user)
    assert rule(house.proved(unknown.sign(house.request(NOON)), NOON, find)) is (
        Rule.SIGN_IN_REFUSED
    )


def test_a_key_says_whose_it_is(house, key):
    find = known(house, key)
    key.user = b"account-2"
    assert rule(house.proved(key.sign(house.request(NOON)), NOON, find)) is Rule.SIGN_IN_REFUSED


def test_challenges_that_are_asked_for_take_no_place(house, key):
    find = known(house, key)
    mine = house.request(NOON)
    for _ in range(1_000):
        house.request(NOON)
    assert isinstance(house.proved(key.sign(mine), NOON, find), Proved)
    assert len(house._spent) == 2  # noqa: SLF001  # the two that were answered


JUNK = st.one_of(
    st.none(), st.integers(), st.just(1 << 40), st.text(), st.lists(st.text()),
    st.dictionaries(st.text(), st.text()),
)  # fmt: skip


@settings(max_examples=50)
@given(st.data())
def test_whatever_is_sent_is_refused_and_breaks_nothing(data):
    house, key = Passkeys(ORIGIN, "House"), Authenticator()
    find = known(house, key)
    answer = copy.deepcopy(key.sign(house.request(NOON)))
    made_ = copy.deepcopy(key.make(house.registration(ACCOUNT, "b", "B", (), NOON)))
    junk = data.draw(JUNK)
    for whole, ask in ((answer, lambda x: house.proved(x, NOON, find)),
                       (made_, lambda x: house.registered(ACCOUNT, x, NOON))):  # fmt: skip
        place = data.draw(st.sampled_from(["", *whole, *whole["response"]]))
        if place in ("clientExtensionResults", "userHandle"):
            continue  # nobody reads the one; the other may be missing
        if place in whole:
            whole[place] = junk
        elif place:
            whole["response"][place] = junk
        found = ask(whole if place else junk)
        assert isinstance(found, Refusal)


@settings(max_examples=50)
@given(st.integers(0, 300), st.integers(0, 7))
def test_no_flipped_bit_of_a_signature_or_of_what_was_signed_passes(place, bit):
    house, key = Passkeys(ORIGIN, "House"), Authenticator()
    find = known(house, key)
    answer = key.sign(house.request(NOON))
    for name in ("signature", "authenticatorData", "clientDataJSON"):
        lied = copy.deepcopy(answer)
        raw = bytearray(websafe_decode(lied["response"][name]))
        raw[place % len(raw)] ^= 1 << bit
        lied["response"][name] = websafe_encode(bytes(raw))
        assert isinstance(house.proved(lied, NOON, find), Refusal)


@pytest.mark.parametrize("origin", ["", "localhost", "ftp://x", "https://", "//x"])
def test_an_origin_is_an_address(origin):
    with pytest.raises(ValueError, match="origin"):
        Passkeys(origin, "House")
