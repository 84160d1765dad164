"""Other times for a session, proposed from a calendar: look at them, take or refuse one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from handrail.api.requests import ApiRequest, once, require_scope
from handrail.api.routers.sessions import session_out
from handrail.api.schemas import ProposalAnswerIn, ProposalOut, SessionOut
from handrail.apps.sessions import queries
from handrail.apps.sessions.replies import answer_proposal, proposals_for

router = Router(tags=["sessions"])


@router.get(
    "/sessions/{session_id}/proposals",
    response=list[ProposalOut],
    operation_id="list_proposals",
)
def list_proposals(request: ApiRequest, session_id: UUID) -> list[ProposalOut]:
    """The times that are proposed for a session and not answered yet."""
    require_scope(request, "sessions:read")
    session = queries.session_for(request.viewer, session_id)
    return [
        ProposalOut(
            id=proposal.public_id,
            person=proposal.person.public_id,
            starts_at=proposal.starts_at,
            made_at=proposal.made_at,
        )
        for proposal in proposals_for(session, request.now)
    ]


@router.post(
    "/sessions/{session_id}/proposals/{proposal_id}/answer",
    response=SessionOut,
    operation_id="answer_proposal",
)
def answer(
    request: ApiRequest, session_id: UUID, proposal_id: UUID, payload: ProposalAnswerIn
) -> HttpResponse:
    """Take the time that the other person proposes, and the session moves; or refuse it."""
    require_scope(request, "sessions:write")
    session = queries.session_for(request.viewer, session_id)

    def work() -> tuple[int, dict[str, Any]]:
        answer_proposal(
            session, proposal_id, accept=payload.accept, by=request.viewer, now=request.now
        )
        moved = queries.session_for(request.viewer, session_id)
        return 200, session_out(moved, request).model_dump(mode="json")

    return once(request, work)
