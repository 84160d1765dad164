"""Changes out of `git log`: authors by mailmap, merges and bots left out."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

# Control bytes that no name, address or path holds part one change and its fields.
RECORD, FIELD = "\x01", "\x02"
FORMAT = FIELD.join(["%x01%H", "%aN", "%aE", "%aI", "%cI", ""]).replace(FIELD, "%x02")
BOT = re.compile(r"\[bot\]|\bbots?\b|bot@|^(dependabot|renovate|github-actions)\b", re.IGNORECASE)
AT_ONCE = 1024 * 1024
ROOT_AREA = "project"  # files that lie in no folder


class NotReadable(Exception):
    """The history cannot be read; the words say why and what to do."""


@dataclass(frozen=True, slots=True)
class Change:
    """One commit by a person: `author` is the same for all of that person's names and addresses."""

    commit: str
    author: str
    authored_at: datetime
    merged_at: datetime
    areas: tuple[str, ...]  # the most touched first


@dataclass(frozen=True, slots=True)
class Author:
    """One person behind several names and addresses: the commonest of each."""

    key: str
    name: str
    email: str


def area_of(path: str) -> str:
    """The first two folders of a path; a file in no folder belongs to the project."""
    folders = path.split("/")[:-1]
    return "/".join(folders[:2]) if folders else ROOT_AREA


def read_history(
    repository: Path,
    on_progress: Callable[[int], None] = lambda read: None,
    on_bot: Callable[[str], None] = lambda address: None,
) -> tuple[list[Change], dict[str, Author]]:
    """The changes that people made, oldest first, and who the authors are.

    `on_progress` hears how many commits were read so far, `on_bot` the address of each commit that
    a bot made and that is left out. Raises NotReadable for what is no
    repository, a shallow clone, an empty history.
    """
    if shutil.which("git") is None:
        raise NotReadable("The program git is not installed. Install it and try again.")
    if not repository.is_dir():
        raise NotReadable(f"'{repository}' is not a folder. Give the path of a repository.")
    if _git(repository, "rev-parse", "--git-dir").returncode != 0:
        raise NotReadable(f"'{repository}' is no Git repository. Give the path of one.")
    if _text(_git(repository, "rev-parse", "--is-shallow-repository")).strip() == "true":
        raise NotReadable(
            f"'{repository}' is a shallow clone: most of its history is missing. "
            "Run 'git fetch --unshallow' in it first."
        )
    if _git(repository, "rev-parse", "--verify", "--quiet", "HEAD").returncode != 0:
        raise NotReadable(f"'{repository}' has no commit yet, so there is nothing to read.")
    return _changes(_log(repository, on_progress), on_bot)


def _log(repository: Path, on_progress: Callable[[int], None]) -> str:
    command = _command(
        repository,
        "log",
        "--use-mailmap",
        "--no-merges",
        "--no-renames",
        "--name-only",
        "-z",
        f"--format={FORMAT}",
        "HEAD",
    )
    parts: list[bytes] = []
    read = 0
    with (
        tempfile.TemporaryFile() as complaints,  # a pipe that nobody empties would stop git
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints) as git,  # noqa: S603 - as below
    ):
        assert git.stdout is not None
        while part := git.stdout.read(AT_ONCE):
            parts.append(part)
            read += part.count(RECORD.encode())
            on_progress(read)
        if git.wait() != 0:
            complaints.seek(0)
            reason = complaints.read().decode(errors="replace").strip().splitlines()[-1:]
            raise NotReadable(
                f"git could not read the history: {' '.join(reason) or 'no reason given'}"
            )
    return b"".join(parts).decode("utf-8", errors="replace")


def _command(repository: Path, *arguments: str) -> list[str]:
    # No shell, no pager, nothing of the repository's own configuration that runs programs.
    command = ["git", "-c", "safe.directory=*", "-c", "log.showSignature=false"]
    return [*command, "-c", "core.fsmonitor=false", "-C", str(repository), *arguments]


def _git(repository: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = _command(repository, *arguments)
    return subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - see above


def _text(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stdout.decode("utf-8", errors="replace")


def _changes(log: str, on_bot: Callable[[str], None]) -> tuple[list[Change], dict[str, Author]]:
    raw: list[tuple[str, str, str, datetime, datetime, tuple[str, ...]]] = []
    for record in log.split(RECORD)[1:]:
        commit, name, email, authored, merged, paths = record.split(FIELD)[:6]
        if BOT.search(name) or BOT.search(email):
            on_bot(email.strip().lower())
            continue
        touched = Counter(area_of(path) for path in paths.strip("\0\n").split("\0") if path.strip())
        areas = tuple(sorted(touched, key=lambda area: (-touched[area], area)))
        raw.append(
            (
                commit,
                name.strip(),
                email.strip().lower(),
                datetime.fromisoformat(authored),
                datetime.fromisoformat(merged),
                areas,
            )
        )
    authors = _authors([(name, email) for _c, name, email, *_rest in raw])
    changes = [
        Change(commit, authors[(name, email)].key, authored, merged, areas)
        for commit, name, email, authored, merged, areas in reversed(raw)
    ]
    return changes, {author.key: author for author in authors.values()}


def _authors(seen: list[tuple[str, str]]) -> dict[tuple[str, str], Author]:
    """One author for all entries that share an address or a full name (two words or more)."""
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for name, email in seen:
        own = root(f"e:{email}")
        if len(name.split()) >= 2:
            parent[root(f"n:{' '.join(name.casefold().split())}")] = own
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, email in seen:
        groups.setdefault(root(f"e:{email}"), []).append((name, email))
    found: dict[tuple[str, str], Author] = {}
    for entries in groups.values():
        names = Counter(name for name, _email in entries)
        emails = Counter(email for _name, email in entries)
        name = min(names, key=lambda one: (-names[one], one))
        email = min(emails, key=lambda one: (-emails[one], one))
        author = Author(key=min(emails), name=name or email, email=email)
        for entry in entries:
            found[entry] = author
    return found
