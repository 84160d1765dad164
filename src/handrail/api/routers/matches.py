"""Match runs, their proposals, how far they are, two compared, and a lead's word on pairs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import Router

from handrail.api.middleware import PREFIX
from handrail.api.requests import LARGEST_PAGE, ApiRequest, Page, once, page, require_scope
from handrail.api.schemas import (
    ChangeOut,
    ComparisonOut,
    MatchOut,
    MatchRunIn,
    MatchRunOut,
    MatchRunStatus,
    MatchRunWhole,
    PairIn,
    PairOut,
    PlaceOut,
    PlanOut,
    UnmatchedOut,
)
from handrail.apps.matches import actions, queries
from handrail.apps.matches.advising import advice_document
from handrail.apps.matches.comparing import Comparison, Moved, Side, Turned, compare
from handrail.apps.matches.models import (
    DecisionKind,
    Match,
    MatchRun,
    PairDecision,
    RunStatus,
    Unmatched,
)
from handrail.apps.organizations.refusals import Conflict, Invalid, Refusal
from handrail.apps.people.queries import person_for
from handrail.apps.programs.queries import program_for
from handrail.apps.sessions.actions import publish_run

router = Router(tags=["matches"])
AGAIN_AFTER = "1"  # seconds


class RunFailed(Refusal):
    """The run that was asked for came to nothing."""

    status = 422
    code = "match-run-failed"


def run_out(run: MatchRun) -> MatchRunOut:
    """A run as the wire shows it."""
    progress = queries.progress_of(run)
    return MatchRunOut(
        id=run.public_id,
        program=run.program.public_id,
        week=run.week,
        seed=run.seed,
        status=run.status,
        stage=progress.stage,
        why=progress.why,
        certificate=run.certificate,
        created_at=run.created_at,
    )


def match_out(card: queries.MatchCard) -> MatchOut:
    """A proposal as the wire shows it."""
    match = card.match
    return MatchOut(
        id=match.public_id,
        mentee=match.mentee.public_id,
        mentor=match.mentor.public_id,
        starts_at=match.starts_at,
        minutes=match.minutes,
        skill=match.skill,
        score=match.score,
        reasons=card.reasons,
        runner_up=card.runner_up,
        others=card.others,
        pinned=match.pinned,
    )


def unmatched_out(card: queries.UnmatchedCard) -> UnmatchedOut:
    """Somebody without a match as the wire shows it."""
    return UnmatchedOut(person=card.person.public_id, reasons=card.reasons)


def run_whole(request: ApiRequest, run: MatchRun) -> MatchRunWhole:
    """A run with its proposals and the people left out, the first of each."""
    matches = queries.matches_of(request.viewer, run)[: LARGEST_PAGE + 1]
    unmatched = queries.unmatched_of(request.viewer, run)[: LARGEST_PAGE + 1]
    cards = queries.match_cards(request.viewer, run, matches)
    left = queries.unmatched_cards(request.viewer, run, unmatched)
    return MatchRunWhole(
        **run_out(run).dict(),
        matches=[match_out(card) for card in cards[:LARGEST_PAGE]],
        unmatched=[unmatched_out(card) for card in left[:LARGEST_PAGE]],
        more=max(len(cards), len(left)) > LARGEST_PAGE,
        rules=run.rules,
        advice=advice_document(request.viewer, run),
    )


def pair_out(decision: PairDecision) -> PairOut:
    """A pin or forbid as the wire shows it."""
    return PairOut(
        id=decision.public_id,
        kind=decision.kind,
        mentee=decision.mentee.public_id,
        mentor=decision.mentor.public_id,
        decided_at=decision.decided_at,
    )


@router.get("/programs/{program_id}/match-runs", response=Page, operation_id="list_match_runs")
def list_match_runs(
    request: ApiRequest, program_id: UUID, cursor: str = "", limit: int = 50
) -> dict[str, Any]:
    """The runs of a program, oldest first."""
    require_scope(request, "matches:read")
    program = program_for(request.viewer, program_id)
    return page(
        queries.runs_for(request.viewer, program).select_related("program"),
        cursor=cursor,
        limit=limit,
        show=run_out,
        name="match-runs",
    )


@router.post(
    "/programs/{program_id}/match-runs",
    response={201: MatchRunWhole, 202: MatchRunOut},
    operation_id="propose_matches",
)
def propose_matches(request: ApiRequest, program_id: UUID, payload: MatchRunIn) -> HttpResponse:
    """Match one week, nothing is booked: 201 with the proposals, or 202 while a worker does it."""
    require_scope(request, "matches:write")
    program = program_for(request.viewer, program_id)

    def work() -> tuple[int, dict[str, Any]]:
        run = actions.propose_matches(
            program, week=payload.week, seed=payload.seed, by=request.viewer, now=request.now
        )
        if run.status == RunStatus.RUNNING:
            return 202, run_out(run).model_dump(mode="json")
        return 201, run_whole(request, run).model_dump(mode="json")

    response = once(request, work)
    where = f"{PREFIX}match-runs/{json.loads(response.content)['id']}"
    if response.status_code == 202:
        response["Location"] = f"{where}/status"
        response["Retry-After"] = AGAIN_AFTER
    else:
        response["Location"] = where
    return response


@router.get("/match-runs/{run_id}", response=MatchRunWhole, operation_id="read_match_run")
def read_match_run(request: ApiRequest, run_id: UUID) -> MatchRunWhole:
    """One run with its proposals and the people left out, the first 200 of each."""
    require_scope(request, "matches:read")
    return run_whole(request, queries.run_for(request.viewer, run_id))


@router.get(
    "/match-runs/{run_id}/status",
    response={200: MatchRunStatus, 202: MatchRunStatus},
    operation_id="read_match_run_status",
)
def read_match_run_status(request: ApiRequest, run_id: UUID) -> HttpResponse:
    """How far a run is: 202 while it is worked out, 200 once it is there, else what went wrong."""
    require_scope(request, "matches:read")
    run = queries.run_for(request.viewer, run_id)
    progress = queries.progress_of(run)
    if run.status == RunStatus.FAILED:
        raise RunFailed(progress.why, reason=str(run.failure.get("code", "")))
    if run.status == RunStatus.STOPPED:
        raise Conflict(_("This run was stopped. Match the week again."), code="match-run-stopped")
    body = MatchRunStatus(
        id=run.public_id,
        status=run.status,
        stage=progress.stage,
        step=progress.steps_done if progress.is_running else progress.steps,
        steps=progress.steps,
    )
    answer = JsonResponse(body.model_dump(mode="json"), status=202 if progress.is_running else 200)
    where = f"{PREFIX}match-runs/{run.public_id}"
    answer["Location"] = f"{where}/status" if progress.is_running else where
    if progress.is_running:
        answer["Retry-After"] = AGAIN_AFTER
    return answer


@router.get("/match-runs/{run_id}/matches", response=Page, operation_id="list_matches")
def list_matches(
    request: ApiRequest, run_id: UUID, cursor: str = "", limit: int = 50
) -> dict[str, Any]:
    """All proposals of a run, page by page."""
    require_scope(request, "matches:read")
    run = queries.run_for(request.viewer, run_id)

    def show(matches: Sequence[Match]) -> list[MatchOut]:
        return [match_out(card) for card in queries.match_cards(request.viewer, run, matches)]

    rows = queries.matches_of(request.viewer, run)
    return page(rows, cursor=cursor, limit=limit, show_all=show, name="matches")


@router.get("/match-runs/{run_id}/unmatched", response=Page, operation_id="list_unmatched")
def list_unmatched(
    request: ApiRequest, run_id: UUID, cursor: str = "", limit: int = 50
) -> dict[str, Any]:
    """Everybody a run left out, with the reasons, page by page."""
    require_scope(request, "matches:read")
    run = queries.run_for(request.viewer, run_id)

    def show(left: Sequence[Unmatched]) -> list[UnmatchedOut]:
        return [unmatched_out(card) for card in queries.unmatched_cards(request.viewer, run, left)]

    rows = queries.unmatched_of(request.viewer, run)
    return page(rows, cursor=cursor, limit=limit, show_all=show, name="unmatched")


@router.get(
    "/match-runs/{run_id}/compare/{other_id}",
    response=ComparisonOut,
    operation_id="compare_match_runs",
)
def compare_match_runs(request: ApiRequest, run_id: UUID, other_id: UUID) -> ComparisonOut:
    """Two plans for one week, the earlier first: who gets what instead, and what was decided."""
    require_scope(request, "matches:read")
    run = queries.run_for(request.viewer, run_id)
    other = queries.run_for(request.viewer, other_id)
    return comparison_out(compare(request.viewer, run, other))


def comparison_out(found: Comparison) -> ComparisonOut:
    """A comparison as the wire shows it."""
    return ComparisonOut(
        before=_plan_out(found.before),
        after=_plan_out(found.after),
        another_mentor=[_moved_out(row) for row in found.another_mentor.rows],
        another_time=[_moved_out(row) for row in found.another_time.rows],
        newly_served=[_turned_out(row, before=False) for row in found.newly_served.rows],
        lost_place=[_turned_out(row, before=True) for row in found.lost_place.rows],
        counts={
            "another_mentor": found.another_mentor.count,
            "another_time": found.another_time.count,
            "newly_served": found.newly_served.count,
            "lost_place": found.lost_place.count,
            "unchanged": found.unchanged,
        },
        decided_since=found.decided_since,
        taken_back=found.taken_back,
        settings=found.settings,
    )


def _plan_out(side: Side) -> PlanOut:
    return PlanOut(
        run=side.run.public_id,
        served=side.served,
        served_bound=side.served_bound,
        fit=side.fit,
        bound=side.bound,
        gap=side.gap,
    )


def _place_out(match: Match) -> PlaceOut:
    return PlaceOut(mentor=match.mentor.public_id, starts_at=match.starts_at)


def _moved_out(row: Moved) -> ChangeOut:
    return ChangeOut(
        mentee=row.mentee.public_id,
        before=_place_out(row.before),
        after=_place_out(row.after),
        why=[],
    )


def _turned_out(row: Turned, *, before: bool) -> ChangeOut:
    place = _place_out(row.match)
    return ChangeOut(
        mentee=row.mentee.public_id,
        before=place if before else None,
        after=None if before else place,
        why=row.why,
    )


@router.post("/match-runs/{run_id}/publish", operation_id="publish_match_run")
def publish_match_run(request: ApiRequest, run_id: UUID) -> HttpResponse:
    """Book every proposal of a preview and send the invitations."""
    require_scope(request, "matches:write")
    run = queries.run_for(request.viewer, run_id)

    def work() -> tuple[int, dict[str, Any]]:
        outcome = publish_run(run, by=request.viewer, now=request.now)
        return 200, {"booked": len(outcome.booked), "refused": len(outcome.refused)}

    return once(request, work)


@router.post("/match-runs/{run_id}/discard", response=MatchRunOut, operation_id="discard_match_run")
def discard_match_run(request: ApiRequest, run_id: UUID) -> HttpResponse:
    """Put a preview aside."""
    require_scope(request, "matches:write")
    run = queries.run_for(request.viewer, run_id)

    def work() -> tuple[int, dict[str, Any]]:
        actions.discard_run(run, by=request.viewer, now=request.now)
        run.refresh_from_db()
        return 200, run_out(run).model_dump(mode="json")

    return once(request, work)


@router.post("/match-runs/{run_id}/stop", response=MatchRunOut, operation_id="stop_match_run")
def stop_match_run(request: ApiRequest, run_id: UUID) -> HttpResponse:
    """Stop a run that is being worked out."""
    require_scope(request, "matches:write")
    run = queries.run_for(request.viewer, run_id)

    def work() -> tuple[int, dict[str, Any]]:
        actions.stop_run(run, by=request.viewer, now=request.now)
        run.refresh_from_db()
        return 200, run_out(run).model_dump(mode="json")

    return once(request, work)


@router.get(
    "/programs/{program_id}/pair-decisions", response=Page, operation_id="list_pair_decisions"
)
def list_pair_decisions(
    request: ApiRequest, program_id: UUID, cursor: str = "", limit: int = 50
) -> dict[str, Any]:
    """The pins and forbids of a program."""
    require_scope(request, "matches:read")
    program = program_for(request.viewer, program_id)
    return page(
        queries.decisions_for(request.viewer, program),
        cursor=cursor,
        limit=limit,
        show=pair_out,
        name="pair-decisions",
    )


@router.post(
    "/programs/{program_id}/pair-decisions",
    response={201: PairOut},
    operation_id="decide_pair",
)
def decide_pair(request: ApiRequest, program_id: UUID, payload: PairIn) -> HttpResponse:
    """Keep two people together, or rule a pair out, in every following run."""
    require_scope(request, "matches:write")
    program = program_for(request.viewer, program_id)
    verbs = {DecisionKind.PIN.value: actions.pin, DecisionKind.FORBID.value: actions.forbid}
    verb = verbs.get(payload.kind)
    if verb is None:
        raise Invalid(_("Choose pin or forbid."), fields={"kind": _("Unknown kind.")})
    mentee = person_for(request.viewer, payload.mentee)
    mentor = person_for(request.viewer, payload.mentor)

    def work() -> tuple[int, dict[str, Any]]:
        made = verb(program, mentee, mentor, by=request.viewer, now=request.now)
        return 201, pair_out(made).model_dump(mode="json")

    return once(request, work)


@router.delete("/pair-decisions/{decision_id}", response={204: None}, operation_id="undecide_pair")
def undecide_pair(request: ApiRequest, decision_id: UUID) -> HttpResponse:
    """Take a pin or forbid back."""
    require_scope(request, "matches:write")
    decision = queries.decision_for(request.viewer, decision_id)
    actions.undecide(decision, by=request.viewer, now=request.now)
    return HttpResponse(status=204)
