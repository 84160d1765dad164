"""Who may give whom a place and a role."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from handrail.apps.organizations.actions import (
    add_member,
    create_organization,
    edit_organization,
    grant_role,
    revoke_member,
    revoke_role,
)
from handrail.apps.organizations.models import Grant, Membership, Organization, User
from handrail.apps.organizations.queries import (
    audit_entries,
    grants_of,
    members,
    memberships_of,
    organizations_of,
)
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer


def membership_of(viewer: Viewer) -> Membership:
    with reading(viewer.organization):
        return Membership.objects.select_related("organization", "user").get(
            pk=viewer.membership_id
        )


def test_a_second_organization_of_the_same_name_gets_a_slug_of_its_own(
    northwind: Organization, now: datetime
) -> None:
    second = create_organization("Northwind", now=now)
    assert (northwind.slug, second.slug) == ("northwind", "northwind-2")


def test_a_name_without_letters_still_gets_a_slug(db: None, now: datetime) -> None:
    assert create_organization("北風", now=now).slug == "organization"


def test_a_wrong_zone_is_refused_by_its_field(db: None, now: datetime) -> None:
    with pytest.raises(Invalid) as refusal:
        create_organization("Northwind", timezone="Mars/Base", now=now)
    assert list(refusal.value.fields) == ["timezone"]
    assert Organization.objects.count() == 0


def test_an_administrator_edits_the_organization(alice: Viewer, now: datetime) -> None:
    edit_organization(
        alice.organization, name="North", timezone="UTC", language="de", by=alice, now=now
    )
    kept = Organization.objects.get(pk=alice.organization.pk)
    assert (kept.name, kept.timezone, kept.language) == ("North", "UTC", "de")


def test_a_member_may_not_edit_the_organization(bob: Viewer, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        edit_organization(
            bob.organization, name="Mine", timezone="UTC", language="en", by=bob, now=now
        )


def test_another_organization_looks_absent_to_its_neighbours_administrator(
    northwind: Organization, mallory: Viewer, now: datetime
) -> None:
    with pytest.raises(NotFound):
        add_member(northwind, "mallory@southwind.example", now=now, by=mallory)


def test_adding_an_address_twice_is_one_place(
    northwind: Organization, alice: Viewer, now: datetime
) -> None:
    first = add_member(northwind, "Bob@Northwind.example ", now=now, by=alice)
    second = add_member(northwind, "bob@northwind.example", now=now, by=alice)
    assert first.pk == second.pk
    assert User.objects.filter(email="bob@northwind.example").count() == 1


def test_a_new_identity_has_no_password(
    northwind: Organization, alice: Viewer, now: datetime
) -> None:
    membership = add_member(northwind, "bob@northwind.example", now=now, by=alice)
    assert not membership.user.has_usable_password()


def test_text_that_is_no_address_is_refused(
    northwind: Organization, alice: Viewer, now: datetime
) -> None:
    with pytest.raises(Invalid) as refusal:
        add_member(northwind, "bob at northwind", now=now, by=alice)
    assert list(refusal.value.fields) == ["email"]


def test_a_member_may_not_add_members(northwind: Organization, bob: Viewer, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        add_member(northwind, "carol@northwind.example", now=now, by=bob)


def test_somebody_in_two_organizations_has_two_places(
    alice: Viewer, mallory: Viewer, now: datetime
) -> None:
    add_member(mallory.organization, "alice@northwind.example", now=now, by=mallory)
    user = User.objects.get(email="alice@northwind.example")
    assert [organization.name for organization in organizations_of(user)] == [
        "Northwind",
        "Southwind",
    ]


def test_memberships_come_newest_first(alice: Viewer, mallory: Viewer, now: datetime) -> None:
    later = now + timedelta(days=1)
    add_member(mallory.organization, "alice@northwind.example", now=later, by=mallory)
    user = User.objects.get(email="alice@northwind.example")
    names = [membership.organization.name for membership in memberships_of(user)]
    assert names == ["Southwind", "Northwind"]


def test_a_granted_role_is_read_back(alice: Viewer, bob: Viewer, now: datetime) -> None:
    grant_role(membership_of(bob), Grant.ANALYST, by=alice, now=now)
    with reading(bob.organization):
        assert grants_of(membership_of(bob)) == {"analyst"}


def test_an_unknown_role_is_refused(alice: Viewer, bob: Viewer, now: datetime) -> None:
    with pytest.raises(Invalid):
        grant_role(membership_of(bob), "emperor", by=alice, now=now)


def test_a_member_may_not_grant_themself_a_role(bob: Viewer, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        grant_role(membership_of(bob), Grant.ADMINISTRATOR, by=bob, now=now)


def test_an_administrators_key_may_not_grant_roles(
    alices_key: Viewer, bob: Viewer, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        grant_role(membership_of(bob), Grant.ADMINISTRATOR, by=alices_key, now=now)


def test_a_revoked_role_is_gone(alice: Viewer, bob: Viewer, now: datetime) -> None:
    grant_role(membership_of(bob), Grant.ANALYST, by=alice, now=now)
    revoke_role(membership_of(bob), Grant.ANALYST, by=alice, now=now)
    with reading(bob.organization):
        assert grants_of(membership_of(bob)) == frozenset()


def test_the_last_administrator_keeps_the_role(alice: Viewer, now: datetime) -> None:
    with pytest.raises(Conflict) as refusal:
        revoke_role(membership_of(alice), Grant.ADMINISTRATOR, by=alice, now=now)
    assert refusal.value.code == "last-administrator"


def test_the_last_administrator_cannot_be_removed(alice: Viewer, now: datetime) -> None:
    with pytest.raises(Conflict):
        revoke_member(membership_of(alice), by=alice, now=now)
    assert [m.organization.name for m in memberships_of(membership_of(alice).user)] == ["Northwind"]


def test_one_of_two_administrators_may_go(alice: Viewer, bob: Viewer, now: datetime) -> None:
    grant_role(membership_of(bob), Grant.ADMINISTRATOR, by=alice, now=now)
    revoke_member(membership_of(alice), by=replace(bob, grants=alice.grants), now=now)
    assert memberships_of(membership_of(alice).user) == []


def test_who_comes_back_starts_without_roles(alice: Viewer, bob: Viewer, now: datetime) -> None:
    grant_role(membership_of(bob), Grant.ANALYST, by=alice, now=now)
    revoke_member(membership_of(bob), by=alice, now=now)
    add_member(bob.organization, "bob@northwind.example", now=now, by=alice)
    with reading(bob.organization):
        assert grants_of(membership_of(bob)) == frozenset()


def test_every_change_of_roles_is_in_the_audit_record(
    alice: Viewer, bob: Viewer, now: datetime
) -> None:
    grant_role(membership_of(bob), Grant.ANALYST, by=alice, now=now)
    with reading(alice.organization):
        last = audit_entries(alice).first()
    assert last is not None
    assert (last.actor, last.verb, last.detail) == (
        "person:00000000-0000-0000-0000-000000000001",
        "grant",
        {"role": "analyst"},
    )


def test_a_member_does_not_read_the_audit_record(bob: Viewer) -> None:
    with reading(bob.organization), pytest.raises(NotAllowed):
        audit_entries(bob)


def test_an_auditor_reads_the_audit_record(auditor: Viewer) -> None:
    with reading(auditor.organization):
        verbs = [entry.verb for entry in audit_entries(auditor, verb="create")]
    assert verbs == ["create"]


def test_the_list_of_members_names_their_roles(alice: Viewer, bob: Viewer) -> None:
    with reading(alice.organization):
        listed = [(m.user.email, [grant.role for grant in m.grants.all()]) for m in members(alice)]
    assert listed == [
        ("alice@northwind.example", ["administrator"]),
        ("bob@northwind.example", []),
    ]


def test_a_member_does_not_see_the_list_of_members(bob: Viewer) -> None:
    with reading(bob.organization), pytest.raises(NotAllowed):
        members(bob)
