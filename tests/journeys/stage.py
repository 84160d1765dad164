"""A real browser against a real server on a demo of its own."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import pytest
from chromium import ARGUMENTS, chromium
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from factories.databases import copied_sqlite

ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "frontend/node_modules/axe-core/axe.min.js").read_text()
# The room asks every four seconds what the other did; the usual five leave one for the answer.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


@dataclass
class Served:
    """A running Handrail and its folder."""

    url: str
    home: Path

    def mails(self) -> list[Path]:
        return sorted((self.home / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)

    def handrail(self, *arguments: str) -> str:
        done = subprocess.run(
            [handrail(), *arguments],
            env=environment(self.home, self.url),
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def handrail() -> str:
    """The command of this environment."""
    return str(Path(sys.executable).with_name("handrail"))


def environment(home: Path, url: str) -> dict[str, str]:
    return {
        **os.environ,
        "HANDRAIL_HOME": str(home),
        "HANDRAIL_BASE_URL": url,
        "HANDRAIL_MAIL": "folder",
        "DATABASE_URL": "",
    }


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def serve(home: Path, port: int) -> Iterator[Served]:
    url = f"http://localhost:{port}"
    command = [handrail(), "serve", "--port", str(port)]
    log = (home / "serve.log").open("wb")
    server = subprocess.Popen(command, env=environment(home, url), stdout=log, stderr=log, cwd=ROOT)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{url}/healthz", timeout=2).close()
                break
            except OSError:
                assert server.poll() is None, (home / "serve.log").read_text()
                assert time.monotonic() < deadline, "the server did not answer"
                time.sleep(0.2)
        yield Served(url, home)
    finally:
        server.terminate()
        server.wait(20)
        log.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A demo of this process's own: a copy of the one that `make test` has played, if it has."""
    home = tmp_path_factory.mktemp("demo")
    put_a_demo(home)
    yield from serve(home, free_port())


def put_a_demo(home: Path) -> None:
    """A copy of the demo that `make test` has played, if it has; else one played here."""
    if played := os.environ.get("HANDRAIL_TESTS_DEMO"):
        shutil.copytree(played, home, dirs_exist_ok=True)
    else:
        done = subprocess.run(
            [handrail(), "demo", "--no-serve", "--home", str(home)],
            env={**os.environ, "DATABASE_URL": ""},
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An install as `handrail init` leaves it; by day its database is migrated beforehand."""
    home = tmp_path_factory.mktemp("empty")
    if not os.environ.get("HANDRAIL_AT_NIGHT"):
        copied_sqlite(home / "handrail.sqlite3")
    served = Served("http://localhost:8000", home)
    served.handrail("init", "--organisation", "Acme", "--admin", "ada@example.org")
    yield from serve(home, free_port())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=ARGUMENTS,
        )
        yield browser
        browser.close()


Enter = Callable[..., Page]


@pytest.fixture
def enter(browser: Browser) -> Iterator[Enter]:
    """A page in a context of its own: enter(served, "Name") signs in by the demo's page."""
    contexts: list[BrowserContext] = []

    def enter(served: Served, name: str = "", *, script: bool = True) -> Page:
        context = browser.new_context(
            base_url=served.url,
            java_script_enabled=script,
            timezone_id="Europe/Berlin",
            locale="en-GB",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        if name:
            page.goto("/demo/")
            for closed in page.locator("main details:not([open]) > summary").all():
                closed.click()
            page.locator("main li", has_text=name).first.get_by_role("button").click()
            page.wait_for_url(f"{served.url}/")
        return page

    yield enter
    for context in contexts:
        context.close()


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]


# A colour on its way from one theme to the other is neither's, so nothing is on its way.
STILL = """() => {
  const still = new CSSStyleSheet()
  still.replaceSync(
    `*, ::before, ::after, ::details-content {
      transition: none !important; animation: none !important }`
  )
  document.adoptedStyleSheets = [still]
}"""


def axe(page: Page, rules: list[str] = RULES, *, colours: bool = True) -> list[str]:
    """The violations of the page as it stands; contrast, half of the work, can be left out."""
    # Through the debugger's door: the page's own policy lets no foreign script in.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    page.evaluate(STILL)
    found = page.evaluate(
        "async ([runOnly, rules]) =>"
        " (await axe.run({runOnly, rules, resultTypes: ['violations']})).violations"
        ".map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', '))",
        [rules, {} if colours else {"color-contrast": {"enabled": False}}],
    )
    return [f"{page.url}: {one}" for one in found]


def in_both_themes(page: Page) -> list[str]:
    """The violations of the page in the light theme, then in the dark one: only colours differ.

    By day every fifth page is looked at in the dark theme, and the contrast of every third in the
    light one; at night that of each page in both.
    """
    found, themes = [], [("light", "^$", RULES), ("dark", "dark", COLOURS)]
    address = re.sub(r"[0-9a-f-]{36}", "", page.url.partition("//")[2].partition("/")[2])
    night, drawn = bool(os.environ.get("HANDRAIL_AT_NIGHT")), crc32(address.encode())
    if not night and drawn % 5:
        themes.pop()
    for theme, its_class, rules in themes:
        page.emulate_media(color_scheme=theme)
        if page.locator("[data-theme]").count():  # pages for candidates have no script to say it
            expect(page.locator("html")).to_have_class(re.compile(its_class))
        colours = night or theme == "dark" or drawn % 3 == 0
        found += [f"{theme}, {one}" for one in axe(page, rules, colours=colours)]
    return found


def press_until(page: Page, selector: str) -> None:
    """Tab on until the focus is there."""
    for _ in range(60):
        if page.evaluate(f"document.activeElement?.matches({selector!r})"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


def order_of(wanted: list[str], told: str) -> list[str]:
    """What is missing of these in an accessibility tree, or does not come in this order."""
    wrong, last = [], 0
    for one in wanted:
        found = re.compile(one).search(told, last)
        if found is None:
            wrong.append(one)
        else:
            last = found.end()
    return wrong


def code_from(mail: Path) -> str:
    """The sign-in code that a mail brings."""
    import email
    from email import policy

    message = email.message_from_bytes(mail.read_bytes(), policy=policy.default)
    part = message.get_body(("plain",))
    assert part is not None
    found = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", part.get_content(), re.MULTILINE)
    assert found, part.get_content()
    return found[1]
