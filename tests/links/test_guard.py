"""Addresses and spellings that a link checker must never reach, and the ordinary ones that it must not refuse."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import ada_url
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.links.fetch import BlockedAddress, FailureKind, Fetcher, _Permit
from lib.links.guard import Refusal, WebAddress, may_connect, web_address

# One row for each special range: IANA's registries, translation prefixes, metadata services of cloud providers.
SPECIAL = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.254 127.0.0.1 127.1.2.3 127.255.255.254
168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.8 192.0.0.9
192.0.0.170 192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.88.99.2 192.168.0.1 192.168.255.255
192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 ::
::1 ::127.0.0.1 ::a9fe:a9fe ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:168.63.129.16
::ffff:0:127.0.0.1 ::ffff:0:8.8.8.8 64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b::168.63.129.16 64:ff9b:1::1 100::1
100:0:0:1::1 2001::1 2001:0:7f00:1::1 2001:2::1 2001:10::1 2001:20::1 2001:30::1 2001:db8::1 2002:7f00:1::
2002:a9fe:a9fe:: 2002:808:808:: 2620:4f:8000::1 3fff::1 5f00::1 fc00::1 fd00::1 fd00:ec2::254 fe80::1 fe80::1%eth0
fec0::1 ff02::1 ff0e::1
""".split()  # noqa: SIM905 - eighty rows of quotes would hide the addresses

ORDINARY = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.215.14",
    "142.250.74.46",
    "2a00:1450:4001:829::200e",
    "2606:4700::6812:1",
    "64:ff9b::8.8.8.8",
]

# What attackers and accidents write. {port} is a listener on this machine that counts whoever comes.
PAYLOADS = """
http://127.0.0.1:{port}/
http://127.0.0.1:{port}@127.0.0.1:{port}/
http://localhost:{port}/
http://LOCALHOST:{port}/
http://localhost.:{port}/
http://foo.localhost:{port}/
http://127.1:{port}/
http://127.0.1:{port}/
http://2130706433:{port}/
http://0x7f000001:{port}/
http://0x7f.0.0.1:{port}/
http://0x7f.1:{port}/
http://017700000001:{port}/
http://0177.0.0.1:{port}/
http://0177.0.0.01:{port}/
http://00000177.1:{port}/
http://127.0.0.1.:{port}/
http://127.000.000.001:{port}/
http://[::1]:{port}/
http://[0:0:0:0:0:0:0:1]:{port}/
http://[::ffff:127.0.0.1]:{port}/
http://[::ffff:7f00:1]:{port}/
http://[::127.0.0.1]:{port}/
http://[64:ff9b::7f00:1]:{port}/
http://[2002:7f00:1::]:{port}/
http://[::ffff:0:127.0.0.1]:{port}/
http://[::]:{port}/
http://0:{port}/
http://0.0.0.0:{port}/
http://0x0:{port}/
http://①②⑦.⓪.⓪.①:{port}/
http://127。0。0。1:{port}/
http://127%2e0%2e0%2e1:{port}/
http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/
http://loc\u200balhost:{port}/
http://loc\tal\nhost:{port}/
http:\\\\127.0.0.1:{port}\\
http:127.0.0.1:{port}/
http:/127.0.0.1:{port}/
http:////127.0.0.1:{port}/
///127.0.0.1:{port}/
//127.0.0.1:{port}/
127.0.0.1:{port}
http://example.org:80@127.0.0.1:{port}/
http://example.org@127.0.0.1:{port}/
http://127.0.0.1:{port}#@example.org/
http://127.0.0.1:{port}?@example.org/
http://127.0.0.1:{port}\\@example.org/
http://example.org\\@127.0.0.1:{port}/
http://user:password@127.0.0.1:{port}/
http://169.254.169.254/latest/meta-data/
http://[::ffff:169.254.169.254]/latest/meta-data/
http://[fd00:ec2::254]/latest/meta-data/
http://168.63.129.16/machine
http://100.100.100.200/latest/meta-data/
http://metadata.google.internal/computeMetadata/v1/
http://2852039166/latest/meta-data/
http://0xa9fea9fe/
http://nas:{port}/
http://printer.lan:{port}/
http://router.local:{port}/
http://home.arpa:{port}/
http://192.168.1.1:{port}/
http://10.0.0.1/
file:///etc/passwd
gopher://127.0.0.1:{port}/_GET
ftp://127.0.0.1:{port}/
dict://127.0.0.1:{port}/
data:text/html,hello
javascript:alert(1)
blob:http://127.0.0.1:{port}/1
jar:http://127.0.0.1:{port}!/
ws://127.0.0.1:{port}/
http://
http://:{port}/
http://[
http://[::1
http://[fe80::1%25eth0]:{port}/
http://example.org:99999/
http://example.org:22/
http://example.org:-1/
""".strip().splitlines()


@pytest.fixture
async def listener() -> AsyncIterator[tuple[int, list[object]]]:
    """A listener on every address of this machine that records who connects."""
    came: list[object] = []

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(writer.get_extra_info("peername"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
        await writer.drain()
        writer.close()

    try:  # a port that the rules allow, so that nothing but the address can be the reason
        server = await asyncio.start_server(answer, None, 2283)
    except OSError:
        server = await asyncio.start_server(answer, None, 0)
    yield server.sockets[0].getsockname()[1], came
    server.close()
    await server.wait_closed()


def test_no_special_address_may_be_connected_to() -> None:
    assert len(SPECIAL) >= 54
    assert [address for address in SPECIAL if may_connect(address)] == []


def test_ordinary_addresses_may_be_connected_to() -> None:
    assert [address for address in ORDINARY if not may_connect(address)] == []


def test_what_is_no_address_may_not_be_connected_to() -> None:
    assert not any(may_connect(text) for text in ("", "example.org", "1.2.3", "0x7f000001", "[::1]"))


async def test_no_payload_reaches_this_machine(listener: tuple[int, list[object]]) -> None:
    port, came = listener
    assert len(PAYLOADS) >= 64
    async with Fetcher() as fetcher:
        answers = [await fetcher.get(payload.replace("{port}", str(port)), total_s=2) for payload in PAYLOADS]
    assert came == []
    assert [payload for payload, answer in zip(PAYLOADS, answers, strict=True) if answer.failure is None] == []
    assert all(answer.failure and answer.failure.text for answer in answers)


async def test_no_special_address_is_reached_even_when_a_port_is_allowed(listener: tuple[int, list[object]]) -> None:
    _, came = listener
    async with Fetcher() as fetcher:
        for address in SPECIAL:
            host = f"[{address}]" if ":" in address else address
            answer = await fetcher.get(f"http://{host}/", total_s=2)
            assert answer.failure is not None, address
            assert answer.failure.kind in {FailureKind.LOCAL_ONLY, FailureKind.UNSAFE_URL}, address
    assert came == []


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("file:///etc/passwd", "not_web"),
        ("javascript:alert(1)", "not_web"),
        ("data:text/html,hello", "not_web"),
        ("https://someone:secret@drive.google.com/file/d/x", "unsafe_url"),
        ("http://2130706433/", "local_only"),
        ("http://0x7f.0.0.1/", "local_only"),
        ("http://0177.0.0.1/", "local_only"),
        ("http://134744072/", "unsafe_url"),
        ("http://0x8.8.8.8/", "unsafe_url"),
        ("http://localhost/", "local_only"),
        ("http://nas.local/", "local_only"),
        ("http://nas/", "local_only"),
        ("https://example.org:25/", "unsafe_url"),
        ("https://example.org/" + "a" * 9_000, "unsafe_url"),
        ("not a link", "unsafe_url"),
    ],
)
def test_a_link_that_is_not_asked_says_why(url: str, kind: str) -> None:
    refusal = web_address(url)
    assert isinstance(refusal, Refusal)
    assert refusal.kind == kind
    assert refusal.text.endswith(".")
    assert "secret" not in refusal.text


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://drive.google.com/file/d/x/view#top", "https://drive.google.com"),
        ("HTTPS://Drive.Google.COM:443/", "https://drive.google.com"),
        ("https://photos.example.org:2283/share/x", "https://photos.example.org:2283"),
        ("https://bücher.example.org/ü", "https://xn--bcher-kva.example.org"),
        ("http://93.184.215.14/", "http://93.184.215.14"),
    ],
)
def test_an_ordinary_link_may_be_asked(url: str, origin: str) -> None:
    address = web_address(url)
    assert isinstance(address, WebAddress)
    assert address.origin == origin
    assert "#" not in address.href


def test_the_own_origin_is_allowed_exactly_and_nothing_beside_it() -> None:
    own = frozenset({"http://127.0.0.1:8501"})
    assert isinstance(web_address("http://127.0.0.1:8501/s/abc", own), WebAddress)
    for other in (
        "http://127.0.0.1:8502/",
        "https://127.0.0.1:8501/",
        "http://localhost:8501/",
        "http://127.0.0.2:8501/",
    ):
        assert isinstance(web_address(other, own), Refusal), other
    assert isinstance(web_address("http://a:b@127.0.0.1:8501/", own), Refusal)


HOSTS = st.sampled_from(
    ["example.org", "EXAMPLE.org.", "bücher.example", "93.184.215.14", "[2606:4700::1]", "0x7f.1", "a_b.example", "x"]
)


@settings(max_examples=500, deadline=None)
@given(
    scheme=st.sampled_from(["http", "https", "HTTPS", "ftp", "file", "ws", "mailto", "http:\\\\x", "https:"]),
    user=st.sampled_from(["", "", "", "me@", "me:word@", ":word@", "@", ":@", "a%40b@", "a@b@"]),
    host=HOSTS,
    port=st.sampled_from(["", "", ":80", ":443", ":8443", ":0443", ":", ":22"]),
    rest=st.text(alphabet="/?#@:[]a%2F. \\", max_size=12),
)
def test_a_link_is_read_as_ada_reads_it(scheme: str, user: str, host: str, port: str, rest: str) -> None:
    url = f"{scheme}://{user}{host}{port}/{rest}"
    read = web_address(url)
    if isinstance(read, Refusal):
        return
    ada = ada_url.URL(url)
    assert not ada.username
    assert not ada.password
    assert (f"{read.scheme}:", read.host, read.origin) == (ada.protocol, ada.hostname, ada.origin)
    assert read.port == int(ada.port or {"http": 80, "https": 443}[read.scheme])
    assert read.path_and_query.partition("?")[0] == ada.pathname
    assert (read.href, read.fragment) == (ada.href.partition("#")[0], ada.hash.removeprefix("#"))


@settings(max_examples=200, deadline=None)
@given(user=st.text(min_size=1, max_size=8), host=HOSTS)
def test_a_name_before_the_host_is_never_asked(user: str, host: str) -> None:
    url = f"https://{user}@{host}/"
    try:
        ada = ada_url.URL(url)
    except (ValueError, UnicodeError):
        return
    assert isinstance(web_address(url), Refusal) or not (ada.username or ada.password)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "0.0.0.0"])
async def test_a_socket_for_an_inner_address_is_never_made_whatever_name_led_there(address: str) -> None:
    """The last look, at the very address of the connection: a name that changes between two lookups gains nothing."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    info = family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, 443)
    with pytest.raises(BlockedAddress):
        _Permit().socket(info)
    allowed = _Permit(also=frozenset({address})).socket(info)
    allowed.close()
