"""Assigning hires by lot, one after the other; nobody sees the next arm before they are in."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Skill
from handrail.apps.pilots.actions.access import audit, locked, require_lead
from handrail.apps.pilots.lottery import ledger_of, seed_of
from handrail.apps.pilots.models import Assignment, Comparison, Hire, Pilot, PilotState
from handrail.apps.pilots.queries import OFFERED, eligible, stratum_of
from handrail.apps.programs.actions import enrol, leave, set_objective
from handrail.apps.programs.models import EnrolmentRole, Objective
from handrail.domain.evidence.assignment import Assigned, assign, block_list, standing


def enrol_hires(pilot: Pilot, *, by: Viewer, now: datetime) -> int:
    """Assign everybody on the list whose first day has come and who has their two objectives.

    In the order of their first days; who is offered it is enrolled in the program at once, who
    waits hears when. Whoever left or did the task before this moment is not eligible.
    """
    require_lead(pilot, by)
    with writing(by.organization):
        pilot = locked(pilot)
        _require_open(pilot)
        first_days = {person.pk: first for person, first in eligible(pilot, now=now)}
        ready = [
            hire
            for hire in Hire.objects.filter(pilot=pilot, assigned_at=None).select_related(
                "person", "person__team"
            )
            if len(hire.objectives) == 2 and hire.person_id in first_days
        ]
        ready.sort(key=lambda hire: (first_days[hire.person_id], hire.person.external_id))
        drawn = pilot.comparison == Comparison.LOTTERY
        if ready and drawn:
            _draw(pilot, ready, by, now)
        today = now.astimezone(ZoneInfo(pilot.organization.timezone)).date()
        rows = standing(ledger_of(pilot))
        for hire in ready:
            hire.assigned_at = now
            hire.t0 = max(first_days[hire.person_id], today)
            hire.save(update_fields=["assigned_at", "t0"])
            row = rows.get(str(hire.public_id))
            if row is None or row.arm == OFFERED:
                offer(pilot, hire, by=by, now=now)
        if ready:
            audit("pilot.assigned", pilot, by, now, people=len(ready))
    return len(ready)


def _draw(pilot: Pilot, ready: list[Hire], by: Viewer, now: datetime) -> None:
    blocks = block_list(seed_of(pilot), pilot.strata, places=pilot.places)
    ledger = ledger_of(pilot)
    made: list[Assigned] = []
    today = now.astimezone(ZoneInfo(pilot.organization.timezone)).date()
    taken: dict[str, list[Assigned]] = {}
    for row in ledger:
        taken.setdefault(row.stratum, []).append(row)
    for hire in ready:
        stratum = stratum_of(pilot, hire.person, today)
        mine = taken.setdefault(stratum, [])
        try:
            row = assign(blocks, mine, person=str(hire.public_id), stratum=stratum)
        except IndexError:
            raise Conflict(
                _("All places that were drawn are taken. Start another pilot.")
            ) from None
        mine.append(row)
        made.append(row)
    Assignment.objects.bulk_create(
        Assignment(
            organization=pilot.organization,
            pilot=pilot,
            subject=row.person,
            stratum=row.stratum,
            place=row.place,
            arm=row.arm,
            assigned_at=now,
            assigned_by=by.actor,
        )
        for row in made
    )


def offer(pilot: Pilot, hire: Hire, *, by: Viewer, now: datetime) -> None:
    """Let a hire into the program with their two objectives; who opted out is left alone."""
    if hire.opted_out_at is not None:
        return
    enrolment = enrol(pilot.program, hire.person, EnrolmentRole.MENTEE, by=by, now=now)
    if Objective.objects.filter(enrolment=enrolment).exists():
        return
    for skill, seen in hire.objectives:
        found = Skill.objects.filter(name=skill).first()
        set_objective(enrolment, seen, skill=found, by=by, now=now)


def opt_out(pilot: Pilot, *, by: Viewer, now: datetime) -> None:
    """The hire's own, private, no-fault word: no mentoring, and nobody is told.

    They stay in the arm they were assigned to, as dropping them would flatter the program.
    """
    hire = None
    if by.person_id is not None:
        hire = Hire.objects.filter(pilot=pilot, person_id=by.person_id).first()
    if hire is None or not by.may("programs:write"):
        raise NotAllowed(_("Only a hire of this pilot may say this, for themself."))
    with writing(by.organization):
        if not Hire.objects.filter(pk=hire.pk, opted_out_at=None).update(opted_out_at=now):
            return
        for enrolment in pilot.program.enrolments.filter(
            person_id=hire.person_id, role=EnrolmentRole.MENTEE, left_at=None
        ):
            leave(enrolment, by=by, now=now)


def void_assignment(pilot: Pilot, hire: Hire, reason: str, *, by: Viewer, now: datetime) -> None:
    """Say that a hire should never have been assigned; the row stays, a second one corrects it."""
    require_lead(pilot, by)
    reason = " ".join(reason.split())
    if not 10 <= len(reason) <= 280:
        raise Invalid(
            _("Say why in 10 to 280 characters."),
            fields={"reason": _("Why was this hire not eligible on that day?")},
        )
    with writing(by.organization):
        pilot = locked(pilot)
        _require_open(pilot)
        row = standing(ledger_of(pilot)).get(str(hire.public_id))
        if row is None or row.void:
            raise Conflict(_("There is nothing to correct."))
        Assignment.objects.create(
            organization=pilot.organization,
            pilot=pilot,
            subject=hire.public_id,
            stratum=row.stratum,
            place=row.place,
            arm=row.arm,
            corrects=True,
            void=True,
            reason=reason,
            assigned_at=now,
            assigned_by=by.actor,
        )
        audit("pilot.assignment_voided", pilot, by, now)


def _require_open(pilot: Pilot) -> None:
    if pilot.state != PilotState.OPEN:
        raise Conflict(_("This pilot is not running."))
