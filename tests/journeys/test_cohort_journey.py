"""A cohort from its template to twelve weeks, by the administrator and two new hires."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

from playwright.sync_api import expect
from stage import ROOT, Enter, Served, axe, environment, in_both_themes

ADMINISTRATOR = "Adele Winter"


def group_without_mentor(demo: Served) -> str:
    """The page of the newest group, whose mentor comes no more."""
    script = ROOT / "tests/harness/staged_mentor.py"
    done = subprocess.run(
        [sys.executable, script],
        env=environment(demo.home, demo.url),
        capture_output=True,
        text=True,
        check=True,
    )
    return demo.url + done.stdout.strip().split("\t")[2]


def test_m03_a_cohort_from_its_template_to_twelve_weeks(enter: Enter, demo: Served) -> None:
    page, wrong = enter(demo, ADMINISTRATOR), []
    page.goto("/programs/new/")
    page.get_by_label("First twelve weeks").check()
    page.get_by_label("Name", exact=True).fill("Spring starters")
    page.get_by_label("First day").fill(datetime.now(UTC).date().isoformat())
    page.locator("main form button").first.click()
    page.get_by_role("button", name="Start the program").click()
    page.get_by_role("link", name="New intake").click()
    wrong += axe(page)
    page.locator("input[name=mentors]").first.check()
    page.get_by_role("button", name="Open the intake").click()
    intake = page.url
    wrong += axe(page)
    names = page.locator("section[aria-labelledby=in-title] strong").all_inner_texts()
    out = enter(demo, names[0])
    out.goto("/")
    out.get_by_role("button", name="Opt out").click()
    expect(out.get_by_role("heading", name="You opted out of this group")).to_be_visible()
    wrong += axe(out)
    page.goto(intake)
    expect(page.get_by_text(names[0])).to_have_count(0)
    page.locator("summary", has_text="Form the groups before").click()
    page.get_by_role("button", name="Form the groups now").click()
    wrong += axe(page)
    small = page.locator("input[name=although_small]")
    if small.count():
        small.check()
    page.get_by_role("button", name="Start this cohort").click()
    weeks = page.locator("section[aria-labelledby=weeks-title] li")
    expect(weeks).to_have_count(12)
    wrong += in_both_themes(page)
    member = enter(demo, names[1], script=False)
    member.goto(page.url)
    expect(member.locator("section[aria-labelledby=weeks-title] li")).to_have_count(12)
    member.get_by_role("link", name="I cannot come").first.click()
    member.get_by_role("button", name="Give back my seat").click()
    expect(member.get_by_text("The group meets without you this time.")).to_be_visible()
    member.goto(page.url)
    member.get_by_role("button", name="Come after all").click()
    expect(member.get_by_text("You have a seat in this session again.")).to_be_visible()

    page.goto(group_without_mentor(demo))
    page.get_by_label("Mentor", exact=True).select_option(index=1)
    wrong += in_both_themes(page)
    page.get_by_role("button", name="Name this mentor").click()
    expect(page.get_by_text("goes on with the group.")).to_be_visible()
    assert wrong == []
