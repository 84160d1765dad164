"""What may be asked outside, and what comes of whoever would lead us inside."""

from __future__ import annotations

import gzip
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from handrail.integrations.guarded_http import Limits, Outbound, Unfetched, Why, is_public
from handrail.integrations.guarded_http.network import Network
from integrations.guarded_http.servers import serving, text

PUBLIC = ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "::ffff:93.184.216.34"]
PUBLIC += ["64:ff9b::5db8:d822", "172.32.0.1", "100.128.0.1", "11.0.0.1"]
INSIDE = """
127.0.0.1 127.8.9.10 0.0.0.0 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.1.1
169.254.169.254 169.254.0.1 100.64.0.1 100.100.100.200 192.0.0.192 198.18.0.1 192.0.2.1 224.0.0.1
239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16 192.88.99.1
:: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 64:ff9b::a9fe:a9fe
64:ff9b::7f00:1 64:ff9b:1::1 2002:7f00:1:: 2001:0:7f00:1:: 2001:db8::1 fc00::1 fd00:ec2::254
fe80::1 fe80::1%eth0 fec0::1 ff02::1 3fff::1 100::1 localhost 127.1 0x7f000001 2130706433
""".split()  # noqa: SIM905 - a table to read
INTERNAL = frozenset({"localhost", "127.0.0.1"})


def why(outbound: Outbound, url: str) -> Why:
    with pytest.raises(Unfetched) as told:
        outbound.ask(url)
    return told.value.why


def names(**known: str) -> Callable[[str, int], list[str]]:
    """A resolver that knows these names only; underscores are dots."""
    table = {name.replace("_", "."): addresses.split() for name, addresses in known.items()}

    def resolver(host: str, _port: int) -> list[str]:
        if host not in table:
            raise OSError(host)
        return table[host]

    return resolver


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_asked(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_may_be_asked(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "localhost"])
def test_every_spelling_of_this_machine_is_refused(host: str) -> None:
    assert why(Outbound(), f"https://{host}/feed.ics") in (Why.INSIDE, Why.ADDRESS, Why.NO_HOST)


def test_a_name_with_one_address_inside_is_refused_whole() -> None:
    outbound = Outbound(resolver=names(feed_example="93.184.216.34 10.0.0.7"))
    assert why(outbound, "https://feed.example/") is Why.INSIDE


def test_a_name_that_nobody_has_is_told() -> None:
    assert why(Outbound(resolver=names()), "https://feed.example/") is Why.NO_HOST


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://feed.example/a.ics", Why.SCHEME),
        ("file:///etc/passwd", Why.SCHEME),
        ("ftp://feed.example/a", Why.SCHEME),
        ("gopher://feed.example/", Why.SCHEME),
        ("javascript:alert(1)", Why.SCHEME),
        ("feed.example/a.ics", Why.ADDRESS),
        ("https://", Why.ADDRESS),
        ("https://feed.example:99999/", Why.ADDRESS),
        ("https://[::1/", Why.ADDRESS),
        ("", Why.ADDRESS),
    ],
)
def test_only_https_and_webcal_are_asked(url: str, expected: Why) -> None:
    assert why(Outbound(resolver=names()), url) is expected


def test_webcal_is_https() -> None:
    assert str(Outbound().checked("webcal://Feed.example/a.ics")) == "https://feed.example/a.ics"


def test_a_name_is_resolved_once_and_that_address_is_asked() -> None:
    """A name that changes its mind between look and connection gains nothing."""
    asked = []

    def turning(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with serving(lambda h: text(h, b"yes")) as port:
        outbound = Outbound(internal=frozenset({f"feed.example:{port}"}), resolver=turning)
        assert outbound.ask(f"http://feed.example:{port}/").body == b"yes"
    assert asked == ["feed.example"]


def redirect(target: str) -> Callable[[BaseHTTPRequestHandler], None]:
    return lambda handler: text(handler, b"", 302, Location=target)


@pytest.mark.parametrize(
    "target", ["https://10.0.0.7/", "https://127.0.0.1:1/", "https://[::ffff:169.254.169.254]/"]
)
def test_a_redirect_that_leads_inside_is_refused(target: str) -> None:
    with serving(redirect(target)) as port:
        outbound = Outbound(internal=frozenset({f"localhost:{port}"}))
        assert why(outbound, f"http://localhost:{port}/") is Why.INSIDE


def test_the_mutant_that_looks_at_the_first_address_only_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    honest, looked = Network.addresses, []

    def first_only(self: Network, host: str, port: int) -> list[str]:
        looked.append(host)
        return honest(self, host, port) if len(looked) == 1 else self.resolver(host, port)

    monkeypatch.setattr(Network, "addresses", first_only)
    with serving(redirect("https://127.0.0.1:1/")) as port:
        outbound = Outbound(internal=frozenset({f"localhost:{port}"}))
        assert why(outbound, f"http://localhost:{port}/") is not Why.INSIDE


@pytest.mark.parametrize("target", ["http://feed.example/", "file:///etc/passwd"])
def test_a_redirect_leaves_tls_for_nobody(target: str) -> None:
    with serving(redirect(target)) as port:
        outbound = Outbound(internal=frozenset({f"localhost:{port}"}))
        assert why(outbound, f"http://localhost:{port}/") is Why.SCHEME


def test_a_round_of_redirects_ends() -> None:
    with serving(redirect("/again")) as port:
        assert why(Outbound(internal=INTERNAL), f"http://localhost:{port}/") is Why.REDIRECTS


def test_a_password_goes_to_the_origin_that_was_asked_and_to_no_other() -> None:
    seen: list[str | None] = []

    def second(handler: BaseHTTPRequestHandler) -> None:
        seen.append(handler.headers["Authorization"])
        text(handler, b"")

    with serving(second) as far:

        def first(handler: BaseHTTPRequestHandler) -> None:
            seen.append(handler.headers["Authorization"])
            text(handler, b"", 302, Location=f"http://localhost:{far}/")

        with serving(first) as near:
            outbound = Outbound(internal=INTERNAL)
            outbound.ask(f"http://localhost:{near}/", auth=("alice", "word"))
            outbound.ask(f"http://alice:word@localhost:{near}/")
    assert seen == ["Basic YWxpY2U6d29yZA==", None, "Basic YWxpY2U6d29yZA==", None]


def test_a_body_larger_than_the_limit_is_let_go() -> None:
    with serving(lambda h: text(h, b"x" * 1001)) as port:
        outbound = Outbound(internal=INTERNAL, limits=Limits(bytes=1000))
        assert why(outbound, f"http://localhost:{port}/") is Why.LARGE
        outbound = Outbound(internal=INTERNAL, limits=Limits(bytes=1001))
        assert len(outbound.ask(f"http://localhost:{port}/").body) == 1001


def test_fifty_megabytes_packed_into_fifty_kilobytes_are_let_go() -> None:
    packed = gzip.compress(b"\0" * 50_000_000)
    assert len(packed) < 60_000
    with serving(lambda h: text(h, packed, Content_Encoding="gzip")) as port:
        assert why(Outbound(internal=INTERNAL), f"http://localhost:{port}/") is Why.LARGE


def test_a_packed_body_is_unpacked_and_half_of_one_is_refused() -> None:
    packed = gzip.compress(b"BEGIN:VCALENDAR")
    with serving(lambda h: text(h, packed, Content_Encoding="gzip")) as port:
        answer = Outbound(internal=INTERNAL).ask(f"http://localhost:{port}/")
        assert answer.body == b"BEGIN:VCALENDAR"
    with serving(lambda h: text(h, packed[:-9], Content_Encoding="gzip")) as port:
        assert why(Outbound(internal=INTERNAL), f"http://localhost:{port}/") is Why.GARBLED
    with serving(lambda h: text(h, packed, Content_Encoding="br")) as port:
        assert why(Outbound(internal=INTERNAL), f"http://localhost:{port}/") is Why.GARBLED


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_drop_now_and_then_keeps_nobody_here(part: str) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(
            b"HTTP/1.1 200 OK\r\n" if part == "head" else b"HTTP/1.1 200 OK\r\n\r\n"
        )
        for _turn in range(40):
            handler.wfile.write(b"X")
            handler.wfile.flush()
            time.sleep(0.05)

    with serving(drip) as port:
        outbound = Outbound(internal=INTERNAL, limits=Limits(seconds=0.2))
        assert why(outbound, f"http://localhost:{port}/") is Why.LATE


def test_nobody_there_and_no_http_are_told_apart() -> None:
    with serving(lambda h: text(h, b"")) as port:
        pass
    assert why(Outbound(internal=INTERNAL), f"http://localhost:{port}/") is Why.UNREACHABLE
    with serving(lambda h: h.wfile.write(b"SSH-2.0-here\r\n\r\n") and None) as port:
        assert why(Outbound(internal=INTERNAL), f"http://localhost:{port}/") is Why.GARBLED


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for feed.example alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "feed.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("feed.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_tls_asks_for_the_name_though_the_address_is_pinned(certificate: Path) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    client = ssl.create_default_context(cafile=str(certificate))
    with serving(lambda h: text(h, h.headers["Host"].encode()), server) as port:
        outbound = Outbound(
            internal=frozenset({"feed.example", "other.example"}),
            resolver=names(feed_example="127.0.0.1", other_example="127.0.0.1"),
            context=client,
        )
        answer = outbound.ask(f"webcal://feed.example:{port}/")
        assert answer.body == f"feed.example:{port}".encode()
        assert why(outbound, f"https://other.example:{port}/") is Why.TLS
