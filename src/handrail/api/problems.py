"""Problem documents (RFC 9457): every error of the API leaves as one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from handrail.apps.organizations.refusals import Invalid, Refusal

TYPE = "/api/problems/{code}"
CONTENT_TYPE = "application/problem+json"


class Problem(Schema):
    """What every error looks like (RFC 9457), under `application/problem+json`."""

    type: str = Field(
        description="What kind of error it is: `/api/problems/` and a code. It stays as it is, "
        "so programs go by it.",
        examples=["/api/problems/slot-taken"],
    )
    title: str = Field(
        description="What is wrong and what to do, for people, in the language of whoever asks."
    )
    status: int = Field(description="The status of the answer, once more.", examples=[409])
    request_id: str = Field(
        description="Names this request in our log, as the header `X-Request-Id` does."
    )
    fields: dict[str, str] = Field(
        default={}, description="For each field that cannot be taken, what is wrong with it."
    )
    alternatives: list[datetime] = Field(
        default=[], description="Where a time is not free: up to three later ones that are."
    )
    detail_data: dict[str, Any] = Field(
        default={}, description="What else there is to know, by the kind of error."
    )


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _json(item) for key, item in value.items()}
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def problem(
    request: HttpRequest, status: int, code: str, title: str, **members: Any
) -> HttpResponse:
    """One problem document with a stable type and the request's id."""
    body = {
        "type": TYPE.format(code=code),
        "title": title,
        "status": status,
        "request_id": getattr(request, "request_id", ""),
        **{name: _json(value) for name, value in members.items() if value},
    }
    response = JsonResponse(body, status=status, content_type=CONTENT_TYPE)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="handrail"'
    return response


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The problem document of an action's refusal."""
    members: dict[str, Any] = {"detail_data": refusal.detail}
    if isinstance(refusal, Invalid):
        members["fields"] = {name: str(text) for name, text in refusal.fields.items()}
    alternatives = getattr(refusal, "alternatives", None)
    if alternatives:
        members["alternatives"] = alternatives
    return problem(request, refusal.status, refusal.code, str(refusal.message), **members)


def not_signed_in(request: HttpRequest) -> HttpResponse:
    """The answer to a missing, unknown, expired or revoked key: all look alike."""
    return problem(
        request,
        401,
        "no-valid-key",
        _("Send a valid API key: Authorization: Bearer hr_…"),
    )


def signed_out(request: HttpRequest) -> HttpResponse:
    """The answer to a page's own script once its sign-in is over: never a redirect to a form."""
    return problem(
        request, 401, "signed-out", _("You are signed out. Sign in, and it goes on by itself.")
    )


def register(api: NinjaAPI) -> None:
    """Give the API its error handlers."""

    @api.exception_handler(Refusal)
    def on_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
        return refused(request, refusal)

    @api.exception_handler(AuthenticationError)
    def on_no_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return not_signed_in(request)

    @api.exception_handler(ValidationError)
    def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = {
            ".".join(str(part) for part in item["loc"][1:] if part != "payload"): item["msg"]
            for item in error.errors
        }
        return problem(request, 422, "invalid", _("Some fields cannot be taken."), fields=fields)

    @api.exception_handler(HttpError)
    def on_http(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(request, error.status_code, "refused", str(error))
