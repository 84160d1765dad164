"""Answers: what has changed since a device last asked, and the verbs on one answer."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from ninja import Router

from handrail.api.answer_schemas import ChangesOut
from handrail.api.requests import ApiRequest, browser_auth, key_auth, require_scope
from handrail.apps.answers.changes import LARGEST_PAGE
from handrail.apps.answers.rows import what_changed

router = Router(tags=["answers"])


@router.get(
    "/answers",
    response={200: ChangesOut, 304: None, 410: None},
    operation_id="list_answers",
    auth=[key_auth, browser_auth],
)
def list_answers(request: ApiRequest, cursor: str = "", limit: int = LARGEST_PAGE) -> HttpResponse:
    """What you can read, or with a `cursor` what has changed since: rows and tombstones.

    Send the `ETag` back as `If-None-Match`. 410 asks you to read everything into a new store.
    """
    require_scope(request, "answers:read")
    reply = what_changed(
        request.viewer,
        cursor=cursor,
        unless=request.headers.get("If-None-Match", ""),
        today=request.now.date(),
        limit=limit,
    )
    response = HttpResponse(status=304) if reply.body is None else JsonResponse(reply.body)
    response["ETag"] = reply.etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Handrail-Account"] = str(request.viewer.account)  # a page may be another's by now
    return response
