"""The series goes on by itself: ahead, named, past holidays, missed, to its end with thanks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from apps.projects.conftest import DAY, Make, ahead, hold, keep, mails, series
from factories.world import NOW, World
from handrail.apps.calendars.hours import close_day
from handrail.apps.calendars.models import Booking
from handrail.apps.organizations.refusals import Conflict, NotAllowed
from handrail.apps.people.actions import pause
from handrail.apps.programs.actions import leave
from handrail.apps.programs.models import Enrolment
from handrail.apps.projects import actions, queries
from handrail.apps.projects.models import CheckIn, Project
from handrail.apps.sessions.actions import cancel, check_in
from handrail.apps.sessions.models import Session

pytestmark = pytest.mark.later_on_postgresql

WEEK = timedelta(weeks=1)


def shown(world: World, project: Project, to: str = "bob") -> queries.Shown:
    viewer = world.viewer(to)
    return queries.shown(viewer, queries.project_for(viewer, project.public_id))


def test_m05_the_horizon_rolls_and_the_last_check_in_closes_the_project(
    world: World, make: Make
) -> None:
    project = make(mentor="nora", ends_on=date(2026, 3, 15))
    keep(world, NOW + WEEK)
    assert len(series(project)) == 6
    last = ahead(project, NOW + WEEK)[-1]
    assert last.objective == (
        "Close “A linter for notes”: what was built, what was learned, what comes next"
    )
    assert shown(world, project).check_ins[-1].closing
    keep(world, NOW + 3 * WEEK)
    assert len(series(project)) == 6  # 9 March is the last Monday


def test_m05_the_next_check_in_is_for_the_next_step_that_was_written(
    world: World, make: Make
) -> None:
    project = make(mentor="nora")
    first, second = ahead(project, NOW)[:2]
    assert first.objective == "The next step of “A linter for notes”"
    hold(world, first, next_step="Parse one real file")
    keep(world, NOW + DAY)
    second.refresh_from_db()
    third = ahead(project, NOW + DAY)[1]
    assert (second.objective, third.objective) == (
        "Parse one real file",
        "The next step of “A linter for notes”",
    )
    assert second.checklist.count() == 3


def test_m05_check_ins_move_past_days_off_of_either_and_say_why(world: World, make: Make) -> None:
    close_day(date(2026, 2, 9), "Company day", by=world.viewer("adam"), now=NOW)
    project = make(mentor="alice", weekdays=[0])
    assert series(project)[:3] == [
        "02 Feb 02 Feb 10:00 alice",
        "09 Feb 10 Feb 10:00 alice",
        "16 Feb 16 Feb 10:00 alice",
    ]
    row = shown(world, project).check_ins[1]
    assert (row.moved_to, row.why) == (date(2026, 2, 10), "Alice has a day off then.")
    assert not row.missed


def test_m05_a_week_without_any_day_is_skipped_with_its_reason_and_looked_at_again(
    world: World, make: Make
) -> None:
    project = make(minute=660, weekdays=[0])
    pause(world.person("bob"), date(2026, 2, 15), by=world.viewer("bob"), now=NOW)
    actions.assign(project, world.person("nora"), by=world.viewer("mona"), now=NOW)
    assert series(project)[:3] == ["02 Feb paused", "09 Feb paused", "16 Feb 16 Feb 10:00 nora"]
    assert shown(world, project).check_ins[1].why == "Bob pauses then."
    pause(world.person("bob"), None, by=world.viewer("bob"), now=NOW + DAY)
    keep(world, NOW + DAY)
    # The first one has no day before the next any more at which notice is kept, or it has one.
    assert series(project)[1] == "09 Feb 09 Feb 10:00 nora"


def test_m05_missed_check_ins_are_flagged_to_both_and_to_the_lead_after_two_in_a_row(
    world: World, make: Make
) -> None:
    project = make(mentor="nora")
    sessions = ahead(project, NOW)
    check_in(sessions[0], by=world.viewer("bob"), now=sessions[0].booking.starts_at)
    keep(world, sessions[0].booking.starts_at + timedelta(hours=1))
    both = sorted(str(world.person(name).public_id) for name in ("bob", "nora"))
    assert sorted(mails("project_missed")) == both
    assert mails("project_missed_twice") == []
    assert [row.missed for row in shown(world, project).check_ins[:2]] == [True, False]
    keep(world, sessions[1].booking.starts_at + timedelta(hours=1))
    keep(world, sessions[1].booking.starts_at + timedelta(hours=2))
    assert len(mails("project_missed")) == 4
    assert mails("project_missed_twice") == [str(world.person("mona").public_id)]
    start, end = NOW - DAY, NOW + 2 * WEEK
    assert world.program is not None
    (found,) = queries.missed_in(world.viewer("mona"), world.program, start, end)
    assert (found.project, found.in_a_row, found.last) == (
        project,
        2,
        sessions[1].booking.starts_at,
    )
    with pytest.raises(NotAllowed):
        queries.missed_in(world.viewer("nora"), world.program, start, end)
    # One that takes place ends the row.
    hold(world, sessions[2])
    keep(world, sessions[2].booking.starts_at + timedelta(hours=1))
    end = NOW + 3 * WEEK
    assert queries.missed_in(world.viewer("mona"), world.program, start, end)[0].in_a_row == 0


def test_m05_cancelled_in_time_is_not_missed_and_cancelled_late_is(
    world: World, make: Make
) -> None:
    project = make(mentor="nora")
    first, second = ahead(project, NOW)[:2]
    cancel(first, by=world.viewer("bob"), now=first.booking.starts_at - timedelta(hours=1))
    cancel(second, by=world.viewer("bob"), now=NOW)
    keep(world, NOW + 8 * DAY)
    assert [row.missed for row in shown(world, project).check_ins[:2]] == [True, False]
    assert len(mails("project_missed")) == 2
    # Somebody chose it: the day is not booked again behind their back.
    assert CheckIn.objects.get(project=project, due_on=date(2026, 2, 9)).session == second


def test_m05_an_earlier_end_cancels_and_a_later_one_books(world: World, make: Make) -> None:
    project = make(mentor="nora")
    by = world.viewer("mona")
    actions.edit_project(project, ends_on=date(2026, 2, 12), by=by, now=NOW)
    assert [line[:6] for line in series(project)] == ["02 Feb", "09 Feb"]
    assert Session.objects.filter(state="cancelled").count() == 3
    assert len(mails("cancellation")) == 6
    closing = ahead(project, NOW)[-1]
    assert closing.objective.startswith("Close “A linter for notes”")
    actions.edit_project(project, ends_on=date(2026, 2, 26), by=by, now=NOW)
    assert [line[:6] for line in series(project)] == ["02 Feb", "09 Feb", "16 Feb", "23 Feb"]
    closing.refresh_from_db()
    assert closing.objective == "The next step of “A linter for notes”"
    assert Booking.objects.filter(status="confirmed").count() == 4


def test_m05_another_rhythm_moves_the_series(world: World, make: Make) -> None:
    project = make(mentor="nora")
    actions.edit_project(project, weekdays=[3], minute=14 * 60, by=world.viewer("mona"), now=NOW)
    assert series(project)[:2] == ["05 Feb 05 Feb 13:00 nora", "12 Feb 12 Feb 13:00 nora"]
    assert Booking.objects.filter(status="confirmed").count() == 4
    with pytest.raises(NotAllowed):
        actions.edit_project(project, rhythm="biweekly", by=world.viewer("bob"), now=NOW)
    actions.edit_project(project, what="Finds broken links", by=world.viewer("bob"), now=NOW)
    project.refresh_from_db()
    assert project.what == "Finds broken links"


def test_m05_it_ends_by_itself_with_thanks_once_its_last_day_is_over(
    world: World, make: Make
) -> None:
    project = make(mentor="nora", ends_on=date(2026, 2, 10))
    for session in ahead(project, NOW):
        hold(world, session, next_step="Ship it")
    keep(world, NOW + 8 * DAY)
    project.refresh_from_db()
    assert project.state == "running"  # 10 February is part of it
    keep(world, NOW + 9 * DAY)
    project.refresh_from_db()
    assert (project.state, project.ended_at) == ("ended", NOW + 9 * DAY)
    people = sorted(str(world.person(name).public_id) for name in ("bob", "nora"))
    assert sorted(mails("project_ended")) == people
    keep(world, NOW + 10 * DAY)
    assert len(mails("project_ended")) == 2
    assert shown(world, project, "nora").is_mentor
    with pytest.raises(Conflict, match="has ended"):
        actions.edit_project(project, what="More", by=world.viewer("bob"), now=NOW)


def test_a_lead_ends_it_early_and_the_times_are_free(world: World, make: Make) -> None:
    project = make(mentor="nora")
    with pytest.raises(NotAllowed):
        actions.end_project(project, by=world.viewer("bob"), now=NOW)
    actions.end_project(project, by=world.viewer("mona"), now=NOW)
    actions.end_project(project, by=world.viewer("mona"), now=NOW)
    assert not Booking.objects.filter(status="confirmed").exists()
    assert len(mails("project_ended")) == 2


def test_somebody_who_leaves_the_program_is_taken_out_and_the_rest_go_on(
    world: World, make: Make
) -> None:
    project = make("bob", "charlie", mentor="nora")
    part = Enrolment.objects.get(program=world.program, person=world.person("charlie"))
    leave(part, by=world.viewer("charlie"), now=NOW)
    keep(world, NOW + DAY)
    coming = Booking.objects.filter(status="confirmed", starts_at__gt=NOW + DAY)
    seats = {tuple(one.seats.values_list("person__external_id", flat=True)) for one in coming}
    assert seats == {("nora", "bob")}
    part = Enrolment.objects.get(program=world.program, person=world.person("bob"))
    leave(part, by=world.viewer("bob"), now=NOW + DAY)
    keep(world, NOW + 2 * DAY)
    project.refresh_from_db()
    assert project.state == "ended"
    assert [one.status for one in coming.all()] == []
