"""Planning a pilot by keyboard alone: four short pages, from the list to a frozen plan."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from stage import Enter, Served

pytestmark = pytest.mark.nightly

LEAD = "Carla Berg"
ANSWERS = 5  # written or chosen by hand; everything else is filled in and may stay
PRESSES = 120  # of Tab, Enter and End together


class Keys:
    """A keyboard that counts: presses of keys, and answers that were written or chosen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = self.answers = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.presses += 1

    def until(self, selector: str) -> None:
        """Tab on until the focus is there."""
        for _ in range(120):
            if self.page.evaluate(f"document.activeElement?.matches({selector!r})"):
                return
            self.press("Tab")
        raise AssertionError(f"the keyboard does not reach {selector}")

    def write(self, selector: str, text: str) -> None:
        self.until(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        self.answers += 1

    def go(self, selector: str, address: str) -> None:
        """Press what is there and wait for the next page."""
        self.until(selector)
        self.presses += 1
        with self.page.expect_navigation(url=re.compile(address)):
            self.page.keyboard.press("Enter")


def a_program_without_a_pilot(page: Page) -> None:
    page.goto("/programs/new/")
    page.locator("input[name=template]").first.check()
    page.locator("select[name=lead]").select_option(label=LEAD)
    page.locator("main form button").last.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_m19_a_pilot_is_planned_and_started_by_keyboard_in_so_many_steps(
    demo: Served, enter: Enter
) -> None:
    page = enter(demo, LEAD)
    page.goto("/pilots/new/")
    if not page.locator("select[name=program]").count():
        a_program_without_a_pilot(page)
    page.goto("/pilots/")
    keys = Keys(page)
    keys.go("main a[href='/pilots/new/']", "/pilots/new/$")
    keys.write("[name=name]", "Does the first month help?")
    keys.until("select[name=team]")
    keys.press("End")  # the whole organisation stands last
    keys.answers += 1
    keys.write("[name=sponsor]", "Paula Ruiz")
    keys.go("main form button", "/edit/$")
    keys.until("[name=measure]:checked")
    keys.go("main form .actions button", "/hires/$")
    keys.go("main form .actions button", "/plan/$")
    expect(page.get_by_role("heading", level=1)).to_have_text("What this pilot can see")
    expect(
        page.get_by_text(re.compile("The smallest effect this pilot can see is"))
    ).to_be_visible()
    while page.get_by_role("button", name="Waive it in writing").count():
        keys.write("textarea[name=reason]", "It is connected in the first week.")
        keys.write("[name=signed]", "Paula Ruiz")
        keys.go("button[value=waive]", "/plan/$")
    keys.go("main form:not([action]) button", "/pilots/[0-9a-f-]+/$")
    expect(page.get_by_text(re.compile("The pilot runs and its plan is frozen"))).to_be_visible()
    assert keys.answers <= ANSWERS
    assert keys.presses <= PRESSES
