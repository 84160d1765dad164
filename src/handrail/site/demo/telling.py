"""What the demo prints: calm, plain lines, and a sign of life where something takes long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from textwrap import wrap
from zoneinfo import ZoneInfo

from handrail.apps.people.models import Person

WIDTH = 110
Write = Callable[[str], object]


class Telling:
    """Prints headings, lines and progress through one function."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._open = False
        self.lines = 0

    def line(self, text: str = "", *, indent: int = 2) -> None:
        """One line, below an unfinished one if there is one."""
        self._end()
        first, later = " " * indent, " " * (indent + 2)
        for row in wrap(text, WIDTH, initial_indent=first, subsequent_indent=later) or [""]:
            self._write(f"{row}\n")
            self.lines += 1

    def heading(self, text: str) -> None:
        """A step of the loop."""
        self.line()
        self.line(text, indent=0)

    def begin(self, text: str) -> None:
        """Start a line that `more` goes on with."""
        self._end()
        self._write(f"  {text}")
        self._open = True
        self.lines += 1

    def more(self, text: str) -> None:
        """Go on with the unfinished line: a sign of life."""
        if self._open:
            self._write(text)

    def _end(self) -> None:
        if self._open:
            self._write("\n")
            self._open = False


def both_times(at: datetime, one: Person, other: Person) -> str:
    """A moment in two people's own times: "Tue 15:30 (10:00 for Carla Berg)"."""
    first = at.astimezone(ZoneInfo(one.timezone))
    second = at.astimezone(ZoneInfo(other.timezone))
    if first.replace(tzinfo=None) == second.replace(tzinfo=None):
        return f"{first:%a %H:%M}"
    day = "" if first.date() == second.date() else f"{second:%a} "
    return f"{first:%a %H:%M} ({day}{second:%H:%M} for {other.name})"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"
