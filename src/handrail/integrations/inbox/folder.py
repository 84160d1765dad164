"""A folder of .eml files instead of a mailbox: for trying out, and for servers that write files."""

from __future__ import annotations

from pathlib import Path

from handrail.integrations.inbox.facts import HEAD, LARGEST, Letter, Shut, Take

MOST = 200  # letters at one time
READ, REFUSED = "read", "refused"  # where letters lie afterwards


def read(address: str, take: Take) -> int:
    """Hand over what lies in the folder of "folder:/path", oldest first; say how many letters."""
    folder = Path(address.removeprefix("folder:"))
    try:
        for name in (READ, REFUSED):
            (folder / name).mkdir(parents=True, exist_ok=True)
        waiting = sorted(
            (path for path in folder.glob("*.eml") if path.is_file() and not path.is_symlink()),
            key=lambda path: (path.stat().st_mtime_ns, path.name),
        )[:MOST]
        for path in waiting:
            followed = take(_letter(path))
            path.replace(folder / (READ if followed else REFUSED) / path.name)
    except OSError:
        raise Shut("folder") from None
    return len(waiting)


def _letter(path: Path) -> Letter:
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    is_whole = len(content) <= LARGEST
    return Letter(content if is_whole else content[:HEAD], is_whole)
