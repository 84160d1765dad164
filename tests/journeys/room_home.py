"""A server that can be killed, devices in its room, and mutants of either."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import mutants
import pytest
from meeting import Meeting, meet
from playwright.sync_api import Page
from stage import Enter, Served
from wire import Killable, copy_of


@dataclass
class Home:
    """A server that can be killed, and devices that run its script or a mutant of it."""

    house: Killable
    enter_as: Enter
    tmp: Path
    mutant: str = ""

    def enter(self, served: Served, name: str = "", *, script: bool = True) -> Page:
        page = self.enter_as(served, name, script=script)
        if self.mutant:
            mutants.give(page, self.mutant)
        return page

    @property
    def served(self) -> Served:
        return Served(self.house.url, self.house.home)

    def meet(self) -> tuple[Meeting, Page]:
        return meet(self.served, self.enter)


@pytest.fixture
def home(demo: Served, enter: Enter, tmp_path: Path) -> Iterator[Home]:
    # Without the worker: what it does has scenarios of its own, and it would hide the mutants.
    server = Killable(copy_of(demo, tmp_path / "home"), extra={"HANDRAIL_OFFLINE": "no"})
    server.start()
    yield Home(server, enter, tmp_path)
    server.kill()


def loses(home: Home, *changes: mutants.Change, scenario: Callable[[Home], None], at: str) -> None:
    """The same scenario with a script that loses text is caught, at that line."""
    lossy = replace(home, mutant=mutants.script(home.tmp, "room.ts", *changes))
    mutants.is_caught(lambda: scenario(lossy), at=at)


def again(home: Home, change: mutants.Change) -> None:
    """The server starts anew, with a piece of it replaced."""
    home.house.kill()
    home.house.extra |= mutants.server(*change, home.tmp / "patched")
    home.house.start()


def quota(page: Page, size: int | None) -> None:
    """How many bytes this device's disk has for us; None: as many as there are."""
    door = page.context.new_cdp_session(page)
    origin = page.evaluate("location.origin")
    told = {"origin": origin} if size is None else {"origin": origin, "quotaSize": size}
    door.send("Storage.overrideQuotaForOrigin", told)
