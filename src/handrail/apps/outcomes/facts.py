"""One fact at a time: a stay or a role that somebody confirmed, with the ledger's corrections."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outcomes.actions import WRITERS, Writing
from handrail.apps.outcomes.files import Row
from handrail.apps.outcomes.models import RoleKind
from handrail.apps.people.models import Person


def record_stay(
    person: Person,
    started_on: date,
    ended_on: date | None,
    *,
    known_since: date,
    source: str,
    by: Viewer,
    now: datetime,
) -> None:
    """A stay with its first and, if it is over, its last day; the caller checked who may say so."""
    values = {"started_on": started_on, "ended_on": ended_on, "known_since": None}
    if ended_on is not None:
        values["known_since"] = known_since
    _write("spells", person, values, source, by, now)


def record_role(
    person: Person,
    *,
    family: str,
    level: str,
    team_name: str,
    kind: str,
    effective_on: date,
    known_since: date,
    source: str,
    by: Viewer,
    now: datetime,
) -> None:
    """A role from a day on; the caller checked who may say so."""
    values = {
        "family": family[:120],
        "level": level[:40],
        "team_name": team_name[:120],
        "kind": RoleKind(kind),
        "effective_on": effective_on,
        "decided_on": effective_on,
        "known_since": known_since,
        "skills": [],
        "hiring_manager": "",
    }
    _write("roles", person, values, source, by, now)


def _write(
    kind: str, person: Person, values: dict[str, Any], source: str, by: Viewer, now: datetime
) -> None:
    with writing(by.organization):
        known = {person.external_id: person}
        work = Writing(by, now, source[:64], known)
        WRITERS[kind](work, Row(0, {"person": person.external_id, **values}))
