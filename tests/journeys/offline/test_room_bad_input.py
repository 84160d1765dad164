"""What devices and people do to the room: nothing is lost silently, and there is a clear choice."""

from __future__ import annotations

import pytest
from meeting import LEARNED, everywhere, here, notes, open_artifact, saved, texts, until
from playwright.sync_api import Locator, expect
from room_home import Home, home

__all__ = ["home"]
pytestmark = pytest.mark.nightly

# One record of the account's store, spoilt as a bad disk does it.
SPOIL = """async () => {
  const [{name}] = (await indexedDB.databases())
    .filter(one => /^handrail-[0-9a-f-]{36}$/.test(one.name))
  const db = await new Promise(done => {
    const asked = indexedDB.open(name)
    asked.onsuccess = () => done(asked.result)
  })
  await new Promise(done => {
    const tx = db.transaction('fields', 'readwrite')
    tx.objectStore('fields').openCursor().onsuccess = event => {
      const cursor = event.target.result
      if (!cursor) return
      if (cursor.value.name === 'notes') {
        new Uint8Array(cursor.value.sealed.bytes)[3] ^= 255
        cursor.update(cursor.value)
      }
      cursor.continue()
    }
    tx.oncomplete = done
  })
  db.close()
}"""


def put(box: Locator, text: str) -> None:
    """Paste so much that typing it would take all day."""
    box.evaluate("(box, text) => { box.value = text; box.dispatchEvent(new Event('input')) }", text)


def test_a_paste_of_two_megabytes_is_kept_and_says_that_it_is_too_long(home: Home) -> None:
    _meeting, page = home.meet()
    everywhere(page)
    long = "0123456789abcde\n" * 131_072
    put(notes(page), long)
    expect(saved(page)).to_have_text("Saved here only: too long")
    told = page.get_by_role("region", name="Too long to send")
    expect(told.get_by_role("button", name="Keep it as a file")).to_be_visible()
    page.reload()
    expect(told).to_be_visible()
    assert notes(page).input_value() == long
    # Nothing else waits behind it, and a shorter text goes out.
    open_artifact(page)
    page.locator(LEARNED).fill("This is short")
    everywhere(page, "artifact")
    put(notes(page), long[:90_000])
    everywhere(page)
    expect(told).to_have_count(0)
    assert texts(home.house) == [long[:90_000]]


def test_html_and_script_are_texts_like_any_other(home: Home) -> None:
    meeting, page = home.meet()
    words = (
        "<script>document.title = 'taken'</script><img src=x onerror=\"alert(1)\"> & </textarea>"
    )
    mentor = meeting.join(meeting.mentor)
    for device in (page, mentor):
        open_artifact(device)
    notes(page).fill(words)
    page.locator(LEARNED).fill(words)
    everywhere(page)
    everywhere(page, "artifact")
    expect(mentor.locator(".note-of")).to_have_text(words)
    expect(mentor.locator(LEARNED)).to_have_value(words)
    page.reload()
    assert notes(page).input_value() == words
    assert "taken" not in page.title()


def test_a_spoilt_record_takes_no_other_with_it_and_is_told(home: Home) -> None:
    _meeting, page = home.meet()
    open_artifact(page)
    home.house.kill()
    notes(page).fill("This record will be spoilt")
    page.locator(LEARNED).fill("This one stays")
    here(page)
    here(page, "artifact")
    page.route("**/api/v1/ops", lambda route: route.abort())
    home.house.start()
    page.evaluate(SPOIL)
    page.reload()
    expect(page.locator("[data-told=spoilt]")).to_contain_text("can no longer be read")
    expect(page.locator(LEARNED)).to_have_value("This one stays")
    page.unroute("**/api/v1/ops")
    everywhere(page, "artifact")
    assert texts(home.house, "learned") == ["This one stays"]
    # Its operation lay by itself and was whole.
    expect(notes(page)).to_have_value("This record will be spoilt")
    notes(page).fill("Written anew")
    everywhere(page)
    assert texts(home.house) == ["Written anew"]


def test_a_store_that_cannot_be_opened_leaves_the_server(home: Home) -> None:
    meeting, page = home.meet()
    page.add_init_script("IDBFactory.prototype.open = () => { throw new Error('broken') }")
    page.goto(meeting.url)
    notes(page).fill("Straight to the server")
    everywhere(page)
    until(lambda: texts(home.house) == ["Straight to the server"], "sent from memory")
    home.house.kill()
    notes(page).fill("And now nowhere")
    expect(page.get_by_role("alert")).to_contain_text("NOT SAVED")
    home.house.start()
    until(lambda: texts(home.house) == ["And now nowhere"], "sent once it answers", 40)
    everywhere(page)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_tick_and_a_step_of_two_people_meet(home: Home) -> None:
    meeting, page = home.meet()
    mentor = meeting.join(meeting.mentor)
    page.locator(".tick-button").first.click()
    expect(mentor.locator(".tick-button[aria-pressed=true]")).to_have_count(1)
    mentor.locator(".tick-button").first.click()
    expect(page.locator(".tick-button[aria-pressed=true]")).to_have_count(0)
