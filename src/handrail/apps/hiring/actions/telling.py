"""Somebody was hired, or after all was not: told by a hiring system, a form, a file, a program."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

from django.utils.translation import gettext as _

from handrail.apps.hiring.actions.settling import locked, settle
from handrail.apps.hiring.addresses import address_of
from handrail.apps.hiring.hires_file import parse_hires
from handrail.apps.hiring.models import HireRecord, HireTold
from handrail.apps.hiring.roles import require_see
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.merging import refused_file
from handrail.apps.people.models import EmploymentSpell
from handrail.integrations.webhooks.parsed import HireEvent

BY_HAND = "hand"
LONGEST = {"application": 160, "name": 200, "job": 80, "job_title": 160, "department": 120}


def take_hire(
    event: HireEvent, *, connection: str, delivery: str, by: Viewer, now: datetime
) -> HireRecord:
    """Take what one delivery says of one application, and do what follows from it.

    The same delivery twice is one; whatever order deliveries come in, what they come to is the
    same. What cannot be done waits in the queue with its reason.
    """
    require_see(by, "people:write")
    application = event.application.strip()[: LONGEST["application"]]
    with writing(by.organization):
        hire, is_new = HireRecord.objects.get_or_create(
            organization=by.organization,
            connection=connection,
            application=application,
            defaults={"source": event.source, "created_at": now, "changed_at": now},
        )
        hire = locked(hire)
        told, is_news = HireTold.objects.get_or_create(
            organization=by.organization,
            hire=hire,
            key=delivery,
            defaults={
                "received_at": now,
                "occurred_at": event.occurred_at,
                "undone": event.undone,
                "start_date": event.start_date,
                "name": event.name[: LONGEST["name"]],
                "work_email": address_of(event.work_email),
                "job": event.job[: LONGEST["job"]],
                "job_title": event.job_title[: LONGEST["job_title"]],
                "department": event.department[: LONGEST["department"]],
                "told_by": by.actor,
            },
        )
        if not is_news:
            return hire
        if not event.undone:
            hire.personal_email = address_of(event.personal_email) or hire.personal_email
        record_audit(
            by=by,
            verb="hire.undone" if told.undone else "hire.told",
            object_type="hire",
            object_id=hire.public_id,
            detail={"source": event.source, "new": is_new},
            now=now,
        )
        return settle(hire, now=now)


def tell_hire(
    *,
    by: Viewer,
    now: datetime,
    application: str = "",
    undone: bool = False,
    name: str = "",
    work_email: str = "",
    personal_email: str = "",
    job: str = "",
    job_title: str = "",
    department: str = "",
    start_date: date | None = None,
) -> HireRecord:
    """Tell of a hire by hand or by the API: the same as an event, known to be said just now.

    Whoever is known by this application, or by this work address, is not hired twice.
    """
    require_see(by, "people:write")
    _check(name=name, work_email=work_email, personal_email=personal_email, undone=undone)
    with writing(by.organization):
        application = application.strip() or work_email.strip().lower() or uuid4().hex
        known = _known_as(application, work_email.strip().lower())
        if known is not None and _is_over(known):
            application, known = f"{known.application} ({start_date})", None  # a new stay
        event = HireEvent(
            source=BY_HAND,
            application=known.application if known else application,
            undone=undone,
            name=name.strip(),
            work_email=work_email,
            personal_email=personal_email,
            job=job.strip(),
            job_title=job_title.strip(),
            department=department.strip(),
            start_date=start_date,
            occurred_at=now,
        )
        return take_hire(
            event,
            connection=known.connection if known else BY_HAND,
            delivery=f"{BY_HAND}:{uuid4().hex}",
            by=by,
            now=now,
        )


def _known_as(application: str, work_email: str) -> HireRecord | None:
    """The hire of this application, or else the latest of this address."""
    found = HireRecord.objects.filter(application=application).order_by("-pk").first()
    if found is None and work_email:
        found = HireRecord.objects.filter(work_email=work_email).order_by("-pk").first()
    return found


def _is_over(hire: HireRecord) -> bool:
    """Whether the stay that this hire began has ended."""
    if hire.person is None or hire.stay_from is None:
        return False
    return EmploymentSpell.objects.filter(
        person=hire.person, started_on=hire.stay_from, ended_on__isnull=False
    ).exists()


def tell_hires_from_file(
    content: bytes, *, filename: str, by: Viewer, now: datetime
) -> list[HireRecord]:
    """Tell of every hire of a CSV file, if all of it can be read; again it changes nothing.

    Raises Invalid whose detail `lines` names every problem by line.
    """
    require_see(by, "people:write")
    rows, problems = parse_hires(content)
    if problems:
        raise refused_file(problems)
    # A transaction each: a file that was cut short is read again, and nothing happens twice.
    hires = [tell_hire(by=by, now=now, **row) for row in rows]
    with writing(by.organization):
        record_audit(
            by=by,
            verb="hires.imported",
            object_type="import",
            object_id=filename[:64],
            detail={"hires": len(hires)},
            now=now,
        )
    return hires


def _check(*, name: str, work_email: str, personal_email: str, undone: bool) -> None:
    fields: dict[str, str] = {}
    if not undone and not name.strip():
        fields["name"] = _("Say who was hired.")
    for field, address in (("work_email", work_email), ("personal_email", personal_email)):
        if address.strip() and not address_of(address):
            fields[field] = _("This is not an e-mail address. Correct it, or leave it empty.")
    if fields:
        raise Invalid(_("The hire cannot be taken like this."), fields=fields)
