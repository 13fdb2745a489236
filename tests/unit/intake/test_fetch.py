"""An address that somebody names is fetched from the open internet, or not at all."""

import asyncio
import gzip
import ipaddress
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from tocsin.core.refusals import Rule
from tocsin.errors import BadInput
from tocsin.intake import fetch as fetching
from tocsin.intake.fetch import LARGEST, FetchFailed, fetch

INNER = [
    # written the plain way
    "http://127.0.0.1/", "http://127.1.2.3/", "http://10.0.0.1/", "http://172.16.0.1/",
    "http://172.31.255.255/", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/",
    "http://0.0.0.0/", "http://0.1.2.3/", "http://100.64.0.1/", "http://100.127.255.254/",
    "http://192.0.0.192/", "http://192.0.2.1/", "http://198.18.0.1/", "http://198.51.100.1/",
    "http://203.0.113.1/", "http://224.0.0.1/", "http://240.0.0.1/", "http://255.255.255.255/",
    "http://192.88.99.1/",
    # octal, hex, short, one number, with a dot at the end
    "http://0177.0.0.1/", "http://0x7f.0.0.1/", "http://0x7f000001/", "http://2130706433/",
    "http://017700000001/", "http://127.1/", "http://127.0.1/", "http://0/", "http://0x0/",
    "http://127.0.0.1./", "http://00000177.1/", "http://127.0.0.1.0x1/", "http://4294967295/",
    # addresses of the sixth version, and those that carry another inside
    "http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/", "http://[::ffff:10.0.0.1]/", "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::10.0.0.1]/", "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/", "http://[2001:0:7f00:1::]/", "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/", "http://[fc00::1]/", "http://[fd12:3456::1]/", "http://[fec0::1]/",
    "http://[ff02::1]/", "http://[2001:db8::1]/", "http://[100::1]/", "http://[5f00::1]/",
    # names and letters that mean one of those
    "http://localhost/", "http://LOCALHOST./", "http://inner.example/", "http://ⓛocalhost/",
    "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://mixed.example/", "http://mapped.example/",
    # a name before it, another scheme, another port
    "http://news.example@127.0.0.1/", "http://127.0.0.1:80@news.example/", "http://@127.0.0.1/",
    "http://news.example\\@127.0.0.1/", "https://news.example:6379/", "dict://127.0.0.1/",
]  # fmt: skip

NAMES = {
    "localhost": ["127.0.0.1", "::1"],
    "inner.example": ["10.1.2.3"],
    "mixed.example": ["93.184.216.34", "192.168.0.1"],
    "mapped.example": ["::ffff:192.168.0.1"],
    "news.example": ["93.184.216.34"],
}


async def book(host: str, port: int) -> list[str]:
    """Resolve names as this test knows them; anything else is an inner one, to be strict."""
    assert port > 0
    return NAMES.get(host, ["127.0.0.1"])


@pytest.fixture
def sent(monkeypatch):
    """Every request that would leave this machine; none does."""
    requests: list[httpx.Request] = []
    answers: list[httpx.Response] = []

    async def instead(_, request):
        requests.append(request)
        return answers.pop(0) if answers else httpx.Response(200, stream=httpx.ByteStream(b"."))

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", instead)
    return requests, answers


def test_there_are_sixty_forms_and_more():
    assert len(set(INNER)) >= 60


@pytest.mark.parametrize("address", INNER, ids=range(len(INNER)))
async def test_no_form_of_an_inner_address_is_asked(address, sent):
    with pytest.raises(BadInput) as refused:
        await fetch(address, resolve=book)
    assert refused.value.field == "/address"
    assert sent[0] == []


@pytest.mark.parametrize("address", INNER, ids=range(len(INNER)))
async def test_no_redirect_leads_to_an_inner_address(address, sent):
    requests, answers = sent
    answers.append(httpx.Response(302, headers={"location": address.encode("utf-8")}))
    with pytest.raises((BadInput, FetchFailed)):
        await fetch("http://news.example/", resolve=book)
    assert [request.url.host for request in requests] == ["93.184.216.34"]


async def test_the_connection_goes_to_the_address_that_was_looked_at(sent):
    asked = []

    async def rebinding(host, _):
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    answer = await fetch("https://news.example/a?b=c", resolve=rebinding)
    [request] = sent[0]
    assert asked == ["news.example"]
    assert str(request.url) == "https://93.184.216.34/a?b=c"
    assert request.headers["host"] == "news.example"
    assert request.extensions["sni_hostname"] == "news.example"
    assert "cookie" not in request.headers
    assert answer.final_address == "https://news.example/a?b=c"


async def test_a_name_that_changes_between_redirects_is_looked_at_again(sent):
    sent[1].append(httpx.Response(301, headers={"location": "/there"}))
    answers = [["93.184.216.34"], ["10.0.0.1"]]

    async def rebinding(*_):
        return answers.pop(0)

    with pytest.raises(BadInput):
        await fetch("http://news.example/", resolve=rebinding)
    assert len(sent[0]) == 1


async def test_it_does_not_lead_from_https_to_http(sent):
    sent[1].append(httpx.Response(301, headers={"location": "http://news.example/"}))
    with pytest.raises(BadInput, match="https to http"):
        await fetch("https://news.example/", resolve=book)


async def test_it_leads_on_so_often_and_no_more(sent):
    sent[1].extend(httpx.Response(302, headers={"location": f"/{n}"}) for n in range(20))
    with pytest.raises(FetchFailed, match="leads on"):
        await fetch("http://news.example/", resolve=book)
    assert len(sent[0]) == fetching.REDIRECTS + 1


async def test_a_name_without_an_address_is_told():
    with pytest.raises(FetchFailed, match="not a name"):
        await fetch("http://no-such-name.invalid/")


def test_every_address_of_the_book_that_is_not_open_is_known_to_the_tables():
    inner = [each for found in NAMES.values() for each in found if not each.startswith("93.")]
    assert all(not ipaddress.ip_address(each).is_global for each in inner)


# With a real server, which the house itself lets lie in its own network.


async def gone(writer):
    """Hang up, and wait until the line is down."""
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


@asynccontextmanager
async def listening(answer):
    """A server on this machine; at the end every line is down."""
    lines: list[asyncio.Task[None]] = []

    async def one(reader, writer):
        lines.append(asyncio.current_task())
        try:
            await answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            await gone(writer)

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    await asyncio.gather(*lines)


@asynccontextmanager
async def far_end(*answers: bytes):
    """A server that gives each of these bytes once, then hangs up."""
    waiting = list(answers)
    heard: list[bytes] = []

    async def answer(reader, writer):
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        body = waiting.pop(0)
        for start in range(0, len(body), 65_536):
            writer.write(body[start : start + 65_536])
            await writer.drain()

    async with listening(answer) as host:
        yield host, heard


def http(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    told = {"content_type": "text/html; charset=windows-1251", **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


async def test_a_report_is_fetched_with_what_came_with_it():
    answer = http(b"<p>Five died.</p>", etag='"7"', last_modified="Tue, 01 Mar 2022 17:24:00 GMT")
    async with far_end(answer) as (host, heard):
        got = await fetch(f"http://{host}/a", allow=(host,))
    assert got.body == b"<p>Five died.</p>"
    assert (got.media_type, got.charset, got.etag) == ("text/html", "windows-1251", '"7"')
    assert got.last_modified == "Tue, 01 Mar 2022 17:24:00 GMT"
    assert got.final_address == f"http://{host}/a"
    assert heard[0].startswith(b"GET /a HTTP/1.1\r\n")
    assert f"Host: {host}".encode() in heard[0]


async def test_what_did_not_change_is_not_sent_again():
    async with far_end(http(b"", "304 Not Modified", etag='"7"')) as (host, heard):
        got = await fetch(f"http://{host}/", allow=(host,), etag='"7"', last_modified="then")
    assert (got.is_unchanged, got.body) == (True, b"")
    assert b'If-None-Match: "7"' in heard[0]
    assert b"If-Modified-Since: then" in heard[0]


async def test_an_allowed_host_may_not_lead_to_one_that_is_not():
    async with far_end(http(b"", "302 Found", location="http://127.0.0.1:1/")) as (host, heard):
        with pytest.raises(BadInput):
            await fetch(f"http://{host}/", allow=(host,))
    assert len(heard) == 1


async def test_the_same_server_is_refused_where_nobody_allowed_it():
    async with far_end(http(b"secret")) as (host, heard):
        with pytest.raises(BadInput):
            await fetch(f"http://{host}/")
    assert heard == []


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        (http(b"a" * (LARGEST + 1)), Rule.TOO_LARGE),
        (http(b"", content_length=str(LARGEST + 1)), Rule.TOO_LARGE),
        (http(gzip.compress(b"a" * 50_000_000), content_encoding="gzip"), Rule.TOO_LARGE),
        (http(b"%PDF", content_type="application/pdf"), Rule.WRONG_CONTENT_TYPE),
    ],
    ids=["long", "announced", "packed", "pdf"],
)
async def test_what_is_too_large_or_no_text_is_refused(answer, rule):
    async with far_end(answer) as (host, _):
        with pytest.raises(BadInput) as refused:
            await fetch(f"http://{host}/", allow=(host,))
    assert (refused.value.field, refused.value.rule) == ("/address", rule)


async def test_a_packed_answer_is_unpacked():
    answer = http(gzip.compress(b"Five died."), content_encoding="gzip")
    async with far_end(answer) as (host, _):
        assert (await fetch(f"http://{host}/", allow=(host,))).body == b"Five died."


@pytest.mark.parametrize(
    "answer",
    [
        http(b"", "404 Not Found"),
        http(b"", "500 Oh"),
        http(b"not packed", content_encoding="gzip"),
        http(b"x", content_encoding="br"),
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"",
        http(b"abc", content_length="10"),
    ],
    ids=["404", "500", "unpacked", "br", "ssh", "nothing", "torn"],
)
async def test_an_answer_that_is_none_is_a_failure(answer):
    async with far_end(answer) as (host, _):
        with pytest.raises(FetchFailed):
            await fetch(f"http://{host}/", allow=(host,))


async def test_who_never_answers_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(fetching, "PATIENCE_S", 0.3)

    async def silent(reader, _):
        await reader.read()

    async with listening(silent) as host:
        with pytest.raises(FetchFailed, match="did not answer"):
            await fetch(f"http://{host}/", allow=(host,))


async def test_nobody_there_is_a_failure():
    with pytest.raises(FetchFailed, match="cannot be reached"):
        await fetch("http://127.0.0.1:9/", allow=("127.0.0.1:9",))
