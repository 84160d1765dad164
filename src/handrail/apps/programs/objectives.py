"""Objectives: what each mentee wants to be able to do, and whether enough of them are written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person, Skill
from handrail.apps.programs.models import Enrolment, EnrolmentRole, Objective, Program
from handrail.apps.programs.queries import may_run

Wanted = tuple[Enrolment, str, Skill | None]


def needed(program: Program) -> int:
    """How many objectives a mentee writes down before a session can be booked."""
    return max(1, program.objectives_per_mentee)


def objectives_of(program: Program, person: Person) -> list[Objective]:
    """A mentee's objectives in the program, in the order they were written."""
    return list(
        Objective.objects.filter(
            enrolment__program=program,
            enrolment__person=person,
            enrolment__role=EnrolmentRole.MENTEE,
            enrolment__left_at=None,
        )
        .select_related("skill")
        .order_by("position")
    )


def missing_objectives(program: Program, written: int) -> int:
    """How many of the objectives that booking needs are still to be written."""
    return max(0, program.objectives_per_mentee - written)


def not_enough_objectives(program: Program, missing: int) -> Conflict:
    """The refusal that says how many are still to be written."""
    count = needed(program)
    return Conflict(
        ngettext(
            "This program needs %(n)d objective of each mentee before a session is booked.",
            "This program needs %(n)d objectives of each mentee before a session is booked.",
            count,
        )
        % {"n": count}
        + " "
        + ngettext(
            "%(n)d is missing: write it down first.",
            "%(n)d are missing: write them down first.",
            missing,
        )
        % {"n": missing},
        code="objectives-missing",
        missing=missing,
    )


def require_objectives(program: Program, person: Person) -> None:
    """Raise Conflict where a program that counts its objectives has too few of this mentee."""
    if program.objectives_per_mentee and (
        missing := missing_objectives(program, len(objectives_of(program, person)))
    ):
        raise not_enough_objectives(program, missing)


def set_objective(
    enrolment: Enrolment, text: str, *, by: Viewer, now: datetime, skill: Skill | None = None
) -> Objective:
    """Write down what the mentee wants to be able to do.

    Where the program counts its objectives, one more than those is refused; else the latest counts.
    """
    text = _checked(enrolment, text, by)
    program = enrolment.program
    with writing(by.organization):
        # Two at once must not both be the last one.
        Enrolment.objects.select_for_update().get(pk=enrolment.pk)
        there = Objective.objects.filter(enrolment=enrolment)
        if program.objectives_per_mentee and there.count() >= program.objectives_per_mentee:
            raise Conflict(
                ngettext(
                    "This program has exactly %(n)d objective for each mentee. Change it instead.",
                    "This program has exactly %(n)d objectives for each mentee, and they are"
                    " written. Change one of them instead.",
                    program.objectives_per_mentee,
                )
                % {"n": program.objectives_per_mentee},
                code="enough-objectives",
            )
        last = there.aggregate(last=Max("position"))["last"] or 0
        objective = Objective.objects.create(
            organization=by.organization,
            enrolment=enrolment,
            skill=skill,
            text=text,
            position=last + 1,
            created_at=now,
        )
        _audit("objective.set", program, by, now)
    return objective


def change_objective(
    objective: Objective, text: str, *, by: Viewer, now: datetime, skill: Skill | None = None
) -> Objective:
    """Say an objective in other words; sessions that are booked keep theirs."""
    text = _checked(objective.enrolment, text, by)
    with writing(by.organization):
        Objective.objects.filter(pk=objective.pk).update(text=text, skill=skill)
        _audit("objective.changed", objective.enrolment.program, by, now)
    objective.refresh_from_db()
    return objective


def set_objectives(wanted: Sequence[Wanted], *, by: Viewer, now: datetime) -> list[Objective]:
    """Write down the objectives of several mentees: all of them, or none."""
    with writing(by.organization):
        return [
            set_objective(enrolment, text, skill=skill, by=by, now=now)
            for enrolment, text, skill in wanted
        ]


def _checked(enrolment: Enrolment, text: str, by: Viewer) -> str:
    if not by.may("programs:write") or not (
        by.person_id == enrolment.person_id or may_run(by, enrolment.program)
    ):
        raise NotAllowed(_("Only the mentee or a lead of the program may set the objective."))
    text = " ".join(text.split())
    if not 5 <= len(text) <= 280:
        raise Invalid(
            _("An objective has 5 to 280 characters."),
            fields={"text": _("Say in one sentence what you want to be able to do.")},
        )
    if enrolment.role != EnrolmentRole.MENTEE or enrolment.left_at is not None:
        raise Conflict(_("Only a mentee who takes part has an objective."))
    return text


def _audit(verb: str, program: Program, by: Viewer, now: datetime) -> None:
    record_audit(
        by=by,
        verb=verb,
        object_type="program",
        object_id=str(program.public_id),
        detail={},
        now=now,
    )
