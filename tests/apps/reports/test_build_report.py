"""Who may make and read a report, and that the same inputs give the same one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from factories.world import NOW, World, make_world
from handrail.apps.organizations.models import AuditEntry
from handrail.apps.organizations.refusals import Invalid, NotAllowed, NotFound
from handrail.apps.organizations.scope import reading
from handrail.apps.reports.actions import build_report
from handrail.apps.reports.measures import digest_of, measure
from handrail.apps.reports.models import Report
from handrail.apps.reports.queries import report_for, report_html, report_json, reports_for

from .conftest import LATER, Team

DAY = date(2026, 2, 1)


def test_a_report_is_kept_with_its_inputs_and_can_be_replayed(team: Team) -> None:
    report = build_report(cut=DAY, by=team.by, now=LATER)
    report.refresh_from_db()
    assert measure(report.inputs) == report.result
    assert report.digest == digest_of(report.inputs)


def test_the_same_cut_later_is_the_same_report(team: Team) -> None:
    first = build_report(cut=DAY, by=team.by, now=LATER)
    again = build_report(cut=DAY, by=team.by, now=LATER + timedelta(days=30))
    assert again.pk == first.pk
    assert Report.objects.count() == 1


def test_the_same_data_in_another_install_gives_the_same_bytes(pilot: Team) -> None:
    first = build_report(program=pilot.program, cut=DAY, by=pilot.by, now=LATER)
    page, data = report_html(first), report_json(first)
    first.delete()
    again = build_report(program=pilot.program, cut=DAY, by=pilot.by, now=LATER)
    assert (report_html(again), report_json(again)) == (page, data)


def test_inputs_name_nobody(team: Team) -> None:
    report = build_report(cut=DAY, by=team.by, now=LATER)
    kept = str(report.inputs)
    assert "p05cbfd1f" not in kept
    assert "Elif Patel" not in kept
    assert "@example.org" not in kept


def test_making_one_is_written_into_the_record(team: Team) -> None:
    report = build_report(cut=DAY, by=team.by, now=LATER)
    entry = AuditEntry.objects.get(verb="report.built")
    assert entry.object_id == str(report.public_id)


def test_a_report_of_tomorrow_is_refused(world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        build_report(cut=NOW.date() + timedelta(days=1), by=world.viewer("ana"), now=NOW)
    assert set(refusal.value.fields) == {"cut"}


def test_a_report_of_today_says_up_to_which_hour(world: World) -> None:
    report = build_report(cut=NOW.date(), by=world.viewer("ana"), now=NOW)
    assert report.result["day_over"] is False
    assert "what was known on 2 February 2026 at 08:00" in report_html(report)


def test_a_report_made_at_the_stroke_of_midnight_covers_the_whole_day(world: World) -> None:
    midnight = datetime(2026, 2, 3, tzinfo=ZoneInfo(world.organization.timezone))
    report = build_report(cut=date(2026, 2, 2), by=world.viewer("ana"), now=midnight)
    assert "what was known at the end of 2 February 2026" in report_html(report)


@pytest.mark.parametrize("name", ["ana", "adam"])
def test_analyst_and_administrator_make_the_organisations_report(world: World, name: str) -> None:
    assert build_report(cut=DAY, by=world.viewer(name), now=NOW).program is None


@pytest.mark.parametrize("name", ["alice", "bob", "charlie", "mona", "rita", "otto"])
def test_nobody_else_makes_the_organisations_report(world: World, name: str) -> None:
    with pytest.raises(NotAllowed):
        build_report(cut=DAY, by=world.viewer(name), now=NOW)


def test_a_lead_makes_the_report_of_their_program(world: World) -> None:
    report = build_report(program=world.program, cut=DAY, by=world.viewer("alice"), now=NOW)
    assert report.program == world.program


@pytest.mark.parametrize(("name", "refusal"), [("bob", NotAllowed), ("charlie", NotFound)])
def test_who_does_not_lead_it_makes_no_report_of_a_program(
    world: World, name: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        build_report(program=world.program, cut=DAY, by=world.viewer(name), now=NOW)


def test_the_auditor_reads_and_makes_none(world: World) -> None:
    report = build_report(cut=DAY, by=world.viewer("ana"), now=NOW)
    assert report_for(world.viewer("otto"), report.public_id) == report
    with pytest.raises(NotAllowed):
        build_report(program=world.program, cut=DAY, by=world.viewer("otto"), now=NOW)


def test_a_lead_reads_their_programs_report_and_not_the_organisations(world: World) -> None:
    own = build_report(program=world.program, cut=DAY, by=world.viewer("alice"), now=NOW)
    everybodys = build_report(cut=DAY, by=world.viewer("ana"), now=NOW)
    assert list(reports_for(world.viewer("alice"))) == [own]
    with pytest.raises(NotFound):
        report_for(world.viewer("alice"), everybodys.public_id)


@pytest.mark.parametrize("name", ["bob", "charlie", "mona", "rita"])
def test_everybody_else_reads_no_report(world: World, name: str) -> None:
    report = build_report(program=world.program, cut=DAY, by=world.viewer("alice"), now=NOW)
    with pytest.raises(NotAllowed):
        report_for(world.viewer(name), report.public_id)


def test_another_organisations_report_is_not_there(world: World) -> None:
    foreign = make_world("Southwind")
    report = build_report(cut=DAY, by=world.viewer("ana"), now=NOW)
    with reading(foreign.organization), pytest.raises(NotFound):
        report_for(foreign.viewer("ana"), report.public_id)


def test_another_organisations_people_are_not_counted(team: Team) -> None:
    foreign = make_world("Southwind")
    with reading(foreign.organization):
        report = build_report(cut=DAY, by=foreign.viewer("ana"), now=LATER)
    assert report.result["first_merge"] is None
    assert [row["people"] for row in report.result["retention"]] == [8]
