"""One good request for every line of the table; see ``kit.scenes`` for what a sample is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp

from kit.authenticator import Authenticator
from kit.officers import PASSWORD, yes
from kit.scenes import (
    ANYWHERE,
    SAMPLES,
    Place,
    Scene,
    Sent,
    a_proposal,
    a_victim,
    an_alert,
    at,
    in_order,
    numbers,
    plain,
    sample,
    sample_of,
)
from kit.staff import FOREIGN, OWN
from tocsin.checks.identity import FIRST_TOKEN
from tocsin.core import commands as co
from tocsin.core.proposal import Proposal
from tocsin.service.registry import Group

# -- alerts --------------------------------------------------------------------------------------


async def _warning(scene: Scene) -> dict[str, Any]:
    return {"hazard": "air-raid", "area": {"regions": [scene.region]}}


@sample("preview-alert", places=(Place.OWN, Place.FOREIGN), in_body=True)
async def _preview(scene: Scene) -> Sent:
    return Sent(at(scene), await _warning(scene))


@sample("issue-alert", good=201, places=(Place.OWN, Place.FOREIGN), previewed=True)
async def _issue(scene: Scene) -> Sent:
    body = await _warning(scene)
    if scene.member.is_house or scene.member.direct:
        return Sent(at(scene), body)
    if scene.may_issue():
        preview = await scene.crew.ask(scene.member, "POST", at(scene) + "/preview", body)
        body["token"] = preview.json()["token"]
    return Sent(at(scene), body)


def _changing(name: str, places: tuple[Place, ...] = ANYWHERE, **more: Any) -> None:
    body = more.pop("body", None)

    @sample(name, places=places, **more)
    async def _(scene: Scene) -> Sent:
        words = body(scene) if callable(body) else body
        return Sent(at(scene, id=await an_alert(scene)), words)


def _later(scene: Scene) -> dict[str, str]:
    return {"expires": (scene.crew.clock.now() + timedelta(hours=20)).isoformat()}


_changing("preview-clearing", open_to=(Place.FOREIGN,))
_changing("update-alert", body={"reason": "It goes on."})
_changing("extend-alert", body=_later)
_changing("keep-alert", body={})
_changing("clear-alert", body={})
_changing("cancel-alert", body={"reason": "Typed the wrong name."})
for _name in ("get-alert", "get-revisions", "alert-reach", "alert-report", "page-alert"):
    _changing(_name, (Place.OWN,))


# -- proposals -----------------------------------------------------------------------------------


def _answering(name: str, body: Callable[[Proposal], object], **more: Any) -> None:
    @sample(name, **{"places": ANYWHERE, **more})
    async def _(scene: Scene) -> Sent:
        found = await a_proposal(scene)
        return Sent(at(scene, id=found.id), body(found))


_answering("get-proposal", lambda _: None, open_to=(Place.FOREIGN,))
_answering("approve-proposal", lambda p: {"content": p.content}, second=True, good=201)
_answering("send-back-proposal", lambda _: {"reason": "Say where."}, second=True)
_answering("decline-proposal", lambda _: {}, second=True)
_answering("page-proposal", lambda _: {}, open_to=(Place.FOREIGN,))
_answering("page-one-proposal", lambda _: None, places=(Place.OWN,))
plain("list-proposals")


@sample("withdraw-proposal", house=(422, "not-yet-expired"))
async def _withdraw(scene: Scene) -> Sent:
    own = scene.may_issue() and not scene.member.is_house
    return Sent(at(scene, id=(await a_proposal(scene, scene.member if own else None)).id), {})


# -- what everybody may read ---------------------------------------------------------------------

for _name in (
    "list-alerts", "get-states", "get-state", "list-regions", "outlines", "list-hazards", "stream",
    "head", "public-head", "openapi", "health", "refusals", "page-country", "page-region-text",
    "page-region", "page-places", "page-about", "page-sign-in", "search-regions",
):  # fmt: skip
    plain(_name)


@sample("get-region")
async def _region(scene: Scene) -> Sent:
    return Sent(at(scene, id=OWN))


def _file(name: str, file: str) -> None:
    @sample(name)
    async def _(scene: Scene) -> Sent:
        page = (await scene.crew.ask("anybody", "GET", "/")).text
        build = page.partition("/static/")[2].partition("/")[0]
        return Sent(at(scene, build=build, name=file))


_file("static", "live.js")
_file("static-console", "map.js")
_file("static-vendor", "terra-draw.js")


# -- the session and one's own credentials -------------------------------------------------------

REFUSED = (401, "sign-in-refused")


@sample("sign-in", always=REFUSED)
async def _sign_in(scene: Scene) -> Sent:
    login = f"nobody-{next(numbers)}"
    return Sent(at(scene), {"login": login, "password": PASSWORD, "code": "123456"})


plain("sign-in-passkey-options", body={})
plain("get-session")
plain("get-me", person=True)
plain("list-own-sessions", person=True)
plain("confirm-passkey-options", body={}, person=True)
plain("new-passkey-options", body={}, person=True)
plain("new-recovery-codes", body={}, person=True, good=201)
plain("change-password", body={"password": PASSWORD + " anew"}, person=True)
plain("new-totp", body={}, person=True)
plain("sign-out", person=True)


@sample("take-totp", person=True)
async def _take_totp(scene: Scene) -> Sent:
    if not scene.member.has_session:
        return Sent(at(scene), {"code": "123456"})
    own, identity = scene.crew.node.officers.own, scene.crew.identity(scene.member)
    secret = yes(own.new_generator(identity)).secret
    code = pyotp.TOTP(secret).at(int(scene.crew.clock.now().timestamp()))
    return Sent(at(scene), {"code": code})


@sample("sign-in-passkey", always=REFUSED)
async def _sign_in_passkey(scene: Scene) -> Sent:
    options = scene.crew.node.officers.signing.passkey_options()
    return Sent(at(scene), {"credential": Authenticator().sign(options)})


@sample("confirm", person=True)
async def _confirm(scene: Scene) -> Sent:
    code = scene.member.codes.pop() if scene.member.has_session else "x"
    return Sent(at(scene), {"code": code})


async def _with_passkey(scene: Scene) -> tuple[Authenticator, str]:
    own, identity = scene.crew.node.officers.own, scene.crew.identity(scene.member)
    key = Authenticator()
    made = yes(await own.add_passkey(identity, key.make(yes(own.passkey_options(identity))), "A"))
    return key, made.id


@sample("confirm-passkey", person=True)
async def _confirm_passkey(scene: Scene) -> Sent:
    if not scene.member.has_session:
        return Sent(at(scene), {"credential": {}})
    key, _ = await _with_passkey(scene)
    identity = scene.crew.identity(scene.member)
    options = scene.crew.node.officers.signing.confirm_options(identity)
    return Sent(at(scene), {"credential": key.sign(options)})


@sample("add-passkey", person=True, good=201)
async def _add_passkey(scene: Scene) -> Sent:
    if not scene.member.has_session:
        return Sent(at(scene), {"name": "A", "credential": {}})
    own, identity = scene.crew.node.officers.own, scene.crew.identity(scene.member)
    credential = Authenticator().make(yes(own.passkey_options(identity)))
    return Sent(at(scene), {"name": "A", "credential": credential})


@sample("remove-passkey", person=True)
async def _remove_passkey(scene: Scene) -> Sent:
    id_ = (await _with_passkey(scene))[1] if scene.member.has_session else "x"
    return Sent(at(scene, id=id_), {})


@sample("end-own-session", person=True)
async def _end_session(scene: Scene) -> Sent:
    if not scene.member.has_session:
        return Sent(at(scene, id="x"), {})
    officers, account = scene.crew.node.officers, scene.member.account
    assert account is not None
    opened = yes(
        await officers.signing.with_password(
            account.login,
            PASSWORD,
            scene.member.codes.pop(),
            device=scene.crew.device_of(scene.member),
        )
    )
    return Sent(at(scene, id=opened.session.id), {})


@sample("get-start")
async def _get_start(scene: Scene) -> Sent:
    return Sent(at(scene, token=(await a_victim(scene)).token))


SAMPLES["page-start"] = SAMPLES["get-start"]


@sample("start", good=201)
async def _start(scene: Scene) -> Sent:
    token = (await a_victim(scene)).token
    secret = yes(scene.crew.node.officers.links.open(token)).secret
    code = pyotp.TOTP(secret).at(int(scene.crew.clock.now().timestamp()))
    return Sent(at(scene, token=token), {"password": PASSWORD, "code": code})


# -- accounts, keys, mandates, delegations -------------------------------------------------------

VIEWER = {"role": "viewer"}
plain("list-accounts")
plain("list-keys")
plain("list-mandates")
plain("list-delegations")


@sample("open-account", good=201, proved=True)
async def _open(scene: Scene) -> Sent:
    login = f"new-{next(numbers)}"
    return Sent(at(scene), {"login": login, "name": "New", "scope": VIEWER})


def _on_victim(name: str, body: object, **more: Any) -> None:
    @sample(name, **more)
    async def _(scene: Scene) -> Sent:
        victim = (await a_victim(scene)).account
        officers = scene.crew.node.officers
        if name == "erase-account":
            assert await officers.accounts.close(FIRST_TOKEN, victim.id) is None
        return Sent(at(scene, id=victim.id), body)


_on_victim("get-account", None)
_on_victim("change-account", {"name": "Other"}, proved=True)
_on_victim("close-account", {})
_on_victim("reset-account", {}, proved=True, good=201)
_on_victim("erase-account", {}, proved=True)


@sample("revoke-credential")
async def _revoke_credential(scene: Scene) -> Sent:
    victim = await a_victim(scene)
    links = scene.crew.node.officers.links
    secret = yes(links.open(victim.token)).secret
    code = pyotp.TOTP(secret).at(int(scene.crew.clock.now().timestamp()))
    done = yes(await links.finish(victim.token, password=PASSWORD, code=code))
    card = yes(scene.crew.node.officers.accounts.card(done.account.id))
    assert card.password_id is not None
    return Sent(at(scene, id=done.account.id, credential=card.password_id), {})


@sample("make-key", good=201, proved=True)
async def _make_key(scene: Scene) -> Sent:
    owner = (await a_victim(scene)).account
    scope = {
        "role": "viewer", "sender": owner.scope.sender, "regions": list(owner.scope.regions),
        "hazards": ["*"], "realms": ["live", "drill"],
    }  # fmt: skip
    return Sent(at(scene), {"account": owner.id, "name": "Key", "scope": scope})


@sample("revoke-key")
async def _revoke_key(scene: Scene) -> Sent:
    owner = (await a_victim(scene)).account
    made = yes(
        await scene.crew.node.officers.keys.make(
            FIRST_TOKEN, owner.id, name="Key", scope=owner.scope
        )
    )
    return Sent(at(scene, id=made.key.id), {})


@sample("give-mandate", good=201)
async def _give(scene: Scene) -> Sent:
    return Sent(at(scene), {"sender": f"office-{next(numbers)}", "regions": [FOREIGN]})


plain("withdraw-mandate", body={"sender": "nobody", "regions": [FOREIGN]})
plain("withdraw-delegation", body={"to": "official"})


@sample("delegate", good=201)
async def _delegate(scene: Scene) -> Sent:
    service = scene.crew.node.service
    under = service.world.authority
    yes(await service.submit(co.GiveMandate(sender="branch", regions=(FOREIGN,), under=under)))
    until = (scene.crew.clock.now() + timedelta(hours=1)).isoformat()
    return Sent(at(scene), {"to": "branch", "regions": [OWN], "valid_until": until})


# -- the desk ------------------------------------------------------------------------------------

plain("desk", "?room=drill")
plain("desk-stream")
plain("presence", body={"room": "live", "doing": None})
plain("self-test", body={}, good=201)
plain("journal")
plain("journal-export")
plain("list-notes")
plain("write-note", body={"kind": "remark", "text": "Quiet."}, good=201)
plain("list-groups")
plain("save-group", body={"name": "Both", "regions": [OWN, FOREIGN]}, good=201)


@sample("remove-group")
async def _remove_group(scene: Scene) -> Sent:
    group = Group(
        id=f"g{next(numbers)}", sender=scene.crew.node.service.world.authority,
        name=f"Group {next(numbers)}", regions=(OWN,),
    )  # fmt: skip
    scene.crew.node.registry.save_group(group)
    return Sent(at(scene, id=group.id), {})


for _name in (
    "page-console", "page-drill", "page-me", "page-accounts", "page-keys", "page-watch",
    "page-journal", "page-hand-over", "page-region-history", "page-proposals",
):  # fmt: skip
    plain(_name)

__all__ = ["SAMPLES", "in_order", "sample_of"]
