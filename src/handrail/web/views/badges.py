"""Open Badges: the file for whom it is about, and what verifiers of it read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import Refusal
from handrail.apps.records import attesting
from handrail.apps.records import badges as room
from handrail.web.entry import PageRequest, signed_in
from handrail.web.refusals import refused_page
from handrail.web.views.attesting import public_json


@require_GET
@signed_in
def badge(request: PageRequest, public_id: UUID) -> HttpResponse:
    """A statement about oneself as a badge: a file of one line."""
    signed = room.badge_of(public_id, by=request.viewer, now=request.now)
    response = HttpResponse(signed, content_type="text/plain; charset=us-ascii")
    response["Content-Disposition"] = f'attachment; filename="badge-{public_id}.jwt"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def badge_issuer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who gives badges out."""
    return _public(request, public_id, room.badge_issuer)


@require_GET
def badge_keys(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The keys for badges as a JWKS, those of before too."""
    return _public(request, public_id, room.badge_key_list)


@require_GET
def badge_key(request: HttpRequest, public_id: UUID, key_id: UUID) -> HttpResponse:
    """One key as a JWK."""
    return _public(request, public_id, lambda one: room.badge_key(one, key_id))


@require_GET
def badge_revocations(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The badges that were taken back."""
    return _public(request, public_id, room.badge_revocations)


def _public(
    request: HttpRequest, public_id: UUID, ask: Callable[[Organization], dict[str, Any]]
) -> HttpResponse:
    try:
        return public_json(ask(attesting.organization_named(public_id)))
    except Refusal as refusal:
        return refused_page(request, refusal)
