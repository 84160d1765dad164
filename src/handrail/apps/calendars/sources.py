"""Verbs on a person's calendars elsewhere: add one, have it read now, take it away."""

from __future__ import annotations

import json
import uuid
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import Busy
from handrail.apps.calendars.outbound import ends_elsewhere, kinds_offered, outbound
from handrail.apps.calendars.source_models import CalendarSource, OwnFeed, SourceKind
from handrail.apps.calendars.source_words import trouble_words
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.sealing import open_sealed, seal
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.actions import cancel_pending, enqueue
from handrail.apps.people.models import Person
from handrail.integrations.busy_sources import Secret
from handrail.integrations.guarded_http import Unfetched

REFRESH = "calendar.refresh"
END = "calendar.end"
MOST = 5  # of one person
LONGEST_ADDRESS = 2000
LONGEST_NAME = 60
LONGEST_WORD = 200  # of a user or a password


def place_of(organization: Organization, public_id: uuid.UUID) -> str:
    """Where the address of a source is sealed for."""
    return f"{organization.pk}:calendar_source:{public_id}:address"


def add_source(
    person: Person, name: str, address: str, *, by: Viewer, now: datetime
) -> CalendarSource:
    """Let a published calendar of one's own make time busy; it is read right away."""
    fields: dict[str, str] = {}
    host = _checked_host(address, fields)
    secret = {"address": address.strip()}
    return add(person, SourceKind.ICS, name, host, secret, fields, by=by, now=now)


def add_caldav(
    person: Person,
    name: str,
    address: str,
    user: str,
    password: str,
    *,
    by: Viewer,
    now: datetime,
) -> CalendarSource:
    """Let one's own calendars on a CalDAV server make time busy; they are read right away."""
    fields: dict[str, str] = {}
    host = _checked_host(address, fields)
    if not 1 <= len(user.strip()) <= LONGEST_WORD or not user.isprintable() or ":" in user:
        fields["user"] = _("Write the user's name, as your calendar program has it.")
    if not 1 <= len(password) <= LONGEST_WORD or not password.isprintable():
        fields["password"] = _("Write the app password that your calendar server made for this.")
    secret = {"address": address.strip(), "user": user.strip(), "password": password}
    return add(person, SourceKind.CALDAV, name, host, secret, fields, by=by, now=now)


def secret_of(source: CalendarSource) -> dict[str, str]:
    """What opens a calendar; Unsealable where it was sealed with another key."""
    place = place_of(source.organization, source.public_id)
    opened = open_sealed(source.address_sealed, place=place)
    # Published calendars keep their address alone.
    secret = json.loads(opened) if opened.startswith("{") else {"address": opened}
    return {str(name): str(value) for name, value in secret.items()}


def sealed_secret(organization: Organization, public_id: uuid.UUID, secret: Secret) -> str:
    """The secret of a source, for its place alone."""
    text = secret["address"] if list(secret) == ["address"] else json.dumps(dict(secret))
    return seal(text, place=place_of(organization, public_id))


def _checked_host(address: str, fields: dict[str, str]) -> str:
    """The host of an address; what is wrong with it is written into the fields."""
    if len(address) > LONGEST_ADDRESS:
        fields["address"] = _("This address is too long.")
        return ""
    try:
        return outbound().checked(address.strip()).host
    except Unfetched as unfetched:
        fields["address"] = trouble_words(unfetched.why)
        return ""


def add(
    person: Person,
    kind: SourceKind,
    name: str,
    host: str,
    secret: Secret,
    fields: dict[str, str],
    *,
    by: Viewer,
    now: datetime,
) -> CalendarSource:
    """Add a calendar of this kind with what opens it, unless `fields` says what is wrong."""
    _only_owner(person, by)
    if kind not in kinds_offered():
        raise NotAllowed(_("Calendars of this kind are not read here."))
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        fields["name"] = _("A name has 1 to 60 characters.")
    if fields:
        raise Invalid(_("The calendar was not added. Correct the fields."), fields=fields)
    public_id = uuid.uuid4()
    with writing(by.organization):
        mine = list(
            CalendarSource.objects.select_for_update().filter(person=person, removed_at=None)
        )
        if len(mine) >= MOST:
            raise Conflict(
                _("You have five calendars here, which is the most. Remove one first."),
                code="too-many-calendars",
            )
        if any(source.name.casefold() == name.casefold() for source in mine):
            raise Invalid(
                _("The calendar was not added. Correct the fields."),
                fields={"name": _("You have a calendar of this name. Choose another name.")},
            )
        source = CalendarSource.objects.create(
            organization=by.organization,
            public_id=public_id,
            person=person,
            kind=kind,
            name=name,
            host=host[:255],
            address_sealed=sealed_secret(by.organization, public_id, secret),
            added_at=now,
        )
        _audit("calendar.added", source, by, now)
        enqueue_refresh(source, now, mark="added")
    return source


def remove_source(public_id: uuid.UUID, *, by: Viewer, now: datetime) -> CalendarSource:
    """Forget a calendar, its address and the times it made busy."""
    with writing(by.organization):
        source = source_for(by, public_id)
        _may_write(by)
        Busy.objects.filter(person_id=source.person_id, source=source.name).delete()
        cancel_pending(_stream(source), [REFRESH], organization=by.organization, now=now)
        _audit("calendar.removed", source, by, now)
        if ends_elsewhere(source.kind):
            # Its name is free for another; what opens it is needed once more, to end it.
            CalendarSource.objects.filter(pk=source.pk).update(
                removed_at=now, name=str(source.public_id)
            )
            _enqueue(END, source, now, mark="removed")
        else:
            source.delete()
    return source


def ask_refresh(public_id: uuid.UUID, *, by: Viewer, now: datetime) -> CalendarSource:
    """Have a calendar read now rather than within the half hour."""
    with writing(by.organization):
        source = source_for(by, public_id)
        _may_write(by)
        # Once a minute: whoever publishes the calendar is not to be flooded from here.
        enqueue_refresh(source, now, mark=f"{now:%Y-%m-%dT%H:%M}")
    return source


def sources_of(viewer: Viewer) -> QuerySet[CalendarSource]:
    """One's own calendars, the oldest first; nobody else sees them."""
    if viewer.person_id is None:
        return CalendarSource.objects.none()
    mine = CalendarSource.objects.filter(person_id=viewer.person_id, removed_at=None)
    return mine.order_by("pk")


def source_for(viewer: Viewer, public_id: uuid.UUID) -> CalendarSource:
    """One's own calendar; anybody else's is as good as absent."""
    source = sources_of(viewer).filter(public_id=public_id).first()
    if source is None:
        raise NotFound(_("There is no such calendar."))
    return source


def enqueue_refresh(source: CalendarSource, now: datetime, *, mark: str) -> None:
    """Write the row that has a calendar read; one for each mark."""
    _enqueue(REFRESH, source, now, mark=mark)


def _enqueue(kind: str, source: CalendarSource, now: datetime, *, mark: str) -> None:
    enqueue(
        kind,
        ref={"source": str(source.public_id)},
        dedupe=f"{kind}:{source.public_id}:{mark}",
        due_at=now,
        stream=_stream(source),
        now=now,
        organization=source.organization,
    )


def renew_feed(person: Person, *, by: Viewer, now: datetime) -> OwnFeed:
    """A new secret address for one's own sessions; the one before no longer answers."""
    _only_owner(person, by)
    with writing(by.organization):
        OwnFeed.objects.filter(person=person).delete()
        feed = OwnFeed.objects.create(organization=by.organization, person=person, made_at=now)
        _audit_person("feed.made", person, by, now)
    return feed


def revoke_feed(person: Person, *, by: Viewer, now: datetime) -> None:
    """Let the secret address of one's own sessions answer no more."""
    _only_owner(person, by)
    with writing(by.organization):
        if OwnFeed.objects.filter(person=person).delete()[0]:
            _audit_person("feed.revoked", person, by, now)


def _only_owner(person: Person, by: Viewer) -> None:
    if by.person_id != person.pk:
        raise NotAllowed(_("Only its owner may connect a calendar."))
    _may_write(by)


def _may_write(by: Viewer) -> None:
    if not by.may("people:write"):
        raise NotAllowed(_("This key may not change calendars."))


def _stream(source: CalendarSource) -> str:
    return f"calendar:{source.public_id}"


def _audit(verb: str, source: CalendarSource, by: Viewer, now: datetime) -> None:
    record_audit(by=by, verb=verb, object_type="calendar", object_id=source.public_id, now=now)


def _audit_person(verb: str, person: Person, by: Viewer, now: datetime) -> None:
    record_audit(by=by, verb=verb, object_type="person", object_id=person.public_id, now=now)
