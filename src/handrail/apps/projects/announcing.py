"""Which mails a project causes: outbox rows in the transaction of the change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from handrail.apps.outbox.actions import enqueue
from handrail.apps.people.models import Person
from handrail.apps.programs.queries import leads_of
from handrail.apps.projects.models import CheckIn, MentorOffer, Mentorship, Project

ASSIGNED = "mail.project_assigned"
HANDED_OVER = "mail.project_handed_over"
WANTS_MENTOR = "mail.project_wants_mentor"
OFFERED = "mail.project_offered"
MISSED = "mail.project_missed"
MISSED_TWICE = "mail.project_missed_twice"
ENDED = "mail.project_ended"


def announce_assigned(mentorship: Mentorship, people: Iterable[Person], now: datetime) -> None:
    """Tell the mentor and everybody on the project who works with whom, and when."""
    for reader in [mentorship.mentor, *people]:
        _tell(ASSIGNED, mentorship.project, reader, f"{mentorship.pk}", now)


def announce_handed_over(
    before: Mentorship, after: Mentorship, people: Iterable[Person], now: datetime
) -> None:
    """Tell the old mentor, the new one and everybody on the project."""
    for reader in [before.mentor, after.mentor, *people]:
        _tell(HANDED_OVER, after.project, reader, f"{after.pk}", now)


def announce_wants_mentor(mentorship: Mentorship, now: datetime) -> None:
    """Tell the leads that a project needs another mentor."""
    for lead in leads_of(mentorship.project.program):
        _tell(WANTS_MENTOR, mentorship.project, lead, f"{mentorship.pk}:{now:%Y-%m-%d}", now)


def announce_offered(offer: MentorOffer, now: datetime) -> None:
    """Tell the leads that somebody would take a project."""
    for lead in leads_of(offer.project.program):
        mentor = str(offer.mentor.public_id)
        _tell(OFFERED, offer.project, lead, f"{offer.pk}", now, mentor=mentor)


def announce_missed(check_in: CheckIn, readers: Iterable[Person], now: datetime) -> None:
    """Tell everybody of a check-in that it was missed, without blame."""
    for reader in readers:
        _tell(MISSED, check_in.project, reader, f"{check_in.pk}", now, check_in=check_in.pk)


def announce_missed_twice(check_in: CheckIn, now: datetime) -> None:
    """Tell the leads that two check-ins in a row were missed."""
    for lead in leads_of(check_in.project.program):
        _tell(MISSED_TWICE, check_in.project, lead, f"{check_in.pk}", now, check_in=check_in.pk)


def announce_ended(project: Project, readers: Iterable[Person], now: datetime) -> None:
    """Thank everybody who was part of it."""
    for reader in readers:
        _tell(ENDED, project, reader, "", now)


def _tell(
    kind: str, project: Project, reader: Person, what: str, now: datetime, **ref: str | int
) -> None:
    enqueue(
        kind,
        ref={"project": str(project.public_id), "person": str(reader.public_id), **ref},
        dedupe=f"{kind}:{project.public_id}:{reader.public_id}:{what}",
        due_at=now,
        # A lane a person: one mailbox that refuses mail must not keep the others waiting.
        stream=f"project:{project.public_id}:{reader.pk}",
        now=now,
        organization=project.organization,
    )
