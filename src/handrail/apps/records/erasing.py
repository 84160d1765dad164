"""Erasing a person: what the register says of each column, in one transaction."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.module_loading import import_string

from handrail.apps.calendars.actions import lock_people
from handrail.apps.calendars.models import Seat
from handrail.apps.cohorts.actions import mentor_gone
from handrail.apps.organizations.models import Membership, User
from handrail.apps.organizations.queries import memberships_of
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import PeopleImport, Person
from handrail.apps.people.queries import viewer_for_person
from handrail.apps.records.register import Entry, by_table, tables
from handrail.apps.requests.actions.answering import decline
from handrail.apps.requests.actions.asking import withdraw
from handrail.apps.requests.models import Ask, AskAnswer
from handrail.apps.sessions.actions import cancel, leave_seat, may_follow
from handrail.apps.sessions.models import Session, SessionState

NOBODY = "–"
# Rooms that hold more of a person than columns: each is told first, `(person, now) -> None`.
TOLD: tuple[str, ...] = (
    "handrail.apps.answers.forgetting.forget_person",
    "handrail.apps.hiring.forgetting.forget_person",
)
# What rooms make of their own tables is made anew at the end, likewise.
RENEWED: tuple[str, ...] = ("handrail.apps.answers.forgetting.forget_words",)
Counts = dict[str, int]


def locks_of(person: Person, now: datetime) -> tuple[int, ...]:
    """Whom giving back what is ahead concerns, asked before the transaction."""
    with reading(person.organization):
        next_ones = {pk for session in _ahead(person, now) for pk in may_follow(session)}
    return tuple(sorted({person.pk, *next_ones}))


def erase(person: Person, locks: tuple[int, ...], *, now: datetime) -> Counts:
    """Take the person out of every table; says how many rows went or changed, by table.

    Runs in the caller's transaction, which has checked whose word it is. What is ahead is given
    back first. The row of the person stays without a name and under another public id, so that
    counts of sessions stay true and the ledgers' ids lead nowhere any more.
    """
    named = sorted({person.name, person.email, person.external_id} - {""}, key=len, reverse=True)
    words = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in named), re.IGNORECASE)
    _give_back(person, locks, now)
    _tell(TOLD, person, now)
    counts: Counts = {}
    others = [model for model in tables() if model is not Person]
    # Words first, in every table: what leads from them to the person goes afterwards.
    for step in (_empty_words, _let_rows_go):
        for model in others:
            n = step(model, by_table(model._meta.db_table), person, words)
            if n:
                counts[model._meta.db_table] = counts.get(model._meta.db_table, 0) + n
    counts[PeopleImport._meta.db_table] = _forget_files()
    _tell(RENEWED, person, now)
    _without_a_name(person)
    counts[Person._meta.db_table] = 1
    return counts


def _tell(paths: Collection[str], person: Person, now: datetime) -> None:
    for path in paths:
        tell: Callable[[Person, datetime], None] = import_string(path)
        tell(person, now)


def _empty_words(
    model: type[models.Model], entries: Collection[Entry], person: Person, words: re.Pattern[str]
) -> int:
    rows = model._base_manager.filter(organization_id=person.organization_id)
    n = 0
    for entry in entries:
        if entry.rule == "blank":
            field = model._meta.get_field(entry.column)
            assert isinstance(field, models.Field)
            for owner in entry.owners:
                theirs = rows.filter(**{owner: person.pk}).values("pk")
                n += rows.filter(pk__in=theirs).update(**{entry.column: empty(field)})
        if entry.rule in ("mention", "index", "blank"):
            # Others may have written the name too.
            n += _take_out(rows, entry.column, words)
    return n


def _let_rows_go(
    model: type[models.Model], entries: Collection[Entry], person: Person, _words: re.Pattern[str]
) -> int:
    rows = model._base_manager.filter(organization_id=person.organization_id)
    n = 0
    own = Q()
    for entry in entries:
        if entry.rule == "row":
            own |= Q(**{entry.column: person.pk})
    if own:
        n += rows.filter(own).delete()[0]
    for entry in entries:
        if entry.rule == "unlink":
            n += rows.filter(**{entry.column: person.pk}).update(**{entry.column: None})
    return n


def empty(field: models.Field[object, object]) -> object:
    """What a column holds that holds nothing."""
    if isinstance(field, models.JSONField):
        return field.get_default() if field.has_default() else {}
    if isinstance(field, models.BinaryField):
        return b""
    return "" if field.blank else NOBODY


def _take_out(rows: models.QuerySet[models.Model], column: str, words: re.Pattern[str]) -> int:
    """Put a dash in place of each of these words, wherever they stand in the column."""
    field = rows.model._meta.get_field(column)
    assert isinstance(field, models.Field)
    is_json = isinstance(field, models.JSONField)
    n = 0
    for row in rows.only("pk", column).iterator(chunk_size=500):
        value = getattr(row, column)
        if not value or isinstance(value, bytes | memoryview):
            continue
        after = _replaced(value, words) if is_json else words.sub(NOBODY, value)
        if after != value:
            n += rows.filter(pk=row.pk).update(**{column: after})
    return n


def _replaced(value: object, words: re.Pattern[str]) -> object:
    """The same JSON with the words taken out of every text and every key."""
    if isinstance(value, str):
        return words.sub(NOBODY, value)
    if isinstance(value, list):
        return [_replaced(one, words) for one in value]
    if isinstance(value, dict):
        return {words.sub(NOBODY, key): _replaced(one, words) for key, one in value.items()}
    return value


def _forget_files() -> int:
    """Files of people that were read hold everybody; what of them was applied stands elsewhere."""
    PeopleImport.objects.filter(applied_at=None).delete()
    return PeopleImport.objects.exclude(content=b"").update(content=b"", summary={}, filename="")


def _give_back(person: Person, locks: tuple[int, ...], now: datetime) -> None:
    neutral = Viewer.system(person.organization, "erasure")
    lock_people(locks)
    me = viewer_for_person(person)
    asks = Ask.objects.filter(answer=AskAnswer.WAITING).select_related("request")
    for ask in asks.filter(request__mentee=person):
        withdraw(ask.request, by=me, now=now)
    for ask in asks.filter(mentor=person):
        decline(ask.request, by=me, now=now)
    mentor_gone(person, by=neutral, now=now)
    for session in _ahead(person, now):
        seats = Seat.objects.filter(booking=session.booking).count()
        if seats <= 2 or session.booking.host_id == person.pk:
            cancel(session, by=neutral, now=now)
        else:
            leave_seat(session, person, by=neutral, now=now)


def _ahead(person: Person, now: datetime) -> list[Session]:
    seats = Session.objects.filter(
        state=SessionState.SCHEDULED, booking__starts_at__gt=now, booking__seats__person=person
    )
    return list(seats.select_related("booking", "program", "organization").order_by("pk"))


def _without_a_name(person: Person) -> None:
    membership = person.membership
    nobody = f"erased-{uuid4().hex}"
    Person.objects.filter(pk=person.pk).update(
        public_id=uuid4(),
        external_id=nobody,
        name=NOBODY,
        email=f"{nobody}@erased.invalid",
        languages=[],
        call_link="",
        holidays_of="",
        minutes_per_week=0,
        team=None,
        manager=None,
        membership=None,
        invited_at=None,
    )
    if membership is not None:
        user = User.objects.get(pk=membership.user_id)
        Membership.objects.filter(pk=membership.pk).delete()
        if not memberships_of(user):
            user.delete()
