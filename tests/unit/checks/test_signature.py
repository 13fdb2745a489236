"""Signatures of feeds: one spelling, the raw bytes, and no key that anybody could sign for."""

from __future__ import annotations

import base64
import string

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from tocsin.checks.signature import Claim, claimed, exactly, fits, fresh, public_refusal
from tocsin.core.refusals import Refusal

PEM, PUBLIC = fresh()
PRIVATE = serialization.load_pem_private_key(PEM, None)
RAW = base64.b64decode(PUBLIC)
BODY = b'{"id": "a", "sent": "2022-10-11T09:00:00Z"}'
SIGNATURE = PRIVATE.sign(BODY)  # type: ignore[union-attr,call-arg]
SPELT = base64.b64encode(SIGNATURE).decode()


def rule(found: object) -> str:
    assert isinstance(found, Refusal), found
    return found.rule.value


def test_the_two_headers_say_whose_it_is_and_the_signature():
    assert claimed(["k"], [f"ed25519={SPELT}"]) == Claim("k", SIGNATURE)
    assert fits(RAW, SIGNATURE, BODY)


@pytest.mark.parametrize(
    ("keys", "signatures", "expected"),
    [
        ([], [f"ed25519={SPELT}"], "unsigned"),
        (["k", "k"], [f"ed25519={SPELT}"], "unsigned"),
        ([""], [f"ed25519={SPELT}"], "unsigned"),
        (["k"], [], "unsigned"),
        (["k"], [f"ed25519={SPELT}"] * 2, "unsigned"),
        (["k"], [SPELT], "unsigned"),
        (["k"], [f"rsa={SPELT}"], "unsigned"),
        (["k"], ["ed25519="], "bad-signature"),
        (["k"], [f"ed25519={SPELT.rstrip('=')}"], "bad-signature"),
        (["k"], [f"ed25519= {SPELT}"], "bad-signature"),
        (["k"], ["ed25519=\u0430" + SPELT[1:]], "bad-signature"),
    ],
)
def test_what_is_not_spelt_so_is_refused(keys, signatures, expected):
    assert rule(claimed(keys, signatures)) == expected


def test_of_two_spellings_of_the_same_bytes_one_is_taken():
    signs = string.ascii_letters + string.digits + "+/"
    others = [f"{SPELT[:-3]}{sign}==" for sign in signs]  # its last four bits stand for nothing
    same = [each for each in others if base64.b64decode(each) == SIGNATURE]
    assert len(same) == 16
    assert [each for each in same if exactly(each, 64)] == [SPELT]


@given(
    body=st.binary(max_size=200), place=st.integers(0, 63), bit=st.integers(0, 7),
)  # fmt: skip
def test_no_other_body_and_no_other_signature_fits(body, place, bit):
    assert fits(RAW, SIGNATURE, body) is (body == BODY)
    changed = bytearray(SIGNATURE)
    changed[place] ^= 1 << bit
    assert not fits(RAW, bytes(changed), BODY)


def test_a_public_key_that_anybody_could_sign_for_is_refused():
    assert public_refusal(PUBLIC, "/public") == RAW
    assert rule(public_refusal("AAAA", "/public")) == "bad-value"
    for hex_, top in (("01" + "00" * 31, 0), ("00" * 32, 0), ("ec" + "ff" * 30 + "7f", 0x80)):
        raw = bytearray.fromhex(hex_)
        raw[-1] |= top
        assert rule(public_refusal(base64.b64encode(raw).decode(), "/public")) == "bad-value"
