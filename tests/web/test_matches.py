"""A match run in the browser: reasons, what would help, a word on pairs, progress, comparison."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from factories.world import MONDAY, NOW, World
from handrail.apps.matches import actions
from handrail.apps.matches.models import MatchRun, RunStatus, Stage
from handrail.apps.organizations.models import AuditEntry
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.programs.actions import create_program, enrol, set_objective, start_program
from handrail.web.views import matches as views
from web.conftest import Clock

Browser = Callable[[str], Client]


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 0)


def take_part(world: World, name: str, role: str, *, objective: bool = True, **person: object):
    world.add(name, role=role, **person)
    with writing(world.organization):
        part = enrol(world.program, world.person(name), role, by=world.system, now=NOW)
        if role == "mentee" and objective:
            set_objective(part, f"{name}'s first change", by=world.system, now=NOW)


def match(world: World, browser: Client) -> MatchRun:
    url = reverse("program_match", args=[world.program.public_id])
    where = browser.post(url, {"week": MONDAY.isoformat()}).url
    with reading(world.organization):
        return MatchRun.objects.select_related("program").get(public_id=where.split("/")[-2])


def text(browser: Client, name: str, *things: object) -> str:
    """What a page says, without its markup, in one line."""
    answer = browser.get(reverse(name, args=[thing.public_id for thing in things]))
    assert answer.status_code == 200
    main = answer.content.decode().split('id="main"')[1]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_the_lead_reads_why_nobody_is_left_and_what_would_change_it(
    world: World, signed_in_as: Browser
) -> None:
    # alice gives three sessions: of four who wish alike one waits
    for name in ("dora", "emil", "finn"):
        take_part(world, name, "mentee", wants={"git": 1})
    lead = signed_in_as("alice")
    page = text(lead, "match_run", match(world, lead))
    assert "3 pairs, each with a time that is free for both; 1 person without a match" in page
    assert "4 people share the only times of 1 mentor with 3 seats." in page
    assert "Would be served with one more seat of Alice." in page
    assert "3 people get a session; no plan can serve more." in page
    assert "No plan for as many people fits better: this is proven." in page


def test_the_lead_reads_what_would_help_most(world: World, signed_in_as: Browser) -> None:
    take_part(world, "dora", "mentee", wants={"rust": 1})
    lead = signed_in_as("alice")
    page = text(lead, "match_run", match(world, lead)).split("What would help most")[1]
    assert "rust 1 person waits who wishes for it; no mentor is ahead in it." in page
    assert (
        "One more mentor at level 2 with 1 seat: 1 person more gets a session, and the fit of all"
        " pairs together grows by 8,000 points." in page
    )


def test_the_runner_up_stands_on_the_card(world: World, signed_in_as: Browser) -> None:
    # two ahead: 100 of 100; alice is four ahead: 70 of 100, so 2250 of 7500 less
    take_part(world, "marc", "mentor", offers={"git": 2}, minutes_per_week=60)
    lead = signed_in_as("alice")
    page = text(lead, "match_run", match(world, lead))
    assert "Runner-up: Alice, 2,250 points less; a perfect fit has 10,000." in page


def decide(world: World, browser: Client, run: MatchRun, kind: str, mentor: str = "alice"):
    return browser.post(
        reverse("pair_decide", args=[world.program.public_id]),
        {
            "mentee": str(world.person("bob").public_id),
            "mentor": str(world.person(mentor).public_id),
            "kind": kind,
            "week": run.week.isoformat(),
            "run": str(run.public_id),
        },
    )


def test_forbidden_matched_again_and_compared(world: World, signed_in_as: Browser) -> None:
    lead = signed_in_as("alice")
    first = match(world, lead)
    where = decide(world, lead, first, "forbid").url
    with reading(world.organization):
        second = MatchRun.objects.get(public_id=where.split("/")[-2])
        assert AuditEntry.objects.get(verb="pair.forbid").detail["overrides"] == "plan"
    assert "Compare with another plan for this week" in text(lead, "match_run", second)
    page = text(lead, "match_compare", second, first)
    assert "1 person has no session any more" in page
    assert "Bob Had Alice" in page
    assert "Bob and Alice: do not pair" in page
    assert "Nobody who fits may be paired: 1 mentor ruled out." in page


def test_a_plan_that_does_not_know_the_newest_decision_says_so(
    world: World, signed_in_as: Browser
) -> None:
    lead = signed_in_as("alice")
    run = match(world, lead)
    assert "You decided something since" not in text(lead, "match_run", run)
    with writing(world.organization):
        actions.pin(
            world.program, world.person("bob"), world.person("alice"), by=world.system, now=NOW
        )
    assert "You decided something since" in text(lead, "match_run", run)


def test_a_large_program_shows_how_far_its_run_is(
    world: World, signed_in_as: Browser, large: None
) -> None:
    lead = signed_in_as("alice")
    run = match(world, lead)
    page = text(lead, "match_run", run)
    assert "This week is being matched" in page
    assert "Waiting for its turn" in page
    assert "Look again" in page
    assert "Nothing has taken it up" not in page


def fragment(browser: Client, run: MatchRun, seen: str = ""):
    url = reverse("match_progress", args=[run.public_id])
    return browser.get(f"{url}?seen={seen}", headers={"HX-Request": "true"})


def move(world: World, run: MatchRun, **values: object) -> None:
    with writing(world.organization):
        MatchRun.objects.filter(pk=run.pk).update(**values)


def test_the_page_is_told_only_what_is_new(
    world: World, signed_in_as: Browser, large: None
) -> None:
    lead = signed_in_as("alice")
    run = match(world, lead)
    assert fragment(lead, run, "waiting").status_code == 204
    move(world, run, stage=Stage.SOLVING)
    told = fragment(lead, run, "waiting")
    assert told.status_code == 200
    assert "Solving" in told.content.decode()
    assert fragment(lead, run, "solving").status_code == 204
    move(world, run, status=RunStatus.PREVIEW)
    assert fragment(lead, run, "solving").headers["HX-Refresh"] == "true"


def test_without_script_the_progress_is_the_page(
    world: World, signed_in_as: Browser, large: None
) -> None:
    lead = signed_in_as("alice")
    run = match(world, lead)
    answer = lead.get(reverse("match_progress", args=[run.public_id]))
    assert answer.url == reverse("match_run", args=[run.public_id])


def test_a_run_that_nobody_takes_up_asks_for_the_worker(
    world: World, signed_in_as: Browser, large: None, clock: Clock
) -> None:
    lead = signed_in_as("alice")
    run = match(world, lead)
    clock.now = NOW + timedelta(seconds=61)
    assert "Ask your administrator whether the worker runs." in text(lead, "match_run", run)
    assert "whether the worker runs" in fragment(lead, run, "waiting").content.decode()


def test_the_lead_stops_a_run(world: World, signed_in_as: Browser, large: None) -> None:
    lead = signed_in_as("alice")
    run = match(world, lead)
    lead.post(reverse("match_stop", args=[run.public_id]))
    page = text(lead, "match_run", run)
    assert "This was stopped before it was done" in page
    assert "Match the week again" in page
    assert lead.post(reverse("match_stop", args=[run.public_id])).status_code == 409


def test_a_failed_run_says_why(world: World, signed_in_as: Browser, large: None) -> None:
    lead = signed_in_as("alice")
    run = match(world, lead)
    move(world, run, status=RunStatus.FAILED, failure={"code": "memory", "params": {}})
    page = text(lead, "match_run", run)
    assert "This week could not be matched" in page
    assert "This machine has too little memory for so many people." in page


def test_a_decision_on_a_large_program_leads_to_the_run_that_knows_it(
    world: World, signed_in_as: Browser, large: None
) -> None:
    lead = signed_in_as("alice")
    run = match(world, lead)
    answer = decide(world, lead, run, "pin")
    page = lead.get(answer.url).content.decode()
    assert str(run.public_id) not in answer.url
    assert "Noted. The week is being matched again with it." in page


def test_a_long_plan_comes_in_pages_and_can_be_searched(
    world: World, signed_in_as: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 1)
    for name in ("dora", "emil"):
        take_part(world, name, "mentee", wants={"git": 1})
    take_part(world, "finn", "mentee", objective=False)
    take_part(world, "gerd", "mentee", objective=False)
    lead = signed_in_as("alice")
    run = match(world, lead)
    url = reverse("match_run", args=[run.public_id])
    first = lead.get(url).content.decode()
    assert "Publish and invite 3 pairs" in first
    assert (first.count('class="card match"'), "Page 1 of 3" in first) == (1, True)
    assert "Finn" in first
    assert "Gerd" not in first
    assert "Gerd" in lead.get(f"{url}?left=2&page=3").content.decode()
    found = lead.get(f"{url}?q=emil").content.decode()
    assert (found.count('class="card match"'), "Publish and invite 3 pairs" in found) == (1, True)
    assert "No pair with that name." in lead.get(f"{url}?q=nobody").content.decode()


def test_what_is_not_the_leads_is_not_compared(world: World, signed_in_as: Browser) -> None:
    lead = signed_in_as("alice")
    run = match(world, lead)
    with writing(world.organization):
        other = create_program("tooling-start", starts_on=MONDAY, by=world.system, now=NOW)
        start_program(other, by=world.system, now=NOW)
        foreign = actions.propose_matches(other, week=MONDAY, by=world.system, now=NOW)
    url = reverse("match_compare", args=[run.public_id, foreign.public_id])
    assert lead.get(url).status_code == 404
    assert signed_in_as("adam").get(url).status_code == 422
    assert signed_in_as("bob").get(url).status_code == 404


def test_the_rules_about_plans_are_on_the_programs_page_of_rules(
    world: World, signed_in_as: Browser
) -> None:
    lead = signed_in_as("alice")
    url = reverse("program_edit", args=[world.program.public_id])
    rules = {
        "name": "Tooling start",
        "starts_on": "2026-02-02",
        "ends_on": "2026-03-10",
        "session_minutes": "20",
        "sessions_per_mentee": "3",
        "min_notice_minutes": "0",
        "late_cancel_minutes": "120",
        "daily_cap": "0",
        "keep_published": "prefer",
        "again_after_weeks": "4",
        "quality_floor": "60",
        "share_load": "evenly",
        "answer_hours": "48",
        "pause_after_silent": "0",
        "completion_line": "90",
        "reply_line_hours": "24",
    }
    page = lead.get(url).content.decode()
    assert "How much of a mentee&#x27;s wishes a mentor must cover, in percent" in page
    assert "evenly, at the price of a clearly worse fit" in page
    assert lead.post(url, rules).status_code == 302
    with reading(world.organization):
        world.program.refresh_from_db()
    assert (world.program.keep_published, world.program.again_after_weeks) == ("prefer", 4)
    assert (world.program.quality_floor, world.program.share_load) == (60, "evenly")
    assert (world.program.answer_hours, world.program.pause_after_silent) == (48, 0)
    assert lead.post(url, {**rules, "answer_hours": "0"}).status_code == 422
    assert lead.post(url, {**rules, "again_after_weeks": "99"}).status_code == 422
    assert lead.post(url, {**rules, "quality_floor": "101"}).status_code == 422
    assert lead.post(url, {**rules, "share_load": "never"}).status_code == 422


def test_reasons_are_read_by_the_leads_own_clock(world: World, signed_in_as: Browser) -> None:
    # dora works from 18:00, alice until 17:00: an hour more of dora's own would do
    take_part(world, "dora", "mentee", wants={"git": 1}, works=(18 * 60, 22 * 60))
    lead = signed_in_as("alice")
    page = text(lead, "match_run", match(world, lead))
    assert "Would be served if free at Mon 16:30 your time." in page
