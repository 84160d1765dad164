"""Whatever is asked of an operation, within its description or beside it: none answers with 5xx,
nor with an error that the description does not announce.

The OpenAPI description is read by schemathesis, which makes up bodies, queries and headers; half of
the requests name things that are there, so that more than "not found" is met. At night.
"""

from __future__ import annotations

import json
import sys
import uuid
from typing import Any

import pytest
import schemathesis
from asking import of_the_tests
from django.db import transaction
from django.test import Client
from doors import Door, api_doors, api_path
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from players import Cast
from schemathesis.core import NotSet

from handrail.api.routers import people
from handrail.api.urls import api

pytestmark = pytest.mark.nightly
EXAMPLES = 25  # of each operation
ROLES = ("administrator", "lead", "mentee")
DOORS = {(door.method, door.path): door for door in api_doors()}


DESCRIBED = json.loads(json.dumps(api.get_openapi_schema()))


def operations() -> list[Any]:
    schema = schemathesis.openapi.from_dict(DESCRIBED)
    return [found.ok() for found in schema.get_all_operations()]


def announced_by(operation: Any) -> set[str]:
    """The answers that an operation announces by their number; `default` would excuse all."""
    return set(DESCRIBED["paths"][operation.path][operation.method.lower()]["responses"])


def broken(cast: Cast, operation: Any, examples: int = EXAMPLES) -> tuple[list[str], int]:
    """What answered with 5xx or an error not announced, and how many requests were sent."""
    door = DOORS[operation.method.upper(), operation.path]
    announced = announced_by(operation)
    found: list[str] = []
    asked = [0]

    @seed(1)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), there=st.booleans(), role=st.sampled_from(ROLES))
    def ask(case: Any, there: bool, role: str) -> None:
        asked[0] += 1
        status = _sent(cast, door, case, there, role)
        if status >= 500 or (status >= 400 and str(status) not in announced):
            found.append(f"{door.name} {status} as {role}: {case.body!r} {case.query!r}"[:400])

    ask()
    return found, asked[0]


def _sent(cast: Cast, door: Door, case: Any, there: bool, role: str) -> int:
    path = api_path(door, cast, "own").partition("?")[0] if there else case.formatted_path
    body = case.body
    content = b""
    if isinstance(body, bytes):
        content = body
    elif not isinstance(body, NotSet):
        content = json.dumps(body, default=str).encode("utf-8", "surrogatepass")
    kind = case.media_type or "application/json"
    headers = {
        "HTTP_AUTHORIZATION": f"Bearer {cast.secrets[role]}",
        "HTTP_IDEMPOTENCY_KEY": uuid.uuid4().hex,
    }
    query = {name: value for name, value in (case.query or {}).items() if value is not None}
    client = Client(raise_request_exception=False)
    with of_the_tests():
        answer = client.generic(
            door.method,
            path,
            content if door.method not in ("GET", "DELETE") else b"",
            kind,
            query_params=query,
            **headers,
        )
        transaction.set_rollback(True)
    return answer.status_code


@pytest.mark.django_db
def test_no_operation_breaks(cast: Cast) -> None:
    wrong: list[str] = []
    requests = 0
    for operation in operations():
        found, asked = broken(cast, operation)
        wrong += found[:3]
        requests += asked
    told = {"judge": "no operation breaks", "requests": requests, "broken": len(wrong)}
    sys.stdout.write(json.dumps(told) + "\n")
    assert wrong == []
    assert requests > 20 * len(DOORS)


@pytest.mark.django_db
def test_a_seeded_break_is_found(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_args: object, **_named: object) -> None:
        raise RuntimeError("seeded")

    monkeypatch.setattr(people, "person_out", breaks)
    (operation,) = (
        one
        for one in operations()
        if (one.method.upper(), one.path) == ("GET", "/api/v1/people/{person_id}")
    )
    found, _asked = broken(cast, operation, 10)
    assert found


@pytest.mark.django_db
def test_an_error_that_is_not_announced_is_found(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    (operation,) = (
        one
        for one in operations()
        if (one.method.upper(), one.path) == ("GET", "/api/v1/people/{person_id}")
    )
    responses = DESCRIBED["paths"][operation.path]["get"]["responses"]
    monkeypatch.delitem(responses, "404")
    monkeypatch.delitem(responses, "422")
    found, _asked = broken(cast, operation, 10)
    assert found
