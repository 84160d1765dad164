"""Published signatures, and own ones: what our formula makes of them, digit for digit."""

from datetime import UTC, datetime

import pytest

from handrail.integrations.webhooks import SCHEMES, Rejected, Why, sign, verify

SLACK = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
    b"96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
BAMBOO = (
    b'{"employees":[{"changedFields":["First name"],"fields":{"Employee #":{"value":"300"},'
    b'"First name":{"value":"Tefi"},"Last name":{"value":"Adams"}},"id":"5"}]}'
)
OWN = rb'{"name":"Zo\u00eb"}'
OWN_HEX = "b38ecf88fc4b04acdc039a2539a1a7b44d6c5961504c9c640c0e54c8dd9c98a5"


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def test_github() -> None:
    expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    headers = {"x-hub-signature-256": expected, "x-github-delivery": "d-1"}
    secret = "It's a Secret to Everybody"
    proven = verify(SCHEMES["github"], headers, b"Hello, World!", [secret], at(0))
    assert proven.delivery == "d-1"
    assert sign(SCHEMES["github"], secret, b"Hello, World!") == expected


def test_slack() -> None:
    headers = {
        "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        "x-slack-request-timestamp": "1531420618",
    }
    secret = "8f742231b10e8888abcd99yyyzzz85a5"
    verify(SCHEMES["slack"], headers, SLACK, [secret], at(1531420618 + 299))


@pytest.mark.parametrize("kind", ["standard", "gitlab"])
def test_standard_webhooks(kind: str) -> None:
    headers = {
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
    }
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    proven = verify(SCHEMES[kind], headers, body, [secret], at(1614265330))
    assert proven.delivery == "msg_p5jXN8AQM9LWM0D4loKWxJek"


def test_standard_webhooks_of_another_sender() -> None:
    body = b'{"company_id":"720be419-0293-4d32-a707-32179b0827ab"}'
    made = sign(
        SCHEMES["standard"],
        "5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH",
        body,
        time="1676312382",
        ident="msg_2Lh9KRb0pzN4LePd3XiA4v12Axj",
    )
    assert made == "v1,m7y0TV2C+hlHxU42wCieApTSTaA8/047OAplBqxIV/s="


def test_bamboohr() -> None:
    headers = {
        "x-bamboohr-signature": "56491dd9c2b352bc5f4fc627159aae20ddff9c8cb19f239a6de6771dc5310bac",
        "x-bamboohr-timestamp": "1658248023",
    }
    secret = "123b929362d51613054f71e5e5d4bf2c"
    verify(SCHEMES["bamboohr"], headers, BAMBOO, [secret], at(1658248023))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("greenhouse", f"sha256 {OWN_HEX}"),
        ("ashby", f"sha256={OWN_HEX}"),
        ("workable", OWN_HEX),
        ("recruitee", OWN_HEX),
        ("gitea", OWN_HEX),
        ("forgejo", OWN_HEX),
        ("linear", OWN_HEX),
        (
            "hibob",
            "nJbLeDRITMzaYMm+kba1v9uGei4dktJemYHAsFz7tv+KNa7R6odTSx6kvnOsHkFU"
            "QwcHN5CvFOsW6SlK/lKD6Q==",
        ),
    ],
)
def test_own_vector_of(kind: str, expected: str) -> None:
    """These prove our formula; the senders publish nothing that can be checked."""
    assert sign(SCHEMES[kind], "handrail-test", OWN) == expected


def test_escaped_letters_are_signed_as_they_are_sent() -> None:
    """The same name as raw UTF-8 is another body, and has another signature."""
    raw = '{"name":"Zoë"}'.encode()
    made = sign(SCHEMES["gitea"], "handrail-test", raw)
    assert made == "fdbf3f6f928cc884f5b25138a1b59bbb0713abd93d9025907d3df0dd9deb2c89"
    headers = {"x-gitea-signature": OWN_HEX}
    with pytest.raises(Rejected) as refused:
        verify(SCHEMES["gitea"], headers, raw, ["handrail-test"], at(0))
    assert refused.value.why == Why.WRONG


def test_gitlabs_old_way_sends_the_secret_itself() -> None:
    headers = {"x-gitlab-token": "handrail-test"}
    proven = verify(SCHEMES["gitlab-token"], headers, b"{}", ["handrail-test"], at(0))
    assert proven.delivery == proven.digest
