"""One endpoint that writes drafts: any server that speaks the chat completions of OpenAI's API.

Source: OpenAI's API reference, as of November 2026; local servers speak the same. Nothing is sent
but the two texts given here, and nothing of the answer is used but its first text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from handrail.integrations.chat import Failed, post
from handrail.integrations.chat.fields import told
from handrail.integrations.chat.posting import json_of
from handrail.integrations.guarded_http import Outbound
from handrail.integrations.kinds import Field, Form, Group, Kind, Opened

SECONDS = 25.0
MOST_TOKENS = 600


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`base` ends where /chat/completions begins; `key` may be empty on a server of one's own."""

    base: str
    key: str
    model: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What came back, and who says that they wrote it."""

    text: str
    model: str


def draft(outbound: Outbound, endpoint: Endpoint, *, task: str, text: str) -> Draft:
    """Have a draft written; Failed where none came."""
    headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    said = json_of(
        post(
            outbound,
            f"{endpoint.base.rstrip('/')}/chat/completions",
            document={
                "model": endpoint.model,
                "messages": [
                    {"role": "system", "content": task},
                    {"role": "user", "content": text},
                ],
                "temperature": 0,
                "max_tokens": MOST_TOKENS,
                "stream": False,
            },
            headers=headers,
            seconds=SECONDS,
        )
    )
    written = _written(said)
    if not written:
        raise Failed("no text")
    model = said.get("model")
    return Draft(text=written, model=model if isinstance(model, str) and model else endpoint.model)


def _written(said: dict[str, Any]) -> str:
    try:
        content = said["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError):
        return ""
    return content.strip() if isinstance(content, str) else ""


def endpoint_of(opened: Opened) -> Endpoint:
    """The endpoint that a connection names."""
    return Endpoint(
        str(opened.settings["base"]), opened.secret("key"), str(opened.settings["model"])
    )


def _test(opened: Opened, outbound: Outbound) -> None:
    with told():
        draft(outbound, endpoint_of(opened), task="Answer with one word.", text="Say yes.")


KIND = Kind(
    code="assistance",
    group=Group.ASSISTANCE,
    name="Assistance endpoint",
    docs="assistance",
    fields=(
        Field("base", form=Form.ADDRESS),
        Field("model", longest=120),
        Field("key", secret=True, needed=False),
    ),
    test=_test,
)
