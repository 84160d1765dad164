"""Office hours by hand: a rota of mentors, a booking by keyboard, a line, a turn handed on."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from stage import Enter, Served, in_both_themes

# Nobody whom another journey counts on: the administrator runs this program.
ADMINISTRATOR, ASKING = "Adele Winter", "Elif Patel"
MENTORS = ("Arjun Haddad", "Arjun Sato", "Anika Petrov")
TURNS = "section[aria-labelledby=turns-title] li.row"


def enrol(page: Page, program: str, name: str) -> None:
    page.goto(f"{program}enrol/")
    page.get_by_label("Person").select_option(label=name)
    page.get_by_label("Takes part as").select_option("mentor")
    page.get_by_role("button", name="Enrol", exact=True).click()


def test_m04_a_rota_is_booked_by_keyboard_and_a_turn_moves_on(enter: Enter, demo: Served) -> None:
    lead, wrong = enter(demo, ADMINISTRATOR), []
    lead.goto("/programs/new/?template=office-hours")
    lead.locator("main form button").last.click()
    program = lead.url
    for name in MENTORS:
        enrol(lead, program, name)
    lead.get_by_role("button", name="Start the program").click()
    lead.goto(f"{program}rota/")
    for _second in range(30):  # the turns are planned by the worker
        if lead.locator(TURNS).count():
            break
        lead.wait_for_timeout(1000)
        lead.reload()
    held = lead.locator(TURNS, has_text=re.compile("|".join(MENTORS)))
    expect(held.first).to_contain_text("0 of")
    wrong += in_both_themes(lead)

    asking = enter(demo, ASKING)
    asking.goto(f"{program}office-hours/")
    wrong += in_both_themes(asking)
    asking.get_by_label("What do you want to be able to do afterwards?").focus()
    asking.keyboard.type("Rebase a branch without losing work")
    asking.locator("input[name=choice]").first.focus()
    asking.keyboard.press("Space")
    asking.keyboard.press("Enter")
    expect(asking.get_by_text("Booked. Both of you get an invitation by mail.")).to_be_visible()
    room = asking.url
    expect(asking.get_by_text("Rebase a branch without losing work").first).to_be_visible()

    lead.goto(f"{program}rota/")
    booked = lead.locator(TURNS, has_text=re.compile("1 of"))
    expect(booked).to_have_count(1)
    (before,) = [name for name in MENTORS if name in booked.inner_text()]
    mentor = enter(demo, before, script=False)
    mentor.goto("/office-hours/turns/")
    mine = mentor.locator("section.card", has_text="Rebase a branch without losing work")
    mine.get_by_role("link", name="I cannot").click()
    mentor.get_by_role("button", name="Hand the turn on").click()
    expect(mentor.get_by_role("status").last).to_contain_text("takes over")

    lead.goto(f"{program}rota/")
    moved = lead.locator(TURNS, has_text=re.compile("1 of"))
    (after,) = [name for name in MENTORS if name in moved.locator("strong").inner_text()]
    assert after != before
    asking.goto(room)
    expect(asking.locator("main")).to_contain_text(after)
    asking.get_by_role("link", name="Move", exact=True).click()
    wrong += in_both_themes(asking)
    asking.locator("input[name=choice]").first.focus()
    asking.keyboard.press("Space")
    asking.keyboard.press("Enter")
    expect(asking.get_by_text("Moved. Everybody's calendar gets the new time.")).to_be_visible()
    assert asking.url == room
    assert wrong == []
