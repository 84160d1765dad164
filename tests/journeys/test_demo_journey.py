"""The demo in a browser: a lead runs the pilot, a mentee books, both hold the session, a report.

The demo's days follow the real date, so nothing here counts on a weekday, an hour, or what an
earlier test left.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect
from stage import Enter, Served

LEAD, MENTEE = "Carla Berg", "Ben Singh"


def the_program(page: Page) -> None:
    page.goto("/programs/")
    page.get_by_role("link", name=re.compile("Tooling start")).first.click()


def with_sessions_for_all(lead: Page) -> date:
    """The lead gives every mentee as many sessions as there can be, and the program six weeks more.

    Comes back with the last day so far, a Sunday: the weeks after it are nobody's yet.
    """
    the_program(lead)
    lead.get_by_role("link", name="Rules").click()
    last_day = date.fromisoformat(lead.get_by_label("Last day").input_value())
    lead.get_by_label("Last day").fill((last_day + timedelta(weeks=6)).isoformat())
    lead.get_by_label("Sessions for each mentee").fill("12")
    lead.locator("main form").get_by_role("button").first.click()
    expect(lead.get_by_text("Each mentee gets 12 sessions of 20 minutes.")).to_be_visible()
    return last_day


def notes(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your notes")


def test_a_lead_matches_a_week_keeps_a_pair_together_and_publishes(
    demo: Served, enter: Enter
) -> None:
    page = enter(demo, LEAD)
    last_day = with_sessions_for_all(page)
    page.get_by_label("Week from Monday").fill((last_day + timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Match this week").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Week from")
    cards = page.locator("li.match")
    expect(cards).not_to_have_count(0)
    for reasons in cards.locator(".reasons").all():
        expect(reasons.locator("li")).to_have_count(3)

    kept, words = page.get_by_text("Kept together by you"), re.compile("Take back")
    decided = kept.count(), page.get_by_role("button", name=words).count()  # in earlier journeys
    cards.get_by_role("button", name=re.compile("Keep together")).first.click()
    expect(page.get_by_role("heading", name="Your word on pairs")).to_be_visible()
    expect(kept).to_have_count(decided[0] + 1)
    expect(page.get_by_role("button", name=words)).to_have_count(decided[1] + 1)
    pairs = page.locator("li.match").count()
    page.get_by_role("button", name=re.compile("Publish and invite")).click()
    expect(page.get_by_text(re.compile(f"^{pairs} sessions? (is|are) booked"))).to_be_visible()
    page.get_by_role("button", name=words).first.click()
    expect(page.get_by_role("button", name=words)).to_have_count(decided[1])


def test_a_mentee_books_without_script(demo: Served, enter: Enter) -> None:
    with_sessions_for_all(enter(demo, LEAD))
    page = enter(demo, MENTEE, script=False)
    the_program(page)
    page.get_by_role("link", name="Book a session").click()
    mentors = page.get_by_label("With").locator("option").all_inner_texts()
    times = page.locator("input[name=starts_at]")
    for mentor in mentors:
        page.get_by_label("With").select_option(label=mentor)
        page.get_by_role("button", name="Show times").click()
        if times.count():
            break
    expect(times).not_to_have_count(0)
    chosen = times.first.get_attribute("value")
    times.first.check()
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_role("heading", name="Checklist")).to_be_visible()
    expect(page.locator(f"main time[datetime='{chosen}']").first).to_be_visible()


def test_m07_m08_m09_two_people_hold_their_session_one_of_them_on_a_phone(
    demo: Served, enter: Enter
) -> None:
    mentee = enter(demo, MENTEE)
    mentee.set_viewport_size({"width": 390, "height": 844})
    mentee.get_by_role("link", name="Join").click()
    room = mentee.url
    assert mentee.evaluate("document.documentElement.scrollWidth") <= 390
    name = mentee.locator(".presence li").filter(has_text="mentor").inner_text().split("mentor")[0]
    mentor = enter(demo, name.strip(" ○●·\n"))
    mentor.goto(room)
    mentee.locator(".tick-button").first.click()
    expect(mentor.locator(".tick-button[aria-pressed=true]")).to_have_count(1)
    mentee.get_by_role("button", name="I am here").click()
    mentor.get_by_role("button", name="I am here").click()
    mentor.wait_for_load_state("networkidle")  # a press while the page changes reaches nobody
    mentor.get_by_role("button", name="Start the timer").click()
    expect(mentor.locator("[data-timer]")).to_be_visible()
    expect(mentee.locator("[data-timer]")).to_be_visible()
    notes(mentee).fill("Rebase onto main, then push.")
    expect(mentee.locator("[data-save-state=notes]")).to_have_text("Saved everywhere")
    expect(mentor.locator(".note-of")).to_have_text("Rebase onto main, then push.")
    mentee.reload()
    expect(notes(mentee)).to_have_value("Rebase onto main, then push.")
    expect(mentee.locator("[data-timer]")).to_be_visible()
    mentee.get_by_role("button", name="Finish early").click()
    mentee.locator("[name=learned]").fill("A rebase replays my commits.")
    expect(mentee.locator("[data-save-state=artifact]")).to_have_text("Saved everywhere")
    for page in (mentee, mentor):
        page.reload()
        expect(page.locator("[name=learned]")).to_have_value("A rebase replays my commits.")
    mentee.locator("[name=next_step]").fill("Open the pull request.")
    mentee.get_by_role("button", name="Hand in and close").click()
    expect(mentee.get_by_text("A rebase replays my commits.")).to_be_visible()
    mentor.reload()
    expect(mentor.get_by_text("Done, and written down")).to_be_visible()


def test_an_analyst_makes_a_report_and_reads_it_with_its_tables(demo: Served, enter: Enter) -> None:
    page = enter(demo, "Ansel Roth")
    page.goto("/reports/new/")
    page.get_by_role("button", name="Make the report").click()
    expect(page.get_by_text("The report is ready.")).to_be_visible()
    page.goto("/reports/")
    # Of those the demo made, the program's: its sessions were played, and it says so.
    page.locator("main li", has_text="sessions simulated").last.get_by_role("link").click()
    pictures = page.get_by_role("img")
    expect(pictures).not_to_have_count(0)
    assert page.locator("table").count() >= pictures.count()
    expect(page.get_by_text("simulator").first).to_be_visible()
