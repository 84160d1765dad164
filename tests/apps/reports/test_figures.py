"""What a report counts: rows known at its cut and effective by then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handrail.apps.people.models import EmploymentSpell, SpellBasis
from handrail.apps.programs.actions import create_program
from handrail.apps.programs.models import Enrolment
from handrail.apps.reports.actions import build_report

from .conftest import DATA_END, LATER, PROGRAM_DAY, Team

DAY_BEFORE = date(2026, 2, 1)
IN_MARCH = date(2026, 3, 1)
MENTORS = ["p593767e3", "p63b6f905", "p9513b86e", "pa0951ecf", "pc8c1bb68"]
MENTEES = ["p05cbfd1f", "p06fbdafc", "p30a3db61", "p3ee6e534", "p4cae5f55"]


def result(team: Team, cut: date, *, program: bool = True) -> dict[str, Any]:
    return build_report(
        program=team.program if program else None, cut=cut, by=team.by, now=LATER
    ).result


def group(rows: list[dict[str, Any]], key: str) -> dict[str, Any]:
    [row] = [row for row in rows if row["key"] == key]
    return row


# --- time to the first merge ---------------------------------------------------------------


def test_the_examples_baseline_is_that_of_an_independent_reading(team: Team) -> None:
    newcomers = group(result(team, DAY_BEFORE, program=False)["first_merge"], "newcomers")
    assert (newcomers["people"], newcomers["reached"], newcomers["not_there_yet"]) == (44, 36, 8)
    assert newcomers["median_days"] == {"value": 7.0, "low": 3.0, "high": 13.0}
    assert (newcomers["followed"], newcomers["not_yet_followed"]) == (26, 18)


def test_a_programs_report_carries_the_baseline_of_the_day_before_its_start(pilot: Team) -> None:
    newcomers = group(result(pilot, IN_MARCH)["first_merge"], "newcomers")
    assert (newcomers["from"], newcomers["to"], newcomers["cut"]) == (
        "2025-08-03", "2026-02-01", "2026-02-01",
    )  # fmt: skip
    assert (newcomers["people"], newcomers["reached"]) == (44, 36)
    assert newcomers["median_days"]["value"] == 7.0


def test_mentees_who_merged_before_joining_are_not_waiting_for_it(pilot: Team) -> None:
    # 14 of the newcomers are still there on 2026-02-02; six of them have merged by then.
    mentees = group(result(pilot, IN_MARCH)["first_merge"], "program")
    assert (mentees["people"], mentees["reached_before"]) == (8, 6)


def test_eight_people_show_follow_up_and_no_outcome(pilot: Team) -> None:
    mentees = group(result(pilot, DATA_END)["first_merge"], "program")
    assert (mentees["hidden"], mentees["followed"]) == (True, 8)
    assert not {"reached", "median_days", "curve"} & set(mentees)


def test_without_any_merge_nothing_is_said_about_first_merges(world: Any) -> None:
    report = build_report(cut=DAY_BEFORE, by=world.system, now=LATER)
    assert report.result["first_merge"] is None


# --- staying ---------------------------------------------------------------------------------


def test_at_the_cut_before_the_program_no_leaving_is_known(pilot: Team) -> None:
    newcomers = group(result(pilot, DAY_BEFORE)["retention"], "newcomers")
    assert newcomers["lag_days"] == {"activity": 180}
    assert [(at["reached"], at["known"], at["not_yet"]) for at in newcomers["at"]] == [
        (15, 0, 29), (0, 0, 44),
    ]  # fmt: skip


def test_at_the_end_of_the_data_day_90_is_known_for_22_and_3_were_still_here(pilot: Team) -> None:
    newcomers = group(result(pilot, DATA_END)["retention"], "newcomers")
    day_90, day_180 = newcomers["at"]
    assert (day_90["reached"], day_90["known"]) == (44, 22)
    assert (day_90["here"]["hits"], day_90["here"]["trials"]) == (3, 22)
    # Four known at day 180: follow-up shows, the outcome of four people does not.
    assert (day_180["known"], day_180["hidden"], "here" in day_180) == (4, True, False)


def test_who_opted_out_of_the_program_is_still_followed(pilot: Team) -> None:
    before = group(result(pilot, DATA_END)["retention"], "program")["people"]
    Enrolment.objects.filter(program=pilot.program, role="mentee").update(left_at=LATER)
    assert group(result(pilot, DATA_END)["retention"], "program")["people"] == before == 14


def test_a_leaving_that_became_known_later_does_not_change_an_earlier_report(team: Team) -> None:
    earlier = result(team, DAY_BEFORE, program=False)
    EmploymentSpell.objects.filter(person=team.person("p30a3db61")).update(
        ended_on=date(2026, 1, 20), end_known_since=date(2026, 2, 2), basis=SpellBasis.ACTIVITY
    )
    later = result(team, DAY_BEFORE, program=False)
    assert later["retention"] == earlier["retention"]
    assert later["first_merge"] == earlier["first_merge"]


def test_a_known_leaver_without_a_merge_is_censored_on_the_last_day(team: Team) -> None:
    EmploymentSpell.objects.filter(person=team.person("p30a3db61")).update(
        ended_on=date(2026, 1, 20), end_known_since=date(2026, 1, 21), basis=SpellBasis.EMPLOYMENT
    )
    newcomers = group(result(team, DAY_BEFORE, program=False)["first_merge"], "newcomers")
    assert newcomers["left_without"] == 1
    [day_4] = [step for step in newcomers["curve"] if step["day"] == 4]  # since 2026-01-16
    assert day_4["censored"] == 1


# --- attendance ------------------------------------------------------------------------------


def five_held(pilot: Team) -> None:
    for mentor, mentee in zip(MENTORS, MENTEES, strict=True):
        pilot.session("closed", mentor, mentee, ("attended", "attended"))


def attendance(pilot: Team) -> dict[str, Any]:
    found: dict[str, Any] = result(pilot, IN_MARCH)["attendance"]
    return found


def seats(found: dict[str, Any], role: str) -> tuple[int, int, int, int]:
    """Attended, attended + no-show, late-cancelled, not recorded."""
    [row] = [row for row in found["roles"] if row["role"] == role]
    share = row["attended"]
    return share["hits"], share["trials"], row["late_cancelled"], row["not_recorded"]


def held(found: dict[str, Any]) -> tuple[int, int]:
    return found["held"]["share"]["hits"], found["held"]["share"]["trials"]


def test_m15_a_one_sided_no_show_leaves_the_one_who_came_attended(pilot: Team) -> None:
    five_held(pilot)
    pilot.session("not_held", MENTORS[0], MENTEES[0], ("attended", "no_show"))
    found = attendance(pilot)
    assert seats(found, "mentor") == (6, 6, 0, 0)
    assert seats(found, "mentee") == (5, 6, 0, 0)
    assert held(found) == (5, 6)


def test_m15_a_late_cancel_stands_apart(pilot: Team) -> None:
    five_held(pilot)
    pilot.session(
        "cancelled",
        MENTORS[0],
        MENTEES[0],
        ("not_recorded", "late_cancelled"),
        cancelled_before=timedelta(minutes=30),
        cancelled_by=MENTEES[0],
    )
    found = attendance(pilot)
    assert seats(found, "mentee") == (5, 5, 1, 0)
    assert seats(found, "mentor") == (5, 5, 0, 0)
    assert (held(found), found["held"]["late_cancelled"]) == ((5, 6), 1)


def test_m15_a_cancel_in_time_counts_nowhere(pilot: Team) -> None:
    five_held(pilot)
    pilot.session(
        "cancelled",
        MENTORS[0],
        MENTEES[0],
        cancelled_before=timedelta(hours=3),
        cancelled_by=MENTEES[0],
    )
    assert (attendance(pilot)["sessions"], held(attendance(pilot))) == (5, (5, 5))


@pytest.mark.parametrize(("minutes", "counted"), [(119, 6), (120, 5)])
def test_a_leads_cancel_is_late_within_the_programs_two_hours(
    pilot: Team, minutes: int, counted: int
) -> None:
    five_held(pilot)
    pilot.session("cancelled", MENTORS[0], MENTEES[0], cancelled_before=timedelta(minutes=minutes))
    assert held(attendance(pilot)) == (5, counted)


def test_what_nobody_recorded_is_counted_apart(pilot: Team) -> None:
    five_held(pilot)
    pilot.session("scheduled", MENTORS[0], MENTEES[0])
    found = attendance(pilot)
    assert (held(found), found["held"]["not_recorded"]) == ((5, 5), 1)
    assert seats(found, "mentee") == (5, 5, 0, 1)


def test_a_session_counts_24_hours_after_its_end(pilot: Team) -> None:
    five_held(pilot)
    # The cut's day ends at midnight UTC: a session over at 00:00 the day before just counts.
    for minute in (0, 1):
        pilot.session(
            "closed",
            MENTORS[0],
            MENTEES[0],
            ("attended", "attended"),
            starts_at=datetime(2026, 2, 28, 23, 40 + minute, tzinfo=UTC),
        )
    found = attendance(pilot)
    assert (found["sessions"], found["not_yet_known"]) == (6, 1)


def test_a_coming_session_is_not_known_yet(pilot: Team) -> None:
    five_held(pilot)
    pilot.session(
        "scheduled", MENTORS[0], MENTEES[0], starts_at=datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
    )
    assert (attendance(pilot)["sessions"], attendance(pilot)["not_yet_known"]) == (5, 1)


def test_another_programs_sessions_are_not_in_it(pilot: Team) -> None:
    five_held(pilot)
    other = create_program("tooling-start", starts_on=PROGRAM_DAY, by=pilot.by, now=LATER)
    pilot.session("closed", MENTORS[0], MENTEES[0], ("attended", "attended"), program=other)
    assert attendance(pilot)["sessions"] == 5
    assert result(pilot, IN_MARCH, program=False)["attendance"]["sessions"] == 6


def test_four_mentors_hide_their_attendance_and_what_would_tell_it(pilot: Team) -> None:
    for mentor, mentee in zip([*MENTORS[:4], MENTORS[0]], MENTEES, strict=True):
        pilot.session("closed", mentor, mentee, ("attended", "attended"))
    found = attendance(pilot)
    mentors, mentees = found["roles"]
    assert mentors == {"role": "mentor", "people": 4, "hidden": True}
    assert mentees["hidden"] is False
    assert found["held"] == {"hidden": True}
    assert found["sessions"] == 5


def test_played_sessions_mark_the_report(pilot: Team) -> None:
    pilot.session("closed", MENTORS[0], MENTEES[0], ("attended", "attended"), simulated=True)
    report = build_report(program=pilot.program, cut=IN_MARCH, by=pilot.by, now=LATER)
    assert report.simulated_sessions is True


def test_the_number_of_queries_does_not_grow_with_sessions(pilot: Team) -> None:
    def queries(cut: date) -> int:
        with CaptureQueriesContext(connection) as captured:
            build_report(program=pilot.program, cut=cut, by=pilot.by, now=LATER)
        return len(captured)

    pilot.session("closed", MENTORS[0], MENTEES[0], ("attended", "attended"))
    with_one = queries(IN_MARCH)
    for n in (1, 2):
        pilot.session("closed", MENTORS[n], MENTEES[n], ("attended", "attended"))
    assert queries(IN_MARCH + timedelta(days=1)) == with_one
