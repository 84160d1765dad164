"""Ways to sign in elsewhere, as administrators set them up, and what is asked of sign-ins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.translation import gettext as _

from handrail.apps.connections.outbound import outbound
from handrail.apps.identity.models import Domain, ExternalIdentity, Provider, SignInRules, place_of
from handrail.apps.identity.trouble import trouble_words
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.models import Membership, Organization
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.sealing import open_sealed, seal
from handrail.apps.organizations.viewer import Viewer, ViewerKind
from handrail.integrations.guarded_http import Unfetched
from handrail.integrations.openid import Mistrusted, describe

DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


def provider_for(public_id: UUID, *, by: Viewer) -> Provider:
    """One provider of the organisation, for administrators."""
    require_administrator(by)
    found = Provider.objects.filter(public_id=public_id).prefetch_related("domains").first()
    if found is None:
        raise NotFound(_("There is no such way to sign in."))
    return found


def add_provider(
    name: str, issuer: str, client_id: str, secret: str, *, by: Viewer, now: datetime
) -> Provider:
    """A provider that nobody signs in with yet: it is tried out first, then switched on.

    The network is asked before anything is written; a provider that does not describe itself, or
    calls itself something else, is not taken.
    """
    require_administrator(by)
    issuer = issuer.strip()
    problems = _words_problems(name, client_id)
    if not secret:
        problems["secret"] = _("Give the secret that the provider made for Handrail.")
    if not problems and (told := _issuer_problem(issuer)):
        problems["issuer"] = told
    if problems:
        raise Invalid(_("The provider was not saved. Correct the fields."), fields=problems)
    with writing(by.organization):
        if Provider.objects.filter(issuer=issuer, client_id=client_id.strip()).exists():
            raise Conflict(_("This provider is there already."))
        provider = Provider(
            organization=by.organization,
            name=name.strip(),
            issuer=issuer,
            client_id=client_id.strip(),
            created_at=now,
        )
        provider.sealed_secret = seal(secret, place=place_of(provider, by.organization))
        provider.save()
        audit("provider.added", provider, by, now)
    return provider


def edit_provider(
    provider: Provider,
    *,
    name: str,
    client_id: str,
    secret: str,
    domains: str,
    must_use: bool,
    by: Viewer,
    now: datetime,
) -> Provider:
    """Change everything but the issuer: another issuer is another provider.

    An empty secret leaves the one that is kept. Who set a provider up may not lock everybody out:
    only one that was tried out and is switched on can be the only way in.
    """
    require_administrator(by)
    names = domains_in(domains)
    problems = _words_problems(name, client_id) | domain_problems(provider, names, must_use)
    if problems:
        raise Invalid(_("The provider was not saved. Correct the fields."), fields=problems)
    with writing(by.organization):
        provider.name, provider.client_id = name.strip(), client_id.strip()
        if secret:
            provider.sealed_secret = seal(secret, place=place_of(provider, by.organization))
        provider.save()
        keep_domains(provider, names, must_use)
        audit("provider.edited", provider, by, now)
    return provider


def domain_problems(provider: Provider, names: Sequence[str], must_use: bool) -> dict[str, str]:
    """What is wrong with these domains of a provider, by field."""
    problems = {}
    if wrong := [one for one in names if not DOMAIN.fullmatch(one)]:
        problems["domains"] = _("This is not a domain: %(name)s.") % {"name": wrong[0]}
    taken = Domain.objects.filter(name__in=names).exclude(provider=provider).first()
    if taken is not None:
        problems["domains"] = _("Another provider has %(name)s.") % {"name": taken.name}
    if must_use and not names:
        problems["must_use"] = _("Say first for which domains.")
    if must_use and not provider.is_on:
        problems["must_use"] = _("Try it out and switch it on first.")
    return problems


def keep_domains(provider: Provider, names: Sequence[str], must_use: bool) -> None:
    """From now on these are the provider's domains. Called inside a transaction."""
    Domain.objects.filter(provider=provider).exclude(name__in=names).delete()
    for one in names:
        Domain.objects.update_or_create(
            organization=provider.organization,
            name=one,
            defaults={"provider": provider, "must_use": must_use},
        )


def switch_provider(provider: Provider, on: bool, *, by: Viewer, now: datetime) -> None:
    """On: people sign in with it, once a whole sign-in worked. Off: nobody does, nor has to."""
    require_administrator(by)
    if on and provider.tried_at is None:
        raise Conflict(_("Try it out first: sign in with it yourself."))
    with writing(by.organization):
        Provider.objects.filter(pk=provider.pk).update(is_on=on)
        provider.is_on = on
        if not on:
            Domain.objects.filter(provider=provider).update(must_use=False)
        audit("provider.on" if on else "provider.off", provider, by, now)


def remove_provider(provider: Provider, *, by: Viewer, now: datetime) -> None:
    """Forget the provider, its secret, and who is who there."""
    require_administrator(by)
    with writing(by.organization):
        audit("provider.removed", provider, by, now)
        provider.delete()


def note_trial(provider: Provider, email: str, *, by: Viewer, now: datetime) -> None:
    """A whole sign-in worked, as this address: the provider may be switched on."""
    require_administrator(by)
    with writing(by.organization):
        Provider.objects.filter(pk=provider.pk).update(
            tried_at=now, tried_as=email[:254], failed_at=None, failure=""
        )
        audit("provider.tried", provider, by, now)


def note_failure(provider: Provider, trouble: str, *, now: datetime) -> None:
    """What went wrong last, for the administrator's page."""
    with writing(provider.organization):
        Provider.objects.filter(pk=provider.pk).update(failed_at=now, failure=trouble[:64])


def set_rules(*, second_factor: bool, by: Viewer, now: datetime) -> None:
    """Ask administrators for a second factor, or no longer."""
    require_administrator(by)
    with writing(by.organization):
        SignInRules.objects.update_or_create(
            organization=by.organization,
            defaults={"second_factor": second_factor, "edited_at": now},
        )
        record_audit(
            by=by,
            verb="sign_in.rules",
            object_type="organization",
            object_id=by.organization.public_id,
            detail={"second_factor": second_factor},
            now=now,
        )


def link(
    provider: Provider, membership: Membership, subject: str, *, by: Viewer, now: datetime
) -> None:
    """From now on this subject of the provider is this member; each is only one of the other."""
    with writing(provider.organization):
        taken = ExternalIdentity.objects.filter(provider=provider, subject=subject)
        if taken.exclude(membership=membership).exists():
            raise Conflict(_("Somebody else here signs in with this account."))
        ExternalIdentity.objects.update_or_create(
            organization=provider.organization,
            provider=provider,
            membership=membership,
            defaults={"subject": subject, "linked_at": now},
        )
        record_audit(
            by=by,
            verb="identity.linked",
            object_type="membership",
            object_id=membership.pk,
            detail={"provider": str(provider.public_id)},
            now=now,
        )


def unlink(provider_id: UUID, *, by: Viewer, now: datetime) -> None:
    """One's own account there no longer signs one in here."""
    if by.kind is not ViewerKind.PERSON or by.membership_id is None:
        raise NotAllowed(_("Only the member themself ends this."))
    with writing(by.organization):
        gone, _rows = ExternalIdentity.objects.filter(
            provider__public_id=provider_id, membership_id=by.membership_id
        ).delete()
        if not gone:
            raise NotFound(_("No account of yours is linked there."))
        record_audit(
            by=by,
            verb="identity.unlinked",
            object_type="membership",
            object_id=by.membership_id,
            detail={"provider": str(provider_id)},
            now=now,
        )


def secret_of(provider: Provider, organization: Organization) -> str:
    """The provider's secret, opened; Unsealable where it was sealed for another place."""
    return open_sealed(provider.sealed_secret, place=place_of(provider, organization))


def require_administrator(by: Viewer) -> None:
    """Raise NotAllowed unless an administrator asks who signed in: no key changes sign-ins."""
    if not by.is_administrator or not (by.is_system or by.kind is ViewerKind.PERSON):
        raise NotAllowed(_("Only an administrator decides how people sign in."))


def name_problems(name: str) -> dict[str, str]:
    """What is wrong with a provider's name, by field."""
    fits = 1 <= len(name.strip()) <= 80
    return {} if fits else {"name": _("A name has 1 to 80 characters.")}


def _words_problems(name: str, client_id: str) -> dict[str, str]:
    problems = name_problems(name)
    if not 1 <= len(client_id.strip()) <= 255:
        problems["client_id"] = _("Give the client id that the provider made for Handrail.")
    return problems


def _issuer_problem(issuer: str) -> str:
    way_out = outbound()
    try:
        way_out.checked(issuer)
        parts = urlsplit(issuer)
        if parts.query or parts.fragment:
            return _("An issuer is an address without a question mark or a hash.")
        describe(way_out, issuer)
    except Unfetched:
        return _("This address cannot be asked. It starts with https:// and lies outside.")
    except Mistrusted as error:
        return trouble_words(error.trouble)
    return ""


def domains_in(text: str) -> list[str]:
    """The domains that somebody wrote, each once."""
    found = re.split(r"[\s,;]+", text.lower().strip())
    return list(dict.fromkeys(one.lstrip("@").rstrip(".") for one in found if one))


def audit(verb: str, provider: Provider, by: Viewer, now: datetime, **detail: Any) -> None:
    """Record what was done with a provider."""
    record_audit(
        by=by,
        verb=verb,
        object_type="provider",
        object_id=provider.public_id,
        detail=detail,
        now=now,
    )
