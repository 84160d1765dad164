"""The room, where somebody types on while an answer is under way: nobody's text is covered.

Each scenario runs as it is and must pass, then with something that loses text and must fail.
"""

from __future__ import annotations

from contextlib import suppress

import pytest
from meeting import LEARNED, MENTEE, everywhere, here, notes, open_artifact, rows, texts, until
from playwright.sync_api import Error as Unheard
from playwright.sync_api import Page, Route, expect
from room_home import Home, home, loses

pytestmark = pytest.mark.nightly

OPS = "**/api/v1/ops"
COPIES = """
    SELECT body FROM mentoring_sessions_roomrevision
    WHERE conflict AND settled_at IS NULL AND field = ?
"""
__all__ = ["home"]


def reaches_but_is_not_heard(route: Route) -> None:
    """The server takes it, and its answer never comes."""
    route.fetch()
    route.abort()


def beside(home: Home, field: str) -> list[str]:
    return [str(body) for (body,) in rows(home.house, COPIES, field)]


# S5: the same field on two devices


def lost_answer(home: Home) -> None:
    meeting, phone = home.meet()
    laptop = meeting.join(MENTEE)
    everywhere(laptop)
    phone.route(OPS, reaches_but_is_not_heard)
    notes(phone).press_sequentially("On the phone. ")
    until(lambda: texts(home.house) == ["On the phone. "], "it is taken", page=phone)
    expect(notes(laptop)).to_have_value("On the phone. ")
    notes(laptop).press("Control+End")
    notes(laptop).press_sequentially("On the laptop. ")
    everywhere(laptop)
    notes(phone).press_sequentially("And on. ")
    here(phone)
    phone.unroute(OPS)
    everywhere(phone)
    assert texts(home.house) == ["On the phone. On the laptop. "]
    assert beside(home, "notes") == ["On the phone. And on. "]
    expect(phone.locator("[data-copy-text]")).to_have_text("On the phone. And on. ")


def test_s05_typing_on_after_a_lost_answer_covers_nobody(home: Home) -> None:
    lost_answer(home)


def test_s05_an_answer_taken_for_what_was_seen_is_caught(home: Home) -> None:
    covers = (
        "store.ts",
        "return result.conflict.includes(one.name) ? one.base : sent;",
        "return result.fields[one.name] ?? sent;",
    )
    loses(
        home,
        covers,
        scenario=lost_answer,
        at='assert texts(home.house) == ["On the phone. On the laptop. "]',
    )


# S13: two tabs, one of which has sent


def sent_by_the_other_tab(home: Home) -> None:
    meeting, first = home.meet()
    second = first.context.new_page()
    second.goto(meeting.url)
    everywhere(second)
    for tab in (first, second):
        tab.evaluate("BroadcastChannel.prototype.postMessage = () => undefined")
    first.context.route(OPS, lambda route: route.abort())
    notes(first).fill("From the first tab")
    # It has been made into an operation, which is under way.
    first.wait_for_timeout(2_000)
    here(first)
    notes(second).fill("From the second tab")
    here(second)
    first.context.unroute(OPS)
    for tab in (first, second):
        everywhere(tab)
    assert texts(home.house) == ["From the first tab"]
    assert beside(home, "notes") == ["From the second tab"]


def test_s13_a_text_of_another_tab_under_way_is_not_covered(home: Home) -> None:
    sent_by_the_other_tab(home)


def test_s13_a_text_that_goes_on_from_another_ones_is_caught(home: Home) -> None:
    goes_on = ("room_field.ts", 'const op = isNews ? "" : field.op;', "const op = field.op;")
    loses(
        home,
        goes_on,
        scenario=sent_by_the_other_tab,
        at='assert texts(home.house) == ["From the first tab"]',
    )


# S5: half a word


SAYS = """() => document.querySelector('[data-voice]').textContent ===
  JSON.parse(document.getElementById('room-words').textContent).conflict"""


def type_until_heard(page: Page) -> str:
    """One word, until the page has heard, between two of its letters, that it lies beside."""
    box, word = page.locator(LEARNED), ""
    while True:
        assert len(word) < 100, "the server did not take it"
        box.press("l")
        word += "l"
        # As where somebody comes back to the window: what is there goes out without waiting.
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        with suppress(Unheard):
            page.wait_for_function(SAYS, timeout=900)
            break
    box.press_sequentially("word ")
    return f"{word}word "


def half_a_word(home: Home) -> None:
    meeting, phone = home.meet()
    laptop = meeting.join(meeting.mentor)
    for page in (phone, laptop):
        open_artifact(page)
        everywhere(page, "artifact")
    phone.route("**/room", lambda route: route.abort())
    laptop.locator(LEARNED).fill("The mentor's words. ")
    everywhere(laptop, "artifact")
    word = type_until_heard(phone)
    phone.unroute("**/room")
    everywhere(phone, "artifact")
    assert texts(home.house, "learned") == ["The mentor's words. "]
    assert beside(home, "learned") == [word]
    expect(phone.locator(LEARNED)).to_have_value("The mentor's words. ")


def test_s05_a_word_that_is_being_typed_stays_in_one_piece(home: Home) -> None:
    half_a_word(home)


def test_s05_an_answer_in_the_middle_of_a_word_is_caught(home: Home) -> None:
    hasty = ("room_field.ts", "const MID_WORD = 1_500;", "const MID_WORD = 0;")
    loses(
        home,
        hasty,
        scenario=half_a_word,
        at='assert texts(home.house, "learned") == ["The mentor\'s words. "]',
    )
