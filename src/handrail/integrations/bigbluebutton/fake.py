"""A stand-in for a BigBlueButton server: it checks each checksum over the query as it came."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs

from handrail.integrations.chat.fake import Came, Fake, standing_in

SECRET = "BBBSECRET"  # noqa: S105 - the stand-in's own


@contextmanager
def serving() -> Iterator[Fake]:
    made: set[str] = set()

    def reply(came: Came) -> tuple[int, str]:
        path, _mark, sent = came.path.partition("?")
        call = path.rpartition("/")[2]
        query, _mark, proof = sent.rpartition("checksum=")
        query = query.removesuffix("&")
        if hashlib.sha256(f"{call}{query}{SECRET}".encode()).hexdigest() != proof:
            return 200, _said("FAILED", "checksumError")
        said = {name: some[0] for name, some in parse_qs(query).items()}
        if call == "create" and said.get("meetingID"):
            made.add(said["meetingID"])
            return 200, _said("SUCCESS", "")
        if call == "getMeetings":
            return 200, _said("SUCCESS", "noMeetings")
        if call == "join" and said.get("meetingID") in made and said.get("fullName"):
            return 200, _said("SUCCESS", "successfullyJoined")
        return 200, _said("FAILED", "notFound")

    with standing_in(reply) as fake:
        yield fake


def _said(code: str, key: str) -> str:
    return f"<response><returncode>{code}</returncode><messageKey>{key}</messageKey></response>"
