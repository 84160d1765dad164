"""The process that reads a calendar: the text comes in, spans go out, its own limits hold it."""

from __future__ import annotations

import json
import resource
import sys
from contextlib import suppress
from datetime import UTC, datetime

MEMORY = 768 * 1024 * 1024


def main() -> None:
    """Read one calendar from standard input and write what it says as JSON."""
    asked = json.loads(sys.stdin.buffer.readline())
    for limit, most in (
        (resource.RLIMIT_CPU, asked["cpu"]),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # a lower limit holds already
            resource.setrlimit(limit, (most, most))
    from handrail.integrations.ics_feed.busy import busy_times  # under the limits already
    from handrail.integrations.ics_feed.facts import Failed, Owner, Unread

    text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    try:
        reading = busy_times(
            text,
            Owner(asked["timezone"], tuple(asked["emails"]), tuple(asked["ours"])),
            datetime.fromtimestamp(asked["since"], UTC),
            datetime.fromtimestamp(asked["until"], UTC),
        )
    except Failed as failed:
        answer: dict[str, object] = {"failed": failed.why}
    except MemoryError:
        answer = {"failed": Unread.TOO_LARGE}
    else:
        answer = {
            "spans": [[int(a.timestamp()), int(b.timestamp())] for a, b in reading.spans],
            "problems": [[told.kind, told.count, told.about] for told in reading.problems],
        }
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
