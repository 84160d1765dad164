"""Answers for everybody: found and asked by keyboard alone, read in an order that makes sense."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from stage import Enter, Served, order_of, press_until

pytestmark = pytest.mark.nightly


def test_an_answer_is_found_and_a_question_asked_by_keyboard_alone(
    demo: Served, enter: Enter
) -> None:
    page = enter(demo, "Ben Singh")
    page.goto("/answers/")
    press_until(page, "#answers-search")
    page.keyboard.type("first change")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Perhaps one of these").wait_for()
    found = page.locator("main .rows a").first.inner_text().splitlines()[0]
    press_until(page, "main .rows a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(found)
    told = page.locator("main").aria_snapshot()
    order = ['link "Answers"', r"heading .* \[level=1\]", "paragraph", 'link "Ask a mentor"']
    assert order_of(order, told) == [], told
    press_until(page, "main .actions a")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Ask a question").wait_for()
    press_until(page, "main textarea")
    page.keyboard.press("Control+A")
    page.keyboard.type("How do I know who may merge my change?")
    press_until(page, "main form button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "How do I know who may merge my change?"
    )
    told = page.locator("main").aria_snapshot()
    order = [r"heading .* \[level=1\]", 'heading "Ask a mentor"', 'button "Take the question back"']
    assert order_of(order, told) == [], told
    press_until(page, "[name=do][value=withdraw]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/answers/")
    mine = page.get_by_role("region", name="Your questions")
    expect(mine).to_contain_text("How do I know who may merge my change?")


def test_the_page_of_answers_is_read_in_order(demo: Served, enter: Enter) -> None:
    page = enter(demo, "Ben Singh")
    page.goto("/answers/?q=first change")
    told = page.locator("main").aria_snapshot()
    order = [
        r'heading "Answers" \[level=1\]',
        'searchbox "What do you want to know\\?"',
        'button "Search"',
        'link "Ask a mentor"',
        'heading "Perhaps one of these"',
        "listitem",
        'button "Ask exactly this"',
    ]
    assert order_of(order, told) == [], told
