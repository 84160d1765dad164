"""A Chromium for the journeys: from PATH, else Debian's when root, else Playwright's own.

The headless shell is the same engine without the window around it: the journeys take a third less
processor time with it, so it is preferred.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from progress import say

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
# As root the sandbox cannot start; the rest keeps it from calling home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class NoChromium(Exception):
    """No Chromium could be had here; the text says what was tried."""


def _found() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def chromium() -> str:
    """The path of a Chromium, fetched where that is possible."""
    if path := os.environ.get("HANDRAIL_CHROMIUM") or _found():
        return path
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing Debian's Chromium ...")
        subprocess.run(["apt-get", "update"], check=False, **quiet)
        for name in NAMES[:2]:  # older Debians have no shell of its own
            install = ["apt-get", "install", "-y", "--no-install-recommends", name]
            subprocess.run(install, check=False, **quiet)
            if path := _found():
                return path
    say("Fetching Playwright's Chromium ...")
    fetch = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(fetch, check=False, **quiet).returncode == 0:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            return playwright.chromium.executable_path
    raise NoChromium("neither PATH, nor Debian's packages, nor Playwright's download has one")
