"""The loop of answers by hand: asked, booked, met, written down, approved, told, found offline."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default

import pytest
from device import READY, until
from playwright.sync_api import Page, expect
from stage import Enter, Served, in_both_themes

pytestmark = pytest.mark.nightly

# Nobody whom another journey counts on; the skill is this mentor's alone.
ADMINISTRATOR, MENTOR, SKILL = "Adele Winter", "Amara Gupta", "wagtail/tests"
ASKING, SAME, READING = "Malik Weber", "Ivan Duarte", "Carla Chen"
QUESTION = "How do I sign the contributor agreement for a first change?"
LEARNED = "Sign it once on the contribution page; the check turns green within a minute."
ORGANIZATION = "2"


def office_hours(page: Page) -> None:
    page.goto("/programs/new/?template=office-hours")
    page.locator("main form button").last.click()
    program = page.url
    page.goto(f"{program}enrol/")
    page.get_by_label("Person").select_option(label=MENTOR)
    page.get_by_label("Takes part as").select_option("mentor")
    page.get_by_role("button", name="Enrol", exact=True).click()
    page.goto(program)
    page.get_by_role("button", name="Start the program").click()
    page.goto(f"{program}rota/")
    for _second in range(30):  # the turns are planned by the worker
        if page.locator("section[aria-labelledby=turns-title] li.row").count():
            break
        page.wait_for_timeout(1000)
        page.reload()


def ask(page: Page) -> None:
    page.goto("/answers/ask/")
    page.get_by_label("What do you want to know?").fill(QUESTION)
    page.get_by_label("What it is about").select_option(label=SKILL)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()


def told(demo: Served, subject: str) -> list[str]:
    """To whom mails with this subject went."""
    letters = [message_from_bytes(path.read_bytes(), policy=default) for path in demo.mails()]
    return [str(one["To"]) for one in letters if str(one["Subject"]) == subject]


def wait_for(page: Page, demo: Served, subject: str, name: str) -> None:
    """Until the worker has sent a mail of this subject to somebody."""
    for _try in range(60):
        if any(name in to for to in told(demo, subject)):
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{name} was not told: {subject}")


def test_m22_a_question_comes_back_as_an_answer(enter: Enter, demo: Served) -> None:
    wrong: list[str] = []
    office_hours(enter(demo, ADMINISTRATOR))

    asking = enter(demo, ASKING)
    ask(asking)
    wrong += in_both_themes(asking)
    asking.locator("input[name=choice]").first.focus()
    asking.keyboard.press("Space")
    asking.get_by_role("button", name="Book this time").press("Enter")
    expect(asking.get_by_text("Booked. Both of you get an invitation by mail.")).to_be_visible()
    room = asking.url

    same = enter(demo, SAME)
    ask(same)
    same.get_by_role("button", name="let it wait").click()
    expect(same.get_by_text("It waits for somebody who knows. You get a mail.")).to_be_visible()

    mentor = enter(demo, MENTOR, script=False)
    mentor.goto(room)
    mentor.get_by_role("button", name="I am here").click()
    asking.goto(room)
    asking.get_by_role("button", name="I am here").click()
    asking.get_by_role("button", name="Start the timer").click()
    asking.get_by_role("button", name="Finish early").click()
    expect(asking.get_by_role("heading", name="Time is up.")).to_be_visible()
    mentor.goto(room)
    mentor.locator("[name=learned]").fill(LEARNED)
    mentor.locator("[name=next_step]").fill("Sign it")
    mentor.locator("[name=owner]").select_option(label=ASKING)
    mentor.get_by_role("button", name="Hand in and close").click()
    wait_for(mentor, demo, "Somebody waits for what you wrote down", MENTOR)

    mentor.goto("/answers/")
    mentor.get_by_role("link", name=f"Look through it · {QUESTION}").click()
    for name in ("question", "body"):
        mentor.locator(f"select[name={name}]").select_option(ORGANIZATION)
    mentor.get_by_role("button", name="Approve these words").click()
    wait_for(mentor, demo, "May your words be shown to more people?", ASKING)

    asking.goto("/answers/")
    asking.get_by_role("link", name=f"Decide · {QUESTION}").click()
    wrong += in_both_themes(asking)
    asking.locator("select[name=upto]").first.select_option(ORGANIZATION)
    asking.get_by_role("button", name="Let it go so far · Question").click()
    for name in (ASKING, SAME):
        wait_for(asking, demo, "There is an answer to your question", name)
    same.reload()
    expect(same.locator("main")).to_contain_text(LEARNED)

    reading = enter(demo, READING)
    until(reading, READY)
    reading.context.set_offline(True)
    reading.goto("/answers/?q=contributor+agreement")
    reading.locator("[data-results] a", has_text=QUESTION).click()
    expect(reading.locator("main")).to_contain_text(LEARNED)
    reading.context.set_offline(False)
    ask(reading)
    reading.locator("summary", has_text=QUESTION).click()
    reading.get_by_role("button", name="This solved it").first.click()
    expect(reading.get_by_text("Good. Your question is settled.")).to_be_visible()
    assert wrong == []
