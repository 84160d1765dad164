"""Every page of the demo as a picture: 390 and 1280 px, light and dark.

Run by `make pictures`: python tests/harness/pictures.py [--url URL] [--out FOLDER] [--only NAME]
The demo must be served on loopback (`handrail demo`); without --url one is looked for on
http://localhost:8000. Pages that need an object are found by following links as that person.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = {"390": {"width": 390, "height": 844}, "1280": {"width": 1280, "height": 900}}
SCHEMES = ("light", "dark")

# Name of the picture: who looks, and how to get there (an address, or links to follow).
Way = str | Callable[[Page], None]


def through(start: str, *patterns: str) -> Callable[[Page], None]:
    """Follow the first link of each kind, from a start address."""

    def go(page: Page) -> None:
        page.goto(start)
        for pattern in patterns:
            link = page.locator(f"main a[href*='{pattern}']").first
            address = link.get_attribute("href", timeout=3_000)
            page.goto(str(address))

    return go


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
    "people": "/people/",
    "person": through("/people/", "/people/"),
    "program-mentee": through("/programs/", "/programs/"),
    "objective": through("/programs/", "/programs/", "/objective/"),
    "book": through("/programs/", "/programs/", "/book/"),
    "settings": "/settings/",
    "settings-skills": "/settings/skills/",
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
    "report-new": "/reports/new/",
}
ADMINISTRATOR: dict[str, Way] = {
    "today-administrator": "/",
    "import": "/people/import/",
    "program-new": "/programs/new/",
    "organization": "/settings/organization/",
    "audit": "/audit/",
    "reports": "/reports/",
    "report": through("/reports/", "/reports/"),
    "choose-organization": "/organizations/choose/",
}
PEOPLE = {"mentee": MENTEE, "lead": LEAD, "administrator": ADMINISTRATOR}


def take(url: str, out: Path, only: str) -> int:
    """Take all pictures; the number of pages that could not be reached comes back."""
    out.mkdir(parents=True, exist_ok=True)
    missed = 0
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium") or None, args=["--no-sandbox"]
        )
        try:
            for width, scheme in ((w, s) for w in WIDTHS for s in SCHEMES):
                for who, page in _pages(browser, url, width, scheme):
                    ways = PEOPLE.get(who, ANYBODY)
                    for name, way in ways.items():
                        if only in name:
                            missed += not _picture(page, name, way, out, f"{width}-{scheme}")
        finally:
            browser.close()
    return missed


def _pages(browser: Browser, url: str, width: str, scheme: str) -> Iterator[tuple[str, Page]]:
    """A page for nobody, then one signed in as each kind of person."""
    for who in ("nobody", *PEOPLE):
        context = browser.new_context(
            base_url=url,
            viewport=WIDTHS[width],
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        page = context.new_page()
        if who != "nobody":
            page.goto("/demo/")
            row = page.locator("main li", has_text=who).first
            row.get_by_role("button").click()
        yield who, page
        context.close()


def _picture(page: Page, name: str, way: Way, out: Path, kind: str) -> bool:
    try:
        if callable(way):
            way(page)
        else:
            page.goto(way)
        page.screenshot(path=out / f"{name}-{kind}.png", full_page=True)
    except Exception as error:  # one page that is not there must not lose the others' pictures
        sys.stderr.write(f"  {name} ({kind}): {str(error).splitlines()[0]}\n")
        return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://localhost:8000")
    parser.add_argument("--out", type=Path, default=Path("pictures"))
    parser.add_argument("--only", default="", help="only pages whose name contains this")
    arguments = parser.parse_args()
    missed = take(arguments.url, arguments.out, arguments.only)
    sys.stdout.write(f"Pictures are in {arguments.out}/\n")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
