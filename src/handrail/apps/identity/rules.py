"""What an organisation asks of a sign-in before it opens: read at each request."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from allauth.mfa.models import Authenticator

from handrail.apps.identity.models import Domain, SignInRules
from handrail.apps.organizations.models import Organization, User
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer


class Missing(StrEnum):
    """What a sign-in lacks."""

    PROVIDER = "provider"
    SECOND_FACTOR = "second-factor"


def asks_second_factor(organization: Organization) -> bool:
    """Whether administrators need a second factor."""
    with reading(organization):
        return SignInRules.objects.filter(second_factor=True).exists()


def provider_asked(organization: Organization, user: User) -> UUID | None:
    """The provider that this user has to sign in with here, if there is one."""
    name = user.email.rpartition("@")[2].lower()
    with reading(organization):
        row = Domain.objects.filter(name=name, must_use=True, provider__is_on=True)
        return row.values_list("provider__public_id", flat=True).first()


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
    if not viewer.is_administrator or through is not None:
        return None
    asked = asks_second_factor(viewer.organization)
    return Missing.SECOND_FACTOR if asked and not has_second_factor(user) else None


def has_second_factor(user: User) -> bool:
    """Whether signing in takes more than a mail or a password: a passkey, or codes of an app."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())
