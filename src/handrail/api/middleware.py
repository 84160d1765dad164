"""What a request to the API passes: its key, its organisation's scope, a problem document.

Django answers some errors (a bad host, a body too large, a missing page, a crash) before or
behind django-ninja's own handlers; here they become problem documents too.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _

from handrail.api.problems import CONTENT_TYPE, not_signed_in, problem, signed_out
from handrail.api.requests import BROWSER_DOORS, PassingRequest
from handrail.apps.organizations.actions import note_key_use
from handrail.apps.organizations.models import KeyKind
from handrail.apps.organizations.queries import api_key_by_secret
from handrail.apps.organizations.scope import reading
from handrail.apps.people.queries import viewer_for_api_key

PREFIX = "/api/v1/"
BEARER = "Bearer "
TITLES = {
    400: ("bad-request", "The request cannot be read."),
    403: ("not-allowed", "This is not allowed."),
    404: ("not-found", "There is no such thing."),
    405: ("method-not-allowed", "This address does not know that method."),
    413: ("too-large", "The request is too large."),
}
log = logging.getLogger("handrail.api")


class ApiMiddleware:
    """Opens the key's organisation around each request to the API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PassingRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        header = request.headers.get("Authorization", "")
        if not header and BROWSER_DOORS.fullmatch(request.path_info):
            if request.viewer is None:
                return signed_out(request)
            return self._as_problem(request, self.get_response(request))
        # Elsewhere a browser's cookie says nothing: only a key does, so no request can be forged.
        request.viewer = None
        key = None
        if header.startswith(BEARER):
            key = api_key_by_secret(header.removeprefix(BEARER).strip(), now=request.now)
        # A directory's key opens the directory's door only.
        if key is None or key.kind != KeyKind.API:
            return not_signed_in(request)
        with reading(key.organization):
            viewer = viewer_for_api_key(key)
            if viewer is None:
                return not_signed_in(request)
            note_key_use(key, now=request.now)
            request.viewer = viewer
            return self._as_problem(request, self.get_response(request))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A crash leaves as a problem document with the request's id, never as a trace."""
        if not request.path_info.startswith(PREFIX):
            return None
        if isinstance(error, RequestDataTooBig):
            limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
            told = _("Send at most %(limit)d bytes.") % {"limit": limit}
            return problem(request, 413, "too-large", told)
        if isinstance(error, SuspiciousOperation | UnreadablePostError):
            return problem(request, 400, "bad-request", _("The request cannot be read."))
        if isinstance(error, DataError):  # PostgreSQL keeps no NUL, which JSON may hold
            log.warning("api.data request=%s", getattr(request, "request_id", ""), exc_info=error)
            return problem(request, 400, "bad-request", _("The request cannot be read."))
        log.error("api.crash request=%s", getattr(request, "request_id", ""), exc_info=error)
        return problem(
            request, 500, "crash", _("Something broke on our side. Nothing was changed.")
        )

    def _as_problem(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code < 400 or response["Content-Type"].startswith(CONTENT_TYPE):
            return response
        code, title = TITLES.get(response.status_code, ("refused", response.reason_phrase))
        made = problem(request, response.status_code, code, title)
        for name in ("Allow", "Retry-After"):
            if name in response:
                made[name] = response[name]
        return made
