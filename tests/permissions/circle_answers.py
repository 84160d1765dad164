"""Answers and questions of one circle: a pair's, a public one, one asked, one that waits."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from factories.answers import written
from factories.world import NOW, World
from handrail.apps.answers import actions
from handrail.apps.answers.models import AnswerPerson, Audience, Phrasing
from handrail.apps.organizations.scope import reading
from handrail.apps.programs.models import Program
from handrail.apps.sessions.actions import book
from handrail.apps.sessions.models import Artifact


def answers_of(
    world: World, program: Program, mentee: str, mentor: str, start: datetime
) -> dict[str, str]:
    """Ids of an answer of the two that the mentee owns, how it was asked, and questions."""
    by = world.viewer(mentee)
    session = book(
        program,
        world.person(mentee),
        world.person(mentor),
        start,
        "Rebase a branch",
        by=by,
        now=NOW,
    )
    with reading(world.organization):
        skill = world.person(mentor).offers.all()[0].skill
        Artifact.objects.create(
            organization=world.organization,
            session=session,
            learned="This",
            next_step="That",
            submitted_by=world.person(mentee),
            submitted_at=NOW,
        )
        answer = written(
            world, mentee, "How do I rebase a branch?", "So.", audience=Audience.PAIR, skill=skill
        )
        AnswerPerson.objects.create(
            organization=world.organization, answer=answer, person=world.person(mentor)
        )
        public = written(world, mentee, "What is open?", "Much.", audience=Audience.PUBLIC)
        phrasing = Phrasing.objects.create(
            organization=world.organization,
            answer=answer,
            text="Rebasing?",
            normal="rebasing",
            first_at=NOW,
        )
        asked = actions.ask("Rebase a branch: how?", public_id=uuid4(), by=by, now=NOW, skill=skill)
        waiting = actions.ask("Squash it: how?", public_id=uuid4(), by=by, now=NOW, skill=skill)
        actions.queue(waiting, by=by, now=NOW)
    return {
        "artifact_session": str(session.public_id),
        "answer": str(answer.public_id),
        "public_answer": str(public.public_id),
        "phrasing": str(phrasing.public_id),
        "question": str(asked.public_id),
        "waiting": str(waiting.public_id),
    }
