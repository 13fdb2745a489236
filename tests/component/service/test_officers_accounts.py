"""Accounts, links, keys and the first token: who may give what to whom, and that it is recorded."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest

from kit.authenticator import Authenticator
from kit.houses import KYIV, LVIV
from kit.officers import HERE, PASSWORD, Side, a_scope, no, side, yes
from tocsin.checks.identity import ANYBODY, FIRST_TOKEN, Identity
from tocsin.core import audit
from tocsin.core.alert import Realm, Severity
from tocsin.core.authority import Permission, Role, Scope
from tocsin.core.refusals import Rule
from tocsin.errors import JournalUnavailable
from tocsin.service.machines import MadeKey

ADMIN = Scope(role=Role.ADMINISTRATOR)
FIRST = "Bearer first"


async def an_admin(desk: Side, login: str = "anna") -> Identity:
    """An administrator who has just signed in."""
    return (await desk.sign_in(await desk.administrator(login))).identity


# -- the first start ------------------------------------------------------------------------------


async def test_the_first_link_makes_one_administrator(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        links = desk.officers.links
        token = links.keep_first(tmp_path)
        assert token is not None
        file = tmp_path / "first-link"
        assert file.read_text() == token + "\n"
        assert file.stat().st_mode & 0o777 == 0o600
        assert links.keep_first(tmp_path) == token  # the same after a restart
        anna = await desk.enrol(token, "Anna")
        assert anna.account.scope.role is Role.ADMINISTRATOR
        assert anna.account.login == "anna"
        assert no(links.open(token)) == Rule.LINK_USED
        assert links.keep_first(tmp_path) is None
        assert not file.exists()
        opened = [e for e in desk.events(audit.AccountChanged) if e.change == "opened"]
        assert [(e.account_id, e.role) for e in opened] == [(anna.account.id, Role.ADMINISTRATOR)]
        made = [e.kind for e in desk.events(audit.CredentialChanged)]
        assert made == ["link", "password", "totp", "recovery-codes"]


async def test_a_new_first_link_ends_the_one_before(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        links = desk.officers.links
        one = links.keep_first(tmp_path)
        assert one is not None
        (tmp_path / "first-link").write_text("garbage\n")
        two = links.keep_first(tmp_path)
        assert two not in (None, one)
        assert no(links.open(one)) == Rule.LINK_USED


async def test_the_first_token_ends_when_an_administrator_has_signed_in(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        identify = desk.officers.identify
        first = yes(identify(FIRST, None, None))
        assert first is FIRST_TOKEN
        assert first.warrant is None
        assert first.direct
        await desk.sign_in(await desk.operator())
        anna = await desk.administrator()
        assert identify(FIRST, None, None) is FIRST_TOKEN  # not yet
        await desk.sign_in(anna)
        assert no(identify(FIRST, None, None)) == Rule.BAD_CREDENTIAL
    async with side(tmp_path) as again:
        assert no(again.officers.identify(FIRST, None, None)) == Rule.BAD_CREDENTIAL


async def test_the_first_administrator_can_come_with_a_passkey_alone(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        token = desk.officers.links.invite_first()
        assert token is not None
        opening = yes(desk.officers.links.open(token))
        assert opening.address.startswith("otpauth://totp/")
        key = Authenticator()
        done = yes(
            await desk.officers.links.finish(
                token, login="anna", name="Anna", passkey=key.make(opening.passkey)
            )
        )
        assert done.recovery_codes == ()
        signing = desk.officers.signing
        yes(await signing.with_passkey(key.sign(signing.passkey_options()), source=HERE))
        assert no(desk.officers.identify(FIRST, None, None)) == Rule.BAD_CREDENTIAL


# -- links ----------------------------------------------------------------------------------------


async def a_link(desk: Side) -> str:
    linked = yes(
        await desk.officers.accounts.open(FIRST_TOKEN, login="b", name="B", scope=a_scope())
    )
    return linked.token


async def test_of_eight_who_use_a_link_at_once_one_does(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        token = await a_link(desk)
        opening = yes(desk.officers.links.open(token))
        code = pyotp.TOTP(opening.secret).at(int(desk.now.timestamp()))
        told = await asyncio.gather(
            *(desk.officers.links.finish(token, password=PASSWORD, code=code) for _ in range(8))
        )
        assert [hasattr(each, "account") for each in told].count(True) == 1
        assert {no(each) for each in told if not hasattr(each, "account")} == {Rule.LINK_USED}


async def test_a_link_ends_after_a_day(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        token = await a_link(desk)
        desk.clock.step(hours=23, minutes=59)
        yes(desk.officers.links.open(token))
        desk.clock.step(minutes=1)
        assert no(desk.officers.links.open(token)) == Rule.LINK_USED
        assert no(await desk.officers.links.finish(token)) == Rule.LINK_USED


@pytest.mark.parametrize(("given", "rule"), [
    ({}, Rule.MISSING_MEMBER),
    ({"password": PASSWORD}, Rule.SIGN_IN_REFUSED),
    ({"password": PASSWORD, "code": "000000"}, Rule.SIGN_IN_REFUSED),
    ({"password": "short"}, Rule.WEAK_PASSWORD),
    ({"password": "123456789012"}, Rule.WEAK_PASSWORD),
    ({"password": "x" * 1_025}, Rule.TEXT_TOO_LONG),
    ({"passkey": {}}, Rule.SIGN_IN_REFUSED),
    ({"passkey": {"id": "a", "rawId": "b", "response": 7}}, Rule.SIGN_IN_REFUSED),
])  # fmt: skip
async def test_a_link_that_is_used_wrongly_still_holds(
    tmp_path: Path, given: dict[str, Any], rule: Rule
) -> None:
    async with side(tmp_path) as desk:
        token = await a_link(desk)
        before = len(desk.home.service.history())
        yes(desk.officers.links.open(token))
        assert no(await desk.officers.links.finish(token, **given)) == rule
        assert len(desk.home.service.history()) == before
        await desk.enrol(token)


async def test_a_passkey_made_for_one_account_is_not_taken_for_another(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        links = desk.officers.links
        one = await a_link(desk)
        linked = yes(
            await desk.officers.accounts.open(FIRST_TOKEN, login="c", name="C", scope=a_scope())
        )
        answer = Authenticator().make(yes(links.open(one)).passkey)
        yes(links.open(linked.token))
        assert no(await links.finish(linked.token, passkey=answer)) == Rule.SIGN_IN_REFUSED
        yes(await links.finish(one, passkey=answer))


async def test_what_the_journal_does_not_take_leaves_the_link_as_it_was(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        token = await a_link(desk)
        desk.home.journal.refuse = True
        with pytest.raises(JournalUnavailable):
            await desk.enrol(token)
        desk.home.journal.refuse = False
        await desk.enrol(token)


async def test_a_reset_begins_anew_and_ends_what_was(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        opened = await desk.sign_in(boris)
        key = Authenticator()
        await desk.with_passkey(opened, key)
        anna = await an_admin(desk)
        linked = yes(await desk.officers.accounts.reset_link(anna, boris.account.id))
        yes(desk.who(opened))  # until it is used
        again = await desk.enrol(linked.token)
        assert again.account.id == boris.account.id
        assert no(desk.who(opened)) == Rule.SESSION_OVER
        assert no(await desk.try_in(boris)) == Rule.SIGN_IN_REFUSED
        signing = desk.officers.signing
        assert no(await signing.with_passkey(key.sign(signing.passkey_options()))) == (
            Rule.SIGN_IN_REFUSED
        )
        desk.clock.step(seconds=90)
        yes(await desk.try_in(again))


# -- accounts -------------------------------------------------------------------------------------


async def test_only_administrators_keep_accounts(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        who = (await desk.sign_in(boris)).identity
        carla = await desk.operator("carla")
        accounts, them = desk.officers.accounts, carla.account.id
        change = {"name": "X", "scope": ADMIN, "valid_until": None}
        for by in (who, ANYBODY):
            asked = [
                await accounts.open(by, login="x", name="X", scope=ADMIN),
                await accounts.change(by, them, **change),
                await accounts.change(by, boris.account.id, **change),
                await accounts.close(by, them),
                await accounts.erase(by, them),
                await accounts.reset_link(by, them),
                await accounts.revoke_credential(by, them, "x"),
                await desk.officers.keys.make(by, them, name="X", scope=a_scope()),
                await desk.officers.keys.revoke(by, "x"),
            ]
            assert [no(each) for each in asked] == [Rule.NOT_ALLOWED] * 9
        assert desk.registry.account(them) == carla.account


async def test_nobody_changes_his_own_role_or_scope_or_closes_himself(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        anna = await an_admin(desk)
        accounts = desk.officers.accounts
        told = [
            await accounts.change(anna, anna.name, name="Anna", scope=a_scope(), valid_until=None),
            await accounts.change(
                anna, anna.name, name="Anna", scope=ADMIN, valid_until=desk.now + timedelta(days=9)
            ),
            await accounts.close(anna, anna.name),
        ]
        assert [no(each) for each in told] == [Rule.NOT_YOUR_OWN] * 3
        after = await accounts.change(
            anna, anna.name, name="Anna Two", scope=ADMIN, valid_until=None
        )
        assert yes(after).name == "Anna Two"


async def test_giving_needs_a_fresh_proof_and_taking_away_does_not(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        opened = await desk.sign_in(boris)
        anna = await an_admin(desk)
        accounts = desk.officers.accounts
        desk.clock.step(minutes=15)
        told = await accounts.open(anna, login="x", name="X", scope=ADMIN)
        assert no(told) == Rule.NEEDS_CONFIRMATION
        assert no(await accounts.reset_link(anna, boris.account.id)) == Rule.NEEDS_CONFIRMATION
        assert await accounts.close(anna, boris.account.id) is None
        assert no(desk.who(opened)) == Rule.SESSION_OVER
        assert no(await desk.try_in(boris)) == Rule.SIGN_IN_REFUSED


async def test_a_changed_scope_counts_from_the_next_request_on(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        opened = await desk.sign_in(boris)
        anna = await an_admin(desk)
        viewer = Scope(role=Role.VIEWER)
        yes(
            await desk.officers.accounts.change(
                anna, boris.account.id, name="Boris", scope=viewer, valid_until=None
            )
        )
        who = yes(desk.who(opened))
        assert not who.may(Permission.ISSUE)
        assert who.warrant is not None
        assert who.warrant.scope == viewer
        changed = desk.events(audit.AccountChanged)[-1]
        assert (changed.change, changed.role, changed.by) == ("changed", Role.VIEWER, anna.name)


async def test_an_account_that_has_run_out_opens_nothing(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        until = desk.now + timedelta(hours=1)
        linked = yes(
            await desk.officers.accounts.open(
                FIRST_TOKEN, login="d", name="D", scope=a_scope(), valid_until=until
            )
        )
        dana = await desk.enrol(linked.token)
        opened = await desk.sign_in(dana)
        desk.clock.step(hours=1)
        assert no(desk.who(opened)) == Rule.SESSION_OVER
        assert no(await desk.try_in(dana)) == Rule.SIGN_IN_REFUSED
        past = await desk.officers.accounts.open(
            FIRST_TOKEN, login="e", name="E", scope=a_scope(), valid_until=until
        )
        assert no(past) == Rule.EXPIRES_PAST


async def test_erasing_leaves_the_id_in_the_chain_and_nothing_else(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator("boris-the-great")
        await desk.sign_in(boris)
        anna = await an_admin(desk)
        accounts, them = desk.officers.accounts, boris.account.id
        assert no(await accounts.erase(anna, them)) == Rule.NOT_AS_IT_STANDS
        assert await accounts.close(anna, them) is None
        assert await accounts.erase(anna, them) is None
        left = desk.registry.account(them)
        assert left is not None
        assert (left.login, left.name) == ("", "")
        whole = b"".join(row.data for row, _ in desk.home.service.history())
        assert them.encode() in whole
        assert b"boris" not in whole.lower()
        assert [e.change for e in desk.events(audit.AccountChanged) if e.account_id == them] == [
            "opened", "closed", "erased",
        ]  # fmt: skip


@pytest.mark.parametrize(("other", "rule", "field"), [
    ({"regions": ("XX",)}, Rule.UNKNOWN_REGION, "/scope/regions/0"),
    ({"hazards": ("nonsense",)}, Rule.UNKNOWN_HAZARD, "/scope/hazards/0"),
    ({"usual": ("*", "nonsense")}, Rule.UNKNOWN_HAZARD, "/scope/usual/1"),
    ({"regions": ()}, Rule.MISSING_MEMBER, "/scope/regions"),
    ({"hazards": ()}, Rule.MISSING_MEMBER, "/scope/hazards"),
    ({"realms": ()}, Rule.MISSING_MEMBER, "/scope/realms"),
    ({"sender": ""}, Rule.MISSING_MEMBER, "/scope/sender"),
])  # fmt: skip
async def test_a_scope_that_makes_no_sense_is_refused_by_its_field(
    tmp_path: Path, other: dict[str, Any], rule: Rule, field: str
) -> None:
    async with side(tmp_path) as desk:
        told = await desk.officers.accounts.open(
            FIRST_TOKEN, login="x", name="X", scope=a_scope(**other)
        )
        assert (no(told), getattr(told, "field", "")) == (rule, field)


@pytest.mark.parametrize(("login", "name", "rule"), [
    ("boris", "B", Rule.LOGIN_TAKEN), ("BORIS", "B", Rule.LOGIN_TAKEN),
    (" boris ", "B", Rule.LOGIN_TAKEN), ("", "B", Rule.BAD_VALUE), ("a b", "B", Rule.BAD_VALUE),
    ("b\u202e", "B", Rule.CONTROL_CHARACTER), ("b", "B\x00", Rule.CONTROL_CHARACTER),
    ("b" * 201, "B", Rule.TEXT_TOO_LONG), ("b", "", Rule.MISSING_MEMBER),
])  # fmt: skip
async def test_a_login_is_one_persons_and_can_be_read(
    tmp_path: Path, login: str, name: str, rule: Rule
) -> None:
    async with side(tmp_path) as desk:
        await desk.operator()
        told = await desk.officers.accounts.open(
            FIRST_TOKEN, login=login, name=name, scope=a_scope()
        )
        assert no(told) == rule


async def test_what_the_journal_does_not_take_does_not_come_to_be(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        made = yes(
            await desk.officers.keys.make(FIRST_TOKEN, boris.account.id, name="K", scope=a_scope())
        )
        accounts, keys, them = desk.officers.accounts, desk.officers.keys, boris.account.id
        desk.home.journal.refuse = True
        for asked in (
            accounts.open(FIRST_TOKEN, login="x", name="X", scope=a_scope()),
            accounts.change(FIRST_TOKEN, them, name="X", scope=ADMIN, valid_until=None),
            accounts.close(FIRST_TOKEN, them),
            accounts.reset_link(FIRST_TOKEN, them),
            keys.make(FIRST_TOKEN, them, name="K", scope=a_scope()),
            keys.revoke(FIRST_TOKEN, made.key.id),
        ):
            with pytest.raises(JournalUnavailable):
                await asked
        assert desk.registry.accounts() == [boris.account]
        assert desk.registry.keys() == [made.key]


# -- machines' keys -------------------------------------------------------------------------------


async def a_key(desk: Side, **other: Any) -> MadeKey:
    boris = await desk.operator()
    given: dict[str, Any] = {"name": "Sensor", "scope": a_scope()} | other
    return yes(await desk.officers.keys.make(FIRST_TOKEN, boris.account.id, **given))


async def test_a_key_is_shown_once_and_says_whose_it_is(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        made = await a_key(desk, direct=True, per_minute=6)
        prefix, id_, secret = made.token.split("_", 2)
        assert (prefix, id_, len(secret)) == ("tk", made.key.id, 43)
        who = yes(desk.officers.identify(f"Bearer {made.token}", None, None))
        warrant = who.warrant
        assert warrant is not None
        assert (warrant.account, warrant.credential) == (made.key.account_id, made.key.id)
        assert (warrant.is_machine, warrant.direct, warrant.per_minute) == (True, True, 6)
        assert who.direct
        await desk.officers.settle()
        assert desk.registry.keys()[0].last_used_at == desk.now
        stored = (tmp_path / "registry.db").read_bytes()
        stored += (tmp_path / "registry.db-wal").read_bytes()
        assert secret.encode() not in stored


async def test_a_key_that_is_not_right_to_the_last_sign_is_none(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        token = (await a_key(desk)).token
        for wrong in (token[:-1], token + "x", token.upper(), token.replace("tk_", ""), "tk_",
                      "tk__", f"tk_{token.split('_')[1]}_", "x" * 9_999, "\udcff"):  # fmt: skip
            told = desk.officers.identify(f"Bearer {wrong}", None, None)
            assert no(told) == Rule.BAD_CREDENTIAL, wrong


@pytest.mark.parametrize("other", [
    {"role": Role.SUPERVISOR}, {"sender": "another"}, {"regions": (LVIV,)},
    {"regions": (KYIV, LVIV)}, {"severity": Severity.EXTREME}, {"hazards": ("*",)},
    {"realms": (Realm.LIVE, Realm.DRILL)}, {"channels": ("*",)}, {"role": Role.ADMINISTRATOR},
])  # fmt: skip
async def test_a_key_may_do_nothing_that_its_owner_may_not(
    tmp_path: Path, other: dict[str, Any]
) -> None:
    async with side(tmp_path) as desk:
        mine: dict[str, Any] = {
            "severity": Severity.SEVERE, "hazards": ("air-raid",), "realms": (Realm.DRILL,),
            "channels": ("sse",), "regions": (KYIV,),
        }  # fmt: skip
        boris = await desk.operator(**mine)
        make, them = desk.officers.keys.make, boris.account.id
        scope = a_scope(**(mine | other))
        assert no(await make(FIRST_TOKEN, them, name="K", scope=scope)) == Rule.SCOPE_TOO_WIDE
        yes(await make(FIRST_TOKEN, them, name="K", scope=a_scope(**mine)))


async def test_a_drill_key_is_for_drills_alone(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        made = await a_key(desk, scope=a_scope(realms=(Realm.DRILL,)))
        who = yes(desk.officers.identify(f"Bearer {made.token}", None, None))
        assert who.warrant is not None
        assert who.warrant.scope.realms == (Realm.DRILL,)


async def test_a_key_ends_by_revoking_by_time_and_with_its_owner(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        one = await a_key(desk)
        keys, them = desk.officers.keys, one.key.account_id
        two = yes(
            await keys.make(
                FIRST_TOKEN, them, name="K", scope=a_scope(),
                valid_until=desk.now + timedelta(hours=1),
            )
        )  # fmt: skip
        three = yes(await keys.make(FIRST_TOKEN, them, name="K", scope=a_scope()))

        def told(made: MadeKey) -> object:
            return desk.officers.identify(f"Bearer {made.token}", None, None)

        assert await keys.revoke(FIRST_TOKEN, one.key.id) is None
        assert no(await keys.revoke(FIRST_TOKEN, one.key.id)) == Rule.BAD_VALUE
        assert no(told(one)) == Rule.BAD_CREDENTIAL
        yes(told(two))
        desk.clock.step(hours=1)
        assert no(told(two)) == Rule.BAD_CREDENTIAL
        yes(told(three))
        assert await desk.officers.accounts.close(FIRST_TOKEN, them) is None
        assert no(told(three)) == Rule.BAD_CREDENTIAL
        revoked = [e.credential_id for e in desk.events(audit.CredentialChanged)
                   if (e.kind, e.change) == ("key", "revoked")]  # fmt: skip
        assert revoked == [one.key.id, two.key.id, three.key.id]


async def test_a_narrower_scope_revokes_the_keys_that_are_too_wide_now(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        wide = await a_key(desk)
        them = wide.key.account_id
        narrow = a_scope(realms=(Realm.DRILL,))
        small = yes(await desk.officers.keys.make(FIRST_TOKEN, them, name="K", scope=narrow))
        yes(
            await desk.officers.accounts.change(
                FIRST_TOKEN, them, name="B", scope=narrow, valid_until=None
            )
        )
        identify = desk.officers.identify
        assert no(identify(f"Bearer {wide.token}", None, None)) == Rule.BAD_CREDENTIAL
        yes(identify(f"Bearer {small.token}", None, None))


async def test_a_key_that_is_too_wide_all_the_same_is_refused_at_the_door(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        made = await a_key(desk)
        owner = desk.registry.account(made.key.account_id)
        assert owner is not None
        desk.registry.change_account(replace(owner, scope=a_scope(realms=(Realm.DRILL,))))
        told = desk.officers.identify(f"Bearer {made.token}", None, None)
        assert no(told) == Rule.BAD_CREDENTIAL


async def test_an_owner_makes_and_revokes_his_own_keys_with_a_fresh_proof(tmp_path: Path) -> None:
    async with side(tmp_path) as desk:
        boris = await desk.operator()
        who = (await desk.sign_in(boris)).identity
        keys = desk.officers.keys
        made = yes(await keys.make(who, who.name, name="K", scope=a_scope()))
        machine = yes(desk.officers.identify(f"Bearer {made.token}", None, None))
        again = await keys.make(machine, who.name, name="K", scope=a_scope())
        assert no(again) == Rule.NEEDS_CONFIRMATION  # a machine proves no second factor
        desk.clock.step(minutes=15)
        late = await keys.make(who, who.name, name="K", scope=a_scope())
        assert no(late) == Rule.NEEDS_CONFIRMATION
        assert await keys.revoke(who, made.key.id) is None
        carla = (await desk.sign_in(await desk.operator("carla"))).identity
        other = yes(await keys.make(carla, carla.name, name="K", scope=a_scope()))
        assert no(await keys.revoke(who, other.key.id)) == Rule.NOT_ALLOWED
