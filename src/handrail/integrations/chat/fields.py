"""What all chats are asked for, and how their trouble is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from handrail.integrations.chat import Failed, Message
from handrail.integrations.guarded_http import Why
from handrail.integrations.kinds import Field, Form, Trouble

BOOKED, MOVED, CANCELLED = "booked", "moved", "cancelled"
# What is posted where others read it: a time and a link, and nobody's name.
NEWS = Field("news", form=Form.MANY, needed=False, choices=(BOOKED, MOVED, CANCELLED))
WEBHOOK = Field("webhook", form=Form.ADDRESS, secret=True, longest=1000)

STATUS = {401: "not-allowed-there", 403: "not-allowed-there", 404: "gone", 410: "gone"}
TOKENS = ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired")
OWN = {why.value for why in Why}


def trouble_of(failed: Failed) -> str:
    """The code, of those that have words, for what a service answered."""
    code = failed.code
    if code.startswith("status "):
        status = int(code.removeprefix("status "))
        if status == 429:
            return "too-many-there"
        return STATUS.get(status, "broken-there" if status >= 500 else "refused")
    if code in TOKENS or code == "checksumError":
        return "not-allowed-there"
    if code in ("ratelimited", "rate_limited"):
        return "too-many-there"
    return code if code in OWN else "refused"


@contextmanager
def told() -> Iterator[None]:
    """Whatever a service answers, as trouble with a code."""
    try:
        yield
    except Failed as failed:
        raise Trouble(trouble_of(failed), hopeless=failed.hopeless) from None


# It leaves before anybody's language is known.
TEST = Message("Handrail can write here.")
