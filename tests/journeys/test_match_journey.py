"""A lead and the plan of a week: why nobody, what would help, a word on pairs, two plans compared.

And a large team, whose week a worker matches while the page says how far it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from stage import Enter, Served, free_port, in_both_themes, serve
from test_demo_journey import LEAD, the_program, with_sessions_for_all
from test_empty_install_journey import COLUMNS, sign_in

from factories.databases import copied_sqlite

WORDS = re.compile(
    "share the only times|No common time|No mentor is ahead|No objective yet|Nobody who fits"
)
CHANGES = re.compile("Would be served|No single change is enough")


def matched(page: Page, week: date) -> None:
    the_program(page)
    page.get_by_label("Week from Monday").fill(week.isoformat())
    page.get_by_role("button", name="Match this week").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Week from")


def a_week_of_our_own(page: Page) -> date:
    """A Monday after all that other tests match or publish."""
    return with_sessions_for_all(page) + timedelta(days=22)


def pairs(page: Page) -> list[str]:
    return [" ".join(one.inner_text().split()) for one in page.locator("li.match h2").all()]


def test_a_lead_sees_why_decides_matches_again_and_compares(demo: Served, enter: Enter) -> None:
    page = enter(demo, LEAD)
    week = a_week_of_our_own(page)
    matched(page, week)

    left = page.locator("section", has=page.get_by_role("heading", name="Without a match")).last
    first = left.locator("li").first
    expect(first).to_contain_text(WORDS)
    expect(left.locator("li", has_text=CHANGES)).not_to_have_count(0)
    expect(page.get_by_role("heading", name="What would help most")).to_be_visible()
    expect(page.get_by_text(re.compile("One more mentor at level"))).not_to_have_count(0)
    expect(page.get_by_text(re.compile("Runner-up: "))).not_to_have_count(0)

    kept, ruled_out, *others = pairs(page)
    by_others = page.get_by_text("Kept together by you").count()  # decided in earlier journeys
    page.get_by_role("button", name=re.compile("Keep together")).first.click()
    expect(page.get_by_text("Kept together by you")).to_have_count(by_others + 1)
    assert pairs(page) == [kept, ruled_out, *others]  # nobody else is moved by it
    one, other = ruled_out.split(" with ")
    page.get_by_role("button", name=f"Do not pair · {one}, {other}").click()
    expect(page.locator("li.row", has_text="Do not pair")).to_have_count(1)  # nobody else forbids
    assert ruled_out not in pairs(page)
    assert kept in pairs(page)

    page.locator("main details").evaluate_all("all => all.forEach(one => (one.open = true))")
    assert in_both_themes(page) == []
    page.get_by_role("link", name=re.compile("The plan made")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Two plans for the week")
    assert in_both_themes(page) == []
    expect(page.get_by_text(f"{one} and {other}: do not pair")).to_be_visible()
    expect(page.get_by_text("no plan can serve more").first).to_be_visible()
    changed = page.locator("section", has_text=re.compile("no session any more|another mentor"))
    expect(changed.get_by_text(one).first).to_be_visible()


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An install with more mentees than a page waits for."""
    home = tmp_path_factory.mktemp("crowd")
    copied_sqlite(home / "handrail.sqlite3")
    served = Served("http://localhost:8000", home)
    served.handrail("init", "--organisation", "Acme", "--admin", "ada@example.org")
    mentors = [
        f"g{at},Mentor {at},g{at}@example.org,mentor,Europe/Berlin,09:00-17:00,2024-01-08,,"
        f"git:{2 + at % 3},,60"
        for at in range(4)
    ]
    mentees = [
        f"e{at:03d},Mentee {at:03d},e{at:03d}@example.org,mentee,Europe/Berlin,09:00-17:00,"
        "2026-01-12,,,git:1,"
        for at in range(101)
    ]
    path = home / "people.csv"
    path.write_text("\n".join([COLUMNS, *mentors, *mentees]) + "\n")
    served.handrail("import", "people", str(path))
    yield from serve(home, free_port())


@pytest.mark.nightly
def test_a_large_team_is_matched_by_a_worker_while_the_page_tells(
    crowd: Served, enter: Enter
) -> None:
    page = enter(crowd)
    sign_in(page, crowd, "ada@example.org")
    page.goto("/programs/new/")
    page.locator("input[name=template]").first.check()
    page.locator("main form button").last.click()
    page.get_by_role("link", name="Enrol people").first.click()
    page.locator("main form button").first.click()
    page.get_by_role("link", name="Set the objectives").first.click()
    page.locator("main form button").last.click()
    page.get_by_role("button", name="Start the program").click()
    program = page.url
    today = datetime.now(tz=UTC).date()
    week = today + timedelta(days=14 - today.weekday())
    page.get_by_label("Week from Monday").fill(week.isoformat())
    page.get_by_role("button", name="Match this week").click()

    expect(page.get_by_role("heading", name="This week is being matched")).to_be_visible()
    expect(page.get_by_role("status").locator("progress")).to_be_visible()
    run = page.url
    page.route("**/progress/*", lambda asked: asked.fulfill(status=204))  # it stays while axe looks
    assert in_both_themes(page) == []
    page.unroute("**/progress/*")
    # Nobody presses anything: the page looks again by itself.
    expect(page.get_by_text("12 pairs, each with a time that is free for both")).to_be_visible(
        timeout=120_000
    )
    assert page.url == run
    expect(page.get_by_text("Page 1 of 2")).to_be_visible()
    page.get_by_label("Find a person in this plan").fill("Mentee 100")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("Mentee 100").first).to_be_visible()

    stopped = page.get_by_role("heading", name="This was stopped before it was done")
    too_late = page.get_by_text("This run is not being worked out any more")
    for weeks in range(1, 6):  # until the press comes before the answer
        page.goto(program)
        page.get_by_label("Week from Monday").fill((week + timedelta(weeks=weeks)).isoformat())
        page.get_by_role("button", name="Match this week").click()
        page.get_by_role("button", name="Stop it").click()
        expect(stopped.or_(too_late)).to_be_visible()
        if stopped.is_visible():
            break
    expect(stopped).to_be_visible()
    assert in_both_themes(page) == []
