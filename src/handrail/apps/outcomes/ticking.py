"""Two people tick a task: one half of what makes it count comes from each."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Invalid, NotAllowed
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outcomes.models import Tick
from handrail.apps.people.models import CompetencyEvent, Person
from handrail.apps.programs.models import EnrolmentRole, Program
from handrail.apps.programs.queries import takes_part


def tick(
    program: Program,
    person: Person,
    task: str,
    *,
    by: Viewer,
    now: datetime,
    done_on: date | None = None,
) -> Tick:
    """Say that a person has done a task of the program: one half of what makes it count.

    The mentee says it for themself, a mentor of the program for the mentee; when both have, it is
    a competency event of the day that was said first. Nobody may say both.
    """
    task = " ".join(task.split())
    if not 3 <= len(task) <= 120:
        raise Invalid(
            _("A task has 3 to 120 characters."), fields={"task": _("Say what was done.")}
        )
    if not by.may("programs:write") or by.person_id is None:
        raise NotAllowed(_("Only the mentee and a mentor of the program say this."))
    is_mentee = by.person_id == person.pk
    me = Person.objects.get(pk=by.person_id)
    if not takes_part(program, me, EnrolmentRole.MENTEE if is_mentee else EnrolmentRole.MENTOR):
        raise NotAllowed(_("Only the mentee and a mentor of the program say this."))
    if not is_mentee and not takes_part(program, person, EnrolmentRole.MENTEE):
        raise NotAllowed(_("Only the mentee and a mentor of the program say this."))
    today = now.astimezone(ZoneInfo(person.timezone)).date()
    day = done_on or today
    if day > today:
        raise Invalid(
            _("This day is not over yet."), fields={"done_on": _("Choose today or an earlier day.")}
        )
    first = person.spells.order_by("started_on").first()
    if first is not None and day < first.started_on:
        raise Invalid(
            _("This lies before their first day."),
            fields={"done_on": _("Choose a later day.")},
        )
    with writing(by.organization):
        Program.objects.select_for_update().get(pk=program.pk)
        found, _new = Tick.objects.get_or_create(
            organization=by.organization,
            program=program,
            person=person,
            task=task,
            defaults={"done_on": day},
        )
        if is_mentee and found.mentee_at is None:
            found.mentee_at = now
        elif not is_mentee and found.mentor_at is None:
            found.mentor_at, found.mentor = now, me
        else:
            return found
        if found.mentee_at and found.mentor_at and found.event is None:
            found.event = _event_of(found, by, now)
        found.save()
        record_audit(
            by=by,
            verb="task.ticked",
            object_type="program",
            object_id=str(program.public_id),
            detail={"counts": found.event is not None},
            now=now,
        )
    return found


def _event_of(found: Tick, by: Viewer, now: datetime) -> CompetencyEvent:
    noon = datetime.combine(found.done_on, time(12), ZoneInfo(found.person.timezone))
    event, _new = CompetencyEvent.objects.get_or_create(
        organization=by.organization,
        person=found.person,
        kind="task",
        task=found.task,
        occurred_at=noon.astimezone(UTC),
        defaults={
            "source": "tick",
            "known_since": now.astimezone(ZoneInfo(found.person.timezone)).date(),
        },
    )
    return event
