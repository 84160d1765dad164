"""What an HR system says of somebody: it asks, and somebody confirms; it opens and ends nothing."""

from __future__ import annotations

import uuid
from datetime import datetime

from handrail.apps.identity.models import Entry, NoticeKind
from handrail.apps.identity.noticing import raise_notice
from handrail.apps.identity.said import handle_of
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import EmploymentSpell, Person
from handrail.integrations.webhooks.parsed import Unfit
from handrail.integrations.webhooks.staff import StaffEvent


def hear_of(said: StaffEvent, *, by: Viewer, now: datetime) -> Person:
    """Make a person of somebody new, and notices of what needs a confirmation.

    Raises Unfit where somebody new has no name or no work address: they are told of again.
    """
    with writing(by.organization):
        person = _known(said) or _new(said, by=by, now=now)
        entry = _entry(person, said, now)
        before = {"title": entry.title, "department": entry.department}
        after = {
            "title": (entry.title if said.title is None else said.title)[:120],
            "department": (entry.department if said.department is None else said.department)[:120],
        }
        if after != before:
            entry.title, entry.department = after["title"], after["department"]
        entry.modified_at = now
        entry.save()
        own_pause = person.pause_until.isoformat() if person.pause_until else ""
        stays = EmploymentSpell.objects.filter(person=person)
        if said.gone or said.end_date is not None:
            if not stays.filter(ended_on=said.end_date).exclude(ended_on=None).exists():
                raise_notice(
                    person, NoticeKind.LEFT, source=said.source,
                    said={"own_pause": own_pause},
                    effective_on=said.end_date, by=by, now=now,
                )  # fmt: skip
        elif not stays.filter(ended_on=None).exists():
            raise_notice(
                person, NoticeKind.JOINED, source=said.source, said={"after": after},
                effective_on=said.start_date, by=by, now=now,
            )  # fmt: skip
        elif after != before and any(before.values()):
            raise_notice(
                person, NoticeKind.MOVED, source=said.source,
                said={"before": before, "after": after}, by=by, now=now,
            )  # fmt: skip
    return person


def _known(said: StaffEvent) -> Person | None:
    number = Person.objects.select_for_update().filter(external_id=_number(said)).first()
    if number is not None or not said.work_email:
        return number
    return Person.objects.select_for_update().filter(email__iexact=said.work_email).first()


def _number(said: StaffEvent) -> str:
    return f"{said.source}:{said.person}"[:80]


def _new(said: StaffEvent, *, by: Viewer, now: datetime) -> Person:
    if not said.work_email or "@" not in said.work_email:
        raise Unfit("work email")
    if not said.name:
        raise Unfit("name")
    person = Person.objects.create(
        organization=by.organization,
        public_id=uuid.uuid4(),
        external_id=_number(said),
        name=said.name[:200],
        email=said.work_email.lower(),
        role="",
        timezone=by.organization.timezone,
        language=by.organization.language,
    )
    record_audit(
        by=by, verb="person.added", object_type="person", object_id=person.public_id, now=now
    )
    return person


def _entry(person: Person, said: StaffEvent, now: datetime) -> Entry:
    found = Entry.objects.filter(person=person).first()
    return found or Entry(
        organization=person.organization,
        person=person,
        user_name=person.email,
        handle=handle_of(person.email),
        title=(said.title or "")[:120],
        department=(said.department or "")[:120],
        created_at=now,
        modified_at=now,
    )
