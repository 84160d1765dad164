"""Repositories made to measure, and a reading of them that shares nothing with the product's."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Commit:
    """One commit to be made; times as `2026-01-10T09:00:00+01:00`."""

    author: str
    authored: str
    paths: tuple[str, ...] = ("src/app/main.py",)
    committed: str = ""
    committer: str = "Ada Lund <ada@example.org>"
    merges: int = 0  # of how many commits back it merges one in


def git(folder: Path, *arguments: str, told: bytes = b"") -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], input=told, capture_output=True, check=True
    )
    return done.stdout.decode("utf-8", errors="replace")


def repository(folder: Path, commits: Iterable[Commit], mailmap: str = "") -> Path:
    """A repository of these commits, one after the other."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    stream: list[str] = []
    if mailmap:
        (folder / ".mailmap").write_text(mailmap)
    for number, commit in enumerate(commits, start=1):
        text = f"change {number}"
        stream += [
            "commit refs/heads/main",
            f"mark :{number}",
            f"author {commit.author} {_raw(commit.authored)}",
            f"committer {commit.committer} {_raw(commit.committed or commit.authored)}",
            f"data {len(text)}",
            text,
        ]
        if commit.merges:
            stream.append(f"merge :{number - commit.merges}")
        for path in commit.paths:
            stream += [f"M 100644 inline {path}", f"data {len(text)}", text]
        stream.append("")
    git(folder, "fast-import", "--quiet", told="\n".join(stream).encode())
    return folder


def _raw(moment: str) -> str:
    when = datetime.fromisoformat(moment)
    return f"{int(when.timestamp())} {when:%z}"


@dataclass
class Reading:
    """What raw objects say, one person for one address: enough where nobody has two."""

    changes: int = 0
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    began: dict[str, date] = field(default_factory=dict)
    first_merge: dict[str, datetime] = field(default_factory=dict)
    areas: dict[str, dict[str, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )


def read_raw(folder: Path) -> Reading:
    """Every commit object by itself: no log, no formats, names through check-mailmap."""
    found = Reading()
    for commit in git(folder, "rev-list", "HEAD").split():
        head = _objects(folder)[commit]
        if sum(line.startswith("parent ") for line in head) > 1:
            continue
        author, authored = _who(next(line for line in head if line.startswith("author ")))
        _committer, merged = _who(next(line for line in head if line.startswith("committer ")))
        if "[bot]" in author:
            continue
        email = _mapped(folder, author)
        found.changes += 1
        found.counts[email] += 1
        found.began[email] = min(found.began.get(email, date.max), authored.date())
        before = found.first_merge.get(email)
        found.first_merge[email] = merged if before is None else min(before, merged)
        for area in {_area(path) for path in _paths(folder).get(commit, ())}:
            found.areas[email][area] += 1
    return found


@cache
def _objects(folder: Path) -> dict[str, list[str]]:
    """The head of every commit object by its id."""
    ids = git(folder, "rev-list", "HEAD")
    told = subprocess.run(
        ["git", "-C", str(folder), "cat-file", "--batch"],
        input=ids.encode(),
        capture_output=True,
        check=True,
    ).stdout
    found, place = {}, 0
    while place < len(told):
        end = told.index(b"\n", place)
        name, _kind, size = told[place:end].decode().split()
        body = told[end + 1 : end + 1 + int(size)].decode(errors="replace")
        found[name] = body.partition("\n\n")[0].splitlines()
        place = end + int(size) + 2
    return found


@cache
def _paths(folder: Path) -> dict[str, list[str]]:
    """What each commit touched, out of its trees."""
    told = git(
        folder,
        *("diff-tree", "--stdin", "--root", "-r", "--name-only", "-z"),
        told=git(folder, "rev-list", "HEAD").encode(),
    )
    found: dict[str, list[str]] = {}
    now: list[str] = []
    for part in told.split("\0"):
        name = part.strip("\n")
        if name in _objects(folder):
            now = found.setdefault(name, [])
        elif part:
            now.append(part)
    return found


@cache
def _mapped(folder: Path, author: str) -> str:
    return git(folder, "check-mailmap", author).strip().rpartition("<")[2].rstrip(">").lower()


def _who(line: str) -> tuple[str, datetime]:
    who, seconds, offset = line.split(" ", 1)[1].rsplit(" ", 2)
    minutes = int(offset[:3]) * 60 + int(offset[0] + offset[3:])
    zone = timezone(timedelta(minutes=minutes))
    return who, datetime.fromtimestamp(int(seconds), UTC).astimezone(zone)


def _area(path: str) -> str:
    parts = path.split("/")
    return "/".join(parts[:-1][:2]) or "project"
