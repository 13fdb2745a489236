"""Signing in and staying in: what opens a session, what does not, and what strangers cannot do."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from kit.authenticator import PRESENT, Authenticator
from kit.officers import ELSEWHERE, HERE, PASSWORD, Side, no, side, yes
from tocsin.checks.identity import ANYBODY, FIRST_TOKEN
from tocsin.core import audit
from tocsin.core.authority import Permission
from tocsin.core.refusals import Rule
from tocsin.errors import JournalUnavailable
from tocsin.service.registry import Session


async def test_a_password_and_a_code_open_a_session_for_a_shift(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        opened = await desk.sign_in(boris)
        who = yes(desk.who(opened))
        assert who.name == boris.account.id
        assert who.may(Permission.ISSUE)
        assert who.warrant is not None
        assert (who.warrant.account, who.session) == (boris.account.id, opened.session.id)
        assert who.warrant.device == opened.session.device != opened.device
        (event,) = desk.events(audit.SignedIn)
        assert (event.account_id, event.session_id) == (boris.account.id, opened.session.id)
        assert len(event.credential_ids) == 2
        desk.clock.step(hours=12)
        assert no(desk.who(opened)) == Rule.SESSION_OVER
        await desk.officers.flush()
        (ended,) = desk.events(audit.SignedOut)
        assert (ended.session_id, ended.reason) == (opened.session.id, "shift-over")


async def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        session, device = (await desk.sign_in(boris)).cookies
        for cookie in (session, device):
            assert "; Path=/;" in cookie
            assert "; HttpOnly; SameSite=Strict" in cookie
            assert "Secure" not in cookie  # plain http on localhost
        desk.officers.serve_at("https://desk.example")
        session, device = (await desk.sign_in(boris)).cookies
        assert session.startswith("__Host-tocsin-session=")
        assert device.startswith("__Host-tocsin-device=")
        assert session.endswith("; Secure")
        assert "Domain" not in session + device


@pytest.mark.parametrize("wrong", [
    {"login": "nobody"}, {"password": "another four words"}, {"code": "000000"}, {"code": ""},
    {"password": "x" * 2_000}, {"password": "\udcff" * 12}, {"login": ""}, {"login": "x" * 9_999},
    {"code": "١٢٣٤٥٦"}, {"code": "-00001"},
])  # fmt: skip
async def test_one_wrong_part_is_enough_and_the_answer_does_not_tell_which(
    tmp_path: Path, wrong: dict[str, str]
) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        refused = await desk.try_in(boris, **wrong)
        also = await desk.try_in(boris, password="wrong altogether")
        assert refused == also
        assert no(refused) == Rule.SIGN_IN_REFUSED
        assert not desk.events(audit.SignedIn)


async def test_an_unknown_login_costs_what_a_wrong_password_does(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        await desk.try_in(boris, login="nobody")
        assert desk.passwords.verified == 1


async def test_the_login_is_found_however_it_is_written(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        yes(await desk.try_in(boris, login="BORIS"))


async def test_a_code_is_used_once_also_by_eight_at_once(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        tries = await asyncio.gather(*(desk.try_in(boris) for _ in range(8)))
        assert [hasattr(each, "session") for each in tries].count(True) == 1
        assert {no(each) for each in tries if not hasattr(each, "session")} == {Rule.CODE_USED}
        assert len(desk.events(audit.SignedIn)) == 1
        assert no(await desk.try_in(boris)) == Rule.CODE_USED
        assert len(desk.events(audit.OfficerRefused)) == 8  # his own: an event each


@pytest.mark.parametrize(("off_s", "good"), [(-60, True), (60, True), (-121, False), (121, False)])
async def test_a_generators_clock_may_be_a_minute_off(
    tmp_path: Path, off_s: int, *, good: bool
) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        there = desk.now.timestamp() + off_s
        code = boris.code(desk.now.fromtimestamp(there, desk.now.tzinfo))
        desk.clock.step(seconds=0)
        found = await desk.try_in(boris, code=code)
        assert hasattr(found, "session") is good


async def test_a_code_of_before_the_last_used_one_is_no_good(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        before = boris.code(desk.now)
        desk.clock.step(seconds=30)
        await desk.sign_in(boris)
        assert no(await desk.try_in(boris, code=before)) == Rule.CODE_USED


async def test_a_recovery_code_stands_for_a_code_once(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        assert len(boris.codes) == 10
        typed = boris.codes[0].upper().replace("-", " ")
        tries = await asyncio.gather(*(desk.try_in(boris, code=typed) for _ in range(6)))
        assert [hasattr(each, "session") for each in tries].count(True) == 1
        assert no(await desk.try_in(boris, code=boris.codes[0])) == Rule.SIGN_IN_REFUSED
        used = [e for e in desk.events(audit.CredentialChanged) if e.change == "used"]
        assert [each.kind for each in used] == ["link", "recovery-codes"]
        assert desk.registry.codes_left(boris.account.id) == (used[1].credential_id, 9)


async def test_a_sign_in_gives_a_new_token_and_takes_over_no_strangers_mark(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        planted = "planted-by-somebody-else"
        first = await desk.sign_in(boris, device=planted)
        assert first.device != planted
        second = await desk.sign_in(boris)
        assert second.device == first.device  # known here by now
        assert second.token != first.token
        carla = await desk.operator("carla")
        third = await desk.sign_in(carla, device=first.device)
        assert third.session.device == first.session.device  # one desk, two people: one device


async def test_a_session_holds_on_its_own_device_only(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        opened = await desk.sign_in(await desk.operator())
        identify = desk.officers.identify
        assert no(identify(None, opened.token, None)) == Rule.SESSION_OVER
        assert no(identify(None, opened.token, "another")) == Rule.SESSION_OVER
        assert no(identify(None, opened.token + "x", opened.device)) == Rule.SESSION_OVER
        assert no(identify(None, "", opened.device)) == Rule.SESSION_OVER
        assert no(identify(None, "x" * 9_999, opened.device)) == Rule.SESSION_OVER
        assert no(identify(f"Bearer {opened.token}", None, None)) == Rule.BAD_CREDENTIAL
        assert identify(None, None, opened.device) is ANYBODY


async def test_signing_out_ends_the_session_for_good(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        opened = await desk.sign_in(await desk.operator())
        (back,) = await desk.officers.signing.sign_out(opened.identity)
        assert back.startswith("tocsin-session=;")
        assert "Max-Age=0" in back
        assert no(desk.who(opened)) == Rule.SESSION_OVER
        assert [each.reason for each in desk.events(audit.SignedOut)] == ["left"]


async def test_own_sessions_are_listed_and_ended_and_nobody_elses(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris, carla = await desk.operator(), await desk.operator("carla")
        one, two = await desk.sign_in(boris), await desk.sign_in(boris)
        other = await desk.sign_in(carla)
        signing = desk.officers.signing
        assert [each.id for each in signing.sessions(one.identity)] == [
            one.session.id, two.session.id,
        ]  # fmt: skip
        refused = await signing.end(one.identity, other.session.id)
        assert no(refused) == Rule.SESSION_OVER
        refused = await signing.end(one.identity, other.session.id, carla.account.id)
        assert no(refused) == Rule.NOT_ALLOWED
        assert await signing.end(one.identity, two.session.id) is None
        assert no(desk.who(two)) == Rule.SESSION_OVER
        yes(desk.who(other))


# -- tokens that change ---------------------------------------------------------------------------


def token_of(cookies: tuple[str, ...]) -> str:
    return cookies[0].partition("=")[2].partition(";")[0]


async def test_a_token_changes_every_quarter_of_an_hour_and_the_old_one_lives_a_minute_more(
    tmp_path: Path,
) -> None:
    async with side(tmp_path) as desk:
        opened = await desk.sign_in(await desk.operator())
        assert await desk.officers.renewed(yes(desk.who(opened))) == ()
        desk.clock.step(minutes=15)
        asked = [yes(desk.who(opened)) for _ in range(4)]  # parallel requests
        given = [each for each in [await desk.officers.renewed(one) for one in asked] if each]
        assert len(given) == 1
        fresh = token_of(given[0])
        assert fresh != opened.token
        yes(desk.who(opened, fresh))
        await desk.officers.settle()
        desk.clock.step(seconds=59)
        yes(desk.who(opened))


async def test_a_replayed_old_token_ends_the_session(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        opened = await desk.sign_in(await desk.operator())
        desk.clock.step(minutes=15)
        fresh = token_of(await desk.officers.renewed(yes(desk.who(opened))))
        yes(desk.who(opened, fresh))
        await desk.officers.settle()
        desk.clock.step(seconds=60)
        assert no(desk.who(opened)) == Rule.SESSION_OVER
        assert no(desk.who(opened, fresh)) == Rule.SESSION_OVER  # at once
        await desk.officers.settle()
        assert no(desk.who(opened, fresh)) == Rule.SESSION_OVER
        assert [each.reason for each in desk.events(audit.SignedOut)] == ["replayed"]


async def test_an_answer_that_was_lost_with_the_new_token_ends_nobodys_shift(
    tmp_path: Path,
) -> None:
    async with side(tmp_path) as desk:
        opened = await desk.sign_in(await desk.operator())
        desk.clock.step(minutes=15)
        assert await desk.officers.renewed(yes(desk.who(opened)))  # never arrives
        desk.clock.step(minutes=10)
        yes(desk.who(opened))
        desk.clock.step(minutes=5)
        fresh = token_of(await desk.officers.renewed(yes(desk.who(opened))))
        yes(desk.who(opened, fresh))


# -- what strangers cannot do ---------------------------------------------------------------------


async def test_a_hundred_thousand_tries_are_counted_and_hash_almost_nothing(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        before = len(desk.home.service.history())
        for _ in range(100_000):
            found = await desk.officers.signing.with_password("boris", "wrong", "1", source=HERE)
            desk.officers.note_refusal(None, HERE, found.rule, "sign-in")  # type: ignore[union-attr]
        assert desk.passwords.verified == 10
        desk.clock.step(minutes=1)
        await desk.officers.flush()
        new = [event for _, event in desk.home.service.history()][before:]
        (summed,) = new
        assert isinstance(summed, audit.StrangersRefused)
        assert summed.count == 100_000
        assert dict(summed.rules) == {"sign-in-refused": 10, "too-many-requests": 99_990}
        assert HERE not in repr(new)
        assert boris.account.id not in repr(new)


async def test_a_stranger_locks_no_officer_out(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        await desk.sign_in(boris)
        for number in range(200):  # from the officer's own network as well
            for source in (HERE, f"2001:db8:{number:x}::1"):
                await desk.officers.signing.with_password("boris", "wrong", "1", source=source)
        stranger = await desk.try_in(boris, device=None, source="192.0.2.1")
        assert no(stranger) == Rule.TOO_MANY_REQUESTS  # by the login, wherever from
        yes(await desk.try_in(boris))


async def test_a_stranger_in_the_queue_does_not_keep_an_officer_waiting(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        await desk.sign_in(boris)
        flood = [
            asyncio.create_task(
                desk.officers.signing.with_password(f"n{n}", "wrong", "1", source=f"10.0.{n}.1")
            )
            for n in range(100)
        ]
        yes(await desk.try_in(boris))
        told = [no(each) for each in await asyncio.gather(*flood)]
        assert told.count(Rule.SIGN_IN_REFUSED) == desk.passwords.verified - 2
        assert Rule.TOO_MANY_REQUESTS in told  # the queue is short


async def test_a_known_device_has_its_own_limit(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        await desk.sign_in(boris)
        told = [no(await desk.try_in(boris, password="wrong altogether")) for _ in range(21)]
        assert told == [Rule.SIGN_IN_REFUSED] * 20 + [Rule.TOO_MANY_REQUESTS]
        assert len(desk.events(audit.OfficerRefused)) == 20


async def test_who_knows_the_password_guesses_ten_codes_an_hour(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        await desk.sign_in(boris)
        for number in range(12):
            desk.clock.step(minutes=1)
            await desk.try_in(boris, code="000000", device=None, source=f"192.0.2.{number}")
        desk.clock.step(minutes=1)
        right_but_late = await desk.try_in(boris, device=None, source=ELSEWHERE)
        assert no(right_but_late) == Rule.SIGN_IN_REFUSED
        assert len(desk.events(audit.OfficerRefused)) == 13  # each is seen
        yes(await desk.try_in(boris, device=None, code=boris.codes[3], source=ELSEWHERE))
        desk.clock.step(seconds=60)
        yes(await desk.try_in(boris))  # his own device


async def test_sources_that_no_longer_fit_are_summed_up_as_others(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        note = desk.officers.note_refusal
        for number in range(10_050):
            note(None, f"2001:db8:{number:x}::1", Rule.BAD_CREDENTIAL, "x")
        for number in range(50):  # one /64 is one source
            note(ANYBODY, f"2001:db8:0:0::{number:x}", Rule.NO_CREDENTIAL, "x")
        desk.clock.step(minutes=1)
        await desk.officers.flush()
        sums = desk.events(audit.StrangersRefused)
        assert len(sums) == 10_001
        assert {each.source: each.count for each in sums}["others"] == 50
        assert max(each.count for each in sums if each.source != "others") == 51


async def test_refusals_that_cannot_be_recorded_now_are_recorded_later(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        for _ in range(3):
            desk.officers.note_refusal(None, HERE, Rule.BAD_CREDENTIAL, "x")
        desk.clock.step(minutes=1)
        desk.home.journal.refuse = True
        with pytest.raises(JournalUnavailable):
            await desk.officers.flush()
        desk.home.journal.refuse = False
        await desk.officers.flush()
        (summed,) = desk.events(audit.StrangersRefused)
        assert (summed.count, dict(summed.rules)) == (3, {"bad-credential": 3})


async def test_an_officers_own_refusals_are_an_event_each_up_to_a_limit(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        opened = await desk.sign_in(await desk.operator())
        for _ in range(100):
            desk.officers.note_refusal(opened.identity, HERE, Rule.WRONG_ROOM, "issue")
        await desk.officers.settle()
        own = desk.events(audit.OfficerRefused)
        assert len(own) == 60
        assert (own[0].rule, own[0].line) == ("wrong-room", "issue")
        await desk.officers.flush(everything=True)
        assert [each.count for each in desk.events(audit.StrangersRefused)] == [40]


async def test_what_the_journal_does_not_take_opens_no_session(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        desk.home.journal.refuse = True
        with pytest.raises(JournalUnavailable):
            await desk.try_in(boris)
        desk.home.journal.refuse = False
        assert desk.registry.sessions(boris.account.id) == []
        assert no(await desk.try_in(boris)) == Rule.CODE_USED  # used up in vain, and opens nothing
        desk.clock.step(seconds=30)
        yes(await desk.try_in(boris))


# -- passkeys -------------------------------------------------------------------------------------


async def with_key(desk: Side) -> tuple[str, Authenticator]:
    boris = await desk.operator()
    opened = await desk.sign_in(boris)
    key = Authenticator()
    await desk.with_passkey(opened, key)
    return boris.account.id, key


async def test_a_passkey_signs_in_alone_and_without_a_login(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        account, key = await with_key(desk)
        signing = desk.officers.signing
        opened = yes(await signing.with_passkey(key.sign(signing.passkey_options()), source=HERE))
        assert opened.session.account_id == account
        assert yes(desk.who(opened)).name == account
        (passkey,) = desk.registry.passkeys(account)
        assert opened.session.credential_ids == (passkey.id,)
        assert passkey.sign_count == key.count


async def test_an_answer_is_used_once_also_by_eight_at_once(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        _, key = await with_key(desk)
        signing = desk.officers.signing
        answer = key.sign(signing.passkey_options())
        tries = await asyncio.gather(*(signing.with_passkey(answer) for _ in range(8)))
        assert [hasattr(each, "session") for each in tries].count(True) == 1


async def test_a_count_that_goes_back_is_a_copy_and_is_refused(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        account, key = await with_key(desk)
        signing = desk.officers.signing
        key.count = 50
        yes(await signing.with_passkey(key.sign(signing.passkey_options())))
        key.count = 49  # counts to 50 again
        assert no(await signing.with_passkey(key.sign(signing.passkey_options()))) == (
            Rule.SIGN_IN_REFUSED
        )
        (refused,) = desk.events(audit.OfficerRefused)
        assert refused.account_id == account
        assert refused.credential_id == desk.registry.passkeys(account)[0].id


async def test_a_revoked_passkey_and_its_sessions_are_over(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        account, key = await with_key(desk)
        signing, accounts = desk.officers.signing, desk.officers.accounts
        opened = yes(await signing.with_passkey(key.sign(signing.passkey_options())))
        (passkey,) = desk.registry.passkeys(account)
        assert await accounts.revoke_credential(FIRST_TOKEN, account, passkey.id) is None
        assert no(desk.who(opened)) == Rule.SESSION_OVER
        assert no(await signing.with_passkey(key.sign(signing.passkey_options()))) == (
            Rule.SIGN_IN_REFUSED
        )


@pytest.mark.parametrize("lie", [
    {"flags": PRESENT}, {"origin": "http://evil.example"}, {"rp_id": "evil.example"},
    {"user": b"x"},
])  # fmt: skip
async def test_an_authenticator_that_lies_gets_nowhere(
    tmp_path: Path, lie: dict[str, object]
) -> None:
    async with side(tmp_path) as desk:
        _, key = await with_key(desk)
        for name, value in lie.items():
            setattr(key, name, value)
        signing = desk.officers.signing
        assert no(await signing.with_passkey(key.sign(signing.passkey_options()))) == (
            Rule.SIGN_IN_REFUSED
        )


# -- proving oneself again ------------------------------------------------------------------------


def confirmed(desk: Side, session: Session) -> Session:
    return next(e for e in desk.registry.sessions(session.account_id) if e.id == session.id)


async def test_an_officer_confirms_by_a_code_or_a_passkey(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        opened = await desk.sign_in(boris)
        key = Authenticator()
        await desk.with_passkey(opened, key)
        signing, who = desk.officers.signing, yes(desk.who(opened))
        desk.clock.step(minutes=20)
        assert no(desk.officers.own.passkey_options(who)) == Rule.NEEDS_CONFIRMATION
        at = yes(await signing.confirm(who, code=boris.code(desk.now)))
        assert confirmed(desk, opened.session).confirmed_at == at == desk.now
        yes(desk.officers.own.passkey_options(who))
        assert no(await signing.confirm(who, code=boris.code(desk.now))) == Rule.CODE_USED
        desk.clock.step(minutes=20)
        answer = key.sign(signing.confirm_options(who))
        assert yes(await signing.confirm(who, passkey=answer)) == desk.now
        assert no(await signing.confirm(who, passkey=answer)) == Rule.CODE_USED


async def test_anothers_passkey_or_an_answer_for_something_else_confirms_nothing(
    tmp_path: Path,
) -> None:
    async with side(tmp_path) as desk:
        opened = await desk.sign_in(await desk.operator())
        carla = await desk.sign_in(await desk.operator("carla"))
        mine, hers = Authenticator(), Authenticator()
        await desk.with_passkey(opened, mine)
        await desk.with_passkey(carla, hers)
        signing, who = desk.officers.signing, yes(desk.who(opened))
        for answer in (hers.sign(signing.confirm_options(who)),
                       mine.sign(signing.passkey_options())):  # fmt: skip
            assert no(await signing.confirm(who, passkey=answer)) == Rule.SIGN_IN_REFUSED
        assert len(desk.events(audit.OfficerRefused)) == 2


async def test_confirming_is_not_for_guessing(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        opened = await desk.sign_in(await desk.operator())
        confirm = desk.officers.signing.confirm
        told = [no(await confirm(opened.identity, code="000000")) for _ in range(12)]
        assert told == [Rule.SIGN_IN_REFUSED] * 10 + [Rule.TOO_MANY_REQUESTS] * 2


async def test_a_changed_password_ends_ones_other_sessions(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        one, two = await desk.sign_in(boris), await desk.sign_in(boris)
        own = desk.officers.own
        assert no(await own.change_password(two.identity, "short")) == Rule.WEAK_PASSWORD
        assert await own.change_password(two.identity, PASSWORD + " more") is None
        assert no(desk.who(one)) == Rule.SESSION_OVER
        yes(desk.who(two))
        assert no(await desk.try_in(boris)) == Rule.SIGN_IN_REFUSED
        yes(await desk.try_in(boris, password=PASSWORD + " more"))


async def test_new_recovery_codes_void_the_old_ones(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        opened = await desk.sign_in(boris)
        codes = yes(await desk.officers.own.new_recovery_codes(opened.identity))
        assert no(await desk.try_in(boris, code=boris.codes[0])) == Rule.SIGN_IN_REFUSED
        yes(await desk.try_in(boris, code=codes[0]))
