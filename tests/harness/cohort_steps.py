"""A cohort in a browser, from its template to twelve weeks, with a picture of each step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import Page

Shown = Callable[[str, str, str], None]  # who looks, the address, the picture's name


def a_cohort(page: Page, shown: Shown) -> None:
    """The administrator makes the program, opens an intake, forms a group and starts it."""
    page.goto("/programs/new/")
    page.get_by_label("First twelve weeks").check()
    page.get_by_label("Name", exact=True).fill("First twelve weeks")
    page.get_by_label("First day").fill(datetime.now(UTC).date().isoformat())
    page.locator("main form button").first.click()
    page.get_by_role("button", name="Start the program").click()
    program = page.url
    page.get_by_role("link", name="New intake").click()
    shown("administrator", page.url, "cohort-intake-new")
    for mentor in page.locator("input[name=mentors]").all()[:1]:
        mentor.check()
    page.get_by_role("button", name="Open the intake").click()
    intake = page.url
    names = page.locator("section[aria-labelledby=in-title] strong").all_inner_texts()
    shown("administrator", program, "cohort-program")
    shown("administrator", intake, "cohort-intake")
    shown("administrator", f"{intake}edit/", "cohort-intake-edit")
    shown(names[0], "/", "cohort-place-today")
    shown(names[0], intake, "cohort-place")
    page.locator("summary", has_text="Form the groups before").click()
    page.get_by_role("button", name="Form the groups now").click()
    shown("administrator", intake, "cohort-times")
    small = page.locator("input[name=although_small]")
    if small.count():
        small.check()
    page.get_by_role("button", name="Start this cohort").click()
    shown("administrator", page.url, "cohort-weeks")
    shown(names[1], page.url, "cohort-weeks-member")
    shown(names[1], "/", "cohort-today")
