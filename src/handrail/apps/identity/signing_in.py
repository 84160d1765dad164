"""To a provider and back: who signs in, who links an account, and who only tries it out."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from handrail.apps.connections.outbound import outbound
from handrail.apps.identity import saml
from handrail.apps.identity.actions.providers import (
    link,
    note_failure,
    note_trial,
    require_administrator,
    secret_of,
)
from handrail.apps.identity.models import Domain, ExternalIdentity, Provider, ProviderKind
from handrail.apps.identity.trouble import trouble_words
from handrail.apps.organizations.models import Membership, User
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.sealing import Unsealable
from handrail.apps.organizations.viewer import Viewer
from handrail.integrations.oauth import new_verifier
from handrail.integrations.openid import Claims, Mistrusted, begin, describe, finish
from handrail.integrations.saml import Distrusted, Trouble

WAY = timedelta(minutes=10)  # there and back

Ticket = dict[str, str]  # kept in the browser's session, for one way there and back


class Purpose(StrEnum):
    SIGN_IN = "sign-in"
    LINK = "link"  # of the account of somebody who is signed in
    TRIAL = "trial"  # by an administrator: nobody is signed in


@dataclass(frozen=True, slots=True)
class Entered:
    """What a way back led to."""

    purpose: Purpose
    provider: Provider
    user: User | None = None  # whom to sign in
    email: str = ""
    claims: Claims | None = None  # what the provider says, where it is only tried out
    beside: tuple[str, ...] = ()  # names of what else it says, which nobody reads
    wanted: str = ""  # the page of ours that they were on their way to


def begin_way(
    provider: Provider, purpose: Purpose, *, by: Viewer | None, now: datetime, wanted: str = ""
) -> tuple[str, Ticket]:
    """Where to send somebody, and the ticket they come back with. Nothing is written."""
    if purpose is Purpose.TRIAL:
        require_administrator(_ours(provider, by))
    elif purpose is Purpose.LINK:
        _ours(provider, by)
    if purpose is not Purpose.TRIAL and not provider.is_on:
        raise Conflict(_("This way to sign in is switched off."))
    ticket = {
        "provider": str(provider.public_id),
        "purpose": purpose.value,
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": new_verifier(),
        "member": str(by.membership_id) if by is not None else "",
        "at": now.isoformat(),
        "wanted": wanted,
    }
    try:
        return _address(provider, ticket, now), ticket
    except (Mistrusted, Distrusted) as error:
        note_failure(provider, error.trouble, now=now)
        raise Conflict(trouble_words(error.trouble), code="provider-trouble") from None


def _address(provider: Provider, ticket: Ticket, now: datetime) -> str:
    if provider.kind == ProviderKind.SAML:
        return saml.leave(provider, state=ticket["state"], request=ticket["nonce"], now=now)
    return begin(
        describe(outbound(), provider.issuer),
        provider.client_id,
        redirect_uri=way_back(provider),
        state=ticket["state"],
        nonce=ticket["nonce"],
        verifier=ticket["verifier"],
    )


def finish_way(
    provider: Provider,
    ticket: Ticket | None,
    answer: Mapping[str, str],
    *,
    by: Viewer | None,
    now: datetime,
) -> Entered:
    """What the provider's answer means; only who went there with this ticket comes back with it.

    An account there belongs to a member by its subject alone. It is bound once: to whoever links
    it while signed in, or to the member whose address the provider has verified, if no account
    of that provider is bound to them yet. Later addresses mean nothing.
    """
    if not _is_own(provider, ticket, answer, now) or ticket is None:
        raise Invalid(_("This way back has run out. Begin again."))
    purpose = Purpose(ticket["purpose"])
    told = answer.get("error", "")
    beside: tuple[str, ...] = ()
    if provider.kind == ProviderKind.SAML and told in set(Trouble):
        note_failure(provider, told, now=now)
        raise Conflict(trouble_words(told), code="provider-trouble")
    if told or not answer.get("code"):
        raise Conflict(_("The provider did not sign you in."), code="provider-refused")
    if provider.kind == ProviderKind.SAML:
        claims, beside = _said(provider, ticket, answer["code"], now)
    else:
        claims = _claims(provider, ticket, answer, now)
    if purpose is Purpose.TRIAL:
        known = claims.email or claims.subject
        note_trial(provider, known, by=_ours(provider, by), now=now)
        return Entered(purpose, provider, email=known, claims=claims, beside=beside)
    if purpose is Purpose.LINK:
        viewer = _ours(provider, by)
        if str(viewer.membership_id) != ticket["member"]:
            raise Invalid(_("This way back has run out. Begin again."))
        with reading(provider.organization):
            membership = Membership.objects.get(pk=viewer.membership_id or 0, revoked_at=None)
        link(provider, membership, claims.subject, by=viewer, now=now)
        return Entered(purpose, provider, email=claims.email)
    user = _member(provider, claims, now).user
    wanted = ticket.get("wanted", "")
    return Entered(purpose, provider, user=user, email=claims.email, wanted=wanted)


def way_back(provider: Provider) -> str:
    """The address that the provider sends people back to; it is told to it beforehand."""
    return settings.BASE_URL + reverse("sign_in_back", args=[provider.public_id])


def _claims(provider: Provider, ticket: Ticket, answer: Mapping[str, str], now: datetime) -> Claims:
    try:
        secret = secret_of(provider, provider.organization)
        described = describe(outbound(), provider.issuer)
        return finish(
            outbound(),
            described,
            provider.client_id,
            secret,
            answer=answer,
            redirect_uri=way_back(provider),
            nonce=ticket["nonce"],
            verifier=ticket["verifier"],
            now=now,
        )
    except Mistrusted as error:
        note_failure(provider, error.trouble, now=now)
        raise Conflict(trouble_words(error.trouble), code="provider-trouble") from None
    except Unsealable:
        note_failure(provider, "unsealable", now=now)
        raise Conflict(trouble_words("unsealable"), code="provider-trouble") from None


def _said(
    provider: Provider, ticket: Ticket, word: str, now: datetime
) -> tuple[Claims, tuple[str, ...]]:
    """What a SAML provider's kept answer says, and the names of what is not read of it."""
    try:
        said = saml.take(provider, word, request=ticket["nonce"], now=now)
    except Distrusted as error:
        note_failure(provider, error.trouble, now=now)
        raise Conflict(trouble_words(error.trouble), code="provider-trouble") from None
    with reading(provider.organization):
        speaks_for = Domain.objects.filter(provider=provider).exists()
    claims = Claims(said.subject, said.email, provider.vouches and speaks_for, said.name)
    return claims, said.others


def _member(provider: Provider, claims: Claims, now: datetime) -> Membership:
    with writing(provider.organization):
        bound = (
            ExternalIdentity.objects.select_related("membership__user")
            .filter(provider=provider, subject=claims.subject)
            .first()
        )
        if bound is not None:
            if bound.membership.revoked_at is not None:
                raise _nobody()
            ExternalIdentity.objects.filter(pk=bound.pk).update(used_at=now)
            return bound.membership
        member = _invited(provider, claims)
        if member is None:
            raise _nobody()
        by = Viewer.system(provider.organization, "sign-in")
        link(provider, member, claims.subject, by=by, now=now)
        return member


def _invited(provider: Provider, claims: Claims) -> Membership | None:
    """The member whose address was verified there, and who has no account there yet."""
    if not claims.email or not claims.email_verified:
        return None
    domains = set(Domain.objects.filter(provider=provider).values_list("name", flat=True))
    if domains and claims.email.rpartition("@")[2] not in domains:
        return None
    return (
        Membership.objects.select_related("user")
        .filter(user__email=claims.email, user__is_active=True, revoked_at=None)
        .exclude(identities__provider=provider)
        .first()
    )


def _nobody() -> NotAllowed:
    return NotAllowed(
        _(
            "You are signed in there, but this account opens no place here. Ask an administrator to"
            " invite you; if you have a place already, sign in with a code by mail and link the"
            " account under Settings."
        ),
        code="nobody-here",
    )


def _ours(provider: Provider, by: Viewer | None) -> Viewer:
    if by is None or by.organization.pk != provider.organization_id:
        raise NotAllowed(_("Sign in to your organisation first."))
    return by


def _is_own(
    provider: Provider, ticket: Ticket | None, answer: Mapping[str, str], now: datetime
) -> bool:
    if not ticket or ticket["provider"] != str(provider.public_id):
        return False
    began = datetime.fromisoformat(ticket["at"]).astimezone(UTC)
    same = secrets.compare_digest(ticket["state"].encode(), answer.get("state", "").encode())
    return same and began <= now <= began + WAY
