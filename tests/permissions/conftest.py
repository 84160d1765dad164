"""The matrix's cast, made once for all roles."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from asking import of_the_tests
from django.db import transaction
from players import Cast, make_cast
from pytest_django import DjangoDbBlocker

from factories.world import NOW


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    # All in one transaction: the things outlive each test and leave with the module.
    with django_db_blocker.unblock(), of_the_tests():
        yield make_cast()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def at_that_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handrail.site.middleware.timezone.now", lambda: NOW)
