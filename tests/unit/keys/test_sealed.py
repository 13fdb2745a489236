"""What can hurt is sealed: opened by its key alone, and named by a hash that tells nothing."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from tocsin.keys.kinds import Purpose, SecretKey
from tocsin.keys.sealed import MARK, NONCE_BYTES, content_of, seal, unseal


def key(name: str) -> SecretKey:
    return SecretKey(
        id=name, purpose=Purpose.SEAL, made_at=None, secret=hashlib.sha256(name.encode()).digest()
    )


OLD, NEW = key("old"), key("new")
WORDS = "Моя сусідка Олена сказала".encode()


@given(st.binary(max_size=2000))
def test_what_is_sealed_comes_back_whole(words):
    assert unseal([NEW], seal(NEW, words)) == words


def test_what_an_older_key_sealed_is_opened_while_that_key_is_there():
    closed = seal(OLD, WORDS)
    assert unseal([NEW, OLD], closed) == WORDS
    assert unseal([NEW], closed) is None
    assert unseal([], closed) is None


def test_the_same_words_are_sealed_differently_each_time_so_the_chain_tells_nothing():
    first, second = seal(NEW, WORDS), seal(NEW, WORDS)
    assert content_of(first) != content_of(second)
    assert content_of(first) == hashlib.sha256(first).hexdigest()
    assert WORDS not in first
    assert "сусідка".encode() not in first


def test_any_byte_changed_is_noticed():
    closed = seal(NEW, WORDS)
    for place in range(len(closed)):
        changed = bytearray(closed)
        changed[place] ^= 1
        assert unseal([NEW], bytes(changed)) is None


@pytest.mark.parametrize("cut", [0, 3, len(MARK), len(MARK) + NONCE_BYTES - 1, -1])
def test_what_is_cut_off_or_not_sealed_is_not_opened(cut):
    assert unseal([NEW], seal(NEW, WORDS)[:cut]) is None
    assert unseal([NEW], WORDS) is None


def test_a_sealed_text_is_no_secret_of_the_other_use_of_the_key():
    """The secret also hashes addresses: what is sealed is not opened by the secret itself."""
    closed = seal(NEW, WORDS)
    nonce = closed[len(MARK) : len(MARK) + NONCE_BYTES]
    with pytest.raises(InvalidTag):
        AESGCM(NEW.secret).decrypt(nonce, closed[len(MARK) + NONCE_BYTES :], MARK)
