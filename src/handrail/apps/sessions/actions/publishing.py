"""Publishing a match run: each proposal becomes a session, or is reported with other times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from handrail.apps.matches.actions import mark_published
from handrail.apps.matches.models import Match, MatchRun
from handrail.apps.organizations.refusals import Refusal
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.queries import require_run
from handrail.apps.sessions.actions.booking import book
from handrail.apps.sessions.models import Session
from handrail.apps.sessions.queries.bookable import next_objective


@dataclass(frozen=True, slots=True)
class RefusedMatch:
    """A proposal that could not be booked: why, and the next times both are free."""

    match: Match
    code: str
    message: str
    alternatives: list[datetime]


@dataclass(frozen=True, slots=True)
class PublishOutcome:
    """What publishing came to."""

    booked: list[Session]
    refused: list[RefusedMatch]


def publish_run(run: MatchRun, *, by: Viewer, now: datetime) -> PublishOutcome:
    """Book every proposal of the run in one transaction; exactly one publisher wins.

    On an unchanged calendar nothing is refused. Where somebody's calendar or enrolment changed
    since the preview, that match alone is refused, with the next three times.
    """
    booked: list[Session] = []
    refused: list[RefusedMatch] = []
    with writing(by.organization):
        require_run(by, run.program, "matches:write")
        mark_published(run, by=by, now=now)
        matches = list(run.matches.select_related("mentee", "mentor").order_by("starts_at", "pk"))
        _lock_people(matches)
        for match in matches:
            objective = next_objective(run.program, match.mentee, skill=match.skill)
            try:
                # A savepoint each: a refused match leaves nothing behind.
                with transaction.atomic():
                    session = book(
                        run.program,
                        match.mentee,
                        match.mentor,
                        match.starts_at,
                        objective.text if objective else "",
                        by=by,
                        now=now,
                        match=match,
                    )
            except Refusal as refusal:
                refused.append(
                    RefusedMatch(
                        match,
                        refusal.code,
                        str(refusal.message),
                        list(getattr(refusal, "alternatives", [])),
                    )
                )
            else:
                booked.append(session)
    return PublishOutcome(booked, refused)


def _lock_people(matches: list[Match]) -> None:
    # All at once in the order of their ids, as every claim does: two publishers cannot deadlock.
    ids = {match.mentee_id for match in matches} | {match.mentor_id for match in matches}
    list(Person.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
