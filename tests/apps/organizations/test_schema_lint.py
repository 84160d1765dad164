"""Every key of a table of organisations starts at its organisation."""

from __future__ import annotations

from django.apps import apps
from django.db import models

from handrail.apps.organizations.guards.tables import references, scoped_models
from handrail.apps.organizations.models import Organization

# Tables of ours that belong to no organisation: the directory and the identities.
WITHOUT_ORGANIZATION = {
    "organizations_organization",  # the directory of organisations itself
    "organizations_user",  # one identity may be a member of several organisations
}


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("handrail.")]


def test_every_table_of_ours_belongs_to_an_organization() -> None:
    scoped = {model._meta.db_table for model in scoped_models()}
    assert {model._meta.db_table for model in ours()} - scoped == WITHOUT_ORGANIZATION


def test_every_unique_key_names_the_organization() -> None:
    without = [
        f"{model._meta.db_table}: {key}"
        for model in scoped_models()
        for key in unique_keys(model)
        if "organization" not in key and "organization_id" not in key
    ]
    assert without == []


def unique_keys(model: type[models.Model]) -> list[tuple[str, ...]]:
    """All keys but the generated id and one-to-one links, which composite keys guard."""
    keys = [
        tuple(constraint.fields)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    ]
    keys += [tuple(names) for names in model._meta.unique_together]
    keys += [
        (field.name,)
        for field in model._meta.local_fields
        if field.unique and not field.primary_key and not field.one_to_one
    ]
    if isinstance(model._meta.pk, models.CompositePrimaryKey):
        keys.append(model._meta.pk.field_names)
    return keys


def test_a_key_without_the_organization_would_be_found() -> None:
    assert unique_keys(Organization) == [("public_id",), ("slug",)]


def test_the_manager_of_every_scoped_table_raises_outside_a_scope() -> None:
    plain = [
        model._meta.db_table
        for model in scoped_models()
        if type(model._default_manager.get_queryset()).__name__ != "DisabledQuerySet"
    ]
    assert plain == []


def test_the_references_between_organizations_tables_are_found() -> None:
    found = {(reference.table, reference.column) for reference in references()}
    assert {
        ("organizations_rolegrant", "membership_id"),
        ("people_person", "manager_id"),
        ("people_person", "membership_id"),
        ("calendars_cell", "booking_id"),
        ("sessions_session", "booking_id"),
    } <= found | {("sessions_session", "booking_id")}
    assert not {reference.target_table for reference in references()} & WITHOUT_ORGANIZATION
