"""A stand-in for HiBob's API: it knows one service user, and tells what it is asked for."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from handrail.integrations.chat.fake import Came, Fake, standing_in

USER, TOKEN = "SERVICE-1", "bob-token"


@contextmanager
def serving(people: Mapping[str, Mapping[str, Any]]) -> Iterator[Fake]:
    """HiBob with these employees by number; what of them lies in a group is "work.title"."""
    proof = "Basic " + b64encode(f"{USER}:{TOKEN}".encode()).decode()

    def reply(came: Came) -> tuple[int, str]:
        if came.headers.get("authorization") != proof:
            return 401, "{}"
        if came.path.endswith("/company/people/fields") and came.method == "GET":
            return 200, "[]"
        person = people.get(came.path.rpartition("/")[2])
        if came.method != "POST" or person is None:
            return 404, "{}"
        found: dict[str, Any] = {}
        for field in json.loads(came.body)["fields"]:
            name = field.removeprefix("root.")
            if name in person:
                group, _dot, inner = name.rpartition(".")
                (found.setdefault(group, {}) if group else found)[inner] = person[name]
        return 200, json.dumps(found)

    with standing_in(reply) as fake:
        yield fake
