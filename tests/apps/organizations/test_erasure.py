"""Erasing an organisation leaves nothing of it and touches nobody else."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection

from handrail.apps.organizations.actions import add_member, create_api_key, record_consent
from handrail.apps.organizations.erasure import erase_organization
from handrail.apps.organizations.guards.tables import scoped_models
from handrail.apps.organizations.models import Membership, Organization, User
from handrail.apps.organizations.queries import memberships_of
from handrail.apps.organizations.refusals import NotAllowed
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer


def erase(viewer: Viewer, now: datetime) -> None:
    system = Viewer.system(viewer.organization, "operator")
    erase_organization(viewer.organization, by=system, now=now)
    connection.check_constraints()


def rows_left(organization: Organization) -> dict[str, int]:
    with reading(organization):
        counts = {model._meta.db_table: model.objects.count() for model in scoped_models()}
    return {table: count for table, count in counts.items() if count}


def test_nothing_is_left_of_it(alice: Viewer, bob: Viewer, now: datetime) -> None:
    assert bob.person_public_id is not None
    create_api_key("script", ["people:read"], by=bob, now=now)
    record_consent(
        bob.person_public_id, "reminders", True, text_version="1", channel="web", by=bob, now=now
    )
    organization = Organization.objects.get(pk=alice.organization.pk)
    assert set(rows_left(organization)) == {
        "organizations_apikey",
        "organizations_auditentry",
        "organizations_consentrecord",
        "organizations_membership",
        "organizations_rolegrant",
    }
    erase(alice, now)
    assert rows_left(organization) == {}
    assert not Organization.objects.filter(pk=organization.pk).exists()
    assert not User.objects.exists()


def test_the_neighbour_keeps_everything(alice: Viewer, mallory: Viewer, now: datetime) -> None:
    before = rows_left(mallory.organization)
    erase(alice, now)
    assert rows_left(mallory.organization) == before
    assert before["organizations_membership"] == 1


def test_who_is_a_member_elsewhere_keeps_their_identity(
    alice: Viewer, mallory: Viewer, now: datetime
) -> None:
    add_member(mallory.organization, "alice@northwind.example", now=now, by=mallory)
    erase(alice, now)
    user = User.objects.get(email="alice@northwind.example")
    assert [m.organization.name for m in memberships_of(user)] == ["Southwind"]


def test_an_administrator_cannot_erase(alice: Viewer, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        erase_organization(alice.organization, by=alice, now=now)
    with reading(alice.organization):
        assert Membership.objects.count() == 1


def test_nobody_signs_in_while_an_erasure_is_under_way(alice: Viewer, now: datetime) -> None:
    Organization.objects.filter(pk=alice.organization.pk).update(erasing_since=now)
    assert memberships_of(User.objects.get(email="alice@northwind.example")) == []
