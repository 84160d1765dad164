"""Every scheme: good, changed, wrong key, no header, stale, again, not UTF-8, too large."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from handrail.integrations.webhooks import (
    SCHEMES,
    Rejected,
    Scheme,
    Signed,
    Why,
    json_object,
    scheme_for,
    sign,
    verify,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEY, OLD, OTHER = (f"whsec_{text}" for text in ("aGFuZHJhaWwtdGVzdA==", "b2xkLWtleQ==", "b3RoZXI="))
ALL = pytest.mark.parametrize("scheme", SCHEMES.values(), ids=lambda scheme: scheme.name)


def body_of(scheme: Scheme, at: datetime = NOW) -> bytes:
    return b'{"action": "hired", "webhookActionId": "d-7", "webhookTimestamp": %d}' % (
        at.timestamp() * 1000
    )


def headers_of(scheme: Scheme, body: bytes, key: str = KEY, at: datetime = NOW) -> dict[str, str]:
    time = str(int(at.timestamp())) if scheme.time_header else ""
    ident = "d-7" if scheme.id_header else ""
    headers = {scheme.header: sign(scheme, key, body, time=time, ident=ident)}
    if time:
        headers[scheme.time_header] = time
    if ident:
        headers[scheme.id_header] = ident
    return headers


def why_not(scheme: Scheme, headers: dict[str, str], body: bytes, keys: list[str]) -> Why:
    with pytest.raises(Rejected) as refused:
        verify(scheme, headers, body, keys, NOW)
    return refused.value.why


@ALL
def test_good(scheme: Scheme) -> None:
    body = body_of(scheme)
    proven = verify(scheme, headers_of(scheme, body), body, [KEY], NOW)
    names_its_deliveries = scheme.id_header or scheme.id_field
    assert proven.delivery == ("d-7" if names_its_deliveries else proven.digest)
    assert json_object(proven.body)["action"] == "hired"


@ALL
def test_one_byte_changed(scheme: Scheme) -> None:
    body = body_of(scheme)
    changed = body.replace(b"hired", b"fired")
    headers = headers_of(scheme, body)
    if scheme.signed == Signed.NOTHING:  # no signature: whoever knows the token is believed
        verify(scheme, headers, changed, [KEY], NOW)
        return
    assert why_not(scheme, headers, changed, [KEY]) == Why.WRONG


@ALL
def test_wrong_key(scheme: Scheme) -> None:
    body = body_of(scheme)
    assert why_not(scheme, headers_of(scheme, body, OTHER), body, [KEY, OLD]) == Why.WRONG


@ALL
def test_no_header(scheme: Scheme) -> None:
    body = body_of(scheme)
    headers = headers_of(scheme, body)
    del headers[scheme.header]
    assert why_not(scheme, headers, body, [KEY]) == Why.NO_SIGNATURE


@ALL
@pytest.mark.parametrize("direction", [-1, 1])
def test_stale(scheme: Scheme, direction: int) -> None:
    """Too old, or from the future; senders who sign no time can only be met by their ids."""
    if scheme.tolerance is None:
        assert scheme.time_header == scheme.time_field == ""
        return
    at = NOW + direction * timedelta(seconds=scheme.tolerance + 1)
    body = body_of(scheme, at)
    assert why_not(scheme, headers_of(scheme, body, at=at), body, [KEY]) == Why.STALE
    just = NOW + direction * timedelta(seconds=scheme.tolerance)
    body = body_of(scheme, just)
    verify(scheme, headers_of(scheme, body, at=just), body, [KEY], NOW)


@ALL
def test_again(scheme: Scheme) -> None:
    """The same delivery has the same name each time, so that it is done once."""
    body = body_of(scheme)
    first = verify(scheme, headers_of(scheme, body), body, [KEY], NOW)
    again = verify(scheme, headers_of(scheme, body), body, [KEY], NOW + timedelta(seconds=30))
    assert first == again


@ALL
def test_not_utf_8(scheme: Scheme) -> None:
    """What the sender signed is bytes: proven, and then refused in words, never a crash."""
    if scheme.id_field or scheme.time_field:
        body = b"\xff\xfe{"
        assert why_not(scheme, headers_of(scheme, body), body, [KEY]) == Why.UNREADABLE
        return
    body = b"\xff\xfe{"
    proven = verify(scheme, headers_of(scheme, body), body, [KEY], NOW)
    with pytest.raises(Rejected) as refused:
        json_object(proven.body)
    assert refused.value.why == Why.UNREADABLE


@ALL
def test_too_large(scheme: Scheme) -> None:
    body = b" " * ((1 << 20) + 1)
    assert why_not(scheme, headers_of(scheme, body), body, [KEY]) == Why.TOO_LARGE


@ALL
def test_two_keys_live_while_they_change(scheme: Scheme) -> None:
    body = body_of(scheme)
    for key in (KEY, OLD):
        verify(scheme, headers_of(scheme, body, key), body, [KEY, OLD], NOW)


@ALL
@pytest.mark.parametrize("keys", [[], [""], ["", KEY]])
def test_without_a_secret_nothing_is_believed(scheme: Scheme, keys: list[str]) -> None:
    body = body_of(scheme)
    assert why_not(scheme, headers_of(scheme, body), body, keys) == Why.NO_SECRET


@ALL
def test_letters_that_no_signature_has(scheme: Scheme) -> None:
    body = body_of(scheme)
    headers = {**headers_of(scheme, body), scheme.header: f"{scheme.prefix}é\udcff"}
    assert why_not(scheme, headers, body, [KEY]) == Why.WRONG


@pytest.mark.parametrize("time", ["", "soon", "-5", "1e9", "٣", "9" * 400])
def test_a_time_that_is_none(time: str) -> None:
    scheme = SCHEMES["slack"]
    headers = {**headers_of(scheme, b"{}"), scheme.time_header: time}
    assert why_not(scheme, headers, b"{}", [KEY]) in (Why.NO_TIME, Why.STALE)


def test_one_of_several_signatures_is_enough() -> None:
    scheme = SCHEMES["standard"]
    body = body_of(scheme)
    headers = headers_of(scheme, body)
    headers[scheme.header] = f"v1a,abc v1,wrong {headers[scheme.header]}"
    verify(scheme, headers, body, [KEY], NOW)


def test_gitlab_is_asked_for_its_new_way_first() -> None:
    assert scheme_for("gitlab", {"webhook-signature": "x", "x-gitlab-token": "y"}).name == "gitlab"
    assert scheme_for("gitlab", {"x-gitlab-token": "y"}).name == "gitlab-token"
    assert scheme_for("github", {}).name == "github"


@pytest.mark.parametrize("body", [b"[1]", b'"a"', b"1", b"", b"[" * 100_000])
def test_only_an_object_is_an_event(body: bytes) -> None:
    with pytest.raises(Rejected) as refused:
        json_object(body)
    assert refused.value.why == Why.UNREADABLE
