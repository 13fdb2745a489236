"""A signed statement fits its key and nothing else, and others can check it without Tocsin."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tocsin.keys.kinds import Purpose, SigningKey, fresh, key_of, public_of
from tocsin.keys.signed import canonical, misfit, signed

# RFC 8032, section 7.1, TEST 1: the secret, the public key, and the signature of no bytes.
SECRET = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
SIGNATURE = (
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
    "b46bd25bf5f0595bbe24655141438e7a100b"
)
KEY = SigningKey(
    "k1", Purpose.HEAD, None, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(SECRET))
)
BODY = {"seq": 41, "hash": "ab", "signed_at": datetime(2022, 10, 11, 9, 0, tzinfo=UTC)}


def test_signatures_are_those_of_the_standard():
    assert KEY.public.public.hex() == PUBLIC
    assert KEY.sign(b"").hex() == SIGNATURE
    assert KEY.public.fits(b"", bytes.fromhex(SIGNATURE))


def test_others_check_a_statement_with_json_and_a_public_key():
    told = json.loads(json.dumps({**signed(BODY, KEY), "signed_at": "2022-10-11T09:00:00Z"}))

    signature = b64decode(told.pop("signature"))
    plain = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    load_pem_public_key(KEY.public.pem()).verify(signature, plain)


def test_a_public_key_comes_back_from_its_pem():
    assert public_of("k1", KEY.public.pem()) == KEY.public
    with pytest.raises(ValueError, match="PEM"):
        public_of("k1", b"nothing")


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 42},
        {"more": 1},
        {"signature": "AAAA"},
        {"signature": "not base64!"},
        {"signature": None},
        {"key": "k2"},
        {"key": None},
    ],
)
def test_a_statement_that_was_changed_does_not_fit(change: dict[str, object]):
    told = signed(BODY, KEY)

    assert misfit(told, [KEY.public]) is None
    assert misfit({**told, **change}, [KEY.public]) is not None
    assert misfit({name: v for name, v in told.items() if name != "seq"}, [KEY.public]) is not None


def test_a_statement_by_a_key_of_the_same_name_does_not_fit():
    other = key_of(Purpose.HEAD, fresh(Purpose.HEAD)[0], None, "k1")
    assert isinstance(other, SigningKey)

    assert misfit(signed(BODY, other), [KEY.public]) == "its signature does not fit: it was changed"


def test_what_is_signed_has_one_form():
    assert canonical({"b": 1, "a": "ї", "signature": "x"}) == '{"a":"ї","b":1}'.encode()


def test_a_key_of_another_kind_is_refused():
    with pytest.raises(ValueError, match="PEM"):
        key_of(Purpose.HEAD, b"00" * 32, None, "")
    with pytest.raises(ValueError, match="hex"):
        key_of(Purpose.SEAL, KEY.public.pem(), None, "")
