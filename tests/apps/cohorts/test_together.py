"""Two at the same moment in an intake: one last seat is given once, whoever is quicker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from time import sleep
from typing import Any

import pytest
from django.db import connection

from apps.cohorts.conftest import NOW, OPENS, Office
from factories.together import own_database, together
from factories.world import make_world
from handrail.apps.cohorts import actions
from handrail.apps.cohorts.actions import forming
from handrail.apps.cohorts.line import line_of
from handrail.apps.cohorts.models import Cohort, Intake, Place
from handrail.apps.organizations.refusals import Conflict
from handrail.apps.organizations.scope import reading
from handrail.apps.programs.actions import create_program, start_program

__all__ = ["own_database"]


@pytest.fixture
def office(own_database: None) -> Iterator[Office]:
    world = make_world()
    world.add("nora", role="mentor", minutes_per_week=60, works=(8 * 60, 20 * 60))
    with reading(world.organization):
        by = world.system
        program = create_program(
            "first-twelve-weeks", starts_on=OPENS, by=by, now=NOW, leads=[world.person("alice")]
        )
        start_program(program, by=by, now=NOW)
        yield Office(world, program)


def within(office: Office, step: Callable[[], Any]) -> Callable[[], Any]:
    def take() -> Any:
        with reading(office.world.organization):
            return step()

    return take


def test_m11_two_who_come_back_at_once_share_no_last_seat(office: Office) -> None:
    office.hires(7)
    intake = office.open(seats=6)
    ada, ben = office.place("ada"), office.place("ben")
    for place in (ada, ben):
        actions.opt_out(place, by=office.world.viewer(place.person.external_id), now=NOW)
    later = NOW + timedelta(hours=1)
    came_back = together(
        *(
            within(
                office,
                lambda place=place: actions.opt_in(
                    place, by=office.world.viewer(place.person.external_id), now=later
                ),
            )
            for place in (ada, ben)
        )
    )
    assert came_back == [None, None]
    line = line_of(intake)
    assert (len(line.seated), len(line.waiting)) == (6, 1)
    assert {place.person.external_id for place in [*line.seated[5:], *line.waiting]} == {
        "ada",
        "ben",
    }


def test_m11_one_seat_that_is_offered_is_taken_once_and_not_passed_on(office: Office) -> None:
    office.hires(7)
    office.open(seats=6)
    cohort = office.start()
    week_two = office.meetings(cohort)[1].planned_at - timedelta(days=1)
    leaver = Place.objects.filter(cohort=cohort).order_by("pk").first()
    assert leaver is not None
    actions.leave_cohort(leaver, by=office.world.viewer(leaver.person.external_id), now=week_two)
    place = Place.objects.select_related("person", "intake").get(offered=cohort)
    own = office.world.viewer(place.person.external_id)
    answers = together(
        *[within(office, lambda: actions.accept_offer(place, by=own, now=week_two))] * 2,
        within(office, lambda: actions.decline_offer(place, by=own, now=week_two)),
    )
    place.refresh_from_db()
    members = Place.objects.filter(cohort=cohort, left_at=None, opted_out_at=None).count()
    taken = place.cohort_id == cohort.pk
    assert members == (6 if taken else 5)
    # Twice taken is once: the other is told that it is not offered any more.
    assert sum(isinstance(one, Conflict) for one in answers[:2]) == (1 if taken else 2)
    assert not Place.objects.filter(offered=cohort).exists()


@pytest.mark.parametrize("guarded", [True, False])
def test_m11_two_moves_onto_the_last_seat_of_a_group_fill_it_once(
    office: Office, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """Without the intake's lock both count five and sit down, where writers are not serial."""
    world = office.world
    world.add("otis", role="mentor", minutes_per_week=60, works=(8 * 60, 20 * 60))
    office.hires(9)
    intake = office.open(mentors=("nora", "otis"), seats=6)
    actions.form_groups(intake, by=office.lead, now=NOW)
    one, other = Cohort.objects.filter(intake=intake).order_by("pk")
    places = list(Place.objects.filter(intake=intake).select_related("person", "intake__program"))
    for n, place in enumerate(places):  # five in one, four in the other
        Place.objects.filter(pk=place.pk).update(cohort=one if n < 5 else other)
    if not guarded:
        monkeypatch.setattr(forming, "locked", lambda intake: Intake.objects.get(pk=intake.pk))
    # A pause between look and write, so that a missing guard shows.
    is_there = forming.kept_apart
    monkeypatch.setattr(forming, "kept_apart", lambda program: [is_there(program), sleep(0.3)][0])
    monkeypatch.setattr(forming, "touch", lambda intake: sleep(0.3))
    lead = office.lead
    answers = together(
        *(
            within(office, lambda place=place: actions.move_member(place, one, by=lead, now=NOW))
            for place in places[5:7]
        )
    )
    wins = len([answer for answer in answers if answer is None])
    assert wins == (1 if guarded or connection.vendor == "sqlite" else 2)
    assert Place.objects.filter(cohort=one).count() == 5 + wins
