"""A running pilot of one circle: the lead's, with the mentee as its hire and a mentor."""

from __future__ import annotations

from datetime import timedelta

from factories.world import MONDAY, NOW, World
from handrail.apps.organizations.scope import reading
from handrail.apps.outcomes.actions import waive_source
from handrail.apps.people.models import EmploymentSpell, Skill
from handrail.apps.people.queries import viewer_for_person
from handrail.apps.pilots import actions
from handrail.apps.pilots.models import Hire
from handrail.apps.programs.actions import create_program, enrol, start_program
from handrail.apps.programs.models import EnrolmentRole

CLAIM = {"measure": "first_merge", "value": 0.4, "unit": "faster", "whom": "took_part"}


def pilot(world: World, mentee: str, mentor: str, lead: str) -> dict[str, str]:
    """Ids of a pilot that runs, and of its one hire, who is assigned."""
    by = world.system
    with reading(world.organization):
        program = create_program(
            "tooling-start", starts_on=MONDAY, by=by, now=NOW, leads=[world.person(lead)]
        )
        start_program(program, by=by, now=NOW)
        enrol(program, world.person(mentor), EnrolmentRole.MENTOR, by=by, now=NOW)
        first = EmploymentSpell.objects.filter(person=world.person(mentee)).latest("started_on")
        viewer = viewer_for_person(world.person(lead))
        made = actions.create_pilot(
            program,
            "Does it help?",
            starts_on=MONDAY,
            hired_from=first.started_on - timedelta(days=1),
            sponsor="Paula Ruiz",
            claims=[CLAIM],
            by=viewer,
            now=NOW,
        )
        skill = Skill.objects.order_by("pk").first()
        assert skill is not None
        objectives = [(skill.name, "Rebases alone"), (skill.name, "Helps somebody rebase")]
        actions.set_hire_objectives(made, world.person(mentee), objectives, by=viewer, now=NOW)
        waive_source(
            program,
            "merges",
            "There is no repository to read here.",
            signed="Paula Ruiz",
            by=viewer,
            now=NOW,
        )
        made = actions.start_pilot(made, by=viewer, now=NOW)
        actions.enrol_hires(made, by=viewer, now=NOW)
        hire = Hire.objects.get(pilot=made)
        assert hire.assigned_at is not None
    return {"pilot": str(made.public_id), "hire": str(hire.public_id)}
