"""A program of projects by hand: made, a mentor chosen, asked out, handed over, ended."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from stage import Enter, Served, axe, in_both_themes

# Nobody whom another journey counts on: the administrator runs this program.
ADMINISTRATOR, BUILDER = "Adele Winter", "Elif Patel"
MENTORS = ("Arjun Haddad", "Arjun Sato")


def enrol(page: Page, program: str, name: str, role: str) -> None:
    page.goto(f"{program}enrol/")
    page.get_by_label("Person").select_option(label=name)
    page.get_by_label("Takes part as").select_option(role)
    page.get_by_role("button", name="Enrol", exact=True).click()


def test_m05_a_project_finds_its_mentor_is_handed_over_and_ends(enter: Enter, demo: Served) -> None:
    lead = enter(demo, ADMINISTRATOR)
    lead.goto("/programs/new/?template=first-project")
    lead.locator("main form button").last.click()
    program = lead.url
    enrol(lead, program, BUILDER, "mentee")
    for name in MENTORS:
        enrol(lead, program, name, "mentor")
    lead.get_by_role("button", name="Start the program").click()

    lead.get_by_role("link", name="New project").click()
    lead.get_by_label("Name of the project").fill("A report of broken links")
    lead.get_by_label(BUILDER).check()
    lead.get_by_label("What should the mentor be strong at?").select_option(label="wagtail/admin")
    assert axe(lead) == []
    lead.get_by_role("button", name="Make the project").click()
    expect(lead.get_by_role("heading", name="Who mentors it?")).to_be_visible()
    expect(lead.locator(".reasons li").first).to_contain_text("wagtail/admin")
    assert axe(lead) == []
    first = lead.locator(".cards h2").first.inner_text()
    lead.get_by_role("button", name=re.compile("Choose")).first.click()
    expect(lead.get_by_role("heading", name="Check-ins ahead")).to_be_visible()
    project = lead.url
    booked = lead.locator("section[aria-labelledby=ahead-title] li").count()
    assert booked >= 4

    mentor = enter(demo, first)
    mentor.goto(project)
    mentor.get_by_text("Hand the project over").click()
    mentor.get_by_label("What should the next mentor know?").fill("The crawler is half done.")
    mentor.get_by_role("button", name="Ask to hand over").click()
    expect(mentor.get_by_role("status").last).to_contain_text("The lead looks for somebody.")

    lead.goto(project)
    expect(lead.get_by_role("heading", name=re.compile("needs another mentor"))).to_be_visible()
    lead.get_by_role("link", name="Find a mentor").first.click()
    (second,) = set(MENTORS) - {first}
    lead.get_by_label("Or name somebody yourself").select_option(label=second)
    lead.locator("main form").last.get_by_role("button", name="Hand over").click()
    expect(lead.locator("section[aria-labelledby=ahead-title] li")).to_have_count(booked)

    heir = enter(demo, second, script=False)
    heir.goto(project)
    expect(heir.get_by_text("The crawler is half done.")).to_be_visible()
    builder = enter(demo, BUILDER)
    builder.goto(project)
    expect(builder.get_by_text("The crawler is half done.")).to_have_count(0)
    assert axe(builder) == []
    lead.goto(f"{program}projects/")
    assert in_both_themes(lead) == []
    lead.goto(project)
    lead.get_by_role("button", name="End the project").click()
    expect(lead.locator("h1 + p .badge")).to_have_text("ended")
