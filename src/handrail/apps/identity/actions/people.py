"""People as a directory gives, changes and takes them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from handrail.apps.identity.models import Entry, ExternalIdentity, Notice, NoticeKind, NoticeState
from handrail.apps.identity.noticing import (
    local_day,
    own_pause,
    raise_first,
    raise_notice,
    set_away,
    take_back,
)
from handrail.apps.identity.queries import ENTRY_CALLED, people_at
from handrail.apps.identity.said import PersonSaid, handle_of, language_or, zone_or
from handrail.apps.organizations.access import (
    end_access,
    give_access,
    move_access,
    require_directory,
)
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.prepared import Addition, Place, Question
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.actions import enqueue
from handrail.apps.people.models import EmploymentSpell, Person

_NUMBERED = Question(Person, lambda rows: rows.filter(external_id=Place("number")).only("pk"))
_MANAGER = Question(
    Person,
    lambda rows: rows.filter(public_id=Place("public_id")).only("public_id", "manager"),
)
_NEW_PERSON, _NEW_ENTRY = Addition(Person), Addition(Entry)
RELEASE = "rule.release_gone"  # what they hold goes to others at once, not with the next clock


def add_person(said: PersonSaid, *, source: str, by: Viewer, now: datetime) -> Person:
    """Somebody the directory names for the first time, or again after it had taken them out.

    They get a place at once where they are active; their first day waits to be confirmed.
    """
    require_directory(by)
    with writing(by.organization):
        named = said.external_id or said.user_name
        gone, taken = _only_once(said, None, named[:80])
        if gone is not None:
            return _bring_back(gone, said, source=source, by=by, now=now)
        said = replace(said, active=said.active is not False)
        person = Person(
            organization=by.organization,
            public_id=uuid.uuid4(),
            role="",
            timezone=zone_or(by.organization.timezone, said.timezone),
            language=language_or(by.organization, said.language),
            name=said.name[:200],
            email=said.email,
        )
        person.external_id = f"dir-{person.public_id}" if taken else named[:80]
        person.manager = _manager(said, person)
        if said.active:
            person.membership = give_access(said.email, by=by, now=now)
        _NEW_PERSON.add(person)
        _write_entry(Entry(organization=by.organization, person=person, created_at=now), said, now)
        if said.active:
            raise_first(
                person, NoticeKind.JOINED, source=source, said=_role_said(said), by=by, now=now
            )
        _audit("person.added", person, by, now)
    return person


def change_person(
    person: Person, said: PersonSaid, *, source: str, by: Viewer, now: datetime
) -> Person:
    """Make the person what the directory says now; what needs a day becomes a notice."""
    require_directory(by)
    with writing(by.organization):
        person = Person.objects.select_for_update().get(pk=person.pk)
        _only_once(said, person)
        entry = Entry.objects.filter(person=person).first()
        before = {"title": entry.title, "department": entry.department} if entry else None
        was_active = is_active(person, entry)
        if said.active is None:
            said = replace(said, active=was_active)
        had_left = was_active != said.active
        if entry is None:
            entry = Entry(organization=by.organization, person=person, created_at=now)
        person.name = said.name[:200]
        person.timezone = zone_or(person.timezone, said.timezone)
        person.manager = _manager(said, person) if said.manager else person.manager
        if said.email != person.email:
            _move_address(person, said, by=by, now=now)
        if had_left and said.active:
            _come_back(person, said, source=source, by=by, now=now)
        elif had_left:
            _go(person, source=source, by=by, now=now)
        person.rev += 1
        person.save()
        _write_entry(entry, said, now)
        after = {"title": said.title, "department": said.department}
        if before is not None and any(before.values()) and before != after and said.active:
            _moved(person, before, after, source=source, by=by, now=now)
        _audit("person.edited", person, by, now)
    return person


def remove_person(person: Person, *, source: str, by: Viewer, now: datetime) -> None:
    """The directory no longer has them: access ends at once; the records stay, and so do they."""
    require_directory(by)
    with writing(by.organization):
        person = Person.objects.select_for_update().get(pk=person.pk)
        entry = Entry.objects.filter(person=person).first()
        was_active = is_active(person, entry)
        if entry is None:
            entry = Entry(
                organization=by.organization,
                person=person,
                created_at=now,
                user_name=person.email,
                handle=handle_of(person.email),
            )
        entry.active, entry.deleted_at, entry.modified_at = False, now, now
        entry.save()
        if was_active:
            _go(person, source=source, by=by, now=now)
        person.rev += 1
        person.save()
        _audit("person.removed", person, by, now)


def is_active(person: Person, entry: Entry | None) -> bool:
    """Whether a directory that asks is told that the person is active."""
    if entry is not None:
        return entry.active
    return person.membership_id is None or person.membership.revoked_at is None  # type: ignore[union-attr]


def _bring_back(
    person: Person, said: PersonSaid, *, source: str, by: Viewer, now: datetime
) -> Person:
    Entry.objects.filter(person=person).update(deleted_at=None)
    return change_person(person, said, source=source, by=by, now=now)


def _only_once(
    said: PersonSaid, person: Person | None, number: str = ""
) -> tuple[Person | None, bool]:
    """Raise Conflict where somebody else has the user name or the address.

    Says who had the user name and was taken out of the directory, if somebody was, and whether
    somebody has the number.
    """
    own = person.pk if person is not None else None
    entry = ENTRY_CALLED.first(handle=handle_of(said.user_name))
    if entry is not None and entry.person_id != own:
        if own is None and entry.deleted_at is not None:
            return Person.objects.get(pk=entry.person_id), True
        raise Conflict(_("Somebody else has this user name."), code="uniqueness")
    # The answer of each index by itself: one question about either would look at every row.
    others = people_at(said.email, said.user_name, said.user_name.lower())
    for other in others:
        if other.pk != own and other.email.lower() == said.email:
            raise Conflict(_("Somebody else has this e-mail address."), code="uniqueness")
        if other.pk != own and not Entry.objects.filter(person=other).exists():
            raise Conflict(_("Somebody else has this user name."), code="uniqueness")
    return None, bool(number) and _NUMBERED.first(number=number) is not None


def _manager(said: PersonSaid, person: Person) -> Person | None:
    """The manager by public id; a line that would lead back to the person is refused."""
    if not said.manager:
        return None
    try:
        manager = _MANAGER.first(public_id=uuid.UUID(said.manager))
    except ValueError:
        manager = None
    # Nobody is led by somebody who is not here yet.
    above, seen = manager if person.pk is not None else None, set[int]()
    while above is not None and above.pk not in seen:
        if above.pk == person.pk:
            raise Invalid(_("Nobody can be above themself."), fields={"manager": said.manager})
        seen.add(above.pk)
        above = above.manager
    return manager


def _move_address(person: Person, said: PersonSaid, *, by: Viewer, now: datetime) -> None:
    person.email = said.email
    if person.membership is not None and person.membership.revoked_at is None:
        old = person.membership
        person.membership = move_access(old, said.email, by=by, now=now)
        ExternalIdentity.objects.filter(membership=old).update(membership=person.membership)


def _go(person: Person, *, source: str, by: Viewer, now: datetime) -> None:
    if person.membership is not None:
        end_access(person.membership, by=by, now=now)
    take_back(person, NoticeKind.JOINED, by=by, now=now)
    own = set_away(person, local_day(by, now))
    raise_notice(person, NoticeKind.LEFT, source=source, said={"own_pause": own}, by=by, now=now)
    enqueue(
        RELEASE,
        ref={},
        dedupe=f"{RELEASE}:{person.public_id}:{now.isoformat()}",
        due_at=now,
        stream="leaving",
        now=now,
        organization=by.organization,
    )


def _come_back(person: Person, said: PersonSaid, *, source: str, by: Viewer, now: datetime) -> None:
    person.membership = give_access(said.email, by=by, now=now)
    left = take_back(person, NoticeKind.LEFT, by=by, now=now)
    last = left or (
        Notice.objects.filter(person=person, kind=NoticeKind.LEFT).order_by("-decided_at").first()
    )
    if last is not None:
        person.pause_until = own_pause(last)
    stays = EmploymentSpell.objects.filter(person=person)
    if not stays.filter(ended_on=None).exists():
        raise_notice(
            person, NoticeKind.JOINED, source=source, said=_role_said(said), by=by, now=now
        )


def _moved(
    person: Person,
    before: dict[str, str],
    after: dict[str, str],
    *,
    source: str,
    by: Viewer,
    now: datetime,
) -> None:
    joined = Notice.objects.filter(
        person=person, kind=NoticeKind.JOINED, state=NoticeState.OPEN
    ).first()
    if joined is not None:  # their first day is not known yet: this is the role they came for
        joined.said = {**joined.said, "after": after}
        joined.save(update_fields=["said"])
        return
    raise_notice(
        person,
        NoticeKind.MOVED,
        source=source,
        said={"before": before, "after": after},
        by=by,
        now=now,
    )


def _role_said(said: PersonSaid) -> dict[str, dict[str, str]]:
    return {"after": {"title": said.title, "department": said.department}}


def _write_entry(entry: Entry, said: PersonSaid, now: datetime) -> None:
    entry.user_name, entry.handle = said.user_name, handle_of(said.user_name)
    entry.external_id, entry.active = said.external_id, said.active is not False
    entry.title, entry.department = said.title[:120], said.department[:120]
    entry.said, entry.modified_at = said.rest, now
    if entry.pk is None:
        _NEW_ENTRY.add(entry)
    else:
        entry.save()


def _audit(verb: str, person: Person, by: Viewer, now: datetime) -> None:
    record_audit(by=by, verb=verb, object_type="person", object_id=person.public_id, now=now)


def bump(people: list[int]) -> None:
    """Say that people changed, to whoever holds an older copy."""
    Person.objects.filter(pk__in=people).update(rev=F("rev") + 1)
