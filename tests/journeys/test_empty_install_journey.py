"""An empty install in a browser: sign in by the code of a mail, import, match, publish."""

from __future__ import annotations

import re
import time
from pathlib import Path

from playwright.sync_api import Page, expect
from stage import Enter, Served, code_from

COLUMNS = (
    "person_id,name,email,role,timezone,working_hours,start_date,last_active,skills,wants,"
    "minutes_per_week"
)
ROWS = (
    "p1,Priya Rao,priya@example.org,mentor,Europe/Berlin,00:00-24:00,2024-01-08,,git:4,,60",
    "p2,Tom Berg,tom@example.org,mentee,Europe/Berlin,00:00-24:00,2026-01-12,,,git:1,",
)


def sign_in(page: Page, served: Served, email: str) -> None:
    before = len(served.mails())
    page.goto("/account/login/")
    page.get_by_role("link", name="Send me a code").click()
    page.get_by_label("Email").or_(page.get_by_label("E-mail")).first.fill(email)
    page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_role("heading", name="Write the code")).to_be_visible()
    deadline = time.monotonic() + 15
    while len(served.mails()) == before:
        assert time.monotonic() < deadline, "no mail came"
        time.sleep(0.1)
    page.locator("input[name=code]").fill(code_from(served.mails()[-1]))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def people_file(folder: Path, *rows: str) -> Path:
    path = folder / "people.csv"
    path.write_text("\n".join([COLUMNS, *rows]) + "\n")
    return path


def test_from_nothing_to_a_published_match(empty: Served, enter: Enter, tmp_path: Path) -> None:
    page = enter(empty)
    sign_in(page, empty, "ada@example.org")

    page.goto("/people/import/")
    wrong = people_file(tmp_path, ROWS[0], ROWS[1].replace("Europe/Berlin", "Europe/Atlantis"))
    page.set_input_files("input[type=file]", wrong)
    page.get_by_role("button", name="Look at the changes").click()
    expect(page.get_by_text("line 3, timezone")).to_be_visible()

    page.set_input_files("input[type=file]", people_file(tmp_path, *ROWS))
    page.get_by_role("button", name="Look at the changes").click()
    expect(page.get_by_text("Priya Rao")).to_be_visible()
    page.locator("main form button").first.click()
    expect(page.get_by_text("2 new")).to_be_visible()

    page.get_by_role("link", name=re.compile("Tom Berg")).click()
    page.get_by_role("button", name="Invite by mail").click()

    page.goto("/programs/new/")
    page.locator("input[name=template]").first.check()
    page.locator("select[name=lead]").select_option(label="Priya Rao")
    page.locator("main form button").last.click()
    page.get_by_role("link", name="Enrol people").first.click()
    page.locator("main form button").first.click()
    page.get_by_role("button", name="Start the program").click()

    tom = enter(empty)
    sign_in(tom, empty, "tom@example.org")
    tom.get_by_role("link", name="Set my objective").first.click()
    tom.locator("[name=text]").fill("Rebase a branch without fear")
    tom.locator("main form button").first.click()

    page.goto("/programs/")
    page.locator("main a[href*='/programs/']").filter(has_text="Tooling").first.click()
    page.get_by_role("button", name="Match this week").click()
    expect(page.get_by_role("heading", name=re.compile("Tom Berg"))).to_be_visible()
    page.get_by_role("button", name=re.compile("Publish and invite")).click()
    tom.goto("/")
    expect(tom.get_by_role("link", name="Join")).to_be_visible()
    deadline = time.monotonic() + 30
    while not any(b"text/calendar" in mail.read_bytes() for mail in empty.mails()):
        assert time.monotonic() < deadline, "no invitation came"
        time.sleep(0.3)


def test_what_takes_longer_than_a_second_says_so(empty: Served, enter: Enter) -> None:
    page = enter(empty)
    page.goto("/account/login/code/")
    # The answer goes elsewhere, so the page stays as it is for somebody who waits.
    page.evaluate("document.querySelector('main form').target = 'beside'")
    page.locator("main input[type=email]").fill("ada@example.org")
    with page.expect_popup():
        page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_role("status").filter(has_text="Working on it.")).to_be_visible()
