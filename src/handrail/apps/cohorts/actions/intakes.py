"""Opening, changing and calling off an intake, and taking new hires in by default."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from handrail.apps.cohorts.actions.access import audit, local_day, locked, require_open, touch
from handrail.apps.cohorts.actions.holding import follow_days, last_day_held, release_holds_of
from handrail.apps.cohorts.announcing import announce_called_off, announce_in
from handrail.apps.cohorts.eligible import new_hires
from handrail.apps.cohorts.models import (
    DAYS,
    FEWEST,
    MOST,
    WEEKS,
    Cohort,
    CohortState,
    HoldEnd,
    Intake,
    IntakeState,
    Place,
)
from handrail.apps.cohorts.shapes import themes_of
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Program, ProgramModel, ProgramStatus
from handrail.apps.programs.queries import require_run
from handrail.domain.cohorts import lot_of

HIRED_BEFORE = timedelta(days=90)  # who started so long before the window opens is new
EDITABLE = {
    "opens_on",
    "closes_on",
    "starts_on",
    "held_until",
    "hired_from",
    "seats",
    "by_lot",
    "themes",
    "tail_sessions",
}


def open_intake(
    program: Program,
    mentors: Sequence[Person],
    *,
    opens_on: date,
    closes_on: date,
    starts_on: date,
    by: Viewer,
    now: datetime,
    **more: Any,
) -> Intake:
    """Open a window for a program's next cohorts, one for each mentor; new hires are in at once.

    `more`: hired_from, held_until, seats, by_lot, themes, tail_sessions.
    """
    require_run(by, program)
    if program.model != ProgramModel.COHORT:
        raise Conflict(_("Only a program of the cohort model has intakes."), code="wrong-model")
    if program.status != ProgramStatus.RUNNING:
        raise Conflict(
            _("This program is not running. Start it first."), code="program-not-running"
        )
    if not mentors:
        raise Invalid(
            _("A cohort has a mentor."), fields={"mentors": _("Choose at least one person.")}
        )
    values: dict[str, Any] = {
        "hired_from": opens_on - HIRED_BEFORE,
        "themes": [_(line) for line in themes_of(program.template)],
        **more,
    }
    intake = Intake(
        organization=by.organization,
        program=program,
        opens_on=opens_on,
        closes_on=closes_on,
        starts_on=starts_on,
        seed=program.seed,
        created_at=now,
        **values,
    )
    _check(intake)
    with writing(by.organization):
        intake.save()
        Cohort.objects.bulk_create(
            Cohort(
                organization=by.organization,
                intake=intake,
                mentor=mentor,
                timezone=mentor.timezone,
            )
            for mentor in mentors
        )
        audit("intake_opened", intake, by, now, mentors=len(mentors))
    take_in(intake, by=by, now=now)
    return intake


def edit_intake(intake: Intake, *, by: Viewer, now: datetime, **changes: Any) -> Intake:
    """Change an intake that has not started; afterwards only how many meetings follow."""
    require_run(by, intake.program)
    if unknown := set(changes) - EDITABLE:
        raise Invalid(_("Unknown fields: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    with writing(by.organization):
        intake = locked(intake)
        if intake.state != IntakeState.STARTED or set(changes) - {"tail_sessions"}:
            require_open(intake)
        before = last_day_held(intake)
        for name, value in changes.items():
            setattr(intake, name, value)
        _check(intake)
        touch(intake, **changes)
        follow_days(intake, before)
        audit("intake_edited", intake, by, now, fields=sorted(changes))
    return intake


def call_off(intake: Intake, *, by: Viewer, now: datetime) -> Intake:
    """End an intake of which nothing has started; everybody who was in is told."""
    require_run(by, intake.program)
    with writing(by.organization):
        intake = locked(intake)
        require_open(intake)
        touch(intake, state=IntakeState.CALLED_OFF)
        intake.cohorts.update(state=CohortState.CALLED_OFF)
        release_holds_of(intake, HoldEnd.CALLED_OFF, now)
        for place in intake.places.filter(opted_out_at=None).select_related("person"):
            announce_called_off(place, now)
        audit("intake_called_off", intake, by, now)
    return intake


def take_in(intake: Intake, *, by: Viewer, now: datetime) -> int:
    """Take in every new hire who is eligible by now, while the window is open; says how many.

    They are in by default and told so; who opted out of this program before is left alone.
    """
    with writing(by.organization):
        intake = locked(intake)
        today = local_day(intake, now)
        if intake.state != IntakeState.OPEN or not intake.opens_on <= today <= intake.closes_on:
            return 0
        found = new_hires(intake)
        for hire in found:
            place = Place.objects.create(
                organization=by.organization,
                intake=intake,
                person=hire.person,
                started_on=hire.started_on,
                eligible_at=hire.waits_since or now,
                lot=lot_of(intake.seed, hire.person.external_id),
            )
            announce_in(place, now)
        if found:
            touch(intake)
            audit("taken_in", intake, by, now, people=len(found))
    return len(found)


def _check(intake: Intake) -> None:
    """Raise Invalid with every field that cannot stand."""
    fields: dict[str, str] = {}
    if intake.closes_on < intake.opens_on:
        fields["closes_on"] = _("The window closes before it opens. Choose a later day.")
    if intake.starts_on <= intake.closes_on:
        fields["starts_on"] = _("The first week comes after the window has closed.")
    if intake.held_until and not intake.opens_on <= intake.held_until <= intake.closes_on:
        fields["held_until"] = _("Choose a day on which the window is open, or leave it empty.")
    if intake.hired_from > intake.closes_on:
        fields["hired_from"] = _("Choose a day before the window closes.")
    if not FEWEST <= intake.seats <= MOST:
        fields["seats"] = _("A cohort has 6 to 8 seats.")
    if not 0 <= intake.tail_sessions <= 6:
        fields["tail_sessions"] = _("Choose between 0 and 6 meetings.")
    if len(intake.themes) != WEEKS:
        fields["themes"] = _("Write twelve lines, one for each week.")
    elif any(not 5 <= len(str(line)) <= 280 for line in intake.themes):
        fields["themes"] = _("Each line has 5 to 280 characters.")
    program = intake.program
    if intake.opens_on < program.starts_on - timedelta(days=31):
        fields["opens_on"] = _("The program starts later. Choose a later day.")
    if intake.starts_on + timedelta(days=DAYS) > program.ends_on + timedelta(days=1):
        fields.setdefault(
            "starts_on",
            _("The twelve weeks do not end before the program does, on %(day)s.")
            % {"day": program.ends_on.isoformat()},
        )
    if fields:
        raise Invalid(_("The intake cannot be saved like this."), fields=fields)
