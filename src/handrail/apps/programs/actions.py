"""Verbs on programs: create from a template, start, close, enrol, leave, set an objective."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person, TakesPartAs
from handrail.apps.people.queries import still_here
from handrail.apps.programs.models import (
    Enrolment,
    EnrolmentRole,
    KeepPublished,
    Program,
    ProgramLead,
    ProgramStatus,
    ShareLoad,
)
from handrail.apps.programs.objectives import change_objective, set_objective, set_objectives
from handrail.apps.programs.queries import may_run, require_run
from handrail.apps.programs.rituals import RITUALS, ritual_problems
from handrail.apps.programs.signals import program_changed
from handrail.apps.programs.templates import SESSION_MINUTES_MESSAGE, TEMPLATES

__all__ = [
    "change_objective",
    "close_program",
    "create_program",
    "edit_program",
    "enrol",
    "enrol_everyone",
    "leave",
    "name_lead",
    "set_objective",
    "set_objectives",
    "start_program",
    "would_be",
]

EDITABLE = {
    "name",
    "starts_on",
    "ends_on",
    "session_minutes",
    "sessions_per_mentee",
    "within_days",
    "min_notice_minutes",
    "late_cancel_minutes",
    "daily_cap",
    "keep_published",
    "again_after_weeks",
    "quality_floor",
    "share_load",
    "answer_hours",
    "pause_after_silent",
    "completion_line",
    "reply_line_hours",
    "seed",
    *RITUALS,
}


def _check(program: Program) -> None:
    """Raise Invalid with every field that cannot stand."""
    fields: dict[str, str] = {}
    if not program.name.strip():
        fields["name"] = _("Give the program a name.")
    if not 20 <= program.session_minutes <= 30:
        fields["session_minutes"] = str(SESSION_MINUTES_MESSAGE)
    if not 1 <= program.sessions_per_mentee <= 12:
        fields["sessions_per_mentee"] = _("Choose between 1 and 12 sessions for each mentee.")
    if program.keep_published not in KeepPublished.values:
        fields["keep_published"] = _("Choose one of the list.")
    if not 0 <= program.again_after_weeks <= 52:
        fields["again_after_weeks"] = _("Choose between 0 and 52 weeks.")
    if not 0 <= program.quality_floor <= 100:
        fields["quality_floor"] = _("Choose between 0 and 100 percent.")
    if program.share_load not in ShareLoad.values:
        fields["share_load"] = _("Choose one of the list.")
    if not 1 <= program.answer_hours <= 168:
        fields["answer_hours"] = _("Choose between 1 and 168 hours.")
    if not 0 <= program.pause_after_silent <= 10:
        fields["pause_after_silent"] = _("Choose between 0 and 10 requests.")
    if not 1 <= program.completion_line <= 100:
        fields["completion_line"] = _("Choose between 1 and 100 percent.")
    if not 1 <= program.reply_line_hours <= 168:
        fields["reply_line_hours"] = _("Choose between 1 and 168 hours.")
    if program.ends_on < program.starts_on:
        fields["ends_on"] = _("The end lies before the start. Choose a later day.")
    fields |= ritual_problems(program)
    if fields:
        raise Invalid(_("The program cannot be saved like this."), fields=fields)


def create_program(
    template_key: str,
    *,
    starts_on: date,
    by: Viewer,
    now: datetime,
    name: str = "",
    leads: Sequence[Person] = (),
    **changes: Any,
) -> Program:
    """Make a draft program from a template; only an administrator may, and names its leads."""
    if not by.is_administrator or not by.may("programs:write"):
        raise NotAllowed(_("Only an administrator may create a program."))
    template = TEMPLATES.get(template_key)
    if template is None:
        raise Invalid(
            _("There is no such template."), fields={"template": _("Choose one of the list.")}
        )
    if unknown := set(changes) - EDITABLE:
        raise Invalid(_("Unknown fields: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    values: dict[str, Any] = {
        "session_minutes": template.session_minutes,
        "sessions_per_mentee": template.sessions_per_mentee,
        "within_days": template.within_days,
        "late_cancel_minutes": template.late_cancel_minutes,
        "checklist": [_(line) for line in template.checklist],
        "artifact_prompts": {key: _(text) for key, text in template.artifact_prompts.items()},
        "ends_on": starts_on + timedelta(days=(template.runs_days or template.within_days) - 1),
        **changes,
    }
    program = Program(
        organization=by.organization,
        name=name or _(template.name),
        model=template.model,
        template=template.key,
        starts_on=starts_on,
        created_at=now,
        **values,
    )
    _check(program)
    with writing(by.organization):
        program.save()
        ProgramLead.objects.bulk_create(
            ProgramLead(organization=by.organization, program=program, person=person)
            for person in leads
        )
        _audit("program.created", program, by, now, template=template.key)
        program_changed.send(sender=Program, program=program, by=by, now=now)
    return program


def would_be(program: Program, *, by: Viewer, **changes: Any) -> Program:
    """The program as these changes would leave it, checked like them; nothing is written."""
    require_run(by, program)
    changed = copy(program)
    for name, value in changes.items():
        setattr(changed, name, value)
    _check(changed)
    return changed


def edit_program(
    program: Program,
    *,
    by: Viewer,
    now: datetime,
    only_if: Callable[[], None] = lambda: None,
    **changes: Any,
) -> Program:
    """Change a program's rules; sessions already booked keep theirs.

    `only_if` may refuse, when nobody else can change the program any more.
    """
    require_run(by, program)
    if unknown := set(changes) - EDITABLE:
        raise Invalid(_("Unknown fields: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    if program.status == ProgramStatus.CLOSED:
        raise Conflict(_("This program is closed and cannot be changed."))
    for name, value in changes.items():
        setattr(program, name, value)
    _check(program)
    with writing(by.organization):
        Program.objects.select_for_update().get(pk=program.pk)
        only_if()
        program.rev = F("rev") + 1
        program.save(update_fields=[*changes, "rev"])
        program.refresh_from_db(fields=["rev"])
        _audit("program.edited", program, by, now, fields=sorted(changes))
    return program


def name_lead(program: Program, person: Person, *, by: Viewer, now: datetime) -> None:
    """Make somebody a lead of the program."""
    if not by.is_administrator or not by.may("programs:write"):
        raise NotAllowed(_("Only an administrator may name a lead."))
    with writing(by.organization):
        ProgramLead.objects.get_or_create(
            organization=by.organization, program=program, person=person
        )
        _audit("program.lead_named", program, by, now, person=str(person.public_id))


def start_program(program: Program, *, by: Viewer, now: datetime) -> Program:
    """Set a draft running."""
    return _move(program, ProgramStatus.DRAFT, ProgramStatus.RUNNING, by, now)


def close_program(program: Program, *, by: Viewer, now: datetime) -> Program:
    """End a running program; booked sessions stay, nothing new is proposed."""
    return _move(program, ProgramStatus.RUNNING, ProgramStatus.CLOSED, by, now)


def _move(
    program: Program, before: ProgramStatus, after: ProgramStatus, by: Viewer, now: datetime
) -> Program:
    require_run(by, program)
    with writing(by.organization):
        moved = Program.objects.filter(pk=program.pk, status=before).update(
            status=after, rev=F("rev") + 1
        )
        if not moved:
            raise Conflict(
                _("This program is not in the state “%(state)s”.") % {"state": before.label}
            )
        program.refresh_from_db(fields=["status", "rev"])
        _audit(f"program.{after.value}", program, by, now)
        program_changed.send(sender=Program, program=program, by=by, now=now)
    return program


def enrol(program: Program, person: Person, role: str, *, by: Viewer, now: datetime) -> Enrolment:
    """Put a person into the program; who left before comes back with the same enrolment."""
    require_run(by, program)
    return _enrol_all(program, [(person, role)], by=by, now=now)[0]


def enrol_everyone(program: Program, *, day: date, by: Viewer, now: datetime) -> list[Enrolment]:
    """Enrol everybody who is still here on that day, each as what they take part as."""
    require_run(by, program)
    roles = {TakesPartAs.MENTEE: EnrolmentRole.MENTEE, TakesPartAs.MENTOR: EnrolmentRole.MENTOR}
    people = still_here(day).exclude(role="").order_by("external_id")
    return _enrol_all(
        program, [(person, roles[TakesPartAs(person.role)]) for person in people], by=by, now=now
    )


def _enrol_all(
    program: Program, parts: Iterable[tuple[Person, str]], *, by: Viewer, now: datetime
) -> list[Enrolment]:
    if program.status == ProgramStatus.CLOSED:
        raise Conflict(_("This program is closed. Nobody can be enrolled any more."))
    made = []
    with writing(by.organization):
        for person, role in parts:
            if role not in EnrolmentRole.values:
                raise Invalid(_("Choose mentee or mentor."), fields={"role": _("Unknown role.")})
            other = Enrolment.objects.filter(program=program, person=person, left_at=None)
            if other.exclude(role=role).exists():
                raise Conflict(
                    _("%(name)s already takes part in the other role.") % {"name": person.name}
                )
            enrolment, created = Enrolment.objects.get_or_create(
                organization=by.organization,
                program=program,
                person=person,
                role=role,
                defaults={"joined_at": now},
            )
            if not created and enrolment.left_at is not None:
                enrolment.left_at = None
                enrolment.save(update_fields=["left_at"])
            made.append(enrolment)
        _audit("program.enrolled", program, by, now, people=len(made))
    return made


def leave(enrolment: Enrolment, *, by: Viewer, now: datetime) -> None:
    """Take a person out: their own private, no-fault choice, or a lead's."""
    if not by.may("programs:write") or not (
        by.person_id == enrolment.person_id or may_run(by, enrolment.program)
    ):
        raise NotAllowed(_("Only the person or a lead of the program may do this."))
    with writing(by.organization):
        Enrolment.objects.filter(pk=enrolment.pk, left_at=None).update(left_at=now)
        _audit("program.left", enrolment.program, by, now)


def _audit(verb: str, program: Program, by: Viewer, now: datetime, **detail: Any) -> None:
    record_audit(
        by=by,
        verb=verb,
        object_type="program",
        object_id=str(program.public_id),
        detail=detail,
        now=now,
    )
