"""Two people and their room: who they are, what is typed, and what came of every character."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from stage import Enter, Served
from wire import Killable

MENTEE = "Ben Singh"
EVERYWHERE = "Saved everywhere"
# Two further boxes of the room than the notes.
LEARNED, NEXT_STEP = "[name=learned]", "[name=next_step]"

TEXTS, REVISIONS = "mentoring_sessions_roomtext", "mentoring_sessions_roomrevision"
_BEFORE: dict[Path, dict[str, int]] = {}  # the newest of each table when people first met there


@dataclass
class Meeting:
    """The room of the mentee's next session, and its mentor."""

    served: Served
    enter: Enter
    url: str
    mentor: str

    def join(self, name: str) -> Page:
        """A device of its own in which this person is in the room."""
        page = self.enter(self.served, name)
        page.goto(self.url)
        return page


def meet(served: Served, enter: Enter) -> tuple[Meeting, Page]:
    """The mentee opens the room: who else is in it, and the mentee's page."""
    note_before(served)
    page = enter(served, MENTEE)
    page.get_by_role("link", name="Join", exact=True).click()
    page.wait_for_url("**/sessions/**")
    line = page.locator(".presence li").filter(has_text="mentor").inner_text()
    return Meeting(served, enter, page.url, line.split("mentor")[0].strip(" ○●·\n")), page


def note_before(served: Killable | Served) -> None:
    """From here on, texts and revisions are those of this meeting."""
    _BEFORE.setdefault(served.home, {table: _newest(served, table) for table in (TEXTS, REVISIONS)})


def notes(page: Page) -> Locator:
    return page.locator("#notes")


def saved(page: Page, group: str = "notes") -> Locator:
    return page.locator(f"[data-save-state={group}]")


def open_artifact(page: Page) -> None:
    # Again where the room's script opened it just before the click, which then shut it.
    while page.locator("[data-artifact]").get_attribute("open") is None:
        page.locator("[data-artifact] > summary").click()


def says(page: Page, text: str, group: str = "notes") -> None:
    expect(saved(page, group)).to_have_text(text)


def here(page: Page, group: str = "notes") -> None:
    """The disk has it; the server may or may not."""
    expect(saved(page, group)).to_have_attribute("data-state", "here")


def everywhere(page: Page, group: str = "notes") -> None:
    expect(saved(page, group)).to_have_attribute("data-state", "everywhere")


def rows(server: Killable | Served, sql: str, *values: object) -> list[tuple[object, ...]]:
    """What the server's database says."""
    path = next(iter(server.home.glob("*.sqlite3")))
    with closing(sqlite3.connect(path, timeout=20)) as database:
        return database.execute(sql, values).fetchall()


def revisions(server: Killable | Served, field: str = "notes") -> list[str]:
    """Every text that the server ever took for a field, in order."""
    return _since(server, REVISIONS, field)


def texts(server: Killable | Served, field: str = "notes") -> list[str]:
    """What stands in the field on the server, of everybody."""
    return _since(server, TEXTS, field)


def _since(server: Killable | Served, table: str, field: str) -> list[str]:
    """Without what the demo's people had written before anybody met here."""
    before = _BEFORE.get(server.home, {}).get(table, 0)
    wanted = f"SELECT body FROM {table} WHERE field = ? AND id > ? ORDER BY id"
    return [str(body) for (body,) in rows(server, wanted, field, before)]


def _newest(server: Killable | Served, table: str) -> int:
    ((newest,),) = rows(server, f"SELECT coalesce(max(id), 0) FROM {table}")
    return int(str(newest))


def until(
    asked: Callable[[], bool], what: str, seconds: float = 30, page: Page | None = None
) -> None:
    """Wait for something outside the browser; a page that is given goes on meanwhile."""
    deadline = time.monotonic() + seconds
    while not asked():
        assert time.monotonic() < deadline, what
        if page is None:
            time.sleep(0.1)
        else:
            page.wait_for_timeout(100)
