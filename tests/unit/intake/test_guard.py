"""Which addresses may be fetched."""

import pytest

from tocsin.core.refusals import Rule
from tocsin.errors import BadInput
from tocsin.intake.guard import is_open, target


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://news.example/a/b?c=d&e=%20f#g", "https://news.example/a/b?c=d&e=%20f"),
        ("http://NEWS.example", "http://news.example/"),
        ("https://news.example.:443/", "https://news.example/"),
        ("http://news.example:8080/x", "http://news.example:8080/x"),
        ("https://bücher.example/ї", "https://xn--bcher-kva.example/%D1%97"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://[2606:4700::1111]/", "https://[2606:4700::1111]/"),
        ("HTTPS://news.example/", "https://news.example/"),
    ],
)
def test_an_address_is_taken_apart_and_put_together(address, expected):
    assert target(address).address == expected


@pytest.mark.parametrize(
    "address",
    [
        "ftp://news.example/",
        "file:///etc/passwd",
        "gopher://news.example/",
        "javascript:alert(1)",
        "//news.example/",
        "news.example",
        "https://",
        "https:///path",
        "https://user@news.example/",
        "https://user:secret@news.example/",
        "https://news.example@10.0.0.1/",
        "https://news.example:22/",
        "https://news.example:99999/",
        "https://news.example:x/",
        "https://news example/",
        "https://news.example/\r\nHost: inner",
        "https://news.example\\@inner/",
        "https://news.example/" + "a" * 2_000,
        "https://" + "a" * 64 + ".example/",
        "https://a..example/",
        "https://-a.example/",
        "https://[::1%25eth0]/",
        "https://[news]/",
    ],
    ids=range(23),
)
def test_what_is_no_plain_address_of_the_web_is_refused(address):
    with pytest.raises(BadInput) as refused:
        target(address)
    assert (refused.value.field, refused.value.rule) == ("/address", Rule.BAD_VALUE)


def test_a_host_of_the_house_may_have_any_port():
    at = target("http://wire.example:9000/", allow=("wire.example:9000",))
    assert at.is_allowed
    assert not target("http://wire.example/", allow=("wire.example:9000",)).is_allowed
    assert target("http://127.0.0.1:81/", allow=("127.0.0.1",)).is_allowed


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00:1450::1"])
def test_the_open_internet_is_open(address):
    assert is_open(address)


@pytest.mark.parametrize("address", ["", "news.example", "fe80::1%eth0", "2606:4700::1111%1"])
def test_what_is_no_address_is_not(address):
    assert not is_open(address)
