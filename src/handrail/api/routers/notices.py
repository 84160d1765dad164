"""What directories and HR systems said of people that waits to be confirmed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Field, Router, Schema

from handrail.api.requests import ApiRequest, Page, once, page, require_scope
from handrail.apps.identity import queries
from handrail.apps.identity.actions import deciding
from handrail.apps.identity.models import Notice
from handrail.apps.outcomes.models import RoleKind

router = Router(tags=["people"])


class RoleSaid(Schema):
    title: str = ""
    department: str = ""


class NoticeOut(Schema):
    """Something said of a person that counts once somebody has confirmed its day."""

    id: UUID
    person: UUID
    kind: str  # joined, left, moved
    source: str
    before: RoleSaid | None
    after: RoleSaid | None
    effective_on: date | None
    known_since: date
    state: str


class ConfirmIn(Schema):
    """The day; and for a move the role that somebody has from then on."""

    day: date
    role: Annotated[str, Field(max_length=120)] = ""
    level: Annotated[str, Field(max_length=40)] = ""
    team: Annotated[str, Field(max_length=120)] = ""
    kind: str = RoleKind.CHANGE.value


class DismissIn(Schema):
    """For whoever is away: the day on which they are back, if it is known."""

    back_on: date | None = None


def notice_out(notice: Notice) -> NoticeOut:
    """A notice as the wire shows it."""
    before, after = notice.said.get("before"), notice.said.get("after")
    return NoticeOut(
        id=notice.public_id,
        person=notice.person.public_id,
        kind=notice.kind,
        source=notice.source,
        before=RoleSaid(**before) if before else None,
        after=RoleSaid(**after) if after else None,
        effective_on=notice.effective_on,
        known_since=notice.known_since,
        state=notice.state,
    )


@router.get("/notices", response=Page, operation_id="list_notices")
def list_notices(request: ApiRequest, cursor: str = "", limit: int = 50) -> dict[str, Any]:
    """What waits for you: an administrator's is all, a lead's are their programs' people."""
    require_scope(request, "people:read")
    waiting = queries.notices_for(request.viewer)
    return page(waiting, cursor=cursor, limit=limit, name="notices", show=notice_out)


@router.post("/notices/{notice_id}/confirm", response=NoticeOut, operation_id="confirm_notice")
def confirm_notice(request: ApiRequest, notice_id: UUID, payload: ConfirmIn) -> HttpResponse:
    """It is so, from this day on."""
    require_scope(request, "people:write")
    notice = queries.notice_for(request.viewer, notice_id)

    def work() -> tuple[int, dict[str, Any]]:
        done = deciding.confirm(
            notice,
            payload.day,
            by=request.viewer,
            now=request.now,
            family=payload.role,
            level=payload.level,
            team_name=payload.team,
            kind=payload.kind,
        )
        return 200, notice_out(done).model_dump(mode="json")

    return once(request, work)


@router.post("/notices/{notice_id}/dismiss", response=NoticeOut, operation_id="dismiss_notice")
def dismiss_notice(request: ApiRequest, notice_id: UUID, payload: DismissIn) -> HttpResponse:
    """It is not so: nobody new, nobody gone, no other role."""
    require_scope(request, "people:write")
    notice = queries.notice_for(request.viewer, notice_id)

    def work() -> tuple[int, dict[str, Any]]:
        done = deciding.dismiss(notice, by=request.viewer, now=request.now, back_on=payload.back_on)
        return 200, notice_out(done).model_dump(mode="json")

    return once(request, work)
