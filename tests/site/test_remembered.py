"""What the tests' own builders remember is what they wrote."""

from __future__ import annotations

from secrets import token_hex

import pytest
from django.db import connection, transaction

from factories.remembered import remembered
from factories.world import NOW, make_world
from handrail.apps.organizations.actions import create_organization
from handrail.apps.organizations.models import AuditEntry, Organization
from handrail.apps.organizations.scope import reading
from handrail.apps.people.models import Person

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL asks each time"),
]


def test_a_world_that_is_written_again_is_the_world_that_was_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = []
    for build in (make_world.__wrapped__, make_world, make_world):
        if len(seen) == 2:
            monkeypatch.setattr("factories.world.create_organization", lambda: None)
        with transaction.atomic():
            world = build("Eastwind")
            with reading(world.organization):
                people = list(Person.objects.order_by("name").values_list("name", "team__name"))
                verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
                bob = Person.objects.get(pk=world.person("bob").pk)
            assert (bob, bob.manager) == (world.person("bob"), world.person("mona"))
            seen.append((people, verbs))
            transaction.set_rollback(True)
    assert len(seen[0][0]) == 8
    assert seen[0][1]
    assert seen[0] == seen[1] == seen[2]


def test_where_others_have_its_keys_the_builder_is_asked_again() -> None:
    @remembered
    def build() -> Organization:
        return create_organization("Acme", slug=token_hex(8), now=NOW)

    with transaction.atomic():
        first = build().slug
        transaction.set_rollback(True)
    assert build().slug == first
    second = build().slug
    assert second != first
    assert set(Organization.objects.values_list("slug", flat=True)) >= {first, second}


def test_a_builder_that_changes_what_was_there_is_asked_every_time() -> None:
    kept = create_organization("Acme", slug="acme", now=NOW)
    asked = []

    @remembered
    def rename() -> None:
        asked.append(Organization.objects.filter(pk=kept.pk).update(name=f"Acme {len(asked)}"))

    rename()
    rename()
    assert asked == [1, 1]
