"""Signing out: nothing unsent is lost unasked, and nothing readable is left on the device."""

from __future__ import annotations

import re
from pathlib import Path

import mutants
import pytest
from device import ANSWERS, ask_later, caches, databases, kept_rows, ready, until, waiting
from playwright.sync_api import Page, expect
from stage import Enter, axe
from wire import Wire

pytestmark = pytest.mark.nightly


def sign_out(page: Page) -> None:
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()


def with_a_question(enter: Enter, wire: Wire) -> Page:
    page = ready(enter, wire)
    page.context.set_offline(True)
    page.goto(ANSWERS)
    ask_later(page, "Who gets this question?")
    wire.holds_back("/api/v1/ops")
    page.context.set_offline(False)
    page.goto("/sessions/")
    return page


def test_signing_out_empties_the_device(wire: Wire, enter: Enter) -> None:
    page = ready(enter, wire)
    other = page.context.new_page()
    other.goto("/sessions/")  # its open databases must not keep them alive
    sign_out(page)
    page.wait_for_url("**/welcome/")
    assert databases(page) == []
    assert caches(page) == []
    other.wait_for_url("**/welcome/")


def test_with_something_unsent_it_asks_and_staying_keeps_it(wire: Wire, enter: Enter) -> None:
    page = with_a_question(enter, wire)
    sign_out(page)
    box = page.get_by_role("dialog", name="Not everything is sent yet")
    expect(box).to_contain_text("One thing that you wrote is only on this device.")
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    assert waiting(page) == 1
    assert len(kept_rows(page)) == 3


def test_discarding_is_said_and_takes_the_key_with_the_text(wire: Wire, enter: Enter) -> None:
    page = with_a_question(enter, wire)
    sign_out(page)
    page.get_by_role("button", name="Sign out and discard it").click()
    page.wait_for_url("**/welcome/")
    assert databases(page) == []


def test_with_the_network_cut_the_device_is_emptied_and_the_page_says_what_is_left_to_do(
    wire: Wire, enter: Enter
) -> None:
    page = ready(enter, wire)
    page.context.set_offline(True)
    sign_out(page)
    expect(page.get_by_text("This device is cleared, but the server could not")).to_be_visible()
    assert databases(page) == []


def test_a_kept_page_signs_out_with_no_network_and_once_more_when_it_is_back(
    wire: Wire, enter: Enter
) -> None:
    page = ready(enter, wire)
    page.context.set_offline(True)
    page.goto(ANSWERS)
    expect(page.get_by_role("heading", name="Ask a mentor")).to_be_visible()
    assert axe(page) == []
    sign_out(page)
    expect(page.get_by_text("This device is cleared, but the server could not")).to_be_visible()
    assert databases(page) == []
    assert caches(page) == []
    expect(page.get_by_role("heading", name="Ask a mentor")).to_have_count(0)
    page.context.set_offline(False)  # the page is still open: it signs out by itself
    page.wait_for_url("**/welcome/")
    page.goto("/settings/")
    expect(page).to_have_url(re.compile("/account/login/"))


def test_s16_somebody_elses_sign_in_takes_the_answers_and_shows_nothing_of_the_one_before(
    wire: Wire, enter: Enter
) -> None:
    page = with_a_question(enter, wire)
    mine = {name for name in databases(page) if "answers" in name}
    page.context.clear_cookies()  # the sign-in has run out
    page.goto("/demo/")
    page.locator("main li", has_text="Carla Berg").first.get_by_role("button").click()
    until(page, "document.querySelector('script[data-account]') !== null")
    page.wait_for_timeout(3000)
    theirs = {name for name in databases(page) if "answers" in name}
    assert not mine & theirs
    page.context.set_offline(True)
    page.goto(ANSWERS)
    page.get_by_role("heading", name="Ask a mentor").wait_for()
    assert page.get_by_text("Who gets this question?").count() == 0
    assert waiting(page) == 1  # sealed, until the one who wrote it is back


def test_s16_a_sign_out_that_does_not_ask_is_caught(
    wire: Wire, enter: Enter, tmp_path: Path
) -> None:
    fault = ("leave.ts", "if (left && !(await askAbout(left))) return;", "")
    wire.gives("device", mutants.script(tmp_path, "device.ts", fault))
    mutants.is_caught(
        lambda: test_with_something_unsent_it_asks_and_staying_keeps_it(wire, enter),
        at="expect(box).to_contain_text(",
    )
