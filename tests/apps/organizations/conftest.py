"""Northwind with alice, its administrator, and bob, a member; Southwind, where mallory works."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.conf import settings

from handrail.apps.organizations.actions import add_member, create_organization, grant_role
from handrail.apps.organizations.models import Grant, Membership, Organization
from handrail.apps.organizations.viewer import Viewer, ViewerKind

NOW = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
ON_POSTGRESQL = "postgresql" in settings.DATABASES["default"]["ENGINE"]
# Each engine has guards of its own kind; the tests of the other engine's are not collected.
collect_ignore = ["test_guards_sqlite.py" if ON_POSTGRESQL else "test_guards_postgresql.py"]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def northwind(db: None) -> Organization:
    return create_organization("Northwind", timezone="Europe/Berlin", now=NOW)


@pytest.fixture
def southwind(db: None) -> Organization:
    return create_organization("Southwind", now=NOW)


def member(organization: Organization, email: str, number: int, *roles: str) -> Viewer:
    system = Viewer.system(organization, "test")
    membership: Membership = add_member(organization, email, now=NOW, by=system)
    for role in roles:
        grant_role(membership, role, by=system, now=NOW)
    return Viewer(
        organization=organization,
        kind=ViewerKind.PERSON,
        person_public_id=UUID(int=number),
        membership_id=membership.pk,
        grants=frozenset(roles),
    )


@pytest.fixture
def alice(northwind: Organization) -> Viewer:
    return member(northwind, "alice@northwind.example", 1, Grant.ADMINISTRATOR)


@pytest.fixture
def bob(northwind: Organization) -> Viewer:
    return member(northwind, "bob@northwind.example", 2)


@pytest.fixture
def auditor(northwind: Organization) -> Viewer:
    return member(northwind, "audra@northwind.example", 3, Grant.AUDITOR)


@pytest.fixture
def mallory(southwind: Organization) -> Viewer:
    return member(southwind, "mallory@southwind.example", 9, Grant.ADMINISTRATOR)


@pytest.fixture
def alices_key(alice: Viewer) -> Viewer:
    return replace(alice, kind=ViewerKind.KEY, label="key:abc", scopes=frozenset({"people:write"}))
