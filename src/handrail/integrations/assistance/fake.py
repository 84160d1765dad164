"""A stand-in for a server that writes drafts: it says which words it was given, backwards.

Run as a process: python -m handrail.integrations.assistance.fake PORT
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from handrail.integrations.chat.fake import Came, Fake, standing_in

MODEL = "stand-in-1"


@contextmanager
def serving(key: str = "", port: int = 0) -> Iterator[Fake]:
    def reply(came: Came) -> tuple[int, str]:
        if key and came.headers.get("authorization") != f"Bearer {key}":
            return 401, json.dumps({"error": {"message": "Incorrect API key provided"}})
        said = came.json
        if not came.path.endswith("/chat/completions") or not said.get("messages"):
            return 404, json.dumps({"error": {"message": "unknown"}})
        words = said["messages"][-1]["content"].split()
        content = f"Draft from {len(words)} words: {' '.join(reversed(words[-12:]))}"
        choice = {"index": 0, "message": {"role": "assistant", "content": content}}
        return 200, json.dumps({"model": MODEL, "choices": [choice]})

    with standing_in(reply, port=port) as fake:
        yield fake


if __name__ == "__main__":
    with serving(port=int(sys.argv[1])):
        threading.Event().wait()
