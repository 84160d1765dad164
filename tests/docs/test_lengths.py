"""No file is longer than 400 lines: what grows beyond becomes a folder, named for what is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 400
KINDS = {".py", ".ts", ".js", ".mjs", ".css", ".html"}
MADE = ("static/build", "node_modules")  # by machines
# A file that may be longer, with the reason; there is none.
EXCEPTIONS: dict[str, str] = {}


def too_long(root: Path, *folders: str) -> dict[str, int]:
    """Each file with more lines than it may have."""
    found = {}
    for folder in folders:
        for path in (root / folder).rglob("*"):
            name = path.relative_to(root).as_posix()
            if path.suffix in KINDS and not any(made in name for made in MADE):
                lines = len(path.read_bytes().splitlines())
                if lines > LONGEST:
                    found[name] = lines
    return found


def test_no_file_is_too_long() -> None:
    found = too_long(ROOT, "src", "tests", "benchmarks", "frontend/src")
    assert set(found) == set(EXCEPTIONS), found


@pytest.mark.parametrize(("lines", "found"), [(400, {}), (401, {"src/a/long.py": 401})])
def test_one_line_too_many_is_found(tmp_path: Path, lines: int, found: dict[str, int]) -> None:
    (tmp_path / "src/a").mkdir(parents=True)
    (tmp_path / "src/a/long.py").write_text("x = 1\n" * lines)
    (tmp_path / "src/a/rows.csv").write_text("a\n" * 1000)
    assert too_long(tmp_path, "src") == found
