"""A room that was opened from the disk goes on where it was, and to the server with a network."""

from __future__ import annotations

import pytest
from device import until as ready
from meeting import LEARNED, everywhere, here, notes, open_artifact, texts
from playwright.sync_api import Page, expect
from room_home import Home, home

pytestmark = pytest.mark.nightly
WORKER = "async () => !!(await navigator.serviceWorker.getRegistration())?.active"

__all__ = ["home"]


def from_the_disk(home: Home) -> Page:
    """The mentee's room, kept on the device, while the server is dead."""
    home.house.kill()
    home.house.extra = {}
    home.house.start()
    _meeting, page = home.meet()
    ready(page, WORKER)
    notes(page).fill("With a network")
    everywhere(page)
    page.reload()
    expect(notes(page)).to_have_value("With a network")
    everywhere(page)
    home.house.kill()
    page.reload()
    page.locator("[data-told=link]").wait_for()
    return page


def test_what_was_pressed_and_written_without_a_network_shows_after_a_reload(home: Home) -> None:
    page = from_the_disk(home)
    page.locator("#do-check-in").click()
    told = page.get_by_text("Done here. The others see it").last
    expect(told).to_be_visible()
    open_artifact(page)
    page.locator(LEARNED).fill("Before we met")
    here(page, "artifact")
    page.reload()
    expect(told).to_be_visible()
    expect(page.locator("#do-check-in")).to_be_disabled()
    expect(page.locator(LEARNED)).to_be_visible()
    expect(page.locator(LEARNED)).to_have_value("Before we met")
    page.locator("#call-form input[name=call_link]").fill("https://meet.example.org/ben")
    page.get_by_role("button", name="Save the link").click()
    expect(page.get_by_text("This needs a network. Nothing was sent").last).to_be_visible()
    expect(page.locator("#call-form input[name=call_link]")).to_have_value(
        "https://meet.example.org/ben"
    )
    home.house.start()
    everywhere(page, "artifact")
    expect(page.get_by_role("heading", name="You are here.")).to_be_visible()
    assert texts(home.house, "learned") == ["Before we met"]


def test_back_with_a_network_its_buttons_work_and_the_way_to_the_whole_page_is_shown(
    home: Home,
) -> None:
    page = from_the_disk(home)
    home.house.start()
    line = page.locator("[data-told=back]")
    expect(line).to_contain_text("There is a network again.")
    page.locator("#call-form input[name=call_link]").fill("https://meet.example.org/ben")
    page.get_by_role("button", name="Save the link").click()
    expect(page.get_by_role("link", name="Join the call")).to_be_visible()
    expect(notes(page)).to_have_value("With a network")
