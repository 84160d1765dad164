"""With the real server from end to end: written, kept, found while it is dead, asked, and sent."""

from __future__ import annotations

import pytest
from device import ANSWERS, READER, ask_later, bring, kept_rows, search, until, waiting
from playwright.sync_api import Page, expect
from stage import Enter, Served
from wire import Killable, Wire

pytestmark = pytest.mark.nightly

QUESTION = "How do I find the commit that broke the build?"
CAME = "document.querySelector('script[data-account]') !== null"


def writes_an_answer(page: Page) -> None:
    page.goto("/answers/new/")
    page.get_by_label("Question", exact=True).fill(QUESTION)
    page.get_by_label("Answer", exact=True).fill(
        "Bisect: git halves the way until it stands there."
    )
    page.locator("main form button").first.click()
    page.get_by_role("button", name="Approve these words").click()
    page.wait_for_load_state()


def test_s01_an_answer_written_here_is_found_while_the_server_is_dead_and_a_question_gets_there(
    killable: Killable, enter: Enter
) -> None:
    wire = Wire(killable)
    killable.start()
    page = enter(Served(wire.url, killable.home), READER)
    writes_an_answer(page)
    until(page, CAME)
    bring(page)
    page.wait_for_timeout(2500)
    until(page, "navigator.serviceWorker.ready.then(() => true)")
    assert [row["question"] for row in kept_rows(page)].count(QUESTION) == 1
    assert wire.asked("/api/v1/answers")[-1] == 200
    bring(page)
    page.wait_for_timeout(2500)
    assert wire.asked("/api/v1/answers")[-1] == 304
    killable.kill()
    page.goto(ANSWERS)
    expect(search(page, "which commit broke it").first).to_contain_text(QUESTION)
    ask_later(page, "How do I sign my commits?")
    page.reload()
    expect(page.get_by_role("heading", name="Will be sent")).to_be_visible()
    killable.start()
    page.goto("/sessions/")
    page.get_by_text("Your question is sent:").wait_for()
    page.get_by_role("link", name="See what fits, and who has time").click()
    expect(page.locator("main")).to_contain_text("How do I sign my commits?")
    assert waiting(page) == 0
    wire.close()
