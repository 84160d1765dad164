"""Published signatures, and our own where a sender publishes none, posted to a connection.

The formula is held to them in tests/integrations/webhooks; here they come in by the door: with the
secret that was entered, the headers as they are sent, and the clock of that day.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from factories.world import World
from handrail.apps.connections.actions import connect
from handrail.apps.connections.models import Event
from handrail.apps.organizations.scope import reading
from integrations.webhooks.test_vectors import BAMBOO, OWN, OWN_HEX, SLACK

OWN_KEY = "handrail-test"
OWN_512 = "nJbLeDRITMzaYMm+kba1v9uGei4dktJemYHAsFz7tv+KNa7R6odTSx6kvnOsHkFUQwcHN5CvFOsW6SlK/lKD6Q=="
STANDARD = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
STANDARD_KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
STANDARD_ID = {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330"}
FINCH_ID = {"webhook-id": "msg_2Lh9KRb0pzN4LePd3XiA4v12Axj", "webhook-timestamp": "1676312382"}
FORM = "application/x-www-form-urlencoded"
# kind, secret, headers, body, the moment at which it comes (0: none is signed), what is stored
Vector = tuple[str, str, dict[str, str], bytes, int, int]
VECTORS: dict[str, Vector] = {
    "github": (
        "github",
        "It's a Secret to Everybody",
        {
            "x-hub-signature-256": "sha256="
            "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
            "x-github-delivery": "d-1",
        },
        b"Hello, World!",  # proven, and no JSON: put aside
        0,
        1,
    ),
    "standard": (
        "standard",
        STANDARD_KEY,
        {"webhook-signature": STANDARD, **STANDARD_ID},
        b'{"test": 2432232314}',
        1614265330,
        0,
    ),
    "standard, one of several signatures": (
        "standard",
        STANDARD_KEY,
        {"webhook-signature": f"v1a,x v1,y {STANDARD}", **STANDARD_ID},
        b'{"test": 2432232314}',
        1614265330,
        0,
    ),
    "standard, another sender": (
        "standard",
        "5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH",
        {"webhook-signature": "v1,m7y0TV2C+hlHxU42wCieApTSTaA8/047OAplBqxIV/s=", **FINCH_ID},
        b'{"company_id":"720be419-0293-4d32-a707-32179b0827ab"}',
        1676312382,
        0,
    ),
    "gitlab": (
        "gitlab",
        STANDARD_KEY,
        # The new way goes before the old one, which is wrong here.
        {"webhook-signature": STANDARD, "x-gitlab-token": "no", **STANDARD_ID},
        b'{"test": 2432232314}',
        1614265330,
        0,
    ),
    "bamboohr": (
        "bamboohr",
        "123b929362d51613054f71e5e5d4bf2c",
        {
            "x-bamboohr-signature": "56491dd9c2b352bc5f4fc627159aae20"
            "ddff9c8cb19f239a6de6771dc5310bac",
            "x-bamboohr-timestamp": "1658248023",
        },
        BAMBOO,
        1658248023,
        1,
    ),
    "slack": (
        "slack",
        "8f742231b10e8888abcd99yyyzzz85a5",
        {
            "x-slack-signature": "v0="
            "a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
            "x-slack-request-timestamp": "1531420618",
            "content-type": FORM,
        },
        SLACK,
        1531420618,
        0,
    ),
    "own_vector_greenhouse": (
        "greenhouse", OWN_KEY, {"signature": f"sha256 {OWN_HEX}"}, OWN, 0, 0,
    ),
    "own_vector_workable": ("workable", OWN_KEY, {"x-workable-signature": OWN_HEX}, OWN, 0, 0),
    "own_vector_recruitee": ("recruitee", OWN_KEY, {"x-recruitee-signature": OWN_HEX}, OWN, 0, 0),
    "own_vector_ashby": ("ashby", OWN_KEY, {"ashby-signature": f"sha256={OWN_HEX}"}, OWN, 0, 0),
    "own_vector_gitea": ("gitea", OWN_KEY, {"x-gitea-signature": OWN_HEX}, OWN, 0, 0),
    "own_vector_forgejo": ("forgejo", OWN_KEY, {"x-forgejo-signature": OWN_HEX}, OWN, 0, 0),
    "own_vector_hibob": ("hibob", OWN_KEY, {"bob-signature": OWN_512}, OWN, 0, 0),
}  # fmt: skip


@pytest.mark.parametrize("name", VECTORS)
def test_what_is_published_is_believed_and_one_byte_more_is_not(
    name: str, fresh_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, secret, headers, body, moment, stored = VECTORS[name]
    now = datetime.fromtimestamp(moment, UTC) if moment else timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    secrets = {"signing": secret, **({"bot_token": "xoxb-1"} if kind == "slack" else {})}
    with reading(fresh_world.organization):
        by = fresh_world.viewer("adam")
        made = connect(kind, "Ours", {"host": "git.example.org"}, secrets, by=by, now=now)
    sent = {"content-type": "application/json", **headers}
    of = sent.pop("content-type")

    def post(content: bytes) -> int:
        address = f"/hooks/{made.connection.address}"
        return Client().post(address, content, content_type=of, headers=sent).status_code

    assert post(body + b" ") == 401
    assert post(body) == post(body) == 200
    with reading(fresh_world.organization):
        assert Event.objects.count() == stored


def test_letters_that_were_not_escaped_are_another_body(fresh_world: World) -> None:
    """Greenhouse signs escaped letters as it sends them; the same name in UTF-8 is another text."""
    with reading(fresh_world.organization):
        by, now = fresh_world.viewer("adam"), timezone.now()
        made = connect("greenhouse", "Ours", {}, {"signing": OWN_KEY}, by=by, now=now)
    answer = Client().post(
        f"/hooks/{made.connection.address}",
        '{"name":"Zoë"}'.encode(),
        content_type="application/json",
        headers={"signature": f"sha256 {OWN_HEX}"},
    )
    assert answer.status_code == 401
