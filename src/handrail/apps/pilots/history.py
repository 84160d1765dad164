"""What own history says before a pilot: how long things took, and who stayed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Min

from handrail.apps.outcomes.queries import merges_known_from
from handrail.apps.people.models import (
    CompetencyEvent,
    EmploymentSpell,
    Person,
    SpellBasis,
    TakesPartAs,
)
from handrail.apps.pilots.models import Measure
from handrail.domain.evidence.retention import Basis, Spell, reporting_lag

if TYPE_CHECKING:
    from handrail.domain.evidence.power import PastHires

PACE_WEEKS = 26
HORIZONS = {Measure.RETENTION_90: 90, Measure.RETENTION_180: 180}
TASK_HORIZON = 60


def horizon_of(measure: str) -> int:
    """Days after t0 at which a measure is known."""
    return HORIZONS.get(Measure(measure), TASK_HORIZON)


def first_reached(measure: str, task: str, *, cut: date) -> dict[int, datetime]:
    """The first time each person did what the measure is about, as it was known at the cut."""
    kind = "merge" if measure == Measure.FIRST_MERGE else "task"
    events = CompetencyEvent.objects.filter(kind=kind).exclude(known_since__gt=cut)
    if kind == "task":
        events = events.filter(task=task)
    rows = events.order_by().values_list("person_id").annotate(first=Min("occurred_at"))
    return dict(rows)


def is_unknown(measure: str, started: date) -> bool:
    """Whether somebody who started on a day did so before anything told of the measure."""
    if measure != Measure.FIRST_MERGE:
        return False
    known = merges_known_from()
    return known is not None and started < known.date()


def reporting_lags(spells: list[EmploymentSpell], cut: date) -> dict[str, int]:
    """Days within which 95 % of leavings were known, by what the stay was read from."""
    left = [
        Spell(one.started_on, one.ended_on, one.end_known_since, None, Basis(one.basis))
        for one in spells
        if one.ended_on is not None
    ]
    return {str(basis): reporting_lag(left, basis=basis, cut=cut) for basis in Basis}


def past_hires(measure: str, task: str, *, before: date) -> PastHires:
    """Everybody who began before a day, as it was known then.

    Mentors read from a history are left out: whoever began with them and left is not in it.
    """
    cut = before - timedelta(days=1)
    spells = list(
        EmploymentSpell.objects.filter(started_on__lte=cut, start_known_since__lte=cut)
        .select_related("person")
        .order_by("person__external_id", "started_on")
    )
    lags = reporting_lags(spells, cut)
    reached_at = first_reached(measure, task, cut=cut)
    firsts: dict[int, EmploymentSpell] = {}
    for spell in spells:
        firsts.setdefault(spell.person_id, spell)
    days: list[float] = []
    reached: list[bool] = []
    stayed: list[float] = []
    left: list[bool] = []
    recent = 0
    for spell in firsts.values():
        person = spell.person
        if person.role == TakesPartAs.MENTOR and spell.basis == SpellBasis.ACTIVITY:
            continue
        recent += (cut - spell.started_on).days < PACE_WEEKS * 7
        known_end = (
            spell.ended_on
            if spell.ended_on is not None
            and spell.end_known_since is not None
            and spell.end_known_since <= cut
            and spell.ended_on <= cut
            else None
        )
        settled = cut - timedelta(days=lags[spell.basis])
        if known_end is None and spell.known_until is not None:
            settled = min(settled, spell.known_until)
        if known_end is not None and known_end <= settled:
            stayed.append((known_end - spell.started_on).days)
            left.append(True)
        elif settled >= spell.started_on:
            stayed.append((settled - spell.started_on).days)
            left.append(False)
        if is_unknown(measure, spell.started_on):
            continue  # for time to the task; how long they stayed is known all the same
        _add_task(person, spell.started_on, known_end or cut, reached_at, days, reached)
    from handrail.domain.evidence.power import PastHires  # late: loads SciPy

    return PastHires(
        tuple(days), tuple(reached), tuple(stayed), tuple(left), max(recent, 1) / PACE_WEEKS
    )


def _add_task(
    person: Person,
    started: date,
    last: date,
    reached_at: dict[int, datetime],
    days: list[float],
    reached: list[bool],
) -> None:
    moment = reached_at.get(person.pk)
    day = None if moment is None else moment.astimezone(ZoneInfo(person.timezone)).date()
    if day is not None and day < started:
        if (started - day).days > 1:
            return  # had done it before the first day: no newcomer to this task
        day = started
    done = day is not None and day <= last
    days.append(max(0, ((day if done and day else last) - started).days))
    reached.append(done)
