"""The answers on a device follow the server's: changed, gone, begun anew, taken away."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from device import ANSWERS, ask_later, bring, databases, kept_rows, ready, search, waiting
from feed import Feed, gone, row
from playwright.sync_api import Page, expect
from stage import Enter, in_both_themes, order_of
from wire import Killable, Wire

pytestmark = pytest.mark.nightly


def questions(page: Page) -> list[str]:
    return sorted(one["question"] for one in kept_rows(page))


def eventually(page: Page, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        page.wait_for_timeout(100)


def test_s10_the_pages_own_request_is_told_what_changed_and_else_304(
    wire: Wire, enter: Enter, feed: Feed
) -> None:
    page = ready(enter, wire)
    told = len(feed.log)
    bring(page)
    eventually(page, lambda: len(feed.log) > told)
    assert feed.log[-1] == (3, 304)
    assert len(kept_rows(page)) == 3
    feed.change(gone(1))
    feed.change(row(2, "Who approves a migration of tables?"))
    bring(page)
    eventually(page, lambda: len(kept_rows(page)) == 2)
    assert questions(page) == [
        "Where do I write what happened on call?",
        "Who approves a migration of tables?",
    ]
    assert feed.log[-1] == (3, 200)
    page.context.set_offline(True)
    page.goto(ANSWERS)
    expect(search(page, "approves a migration")).to_have_count(1)
    page.get_by_label("Search the answers").fill("rebase")
    expect(page.locator("[data-results]")).to_have_text("No answer on this device has these words.")


def test_s10_an_index_made_before_a_change_hears_of_it(
    wire: Wire, enter: Enter, feed: Feed
) -> None:
    page = ready(enter, wire)
    page.context.set_offline(True)
    page.goto(ANSWERS)
    expect(search(page, "rebase")).to_have_count(1)  # the index is made and kept
    page.context.set_offline(False)
    feed.change(gone(1))
    feed.change(row(4, "How do I sign a tag?"))
    bring(page)
    eventually(page, lambda: "How do I sign a tag?" in questions(page))
    page.context.set_offline(True)
    page.goto(ANSWERS)
    expect(search(page, "sign a tag").first).to_contain_text("How do I sign a tag?")
    page.get_by_label("Search the answers").fill("rebase")
    expect(page.locator("[data-results]")).to_have_text("No answer on this device has these words.")


@pytest.mark.parametrize("status", [401, 403])
def test_s17_access_withdrawn_while_offline_takes_the_copy_at_the_next_contact(
    wire: Wire, enter: Enter, feed: Feed, status: int
) -> None:
    page = ready(enter, wire)
    page.context.set_offline(True)
    page.goto(ANSWERS)
    ask_later(page, "Who can read this now?")
    feed.refused = status
    page.context.set_offline(False)
    bring(page)
    eventually(
        page, lambda: not any(name.startswith("handrail-answers") for name in databases(page))
    )
    assert kept_rows(page) == []
    page.context.set_offline(True)
    page.goto(ANSWERS)
    expect(page.get_by_text("No answers are kept on this device yet.")).to_be_visible()


def test_s17_one_answer_withdrawn_from_the_reader_is_gone(
    wire: Wire, enter: Enter, feed: Feed
) -> None:
    page = ready(enter, wire)
    page.context.set_offline(True)
    page.goto(ANSWERS)
    expect(search(page, "rebase")).to_have_count(1)
    page.context.set_offline(False)
    feed.change(gone(1))
    bring(page)
    eventually(page, lambda: len(kept_rows(page)) == 2)
    page.context.set_offline(True)
    page.goto(f"{ANSWERS}00000000-0000-0000-0000-000000000001/")
    expect(page.get_by_text("This answer is not on this device.")).to_be_visible()
    expect(page.get_by_role("heading", name="Ask a mentor")).to_be_visible()


def test_s18_410_fills_a_new_store_and_swaps_it_in_with_questions_kept(
    wire: Wire, enter: Enter, feed: Feed, killable: Killable
) -> None:
    page = ready(enter, wire)
    before = databases(page)
    page.context.set_offline(True)
    page.goto(ANSWERS)
    ask_later(page, "What do I do after a 410?")
    assert waiting(page) == 1
    wire.holds_back("/api/v1/ops")
    page.context.set_offline(False)
    feed.begin_anew("e2", [row(7, "Only in the new store?"), row(8, "And this one?")])
    bring(page)
    eventually(page, lambda: questions(page) == ["And this one?", "Only in the new store?"])
    assert [status for _cursor, status in feed.log[-2:]] == [410, 200]
    assert waiting(page) == 1
    after = databases(page)
    assert len(after) == len(before)
    assert any(name.endswith("-e2") for name in after)
    assert not any(name.endswith("-e1") for name in after)


def test_s18_until_the_new_store_is_whole_the_old_one_is_read(
    wire: Wire, enter: Enter, feed: Feed
) -> None:
    page = ready(enter, wire)
    feed.begin_anew("e2", [row(n, f"New question number {n}?") for n in range(10, 14)])
    feed.page, feed.breaks_after = 2, 1
    told = len(feed.log)
    bring(page)
    eventually(page, lambda: len(feed.log) >= told + 3)  # 410, a page, and the line is cut
    page.wait_for_timeout(500)
    assert "How do I undo a rebase that went wrong?" in questions(page)
    feed.breaks_after = 0
    bring(page)
    eventually(page, lambda: len(questions(page)) == 4)
    assert [cursor for cursor, _status in feed.log[-1:]] == [2]  # it went on where it stood
    assert len([name for name in databases(page) if "answers" in name]) == 1


def test_a_copy_that_cannot_be_read_is_thrown_away_and_comes_anew(
    wire: Wire, enter: Enter, feed: Feed
) -> None:
    page = ready(enter, wire)
    page.context.set_offline(True)
    page.goto("/programs/")
    page.evaluate(
        """async () => {
          const { name } = (await indexedDB.databases()).find(one => one.name.includes('answers'))
          await new Promise((done, failed) => {
            const asked = indexedDB.deleteDatabase(name)
            asked.onsuccess = done
            asked.onerror = failed
          })
          await new Promise(done => {
            const asked = indexedDB.open(name, 1)
            asked.onsuccess = () => { asked.result.close(); done() }
          })
        }"""
    )
    page.goto(ANSWERS)
    expect(page.get_by_text("This device's copy could not be read.")).to_be_visible()
    expect(page.get_by_role("heading", name="Ask a mentor")).to_be_visible()
    page.context.set_offline(False)
    bring(page)
    eventually(page, lambda: len(kept_rows(page)) == 3)


def test_an_answer_that_holds_markup_is_shown_as_it_was_written(
    wire: Wire, enter: Enter, feed: Feed
) -> None:
    body = "<img src=x onerror=alert(1)> & so on"
    feed.change(row(5, "What is <script>alert(1)</script>?", body))
    page = ready(enter, wire)
    page.context.set_offline(True)
    page.goto(f"{ANSWERS}00000000-0000-0000-0000-000000000005/")
    expect(page.get_by_role("heading", level=1)).to_have_text("What is <script>alert(1)</script>?")
    expect(page.locator("main")).to_contain_text(body)
    assert page.locator("main img").count() == 0


def test_without_a_network_a_screen_reader_hears_it_in_order(
    wire: Wire, enter: Enter, feed: Feed
) -> None:
    page = ready(enter, wire)
    page.context.set_offline(True)
    page.goto(ANSWERS)
    search(page, "rebase went wrong")
    told = page.locator("main").aria_snapshot()
    order = [
        r'heading "Answers" \[level=1\]',
        "No network",
        'searchbox "Search the answers"',
        "status",
        'heading "What comes closest"',
        "listitem",
        'heading "Ask a mentor"',
        'textbox "Your question"',
        'button "Keep the question"',
    ]
    assert order_of(order, told) == [], told


def test_back_with_a_network_the_page_says_so_and_keeps_what_is_typed(
    wire: Wire, enter: Enter, feed: Feed
) -> None:
    page = ready(enter, wire)
    page.context.set_offline(True)
    page.goto("/programs/")
    page.get_by_role("heading", name="You are offline").wait_for()
    page.context.set_offline(False)
    page.get_by_role("heading", name="There is a network again.").wait_for()
    wrong = in_both_themes(page)
    page.context.set_offline(True)
    page.get_by_role("heading", name="You are offline").wait_for()
    page.goto(ANSWERS)
    line = page.locator("[data-offline-line]")
    expect(line).to_contain_text("No network. You see the answers that this device keeps. As of")
    page.get_by_label("Your question").fill("Half a question")
    page.context.set_offline(False)
    expect(line).to_have_text("There is a network again. Open the page as it is now")
    expect(page.get_by_label("Your question")).to_have_value("Half a question")
    wrong += in_both_themes(page)
    page.context.set_offline(True)
    expect(line).to_contain_text("No network.")
    page.context.set_offline(False)
    line.get_by_role("link", name="Open the page as it is now").click()
    page.get_by_label("What do you want to know?").wait_for()
    assert wrong == []


def test_without_a_network_every_state_has_no_violation_and_works_by_keyboard(
    wire: Wire, enter: Enter, feed: Feed
) -> None:
    feed.change(row(6, "An old one?", review_by="2026-01-01", owner="", flagged=True))
    page = ready(enter, wire)
    page.context.set_offline(True)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(ANSWERS)
    page.get_by_role("heading", name="Used most").wait_for()
    wrong = in_both_themes(page)
    page.get_by_label("Search the answers").focus()
    page.keyboard.type("rebase went wrong")
    page.get_by_role("heading", name="What comes closest").wait_for()
    wrong += in_both_themes(page)
    page.keyboard.press("Tab")
    expect(page.locator("[data-results] a").first).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_text("The reflog still has the old branch.").wait_for()
    wrong += in_both_themes(page)
    page.goto(ANSWERS)
    page.get_by_role("button", name="Keep the question").click()
    expect(page.get_by_text("Write the question in one sentence.")).to_be_visible()
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type("How do I keep this?")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Will be sent").wait_for()
    wrong += in_both_themes(page)
    page.goto("/programs/")
    wrong += in_both_themes(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert (wrong, width) == ([], 390)
