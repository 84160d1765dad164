"""Every page of the demo as a picture: 390 and 1280 px, light and dark.

Run by `make pictures`: python tests/harness/pictures.py [--url URL] [--out FOLDER] [--only NAMES]
Without --url a fresh demo is played and served for the time being (with --played FOLDER a copy of
one that was played today); a week is matched and a session is held in it. Pages that need an object
are found by following links as that person. With --readme (`make pictures README=yes`) the three
pictures of README.md are taken anew into docs/pictures.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from chromium import ARGUMENTS, chromium
from cohort_steps import a_cohort
from picture_ways import ANYBODY, PEOPLE, WAIT, Way, through
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = {"390": {"width": 390, "height": 844}, "1280": {"width": 1280, "height": 900}}
PATIENCE = 900  # seconds in which a demo is played, on a machine that does much else
SCHEMES = ("light", "dark")
KINDS = [(width, scheme) for width in WIDTHS for scheme in SCHEMES]
# What the demo does not play: each script puts it there and says which pages show it.
STAGED = {
    "staged_run.py": "match-making",
    "staged_replies.py": "room-proposal proposal-today mail-in-list",
    "staged_project.py": "project-program project-list project-new project-lead project-edit"
    " project-mentor project-hand-over project-week project-objectives project-mentee"
    " project-today",
    "staged_pilot.py": "pilot-draft-edit pilot-draft-hires pilot-draft-plan pilot-mine"
    " report-every",
    "staged_office.py": "office-all office-book office-move office-turns office-cannot office-rota"
    " office-program office-offer office-offer-today",
    "staged_asked.py": "request request-mentor request-today request-mail request-question"
    " request-asked-back cancel-mail book-for book-why-not",
    "staged_hires.py": "hires hire-new hires-file hire-jobs hire-approve hire-no-date hire-no-job"
    " own-place own-place-out",
    "staged_identity.py": "notices notices-lead people-notices provider sign-in-list linked"
    " provider-saml provider-saml-new",
    "staged_calendars.py": "calendars-connected hours-with-days closed-days-some",
    "staged_chats.py": "chats chat-link draft draft-room",
    "staged_connections.py": "connections-some connection-code connection-failing connection-out"
    " connection-edit accounts accounts-data",
    "staged_offers.py": "offers-compared offer-held copies hiring-to-correct",
    "staged_records.py": "statement-mentor statement-mentee statement-public statement-taken-back"
    " records-badges groups-filled groups-own harm-tended harm-waiting harm-seen harm-own"
    " harm-contacts-named",
    "staged_rooms.py": "room-last-minutes room-over",
    "staged_rituals.py": "quiet-program quiet-part quiet-today appeal-to-say appeal-refused"
    " appeal-said appeal-mentor appeal-today appeal-lead"
    " thanks-to-say thanks-said thanks-mentor thanks-today",
}
ROOM = "room-running room-after room-not-saved room-conflict"
COHORT = (
    "cohort-intake-new cohort-program cohort-intake cohort-intake-edit cohort-place-today"
    " cohort-place cohort-times cohort-weeks cohort-weeks-member cohort-today"
    " cohort-wants-mentor"
)
README = Path("docs/pictures")
README_HEIGHTS = {"match": 960, "room": 1240, "report": 1130}  # how far down each page is shown


@contextmanager
def a_demo_of_our_own(played: Path | None = None) -> Iterator[tuple[str, Path]]:
    """A fresh demo, or a copy of one, and its folder, served until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://localhost:{port}"
    with tempfile.TemporaryDirectory(prefix="handrail-pictures-") as folder:
        if played is not None:
            shutil.copytree(played, folder, dirs_exist_ok=True)
        handrail = str(Path(sys.executable).with_name("handrail"))
        command = [handrail, "demo", "--home", folder, "--port", str(port)]
        with subprocess.Popen(
            command,
            env={**os.environ, "HANDRAIL_BASE_URL": url},
            stdout=subprocess.DEVNULL,
        ) as server:
            try:
                _wait_for(url, server)
                yield url, Path(folder)
            finally:
                server.terminate()


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _second in range(PATIENCE):
        if server.poll() is not None:
            raise SystemExit("The demo ended before it served. Try: handrail demo")
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(1)
    raise SystemExit("The demo did not answer within 15 minutes. Try: handrail demo")


def take(url: str, out: Path, only: str, *, home: Path | None, readme: bool) -> int:
    """Take all pictures; the number of pages that could not be reached comes back.

    What changes the demo is done in one of our own only: `home` is its folder.
    """
    out.mkdir(parents=True, exist_ok=True)
    missed = 0
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        try:
            for width, scheme in KINDS:
                for who in ("nobody", *PEOPLE):
                    with _page(browser, url, who, width, scheme) as page:
                        for name, way in PEOPLE.get(who, ANYBODY).items():
                            if _is_wanted(name, only):
                                missed += not _picture(page, name, way, out, f"{width}-{scheme}")
            if home and _is_wanted("match-preview match-compare", only):
                match_a_week(browser, url, out)
            for script, names in STAGED.items():
                if home and _is_wanted(names, only):
                    show_staged(browser, url, staged(script, home), only, out)
            if home and _is_wanted(COHORT, only):
                run_a_cohort(browser, url, out)
                show_staged(browser, url, staged("staged_mentor.py", home), only, out)
            if home and _is_wanted(ROOM, only):
                hold_a_session(browser, url, out)
            if readme:
                take_for_readme(out)
        finally:
            browser.close()
    return missed


def _is_wanted(name: str, only: str) -> bool:
    return any(part in name for part in only.split(","))


def match_a_week(browser: Browser, url: str, out: Path) -> None:
    """A lead looks at a week's proposals, rules a pair out and compares; nothing is published."""
    with _page(browser, url, "lead", *KINDS[0]) as lead:
        through("/programs/", "/programs/")(lead)
        lead.set_default_timeout(4 * WAIT)  # the worker matches, beside all else
        # A week that the demo left to nobody, and sessions left for everybody, on every weekday.
        lead.get_by_role("link", name="Rules").click()
        last_day = date.fromisoformat(lead.get_by_label("Last day").input_value())
        lead.get_by_label("Last day").fill((last_day + timedelta(weeks=1)).isoformat())
        lead.get_by_label("Sessions for each mentee").fill("12")
        lead.locator("main form").get_by_role("button").first.click()
        lead.get_by_label("Week from Monday").fill((last_day + timedelta(days=1)).isoformat())
        lead.get_by_role("button", name="Match this week").click()
        lead.locator("li.match").first.wait_for()
        _match_pictures(browser, url, lead.url, "match-preview", out)
        lead.get_by_role("button", name="Do not pair").first.click()
        lead.locator("li.match").first.wait_for()
        other = lead.locator("section[aria-labelledby=compare-title] a").first
        _match_pictures(browser, url, str(other.get_attribute("href")), "match-compare", out)


def run_a_cohort(browser: Browser, url: str, out: Path) -> None:
    """From the template to twelve weeks, as the administrator and as one of the new hires."""

    def shown(who: str, address: str, name: str) -> None:
        for width, scheme in KINDS:
            with _page(browser, url, who, width, scheme) as page:
                _picture(page, name, address, out, f"{width}-{scheme}")

    with _page(browser, url, "administrator", *KINDS[0]) as page:
        a_cohort(page, shown)


def show_staged(browser: Browser, url: str, lines: str, only: str, out: Path) -> None:
    """The pages that a script put there, one a line: its name, who looks, address."""
    for name, who, address in (line.split("\t") for line in lines.splitlines()):
        if _is_wanted(name, only):
            for width, scheme in KINDS:
                with _page(browser, url, who, width, scheme) as page:
                    _picture(page, name, address, out, f"{width}-{scheme}")
        if name == "appeal-to-say":
            with _page(browser, url, who, *KINDS[0]) as page:
                say_what_happened(page, address, out)


def say_what_happened(page: Page, room: str, out: Path) -> None:
    """Who missed a session says why: first too little, then in a sentence."""
    page.goto(room)
    page.locator("form[action$='/appeal/'] textarea").fill("Ill.")
    page.locator("form[action$='/appeal/'] button").first.click()
    page.screenshot(path=out / "appeal-refused-390-light.png", full_page=True)
    told = "The power was out in our street. I wrote to you from my phone once it was back."
    page.locator("form[action$='/appeal/'] textarea").fill(told)
    page.locator("form[action$='/appeal/'] button").first.click()
    page.wait_for_load_state()


def staged(name: str, home: Path) -> str:
    """What a script that puts something into the demo prints."""
    script = Path(__file__).with_name(name)
    environment = {**os.environ, "HANDRAIL_HOME": str(home)}
    command = [sys.executable, str(script)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def _match_pictures(browser: Browser, url: str, address: str, name: str, out: Path) -> None:
    for width, scheme in KINDS:
        with _page(browser, url, "lead", width, scheme) as page:
            _picture(page, name, address, out, f"{width}-{scheme}")


def hold_a_session(browser: Browser, url: str, out: Path) -> None:
    """Mentee and mentor meet early: pictures of the room while it runs and afterwards."""
    with _page(browser, url, "mentee", *KINDS[0]) as mentee:
        mentee.goto("/")
        mentee.get_by_role("link", name="Join", exact=True).click()
        room = mentee.url
        who = mentee.locator(".presence li", has_text="mentor").inner_text().partition(" mentor")[0]
        with _page(browser, url, who, *KINDS[0]) as mentor:
            mentor.goto(room)
            mentor.locator("#call-form [name=call_link]").fill("https://meet.example.org/freya")
            mentor.locator("#call-form button").click()
            mentee.reload()
            for tick in mentee.locator(".tick-button").all()[:3]:
                tick.click()
                mentee.wait_for_timeout(500)
            mentee.locator("#notes").fill("Where does the setting live?\nTry it in the docs first.")
            mentee.locator("[data-save-state=notes][data-state=everywhere]").wait_for()
            mentee.locator("#do-check-in").click()
            mentor.reload()
            mentor.locator("#do-check-in").click()
            mentor.locator("#do-start").click()
            mentor.locator("#notes").fill("It lives in the project's own file, since version 3.")
            mentor.locator("[data-save-state=notes][data-state=everywhere]").wait_for()
            _room_pictures(browser, url, room, "room-running", out)
            _room_pictures(browser, url, _nowhere_to_save(room), "room-not-saved", out)
            mentor.locator("#do-finish").click()
            _room_pictures(browser, url, room, "room-after", out)
            _write_at_once(mentee, mentor)
            _room_pictures(browser, url, room, "room-conflict", out)


def _write_at_once(one: Page, other: Page) -> None:
    """Both write what was learned, neither knowing of the other."""
    for page in (one, other):
        page.reload()
    one.context.set_offline(True)
    one.locator("[name=learned]").fill("The setting is read from the project's file first.")
    other.locator("[name=learned]").fill("Look into the project's file, then into your own.")
    other.locator("[data-save-state=artifact][data-state=everywhere]").wait_for()
    one.context.set_offline(False)
    one.locator("[data-copy-text]").wait_for()


def _nowhere_to_save(room: str) -> Way:
    """A device whose disk refuses, and a server that does not answer."""

    def way(page: Page) -> None:
        page.add_init_script("IDBFactory.prototype.open = () => { throw new Error('full') }")
        page.route("**/api/v1/ops", lambda route: route.abort())
        page.goto(room)
        page.locator("#notes").fill("Where does the setting live?\nIn a file that I cannot open.")
        page.get_by_role("alert").wait_for()

    return way


def _room_pictures(browser: Browser, url: str, room: Way, name: str, out: Path) -> None:
    for width, scheme in KINDS:
        with _page(browser, url, "mentee", width, scheme) as page:
            _picture(page, name, room, out, f"{width}-{scheme}")


def take_for_readme(out: Path) -> None:
    """The top of three pages at 1280 px, in few colours so that the repository stays small."""
    README.mkdir(parents=True, exist_ok=True)
    for name, page in (("match", "match-preview"), ("room", "room-running"), ("report", "report")):
        with Image.open(out / f"{page}-1280-light.png") as whole:
            top = whole.convert("RGB").crop((0, 0, whole.width, README_HEIGHTS[name]))
            few = top.quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
            few.save(README / f"{name}.png", optimize=True)


@contextmanager
def _page(browser: Browser, url: str, who: str, width: str, scheme: str) -> Iterator[Page]:
    """A page for nobody, or one signed in as the first person of that name or role."""
    context = browser.new_context(
        base_url=url, viewport=WIDTHS[width], color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(WAIT)
    if who != "nobody":
        page.goto("/demo/")
        page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        page.locator("main li", has_text=who).first.get_by_role("button").click()
        page.locator(".site-nav").wait_for()
    yield page
    context.close()


def _picture(page: Page, name: str, way: Way, out: Path, kind: str) -> bool:
    size = page.viewport_size
    try:
        if callable(way):
            way(page)
        else:
            page.goto(way)
        page.screenshot(path=out / f"{name}-{kind}.png", full_page=True)
    except Exception as error:  # one page that is not there must not lose the others' pictures
        sys.stderr.write(f"  {name} ({kind}): {str(error).splitlines()[0]}\n")
        return False
    finally:
        page.context.set_offline(False)  # some pages are looked at without a network
        page.emulate_media(media="screen")  # and some on paper, or on a narrower screen
        if size is not None:
            page.set_viewport_size(size)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="", help="of a demo that is served already")
    parser.add_argument("--played", type=Path, help="the folder of a demo that was played today")
    parser.add_argument("--out", type=Path, default=Path("pictures"))
    parser.add_argument("--only", default="", help="only pages named like one of these: a,b")
    parser.add_argument("--readme", action="store_true", help="renew docs/pictures as well")
    arguments = parser.parse_args()
    out, only, readme = arguments.out, arguments.only, arguments.readme
    if readme and arguments.url:
        parser.error("--readme needs a demo of its own")
    if arguments.url:
        missed = take(arguments.url, out, only, home=None, readme=False)
    else:
        sys.stdout.write("Playing a demo to look at ...\n")
        with a_demo_of_our_own(arguments.played) as (url, home):
            missed = take(url, out, only, home=home, readme=readme)
    sys.stdout.write(f"Pictures are in {out}/{' and ' + str(README) + '/' if readme else ''}\n")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
