"""Planning a pilot until it starts: from then on the plan is frozen and published."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person, Skill
from handrail.apps.pilots.actions.access import audit, locked, require_lead
from handrail.apps.pilots.lottery import sealed
from handrail.apps.pilots.models import Comparison, Hire, Pilot, PilotState
from handrail.apps.pilots.planning import (
    MOBILITY_RULE,
    digest_of,
    foresee,
    missing_sources,
    plan_of,
    problems_of,
    strata_of,
    timing_trap,
)
from handrail.apps.programs.actions import edit_program
from handrail.apps.programs.models import Program
from handrail.apps.programs.queries import require_run
from handrail.domain.evidence.assignment import SEED_BYTES, block_list, commitment

OBJECTIVES = 2
EDITABLE = frozenset(
    {
        "name", "team", "sponsor", "starts_on", "hired_from", "planned_hires", "take_up",
        "measure", "task", "claims", "comparison", "waits_days", "compares_later", "looks",
        "hires_per_mentor", "session_cost", "value_low", "value_high", "currency",
    }
)  # fmt: skip


def create_pilot(
    program: Program, name: str, *, by: Viewer, now: datetime, **changes: Any
) -> Pilot:
    """Begin planning a pilot of a program: twelve weeks from a day on."""
    require_run(by, program)
    starts_on = changes.pop("starts_on", None) or program.starts_on
    pilot = Pilot(
        organization=by.organization,
        program=program,
        name=" ".join(name.split()),
        starts_on=starts_on,
        hired_from=changes.pop("hired_from", None) or starts_on - timedelta(days=14),
        mobility_rule=dict(MOBILITY_RULE),
        created_at=now,
    )
    _take(pilot, changes)
    if not pilot.name:
        raise Invalid(_("The pilot is not complete."), fields={"name": _("Give it a name.")})
    with writing(by.organization):
        if Pilot.objects.filter(program=program).exists():
            raise Conflict(_("This program has a pilot already."))
        pilot.save()
        audit("pilot.created", pilot, by, now)
    return pilot


def edit_pilot(pilot: Pilot, *, by: Viewer, now: datetime, **changes: Any) -> Pilot:
    """Change what is planned; once it runs, nothing of the plan can be changed any more."""
    require_lead(pilot, by)
    with writing(by.organization):
        pilot = locked(pilot)
        _require_draft(pilot)
        _take(pilot, changes)
        problems = problems_of(pilot)
        if problems:
            raise Invalid(_("The plan cannot stand like this."), fields=problems)
        pilot.save()
        audit("pilot.edited", pilot, by, now, fields=sorted(changes))
    return pilot


def _take(pilot: Pilot, changes: dict[str, Any]) -> None:
    if unknown := set(changes) - EDITABLE:
        raise Invalid(_("Unknown fields: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    for name, value in changes.items():
        setattr(pilot, name, value)


def _require_draft(pilot: Pilot) -> None:
    if pilot.state != PilotState.DRAFT:
        raise Conflict(
            _("The plan is frozen since the pilot started. Nothing of it can be changed."),
            code="plan-frozen",
        )


def set_hire_objectives(
    pilot: Pilot,
    person: Person,
    objectives: Sequence[tuple[str, str]],
    *,
    by: Viewer,
    now: datetime,
) -> Hire:
    """Put a hire on the list with exactly two objectives: a skill, and what can be seen after.

    They can be said in other words until the hire is assigned.
    """
    require_lead(pilot, by)
    cleaned = [(" ".join(skill.split()), " ".join(seen.split())) for skill, seen in objectives]
    if len(cleaned) != OBJECTIVES:
        raise Invalid(
            _("Each hire has exactly two objectives."),
            fields={"objectives": _("Write two, each with a skill and what can be seen after.")},
        )
    known = set(Skill.objects.values_list("name", flat=True))
    for skill, seen in cleaned:
        if skill not in known:
            raise Invalid(
                _("Each objective names a skill."),
                fields={"objectives": _("Choose a skill of the list.")},
            )
        if not 5 <= len(seen) <= 280:
            raise Invalid(
                _("Each objective says what can be seen afterwards."),
                fields={"objectives": _("Say it in 5 to 280 characters.")},
            )
    if cleaned[0] == cleaned[1]:
        raise Invalid(
            _("The two objectives are the same."),
            fields={"objectives": _("Write a second one.")},
        )
    with writing(by.organization):
        pilot = locked(pilot)
        hire, _new = Hire.objects.get_or_create(
            organization=by.organization, pilot=pilot, person=person, defaults={"added_at": now}
        )
        if hire.assigned_at is not None:
            raise Conflict(_("This hire is assigned: the objectives stand."))
        hire.objectives = [list(one) for one in cleaned]
        hire.save(update_fields=["objectives"])
        audit("pilot.hire_listed", pilot, by, now)
    return hire


def start_pilot(pilot: Pilot, *, by: Viewer, now: datetime, seed: bytes | None = None) -> Pilot:
    """Freeze the plan, publish its fingerprint and that of the lottery, and begin.

    Refused unless everybody on the list has two objectives, every source is connected or waived
    in writing, and nobody is offered mentoring before what is measured is known (or the pilot
    says in its title that it compares early with later mentoring).
    """
    require_lead(pilot, by)
    with writing(by.organization):
        pilot = locked(pilot)
        _require_draft(pilot)
        refused = start_problems(pilot)
        if refused:
            raise Invalid(
                _("The pilot cannot start yet."), fields=refused, lines=[*refused.values()]
            )
        strata = strata_of(pilot)
        places = 2 * pilot.planned_hires
        today = now.astimezone(ZoneInfo(by.organization.timezone)).date()
        plan = plan_of(pilot, foresee(pilot), strata=strata, places=places, today=today)
        pilot.plan, pilot.plan_digest = plan, digest_of(plan)
        pilot.strata, pilot.places = strata, places
        pilot.state = PilotState.OPEN
        pilot.started_at, pilot.started_by = now, by.actor
        if pilot.comparison == Comparison.LOTTERY:
            drawn = seed or secrets.token_bytes(SEED_BYTES)
            pilot.commitment = commitment(drawn, block_list(drawn, strata, places=places))
            pilot.sealed_seed = sealed(pilot, drawn)
        pilot.save()
        if pilot.program.objectives_per_mentee != OBJECTIVES:
            edit_program(pilot.program, objectives_per_mentee=OBJECTIVES, by=by, now=now)
        audit("pilot.started", pilot, by, now, plan=pilot.plan_digest, lottery=pilot.commitment)
    return pilot


def start_problems(pilot: Pilot) -> dict[str, str]:
    """Everything that keeps a pilot from starting, by what it is about."""
    fields = problems_of(pilot)
    if len(pilot.sponsor.strip()) < 3:
        fields["sponsor"] = _("Say who wants to know it and decides by it: the sponsor.")
    unready = sum(len(hire.objectives) != OBJECTIVES for hire in Hire.objects.filter(pilot=pilot))
    if unready:
        fields["hires"] = _("%(n)d on the list have not exactly two objectives.") % {"n": unready}
    for source in missing_sources(pilot):
        fields[f"source_{source.value}"] = _(
            "Nothing ever came from: %(source)s. Connect it, or waive it in writing."
        ) % {"source": source.label}
    if not pilot.compares_later and (trap := timing_trap(pilot)):
        fields["waits_days"] = trap
    return fields
