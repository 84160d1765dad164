"""Questions about match runs; reasons come as words."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from handrail.apps.matches.models import Match, MatchRun, PairDecision, RunStatus, Unmatched
from handrail.apps.matches.wording import sentence
from handrail.apps.organizations.refusals import NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Program
from handrail.apps.programs.queries import may_run, require_run


@dataclass(frozen=True, slots=True)
class MatchCard:
    """One proposal in words: who, when, three reasons, and why nobody else."""

    match: Match
    reasons: list[str]
    others: list[str]


@dataclass(frozen=True, slots=True)
class UnmatchedCard:
    """Somebody without a match, and why."""

    person: Person
    reasons: list[str]


def runs_for(viewer: Viewer, program: Program) -> QuerySet[MatchRun]:
    """The runs of a program, newest first, for those who run it."""
    require_run(viewer, program, "matches:read")
    # A query that groups forgets the model's own order.
    return (
        MatchRun.objects.filter(program=program)
        .annotate(
            served=Count("matches", distinct=True), left_out=Count("unmatched", distinct=True)
        )
        .order_by("-created_at", "-id")
    )


def run_for(viewer: Viewer, public_id: UUID) -> MatchRun:
    """One run, or NotFound where it is not the viewer's to see."""
    run = MatchRun.objects.filter(public_id=public_id).select_related("program").first()
    if run is None or not viewer.may("matches:read") or not may_run(viewer, run.program):
        raise NotFound(_("There is no such match run."))
    return run


def match_cards(viewer: Viewer, run: MatchRun) -> list[MatchCard]:
    """The proposals of a run in the order of their start."""
    require_run(viewer, run.program, "matches:read")
    matches = run.matches.select_related("mentee", "mentor").order_by("starts_at", "mentee__name")
    names = _names(run)
    return [
        MatchCard(
            match=match,
            reasons=[sentence(reason, names) for reason in match.reasons],
            others=[sentence(reason, names) for reason in match.explanation.get("others", [])],
        )
        for match in matches
    ]


def unmatched_cards(viewer: Viewer, run: MatchRun) -> list[UnmatchedCard]:
    """Who was not matched in a run, by name."""
    require_run(viewer, run.program, "matches:read")
    rows = Unmatched.objects.filter(run=run).select_related("person").order_by("person__name")
    names = _names(run)
    return [
        UnmatchedCard(
            person=row.person, reasons=[sentence(reason, names) for reason in row.reasons]
        )
        for row in rows
    ]


def my_matches(viewer: Viewer) -> QuerySet[Match]:
    """The published matches of the viewer, newest first."""
    return (
        Match.objects.filter(run__status=RunStatus.PUBLISHED)
        .filter(mentee_id=viewer.person_id)
        .union(Match.objects.filter(run__status=RunStatus.PUBLISHED, mentor_id=viewer.person_id))
        .order_by("-starts_at")
    )


def why_matched(match: Match) -> list[str]:
    """The reasons of one match in words, for the two people in it."""
    names = {person.external_id: person.name for person in (match.mentee, match.mentor)}
    return [sentence(reason, names) for reason in match.reasons]


def _names(run: MatchRun) -> dict[str, str]:
    """The engine's ids of everybody in the program -> their names."""
    people = Person.objects.filter(enrolments__program=run.program_id)
    return dict(people.values_list("external_id", "name"))


def decisions_for(viewer: Viewer, program: Program) -> QuerySet[PairDecision]:
    """The pins and forbids of a program, newest first, for those who run it."""
    require_run(viewer, program, "matches:read")
    return (
        PairDecision.objects.filter(program=program)
        .select_related("mentee", "mentor")
        .order_by("-decided_at", "-id")
    )


def decision_for(viewer: Viewer, public_id: UUID) -> PairDecision:
    """One pin or forbid, or NotFound where it is not the viewer's to see."""
    decision = PairDecision.objects.filter(public_id=public_id).select_related("program").first()
    if decision is None or not may_run(viewer, decision.program):
        raise NotFound(_("There is no such decision."))
    return decision
