"""What the harness says while it works, a line at a time."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """Write one line at once, so that it stands before what it announces."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
