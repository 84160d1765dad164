"""A pilot in the demo: what articles claim, registered, drawn by lot, and judged."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outcomes.actions import waive_source
from handrail.apps.people.models import Person
from handrail.apps.people.queries import viewer_for_person
from handrail.apps.pilots import actions
from handrail.apps.pilots.models import Pilot
from handrail.apps.pilots.planning import missing_sources
from handrail.apps.pilots.queries import eligible
from handrail.apps.programs.actions import create_program, start_program

# What is said of three 20-minute sessions in the first month: claims to test, nothing of ours.
CLAIMS = [
    {"measure": "retention_180", "value": 0.15, "unit": "relative", "whom": "took_part"},
    {"measure": "first_merge", "value": 0.40, "unit": "faster", "whom": "took_part"},
]
HIRED = timedelta(weeks=8)


def plan_trial(lead: Person, *, monday: date, by: Viewer, now: datetime) -> Pilot:
    """A pilot of the same template among the newest hires, started by the lead."""
    program = create_program(
        "tooling-start",
        starts_on=monday,
        ends_on=monday + timedelta(days=300),
        name="Trial of three sessions",
        leads=[lead],
        by=by,
        now=now,
    )
    start_program(program, by=viewer_for_person(lead), now=now)
    runs = viewer_for_person(lead)
    pilot = actions.create_pilot(
        program,
        "Three sessions in month one",
        starts_on=monday,
        hired_from=monday - HIRED,
        by=runs,
        now=now,
    )
    pilot = actions.edit_pilot(
        pilot,
        measure="retention_180",
        claims=CLAIMS,
        sponsor="Adele Winter",
        waits_days=180,
        planned_hires=40,
        take_up=67,
        by=runs,
        now=now,
    )
    for person, _first in eligible(pilot, now=now):
        wants = [want.skill.name for want in person.wants.select_related("skill")[:2]]
        if not wants:
            continue
        seen = ["Does a task with {} alone", "Explains {} to somebody else"]
        objectives = [
            (skill, text.format(skill))
            for skill, text in zip([wants[0], wants[-1]], seen, strict=True)
        ]
        actions.set_hire_objectives(pilot, person, objectives, by=runs, now=now)
    for source in missing_sources(pilot):
        waive_source(
            program,
            source,
            "What is known by now is read from activity, until this is connected.",
            signed="Adele Winter",
            by=runs,
            now=now,
        )
    pilot = actions.start_pilot(pilot, by=runs, now=now)
    actions.enrol_hires(pilot, by=runs, now=now)
    return pilot
