"""What README and guide tell people to type and to press is there to be typed and pressed."""

from __future__ import annotations

import argparse
import re
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.core.management import load_command_class

from docs.words import messages, rooms
from handrail.site.command_line import COMMANDS, DJANGO_COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs/guide").glob("*.md"))]
PAGES += sorted((ROOT / "docs/operate").glob("*.md"))
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]

CODE = re.compile(r"```\n(.*?)```|`([^`\n]+)`", re.DOTALL)
LABEL = re.compile(r"(?<![*\w])\*([A-Z][^*]+)\*(?!\*)")
HOLE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def code_of(page: str) -> Iterator[str]:
    """Every line of code in a page, in blocks and between words."""
    for block, inline in CODE.findall((ROOT / page).read_text()):
        yield from (block or inline).replace("\\\n", " ").splitlines()


@cache
def on_screen() -> frozenset[str]:
    """Every message of every room, with a mark where something is filled in."""
    found: set[str] = set()
    for room in rooms():
        for message in messages(room):
            found |= {message} if isinstance(message, str) else set(message)
    return frozenset(re.sub(r"\s+", " ", HOLE.sub("…", text)) for text in found)


def options_of(command: str, line: str) -> set[str]:
    """The options that a command takes, with those of the part that the line names."""
    parser: argparse.ArgumentParser = load_command_class("handrail.site", command).create_parser(
        "handrail", command
    )
    options = set(parser._option_string_actions)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, part in action.choices.items():
                if f"{command} {name}" in line:
                    options |= set(part._option_string_actions)
    return options


@pytest.mark.parametrize("page", NAMES)
def test_every_command_that_a_page_names_takes_these_options(page: str) -> None:
    for line in code_of(page):
        for named, rest in re.findall(r"(?:^|/|(?<!-u)\s)handrail ([a-z][\w-]*)(.*)", line):
            assert named in COMMANDS + DJANGO_COMMANDS, line
            asked = set(re.findall(r"(?<!\S)--[a-z-]+", rest))
            if asked:
                assert asked <= options_of(named, f"{named}{rest}"), line


@pytest.mark.parametrize("page", NAMES)
def test_every_make_target_that_a_page_names_is_there(page: str) -> None:
    there = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for line in code_of(page):
        assert set(re.findall(r"^make ([a-z]+)", line)) <= there, line


@pytest.mark.parametrize("page", NAMES)
def test_every_label_that_a_page_names_is_on_the_screen(page: str) -> None:
    text = re.sub(r"```.*?```", "", (ROOT / page).read_text(), flags=re.DOTALL)
    missing = [
        part
        for label in LABEL.findall(re.sub(r"\s+", " ", text))
        for part in label.split(", ")
        if not any(one == part or one.startswith((f"{part} ", f"{part},")) for one in on_screen())
    ]
    assert missing == []


def test_the_readmes_pictures_are_there_and_small() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text())
    assert {Path(one).stem for one in pictures} >= {"room", "report"}
    for one in pictures:
        head = (ROOT / one).read_bytes()[:24]
        assert head[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">I", head[16:20])[0] == 1280
        assert (ROOT / one).stat().st_size < 200_000
