"""A job of one circle: published, offered to somebody, and its program closed since."""

from __future__ import annotations

from datetime import timedelta

from factories.world import MONDAY, NOW, World
from handrail.apps.hiring.actions.jobs import save_job
from handrail.apps.hiring.actions.offers import record_offer
from handrail.apps.hiring.actions.postings import publish
from handrail.apps.hiring.models import JobReading
from handrail.apps.organizations.scope import reading
from handrail.apps.people.queries import viewer_for_person
from handrail.apps.programs.actions import close_program, create_program, enrol, start_program
from handrail.apps.programs.models import EnrolmentRole


def postings(world: World, mentor: str, lead: str) -> dict[str, str]:
    """Ids of a job, of an offer whose promise the lead has to decide, and of a board's reading."""
    by = world.system
    with reading(world.organization):
        program = create_program(
            "tooling-start",
            starts_on=MONDAY,
            ends_on=MONDAY + timedelta(days=90),
            by=by,
            now=NOW,
            leads=[world.person(lead)],
        )
        start_program(program, by=by, now=NOW)
        enrol(program, world.person(mentor), EnrolmentRole.MENTOR, by=by, now=NOW)
        job = save_job(
            None,
            title="Engineer",
            program=program,
            mentor_role="an engineer of your team",
            skills=[world.person(mentor).offers.all()[0].skill],
            ref=f"R-{mentor}",
            by=by,
            now=NOW,
        )
        publish(job, by=by, now=NOW)
        offer = record_offer(f"a-{mentor}", job.ref, offered_at=NOW, shown="yes", by=by, now=NOW)
        close_program(program, by=viewer_for_person(world.person(lead)), now=NOW)
        board = JobReading.objects.create(
            organization=world.organization,
            board="example",
            digest="",
            read_at=NOW,
            read_by=by.actor,
        )
    return {
        "job": str(job.public_id),
        "offer": str(offer.public_id),
        "board": str(board.public_id),
    }
