"""Every program side by side: the same figures as the programs' own reports."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from handrail.apps.reports.company_wide.exporting import export
from handrail.apps.reports.company_wide.figures import figures_of
from handrail.apps.reports.company_wide.summing import sums_of
from handrail.apps.reports.inputs import gather, moment_of
from handrail.apps.reports.measures import measure

pytestmark = pytest.mark.nightly  # reads the whole example in; by day the sums are tested alone

CUT = date(2026, 8, 22)
NOW = datetime(2026, 8, 23, 8, 0, tzinfo=UTC)


def put_down_sessions(pilot: Any) -> None:
    mentees = [
        row.person.external_id
        for row in pilot.program.enrolments.filter(role="mentee").select_related("person")
    ]
    mentors = [
        row.person.external_id
        for row in pilot.program.enrolments.filter(role="mentor").select_related("person")
    ]
    marks = (("attended", "attended"), ("attended", "no_show"), ("no_show", "attended"),
             ("not_recorded", "attended"), ("attended", "late_cancelled"))  # fmt: skip
    states = ("closed", "closed", "not_held", "awaiting_artifact", "scheduled", "cancelled")
    start = datetime(2026, 2, 10, 12, 0, tzinfo=UTC)
    for number in range(60):
        pilot.session(
            states[number % 6],
            mentors[number % 7],
            mentees[number % 11],
            marks[number % 5],
            starts_at=start + timedelta(days=number * 3 % 80),
            cancelled_before=timedelta(hours=1 + number % 4) if number % 6 == 5 else None,
            simulated=True,
        )


def close(one: Any, other: Any) -> bool:
    """The same, fractions to twelve digits: squares were added up in another order."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(close(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(close, one, other))
    return one == (pytest.approx(other, rel=1e-12) if isinstance(other, float) else other)


def test_the_sums_give_the_figures_of_the_programs_own_report(pilot: Any, tmp_path: Path) -> None:
    put_down_sessions(pilot)
    organization = pilot.organization
    rows = export(tmp_path, organization=organization, cut=CUT, now=NOW)
    sums = sums_of(tmp_path, cut=CUT, moment=moment_of(organization, CUT, NOW))
    told = figures_of(sums)
    ours = told["programs"][0]
    own = measure(gather(organization=organization, program=pilot.program, cut=CUT, now=NOW))
    whole = measure(gather(organization=organization, program=None, cut=CUT, now=NOW))

    assert rows["sessions"] > 40
    for found, theirs in ((ours["attendance"], own), (told["whole"], whole)):
        expected = theirs["attendance"]
        assert found["sessions"] == expected["sessions"]
        assert close(found["held"], expected["held"])
        assert close(found["roles"], expected["roles"])
    merges = own["first_merge"][0]
    assert ours["first_merge"]["hidden"] == merges["hidden"]
    for name in ("people", "followed", "reached_before"):
        assert ours["first_merge"][name] == merges[name], name
    stays = own["retention"][0]
    assert ours["retention"] == {
        "people": stays["people"], "followed": stays["followed"], "at": stays["at"],
    }  # fmt: skip
    assert [week["of"] for week in ours["weeks"] if not week["hidden"]]
