"""Match runs, their proposals, and a lead's word on pairs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from handrail.api.requests import ApiRequest, Page, once, page, require_scope
from handrail.api.schemas import (
    MatchOut,
    MatchRunIn,
    MatchRunOut,
    MatchRunWhole,
    PairIn,
    PairOut,
    UnmatchedOut,
)
from handrail.apps.matches import actions, queries
from handrail.apps.matches.models import DecisionKind, MatchRun, PairDecision
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.people.queries import person_for
from handrail.apps.programs.queries import program_for
from handrail.apps.sessions.actions import publish_run

router = Router(tags=["matches"])


def run_out(run: MatchRun) -> MatchRunOut:
    """A run as the wire shows it."""
    return MatchRunOut(
        id=run.public_id,
        program=run.program.public_id,
        week=run.week,
        seed=run.seed,
        status=run.status,
        certificate=run.certificate,
        created_at=run.created_at,
    )


def run_whole(request: ApiRequest, run: MatchRun) -> MatchRunWhole:
    """A run with its proposals and the people left out."""
    return MatchRunWhole(
        **run_out(run).dict(),
        matches=[
            MatchOut(
                id=card.match.public_id,
                mentee=card.match.mentee.public_id,
                mentor=card.match.mentor.public_id,
                starts_at=card.match.starts_at,
                minutes=card.match.minutes,
                skill=card.match.skill,
                score=card.match.score,
                reasons=card.reasons,
                others=card.others,
                pinned=card.match.pinned,
            )
            for card in queries.match_cards(request.viewer, run)
        ],
        unmatched=[
            UnmatchedOut(person=card.person.public_id, reasons=card.reasons)
            for card in queries.unmatched_cards(request.viewer, run)
        ],
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
    response={201: MatchRunWhole},
    operation_id="propose_matches",
)
def propose_matches(request: ApiRequest, program_id: UUID, payload: MatchRunIn) -> HttpResponse:
    """Solve one week and get proposals with reasons; nothing is booked."""
    require_scope(request, "matches:write")
    program = program_for(request.viewer, program_id)

    def work() -> tuple[int, dict[str, Any]]:
        run = actions.propose_matches(
            program, week=payload.week, seed=payload.seed, by=request.viewer, now=request.now
        )
        return 201, run_whole(request, run).model_dump(mode="json")

    return once(request, work)


@router.get("/match-runs/{run_id}", response=MatchRunWhole, operation_id="read_match_run")
def read_match_run(request: ApiRequest, run_id: UUID) -> MatchRunWhole:
    """One run with its proposals and the people left out."""
    require_scope(request, "matches:read")
    return run_whole(request, queries.run_for(request.viewer, run_id))


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
