"""Has a calendar read in a process of its own: whatever its maker put in, only that one ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime

from handrail.integrations.ics_feed.facts import (
    Failed,
    Owner,
    Problem,
    ProblemKind,
    Reading,
    Unread,
)

CPU_SECONDS = 5
SECONDS = 40.0  # by the clock on the wall: on a busy machine far more than is computed


def read_apart(
    text: bytes,
    owner: Owner,
    since: datetime,
    until: datetime,
    *,
    cpu: int = CPU_SECONDS,
    longest: float = SECONDS,
) -> Reading:
    """The busy spans of a calendar between two moments; Failed where there is no answer."""
    asked = {
        "timezone": owner.timezone,
        "emails": owner.emails,
        "ours": owner.ours,
        "since": since.timestamp(),
        "until": until.timestamp(),
        "cpu": cpu,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "handrail.integrations.ics_feed"],
            input=json.dumps(asked).encode() + b"\n" + text,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback may hold words of the calendar
            timeout=longest,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Failed(Unread.TOO_SLOW) from None
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Failed(Unread.TOO_SLOW)
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise Failed(Unread.CRASHED) from None
    if "failed" in answer:
        raise Failed(Unread(answer["failed"]))
    return Reading(
        spans=tuple(
            (datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))
            for start, end in answer["spans"]
        ),
        problems=tuple(
            Problem(ProblemKind(kind), count, about) for kind, count, about in answer["problems"]
        ),
    )
