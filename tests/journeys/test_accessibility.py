"""axe finds nothing, on every kind of page, in both themes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from stage import Enter, Served, axe

AS = {
    "": ("/welcome/", "/account/login/", "/account/login/code/", "/demo/", "/demo/mails/", "/no/"),
    "Ben Singh": (
        "/",
        "/sessions/",
        "/people/",
        "/settings/",
        "/settings/skills/",
        "/settings/reminders/",
        "/settings/pause/",
        "/settings/not-with/?q=a",
        "/settings/keys/",
        "/audit/",
    ),
    "Carla Berg": ("/", "/programs/", "/reports/", "/reports/new/"),
    "Adele Winter": ("/people/import/", "/programs/new/", "/settings/organization/", "/audit/"),
}
# The first link of each kind that such a page has, followed one after the other.
LINKS = {
    "Ben Singh": (("/sessions/",), ("/sessions/", "/move/"), ("/people/",)),
    "Carla Berg": (("/programs/",), ("/programs/", "/matches/"), ("/programs/", "/enrol/")),
    "Ansel Roth": (("/reports/",),),
}


def follow(page: Page, kinds: tuple[str, ...]) -> None:
    page.goto(kinds[0])
    for kind in kinds:
        address = page.locator(f"main a[href*='{kind}']").first.get_attribute("href")
        page.goto(str(address))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_page_has_a_violation(demo: Served, enter: Enter, dark: bool) -> None:
    wrong: list[str] = []
    for name in dict.fromkeys([*AS, *LINKS]):
        page = enter(demo, name, dark=dark)
        for address in AS.get(name, ()):
            page.goto(address)
            wrong += axe(page)
        for kinds in LINKS.get(name, ()):
            follow(page, kinds)
            wrong += axe(page)
        page.context.close()
    assert wrong == []


def test_a_seeded_fault_is_found(demo: Served, enter: Enter) -> None:
    page = enter(demo)
    page.goto("/welcome/")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x>')")
    assert any("image-alt" in one for one in axe(page))
