"""Random histories of two people on three devices, one with two tabs; answers and servers die."""

from __future__ import annotations

import random
from contextlib import suppress

import mutants
import pytest
from meeting import LEARNED, MENTEE, NEXT_STEP, everywhere, open_artifact, rows, until
from playwright.sync_api import Error as Unheard
from playwright.sync_api import Page, Route, expect
from room_home import Home, again, home

__all__ = ["home"]
pytestmark = pytest.mark.nightly

OPS = "**/api/v1/ops"
BOXES = {"#notes": "notes", LEARNED: "artifact", NEXT_STEP: "artifact"}
STEPS = 30
EVENTS = ["offline", "online", "unheard", "heard", "kill", "start", "wait", "reload"]


def append(page: Page, box: str, word: str) -> None:
    """Type one word at the end of a box, as a person does."""
    place = page.locator(box)
    place.press("Control+End")
    place.press_sequentially(f"{word} ", delay=5)


def reaches_but_is_not_heard(route: Route) -> None:
    """The server takes it, where there is one, and its answer never comes."""
    with suppress(Unheard):
        route.fetch()
    with suppress(Unheard):  # the page that asked may be gone
        route.abort()


def play(home: Home, seed: int) -> None:
    dice = random.Random(seed)
    meeting, phone = home.meet()
    tab = phone.context.new_page()
    tab.goto(meeting.url)
    devices = [phone, tab, meeting.join(MENTEE), meeting.join(meeting.mentor)]
    for page in devices:
        open_artifact(page)
        everywhere(page)
    typed: list[str] = []
    for n in range(STEPS):
        page = dice.choice(devices)
        what = dice.choice(["type"] * 6 + EVENTS)
        if what == "type":
            word = f"w{seed}x{n}"
            where = dice.choice(list(BOXES))
            append(page, where, word)
            expect(page.locator(where)).to_be_focused()
            typed.append(word)
        elif what in ("offline", "online"):
            page.context.set_offline(what == "offline")
        elif what == "unheard":
            page.context.route(OPS, reaches_but_is_not_heard)
        elif what == "heard":
            page.context.unroute(OPS)
        elif what == "kill":
            home.house.kill()
        elif what == "start" and home.house.process is None:
            home.house.start()
        elif what == "wait":
            page.wait_for_timeout(1500)
        elif what == "reload" and home.house.process is not None:
            page.context.set_offline(False)
            if page.locator("[data-state=saving]").count() == 0:
                page.reload()
                open_artifact(page)
    if home.house.process is None:
        home.house.start()
    for page in devices:
        page.context.unroute(OPS)
        page.context.set_offline(False)
    for page in devices:
        for group in ("notes", "artifact"):
            everywhere(page, group)
    stand = [
        str(body) for (body,) in rows(home.house, "SELECT body FROM mentoring_sessions_roomtext")
    ]
    beside = rows(
        home.house,
        "SELECT body FROM mentoring_sessions_roomrevision WHERE conflict AND settled_at IS NULL",
    )
    everything = [*stand, *(str(body) for (body,) in beside)]
    lost = [word for word in typed if not any(f"{word} " in text for text in everything)]
    doubled = [word for word in typed if any(text.count(f"{word} ") > 1 for text in stand)]
    assert (lost, doubled) == ([], [])

    def shown(page: Page) -> list[str]:
        return [page.locator(box).input_value() for box in BOXES]

    # A device that was away for long looks again after up to a minute.
    for page in devices[1:3]:
        until(lambda page=page: shown(phone) == shown(page), "they show the same", 90, page)


@pytest.mark.parametrize("seed", range(1, 7))
def test_s14_random_edits_kills_and_cuts_lose_no_word(home: Home, seed: int) -> None:
    play(home, seed)


def test_s14_a_server_that_ignores_the_base_is_caught(home: Home) -> None:
    again(
        home,
        (
            "handrail.domain.text.merge",
            "    if server == base:\n",
            "    if server != device:\n",
        ),
    )
    mutants.is_caught(
        lambda: [play(home, seed) for seed in range(1, 7)], at="assert (lost, doubled) == ([], [])"
    )
