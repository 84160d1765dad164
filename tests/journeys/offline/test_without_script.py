"""S26: with no script, room and answers take what is written, and give back what is refused."""

from __future__ import annotations

from functools import partial

import mutants
import pytest
from meeting import LEARNED, MENTEE, NEXT_STEP, note_before, notes, texts
from playwright.sync_api import Page, expect
from room_home import Home, again, home

pytestmark = pytest.mark.nightly
ROOM = "handrail.web.views.room"
NOTES, WISH = "Without script\nin two lines", "How do I work without script?"

__all__ = ["home"]


def room(home: Home) -> Page:
    note_before(home.served)
    page = home.enter(home.served, MENTEE, script=False)
    page.get_by_role("link", name="Join", exact=True).click()
    return page


def the_room(home: Home) -> None:
    page = room(home)
    notes(page).fill(NOTES)
    page.get_by_role("button", name="Save the notes").click()
    expect(notes(page)).to_have_value(NOTES)
    page.locator(".tick-button").first.click()
    expect(page.locator(".tick-button").first).to_have_attribute("aria-pressed", "true")
    assert texts(home.house) == [NOTES]


def handed_in_too_early(home: Home) -> None:
    page = room(home)
    page.locator("[data-artifact] > summary").click()
    page.locator(LEARNED).fill("Written down before we met")
    page.locator(NEXT_STEP).fill("Meet")
    page.get_by_role("button", name="Hand in and close").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator(LEARNED)).to_have_value("Written down before we met")
    expect(page.locator(NEXT_STEP)).to_have_value("Meet")


def too_long_for_a_room(home: Home) -> None:
    page = room(home)
    notes(page).fill("long " * 20_001)
    page.get_by_role("button", name="Save the notes").click()
    expect(page.get_by_role("alert")).to_contain_text("longer than")
    kept = page.get_by_role("region", name="What you wrote").locator("pre")
    assert kept.inner_text().strip() == ("long " * 20_001).strip()


def the_answers(home: Home) -> None:
    page = home.enter(home.served, "Carla Chen", script=False)
    page.goto("/answers/")
    page.get_by_label("What do you want to know?").fill("first change")
    page.get_by_role("button", name="Search").click()
    page.locator("main .rows a").first.click()
    page.get_by_role("link", name="Ask a mentor").click()
    page.get_by_label("What do you want to know?").fill(f"{WISH} " * 12)
    page.get_by_label("What you tried").fill("I read the guide.")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_label("What you tried")).to_have_value("I read the guide.")
    page.get_by_label("What do you want to know?").fill(WISH)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WISH)


def test_s26_without_script_the_room_takes_notes_and_ticks(home: Home) -> None:
    the_room(home)


def test_s26_an_artifact_that_is_refused_stands_in_its_form(home: Home) -> None:
    handed_in_too_early(home)


def test_s26_notes_that_are_refused_are_given_back(home: Home) -> None:
    too_long_for_a_room(home)


def test_s26_without_script_an_answer_is_found_and_a_question_asked(home: Home) -> None:
    the_answers(home)


FIRST_LINE = (
    'body = _lines(request.POST.get("body", ""))',
    'body = _lines(request.POST.get("body", "")).partition("\\n")[0]',
)
FORGETS_NOTES = ("refusal=refusal, not_taken=[body])", "refusal=refusal)")
FORGETS_ARTIFACT = ("artifact_form=form, not_taken=typed)", "not_taken=typed)")


@pytest.mark.parametrize(
    ("fault", "scenario", "at"),
    [
        pytest.param(FIRST_LINE, the_room, "expect(notes(page)).to_have_value(", id="first-line"),
        pytest.param(
            FORGETS_ARTIFACT, handed_in_too_early, "expect(page.locator(LEARNED))", id="artifact"
        ),
        pytest.param(FORGETS_NOTES, too_long_for_a_room, "kept.inner_text()", id="notes"),
    ],
)
def test_s26_a_page_that_forgets_what_was_typed_is_caught(
    home: Home, fault: tuple[str, str], scenario: object, at: str
) -> None:
    again(home, (ROOM, *fault))
    mutants.is_caught(partial(scenario, home), at=at)  # type: ignore[arg-type]
