"""What was quiet for 90 days is asked about, ends 7 days later, and comes back with one press."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from factories.world import NOW, World
from handrail.apps.organizations.actions import record_consent
from handrail.apps.organizations.refusals import Conflict, NotFound
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.programs.actions import edit_program, enrol, set_objective
from handrail.apps.programs.models import EnrolmentRole, ProgramStatus, QuietQuestion
from handrail.apps.sessions.actions import book
from handrail.apps.sessions.quiet import (
    answer_quiet,
    look_after_quiet,
    quiet_question_for,
    quiet_questions_of,
)

DAY = timedelta(days=1)
Look = Callable[[float], tuple[int, int]]


@pytest.fixture
def look(world: World) -> Look:
    """The daily look so many days after everybody joined."""
    return lambda days: look_after_quiet(by=world.system, now=NOW + days * DAY)


def asked(kind: str) -> list[str]:
    rows = OutboxRow.objects.filter(kind=kind, done_at=None).order_by("pk")
    return [str(row.ref["person"]) for row in rows]


def switch_off(world: World, name: str) -> None:
    record_consent(
        world.person(name).public_id,
        "quiet_ends",
        False,
        text_version="v1",
        channel="web",
        by=world.viewer(name),
        now=NOW,
    )


def test_a_quiet_program_is_asked_about_and_closes_a_week_later(world: World, look: Look) -> None:
    assert look(89) == (0, 0)
    assert look(90) == (1, 0)  # the program; its parts are not asked about beside it
    assert look(91) == (0, 0)
    assert asked("mail.quiet_asked") == [str(world.person("alice").public_id)]
    assert look(96.9) == (0, 0)
    assert look(97) == (0, 1)

    assert world.program is not None
    world.program.refresh_from_db()
    assert world.program.status == ProgramStatus.CLOSED
    question = QuietQuestion.objects.get()
    lead, back = world.viewer("alice"), NOW + 98 * DAY
    assert quiet_questions_of(lead, back) == [question]
    answer_quiet(question, "back", by=lead, now=back)
    world.program.refresh_from_db()
    assert world.program.status == ProgramStatus.RUNNING
    assert look(98 + 89) == (0, 0)  # it begins anew
    assert look(98 + 90) == (1, 0)


def test_a_session_ahead_or_an_answer_keeps_it(world: World, look: Look) -> None:
    assert world.program is not None
    edit_program(
        world.program,
        by=world.viewer("alice"),
        now=NOW,
        ends_on=world.program.starts_on + timedelta(days=150),
    )
    start = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)  # 99 days later
    bob, alice = world.person("bob"), world.person("alice")
    book(world.program, bob, alice, start, "Rebase", by=world.viewer("bob"), now=NOW)
    assert look(95) == (0, 0)
    assert look(99 + 91) == (1, 0)
    lead = world.viewer("alice")
    answer_quiet(QuietQuestion.objects.get(), "keep", by=lead, now=NOW + 192 * DAY)
    assert look(199) == (0, 0)
    world.program.refresh_from_db()
    assert world.program.status == ProgramStatus.RUNNING


def test_a_mentees_part_ends_by_itself_and_they_come_back(world: World, look: Look) -> None:
    program, charlie = world.program, world.person("charlie")
    assert program is not None
    later = NOW + 50 * DAY
    part = enrol(program, charlie, EnrolmentRole.MENTEE, by=world.viewer("alice"), now=later)
    # Since then somebody joined, so that the program itself is not quiet.
    dora = world.add("dora", role="mentee")
    enrol(program, dora, EnrolmentRole.MENTEE, by=world.viewer("alice"), now=NOW + 100 * DAY)

    assert look(140) == (2, 0)  # bob and charlie
    set_objective(
        world.enrolments["bob"], "Bisect a bug", by=world.viewer("bob"), now=NOW + 141 * DAY
    )
    assert look(147) == (0, 1)  # bob has done something meanwhile
    part.refresh_from_db()
    assert part.left_at == NOW + 147 * DAY
    question = QuietQuestion.objects.get(enrolment=part)
    with pytest.raises(NotFound):
        quiet_question_for(world.viewer("bob"), question.public_id)
    answer_quiet(question, "back", by=world.viewer("charlie"), now=NOW + 148 * DAY)
    part.refresh_from_db()
    assert part.left_at is None


def test_who_switched_it_off_is_neither_asked_nor_ended(world: World, look: Look) -> None:
    switch_off(world, "alice")
    assert look(90) == (1, 0)  # bob's part
    switch_off(world, "bob")
    assert look(97) == (0, 0)
    world.enrolments["bob"].refresh_from_db()
    assert world.enrolments["bob"].left_at is None


def test_what_has_not_ended_does_not_come_back(world: World, look: Look) -> None:
    look(90)
    question: Any = QuietQuestion.objects.get()
    lead, now = world.viewer("alice"), NOW + 91 * DAY
    with pytest.raises(Conflict):
        answer_quiet(question, "back", by=lead, now=now)
    answer_quiet(question, "end", by=lead, now=now)
    with pytest.raises(Conflict):
        answer_quiet(question, "keep", by=lead, now=now)
