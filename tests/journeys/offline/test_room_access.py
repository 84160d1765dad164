"""The room for everybody: in each of its states no violation, by keyboard alone, read in order."""

from __future__ import annotations

import pytest
from meeting import LEARNED, MENTEE, everywhere, here, notes, open_artifact, saved
from playwright.sync_api import Page, expect
from room_home import Home, home
from stage import axe, order_of, press_until

__all__ = ["home"]
pytestmark = pytest.mark.nightly


def in_both(page: Page) -> list[str]:
    found = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.locator("html.dark" if theme == "dark" else "html:not(.dark)").wait_for()
        found += [f"{theme}, {one}" for one in axe(page)]
    return found


def conflict(home: Home) -> Page:
    meeting, phone = home.meet()
    laptop = meeting.join(MENTEE)
    for page in (phone, laptop):
        open_artifact(page)
    phone.context.set_offline(True)
    phone.locator(LEARNED).fill("On the phone")
    here(phone, "artifact")
    laptop.locator(LEARNED).fill("On the laptop")
    everywhere(laptop, "artifact")
    phone.context.set_offline(False)
    phone.locator("[data-copy-text]").wait_for()
    return phone


def parked(home: Home) -> Page:
    """An operation that the server refuses: the person is in no such session any more."""
    _meeting, page = home.meet()
    page.route(
        "**/api/v1/ops",
        lambda route: route.fulfill(
            json={
                "epoch": page.locator("[data-room]").get_attribute("data-epoch"),
                "results": [
                    {
                        "id": one["id"],
                        "status": "parked",
                        "rev": 0,
                        "fields": {},
                        "conflict": [],
                        "code": "not-found",
                        "reason": "There is no such session.",
                    }
                    for one in (route.request.post_data_json or {})["ops"]
                ],
            }
        ),
    )
    notes(page).fill("For a session that is no longer mine")
    page.get_by_role("heading", name="This could not be saved everywhere").wait_for()
    return page


def not_saved(home: Home) -> Page:
    meeting, page = home.meet()
    page.add_init_script("IDBFactory.prototype.open = () => { throw new Error('broken') }")
    page.goto(meeting.url)
    everywhere(page)
    home.house.kill()
    notes(page).fill("The disk is broken and the server is gone")
    page.get_by_role("alert").wait_for()
    return page


def normal(home: Home) -> Page:
    meeting, page = home.meet()
    mentor = meeting.join(meeting.mentor)
    notes(mentor).fill("What the mentor writes")
    everywhere(mentor)
    expect(page.locator(".note-of")).to_have_text("What the mentor writes")
    open_artifact(page)
    return page


@pytest.mark.parametrize("state", [normal, conflict, parked, not_saved])
def test_no_violation_in_any_state_of_the_room(home: Home, state: object) -> None:
    assert in_both(state(home)) == []  # type: ignore[operator]


def test_what_is_parked_can_be_copied_and_goes_only_when_discarded(home: Home) -> None:
    page = parked(home)
    box = page.get_by_role("region", name="This could not be saved everywhere")
    expect(box).to_contain_text("There is no such session.")
    expect(box.get_by_role("textbox")).to_have_value("For a session that is no longer mine")
    expect(saved(page)).to_have_text("Saved here. It was not taken: see above")
    page.reload()
    expect(box.get_by_role("textbox")).to_have_value("For a session that is no longer mine")
    box.get_by_role("button", name="Discard it").click()
    expect(box).to_have_count(0)
    page.reload()
    everywhere(page)
    expect(box).to_have_count(0)


def test_the_room_by_keyboard_alone(home: Home) -> None:
    _meeting, page = home.meet()
    press_until(page, "#do-check-in")
    page.keyboard.press("Enter")
    page.get_by_text("You are here.").wait_for()
    press_until(page, ".tick-button")
    page.keyboard.press("Enter")
    expect(page.locator(".tick-button").first).to_have_attribute("aria-pressed", "true")
    press_until(page, "#notes")
    page.keyboard.type("By keyboard")
    everywhere(page)
    press_until(page, "[data-artifact] > summary")
    page.keyboard.press("Enter")
    press_until(page, LEARNED)
    page.keyboard.type("Learned by keyboard")
    everywhere(page, "artifact")


def test_a_conflict_is_settled_by_keyboard(home: Home) -> None:
    page = conflict(home)
    page.locator("h1").evaluate("one => { one.tabIndex = -1; one.focus() }")
    press_until(page, "[data-copy-do=add]")
    page.keyboard.press("Enter")
    expect(page.locator(LEARNED)).to_have_value("On the laptop\n\nOn the phone")
    expect(page.locator(LEARNED)).to_be_focused()


def test_a_screen_reader_hears_what_is_wrong_before_the_boxes(home: Home) -> None:
    told = not_saved(home).locator("main").aria_snapshot()
    order = [
        r"heading .* \[level=1\]",
        r'alert "NOT SAVED: copy your text"',
        r'textbox "Notes"',
        r'timer "Time left"',
        r'heading "Checklist"',
        r'textbox "Your notes"',
        r'heading "What came out of it"',
    ]
    assert order_of(order, told) == []
