"""What every request passes: an id, a clock, an organisation."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.queries import viewer_for_user

GetResponse = Callable[[HttpRequest], HttpResponse]


class OurRequest(HttpRequest):
    """What the middleware here adds to Django's request."""

    request_id: str
    now: datetime
    viewer: Viewer | None


ORGANIZATION_KEY = "organization"  # in the session: the one chosen where there are several


class RequestIdMiddleware:
    """Gives each request an id of our own and sends it back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: OurRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex
        response = self.get_response(request)
        response["X-Request-Id"] = request.request_id
        return response


class FreshPagesMiddleware:
    """No page is shown again without asking: an old one would name files of an old release."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: OurRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cache-Control", "no-cache, private")
        return response


class ClockMiddleware:
    """Reads the clock once: `request.now` is the time everything below is told."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: OurRequest) -> HttpResponse:
        request.now = timezone.now()
        return self.get_response(request)


class OrganizationMiddleware:
    """Finds the viewer from the sign-in and opens the organisation's scope for the request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: OurRequest) -> HttpResponse:
        request.viewer = None
        if not request.user.is_authenticated:
            return self.get_response(request)
        viewer = viewer_for_user(request.user, chosen=request.session.get(ORGANIZATION_KEY))
        if viewer is None:
            return self.get_response(request)
        request.viewer = viewer
        with reading(viewer.organization):
            if viewer.language:
                translation.activate(viewer.language)
                request.LANGUAGE_CODE = translation.get_language()
            return self.get_response(request)
