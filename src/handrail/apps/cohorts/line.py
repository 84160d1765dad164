"""Who is in an intake and who waits: worked out from the places, never kept twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from handrail.apps.cohorts.models import Cohort, CohortState, Intake, Place
from handrail.domain.cohorts import Hire, in_line


@dataclass(frozen=True, slots=True)
class Line:
    """The places of an intake that nobody opted out of, those with a seat first, each in order."""

    seated: list[Place]
    waiting: list[Place]
    seats: int


def line_of(intake: Intake) -> Line:
    """Who has a seat and who waits, before a group starts and after."""
    places = list(
        Place.objects.filter(intake=intake, opted_out_at=None, left_at=None)
        .select_related("person")
        .order_by("pk")
    )
    by_name = {str(place.pk): place for place in places}
    groups = Cohort.objects.filter(intake=intake).exclude(state=CohortState.CALLED_OFF)
    seats = intake.seats * groups.count()
    # Once groups have started, who has a seat keeps it.
    running = groups.exclude(state=CohortState.FORMING).values_list("pk", flat=True)
    members = [place for place in places if place.cohort_id in set(running)]
    others = [place for place in places if place not in members]
    free = seats - len(members) if groups.filter(state=CohortState.FORMING).exists() else 0
    first, rest = in_line(hires(others), max(0, free), by_lot=intake.by_lot)
    return Line(
        seated=members + [by_name[name] for name in first],
        waiting=[by_name[name] for name in rest],
        seats=seats,
    )


def hires(places: Iterable[Place]) -> list[Hire]:
    """The places as the rule of the line sees them."""
    return [Hire(str(place.pk), place.eligible_at, place.started_on, place.lot) for place in places]
