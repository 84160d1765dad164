"""Through which provider somebody signed in, and how far such a sign-in reaches.

A provider is one organisation's: whoever runs it decides who it says somebody is. So a sign-in that
came through one, and through nothing else, opens that organisation alone, and changes none of
the person's other ways to sign in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.http import HttpRequest
from django.utils.translation import gettext as _

from handrail.apps.identity.models import Provider
from handrail.apps.organizations.refusals import NotAllowed

METHOD = "provider"
LET_IN = "let-in"  # by whoever runs the server: `handrail recover`
# Pages about ways to sign in that are the person's own, wherever they have a place.
OWN_WAYS = ("/account/email/", "/account/password/", "/account/2fa/")


@dataclass(frozen=True, slots=True)
class Through:
    """The provider of a sign-in, the organisation it is of, and whether there was nothing else."""

    provider: UUID
    organization: int
    alone: bool


def record_through(request: HttpRequest, user: Any, provider: Provider) -> None:
    """Remember that this sign-in came through a provider."""
    record_authentication(
        request,
        user,
        method=METHOD,
        provider=str(provider.public_id),
        organization=provider.organization_id,
    )


def through_of(request: HttpRequest) -> Through | None:
    """The provider that this sign-in came through last; None where it came through none."""
    records = get_authentication_records(request, request.user)
    mine = [one for one in records if one.get("method") == METHOD]
    if not mine:
        return None
    others = [one for one in records if one.get("method") != METHOD and not _is_second(one)]
    return Through(UUID(mine[-1]["provider"]), int(mine[-1]["organization"]), not others)


def not_through_a_provider() -> NotAllowed:
    """The refusal of pages about one's own ways in."""
    return NotAllowed(
        _(
            "You came through your organisation, which looks after your sign-in. Sign in with a"
            " code by mail to change your own ways in."
        )
    )


def was_let_in(request: HttpRequest) -> bool:
    """Whether whoever runs the server let this person in."""
    records = get_authentication_records(request, request.user)
    return any(one.get("method") == LET_IN for one in records)


def _is_second(record: dict[str, Any]) -> bool:
    """A second step of the same sign-in proves nothing by itself."""
    return record.get("method") == "mfa" and not record.get("passwordless")
