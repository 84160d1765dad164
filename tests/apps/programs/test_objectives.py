"""A program that counts objectives: exactly two of each mentee, said before anything is booked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from factories.world import MONDAY, NOW, World
from handrail.apps.matches.actions import propose_matches
from handrail.apps.organizations.refusals import Conflict
from handrail.apps.organizations.scope import reading
from handrail.apps.people.models import Skill
from handrail.apps.programs.actions import change_objective, edit_program, set_objective
from handrail.apps.programs.models import Objective, Program
from handrail.apps.sessions.actions import book
from handrail.apps.sessions.models import Session
from handrail.apps.sessions.queries import next_objective

pytestmark = [pytest.mark.django_db, pytest.mark.later_on_postgresql]
TUESDAY = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 2, 5, 10, 0, tzinfo=UTC)


@pytest.fixture
def pilot(fresh_world: World) -> Iterator[Program]:
    """Bob has one objective in a program that needs two."""
    with reading(fresh_world.organization):
        assert fresh_world.program is not None
        yield edit_program(
            fresh_world.program, by=fresh_world.viewer("alice"), now=NOW, objectives_per_mentee=2
        )


def write(world: World, text: str, skill: str = "") -> Objective:
    enrolment = world.enrolments["bob"]
    enrolment.refresh_from_db()
    return set_objective(
        enrolment,
        text,
        by=world.viewer("bob"),
        now=NOW,
        skill=Skill.objects.get(name=skill) if skill else None,
    )


def book_at(world: World, program: Program, start: datetime, objective: str) -> Session:
    bob, alice = world.person("bob"), world.person("alice")
    return book(program, bob, alice, start, objective, by=world.viewer("bob"), now=NOW)


def test_m06_with_one_of_two_objectives_nothing_is_booked_and_it_says_what_is_missing(
    fresh_world: World, pilot: Program
) -> None:
    with pytest.raises(Conflict) as refused:
        book_at(fresh_world, pilot, TUESDAY, "Rebase a branch without fear")

    assert refused.value.code == "objectives-missing"
    assert str(refused.value.message) == (
        "This program needs 2 objectives of each mentee before a session is booked."
        " 1 is missing: write it down first."
    )
    run = propose_matches(pilot, week=MONDAY, by=fresh_world.viewer("alice"), now=NOW)
    assert [(row.person, row.reasons) for row in run.unmatched.all()] == [
        (fresh_world.person("bob"), [{"code": "objectives_missing", "params": {"n": 1}}])
    ]

    write(fresh_world, "Write a page of the docs alone")
    session = book_at(fresh_world, pilot, TUESDAY, "Rebase a branch without fear")
    assert session.objective == "Rebase a branch without fear"


def test_m19_a_third_objective_is_refused_and_one_of_the_two_can_be_said_anew(
    fresh_world: World, pilot: Program
) -> None:
    second = write(fresh_world, "Write a page of the docs alone")

    with pytest.raises(Conflict) as refused:
        write(fresh_world, "Learn everything about releases")
    assert refused.value.code == "enough-objectives"

    change_objective(second, "Write the upgrade page", by=fresh_world.viewer("bob"), now=NOW)
    assert list(Objective.objects.order_by("position").values_list("text", flat=True)) == [
        "Rebase a branch without fear",
        "Write the upgrade page",
    ]


def test_sessions_go_round_the_objectives_and_follow_the_skill_of_a_match(
    fresh_world: World, pilot: Program
) -> None:
    bob = fresh_world.person("bob")
    write(fresh_world, "Write a page of the docs alone", skill="docs")
    first = next_objective(pilot, bob)
    assert first is not None
    assert first.text == "Rebase a branch without fear"

    book_at(fresh_world, pilot, TUESDAY, first.text)

    second, by_skill = next_objective(pilot, bob), next_objective(pilot, bob, skill="docs")
    assert second is not None
    assert by_skill is not None
    assert (second.text, by_skill.text) == ("Write a page of the docs alone",) * 2
