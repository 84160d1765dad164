"""What every request passes: an id, a clock, an organisation."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import BadRequest, DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone, translation

from handrail.apps.identity.rules import Missing, missing, provider_asked
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.queries import viewer_for_user
from handrail.web.refusals import refused_page
from handrail.web.through import OWN_WAYS, not_through_a_provider, through_of, was_let_in

GetResponse = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Lacks:
    """What a sign-in lacks, for which organisation, and the provider that it asks for."""

    what: Missing
    organization: Organization
    provider: UUID | None


class OurRequest(HttpRequest):
    """What the middleware here adds to Django's request."""

    request_id: str
    now: datetime
    viewer: Viewer | None
    lacks: Lacks


DIRECTORY, DIRECTORY_DOOR = "/scim/v2/", "handrail.api.scim.door"
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


class ShortWayMiddleware:
    """What a directory asks goes straight to its door, past all that only pages need.

    A directory asks thousands of times on end, and has no cookie, sign-in or form. What is not
    plainly for its door takes the long way, and is refused there as everywhere.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: OurRequest) -> HttpResponse:
        if request.path_info.startswith(DIRECTORY) and not has_nul(request):
            try:
                request.get_host()
                found = resolve(f"/{request.path_info[len(DIRECTORY) :]}", DIRECTORY_DOOR)
            except (DisallowedHost, Resolver404):
                return self.get_response(request)
            request.now = timezone.now()
            translation.activate(translation.get_language_from_request(request))
            response: HttpResponse = found.func(request, *found.args, **found.kwargs)
            return response
        return self.get_response(request)


class WithoutNulMiddleware:
    """A NUL stands in no address of ours, and PostgreSQL would break on it.

    What the API is asked behind its address it looks at itself, and names the field.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if has_nul(request):
            raise BadRequest("NUL")
        return self.get_response(request)


def has_nul(request: HttpRequest) -> bool:
    """Whether a NUL stands in the address, or behind it where the API does not look by itself."""
    of_api = request.path_info.startswith("/api/v1/")
    asked = "" if of_api else request.META.get("QUERY_STRING", "")
    return "\0" in request.path_info or "%00" in asked


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
        through = through_of(request)
        chosen = request.session.get(ORGANIZATION_KEY)
        if through is not None and through.alone:
            # A provider is one organisation's: it opens that one, and nobody's own ways in.
            chosen = through.organization
            if request.path_info.startswith(OWN_WAYS):
                return refused_page(request, not_through_a_provider())
        viewer = viewer_for_user(request.user, chosen=chosen)
        if viewer is None:
            return self.get_response(request)
        lacks = missing(
            viewer,
            request.user,
            through=through.provider if through is not None else None,
            let_in=was_let_in(request),
        )
        if lacks is not None:
            request.lacks = Lacks(
                lacks, viewer.organization, provider_asked(viewer.organization, request.user)
            )
            return self.get_response(request)
        request.viewer = viewer
        with reading(viewer.organization):
            if viewer.language:
                translation.activate(viewer.language)
                request.LANGUAGE_CODE = translation.get_language()
            return self.get_response(request)
