"""One post to a service, once, without following it anywhere; trying again is the caller's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handrail.integrations.guarded_http import Answer, Limits, Outbound, Unfetched, Why

LIMITS = Limits(bytes=256 * 1024, seconds=10.0, redirects=0)
# What an address alone decides: no second try changes it.
HOPELESS = (Why.ADDRESS, Why.SCHEME, Why.INSIDE, Why.REDIRECTS)
GONE = (400, 401, 403, 404, 405, 410, 413, 415, 422)


class Failed(Exception):
    """Not taken; `code` says why without an address or a word of the message.

    `hopeless` where the same message would be refused again.
    """

    def __init__(self, code: str, *, hopeless: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.hopeless = hopeless


def post(
    outbound: Outbound,
    url: str,
    *,
    document: Mapping[str, Any] | None = None,
    form: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
    seconds: float = LIMITS.seconds,
) -> Answer:
    """Post a JSON document or a form, and return what a 2xx answer holds; Failed otherwise."""
    kind = "application/json; charset=utf-8"
    if document is None:
        kind = "application/x-www-form-urlencoded"
    content = json.dumps(document).encode() if document is not None else form
    return ask(
        outbound,
        url,
        method="POST",
        content=content,
        headers={"Content-Type": kind, **(headers or {})},
        auth=auth,
        seconds=seconds,
    )


def ask(
    outbound: Outbound,
    url: str,
    *,
    method: str = "GET",
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
    seconds: float = LIMITS.seconds,
) -> Answer:
    """One request within the limits of chats; Failed unless it is answered with 2xx."""
    limited = replace(outbound, limits=replace(LIMITS, seconds=seconds))
    try:
        answer = limited.ask(
            url,
            method=method,
            headers=headers,
            content=content,
            auth=auth,
        )
    except Unfetched as error:
        raise Failed(error.why.value, hopeless=error.why in HOPELESS) from None
    if not 200 <= answer.status < 300:
        raise Failed(f"status {answer.status}", hopeless=answer.status in GONE)
    return answer


def json_of(answer: Answer) -> dict[str, Any]:
    """The JSON object that was answered; Failed where it is anything else."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise Failed("no JSON") from None
    if not isinstance(found, dict):
        raise Failed("no JSON object")
    return found
