"""The network goes, the help stays: what runs whenever tests run."""

from __future__ import annotations

from device import ANSWERS, ready, search
from playwright.sync_api import expect
from stage import Enter
from wire import Killable, Wire


def test_s11_a_browser_set_offline_opens_the_kept_page(wire: Wire, enter: Enter) -> None:
    page = ready(enter, wire)
    page.context.set_offline(True)
    page.goto(ANSWERS)
    expect(page.get_by_role("heading", name="Answers", exact=True)).to_be_visible()
    page.goto("/programs/")
    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()


def test_s01_with_the_server_dead_a_reload_finds_the_answer(
    wire: Wire, killable: Killable, enter: Enter
) -> None:
    page = ready(enter, wire)
    killable.kill()
    page.goto(ANSWERS)
    page.reload()
    found = search(page, "my rebase went wrong")
    expect(found.first).to_contain_text("How do I undo a rebase that went wrong?")
    expect(found.first).to_contain_text("Looked after by Priya Nair")
    expect(found.first).to_contain_text("Last checked 2 Nov 2026")
    expect(found.first).to_contain_text("From a session on Git")
    expect(page.get_by_role("heading", name="Ask a mentor")).to_be_visible()
    found.first.get_by_role("link").click()
    expect(page.locator("main")).to_contain_text("The reflog still has the old branch.")
    page.reload()
    expect(page.locator("main")).to_contain_text("The reflog still has the old branch.")
