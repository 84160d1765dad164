"""What an organisation asks of a sign-in before it opens: read at each request, kept a moment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.core.cache import cache

from handrail.apps.identity.models import Domain, SignInRules
from handrail.apps.organizations.models import Organization, User
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer

SECONDS = 20  # that another process may go on with what was asked before


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: a second factor of administrators; a provider of whoever has these domains."""

    second_factor: bool
    domains: dict[str, UUID]  # to the provider that has to be used


class Missing(StrEnum):
    """What a sign-in lacks."""

    PROVIDER = "provider"
    SECOND_FACTOR = "second-factor"


def rules_key(organization: Organization) -> str:
    """Where the rules are kept for a moment."""
    return f"sign-in-rules:{organization.public_id}"


def rules_of(organization: Organization) -> Asked:
    """What the organisation asks of sign-ins now."""
    kept: Asked | None = cache.get(rules_key(organization))
    if kept is not None:
        return kept
    with reading(organization):
        rules = SignInRules.objects.first()
        rows = Domain.objects.filter(must_use=True, provider__is_on=True)
        domains = dict(rows.values_list("name", "provider__public_id"))
    asked = Asked(rules is not None and rules.second_factor, domains)
    cache.set(rules_key(organization), asked, SECONDS)
    return asked


def provider_asked(organization: Organization, user: User) -> UUID | None:
    """The provider that this user has to sign in with here, if there is one."""
    return rules_of(organization).domains.get(user.email.rpartition("@")[2].lower())


def missing(viewer: Viewer, user: User, *, through: UUID | None, let_in: bool) -> Missing | None:
    """What this sign-in lacks for the viewer's organisation; None where it opens.

    `through` is the provider it came through, which asks for factors of its own; `let_in` says
    that whoever runs the server let the person in.
    """
    if let_in:
        return None
    wanted = provider_asked(viewer.organization, user)
    if wanted is not None and wanted != through:
        return Missing.PROVIDER
    asked = rules_of(viewer.organization).second_factor
    if asked and viewer.is_administrator and through is None and not has_second_factor(user):
        return Missing.SECOND_FACTOR
    return None


def has_second_factor(user: User) -> bool:
    """Whether signing in takes more than a mail or a password: a passkey, or codes of an app."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())
