"""What every engine promises: ``service.registry.Registry``, on each of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from kit.clocks import NOON
from tocsin.core.alert import Realm, Severity
from tocsin.core.authority import EVERY, Role, Scope
from tocsin.service.registry import (
    PER_ACCOUNT_MOST,
    Account,
    Enrolment,
    Group,
    Invite,
    InviteKind,
    MachineKey,
    Passkey,
    Password,
    RecoveryCodes,
    Registry,
    Session,
    Taken,
    Totp,
)

SCOPE = Scope(
    role=Role.OPERATOR, sender="one", regions=("UA80", "UA46"), hazards=(EVERY,),
    realms=(Realm.LIVE, Realm.DRILL), severity=Severity.SEVERE, channels=("sse",), usual=("flood",),
)  # fmt: skip
ADMIN = Scope(role=Role.ADMINISTRATOR)
LATER = NOON + timedelta(minutes=5)
HOUR = timedelta(hours=1)


def an_account(id_: str = "a1", **other: object) -> Account:
    usual = {"id": id_, "login": f"login-{id_}", "name": "Name", "scope": SCOPE, "made_at": NOON}
    return Account(**(usual | other))


def a_session(id_: str = "s1", account: str = "a1", **other: object) -> Session:
    usual = {
        "id": id_, "account_id": account, "credential_ids": ("p1", "t1"), "device": "d1",
        "opened_at": NOON, "ends_at": NOON + 12 * HOUR, "rotated_at": NOON, "confirmed_at": NOON,
    }  # fmt: skip
    return Session(**(usual | other))


def a_passkey(id_: str = "k1", **other: object) -> Passkey:
    usual = {
        "id": id_, "account_id": "a1", "credential_id": id_.encode(), "public_key": b"cose",
        "sign_count": 5, "name": "Key", "made_at": NOON,
    }  # fmt: skip
    return Passkey(**(usual | other))


def a_key(id_: str = "m1", **other: object) -> MachineKey:
    usual = {
        "id": id_, "account_id": "a1", "hash": hashed(id_), "name": "Sensor", "scope": SCOPE,
        "direct": True, "per_minute": 6, "made_at": NOON,
    }  # fmt: skip
    return MachineKey(**(usual | other))


def an_invite(id_: str = "i1", **other: object) -> Invite:
    usual = {
        "id": id_, "hash": hashed(id_), "kind": InviteKind.ACCOUNT, "account_id": "a1",
        "made_at": NOON, "ends_at": NOON + HOUR,
    }  # fmt: skip
    return Invite(**(usual | other))


def hashed(text: str) -> bytes:
    return text.encode().ljust(32, b"-")


def winners(count: int, ask: Callable[[], object]) -> int:
    """How many of so many threads that ask at once are told yes."""
    told: list[object] = []
    gate = threading.Barrier(count)

    def run() -> None:
        gate.wait()
        told.append(ask())

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == count
    return sum(1 for each in told if each)


def test_an_account_is_read_back_as_it_was_written(registry: Registry) -> None:
    account = an_account(valid_until=LATER)
    registry.add_account(account)
    assert registry.account("a1") == account
    assert registry.account_by_login("login-a1") == account
    assert registry.account("a2") is None
    assert registry.accounts() == [account]


def test_a_login_is_somebodys_alone(registry: Registry) -> None:
    registry.add_account(an_account())
    with pytest.raises(Taken):
        registry.add_account(an_account("a2", login="login-a1"))
    assert registry.account("a2") is None


def test_an_open_account_changes_and_a_closed_one_does_not(registry: Registry) -> None:
    registry.add_account(an_account())
    after = an_account(name="Other", scope=ADMIN, valid_until=LATER)
    assert registry.change_account(after)
    assert registry.account("a1") == after
    assert registry.close_account("a1", LATER)
    assert not registry.change_account(an_account())
    assert not registry.close_account("a1", LATER)
    assert registry.account("a1") == replace(after, closed_at=LATER)


def test_closing_takes_sessions_keys_and_links_along(registry: Registry) -> None:
    registry.add_account(an_account())
    registry.open_session(a_session(), hashed("t"))
    registry.add_key(a_key())
    registry.add_invite(an_invite())
    registry.close_account("a1", LATER)
    assert registry.held(hashed("t")) is None
    assert registry.keys("a1")[0].revoked_at == LATER
    assert registry.invite(hashed("i1")) is None


def test_erasing_leaves_nothing_that_names_a_person(registry: Registry) -> None:
    registry.add_account(an_account())
    registry.set_password(Password(id="p1", account_id="a1", hash="$argon2id$", made_at=NOON))
    registry.set_totp(Totp(id="t1", account_id="a1", secret="ABC", made_at=NOON))
    registry.add_passkey(a_passkey())
    registry.note_device("d1", "a1", NOON)
    registry.add_key(a_key())
    assert not registry.erase_account("a1")  # it is open
    registry.close_account("a1", LATER)
    assert registry.erase_account("a1")
    left = registry.account("a1")
    assert left is not None
    assert (left.login, left.name) == ("", "")
    assert registry.account_by_login("login-a1") is None
    assert registry.account_by_login("") is None
    assert registry.password("a1") is None
    assert registry.totp("a1") is None
    assert registry.passkeys("a1") == []
    assert not registry.knows_device("d1")
    assert registry.keys("a1")[0].name == ""
    registry.add_account(an_account("a2", login="login-a1"))  # the login is free again


@pytest.mark.parametrize("proof", ["none", "password alone", "password and totp", "passkey"])
def test_an_administrator_is_one_who_can_sign_in(registry: Registry, proof: str) -> None:
    registry.add_account(an_account(scope=ADMIN, valid_until=LATER))
    registry.add_account(an_account("a2"))
    registry.add_passkey(a_passkey("k2", account_id="a2"))
    if proof.startswith("password"):
        registry.set_password(Password(id="p1", account_id="a1", hash="h", made_at=NOON))
    if proof.endswith("totp"):
        registry.set_totp(Totp(id="t1", account_id="a1", secret="ABC", made_at=NOON))
    if proof == "passkey":
        registry.add_passkey(a_passkey())
    assert registry.has_administrator(NOON) is (proof in {"password and totp", "passkey"})
    assert not registry.has_administrator(LATER)


def test_a_step_is_used_once_and_none_before_it(registry: Registry) -> None:
    registry.add_account(an_account())
    registry.set_totp(Totp(id="t1", account_id="a1", secret="ABC", made_at=NOON))
    assert winners(8, lambda: registry.use_step("t1", 100)) == 1
    assert not registry.use_step("t1", 99)
    assert registry.use_step("t1", 101)


def test_a_recovery_code_is_used_once(registry: Registry) -> None:
    registry.add_account(an_account())
    registry.set_codes(
        RecoveryCodes(id="c1", account_id="a1", hashes=(hashed("x"), hashed("y")), made_at=NOON)
    )
    assert registry.codes_left("a1") == ("c1", 2)
    assert winners(8, lambda: registry.use_code("a1", hashed("x"), NOON)) == 1
    assert registry.use_code("a1", hashed("z"), NOON) is None
    assert registry.use_code("a2", hashed("y"), NOON) is None
    assert registry.codes_left("a1") == ("c1", 1)
    registry.set_codes(RecoveryCodes(id="c2", account_id="a1", hashes=(hashed("v"),), made_at=NOON))
    assert registry.use_code("a1", hashed("y"), NOON) is None  # of the set before
    assert registry.use_code("a1", hashed("v"), NOON) == "c2"


@pytest.mark.parametrize(("before", "after", "good"), [
    (5, 6, True), (5, 5, False), (5, 4, False), (5, 0, False), (0, 0, True), (0, 1, True),
])  # fmt: skip
def test_a_passkeys_count_only_grows(
    registry: Registry, before: int, after: int, *, good: bool
) -> None:
    registry.add_account(an_account())
    registry.add_passkey(a_passkey(sign_count=before))
    assert registry.use_passkey("k1", after, LATER) is good
    known = registry.passkey(b"k1")
    assert known is not None
    assert (known.sign_count, known.last_used_at) == ((after, LATER) if good else (before, None))


def test_a_passkey_is_registered_once_and_not_without_end(registry: Registry) -> None:
    registry.add_account(an_account())
    registry.add_passkey(a_passkey())
    with pytest.raises(Taken):
        registry.add_passkey(a_passkey("k2", credential_id=b"k1"))
    for number in range(1, PER_ACCOUNT_MOST):
        registry.add_passkey(a_passkey(f"more{number}"))
    with pytest.raises(Taken):
        registry.add_passkey(a_passkey("last"))
    assert len(registry.passkeys("a1")) == PER_ACCOUNT_MOST


def test_a_credential_is_dropped_by_its_id(registry: Registry) -> None:
    registry.add_account(an_account())
    registry.set_password(Password(id="p1", account_id="a1", hash="h", made_at=NOON))
    registry.set_totp(Totp(id="t1", account_id="a1", secret="ABC", made_at=NOON))
    registry.set_codes(RecoveryCodes(id="c1", account_id="a1", hashes=(hashed("x"),), made_at=NOON))
    registry.add_passkey(a_passkey())
    kinds = [registry.drop_credential(each) for each in ("p1", "t1", "c1", "k1", "k1")]
    assert kinds == ["password", "totp", "recovery-codes", "passkey", None]


def test_a_token_leads_to_session_and_account(registry: Registry) -> None:
    registry.add_account(an_account())
    registry.open_session(a_session(), hashed("t"))
    held = registry.held(hashed("t"))
    assert held is not None
    assert (held.session, held.account) == (a_session(), an_account())
    assert (held.retired_at, held.is_claimed) == (None, False)
    assert registry.held(hashed("u")) is None


def test_of_many_who_rotate_at_once_one_does(registry: Registry) -> None:
    registry.add_account(an_account())
    registry.open_session(a_session(), hashed("t0"))
    names = iter(range(1, 9))
    assert winners(8, lambda: registry.rotate(a_session(), hashed(f"t{next(names)}"), LATER)) == 1


def test_older_tokens_retire_when_the_new_one_is_used(registry: Registry) -> None:
    registry.add_account(an_account())
    registry.open_session(a_session(), hashed("old"))
    assert registry.rotate(a_session(), hashed("new"), LATER)
    before = registry.held(hashed("old"))
    assert before is not None
    assert before.retired_at is None
    registry.claim_token(hashed("new"), LATER)
    registry.claim_token(hashed("new"), LATER + HOUR)  # the first use counts
    old, new = registry.held(hashed("old")), registry.held(hashed("new"))
    assert old is not None
    assert new is not None
    assert (old.retired_at, new.retired_at, new.is_claimed) == (LATER, None, True)


def test_an_ended_session_is_gone_with_all_its_tokens(registry: Registry) -> None:
    registry.add_account(an_account())
    registry.open_session(a_session(), hashed("old"))
    registry.rotate(a_session(), hashed("new"), LATER)
    assert registry.confirm("s1", LATER)
    assert registry.sessions("a1") == [a_session(rotated_at=LATER, confirmed_at=LATER)]
    assert registry.end_session("s1")
    assert not registry.end_session("s1")
    assert not registry.confirm("s1", LATER)
    assert registry.held(hashed("old")) is None
    assert registry.held(hashed("new")) is None


def test_an_account_has_so_many_sessions_and_the_oldest_goes(registry: Registry) -> None:
    registry.add_account(an_account())
    for number in range(PER_ACCOUNT_MOST + 1):
        at = NOON + timedelta(seconds=number)
        registry.open_session(a_session(f"s{number}", opened_at=at), hashed(f"t{number}"))
    assert registry.sessions("a1")[0].id == "s1"
    assert registry.held(hashed("t0")) is None


def test_sessions_whose_shift_is_over_are_listed(registry: Registry) -> None:
    registry.add_account(an_account())
    registry.open_session(a_session("s1", ends_at=LATER), hashed("t1"))
    registry.open_session(a_session("s2"), hashed("t2"))
    assert registry.over(NOON) == []
    assert [each.id for each in registry.over(LATER)] == ["s1"]


def test_a_device_is_known_to_the_account_it_signed_in_to(registry: Registry) -> None:
    registry.add_account(an_account())
    registry.add_account(an_account("a2"))
    registry.note_device("d1", "a1", NOON)
    assert registry.knows_device("d1", "a1")
    assert registry.knows_device("d1")
    assert not registry.knows_device("d1", "a2")
    assert not registry.knows_device("d2")
    for number in range(PER_ACCOUNT_MOST):
        registry.note_device(f"new{number}", "a1", LATER + timedelta(seconds=number))
    assert not registry.knows_device("d1", "a1")


def test_a_key_is_read_with_its_owner_and_revoked_once(registry: Registry) -> None:
    registry.add_account(an_account())
    key = a_key(valid_until=LATER)
    registry.add_key(key)
    assert registry.key("m1") == (key, an_account())
    assert registry.key("m2") is None
    registry.note_key_used("m1", LATER)
    assert registry.revoke_key("m1", LATER)
    assert not registry.revoke_key("m1", LATER)
    used = replace(key, last_used_at=LATER, revoked_at=LATER)
    assert registry.keys() == registry.keys("a1") == [used]
    assert registry.keys("a2") == []


def test_a_link_works_once(registry: Registry) -> None:
    registry.add_account(an_account())
    registry.add_invite(an_invite())
    enrolment = Enrolment(
        account=an_account(),
        password=Password(id="p1", account_id="a1", hash="h", made_at=NOON),
        passkey=a_passkey(),
    )
    assert winners(8, lambda: registry.redeem(an_invite(), enrolment, LATER)) == 1
    assert registry.passkeys("a1") == [a_passkey()]
    used = registry.invite(hashed("i1"))
    assert used is not None
    assert not used.holds(LATER)


def test_a_link_begins_anew(registry: Registry) -> None:
    registry.add_account(an_account())
    registry.set_password(Password(id="p1", account_id="a1", hash="h", made_at=NOON))
    registry.set_totp(Totp(id="t1", account_id="a1", secret="ABC", made_at=NOON))
    registry.open_session(a_session(), hashed("t"))
    registry.add_invite(an_invite())
    assert registry.redeem(an_invite(), Enrolment(account=an_account(), passkey=a_passkey()), LATER)
    assert registry.password("a1") is None
    assert registry.totp("a1") is None
    assert registry.held(hashed("t")) is None


def test_a_link_ends_and_a_new_one_ends_the_old(registry: Registry) -> None:
    registry.add_account(an_account())
    registry.add_invite(an_invite())
    nothing = Enrolment(account=an_account())
    assert not registry.redeem(an_invite(), nothing, NOON + HOUR)
    registry.add_invite(an_invite("i2"))
    assert registry.invite(hashed("i1")) is None
    assert registry.redeem(an_invite("i2"), nothing, LATER)


def test_a_link_whose_account_cannot_be_made_still_holds(registry: Registry) -> None:
    registry.add_account(an_account())
    first = an_invite(kind=InviteKind.FIRST, account_id=None, ends_at=None)
    registry.add_invite(first)
    with pytest.raises(Taken):
        registry.redeem(first, Enrolment(account=an_account("a2", login="login-a1")), LATER)
    assert registry.redeem(first, Enrolment(account=an_account("a2")), LATER)
    assert registry.account("a2") == an_account("a2")


def test_groups_are_their_senders_own(registry: Registry) -> None:
    registry.save_group(Group(id="g1", sender="one", name="North", regions=("UA80",)))
    registry.save_group(Group(id="g1", sender="one", name="South", regions=("UA46",)))
    assert registry.groups("one") == [Group(id="g1", sender="one", name="South", regions=("UA46",))]
    with pytest.raises(Taken):
        registry.save_group(Group(id="g2", sender="one", name="South", regions=()))
    with pytest.raises(Taken):
        registry.save_group(Group(id="g1", sender="two", name="Mine", regions=()))
    assert registry.groups("two") == []
    assert not registry.drop_group("two", "g1")
    assert registry.drop_group("one", "g1")


def test_a_note_is_kept(registry: Registry) -> None:
    assert registry.noted("x") is None
    registry.note("x", "1")
    registry.note("x", "2")
    assert registry.noted("x") == "2"


def test_reading_goes_on_while_many_write(registry: Registry) -> None:
    for number in range(4):
        registry.add_account(an_account(f"a{number}"))

    def work() -> bool:
        for number in range(10):
            registry.note(threading.current_thread().name, str(number))
            assert registry.account("a1") is not None
        return True

    assert winners(8, work) == 8
