"""The demo in a browser: a lead runs the pilot, a mentee books, both hold the session, a report."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from stage import Enter, Served


def test_a_lead_matches_a_week_keeps_a_pair_together_and_publishes(
    demo: Served, enter: Enter
) -> None:
    page = enter(demo, "Carla Berg")
    page.goto("/programs/")
    page.get_by_role("link", name=re.compile("Tooling start")).first.click()
    page.get_by_role("button", name="Match this week").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Week from")
    if page.locator("li.match").count():
        first = page.locator("li.match").first
        assert first.locator(".reasons li").count() == 3
        first.get_by_role("button", name=re.compile("Keep together")).click()
        page.goto("/programs/")
        page.get_by_role("link", name=re.compile("Tooling start")).first.click()
        expect(page.get_by_role("heading", name="Your word on pairs")).to_be_visible()


def book_as(page: Page) -> None:
    page.goto("/programs/")
    page.get_by_role("link", name=re.compile("Tooling start")).first.click()
    page.get_by_role("link", name="Book a session").click()
    page.locator("input[name=starts_at]").first.check()
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_role("heading", name="Checklist")).to_be_visible()


def test_two_people_hold_their_session_from_checklist_to_artifact(
    demo: Served, enter: Enter
) -> None:
    mentee, mentor = enter(demo, "Ben Singh"), None
    mentee.get_by_role("link", name="Join").first.click()
    room = mentee.url
    name = mentee.locator(".presence li").filter(has_text="mentor").inner_text().split("mentor")[0]
    mentor = enter(demo, name.strip(" ○●·\n"))
    mentor.goto(room)
    mentee.locator(".tick-button").first.click()
    expect(mentor.locator(".tick-button[aria-pressed=true]")).to_have_count(1)
    mentee.get_by_role("button", name="I am here").click()
    mentor.get_by_role("button", name="I am here").click()
    mentor.get_by_role("button", name="Start the timer").click()
    expect(mentor.locator("[data-timer]")).to_be_visible()
    expect(mentee.locator("[data-timer]")).to_be_visible()
    mentee.get_by_label("Shared notes").fill("Rebase onto main, then push.")
    expect(mentee.locator("[data-save-state=shared_notes]")).to_have_text("Saved everywhere")
    expect(mentor.get_by_label("Shared notes")).to_have_value("Rebase onto main, then push.")
    mentee.reload()
    expect(mentee.get_by_label("Shared notes")).to_have_value("Rebase onto main, then push.")
    mentee.get_by_role("button", name="Finish early").click()
    mentee.locator("[name=learned]").fill("A rebase replays my commits.")
    mentee.locator("[name=next_step]").fill("Open the pull request.")
    mentee.get_by_role("button", name="Hand in and close").click()
    expect(mentee.get_by_text("A rebase replays my commits.")).to_be_visible()
    mentor.reload()
    expect(mentor.get_by_text("Done, and written down")).to_be_visible()


def test_a_mentee_books_without_script(demo: Served, enter: Enter) -> None:
    page = enter(demo, "Ben Singh", script=False)
    page.goto("/programs/")
    page.get_by_role("link", name=re.compile("Tooling start")).first.click()
    book = page.get_by_role("link", name="Book a session")
    if book.count():
        book_as(page)
    else:
        expect(
            page.get_by_text(re.compile("You have no sessions? left|0 sessions left"))
        ).to_be_visible()


def test_an_analyst_reads_the_report_with_its_tables(demo: Served, enter: Enter) -> None:
    page = enter(demo, "Ansel Roth")
    page.goto("/reports/")
    page.locator("main a[href*='/reports/']").filter(
        has_text=re.compile("Report|Tooling|team", re.I)
    ).first.click()
    expect(page.locator("svg[role=img]").first).to_be_visible()
    assert page.locator("table").count() >= page.locator("svg[role=img]").count()
    expect(page.get_by_text("simulator").first).to_be_visible()
