"""Scripts and servers that lose text: a scenario that lets one of them pass proves nothing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Error as NoPage
from playwright.sync_api import Page, expect
from stage import PATIENCE, ROOT

TESTS = ROOT / "tests"
SCRIPT = re.compile(r"/static/build/room\.[0-9a-f.]*js")
SHORT = 8_000  # milliseconds: what a mutant never does need not be waited for as long


Change = tuple[str, str, str]  # file, the piece that keeps text, the piece that loses it


def script(folder: Path, entry: str, *changes: Change) -> str:
    """A script of the pages with pieces of its sources replaced, each of them there once."""
    copy = Path(tempfile.mkdtemp(dir=folder)) / "src"
    shutil.copytree(ROOT / "frontend/src", copy)
    copy.with_name("node_modules").symlink_to(ROOT / "frontend/node_modules")
    for where, good, bad in changes:
        text = (copy / where).read_text(encoding="utf-8")
        assert text.count(good) == 1, f"{where} has no such piece, or several: {good}"
        (copy / where).write_text(text.replace(good, bad), encoding="utf-8")
    options = ["--bundle", "--format=esm", "--target=es2022", "--log-level=error"]
    done = subprocess.run(
        [ROOT / "frontend/node_modules/.bin/esbuild", copy / entry, *options],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def give(page: Page, text: str) -> None:
    """Let every page of this device run the mutant instead of the room's script."""
    page.context.route(
        SCRIPT, lambda route: route.fulfill(body=text, content_type="text/javascript")
    )


PATCH = """
import importlib.abc, importlib.machinery, sys

class Patched(importlib.machinery.SourceFileLoader):
    def get_data(self, path):
        data = super().get_data(path)
        if not path.endswith(".py"):
            raise OSError("always from the source")
        text = data.decode()
        assert text.count({good!r}) == 1, {good!r}
        return text.replace({good!r}, {bad!r}).encode()

class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != {module!r}:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        spec.loader = Patched(name, spec.origin)
        return spec

sys.meta_path.insert(0, Finder())
"""


def server(module: str, good: str, bad: str, folder: Path) -> dict[str, str]:
    """The environment in which a server starts with one piece of its source replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(
        PATCH.format(module=module, good=good, bad=bad), encoding="utf-8"
    )
    return {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}


def is_caught(scenario: Callable[[], object], *, at: str) -> None:
    """The scenario fails, and it does at the line that says what must not be lost.

    `at` is a part of that line as the test has it: whoever stumbles elsewhere proves nothing.
    """
    expect.set_options(timeout=SHORT)
    try:
        with pytest.raises((AssertionError, NoPage)) as failed:
            scenario()
    finally:
        expect.set_options(timeout=PATIENCE)
    lines = [
        str(one.statement)
        for one in failed.traceback
        if TESTS in Path(one.path).parents
        and one.name != "<lambda>"  # a table may hold all of them
    ]
    assert any(at in one for one in lines), (failed.exconly(), lines)
