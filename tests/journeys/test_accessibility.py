"""axe finds nothing, on every kind of page, in both themes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page
from stage import (
    ROOT,
    Enter,
    Served,
    axe,
    environment,
    free_port,
    in_both_themes,
    put_a_demo,
    serve,
)

AS = {
    "": (
        "/welcome/",
        "/account/login/",
        "/account/login/code/",
        "/sign-in/",
        "/demo/",
        "/demo/mails/",
        "/no/",
        "/guide/",
        "/guide/mentee/",
        "/offline/en/",
    ),
    "Ben Singh": (
        "/",
        "/sessions/",
        "/people/",
        "/settings/",
        "/settings/hours/",
        "/settings/skills/",
        "/settings/reminders/",
        "/settings/calendars/",
        "/settings/pause/",
        "/settings/not-with/?q=a",
        "/settings/keys/",
        "/account/password/change/",
        "/office-hours/",
        "/answers/?q=first change",
        "/answers/ask/",
        "/answers/new/",
        "/audit/",
    ),
    "Carla Berg": (
        "/answers/waiting/",
        "/answers/avoided/",
        "/",
        "/programs/",
        "/hires/",
        "/reports/",
        "/reports/new/",
        "/reports/data/",
        "/pilots/",
        "/retreats/new/",
    ),
    "Rika Lund": ("/hiring/", "/offers/"),
    "Adele Winter": (
        "/people/import/",
        "/programs/new/",
        "/pilots/new/",
        "/settings/organization/",
        "/settings/mail-in/",
        "/connections/",
        "/settings/search/",
        "/settings/closed-days/",
        "/answers/settings/",
        "/audit/",
    ),
}
# Plain forms of pages that are looked at by day: at night only.
AT_NIGHT = {
    "Ben Singh": (
        "/settings/consent/",
        "/settings/accounts/",
        "/settings/data/",
        "/settings/chats/",
        "/settings/linked/",
        "/safety/",
    ),
    "Adele Winter": (
        "/connections/new/webhooks/",
        "/safety/contacts/?q=a",
        "/records/",
        "/records/groups/",
        "/settings/directory/",
        "/settings/sign-in/",
        "/settings/sign-in/saml/",
        "/people/notices/",
    ),
    "Rika Lund": (
        "/",
        "/hiring/jobs/new/",
        "/hiring/jobs/import/",
        "/hiring/look/",
        "/hiring/settings/",
        "/hiring/promises/",
        "/offers/new/",
        "/offers/import/",
        "/offers/lottery/",
    ),
}
# Other journeys make programs of their own.
PROGRAM = "a:has-text('Tooling start')"
JOB = ".rows a:has-text('Tools engineer')"
# The first link of each kind that such a page has, followed one after the other.
LINKS = {
    "Ben Singh": (
        ("/sessions/", "a[href*='/sessions/']"),
        ("/sessions/", "li:has([data-status=closed]) a"),
        ("/sessions/", "li:has([data-status=closed]) a", "a[href$='/history/']"),
        ("/sessions/", "a[href*='/sessions/']", "a[href*='/somebody-else/']"),
        ("/sessions/", "a[href*='/sessions/']", "a[href*='/safety/new/']"),
        ("/", "a[href$='/move/']"),
        ("/", "a[href$='/cancel/']"),
        ("/people/", "a[href*='/people/']"),
        ("/programs/", PROGRAM),
        ("/programs/", PROGRAM, "a[href$='/ask/'], a[href*='/requests/']"),
        ("/programs/", PROGRAM, "a[href$='/objective/']"),
        ("/retreats/", "a[href*='/retreats/']", "a[href$='/part/']"),
        ("/answers/", ".rows a[href*='/answers/']"),
    ),
    "Carla Berg": (
        ("/retreats/", "a[href*='/retreats/']:not([href$='/new/'])"),
        *(
            ("/retreats/", "a[href*='/retreats/']:not([href$='/new/'])", f"a[href*='/{part}/']")
            for part in ("plan", "edit", "block", "item", "place")
        ),
        ("/programs/", PROGRAM),
        ("/programs/", PROGRAM, "a[href*='/matches/']"),
        ("/programs/", PROGRAM, "a[href$='/enrol/']"),
        ("/programs/", PROGRAM, "a[href$='/edit/']"),
        ("/programs/", PROGRAM, "a[href$='/rituals/']"),
        ("/programs/", PROGRAM, "a[href$='/week/']"),
        ("/answers/?q=first change", ".rows a[href*='/answers/']"),
        ("/answers/?q=first change", ".rows a[href*='/answers/']", "a[href$='/edit/']"),
        ("/pilots/", ".rows a[href*='/pilots/']"),
        *(
            ("/pilots/", ".rows a[href*='/pilots/']", f"a[href*='/{part}/']")
            for part in ("plan", "reports")
        ),
    ),
    "Rika Lund": (
        ("/hiring/", JOB),
        ("/hiring/", JOB, "a[href$='/edit/']"),
        ("/hiring/", JOB, "a[href$='/page/']"),
        ("/hiring/", JOB, "a[href*='/p/']:not([href$='/job/'])"),
        ("/hiring/", JOB, "a[href*='/p/'][href$='/job/']"),
        ("/offers/", ".rows a[href*='/offers/']"),
    ),
    "Ansel Roth": (("/reports/", "a[href*='/reports/']:not([href$='/new/'])"),),
}
# What answers otherwise than with 200, and is meant to: pages that refuse are pages too.
REFUSED = {"/no/": 404, "/audit/": 403}


def go(page: Page, address: str, status: int = 200) -> None:
    response = page.goto(address)
    assert response is not None
    assert response.status == status, address


Way = tuple[str, ...]


def walked(page: Page, ways: tuple[Way, ...]) -> Iterator[Way]:
    """Stand on each page of the ways once, and say which; the links of a way lead to the next."""
    stops = dict.fromkeys(way[:length] for way in ways for length in range(1, len(way) + 1))
    addresses = {stop: stop[0] for stop in stops if len(stop) == 1}
    for stop in stops:
        go(page, addresses[stop])
        for onward in stops:
            if onward[:-1] == stop:
                link = page.locator("main").locator(onward[-1]).first
                addresses[onward] = str(link.get_attribute("href"))
        yield stop


@pytest.mark.parametrize("name", dict.fromkeys([*AS, *LINKS]))
def test_no_page_has_a_violation(demo: Served, enter: Enter, name: str) -> None:
    page, wrong = enter(demo, name), []
    later = AT_NIGHT.get(name, ()) if os.environ.get("HANDRAIL_AT_NIGHT") else ()
    for address in (*AS.get(name, ()), *later):
        go(page, address, 200 if name == "Adele Winter" else REFUSED.get(address, 200))
        wrong += in_both_themes(page)
    ways = LINKS.get(name, ())
    for stop in walked(page, ways):
        if stop in ways:
            wrong += in_both_themes(page)
    assert wrong == []


@pytest.mark.nightly
def test_no_page_that_the_demo_does_not_play_has_a_violation(enter: Enter, tmp_path: Path) -> None:
    """What the pictures stage, in a demo of its own: other journeys count on theirs."""
    put_a_demo(tmp_path)
    wrong, seen = [], 0
    with contextmanager(serve)(tmp_path, free_port()) as served:
        for script in sorted((ROOT / "tests/harness").glob("staged_*.py")):
            done = subprocess.run(
                [sys.executable, str(script)],
                env=environment(served.home, served.url),
                capture_output=True,
                text=True,
                check=True,
            )
            for line in done.stdout.splitlines():
                _name, who, address = line.split("\t")
                page = enter(served, "" if who == "nobody" else who)
                go(page, address)
                wrong += in_both_themes(page)
                seen += 1
                page.context.close()
    assert wrong == []
    assert seen > 40


def test_a_seeded_fault_is_found(demo: Served, enter: Enter) -> None:
    page = enter(demo)
    page.goto("/welcome/")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x>')")
    assert any("image-alt" in one for one in axe(page))
