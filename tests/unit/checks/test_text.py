"""Names that could deceive are refused; prose that could is shown with the place marked."""

import unicodedata

import pytest

from tocsin.checks.text import id_refusal, name_refusal
from tocsin.core.refusals import Rule
from tocsin.formats.api import is_unsafe, prose

SIGNS = [
    *range(0x20), 0x7F, 0x85, 0x200B, 0x202A, 0x202E, 0x2060, 0x2066, 0x2069, 0xD800, 0xE000,
    0xFEFF, 0xFFFF, 0x10FFFF,
]  # fmt: skip


@pytest.mark.parametrize("code", SIGNS)
def test_a_sign_that_turns_or_hides_text_is_refused_in_names_and_replaced_in_prose(code):
    text = f"a{chr(code)}b"
    assert name_refusal(text, "/name").rule is Rule.CONTROL_CHARACTER
    assert prose(text) == (text if code == 0x0A else "a\ufffdb")


def test_every_other_sign_of_every_script_passes():
    for code in range(0x20, 0x30000):
        sign = chr(code)
        bad = unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn")
        bad = (
            bad
            or sign in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060\ufeff"
        )
        assert is_unsafe(sign) is bad, hex(code)
        assert (prose(sign) == sign) is not bad or sign == "\n", hex(code)


def test_names_of_people_keep_their_marks():
    for name in ("Олена Ґонта-Їжакевич", "Ана d'Été", "李小龙", "علي", "Zoë 🙂"):
        assert name_refusal(name, "/name") is None


def test_identifiers_are_what_the_standard_allows():
    assert id_refusal("urn:oid:2.49.0.1-7", "/identifier") is None
    for bad in ("", "a b", "a,b", "a<b", "a&b"):
        assert id_refusal(bad, "/identifier").rule is Rule.BAD_VALUE
    assert id_refusal("x" * 201, "/identifier").rule is Rule.TEXT_TOO_LONG
