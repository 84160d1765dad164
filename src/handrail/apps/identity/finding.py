"""Finding a provider before anybody has signed in: by its id, by an address, by a name."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from handrail.apps.identity.models import Domain, Provider
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.scope import finding_way_in, reading


@dataclass(frozen=True, slots=True)
class Way:
    """One way in that somebody may take: a provider, and whose it is."""

    provider: UUID
    name: str
    organization: str


def provider_by_id(public_id: UUID) -> Provider | None:
    """The provider of this id, with its organisation, whether or not it is switched on."""
    with finding_way_in(str(public_id)):
        return (
            Provider.objects.select_related("organization")
            .filter(public_id=public_id, organization__erasing_since=None)
            .first()
        )


def ways_for(asked: str) -> list[Way]:
    """The providers that are switched on for an e-mail address, or for an organisation's name.

    An organisation is named as its address names it ("our-company") or as it calls itself.
    """
    asked = asked.strip().lower()
    if "@" in asked:
        return _by_domain(asked.rpartition("@")[2])
    organizations = Organization.objects.filter(erasing_since=None)
    found = organizations.filter(slug=asked) | organizations.filter(name__iexact=asked)
    return [way for organization in found.distinct() for way in _of(organization)]


def _by_domain(domain: str) -> list[Way]:
    if not domain:
        return []
    with finding_way_in(domain):
        rows = list(
            Domain.objects.filter(name=domain, organization__erasing_since=None).select_related(
                "organization"
            )
        )
    ways = []
    for row in rows:
        with reading(row.organization):
            provider = Provider.objects.filter(pk=row.provider_id, is_on=True).first()
        if provider is not None:
            ways.append(Way(provider.public_id, provider.name, row.organization.name))
    return ways


def _of(organization: Organization) -> list[Way]:
    with reading(organization):
        providers = list(Provider.objects.filter(is_on=True))
    return [Way(one.public_id, one.name, organization.name) for one in providers]
