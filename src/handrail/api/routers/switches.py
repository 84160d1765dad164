"""How people sign in, to be read; and drafts by a model, a program's own switch."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Router, Schema

from handrail.api.requests import ApiRequest, require_scope
from handrail.apps.assistance.actions import allow_in
from handrail.apps.assistance.queries import allowed_in, endpoint
from handrail.apps.identity.models import Provider
from handrail.apps.identity.queries import providers_of
from handrail.apps.identity.rules import asks_second_factor
from handrail.apps.programs.queries import program_for

router = Router(tags=["switches"])


class ProviderOut(Schema):
    """A provider as the wire shows it: never its secret."""

    id: UUID
    kind: str
    name: str
    issuer: str
    client_id: str
    on: bool
    domains: list[str]
    must_use: bool
    tried_at: datetime | None
    failed_at: datetime | None
    failure: str | None


class SignInOut(Schema):
    second_factor: bool  # whether administrators need one
    providers: list[ProviderOut]


class AssistanceIn(Schema):
    on: bool


class AssistanceOut(Schema):
    endpoint: bool  # whether an administrator has one connected and on
    on: bool  # this program's own switch; each person's consent is asked for besides


def provider_out(one: Provider) -> ProviderOut:
    domains = list(one.domains.all())
    return ProviderOut(
        id=one.public_id,
        kind=one.kind,
        name=one.name,
        issuer=one.issuer,
        client_id=one.client_id,
        on=one.is_on,
        domains=[domain.name for domain in domains],
        must_use=any(domain.must_use for domain in domains),
        tried_at=one.tried_at,
        failed_at=one.failed_at,
        failure=one.failure or None,
    )


@router.get("/sign-in", response=SignInOut, operation_id="read_sign_in")
def read_sign_in(request: ApiRequest) -> SignInOut:
    """The ways to sign in and what is asked of sign-ins; no key changes them."""
    require_scope(request, "connections:read")
    return SignInOut(
        providers=[provider_out(one) for one in providers_of(request.viewer)],
        second_factor=asks_second_factor(request.viewer.organization),
    )


@router.get(
    "/programs/{program_id}/assistance", response=AssistanceOut, operation_id="read_assistance"
)
def read_assistance(request: ApiRequest, program_id: UUID) -> AssistanceOut:
    """Whether drafts by a model are switched on for a program, and for the organisation."""
    require_scope(request, "programs:read")
    program = program_for(request.viewer, program_id)
    return AssistanceOut(endpoint=endpoint() is not None, on=allowed_in(program))


@router.put(
    "/programs/{program_id}/assistance", response=AssistanceOut, operation_id="switch_assistance"
)
def switch_assistance(
    request: ApiRequest, program_id: UUID, payload: AssistanceIn
) -> AssistanceOut:
    """Switch drafts on or off for a program; off is how every program begins."""
    require_scope(request, "programs:write")
    program = program_for(request.viewer, program_id)
    allow_in(program, payload.on, by=request.viewer, now=request.now)
    return AssistanceOut(endpoint=endpoint() is not None, on=allowed_in(program))
