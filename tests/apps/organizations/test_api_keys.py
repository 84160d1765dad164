"""API keys: shown once, kept as a digest, bound by scopes, ended at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from handrail.apps.organizations.actions import (
    create_api_key,
    note_key_use,
    revoke_api_key,
    revoke_member,
)
from handrail.apps.organizations.models import ApiKey, Membership
from handrail.apps.organizations.queries import api_key_by_secret, api_keys
from handrail.apps.organizations.refusals import Invalid, NotAllowed, NotFound
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer

SCOPES = ["people:read"]


def test_a_fresh_key_opens_its_organization(bob: Viewer, now: datetime) -> None:
    key, secret = create_api_key("script", SCOPES, by=bob, now=now)
    found = api_key_by_secret(secret, now)
    assert found == key
    assert found.organization == bob.organization


def test_the_secret_is_nowhere_in_the_row(bob: Viewer, now: datetime) -> None:
    key, secret = create_api_key("script", SCOPES, by=bob, now=now)
    with reading(bob.organization):
        stored = ApiKey.objects.filter(pk=key.pk).values().get()
    tail = secret.split("_", 2)[2]
    assert all(tail not in str(value) for value in stored.values())


def test_another_secret_with_the_same_prefix_opens_nothing(bob: Viewer, now: datetime) -> None:
    _key, secret = create_api_key("script", SCOPES, by=bob, now=now)
    assert api_key_by_secret(secret[:-1] + "~", now) is None


@pytest.mark.parametrize("text", ["", "hr", "hr__x", "xx_abc_def", "hr_unknown_secret"])
def test_text_that_is_no_key_opens_nothing(text: str, db: None, now: datetime) -> None:
    assert api_key_by_secret(text, now) is None


def test_a_key_ends_at_its_expiry(bob: Viewer, now: datetime) -> None:
    end = now + timedelta(days=1)
    key, secret = create_api_key("script", SCOPES, by=bob, now=now, expires_at=end)
    assert api_key_by_secret(secret, end - timedelta(seconds=1)) == key
    assert api_key_by_secret(secret, end) is None


def test_a_revoked_key_opens_nothing(bob: Viewer, now: datetime) -> None:
    key, secret = create_api_key("script", SCOPES, by=bob, now=now)
    revoke_api_key(key.public_id, by=bob, now=now)
    assert api_key_by_secret(secret, now) is None


def test_a_member_who_left_takes_their_keys_along(
    alice: Viewer, bob: Viewer, now: datetime
) -> None:
    _key, secret = create_api_key("script", SCOPES, by=bob, now=now)
    with reading(bob.organization):
        membership = Membership.objects.select_related("organization").get(pk=bob.membership_id)
    revoke_member(membership, by=alice, now=now)
    assert api_key_by_secret(secret, now) is None


def test_somebody_elses_key_looks_absent(alice: Viewer, bob: Viewer, now: datetime) -> None:
    key, secret = create_api_key("script", SCOPES, by=alice, now=now)
    with pytest.raises(NotFound):
        revoke_api_key(key.public_id, by=bob, now=now)
    assert api_key_by_secret(secret, now) == key


def test_an_administrator_ends_anybodys_key(alice: Viewer, bob: Viewer, now: datetime) -> None:
    key, secret = create_api_key("script", SCOPES, by=bob, now=now)
    revoke_api_key(key.public_id, by=alice, now=now)
    assert api_key_by_secret(secret, now) is None


def test_the_neighbours_administrator_cannot_end_a_key(
    bob: Viewer, mallory: Viewer, now: datetime
) -> None:
    key, _secret = create_api_key("script", SCOPES, by=bob, now=now)
    with pytest.raises(NotFound):
        revoke_api_key(key.public_id, by=mallory, now=now)


def test_a_key_cannot_make_a_key(alices_key: Viewer, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        create_api_key("copy", SCOPES, by=alices_key, now=now)


def test_a_key_cannot_end_a_key(alices_key: Viewer, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        revoke_api_key(UUID(int=5), by=alices_key, now=now)


def test_a_key_without_a_known_scope_is_refused_by_its_fields(bob: Viewer, now: datetime) -> None:
    with pytest.raises(Invalid) as refusal:
        create_api_key(" ", ["people:erase"], by=bob, now=now, expires_at=now)
    assert sorted(refusal.value.fields) == ["expires_at", "name", "scopes"]


def test_only_an_administrator_connects_a_directory(
    alice: Viewer, bob: Viewer, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        create_api_key("directory", SCOPES, by=bob, now=now, kind="scim")
    key, _secret = create_api_key("directory", SCOPES, by=alice, now=now, kind="scim")
    assert key.kind == "scim"


def test_a_member_lists_their_own_keys_only(alice: Viewer, bob: Viewer, now: datetime) -> None:
    create_api_key("of alice", SCOPES, by=alice, now=now)
    create_api_key("of bob", SCOPES, by=bob, now=now)
    with reading(bob.organization):
        assert [key.name for key in api_keys(bob)] == ["of bob"]
        assert sorted(key.name for key in api_keys(alice)) == ["of alice", "of bob"]


def test_scopes_are_kept_sorted_and_once(bob: Viewer, now: datetime) -> None:
    key, _secret = create_api_key(
        "script", ["reports:read", "people:read", "people:read"], by=bob, now=now
    )
    assert key.scopes == ["people:read", "reports:read"]


def test_the_last_use_is_noted_once_an_hour(bob: Viewer, now: datetime) -> None:
    _key, secret = create_api_key("script", SCOPES, by=bob, now=now)
    noted = []
    for minutes in (0, 59, 60):
        found = api_key_by_secret(secret, now)
        assert found is not None
        note_key_use(found, now=now + timedelta(minutes=minutes))
        with reading(bob.organization):
            noted.append(ApiKey.objects.get(pk=found.pk).last_used_at)
    assert noted == [now, now, now + timedelta(minutes=60)]
