"""The timer: two devices whose clocks are a day wrong agree within a second, also after a sleep."""

from __future__ import annotations

import time

import pytest
from meeting import everywhere, until
from playwright.sync_api import Page, expect
from room_home import Home, home, loses

__all__ = ["home"]
pytestmark = pytest.mark.nightly

# A device whose clock is wrong by `window.wrong` milliseconds.
WRONG = """
  globalThis.wrong = %d
  const Real = Date, now = Date.now.bind(Date)
  globalThis.Date = class extends Real {
    constructor(...parts) { parts.length ? super(...parts) : super(now() + globalThis.wrong) }
    static now() { return now() + globalThis.wrong }
  }
"""
DAY = 86_400_000


def left(page: Page) -> int:
    minutes, seconds = page.locator("[role=timer]").inner_text().split(":")
    return int(minutes) * 60 + int(seconds)


def agree(one: Page, other: Page) -> bool:
    """Whether both show the same second, or the next to it, at one moment."""
    before = left(one)
    there = left(other)
    after = left(one)
    return after - 1 <= there <= before + 1


def running(home: Home) -> tuple[Page, Page]:
    meeting, mentee = home.meet()
    mentee.add_init_script(WRONG % DAY)
    mentee.reload()
    mentor = home.enter(home.served, meeting.mentor)
    mentor.add_init_script(WRONG % -DAY)
    mentor.goto(meeting.url)
    mentee.get_by_role("button", name="I am here").click()
    mentor.get_by_role("button", name="I am here").click()
    mentor.get_by_role("button", name="Start the timer").click()
    for page in (mentee, mentor):
        page.locator(".timer[data-timer]").wait_for()
    return mentee, mentor


def clocks_apart(home: Home) -> None:
    mentee, mentor = running(home)
    until(lambda: 1100 < left(mentee) <= 1200, "about twenty minutes")
    assert all(agree(mentee, mentor) for _ in range(5))
    # One device sleeps, or somebody sets its clock: the two clocks of the device part.
    mentee.evaluate("globalThis.wrong += 3_600_000")
    mentee.wait_for_timeout(600)  # it is drawn four times a second: by now the jump has been seen
    until(lambda: agree(mentee, mentor), "after a jump", 5)
    # A tab in the background is throttled; what it shows when it comes back is right at once.
    other = mentee.context.new_page()
    other.bring_to_front()
    time.sleep(3)
    mentee.bring_to_front()
    until(lambda: agree(mentee, mentor), "after the background", 2)


def test_s15_clocks_a_day_apart_show_the_same_time_left(home: Home) -> None:
    clocks_apart(home)


def test_s15_a_clock_that_is_asked_once_is_caught(home: Home) -> None:
    jump = "this.clock.onJump = () => void this.clock.measure().then(() => this.runTimer());"
    hear = 'this.clock.hear(answer.headers.get("Handrail-Now"), asked, Date.now());'
    deaf = (("room_page.ts", jump, ""), ("room_page.ts", hear, ""))
    loses(home, *deaf, scenario=clocks_apart, at='"after a jump"')


def test_s15_the_disk_knows_the_offset_where_there_is_no_network(home: Home) -> None:
    home.house.kill()
    home.house.extra = {}
    home.house.start()
    mentee, mentor = running(home)
    everywhere(mentee)
    mentee.wait_for_timeout(6000)
    home.house.kill()
    mentee.reload()
    mentee.locator(".timer[data-timer]").wait_for()
    until(lambda: agree(mentee, mentor), "from the disk", 5)


def test_the_gentle_warnings_and_the_hard_end_follow_the_clock(home: Home) -> None:
    mentee, _mentor = running(home)
    title = mentee.title()
    voice = mentee.locator("[data-voice]")
    # The server's clock as this device knows it, moved on: no network, so nothing corrects it.
    mentee.context.set_offline(True)
    gone = left(mentee)
    mentee.evaluate(
        "globalThis.jump = 0; const real = performance.now.bind(performance);"
        " performance.now = () => real() + globalThis.jump"
    )
    ahead = (gone - 290) * 1000
    mentee.evaluate(f"globalThis.jump += {ahead}; globalThis.wrong += {ahead}")
    expect(mentee.locator("[role=timer]")).to_have_attribute("data-near", "yes")
    expect(voice).to_have_text("5 minutes left")
    assert mentee.title() != title
    ahead = (left(mentee) - 50) * 1000
    mentee.evaluate(f"globalThis.jump += {ahead}; globalThis.wrong += {ahead}")
    expect(voice).to_have_text("One minute left")
    ahead = left(mentee) * 1000 + 1000
    mentee.evaluate(f"globalThis.jump += {ahead}; globalThis.wrong += {ahead}")
    expect(mentee.locator("[role=timer]")).to_have_text("0:00")
    expect(mentee.locator("[data-artifact]")).to_have_attribute("open", "")
    mentee.locator("[name=learned]").fill("Still editable")
    expect(mentee.locator("[data-save-state=artifact]")).to_have_attribute("data-state", "here")
    mentee.context.set_offline(False)
    expect(mentee.locator("[data-save-state=artifact]")).to_have_attribute(
        "data-state", "everywhere"
    )


def test_a_start_with_no_network_counts_from_then(home: Home) -> None:
    meeting, mentee = home.meet()
    mentor = meeting.join(meeting.mentor)
    mentor.get_by_role("button", name="I am here").click()
    mentee.get_by_role("button", name="I am here").click()
    mentee.get_by_role("button", name="Start the timer").wait_for()
    # Whoever comes back to the tab asks for the time anew, and no answer comes any more.
    mentee.route("**/api/v1/device", lambda route: None)
    mentee.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    mentee.context.set_offline(True)
    mentee.locator("[data-told=link]").wait_for()
    mentee.get_by_role("button", name="Start the timer").click()
    mentee.locator(".timer[data-timer]").wait_for()
    mentee.wait_for_timeout(4000)
    mentee.unroute("**/api/v1/device")
    mentee.context.set_offline(False)
    mentor.locator(".timer[data-timer]").wait_for()
    until(lambda: agree(mentee, mentor), "they differ", 10)
    assert left(mentor) <= 1197
