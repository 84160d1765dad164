"""A seat for somebody who has accepted an offer: held until a day, then theirs or released."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from handrail.apps.cohorts.actions.access import audit, local_day, locked, require_open, touch
from handrail.apps.cohorts.line import line_of
from handrail.apps.cohorts.models import (
    CohortState,
    HoldEnd,
    HoldState,
    Intake,
    IntakeState,
    Place,
    SeatHold,
)
from handrail.apps.matches.parting import kept_apart
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.models import ProgramStatus
from handrail.apps.programs.queries import require_run
from handrail.domain.cohorts import lot_of


def last_day_held(intake: Intake) -> date:
    """The day until which seats are held where nobody says otherwise: the window's last day."""
    return min(intake.held_until or intake.closes_on, intake.closes_on)


def hold_seat(
    intake: Intake,
    key: str,
    label: str,
    *,
    waits_since: datetime | None = None,
    by: Viewer,
    now: datetime,
) -> SeatHold:
    """Hold a seat, or a number on the waiting list, at the end of the line; once for each key."""
    require_run(by, intake.program)
    with writing(by.organization):
        intake = locked(intake)
        require_open(intake)
        until = last_day_held(intake)
        if until < local_day(intake, now):
            raise Conflict(_("Seats of this intake are not held any more."), code="not-held")
        hold, is_new = SeatHold.objects.get_or_create(
            organization=by.organization,
            key=key,
            state=HoldState.HELD,
            defaults={
                "intake": intake,
                "label": label[:200],
                "eligible_at": waits_since or now,
                "lot": lot_of(intake.seed, key),
                "held_at": now,
                "until": until,
            },
        )
        if is_new:
            touch(intake)
            audit("seat_held", intake, by, now)
    return hold


def hold_until(hold: SeatHold, day: date, *, by: Viewer, now: datetime) -> None:
    """Hold one seat until another day, no longer than the window is open."""
    require_run(by, hold.intake.program)
    with writing(by.organization):
        intake = locked(hold.intake)
        require_open(intake)
        if not local_day(intake, now) <= day <= intake.closes_on:
            raise Invalid(
                _("Choose a day from today until the window closes, on %(day)s.")
                % {"day": intake.closes_on.isoformat()}
            )
        if not SeatHold.objects.filter(pk=hold.pk, state=HoldState.HELD).update(until=day):
            raise Conflict(_("This seat is not held any more."), code="hold-over")
        touch(intake)
        audit("hold_changed", intake, by, now)


def release_hold(hold: SeatHold, why: HoldEnd, *, by: Viewer, now: datetime) -> bool:
    """Give a held seat to whoever waits first; says whether it was held."""
    require_run(by, hold.intake.program)
    with writing(by.organization):
        intake = locked(hold.intake)
        if not _end(Q(pk=hold.pk), HoldState.RELEASED, why, now):
            return False
        sit_down(intake)
        touch(intake)
        audit("hold_released", intake, by, now, why=str(why))
    return True


def hold_becomes(hold: SeatHold, place: Place, *, by: Viewer, now: datetime) -> None:
    """The place of the one it was held for takes the hold's number in line."""
    require_run(by, hold.intake.program)
    if hold.intake_id != place.intake_id:
        release_hold(hold, HoldEnd.ELSEWHERE, by=by, now=now)
        return
    with writing(by.organization):
        intake = locked(hold.intake)
        if not _end(Q(pk=hold.pk), HoldState.TAKEN, "", now):
            return
        # Whoever opted out and came back in stands where they came back.
        stands = Place.objects.filter(pk=place.pk, eligible_at__gt=hold.eligible_at)
        stands.update(eligible_at=hold.eligible_at, lot=hold.lot)
        sit_down(intake)
        touch(intake)
        audit("hold_taken", intake, by, now)


def release_holds_of(intake: Intake, why: HoldEnd, now: datetime) -> None:
    """Release what an intake that is over still holds; the caller holds its lock."""
    _end(Q(intake=intake), HoldState.RELEASED, why, now)


def follow_days(intake: Intake, before: date) -> None:
    """Holds that went by the intake's day follow it; the caller holds the lock."""
    held = SeatHold.objects.filter(intake=intake, state=HoldState.HELD)
    held.filter(until=before).update(until=last_day_held(intake))
    held.filter(until__gt=intake.closes_on).update(until=intake.closes_on)


def release_what_is_over(*, by: Viewer, now: datetime) -> int:
    """Release every held seat whose day has passed or whose program is closed; say how many."""
    with reading(by.organization):
        held = list(
            SeatHold.objects.filter(state=HoldState.HELD)
            .select_related("intake__program", "intake__organization")
            .order_by("intake_id", "eligible_at", "pk")
        )
    released = 0
    for hold in held:
        closed = hold.intake.program.status == ProgramStatus.CLOSED
        if closed or hold.until < local_day(hold.intake, now):
            released += _released_late(hold, HoldEnd.PROGRAM if closed else HoldEnd.DAY, by, now)
    return released


def require_room_for_held(intake: Intake, starting: int) -> None:
    """Raise Conflict where starting this group would leave no room for the seats that are held."""
    held = len(line_of(intake).held)
    forming = intake.cohorts.filter(state=CohortState.FORMING).exclude(pk=starting)
    there = Place.objects.filter(cohort__in=forming, opted_out_at=None, left_at=None).count()
    room = intake.seats * forming.count() - there if there else 0
    if held > room:
        raise Conflict(
            _(
                "Seats are held for people who have accepted an offer. Start when their day has"
                " passed, or release them first."
            ),
            code="seats-held",
        )


def sit_down(intake: Intake) -> None:
    """Who is in and in no group yet joins a formed group with room; the caller holds the lock."""
    formed = Place.objects.filter(
        intake=intake, cohort__state=CohortState.FORMING, opted_out_at=None, left_at=None
    )
    counts: dict[int, int] = {}
    for group in formed.values_list("cohort_id", flat=True):
        assert group is not None
        counts[group] = counts.get(group, 0) + 1
    if not counts or intake.state != IntakeState.OPEN:
        return
    mentors = dict(intake.cohorts.values_list("pk", "mentor_id"))
    apart = kept_apart(intake.program)
    for place in line_of(intake).seated:
        room = [
            group
            for group, count in counts.items()
            if count < intake.seats and (place.person_id, mentors[group]) not in apart
        ]
        if place.cohort_id is None and room:
            best = min(room, key=lambda group: (counts[group], group))
            Place.objects.filter(pk=place.pk).update(cohort=best)
            counts[best] += 1


def _released_late(hold: SeatHold, why: HoldEnd, by: Viewer, now: datetime) -> bool:
    with writing(by.organization):
        locked(hold.intake)
        # A lead may have given it another day since it was looked at.
        day = hold.until
        stands = SeatHold.objects.filter(pk=hold.pk, state=HoldState.HELD, until=day).exists()
        return stands and release_hold(hold, why, by=by, now=now)


def _end(which: Q, state: HoldState, why: str, now: datetime) -> int:
    held = SeatHold.objects.filter(which, state=HoldState.HELD)
    return held.update(state=state, why=why, ended_at=now)
