"""What is said on screen, room by room: every message of the code and of the templates."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[2] / "src/handrail"
CALLS = (
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "npgettext",
    "pgettext",
    "pgettext_lazy",
)

Message = str | tuple[str, str]
WITHIN = "\x04"  # as in a compiled catalogue, between words and what they are said of


def rooms() -> list[Path]:
    """The folders that bring a catalogue of their own."""
    return [SOURCE / name for name in ("api", "site", "web")] + sorted(
        folder for folder in (SOURCE / "apps").iterdir() if (folder / "apps.py").exists()
    )


def messages(room: Path) -> dict[Message, str]:
    """Each message of a room with the place where it is said first; plurals are pairs."""
    found: dict[Message, str] = {}
    for path in sorted([*room.rglob("*.py"), *room.rglob("*.html"), *room.rglob("*.txt")]):
        for line, message in _in_file(path):
            found.setdefault(message, f"{path.relative_to(SOURCE)}:{line}")
    return found


def _in_file(path: Path) -> Iterator[tuple[int, Message]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        if "{%" not in text:
            return
        text = templatize(text, origin=str(path))
    for line, call, said, _comments in extract_python(
        io.BytesIO(text.encode()), CALLS, [], {"encoding": "utf-8"}
    ):
        parts = list(said) if isinstance(said, tuple | list) else [said]
        within = f"{parts.pop(0)}{WITHIN}" if "pgettext" in call else ""
        if not parts or not isinstance(parts[0], str):
            continue  # a variable: its words are named where they are written
        first = within + parts[0]
        yield line, (first, str(parts[1])) if call.startswith("n") else first
