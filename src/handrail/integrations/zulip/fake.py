"""A stand-in for a Zulip server: it checks the bot's key and the form of each message."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs

from handrail.integrations.chat.fake import Came, Fake, standing_in

BOT, KEY = "handrail-bot@chat.example.org", "key-of-the-bot"


@contextmanager
def serving() -> Iterator[Fake]:
    with standing_in(_reply) as fake:
        yield fake


def said_to_bot(token: str, *, user: int, text: str, private: bool = True) -> bytes:
    """What Zulip sends when somebody speaks to the bot."""
    message = {"sender_id": user, "type": "private" if private else "stream", "content": text}
    return json.dumps({"token": token, "data": text, "message": message, "trigger": "m"}).encode()


def _reply(came: Came) -> tuple[int, str]:
    proof = b64encode(f"{BOT}:{KEY}".encode()).decode()
    if came.headers.get("authorization") != f"Basic {proof}":
        return 401, json.dumps({"result": "error", "code": "UNAUTHORIZED"})
    if came.path == "/api/v1/users/me":
        return 200, json.dumps({"result": "success", "user_id": 1})
    said = {name: some[0] for name, some in parse_qs(came.body.decode()).items()}
    known = came.path == "/api/v1/messages" and bool(said.get("content"))
    if said.get("type") == "direct":
        known = known and all(isinstance(one, int) for one in json.loads(said["to"]))
    elif said.get("type") == "stream":
        known = known and isinstance(json.loads(said["to"]), str) and len(said["topic"]) <= 60
    else:
        known = False
    if not known:
        return 400, json.dumps({"result": "error", "code": "BAD_REQUEST"})
    return 200, json.dumps({"result": "success", "id": 1})
