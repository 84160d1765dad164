"""The room, where the network, the server, the browser and the disk give way at any moment."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from device import until as ready_until
from meeting import (
    everywhere,
    here,
    meet,
    notes,
    texts,
)
from playwright.sync_api import expect
from stage import Enter, Served
from wire import Killable, copy_of

WORKER = "async () => !!(await navigator.serviceWorker.getRegistration())?.active"
pytestmark = pytest.mark.nightly


@pytest.fixture
def house(demo: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killable]:
    server = Killable(copy_of(demo, tmp_path_factory.mktemp("room")))
    server.start()
    yield server
    server.kill()


def test_the_room_opens_from_the_disk_and_takes_texts(house: Killable, enter: Enter) -> None:
    _meeting, page = meet(Served(house.url, house.home), enter)
    ready_until(page, WORKER)
    notes(page).fill("With a network")
    everywhere(page)
    page.wait_for_timeout(6000)
    house.kill()
    page.reload()
    expect(notes(page)).to_have_value("With a network")
    notes(page).press("Control+End")
    notes(page).press_sequentially(", and without")
    here(page)
    page.locator(".tick-button").first.click()
    page.reload()
    expect(notes(page)).to_have_value("With a network, and without")
    expect(page.locator(".tick-button").first).to_have_attribute("aria-pressed", "true")
    house.start()
    everywhere(page)
    assert texts(house) == ["With a network, and without"]
