"""The room loses no word: what runs whenever tests run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from meeting import LEARNED, MENTEE, everywhere, meet, notes, open_artifact, revisions, texts
from playwright.sync_api import expect
from stage import Enter, Served
from wire import Killable, copy_of


@pytest.fixture(scope="module")
def house(demo: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killable]:
    server = Killable(copy_of(demo, tmp_path_factory.mktemp("room")))
    server.start()
    yield server
    server.kill()


def test_s12_forty_words_two_kills_and_a_reload(house: Killable, enter: Enter) -> None:
    _meeting, page = meet(Served(house.url, house.home), enter)
    words = [f"word{n}" for n in range(40)]
    for n, word in enumerate(words):
        notes(page).press_sequentially(word + " ")
        if n == 10:
            house.kill()
        if n == 20:
            page.wait_for_timeout(1500)
            house.start()
        if n == 25:
            everywhere(page)
            page.reload()
            notes(page).press("Control+End")
    everywhere(page)
    typed = "".join(word + " " for word in words)
    assert notes(page).input_value() == typed
    assert texts(house) == [typed]


def test_s05_two_devices_keep_different_fields_and_the_same_one(
    house: Killable, enter: Enter
) -> None:
    meeting, phone = meet(Served(house.url, house.home), enter)
    laptop = meeting.join(MENTEE)
    for page in (phone, laptop):
        open_artifact(page)
    phone.context.set_offline(True)
    phone.locator(LEARNED).fill("On the phone")
    phone.locator("[name=next_step]").fill("Only on the phone")
    laptop.locator(LEARNED).fill("On the laptop")
    everywhere(laptop, "artifact")
    phone.context.set_offline(False)
    for page in (phone, laptop):
        expect(page.locator("[data-copy-text]")).to_have_text("On the phone")
        expect(page.locator(LEARNED)).to_have_value("On the laptop")
        expect(page.locator("[name=next_step]")).to_have_value("Only on the phone")
    assert revisions(house, "learned") == ["On the laptop", "On the phone"]
