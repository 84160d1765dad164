"""Which mails a change of an intake or a cohort causes: rows in the transaction of the change."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.cohorts.models import Cohort, Place
from handrail.apps.organizations.queries import administrators
from handrail.apps.outbox.actions import enqueue
from handrail.apps.people.models import Person
from handrail.apps.programs.queries import leads_of

IN = "mail.cohort_in"
CALLED_OFF = "mail.cohort_called_off"
STARTED = "mail.cohort_started"
MOVES = "mail.cohort_moves"
OFFERED = "mail.cohort_offered"
SEAT = "mail.cohort_seat"
ENDED = "mail.cohort_ended"
WANTS_MENTOR = "mail.cohort_wants_mentor"
NEW_MENTOR = "mail.cohort_new_mentor"


def announce_in(place: Place, now: datetime) -> None:
    """Tell a new hire that they are in by default, or on the waiting list, and how to opt out."""
    _tell(IN, place.person, f"{place.public_id}", now, place=str(place.public_id))


def announce_called_off(place: Place, now: datetime) -> None:
    """Tell somebody who was in that the intake does not take place."""
    _tell(CALLED_OFF, place.person, f"{place.public_id}", now, place=str(place.public_id))


def announce_started(cohort: Cohort, person: Person, now: datetime) -> None:
    """Tell one person when the cohort meets, and in which weeks their own time moves."""
    _tell(STARTED, person, f"{cohort.public_id}", now, cohort=str(cohort.public_id))


def announce_move(
    cohort: Cohort, person: Person, number: int, due_at: datetime, now: datetime
) -> None:
    """Remind one person some days ahead that the series moves on their clock."""
    key = f"{cohort.public_id}:{number}"
    _tell(MOVES, person, key, now, due_at=due_at, cohort=str(cohort.public_id), number=number)


def announce_offer(place: Place, now: datetime) -> None:
    """Offer the first in line a seat that has become free."""
    until = place.offered_until.isoformat() if place.offered_until else ""
    _tell(OFFERED, place.person, f"{place.public_id}:{until}", now, place=str(place.public_id))


def announce_seat(place: Place, now: datetime) -> None:
    """Tell somebody who waited that they are in the cohort now."""
    key = f"{place.public_id}:{now.timestamp():.0f}"
    _tell(SEAT, place.person, key, now, place=str(place.public_id))


def announce_ended(cohort: Cohort, person: Person, now: datetime) -> None:
    """Tell one person that the twelve weeks are over, and when they meet again."""
    _tell(ENDED, person, f"{cohort.public_id}", now, cohort=str(cohort.public_id))


def announce_wants_mentor(cohort: Cohort, now: datetime) -> None:
    """Tell who leads that a group needs another mentor; without a lead, the administrators."""
    readers = list(leads_of(cohort.intake.program).exclude(pk=cohort.mentor_id))
    if not readers:
        them = Person.objects.filter(membership__in=administrators())
        readers = list(them.exclude(pk=cohort.mentor_id).order_by("pk"))
    for reader in readers:
        key = f"{cohort.public_id}:{now:%Y-%m-%d}"
        _tell(WANTS_MENTOR, reader, key, now, cohort=str(cohort.public_id))


def announce_new_mentor(cohort: Cohort, person: Person, now: datetime) -> None:
    """Tell one person of the group, or its new mentor, who goes on with it."""
    key = f"{cohort.public_id}:{cohort.mentor_id}:{now:%Y-%m-%d}"
    _tell(NEW_MENTOR, person, key, now, cohort=str(cohort.public_id))


def _tell(
    kind: str,
    reader: Person,
    what: str,
    now: datetime,
    *,
    due_at: datetime | None = None,
    **ref: str | int,
) -> None:
    enqueue(
        kind,
        ref={"person": str(reader.public_id), **ref},
        dedupe=f"{kind}:{what}:{reader.public_id}",
        due_at=due_at or now,
        # A lane a person: one mailbox that refuses mail must not keep the others waiting.
        stream=f"cohorts:{reader.public_id}",
        now=now,
        organization=reader.organization,
    )
