"""A stand-in for what takes {"text": …}: anything else is refused as the services do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from handrail.integrations.chat.fake import Came, Fake, standing_in


@contextmanager
def serving() -> Iterator[Fake]:
    with standing_in(_reply) as fake:
        yield fake


def _reply(came: Came) -> tuple[int, str]:
    if came.path == "/broken":
        return 503, "away"
    if came.path == "/gone":
        return 404, "no such webhook"
    said = came.json
    if not isinstance(said.get("text"), str) or not said["text"].strip():
        return 400, "no text"
    return 200, "ok"
