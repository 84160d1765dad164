"""Questions that are made once: always the open organisation's rows, and nobody's without one."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django_scopes import ScopeError

from factories.world import NOW
from handrail.apps.organizations.models import ApiKey, Membership, Organization, User
from handrail.apps.organizations.prepared import Addition, Place, Question
from handrail.apps.organizations.scope import presenting_key, reading, writing
from handrail.apps.organizations.viewer import Viewer

MEMBERS = Question(Membership, lambda rows: rows.filter(user__email=Place("email")))
PLACE = Question(Organization, lambda rows: rows.filter(public_id=Place("public_id")))
KEYS = Question(ApiKey, lambda keys: keys.filter(prefix=Place("prefix")), by_key=True)
WITH_USER = Question(Membership, lambda rows: rows.filter(user__email=Place("email")), along="user")
PEOPLE, PLACES = Addition(User), Addition(Membership)


def test_the_same_question_sees_each_organization_apart(
    alice: Viewer, northwind: Organization, southwind: Organization
) -> None:
    for _again in range(2):
        with reading(northwind):
            found = MEMBERS.first(email="alice@northwind.example")
            assert found is not None
            assert found.pk == alice.membership_id
            assert found == Membership.objects.get(pk=alice.membership_id)
            assert found.created_at == Membership.objects.get(pk=found.pk).created_at
        with reading(southwind):
            assert MEMBERS.all(email="alice@northwind.example") == []


def test_it_raises_where_no_organization_is_open(alice: Viewer) -> None:
    with pytest.raises(ScopeError):
        MEMBERS.all(email="alice@northwind.example")
    with presenting_key("abc"), pytest.raises(ScopeError):
        MEMBERS.all(email="alice@northwind.example")


def test_a_key_is_looked_for_only_by_whoever_finds_keys(northwind: Organization) -> None:
    with reading(northwind), pytest.raises(ScopeError):
        KEYS.all(prefix="abc")
    with pytest.raises(ScopeError):
        KEYS.all(prefix="abc")
    with presenting_key("abc"):
        assert KEYS.all(prefix="abc") == []


def test_ids_are_compared_as_each_engine_keeps_them(northwind: Organization) -> None:
    assert PLACE.first(public_id=UUID(str(northwind.public_id))) == northwind
    assert PLACE.first(public_id=uuid4()) is None


def test_a_row_is_added_as_a_save_would(alice: Viewer, northwind: Organization) -> None:
    for name in ("ann@northwind.example", "ben@northwind.example"):
        user = PEOPLE.add(User(email=name))
        with writing(northwind):
            added = PLACES.add(
                Membership(organization=northwind, user=user, created_at=user.date_joined)
            )
            kept = Membership.objects.select_related("user").get(pk=added.pk)
        assert (kept.user, kept.user.email, kept.created_at) == (user, name, user.date_joined)


def test_a_row_of_another_organization_is_not_added(
    alice: Viewer, northwind: Organization, southwind: Organization
) -> None:
    row = Membership(organization=northwind, user=alice_user(alice), created_at=NOW)
    with pytest.raises(ScopeError):
        PLACES.add(row)
    with writing(southwind), pytest.raises(ScopeError):
        PLACES.add(row)


def test_a_row_that_comes_along_is_whole(alice: Viewer, northwind: Organization) -> None:
    with reading(northwind):
        found = WITH_USER.first(email="alice@northwind.example")
        assert found is not None
        assert found.user == alice_user(alice)
        assert found.user.date_joined == alice_user(alice).date_joined


def alice_user(alice: Viewer) -> User:
    with reading(alice.organization):
        return Membership.objects.select_related("user").get(pk=alice.membership_id).user
