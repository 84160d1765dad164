"""The worker: a new release, a switch that takes it back, a network that lies."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from device import (
    ANSWERS,
    READER,
    ask_later,
    bring,
    caches,
    databases,
    kept_rows,
    ready,
    search,
    until,
    waiting,
)
from feed import Feed
from playwright.sync_api import Page, expect
from stage import ROOT, Enter, Served
from wire import Killable, Wire, page

pytestmark = pytest.mark.nightly

REGISTERED = "navigator.serviceWorker.getRegistrations().then(all => all.length)"
NEW_WORD = "You are offline in the new release"


def next_release(folder: Path) -> dict[str, str]:
    """A copy of the product with other scripts and another word on the kept page."""
    package = folder / "src/handrail"
    shutil.copytree(ROOT / "src/handrail", package, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "docs").symlink_to(ROOT / "docs")
    script = package / "web/static/build/site.js"
    script.write_text(script.read_text() + "\n// the next release")
    script.with_name("site.js.gz").unlink(missing_ok=True)
    shell = package / "web/templates/offline/shell.html"
    shell.write_text(shell.read_text().replace("You are offline", NEW_WORD))
    return {"PYTHONPATH": str(folder / "src")}


def room_of(page: Page) -> str:
    page.goto("/sessions/")
    return str(page.locator("main a[href*='/sessions/']").first.get_attribute("href"))


def test_s07_a_release_while_typing_keeps_the_text_and_changes_when_it_is_asked_to(
    wire: Wire, killable: Killable, enter: Enter, tmp_path: Path
) -> None:
    typing = ready(enter, wire)
    room = room_of(typing)
    typing.goto(room)
    other = typing.context.new_page()
    other.goto(room)
    other.evaluate("window.stands = true")
    notes = typing.locator("textarea").first
    notes.fill("Half a sentence that")
    old = caches(typing)
    killable.kill()
    killable.extra = next_release(tmp_path)
    killable.start()
    typing.evaluate("navigator.serviceWorker.getRegistration().then(one => one.update())")
    expect(typing.get_by_text("There is a new version.")).to_be_visible()
    expect(notes).to_have_value("Half a sentence that")  # nothing reloads by itself
    notes.focus()
    notes.press("End")
    notes.press_sequentially(" nobody lost")
    typing.evaluate("window.stands = true")
    typing.get_by_role("button", name="Use it now").click()
    until(typing, "!('stands' in window) && document.readyState === 'complete'")
    expect(typing.locator("textarea").first).to_have_value("Half a sentence that nobody lost")
    assert other.evaluate("window.stands") is True  # only the tab that asked begins anew
    typing.context.set_offline(True)
    typing.goto("/programs/")
    expect(typing.get_by_role("heading", level=1)).to_have_text(NEW_WORD)
    new = caches(typing)
    assert len(new) == 1
    assert new != old


def test_s07_an_old_page_still_gets_the_files_of_its_own_release(
    wire: Wire, killable: Killable, enter: Enter, tmp_path: Path
) -> None:
    typing = ready(enter, wire)
    script = str(typing.locator("script[src*='build/site.']").get_attribute("src"))
    killable.kill()
    killable.extra = next_release(tmp_path)
    killable.start()
    assert typing.request.get(script).status == 200
    assert "the next release" not in typing.request.get(script).text()
    fresh = str(enter(Served(wire.url, killable.home)).request.get("/welcome/").text())
    assert script not in fresh
    missing = typing.request.get(script.replace("site.", "site.0"))
    assert (missing.status, missing.headers["content-type"]) == (404, "text/plain")


def test_s20_switched_off_the_worker_goes_and_what_was_typed_stays(
    wire: Wire, killable: Killable, enter: Enter
) -> None:
    typing = ready(enter, wire)
    typing.context.set_offline(True)
    typing.goto(ANSWERS)
    ask_later(typing, "Does this stay?")
    kept = databases(typing)
    wire.holds_back("/api/v1/ops")
    killable.kill()
    killable.extra = {"HANDRAIL_OFFLINE": "no"}
    killable.start()
    typing.context.set_offline(False)
    typing.goto("/sessions/")
    until(typing, f"{REGISTERED}.then(count => count === 0)")
    until(typing, "caches.keys().then(names => names.length === 0)")
    typing.goto("/sessions/")
    assert typing.evaluate(REGISTERED) == 0
    assert typing.evaluate("navigator.serviceWorker.controller") is None
    assert databases(typing) == kept
    assert waiting(typing) == 1


@pytest.mark.parametrize("told", [page("not here", 404), page("<h1>Welcome to the hotel</h1>")])
def test_s21_a_worker_that_is_missing_or_a_page_leaves_the_old_one_at_work(
    wire: Wire, enter: Enter, told: tuple[int, dict[str, str], bytes]
) -> None:
    typing = ready(enter, wire)
    before = wire.instead
    wire.instead = lambda path, headers: told if path == "/sw.js" else before(path, headers)
    typing.reload()
    typing.evaluate(
        "navigator.serviceWorker.getRegistration().then(one => one.update()).catch(() => null)"
    )
    assert told[0] in wire.asked("/sw.js")[-1:]
    typing.context.set_offline(True)
    typing.goto(ANSWERS)
    expect(search(typing, "rebase").first).to_contain_text("undo a rebase")


def test_s23_on_a_slow_network_the_shell_stands_in_and_elsewhere_the_page_is_awaited(
    wire: Wire, enter: Enter
) -> None:
    typing = ready(enter, wire)
    wire.wait = 8  # seconds; the shell comes after three
    typing.goto(ANSWERS)
    expect(typing.get_by_text("No network. You see the answers")).to_be_visible()
    wire.wait = 4
    typing.goto("/programs/")
    expect(typing.get_by_role("heading", name="Programs", exact=True)).to_be_visible()


@pytest.mark.parametrize("status", [502, 503, 504])
def test_s23_a_proxy_without_a_server_gives_the_shell(
    wire: Wire, enter: Enter, status: int
) -> None:
    typing = ready(enter, wire)
    wire.instead = lambda path, headers: page("<h1>Bad gateway</h1>", status)
    typing.goto(ANSWERS)
    expect(search(typing, "rebase").first).to_contain_text("undo a rebase")
    answer = typing.goto("/programs/")
    expect(typing.get_by_role("heading", name="You are offline")).to_be_visible()
    assert answer is not None
    assert answer.status == 503


def test_s23_a_captive_portal_is_no_server_and_nothing_is_acknowledged(
    wire: Wire, enter: Enter, feed: Feed
) -> None:
    typing = ready(enter, wire)
    typing.context.set_offline(True)
    typing.goto(ANSWERS)
    ask_later(typing, "Is this acknowledged by a hotel?")
    before = wire.instead
    wire.instead = lambda path, headers: page("<h1>Welcome to the hotel</h1>")
    typing.context.set_offline(False)
    typing.goto(ANSWERS)
    expect(search(typing, "rebase").first).to_contain_text("undo a rebase")
    typing.wait_for_timeout(2500)
    expect(typing.get_by_text("Is this acknowledged by a hotel?")).to_be_visible()
    assert waiting(typing) == 1
    assert len(kept_rows(typing)) == 3
    wire.instead = before
    bring(typing)
    until(typing, "document.querySelector('script[data-account]') !== null")
    assert len(kept_rows(typing)) == 3


def test_a_release_that_cannot_be_kept_whole_leaves_the_old_one_at_work(
    wire: Wire, killable: Killable, enter: Enter, tmp_path: Path
) -> None:
    typing = ready(enter, wire)
    old = caches(typing)
    killable.kill()
    killable.extra = next_release(tmp_path)
    killable.start()
    before = wire.instead
    wire.instead = lambda path, headers: (
        page("<h1>Welcome to the hotel</h1>") if "/build/shell." in path else before(path, headers)
    )
    typing.evaluate(
        "navigator.serviceWorker.getRegistration().then(one => one.update()).catch(() => null)"
    )
    typing.wait_for_timeout(2000)
    assert typing.get_by_text("There is a new version.").count() == 0
    typing.context.set_offline(True)
    typing.goto("/programs/")
    expect(typing.get_by_role("heading", level=1)).to_have_text("You are offline")
    assert old[0] in caches(typing)


def test_a_device_that_is_only_read_by_others_shows_the_reader_alone(
    wire: Wire, enter: Enter
) -> None:
    typing = ready(enter, wire)
    text = typing.evaluate(
        """async () => {
          let text = ''
          for (const name of await caches.keys()) {
            const cache = await caches.open(name)
            for (const request of await cache.keys()) {
              text += request.url + await (await cache.match(request)).text()
            }
          }
          return text
        }"""
    )
    assert "Handrail" in text
    for personal in (READER, READER.split()[0], 'name="csrfmiddlewaretoken"', 'data-account="'):
        assert personal not in text, personal
