"""The directory's door: its key, its organisation's scope, and errors in the standard's words."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from handrail.apps.organizations.actions import note_key_use
from handrail.apps.organizations.models import KeyKind
from handrail.apps.organizations.overtaken import once_more
from handrail.apps.organizations.queries import api_key_by_secret
from handrail.apps.organizations.refusals import Conflict, Invalid, Refusal
from handrail.apps.organizations.scope import reading
from handrail.apps.people.viewers import viewer_for_directory

if TYPE_CHECKING:
    from handrail.api.scim.answering import Answer, Service

CONTENT_TYPE = "application/scim+json"
BEARER = "bearer "
log = logging.getLogger("handrail.api.scim")


class DirectoryRequest(HttpRequest):
    """A request on its way to the door."""

    now: datetime
    request_id: str


Handler = Callable[..., "Answer"]


def directory(**handlers: Handler) -> Callable[..., HttpResponse]:
    """A view that lets a directory's key in, by method."""

    @csrf_exempt
    def view(request: DirectoryRequest, **parts: str) -> HttpResponse:
        if request.method not in handlers:
            refused = HttpResponse(status=405)
            refused["Allow"] = ", ".join(sorted(handlers))
            return _as_error(405, None, "This address does not know that method.", refused)
        header = request.headers.get("Authorization", "")
        key = None
        if header.lower().startswith(BEARER):
            key = api_key_by_secret(header[len(BEARER) :].strip(), now=request.now)
        if key is None or key.kind != KeyKind.SCIM:
            refused = HttpResponse(status=401)
            refused["WWW-Authenticate"] = 'Bearer realm="handrail"'
            return _as_error(
                401, None, "Send a directory's key: Authorization: Bearer hr_…", refused
            )
        with reading(key.organization):
            note_key_use(key, now=request.now)
            return _answered(request, handlers[request.method], viewer_for_directory(key), parts)

    return view


def _answered(
    request: DirectoryRequest, handler: Handler, viewer: Any, parts: dict[str, str]
) -> HttpResponse:
    # Only a directory's requests need the library, so only they load it.
    from handrail.api.scim.answering import Service
    from handrail.api.scim.resources import LARGEST_BODY, PROVIDER

    asker = Service(
        viewer,
        request.now,
        request.headers.get("If-Match", ""),
        request.headers.get("If-None-Match", ""),
    )
    try:
        body = None
        if request.method in ("POST", "PUT", "PATCH"):
            if int(request.headers.get("Content-Length") or 0) > LARGEST_BODY:
                raise RequestDataTooBig
            body = json.loads(request.body or b"null")
        with PROVIDER:
            status, shown, headers = once_more(lambda: handler(asker, request, body, **parts))
    except Exception as error:
        refused = error_of(error)
        if refused.status == 500:
            log.error("scim.crash request=%s", request.request_id, exc_info=error)
        return _as_error(int(refused.status or 500), refused.scim_type, refused.detail or "")
    response = HttpResponse(status=status)
    if shown is not None:
        response = HttpResponse(json.dumps(shown), content_type=CONTENT_TYPE, status=status)
    for name, value in headers.items():
        response[name] = value
    return response


def error_of(error: Exception) -> Any:
    """The standard's error for whatever was raised; a crash is told without its words."""
    from pydantic import ValidationError
    from scim2_models import Error, SCIMException

    if isinstance(error, SCIMException):
        return error.to_error()
    if isinstance(error, ValidationError):
        return Error.from_validation_errors(error)[0]
    if isinstance(error, RequestDataTooBig):
        return Error(status=413, detail="The request is too large.")
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError | RecursionError):
        return Error(status=400, scim_type="invalidSyntax", detail="This is not JSON.")
    if isinstance(error, DataError | UnicodeEncodeError):  # NUL, and halves of letters
        told = "It holds characters or a length that cannot be kept."
        return Error(status=400, scim_type="invalidValue", detail=told)
    if isinstance(error, Invalid):
        told = " ".join([str(error.message), *(str(text) for text in error.fields.values())])
        return Error(status=400, scim_type="invalidValue", detail=told)
    if isinstance(error, Conflict):
        unique = "uniqueness" if error.code == "uniqueness" else None
        return Error(status=409, scim_type=unique, detail=str(error.message))
    if isinstance(error, Refusal):
        return Error(status=error.status, detail=str(error.message))
    return Error(status=500, detail="Something broke on our side. Nothing was changed.")


def _as_error(
    status: int, scim_type: str | None, detail: str, response: HttpResponse | None = None
) -> HttpResponse:
    body: dict[str, Any] = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": str(status),
        "detail": detail,
    }
    if scim_type:
        body["scimType"] = scim_type
    made = HttpResponse(json.dumps(body), content_type=CONTENT_TYPE, status=status)
    for name in ("Allow", "WWW-Authenticate"):
        if response is not None and name in response:
            made[name] = response[name]
    return made


def _query(request: HttpRequest) -> dict[str, Any]:
    return {name: request.GET[name] for name in request.GET}


def _late(call: Callable[..., Answer]) -> Handler:
    @wraps(call)
    def handler(asker: Service, request: HttpRequest, body: Any, **parts: str) -> Answer:
        return call(asker, _query(request), body, **parts)

    return handler


def _list(kinds: str) -> Handler:
    def handler(asker: Service, request: HttpRequest, body: Any) -> Answer:
        from scim2_models import Context

        sources = [getattr(asker, kind)() for kind in kinds.split()]
        if request.method == "POST":
            return asker.search(sources, body, Context.SEARCH_REQUEST)
        return asker.search(sources, _query(request), Context.RESOURCE_QUERY_REQUEST)

    return handler


def _discovery(name: str) -> Handler:
    def handler(asker: Service, request: HttpRequest, body: Any, **parts: str) -> Answer:
        from scim2_models import ForbiddenException

        from handrail.api.scim import answering

        if "filter" in request.GET:  # RFC 7644, section 4: descriptions are not searched
            raise ForbiddenException(detail="Descriptions are not filtered.")
        return getattr(answering, name)(**parts)  # type: ignore[no-any-return]

    return handler


def _nothing(asker: Service, request: HttpRequest, body: Any, **parts: str) -> Answer:
    from scim2_models import NotFoundException, NotImplementedException

    if parts.get("rest", "").strip("/") == "Me":
        raise NotImplementedException(detail="A directory is nobody: there is no Me.")
    raise NotFoundException(detail="There is nothing here.")


_every = dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), _nothing)
_user = {
    "GET": _late(lambda asker, query, body, public_id: asker.read_user(public_id, query)),
    "PUT": _late(lambda asker, query, body, public_id: asker.put_user(public_id, body, query)),
    "PATCH": _late(lambda asker, query, body, public_id: asker.patch_user(public_id, body, query)),
    "DELETE": _late(lambda asker, query, body, public_id: asker.remove_user(public_id)),
}
_group = {
    "GET": _late(lambda asker, query, body, public_id: asker.read_group(public_id, query)),
    "PUT": _late(lambda asker, query, body, public_id: asker.put_group(public_id, body, query)),
    "PATCH": _late(lambda asker, query, body, public_id: asker.patch_group(public_id, body, query)),
    "DELETE": _late(lambda asker, query, body, public_id: asker.remove_group(public_id)),
}
_make_user = _late(lambda asker, query, body: asker.make_user(body, query))
_make_group = _late(lambda asker, query, body: asker.make_group(body, query))
_bulk = _late(lambda asker, query, body: asker.bulk(body))

urlpatterns = [
    path("ServiceProviderConfig", directory(GET=_discovery("config")), name="scim_config"),
    path("ResourceTypes", directory(GET=_discovery("resource_types")), name="scim_resource_types"),
    path(
        "ResourceTypes/<str:name>",
        directory(GET=_discovery("resource_types")),
        name="scim_resource_type",
    ),
    path("Schemas", directory(GET=_discovery("schemas")), name="scim_schemas"),
    path("Schemas/<str:name>", directory(GET=_discovery("schemas")), name="scim_schema"),
    path("Users", directory(GET=_list("users"), POST=_make_user), name="scim_users"),
    path("Users/.search", directory(POST=_list("users")), name="scim_users_search"),
    path("Users/<str:public_id>", directory(**_user), name="scim_user"),
    path("Groups", directory(GET=_list("groups"), POST=_make_group), name="scim_groups"),
    path("Groups/.search", directory(POST=_list("groups")), name="scim_groups_search"),
    path("Groups/<str:public_id>", directory(**_group), name="scim_group"),
    path(".search", directory(POST=_list("users groups")), name="scim_search"),
    path("Bulk", directory(POST=_bulk), name="scim_bulk"),
    path("<path:rest>", directory(**_every), name="scim_nothing"),
]
