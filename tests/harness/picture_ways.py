"""Which pages are pictured, as whom, and how to get to each of them."""

from __future__ import annotations

import secrets
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


def a_mentee(*patterns: str) -> Callable[[Page], None]:
    """The first mentee of the list of people, and from there the first link of each kind."""

    def go(page: Page) -> None:
        page.goto("/people/?role=mentee")
        address = page.locator("main .rows a").first.get_attribute("href", timeout=WAIT)
        through(str(address), *patterns)(page)

    return go


def a_history(page: Page) -> None:
    """What was written in a session that is over."""
    page.goto("/sessions/")
    over = page.locator("main li:has([data-status=closed]) a").first
    page.goto(str(over.get_attribute("href", timeout=WAIT)) + "history/")


def newest_report(page: Page) -> None:
    page.goto("/reports/")
    page.locator("main .rows a").first.click()
    page.wait_for_load_state()


def in_a_pilot(*patterns: str) -> Callable[[Page], None]:
    """The first pilot of the list, and from there the first link of each kind."""

    def go(page: Page) -> None:
        page.goto("/pilots/")
        address = page.locator("main .rows a").first.get_attribute("href", timeout=WAIT)
        through(str(address), *patterns)(page)

    return go


def the_badge(page: Page) -> None:
    """The badge of the first posting, alone, as another site's page shows it."""
    in_rows("/hiring/", "/p/")(page)
    badge = page.request.get(page.url + "badge.svg").text()
    page.goto("about:blank")
    page.set_content(badge)


def preview_of_an_import(page: Page) -> None:
    """Upload the example's people; nothing is applied."""
    page.goto("/people/import/")
    page.set_input_files("input[type=file]", "examples/remote-team-a/people.csv")
    page.locator("main form button").first.click()
    page.wait_for_load_state()


def a_new_key(page: Page) -> None:
    """A key of one's own, shown once; each picture makes another."""
    page.goto("/settings/keys/")
    page.locator("main form input[type=text]").first.fill("Our dashboard")
    page.locator("main form input[type=checkbox]").first.check()
    page.locator("main form button").first.click()
    page.wait_for_load_state()


def a_connection(page: Page) -> None:
    """A new connection with its secret, shown once; each picture makes another."""
    page.goto("/connections/new/github/")
    page.locator("main form input[name=name]").fill(f"Our code {secrets.token_hex(2)}")
    page.locator("main form button").first.click()
    page.wait_for_load_state()


def a_report_of_harm(page: Page) -> None:
    """A report about nobody, so that no other picture loses its pair."""
    through("/sessions/", "/sessions/", "/safety/new/")(page)
    page.locator("main input[value=nobody]").check()
    page.locator("main textarea").fill("Somebody shouted in the background, twice.")
    page.locator("main form button").first.click()
    page.wait_for_load_state()


# The worker is at work, and the answers have come.
KEPT = """async () => {
  const names = (await indexedDB.databases()).map(one => one.name)
  return !!navigator.serviceWorker.controller && names.some(one => one.includes('-answers-'))
}"""


def without_network(way: Way) -> Callable[[Page], None]:
    """The page as this device shows it while there is no network."""

    def go(page: Page) -> None:
        page.goto("/")
        for _look in range(60):
            if page.evaluate(KEPT):
                break
            page.wait_for_timeout(500)
        if callable(way):
            way(page)
        address = page.url if callable(way) else way
        page.wait_for_timeout(3000)  # what was looked at is kept a moment later
        page.context.set_offline(True)
        page.goto(address)
        page.wait_for_timeout(1500)

    return go


def in_german(way: Way) -> Callable[[Page], None]:
    """The page as somebody reads it whose language is German; afterwards it is English again."""

    def go(page: Page) -> None:
        _read_in(page, "de")
        _follow(page, way)
        aside = page.context.new_page()
        _read_in(aside, "en")
        aside.close()

    return go


def narrow(way: Way) -> Callable[[Page], None]:
    """The page on the narrowest phone that it must be readable on."""

    def go(page: Page) -> None:
        page.set_viewport_size({"width": 360, "height": 740})
        _follow(page, way)

    return go


def on_paper(way: Way) -> Callable[[Page], None]:
    """The page as it is printed: the width of A4 without its margins."""

    def go(page: Page) -> None:
        _follow(page, way)
        page.set_viewport_size({"width": 672, "height": 1000})
        page.emulate_media(media="print")

    return go


def _read_in(page: Page, language: str) -> None:
    page.goto("/settings/")
    page.locator("main select[name=language]").select_option(language)
    page.locator("main form:has(select[name=language]) button").first.click()
    page.wait_for_load_state()


def _follow(page: Page, way: Way) -> None:
    if callable(way):
        way(page)
    else:
        page.goto(way)


def a_question(page: Page) -> None:
    """A question of one's own, asked anew for each picture."""
    page.goto("/answers/ask/")
    page.locator("main textarea").first.fill("Who looks at a first change?")
    page.locator("main form button").first.click()
    page.wait_for_load_state()


def an_own_answer(*patterns: str) -> Callable[[Page], None]:
    """The answer that the lead wrote in the demo, which everybody may read."""

    def go(page: Page) -> None:
        page.goto("/answers/?q=first change")
        address = page.locator("main .rows a").first.get_attribute("href", timeout=WAIT)
        through(str(address), *patterns)(page)

    return go


def in_rows(start: str, *patterns: str) -> Callable[[Page], None]:
    """What the first row of a list leads to, and from there the first link of each kind."""

    def go(page: Page) -> None:
        page.goto(start)
        address = page.locator("main .rows a").first.get_attribute("href", timeout=WAIT)
        through(str(address), *patterns)(page)

    return go


ANYBODY: dict[str, Way] = {
    "welcome": "/welcome/",
    "sign-in": "/account/login/",
    "sign-in-code": "/account/login/code/",
    "sign-in-organization": "/sign-in/",
    "password-reset": "/account/password/reset/",
    "sign-up-closed": "/account/signup/",
    "demo": "/demo/",
    "mails": "/demo/mails/",
    "mail": through("/demo/mails/", "/demo/mails/"),
    "not-found": "/nothing-here/",
    "guide": "/guide/",
    "guide-page": "/guide/mentee/",
    "offline": "/offline/en/",
}
MENTEE: dict[str, Way] = {
    "today-mentee": "/",
    "sessions": "/sessions/",
    "room": through("/sessions/", "/sessions/"),
    "room-history": a_history,
    "somebody-else": through("/sessions/", "/sessions/", "/somebody-else/"),
    "move": through("/sessions/", "/sessions/", "/move/"),
    "cancel": through("/sessions/", "/sessions/", "/cancel/"),
    "people": "/people/",
    "person": through("/people/", "/people/"),
    "program-mentee": through("/programs/", "/programs/"),
    "objective": through("/programs/", "/programs/", "/objective/"),
    "book": through("/programs/", "/programs/", "/book/"),
    "ask": through("/programs/", "/programs/", "/ask/"),
    "retreat-guest": in_a_retreat(),
    "retreat-part": in_a_retreat("/part/"),
    "settings": "/settings/",
    "settings-hours": "/settings/hours/",
    "settings-skills": "/settings/skills/",
    "settings-calendars": "/settings/calendars/",
    "settings-reminders": "/settings/reminders/",
    "settings-data": "/settings/data/",
    "settings-consent": "/settings/consent/",
    "settings-pause": "/settings/pause/",
    "settings-not-with": "/settings/not-with/?q=a",
    "harm-new": through("/sessions/", "/sessions/", "/safety/new/"),
    "harm-report": a_report_of_harm,
    "harm-reports": "/safety/",
    "keys": "/settings/keys/",
    "keys-made": a_new_key,
    "account-password": "/account/password/change/",
    "account-code-app": "/account/2fa/totp/activate/",
    "account-passkey": "/account/2fa/webauthn/add/",
    "answers": "/answers/",
    "answer": an_own_answer(),
    "question-ask": "/answers/ask/",
    "question": a_question,
    "answer-new": "/answers/new/",
    "answers-offline": without_network("/answers/"),
    "answers-offline-found": without_network("/answers/?q=first+change"),
    "answer-offline": without_network(an_own_answer()),
    "room-offline": without_network(through("/sessions/", "/sessions/")),
    "offline-elsewhere": without_network("/programs/"),
    "sign-out": "/account/logout/",
    "account-email": "/account/email/",
    "account-two-factor": "/account/2fa/",
    "account-devices": "/account/sessions/",
    "refused": "/audit/",
}
MENTOR: dict[str, Way] = {
    "today-mentor": "/",
    "sessions-mentor": "/sessions/",
    "room-mentor": through("/sessions/", "/sessions/"),
    "program-mentor": through("/programs/", "/programs/"),
    "hours-mentor": "/settings/hours/",
    "skills-mentor": "/settings/skills/",
}
RECRUITER: dict[str, Way] = {
    "hiring": "/hiring/",
    "job": in_rows("/hiring/"),
    "job-edit": in_rows("/hiring/", "/edit/"),
    "job-page": in_rows("/hiring/", "/page/"),
    "job-new": "/hiring/jobs/new/",
    "jobs-import": "/hiring/jobs/import/",
    "look": "/hiring/look/",
    "hiring-settings": "/hiring/settings/",
    "promises": "/hiring/promises/",
    "offers": "/offers/",
    "offer": in_rows("/offers/"),
    "offer-new": "/offers/new/",
    "offers-import": "/offers/import/",
    "lottery": "/offers/lottery/",
    "trajectory": in_rows("/hiring/", "/p/"),
    "job-public": in_rows("/hiring/", "/job/"),
    "trajectory-narrow": narrow(in_rows("/hiring/", "/p/")),
    "trajectory-printed": on_paper(in_rows("/hiring/", "/p/")),
    "badge": the_badge,
    "hiring-german": in_german("/hiring/"),
    "job-german": in_german(in_rows("/hiring/")),
    "offers-german": in_german("/offers/"),
    "trajectory-german": in_german(in_rows("/hiring/", "/p/")),
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
    "answer-own": an_own_answer(),
    "answer-edit": an_own_answer("/edit/"),
    "waiting-questions": "/answers/waiting/",
    "answers-avoided": "/answers/avoided/",
    "report-new": "/reports/new/",
    "data-health": "/reports/data/",
    "pilots": "/pilots/",
    "pilot": in_a_pilot(),
    "pilot-plan": in_a_pilot("/plan/"),
    "pilot-plan-printed": on_paper(in_a_pilot("/plan/")),
    "pilot-hires": in_a_pilot("/hires/"),
    "pilot-moves": in_a_pilot("/moves/"),
    "pilot-report": in_a_pilot("/reports/"),
    "retreats": "/retreats/",
    "retreat-new": "/retreats/new/",
    "retreat": in_a_retreat(),
    "retreat-plan": in_a_retreat("/plan/"),
    "retreat-block": in_a_retreat("/block/?of="),
    "retreat-item": in_a_retreat("/item/?of="),
    "retreat-days": in_a_retreat("/edit/"),
    "retreat-place": in_a_retreat("/place/"),
}
ADMINISTRATOR: dict[str, Way] = {
    "today-administrator": "/",
    "people-administrator": "/people/",
    "person-administrator": a_mentee(),
    "person-edit": a_mentee("/edit/"),
    "import": "/people/import/",
    "import-preview": preview_of_an_import,
    "program-new": "/programs/new/",
    "pilot-new": "/pilots/new/",
    "organization": "/settings/organization/",
    "records": "/records/",
    "groups": "/records/groups/",
    "harm-contacts": "/safety/contacts/?q=a",
    "closed-days": "/settings/closed-days/",
    "answers-settings": "/answers/settings/",
    "directory": "/settings/directory/",
    "sign-in-settings": "/settings/sign-in/",
    "sign-in-saml": "/settings/sign-in/saml/",
    "mail-in": "/settings/mail-in/",
    "connections": "/connections/",
    "connection-new": "/connections/new/gitlab/",
    "connection-out-new": "/connections/new/webhooks/",
    "connection-made": a_connection,
    "search-settings": "/settings/search/",
    "audit": "/audit/",
    "reports": "/reports/",
    "report": newest_report,
    "report-printed": on_paper(newest_report),
    "choose-organization": "/organizations/choose/",
}
ANALYST: dict[str, Way] = {"today-analyst": "/", "reports-analyst": "/reports/"}
PEOPLE = {
    "mentee": MENTEE,
    "Freya Singh": MENTOR,  # the first mentor of the list leads as well
    "lead": LEAD,
    "recruiter": RECRUITER,
    "administrator": ADMINISTRATOR,
    "analyst": ANALYST,
}
