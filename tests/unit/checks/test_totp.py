"""Codes: the standard's own, a minute of tolerance, nothing else that looks like digits."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from kit.clocks import NOON
from tocsin.checks.totp import address, matching_step, new_secret

RFC = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(("at_s", "code"), [
    (59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
    (2000000000, "279037"), (20000000000, "353130"),
])  # fmt: skip
def test_the_standards_own_codes_are_found(at_s, code):
    """RFC 6238, appendix B, SHA-1; the last six of its eight digits."""
    assert matching_step(RFC, code, datetime.fromtimestamp(at_s, UTC)) == at_s // 30


@pytest.mark.parametrize(("steps", "good"), [
    (-3, False), (-2, True), (-1, True), (0, True), (1, True), (2, True), (3, False),
])  # fmt: skip
def test_a_minute_each_way_is_tolerated(steps, good):
    now = int(NOON.timestamp())
    code = pyotp.TOTP(RFC).at(now + steps * 30)
    assert matching_step(RFC, code, NOON) == (now // 30 + steps if good else None)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "١٢٣٤٥٦", "²²²²²²", "-12345", "abcdef"])
def test_what_is_not_six_digits_is_no_code(code):
    assert matching_step(RFC, code, NOON) is None


def test_blanks_as_generators_show_them_do_not_matter():
    code = pyotp.TOTP(RFC).at(int(NOON.timestamp()))
    assert matching_step(RFC, f" {code[:3]} {code[3:]}\n", NOON) is not None


def test_the_beginning_of_time_is_no_trap():
    assert matching_step(RFC, "000000", datetime.fromtimestamp(0, UTC) + timedelta(seconds=1)) in (
        None, 0, 1, 2,
    )  # fmt: skip


def test_a_secret_has_160_bits_and_an_address_that_generators_read():
    one, two = new_secret(), new_secret()
    assert one != two
    assert len(base64.b32decode(one)) == 20
    assert address(one, "boris", "My house") == (
        f"otpauth://totp/My%20house:boris?secret={one}&issuer=My%20house"
    )
