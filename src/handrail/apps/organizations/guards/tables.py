"""Which tables the guards stand on, read from the models so that no new table is forgotten."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from handrail.apps.organizations.models import Organization


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key from one organisation's table to another one's."""

    table: str
    column: str
    target_table: str
    target_column: str


def scoped_models() -> list[type[models.Model]]:
    """Every model whose rows belong to one organisation, by table name."""
    return sorted(
        (model for model in apps.get_models() if _is_scoped(model)),
        key=lambda model: model._meta.db_table,
    )


def append_only_models() -> list[type[models.Model]]:
    """Every ledger: its rows are never changed and go only with the whole organisation."""
    return [model for model in scoped_models() if getattr(model, "append_only", False)]


def references() -> list[Reference]:
    """Every foreign key between two tables of organisations, by table and column."""
    found = []
    for model in scoped_models():
        for field in model._meta.local_fields:
            if not isinstance(field, models.ForeignKey) or not _is_scoped(field.related_model):
                continue
            target = field.target_field
            assert field.column is not None
            assert target.column is not None
            found.append(
                Reference(
                    model._meta.db_table,
                    field.column,
                    target.model._meta.db_table,
                    target.column,
                )
            )
    return sorted(found, key=lambda reference: (reference.table, reference.column))


def _is_scoped(model: object) -> bool:
    if not isinstance(model, type) or not issubclass(model, models.Model):
        return False
    if model._meta.proxy or not model._meta.managed:
        return False
    return any(
        field.name == "organization" and field.related_model is Organization
        for field in model._meta.local_fields
    )


def name_of(kind: str, *parts: str) -> str:
    """A guard's name: it tells what it guards, and changes with what it does."""
    digest = hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:12]
    return f"handrail_{kind}_{digest}"
