"""A posting for a cohort needs a mentor whom somebody named, not one who is enrolled already."""

from __future__ import annotations

from datetime import timedelta

from factories.world import MONDAY, NOW, World
from handrail.apps.cohorts.actions import call_off, open_intake
from handrail.apps.hiring.actions.jobs import save_job
from handrail.apps.hiring.actions.postings import publish
from handrail.apps.hiring.queries import job_shown
from handrail.apps.organizations.scope import reading
from handrail.apps.people.models import Skill
from handrail.apps.programs.actions import create_program, start_program

DAY = timedelta(days=1)


def test_m12_a_mentor_named_for_the_intake_is_enough_for_a_posting(fresh_world: World) -> None:
    """Nobody is enrolled before a cohort starts: whom its lead named stands behind the promise."""
    world, rita = fresh_world, fresh_world.viewer("rita")
    with reading(world.organization):
        program = create_program(
            "first-twelve-weeks", starts_on=MONDAY, ends_on=MONDAY + 300 * DAY,
            by=world.system, now=NOW, leads=[world.person("alice")],
        )  # fmt: skip
        start_program(program, by=world.system, now=NOW)
        job = save_job(
            None, title="Engineer", program=program, mentor_role="an engineer", ref="R-9",
            skills=[Skill.objects.get(name="git")], by=rita, now=NOW,
        )  # fmt: skip
        assert "names one" in job_shown(rita, job.public_id, NOW).why
        opened = open_intake(
            program, [world.person("alice")], opens_on=MONDAY, closes_on=MONDAY + 14 * DAY,
            starts_on=MONDAY + 28 * DAY, by=world.viewer("alice"), now=NOW,
        )  # fmt: skip
        assert publish(job, by=rita, now=NOW).state == "live"
        call_off(opened, by=world.viewer("alice"), now=NOW)
        assert job_shown(rita, job.public_id, NOW).why
