"""Strict JSON: what a typed decoder would let pass is refused, with its place."""

import msgspec
import pytest

from tocsin.checks import json as strict
from tocsin.core.refusals import Rule
from tocsin.errors import BadInput


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    """What stands inside."""

    words: dict[str, str] = {}
    points: list[tuple[float, float]] = []


class Shape(msgspec.Struct, forbid_unknown_fields=True):
    """What is asked for."""

    name: str
    inner: Inner = msgspec.field(default_factory=Inner)


def refused(body, **limits):
    with pytest.raises(BadInput) as caught:
        strict.read(body, Shape, **limits)
    return caught.value.rule, caught.value.field


def test_a_good_body_is_read():
    body = '{"name": "Київ", "inner": {"points": [[1, 2.5]]}}'.encode()
    assert strict.read(body, Shape) == Shape("Київ", Inner(points=[(1, 2.5)]))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"name":"a","name":"a"}', "/name"),
        (b'{"name":"a","inner":{"words":{"a/b":"","a/b":""}}}', "/inner/words/a~1b"),
        (b'{"name":"a","inner":{"points":[],"points":[]}}', "/inner/points"),
    ],
)
def test_a_member_twice_is_named_by_its_pointer(body, field):
    assert refused(body) == (Rule.DUPLICATE_MEMBER, field)


def test_brackets_inside_text_are_not_depth():
    body = b'{"name": "' + b"[" * 200 + b'\\"{"}'
    assert strict.read(body, Shape).name.startswith("[[[")


def test_one_level_too_many_is_too_deep():
    fits = b"[" * strict.MOST_DEPTH + b"]" * strict.MOST_DEPTH
    assert strict.bounded(fits) == fits.decode()
    with pytest.raises(BadInput) as caught:
        strict.bounded(b"[" + fits + b"]")
    assert caught.value.rule == Rule.TOO_DEEP


@pytest.mark.parametrize(
    ("body", "deep"),
    [
        (b"", 0), (b"1", 0), (b"[]", 1), (b"[{}]", 2), (b"[[],[[]]]", 3), (b'["[[["]', 1),
        (b'["\\"[["]', 1), (b'["\\\\"[["', 3), (b'"[', 0), (b"]]][", 0), (b"[" * 999, 999),
    ],
)  # fmt: skip
def test_depth_counts_brackets_outside_strings(body, deep):
    assert strict.depth(body) == deep


@pytest.mark.parametrize(
    ("body", "rule", "field"),
    [
        (b"{", Rule.BAD_JSON, ""),
        (b'{"name":NaN}', Rule.BAD_JSON, ""),
        (b'{"name":-Infinity}', Rule.BAD_JSON, ""),
        (b'{"name":"\xed\xa0\x80"}', Rule.BAD_JSON, ""),
        (b'{"name":' + b"1" * 5000 + b"}", Rule.BAD_VALUE, "/name"),
        (b"{}", Rule.MISSING_MEMBER, "/name"),
        (b'{"name":1}', Rule.WRONG_TYPE, "/name"),
        (b'{"name":"a","inner":{"x~y":1}}', Rule.UNKNOWN_MEMBER, "/inner/x~0y"),
        (b'{"name":"a","inner":{"points":[[1,2],[1,"2"]]}}', Rule.WRONG_TYPE, "/inner/points/1/1"),
        (b'{"name":"a","inner":{"words":{"a":1}}}', Rule.WRONG_TYPE, "/inner/words"),
    ],
)
def test_each_slip_has_its_rule_and_place(body, rule, field):
    assert refused(body) == (rule, field)


def test_a_body_over_the_limit_is_not_looked_at():
    assert refused(b"[" * 200, most_bytes=100)[0] == Rule.TOO_LARGE


def test_two_requests_are_the_same_whatever_their_order():
    one = strict.read(b'{"inner":{"words":{"b":"2","a":"1"}},"name":"x"}', Shape)
    other = strict.read(b'{"name":"x","inner":{"points":[],"words":{"a":"1","b":"2"}}}', Shape)
    assert strict.canonical(one) == strict.canonical(other)
    assert strict.canonical(one) != strict.canonical(Shape("y"))
