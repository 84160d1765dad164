"""Questions about match runs; reasons come as words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.utils.dateformat import format as django_format
from django.utils.translation import gettext as _

from handrail.apps.matches.models import (
    Match,
    MatchRun,
    PairDecision,
    RunStatus,
    Stage,
    Unmatched,
)
from handrail.apps.matches.proposing import rules_kept, rules_of, step_for
from handrail.apps.matches.wording import people_in, sentence, why_failed
from handrail.apps.organizations.refusals import NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Program
from handrail.apps.programs.queries import may_run, require_run
from handrail.domain.matching.week import start_of

# Runs that hold a plan; those in the making, failed and stopped ones hold none.
WITH_PLAN = (RunStatus.PREVIEW, RunStatus.PUBLISHED, RunStatus.DISCARDED)


@dataclass(frozen=True, slots=True)
class MatchCard:
    """One proposal in words: who, when, why this one, who came next, and why nobody else."""

    match: Match
    reasons: list[str]
    runner_up: str
    others: list[str]


@dataclass(frozen=True, slots=True)
class UnmatchedCard:
    """Somebody without a match: the reason that binds, and what would change it where known."""

    person: Person
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Progress:
    """How a run that a worker does is getting on; `why` only where it failed."""

    status: str
    stage: str
    words: str
    steps_done: int
    steps: int
    why: str

    @property
    def is_running(self) -> bool:
        return self.status == RunStatus.RUNNING


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


def comparable_runs(viewer: Viewer, run: MatchRun) -> QuerySet[MatchRun]:
    """The other plans for the same week of the program, newest first."""
    return (
        runs_for(viewer, run.program)
        .filter(week=run.week, status__in=WITH_PLAN)
        .exclude(pk=run.pk)
        .exclude(certificate={})
    )


def progress_of(run: MatchRun) -> Progress:
    """How far a run is, in words, for whoever may see the run."""
    stages = list(Stage.values)
    why = ""
    if run.status == RunStatus.FAILED:
        person = str(run.failure.get("params", {}).get("person", ""))
        why = why_failed(run.failure, names_of({person}))
    return Progress(
        status=run.status,
        stage=run.stage if run.status == RunStatus.RUNNING else "",
        words=str(Stage(run.stage).label),
        steps_done=stages.index(run.stage),
        steps=len(stages),
        why=why,
    )


def is_outdated(viewer: Viewer, run: MatchRun) -> bool:
    """Whether a lead has decided something since that this plan does not know."""
    require_run(viewer, run.program, "matches:read")
    return bool(run.rules) and rules_kept(run) != rules_of(run.program)


def matches_of(viewer: Viewer, run: MatchRun, *, search: str = "") -> QuerySet[Match]:
    """The proposals of a run in the order of their start; `search` in either name."""
    require_run(viewer, run.program, "matches:read")
    found = run.matches.select_related("mentee", "mentor")
    if search:
        found = found.filter(Q(mentee__name__icontains=search) | Q(mentor__name__icontains=search))
    return found.order_by("starts_at", "mentee__name", "pk")


def unmatched_of(viewer: Viewer, run: MatchRun, *, search: str = "") -> QuerySet[Unmatched]:
    """Who was not matched in a run, by name; `search` in it."""
    require_run(viewer, run.program, "matches:read")
    found = Unmatched.objects.filter(run=run).select_related("person")
    if search:
        found = found.filter(person__name__icontains=search)
    return found.order_by("person__name", "pk")


def match_cards(
    viewer: Viewer, run: MatchRun, matches: Iterable[Match] | None = None
) -> list[MatchCard]:
    """Proposals of a run in words: these, or all of them."""
    rows = list(matches_of(viewer, run) if matches is None else matches)
    told = telling(viewer, run, (reason for row in rows for reason in _all_reasons(row)))
    return [
        MatchCard(
            match=row,
            reasons=[told(reason) for reason in row.reasons],
            runner_up=told(row.explanation["runner_up"]) if "runner_up" in row.explanation else "",
            others=[told(reason) for reason in row.explanation.get("others", [])],
        )
        for row in rows
    ]


def _all_reasons(match: Match) -> list[dict[str, Any]]:
    told = match.explanation
    runner_up = [told["runner_up"]] if "runner_up" in told else []
    return [*match.reasons, *runner_up, *told.get("others", [])]


def unmatched_cards(
    viewer: Viewer, run: MatchRun, unmatched: Iterable[Unmatched] | None = None
) -> list[UnmatchedCard]:
    """People left out of a run with the reasons in words: these, or all of them."""
    rows = list(unmatched_of(viewer, run) if unmatched is None else unmatched)
    told = telling(viewer, run, (reason for row in rows for reason in row.reasons))
    return [UnmatchedCard(row.person, [told(reason) for reason in row.reasons]) for row in rows]


def telling(
    viewer: Viewer, run: MatchRun, reasons: Iterable[Mapping[str, Any]]
) -> Callable[[Mapping[str, Any]], str]:
    """How these reasons of a run read for this viewer: people by name, times by their clock."""
    names = names_of(people_in(reasons))
    zone = ZoneInfo(viewer.timezone)
    step = step_for(run.program.session_minutes)

    def at(slot: int) -> str:
        moment = start_of(run.week, slot, step).astimezone(zone)
        # Translators: Django date format of a weekday and a clock, for example Tue 15:00
        return _("%(when)s your time") % {"when": django_format(moment, _("D H:i"))}

    return lambda reason: sentence(reason, names, at)


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


def names_of(ids: set[str]) -> dict[str, str]:
    """The engine's ids of these people -> their names."""
    return (
        dict(Person.objects.filter(external_id__in=ids).values_list("external_id", "name"))
        if ids
        else {}
    )


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
    decision = (
        PairDecision.objects.filter(public_id=public_id)
        .select_related("program", "mentee", "mentor")
        .first()
    )
    if decision is None or not may_run(viewer, decision.program):
        raise NotFound(_("There is no such decision."))
    return decision
