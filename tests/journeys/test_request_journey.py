"""Ask for a session by keyboard, with script switched off; the mentor answers out of the mail."""

from __future__ import annotations

import re
import time
from email import message_from_bytes, policy

from playwright.sync_api import expect
from stage import PATIENCE, Enter, Served
from test_demo_journey import LEAD, MENTEE, with_sessions_for_all


def answer_link(served: Served) -> str:
    """The link in the mail to the mentor who is asked, once it is there."""
    deadline = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < deadline:
        for mail in reversed(served.mails()):
            message = message_from_bytes(mail.read_bytes(), policy=policy.default)
            body = message.get_body(("plain",))
            text = body.get_content() if body else ""
            if found := re.search(r"http://\S+/answer/from-mail/\S+", text):
                return found[0]
        time.sleep(0.2)
    raise AssertionError("no mail asks the mentor")


def test_m02_ask_and_answer_by_keyboard_without_script(enter: Enter, demo: Served) -> None:
    with_sessions_for_all(enter(demo, LEAD))
    page = enter(demo, MENTEE, script=False)
    page.goto("/programs/")
    page.get_by_role("link", name=re.compile("Tooling start")).first.focus()
    page.keyboard.press("Enter")
    page.locator("main a[href$='/ask/']").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ask for a session")).to_be_visible()
    page.locator("input[name=choice]").first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Ask", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Held for both of you")).to_be_visible()
    mentor = enter(demo, script=False)
    mentor.goto(answer_link(demo))
    mentor.get_by_role("button", name="Accept").focus()
    mentor.keyboard.press("Enter")
    expect(mentor.get_by_role("status").last).to_contain_text("Booked")
