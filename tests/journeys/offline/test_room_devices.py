"""The room, where disks, tabs, devices and people get in each other's way: no word is lost.

Each scenario runs as it is and must pass, then with something that loses text and must fail.
"""

from __future__ import annotations

import re
from pathlib import Path

import mutants
import pytest
from device import until as ready
from meeting import (
    LEARNED,
    MENTEE,
    NEXT_STEP,
    everywhere,
    here,
    notes,
    open_artifact,
    revisions,
    rows,
    saved,
    texts,
    until,
)
from playwright.sync_api import expect
from room_home import Home, again, home, loses, quota

pytestmark = pytest.mark.nightly

LOST = 40  # seconds after which what has not reached the server is lost
WORKER = "async () => !!(await navigator.serviceWorker.getRegistration())?.active"
__all__ = ["home"]


# S5


def two_devices(home: Home) -> None:
    meeting, phone = home.meet()
    laptop = meeting.join(MENTEE)
    for page in (phone, laptop):
        open_artifact(page)
    phone.context.set_offline(True)
    phone.locator(LEARNED).fill("On the phone")
    phone.locator(NEXT_STEP).fill("Only on the phone")
    laptop.locator(LEARNED).fill("On the laptop")
    everywhere(laptop, "artifact")
    phone.context.set_offline(False)
    for page in (phone, laptop):
        expect(page.locator("[data-copy-text]")).to_have_text("On the phone")
        expect(page.locator(LEARNED)).to_have_value("On the laptop")
        expect(page.locator(NEXT_STEP)).to_have_value("Only on the phone")
    phone.get_by_role("button", name="Add it to the text").click()
    everywhere(phone, "artifact")
    expect(phone.locator("[data-copy-text]")).to_have_count(0)
    for page in (phone, laptop):
        expect(page.locator(LEARNED)).to_have_value("On the laptop\n\nOn the phone")


LAST_WINS = (
    "handrail.domain.text.merge",
    "    if server == base:\n",
    "    if server != device:\n",
)


def test_s05_two_devices_keep_different_fields_and_the_same_one(home: Home) -> None:
    two_devices(home)


def test_s05_a_server_that_ignores_the_base_is_caught(home: Home) -> None:
    again(home, LAST_WINS)
    shown = 'expect(page.locator("[data-copy-text]")).to_have_text("On the phone")'
    mutants.is_caught(lambda: two_devices(home), at=shown)


# S8


def disk_is_full(home: Home) -> None:
    _meeting, page = home.meet()
    everywhere(page)
    home.house.kill()
    quota(page, 1)
    typed = ""
    alert = page.get_by_role("alert")
    # A browser looks at what is left of the disk only now and then.
    for n in range(60):
        notes(page).press_sequentially(f"word{n} ")
        typed += f"word{n} "
        page.wait_for_timeout(700)
        if alert.count():
            break
    expect(alert).to_contain_text("NOT SAVED: copy your text")
    expect(alert.get_by_role("textbox")).to_have_value(typed)
    expect(saved(page)).to_have_text("NOT SAVED")
    with page.expect_download() as download:
        alert.get_by_role("button", name="Keep it as a file").click()
    assert Path(download.value.path()).read_text() == typed
    # The server has it, from memory: nothing is wrong then, and nothing is said to be here.
    home.house.start()
    until(lambda: texts(home.house) == [typed], "sent from memory", 40)
    everywhere(page)
    expect(alert).to_have_count(0)
    home.house.kill()
    notes(page).press_sequentially("and more")
    expect(alert.get_by_role("textbox")).to_have_value(typed + "and more")
    quota(page, None)
    here(page)
    expect(alert).to_have_count(0)
    home.house.start()
    everywhere(page)
    assert texts(home.house) == [typed + "and more"]


def test_s08_a_full_disk_says_so_and_recovers(home: Home) -> None:
    disk_is_full(home)


def test_s08_a_green_word_over_a_failed_write_is_caught(home: Home) -> None:
    green = (
        "room_field.ts",
        "        this.hasFailed = true;\n",
        "        this.row = { ...this.row, value: this.value };\n        return;\n",
    )
    loses(home, green, scenario=disk_is_full, at='to_contain_text("NOT SAVED: copy your text")')


# S9


def store_is_wiped(home: Home) -> None:
    _meeting, page = home.meet()
    everywhere(page)
    home.house.kill()
    notes(page).fill("Only here, and then not even here")
    here(page)
    page.context.new_cdp_session(page).send(
        "Storage.clearDataForOrigin",
        {"origin": home.house.url, "storageTypes": "indexeddb"},
    )
    home.house.start()
    until(lambda: texts(home.house) == ["Only here, and then not even here"], "it is lost", 40)
    everywhere(page)


def test_s09_a_store_wiped_under_an_open_page(home: Home) -> None:
    store_is_wiped(home)


def test_s09_a_page_that_does_not_notice_is_caught(home: Home) -> None:
    blind = ("room_page.ts", "for (const field of this.fields) field.rewrite();", "")
    loses(home, blind, scenario=store_is_wiped, at='"it is lost"')


# S12


def forty_words(home: Home) -> None:
    _meeting, page = home.meet()
    page.route("**/api/v1/ops", lambda route: (page.wait_for_timeout(300), route.continue_()))
    typed = ""
    for n in range(40):
        notes(page).press_sequentially(f"word{n} ")
        typed += f"word{n} "
        if n in (8, 24):
            home.house.kill()
        if n in (14, 30):
            page.wait_for_timeout(1500)
            home.house.start()
        if n == 20:
            page.reload()
            notes(page).press("Control+End")
    everywhere(page)
    assert notes(page).input_value() == typed
    assert texts(home.house) == [typed]


def test_s12_forty_words_kills_and_a_reload(home: Home) -> None:
    forty_words(home)


def test_s12_an_answer_that_covers_what_was_typed_since_is_caught(home: Home) -> None:
    covers = ("store.ts", "const value = one.dirty ? one.value : stands;", "const value = stands;")
    loses(home, covers, scenario=forty_words, at="assert notes(page).input_value() == typed")


# S13


def two_tabs(home: Home) -> None:
    meeting, first = home.meet()
    open_artifact(first)
    second = first.context.new_page()
    second.goto(meeting.url)
    open_artifact(second)
    home.house.kill()
    first.locator(LEARNED).fill("In the first tab")
    second.locator(NEXT_STEP).fill("In the second tab")
    for tab in (first, second):
        here(tab, "artifact")
        expect(tab.locator(LEARNED)).to_have_value("In the first tab")
        expect(tab.locator(NEXT_STEP)).to_have_value("In the second tab")
    home.house.start()
    for name, text in (("learned", "In the first tab"), ("next_step", "In the second tab")):
        until(lambda name=name, text=text: texts(home.house, name) == [text], "it is lost", LOST)
    for tab in (first, second):
        everywhere(tab, "artifact")


def test_s13_two_tabs_with_different_fields(home: Home) -> None:
    two_tabs(home)


def test_s13_an_operation_with_half_of_what_was_typed_is_caught(home: Home) -> None:
    half = (
        "store.ts",
        "          fields: Object.fromEntries(typed.map((one) => [one.name, one.value])),",
        "          fields: Object.fromEntries(typed.slice(1).map((one) => [one.name, one.value])),",
    )
    loses(home, half, scenario=two_tabs, at='"it is lost"')


def test_s13_two_tabs_with_the_same_field_keep_both_texts(home: Home) -> None:
    meeting, first = home.meet()
    second = first.context.new_page()
    second.goto(meeting.url)
    everywhere(second)
    home.house.kill()
    # Neither tab hears of the other in time: as when both were asleep.
    second.evaluate("BroadcastChannel.prototype.postMessage = () => undefined")
    first.evaluate("BroadcastChannel.prototype.postMessage = () => undefined")
    notes(first).fill("From the first tab")
    here(first)
    notes(second).fill("From the second tab")
    here(second)
    home.house.start()
    everywhere(second)
    until(
        lambda: set(revisions(home.house)) >= {"From the first tab", "From the second tab"}, "lost"
    )
    expect(second.locator("[data-copy-text]")).to_have_text("From the second tab")


# S16


def two_people(home: Home) -> None:
    meeting, page = home.meet()
    home.house.kill()
    notes(page).fill("What only the mentee may send")
    here(page)
    # The next one signs in before the first one's page wakes.
    page.route("**/api/v1/**", lambda route: route.abort())
    home.house.start()
    page.goto("/demo/")
    for closed in page.locator("main details:not([open]) > summary").all():
        closed.click()
    page.locator("main li", has_text=meeting.mentor).first.get_by_role("button").click()
    page.wait_for_url(f"{home.house.url}/")
    page.unroute("**/api/v1/**")
    page.goto(meeting.url)
    expect(saved(page)).to_have_attribute("data-state", re.compile("."))  # the script is at work
    expect(notes(page)).to_have_value("")
    notes(page).fill("What the mentor writes")
    everywhere(page)
    assert "What only" not in page.content()
    assert texts(home.house) == ["What the mentor writes"]
    # The mentee comes back to the same browser, and it goes out.
    page.goto("/demo/")
    for closed in page.locator("main details:not([open]) > summary").all():
        closed.click()
    page.locator("main li", has_text=MENTEE).first.get_by_role("button").click()
    page.wait_for_url(f"{home.house.url}/")
    page.goto(meeting.url)
    everywhere(page)
    expect(notes(page)).to_have_value("What only the mentee may send")
    assert texts(home.house) == ["What the mentor writes", "What only the mentee may send"]


def test_s16_two_people_in_one_browser(home: Home) -> None:
    two_people(home)


def test_s16_one_store_for_all_is_caught(home: Home) -> None:
    shared = ("store_disk.ts", "const name = PREFIX + this.account;", "const name = PREFIX;")
    loses(home, shared, scenario=two_people, at='expect(notes(page)).to_have_value("")')


# S19


def newer_database(home: Home) -> None:
    meeting, page = home.meet()
    notes(page).fill("Before the release")
    everywhere(page)
    other = page.context.new_page()
    other.goto("/demo/")
    # What a later release's page does: a schema with one store more, while the old page is open.
    other.evaluate(
        """async () => {
          const [{name, version}] = (await indexedDB.databases())
            .filter(one => /^handrail-[0-9a-f-]{36}$/.test(one.name))
          await new Promise((done, failed) => {
            const asked = indexedDB.open(name, version + 1)
            asked.onupgradeneeded = () => asked.result.createObjectStore('of_later')
            asked.onsuccess = () => { asked.result.close(); done() }
            asked.onerror = () => failed(asked.error)
          })
        }"""
    )
    home.house.kill()
    notes(page).press("Control+End")
    notes(page).press_sequentially(", and after it")
    here(page)
    home.house.start()
    everywhere(page)
    assert texts(home.house) == ["Before the release, and after it"]
    page.goto(meeting.url)
    expect(notes(page)).to_have_value("Before the release, and after it")
    everywhere(page)


def test_s19_an_old_page_with_a_newer_server_and_database(home: Home) -> None:
    newer_database(home)


def test_s19_a_store_opened_with_a_number_is_caught(home: Home) -> None:
    numbered = ("store_disk.ts", "let db = await open();", "let db = await open(1);")
    loses(home, numbered, scenario=newer_database, at="here(page)")


# The room from the disk


def test_the_room_opens_from_the_disk_and_takes_texts(home: Home) -> None:
    home.house.kill()
    home.house.extra = {}
    home.house.start()
    _meeting, page = home.meet()
    ready(page, WORKER)
    notes(page).fill("\nWith a network")  # a first empty line is a line
    everywhere(page)
    page.reload()
    expect(notes(page)).to_have_value("\nWith a network")
    home.house.kill()
    page.reload()
    expect(notes(page)).to_have_value("\nWith a network")
    notes(page).press("Control+End")
    notes(page).press_sequentially(", and without")
    here(page)
    page.locator(".tick-button").first.click()
    expect(page.locator(".tick-button").first).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(notes(page)).to_have_value("\nWith a network, and without")
    expect(page.locator(".tick-button").first).to_have_attribute("aria-pressed", "true")
    page.goto("/programs/")
    page.get_by_role("heading", name="Your sessions on this device").wait_for()
    page.locator("[data-kept-rooms] a").first.click()
    expect(notes(page)).to_have_value("\nWith a network, and without")
    home.house.start()
    everywhere(page)
    assert texts(home.house) == ["\nWith a network, and without"]
    ticked = "SELECT 1 FROM mentoring_sessions_roomrevision WHERE field LIKE 'tick:%'"
    until(lambda: bool(rows(home.house, ticked)), "the tick")
