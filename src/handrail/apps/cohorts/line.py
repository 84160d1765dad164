"""Who is in an intake and who waits: worked out from the places, never kept twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from handrail.apps.cohorts.models import Cohort, CohortState, HoldState, Intake, Place, SeatHold
from handrail.domain.cohorts import Hire, in_line


@dataclass(frozen=True, slots=True)
class Line:
    """The places of an intake that nobody opted out of, and the seats held for who will come.

    Each list is in order; `queue` is everybody who waits, seats to be held among them.
    """

    seated: list[Place]
    held: list[SeatHold]
    queue: list[Place | SeatHold]
    seats: int

    @property
    def waiting(self) -> list[Place]:
        """The people on the waiting list."""
        return [one for one in self.queue if isinstance(one, Place)]

    def number_of(self, place: Place) -> int:
        """Which number somebody is on the waiting list, from 1; 0 where they do not wait."""
        for number, one in enumerate(self.queue, start=1):
            if isinstance(one, Place) and one.pk == place.pk:
                return number
        return 0


def line_of(intake: Intake) -> Line:
    """Who has a seat and who waits, before a group starts and after."""
    places = list(
        Place.objects.filter(intake=intake, opted_out_at=None, left_at=None)
        .select_related("person")
        .order_by("pk")
    )
    groups = list(Cohort.objects.filter(intake=intake).exclude(state=CohortState.CALLED_OFF))
    # Once groups have started, who has a seat keeps it, and what is free is in the others.
    started = {group.pk for group in groups if group.state != CohortState.FORMING}
    free = intake.seats * (len(groups) - len(started))
    members = [place for place in places if place.cohort_id in started]
    others = [place for place in places if place.cohort_id not in started]
    held = list(SeatHold.objects.filter(intake=intake, state=HoldState.HELD).order_by("pk"))
    named: dict[str, Place | SeatHold] = {
        **{str(place.pk): place for place in others},
        **{f"hold {hold.pk}": hold for hold in held},
    }
    entries = hires(others) + [
        # On the same moment whoever is here comes first.
        Hire(f"hold {hold.pk}", hold.eligible_at, intake.starts_on, hold.lot)
        for hold in held
    ]
    first, rest = in_line(entries, free, by_lot=intake.by_lot)
    have = [named[name] for name in first]
    return Line(
        seated=members + [one for one in have if isinstance(one, Place)],
        held=[one for one in have if isinstance(one, SeatHold)],
        queue=[named[name] for name in rest],
        seats=intake.seats * len(groups),
    )


def hires(places: Iterable[Place]) -> list[Hire]:
    """The places as the rule of the line sees them."""
    return [Hire(str(place.pk), place.eligible_at, place.started_on, place.lot) for place in places]
