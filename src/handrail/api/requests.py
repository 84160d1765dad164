"""What routers share: the key's viewer, scopes, one effect per key, pages by cursor."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.security import APIKeyCookie

from handrail.apps.organizations.refusals import Invalid, NotAllowed, Refusal
from handrail.apps.organizations.viewer import Viewer, ViewerKind
from handrail.apps.outbox.idempotency import answered_once, fingerprint_of

SALT = "handrail.api.cursor"
LARGEST_PAGE = 200


class PassingRequest(HttpRequest):
    """A request on its way through the middleware: a key may be found, or not."""

    viewer: Viewer | None
    now: datetime


class ApiRequest(HttpRequest):
    """A request that passed the middleware: it knows its viewer and the time."""

    viewer: Viewer
    now: datetime


class BrowserAuth(APIKeyCookie):
    """The asker of a page's own script: a sign-in by cookie, with the token against forgery."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Viewer | None:
        viewer: Viewer | None = getattr(request, "viewer", None)
        return viewer if viewer is not None and viewer.kind is ViewerKind.PERSON else None


# Doors for the scripts of our own pages; every other one opens to keys alone.
BROWSER_DOORS = re.compile(r"/api/v1/(answers|questions|device|ops|sessions/[0-9a-f-]{36}/room)")
browser_auth = BrowserAuth()


def key_auth(request: ApiRequest) -> Viewer | None:
    """django-ninja's question who asks; only a key is an answer."""
    viewer = getattr(request, "viewer", None)
    return viewer if viewer is not None and viewer.kind is ViewerKind.KEY else None


def require_scope(request: ApiRequest, scope: str) -> None:
    """Raise NotAllowed unless the key was given this scope."""
    if not request.viewer.may(scope):
        raise NotAllowed(
            _("This key may not do that: it lacks the scope %(scope)s.") % {"scope": scope},
            code="scope-missing",
        )


def once(request: ApiRequest, work: Callable[[], tuple[int, dict[str, Any]]]) -> HttpResponse:
    """Do the work once for this caller's Idempotency-Key; a repeat gets the same answer."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        raise _MissingKey(
            _("Send an Idempotency-Key header, new for each request, the same for each repeat.")
        )
    answer = answered_once(
        request.viewer.actor,
        key,
        fingerprint_of(request.method, request.path_info, request.body.decode(errors="replace")),
        work,
        organization=request.viewer.organization,
        now=request.now,
    )
    response = JsonResponse(answer.body, status=answer.status)
    if answer.replayed:
        response["Idempotent-Replayed"] = "true"
    return response


class _MissingKey(Refusal):
    status = 400
    code = "idempotency-key-missing"


def given(payload: Schema, *nullable: str) -> dict[str, Any]:
    """What was sent of a change; null says nothing, but for fields that may be emptied by it."""
    sent = payload.dict(exclude_unset=True)
    return {name: value for name, value in sent.items() if value is not None or name in nullable}


def etag_of(shown: Schema) -> str:
    """The tag of what a caller is shown: another tag, another content."""
    text = json.dumps(shown.model_dump(mode="json"), sort_keys=True)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def require_unchanged(request: ApiRequest, shown: Schema) -> None:
    """Raise 412 where the caller's If-Match names another content than what stands now."""
    wanted = request.headers.get("If-Match", "")
    tags = {tag.strip() for tag in wanted.split(",")}
    if wanted and "*" not in tags and etag_of(shown) not in tags:
        raise _Changed(_("It was changed meanwhile. Read it again, then change it."))


class _Changed(Refusal):
    status = 412
    code = "changed-meanwhile"


class Page(Schema):
    """One page of a list; `next` is null on the last one."""

    data: list[Any]
    next: str | None


def page(
    rows: QuerySet[Any],
    *,
    cursor: str,
    limit: int,
    name: str,
    show: Callable[[Any], Schema] | None = None,
    show_all: Callable[[Sequence[Any]], Sequence[Schema]] | None = None,
) -> dict[str, Any]:
    """One page by ascending id after the signed cursor: rows added meanwhile shift nothing.

    `show` turns a row into what goes out, or `show_all` the rows of the page together.
    """
    if not 1 <= limit <= LARGEST_PAGE:
        raise Invalid(
            _("A page holds 1 to %(largest)d rows.") % {"largest": LARGEST_PAGE},
            fields={"limit": _("Choose a smaller or larger number.")},
        )
    after = _after(cursor, name) if cursor else 0
    found: Sequence[Any] = list(rows.filter(pk__gt=after).order_by("pk")[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    shown = show_all(found) if show_all else [show(row) for row in found] if show else []
    return {
        "data": [one.model_dump(mode="json") for one in shown],
        "next": signing.dumps([name, found[-1].pk], salt=SALT) if more else None,
    }


def _after(cursor: str, name: str) -> int:
    try:
        of, after = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise _bad_cursor() from error
    if of != name or not isinstance(after, int):
        raise _bad_cursor()
    return after


def _bad_cursor() -> Invalid:
    return Invalid(
        _("This cursor was not given by this list."),
        fields={"cursor": _("Take it from `next` of the page before, or leave it out.")},
    )
