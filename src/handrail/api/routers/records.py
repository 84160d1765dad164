"""Records: how long things are kept, exports, wishes to be erased, and signed statements.

What only a person may do stays on the pages: signing in one's own name, asking to be erased, and
the keys that statements and badges are signed with.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from handrail.api.requests import ApiRequest, Page, once, page, require_scope
from handrail.apps.organizations.refusals import NotFound
from handrail.apps.records import attesting, badges, erasures, exporting, retention
from handrail.apps.records.models import Attestation, DataExport, ErasureRequest
from handrail.apps.sessions import queries as sessions

router = Router(tags=["records"])


class PeriodOut(Schema):
    kind: str
    words: str
    days: int
    usual: int
    least: int
    most: int
    would_go: int  # rows that would go now


class PeriodsIn(Schema):
    days: Annotated[dict[str, int], Field(max_length=20)]  # by kind; what is not named stays


class ExportIn(Schema):
    kind: Literal["person", "organization"] = "person"
    redacted: bool = False


class ExportOut(Schema):
    id: UUID
    kind: str
    redacted: bool
    state: str  # asked, ready, gone
    asked_at: datetime
    expires_at: datetime | None
    size: int
    digest: str  # SHA-256 of the file


class ErasureOut(Schema):
    id: UUID
    person: UUID | None
    asked_at: datetime
    word: str
    state: str


class ErasureIn(Schema):
    grant: bool


class StatementOut(Schema):
    id: UUID
    mentor: UUID | None
    mentee: UUID | None
    signed_at: datetime
    shared_at: datetime | None
    address: str | None  # the public page, while it is shared
    revoked_at: datetime | None
    document: dict[str, Any]  # as it was signed, with its proof


class SharedIn(Schema):
    shared: bool


def export_out(export: DataExport) -> ExportOut:
    return ExportOut(
        id=export.public_id,
        kind=export.kind,
        redacted=export.is_redacted,
        state=export.state,
        asked_at=export.asked_at,
        expires_at=export.expires_at,
        size=export.size,
        digest=export.digest,
    )


def erasure_out(wish: ErasureRequest) -> ErasureOut:
    return ErasureOut(
        id=wish.public_id,
        person=wish.person.public_id if wish.person else None,
        asked_at=wish.asked_at,
        word=wish.word,
        state=wish.state,
    )


def statement_out(one: Attestation) -> StatementOut:
    where = [one.organization.public_id, one.public_id]
    return StatementOut(
        id=one.public_id,
        mentor=one.mentor.public_id if one.mentor else None,
        mentee=one.mentee.public_id if one.mentee else None,
        signed_at=one.made_at,
        shared_at=one.shared_at,
        address=settings.BASE_URL + reverse("attested", args=where) if one.shared_at else None,
        revoked_at=one.revoked_at,
        document=one.signed or {},
    )


@router.get("/retention", response=list[PeriodOut], operation_id="list_retention")
def list_retention(request: ApiRequest) -> list[PeriodOut]:
    """How long each kind is kept, and how many rows would go now; nothing goes by asking."""
    require_scope(request, "records:read")
    return [
        PeriodOut(
            kind=one.kind,
            words=one.words,
            days=one.days,
            usual=one.usual,
            least=one.least,
            most=one.most,
            would_go=one.would_go,
        )
        for one in retention.periods(by=request.viewer, now=request.now)
    ]


@router.put("/retention", response=list[PeriodOut], operation_id="set_retention")
def set_retention(request: ApiRequest, payload: PeriodsIn) -> list[PeriodOut]:
    """Keep these kinds for so many days from now on; what is older goes the next night."""
    require_scope(request, "records:write")
    retention.set_periods(payload.days, by=request.viewer, now=request.now)
    return list_retention(request)


@router.get("/exports", response=Page, operation_id="list_exports")
def list_exports(
    request: ApiRequest,
    kind: Literal["person", "organization"] = "person",
    cursor: str = "",
    limit: int = 50,
) -> dict[str, Any]:
    """The exports that you may fetch: your own, or as an administrator those of everything."""
    require_scope(request, "records:read")
    rows = exporting.exports_for(request.viewer, kind)
    return page(rows, cursor=cursor, limit=limit, name=f"exports {kind}", show=export_out)


@router.post("/exports", response={201: ExportOut}, operation_id="ask_export")
def ask_for_export(request: ApiRequest, payload: ExportIn) -> HttpResponse:
    """Have an export made; it is ready when its state says so, and gone again after a week."""
    require_scope(request, "records:write")

    def work() -> tuple[int, dict[str, Any]]:
        made = exporting.ask_export(
            payload.kind, redacted=payload.redacted, by=request.viewer, now=request.now
        )
        return 201, export_out(made).model_dump(mode="json")

    return once(request, work)


@router.get("/exports/{export_id}/file", operation_id="read_export")
def read_export(request: ApiRequest, export_id: UUID) -> HttpResponse:
    """The zip of an export."""
    require_scope(request, "records:read")
    _export, path = exporting.fetch(export_id, by=request.viewer, now=request.now)
    response: Any = FileResponse(path.open("rb"), as_attachment=True, filename="export.zip")
    response["Cache-Control"] = "private, no-store"
    return cast(HttpResponse, response)


@router.get("/erasures", response=Page, operation_id="list_erasures")
def list_erasures(request: ApiRequest, cursor: str = "", limit: int = 50) -> dict[str, Any]:
    """The wishes to be erased that wait for your word; never your own."""
    require_scope(request, "records:read")
    rows = erasures.erasures_to_decide(request.viewer)
    return page(rows, cursor=cursor, limit=limit, name="erasures", show=erasure_out)


@router.post("/erasures/{erasure_id}", response=ErasureOut, operation_id="decide_erasure")
def decide_on_erasure(request: ApiRequest, erasure_id: UUID, payload: ErasureIn) -> HttpResponse:
    """Erase a person at once and for good, or refuse."""
    require_scope(request, "records:write")
    found = erasures.erasure_for(request.viewer, erasure_id)

    def work() -> tuple[int, dict[str, Any]]:
        erasures.decide_erasure(found, payload.grant, by=request.viewer, now=request.now)
        found.refresh_from_db()
        return 200, erasure_out(found).model_dump(mode="json")

    return once(request, work)


@router.get(
    "/sessions/{session_id}/statements",
    response=list[StatementOut],
    operation_id="list_statements",
)
def list_statements(request: ApiRequest, session_id: UUID) -> list[StatementOut]:
    """The signed statements about a session's artifact, for who signed and whom they are about."""
    require_scope(request, "records:read")
    session = sessions.session_for(request.viewer, session_id)
    if request.viewer.person_id not in [one.pk for one in sessions.people_of(session)]:
        raise NotFound(_("There is no such statement."))
    return [statement_out(one) for one in attesting.attestations_of(request.viewer, session)]


@router.put(
    "/statements/{statement_id}/shared", response=StatementOut, operation_id="share_statement"
)
def share_statement(request: ApiRequest, statement_id: UUID, payload: SharedIn) -> StatementOut:
    """Let whoever has the address see a statement about you, or nobody any more."""
    require_scope(request, "records:write")
    found = attesting.attestation_for(request.viewer, statement_id)
    attesting.share(found, payload.shared, by=request.viewer, now=request.now)
    return statement_out(attesting.attestation_for(request.viewer, statement_id))


@router.post(
    "/statements/{statement_id}/revoke", response=StatementOut, operation_id="revoke_statement"
)
def revoke_statement(request: ApiRequest, statement_id: UUID) -> HttpResponse:
    """Take your signature back."""
    require_scope(request, "records:write")
    found = attesting.attestation_for(request.viewer, statement_id)

    def work() -> tuple[int, dict[str, Any]]:
        attesting.revoke(found, by=request.viewer, now=request.now)
        said = attesting.attestation_for(request.viewer, statement_id)
        return 200, statement_out(said).model_dump(mode="json")

    return once(request, work)


@router.get("/statements/{statement_id}/badge", operation_id="read_badge")
def read_badge(request: ApiRequest, statement_id: UUID) -> HttpResponse:
    """A statement about you as an Open Badges 3.0 file, where badges are on."""
    require_scope(request, "records:read")
    signed = badges.badge_of(statement_id, by=request.viewer, now=request.now)
    return HttpResponse(signed, content_type="text/plain; charset=us-ascii")
