"""Scripts and servers that lose text: a scenario that lets one of them pass proves nothing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from stage import PATIENCE, ROOT

SCRIPT = re.compile(r"/static/build/room\.[0-9a-f.]*js")
SHORT = 8_000  # milliseconds: what a mutant never does need not be waited for as long


@cache
def script(where: str, good: str, bad: str, folder: Path) -> str:
    """The room's script with one piece of its source replaced."""
    copy = folder / f"src-{abs(hash((where, good, bad)))}"
    shutil.copytree(ROOT / "frontend/src", copy)
    (copy.parent / "node_modules").exists() or os.symlink(
        ROOT / "frontend/node_modules", copy.parent / "node_modules"
    )
    path = copy / where
    text = path.read_text(encoding="utf-8")
    assert text.count(good) == 1, f"{where} has no such piece, or several: {good}"
    path.write_text(text.replace(good, bad), encoding="utf-8")
    done = subprocess.run(
        [
            str(ROOT / "frontend/node_modules/.bin/esbuild"),
            str(copy / "room.ts"),
            "--bundle",
            "--format=esm",
            "--target=es2022",
        ],
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


def is_caught(scenario: Callable[[], object]) -> None:
    """The scenario fails where text is lost."""
    expect.set_options(timeout=SHORT)
    try:
        with pytest.raises(AssertionError):
            scenario()
    finally:
        expect.set_options(timeout=PATIENCE)
