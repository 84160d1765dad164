"""axe finds nothing, on every kind of page, in both themes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from stage import Enter, Served, axe, in_both_themes

AS = {
    "": (
        "/welcome/",
        "/account/login/",
        "/account/login/code/",
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
        "/audit/",
    ),
    "Carla Berg": ("/", "/programs/", "/reports/", "/reports/new/", "/retreats/new/"),
    "Adele Winter": (
        "/people/import/",
        "/programs/new/",
        "/settings/organization/",
        "/settings/mail-in/",
        "/settings/closed-days/",
        "/audit/",
    ),
}
# Other journeys make programs of their own.
PROGRAM = "a:has-text('Tooling start')"
# The first link of each kind that such a page has, followed one after the other.
LINKS = {
    "Ben Singh": (
        ("/sessions/", "a[href*='/sessions/']"),
        ("/sessions/", "li:has([data-status=closed]) a"),
        ("/sessions/", "a[href*='/sessions/']", "a[href*='/somebody-else/']"),
        ("/", "a[href$='/move/']"),
        ("/", "a[href$='/cancel/']"),
        ("/people/", "a[href*='/people/']"),
        ("/programs/", PROGRAM),
        ("/programs/", PROGRAM, "a[href$='/ask/'], a[href*='/requests/']"),
        ("/retreats/", "a[href*='/retreats/']", "a[href$='/part/']"),
    ),
    "Carla Berg": (
        ("/retreats/", "a[href*='/retreats/']:not([href$='/new/'])"),
        ("/retreats/", "a[href*='/retreats/']:not([href$='/new/'])", "a[href$='/plan/']"),
        ("/programs/", PROGRAM),
        ("/programs/", PROGRAM, "a[href*='/matches/']"),
        ("/programs/", PROGRAM, "a[href$='/enrol/']"),
        ("/programs/", PROGRAM, "a[href$='/edit/']"),
        ("/programs/", PROGRAM, "a[href$='/rituals/']"),
        ("/programs/", PROGRAM, "a[href$='/week/']"),
    ),
    "Ansel Roth": (("/reports/", "a[href*='/reports/']:not([href$='/new/'])"),),
}
# What answers otherwise than with 200, and is meant to: pages that refuse are pages too.
REFUSED = {"/no/": 404, "/audit/": 403}


def go(page: Page, address: str, status: int = 200) -> None:
    response = page.goto(address)
    assert response is not None
    assert response.status == status, address


def follow(page: Page, start: str, *selectors: str) -> None:
    go(page, start)
    for selector in selectors:
        address = page.locator("main").locator(selector).first.get_attribute("href")
        go(page, str(address))


@pytest.mark.parametrize("name", dict.fromkeys([*AS, *LINKS]))
def test_no_page_has_a_violation(demo: Served, enter: Enter, name: str) -> None:
    page, wrong = enter(demo, name), []
    for address in AS.get(name, ()):
        go(page, address, 200 if name == "Adele Winter" else REFUSED.get(address, 200))
        wrong += in_both_themes(page)
    for kinds in LINKS.get(name, ()):
        follow(page, *kinds)
        wrong += in_both_themes(page)
    assert wrong == []


def test_a_seeded_fault_is_found(demo: Served, enter: Enter) -> None:
    page = enter(demo)
    page.goto("/welcome/")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x>')")
    assert any("image-alt" in one for one in axe(page))
