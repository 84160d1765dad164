"""Which pages are pictured, as whom, and how to get to each of them."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

WAIT = 15_000  # milliseconds

# Name of the picture: who looks, and how to get there (an address, or links to follow).
Way = str | Callable[[Page], None]


def through(start: str, *patterns: str) -> Callable[[Page], None]:
    """Follow the first link of each kind, from a start address."""

    def go(page: Page) -> None:
        page.goto(start)
        for pattern in patterns:
            link = page.locator(f"main a[href*='{pattern}']").first
            address = link.get_attribute("href", timeout=WAIT)
            page.goto(str(address))

    return go


def in_a_retreat(*patterns: str) -> Callable[[Page], None]:
    """The first retreat of the list, and from there the first link of each kind."""

    def go(page: Page) -> None:
        page.goto("/retreats/")
        address = page.locator("main .rows a").first.get_attribute("href", timeout=WAIT)
        through(str(address), *patterns)(page)

    return go


def a_missed_session(page: Page) -> None:
    """A session that was not held, as the lead sees it."""
    through("/programs/", "/programs/")(page)
    missed = page.locator("main li:has([data-status=not_held]) a").first
    page.goto(str(missed.get_attribute("href", timeout=WAIT)))


def newest_report(page: Page) -> None:
    page.goto("/reports/")
    page.locator("main .rows a").first.click()
    page.wait_for_load_state()


def preview_of_an_import(page: Page) -> None:
    """Upload the example's people; nothing is applied."""
    page.goto("/people/import/")
    page.set_input_files("input[type=file]", "examples/remote-team-a/people.csv")
    page.locator("main form button").first.click()
    page.wait_for_load_state()


def a_request(page: Page) -> None:
    """Ask the first mentor for the first time, or see the request that is open."""
    through("/programs/", "/programs/")(page)
    if page.locator("main a[href*='/ask/']").count():
        through("/programs/", "/programs/", "/ask/")(page)
        page.fill("#id_note", "I tried to rebase and lost a commit. The reflog shows it.")
        page.locator("input[name=choice]").first.check()
        page.locator("main form button:not([name])").first.click()
        page.wait_for_load_state()
    else:
        through("/programs/", "/programs/", "/requests/")(page)


ANYBODY: dict[str, Way] = {
    "welcome": "/welcome/",
    "sign-in": "/account/login/",
    "sign-in-code": "/account/login/code/",
    "password-reset": "/account/password/reset/",
    "sign-up-closed": "/account/signup/",
    "demo": "/demo/",
    "mails": "/demo/mails/",
    "mail": through("/demo/mails/", "/demo/mails/"),
    "not-found": "/nothing-here/",
}
MENTEE: dict[str, Way] = {
    "today-mentee": "/",
    "sessions": "/sessions/",
    "room": through("/sessions/", "/sessions/"),
    "somebody-else": through("/sessions/", "/sessions/", "/somebody-else/"),
    "move": through("/sessions/", "/sessions/", "/move/"),
    "cancel": through("/sessions/", "/sessions/", "/cancel/"),
    "people": "/people/",
    "person": through("/people/", "/people/"),
    "program-mentee": through("/programs/", "/programs/"),
    "objective": through("/programs/", "/programs/", "/objective/"),
    "book": through("/programs/", "/programs/", "/book/"),
    "ask": through("/programs/", "/programs/", "/ask/"),
    "request": a_request,
    "retreat-guest": in_a_retreat(),
    "retreat-part": in_a_retreat("/part/"),
    "settings": "/settings/",
    "settings-hours": "/settings/hours/",
    "settings-skills": "/settings/skills/",
    "settings-calendars": "/settings/calendars/",
    "settings-reminders": "/settings/reminders/",
    "settings-pause": "/settings/pause/",
    "settings-not-with": "/settings/not-with/?q=a",
    "keys": "/settings/keys/",
    "account-email": "/account/email/",
    "account-two-factor": "/account/2fa/",
    "account-devices": "/account/sessions/",
    "refused": "/audit/",
}
LEAD: dict[str, Way] = {
    "today-lead": "/",
    "programs": "/programs/",
    "program-lead": through("/programs/", "/programs/"),
    "match-run": through("/programs/", "/programs/", "/matches/"),
    "enrol": through("/programs/", "/programs/", "/enrol/"),
    "program-rules": through("/programs/", "/programs/", "/edit/"),
    "session-missed": a_missed_session,
    "program-rituals": through("/programs/", "/programs/", "/rituals/"),
    "program-week": through("/programs/", "/programs/", "/week/"),
    "report-new": "/reports/new/",
    "retreats": "/retreats/",
    "retreat-new": "/retreats/new/",
    "retreat": in_a_retreat(),
    "retreat-plan": in_a_retreat("/plan/"),
    "retreat-block": in_a_retreat("/block/?of="),
    "retreat-item": in_a_retreat("/item/?of="),
    "retreat-days": in_a_retreat("/edit/"),
}
ADMINISTRATOR: dict[str, Way] = {
    "today-administrator": "/",
    "import": "/people/import/",
    "import-preview": preview_of_an_import,
    "program-new": "/programs/new/",
    "organization": "/settings/organization/",
    "closed-days": "/settings/closed-days/",
    "mail-in": "/settings/mail-in/",
    "audit": "/audit/",
    "reports": "/reports/",
    "report": newest_report,
    "choose-organization": "/organizations/choose/",
}
PEOPLE = {"mentee": MENTEE, "lead": LEAD, "administrator": ADMINISTRATOR}
