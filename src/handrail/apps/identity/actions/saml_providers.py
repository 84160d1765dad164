"""Providers that speak SAML, as administrators set them up: named, described, then tried out."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from handrail.apps.connections.outbound import outbound
from handrail.apps.identity.actions.providers import (
    audit,
    domain_problems,
    domains_in,
    keep_domains,
    name_problems,
    require_administrator,
)
from handrail.apps.identity.models import Provider, ProviderKind
from handrail.apps.identity.saml import own_name
from handrail.apps.identity.trouble import trouble_words
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.integrations.guarded_http import Outbound, Unfetched
from handrail.integrations.saml import Described, Distrusted, Trouble, is_installed, read_metadata


def add_saml_provider(name: str, *, by: Viewer, now: datetime) -> Provider:
    """A provider of which only the name is known: it needs our metadata before it has its own."""
    require_administrator(by)
    if not is_installed():
        raise Conflict(trouble_words(Trouble.NOT_INSTALLED))
    if problems := name_problems(name):
        raise Invalid(_("The provider was not saved. Correct the fields."), fields=problems)
    with writing(by.organization):
        provider = Provider(
            organization=by.organization,
            kind=ProviderKind.SAML,
            name=name.strip(),
            created_at=now,
        )
        provider.client_id = own_name(provider)
        provider.save()
        audit("provider.added", provider, by, now)
    return provider


def give_metadata(
    provider: Provider, *, written: bytes, address: str, by: Viewer, now: datetime
) -> Provider:
    """What the provider says of itself, as it was given, or fetched from its address.

    Whose it is never changes: metadata of another issuer are another provider's. Certificates and
    the address do, which is how a provider changes its key: with the old and the new one in its
    metadata for a while.
    """
    require_administrator(by)
    if provider.kind != ProviderKind.SAML:
        raise Conflict(_("This provider does not speak SAML."))
    address, field = address.strip(), "metadata"
    way_out = outbound()
    try:
        if address and not written.strip():
            field = "address"
            written = _fetched(way_out, address)
        described = read_metadata(written, now=now)
    except Distrusted as error:
        told = trouble_words(error.trouble)
        raise Invalid(told, fields={field: _not_taken(error.trouble, told)}) from None
    if provider.issuer and described.issuer != provider.issuer:
        told = _(
            "These are the metadata of %(other)s. This provider is %(known)s: add another one."
        ) % {"other": described.issuer, "known": provider.issuer}
        raise Invalid(told, fields={field: told})
    if not _may_be_visited(way_out, described):
        told = _("Its page to sign in on has to start with https://.")
        raise Invalid(told, fields={field: told})
    with writing(by.organization):
        provider.issuer, provider.sign_in_url = described.issuer, described.sign_in_url
        provider.certificate = "".join(described.certificates)
        provider.metadata_url = address
        provider.save()
        audit("provider.edited", provider, by, now, certificates=len(described.certificates))
    return provider


def edit_saml_provider(
    provider: Provider,
    *,
    name: str,
    domains: str,
    must_use: bool,
    vouches: bool,
    begins_there: bool,
    by: Viewer,
    now: datetime,
) -> Provider:
    """Change its name, whose addresses are led there, and what is believed of it."""
    require_administrator(by)
    if provider.kind != ProviderKind.SAML:
        raise Conflict(_("This provider does not speak SAML."))
    names = domains_in(domains)
    problems = name_problems(name) | domain_problems(provider, names, must_use)
    if vouches and not names:
        problems["vouches"] = _("Say first for which domains.")
    if problems:
        raise Invalid(_("The provider was not saved. Correct the fields."), fields=problems)
    with writing(by.organization):
        provider.name = name.strip()
        provider.vouches, provider.begins_there = vouches, begins_there
        provider.save()
        keep_domains(provider, names, must_use)
        audit("provider.edited", provider, by, now)
    return provider


def _fetched(way_out: Outbound, address: str) -> bytes:
    try:
        back = way_out.ask(address, headers={"Accept": "application/samlmetadata+xml, text/xml"})
    except Unfetched:
        told = _("Nothing was fetched from there. It starts with https:// and lies outside.")
        raise Invalid(told, fields={"address": told}) from None
    if back.status != 200:
        told = _("The provider does not answer. Try again later.")
        raise Invalid(told, fields={"address": told})
    return back.body


def _not_taken(trouble: Trouble, told: str) -> str:
    if trouble is Trouble.NOT_SAML:
        return _(
            "These are not the metadata of one SAML provider, with a page to sign in on (HTTP"
            " redirect) and a certificate to sign with."
        )
    if trouble is Trouble.STALE:
        return _("The provider says itself that these metadata are good no more. Get them anew.")
    return told


def _may_be_visited(way_out: Outbound, described: Described) -> bool:
    """Only a browser goes there, so it may lie inside; by https, or where the operator says so."""
    try:
        way_out.checked(described.sign_in_url)
    except Unfetched:
        return False
    return urlsplit(described.sign_in_url).scheme in ("https", "http")
