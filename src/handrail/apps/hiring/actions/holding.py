"""An accepted offer holds a seat, until the hire takes it, the offer falls or its day passes."""

from __future__ import annotations

from datetime import datetime, timedelta

from handrail.apps.cohorts.actions import hold_becomes, hold_seat, release_hold
from handrail.apps.cohorts.actions.holding import last_day_held
from handrail.apps.cohorts.models import HoldEnd, HoldState, Intake, IntakeState, SeatHold
from handrail.apps.hiring.models import HireRecord, Job, Offer, Outcome
from handrail.apps.hiring.standing import local_day, rules_now, standing_of
from handrail.apps.organizations.refusals import Conflict
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.models import Program, ProgramModel
from handrail.domain.hiring import rule_for

# Whoever is recorded later than that has most likely begun: an old file holds no seats.
RECENTLY = timedelta(days=30)
WANTED_FOR = timedelta(days=180)  # after accepting; then no intake is looked for any more
# What ended a hold without anybody having decided about this offer: it comes into the next one.
COMES_NEXT = (HoldEnd.STARTED, HoldEnd.CALLED_OFF)


def wants_seat(outcome: str, decided_at: datetime | None, now: datetime) -> bool:
    """Whether an offer that is recorded now holds a seat: accepted, and not long ago."""
    return outcome == Outcome.ACCEPTED and decided_at is not None and now - decided_at <= RECENTLY


def follow_offer(offer: Offer, *, now: datetime) -> None:
    """Hold, keep or release the seat of one offer; the caller saves it and has its transaction."""
    by = Viewer.system(offer.organization, "offers")
    hold = offer.hold
    hire = _hire_of(offer)
    if hold is not None and hold.state == HoldState.HELD:
        if offer.outcome != Outcome.ACCEPTED:
            release_hold(hold, HoldEnd.OFFER, by=by, now=now)
        elif hire is not None:
            hand_over(hold, hire, now=now)
        else:
            return
    if offer.outcome != Outcome.ACCEPTED or hire is not None:
        offer.seat_wanted = False
    if not offer.seat_wanted or (hold is not None and hold.why not in COMES_NEXT):
        offer.seat_wanted = False
        return
    intake = _next_intake(offer, now)
    if intake is not None:
        offer.hold = hold_seat(
            intake,
            offer.public_id.hex,
            _label(offer),
            waits_since=hold.eligible_at if hold is not None else None,
            by=by,
            now=now,
        )


def tend_offers(*, by: Viewer, now: datetime) -> int:
    """Look at every accepted offer that holds a seat or looks for one; say how many there were."""
    with reading(by.organization):
        wanted = list(Offer.objects.filter(seat_wanted=True).order_by("decided_at", "pk"))
    for one in wanted:
        with writing(by.organization):
            offer = Offer.objects.select_for_update(of=("self",)).get(pk=one.pk)
            if offer.decided_at is None or offer.decided_at < now - WANTED_FOR:
                offer.seat_wanted = False
            try:
                follow_offer(offer, now=now)
            except Conflict:
                continue  # the intake began meanwhile: the next look finds another one
            offer.save(update_fields=["hold", "seat_wanted"])
    return len(wanted)


def hold_of(hire: HireRecord) -> SeatHold | None:
    """The seat that is held for this application: by its job's reference, or the only one."""
    offers = Offer.objects.filter(applicant=hire.application, hold__state=HoldState.HELD)
    found = list(
        offers.select_related("hold__intake__program", "hold__intake__organization").order_by("pk")
    )
    named = [offer for offer in found if offer.requisition == hire.job] or found
    return named[0].hold if len(named) == 1 else None


def hand_over(hold: SeatHold, hire: HireRecord, *, now: datetime) -> None:
    """What becomes of a held seat once the hire itself is told: theirs, or free again."""
    by = Viewer.system(hire.organization, "offers")
    if hire.undone or hire.closed_at is not None:
        release_hold(hold, HoldEnd.OFFER, by=by, now=now)
        return
    standing = standing_of(hire)
    if standing.place is not None:
        hold_becomes(hold, standing.place, by=by, now=now)
    elif standing.enrolment is not None:
        release_hold(hold, HoldEnd.ELSEWHERE, by=by, now=now)


def _hire_of(offer: Offer) -> HireRecord | None:
    hires = HireRecord.objects.filter(application=offer.applicant)
    found = list(hires.select_related("organization", "person", "program", "intake"))
    named = [hire for hire in found if hire.job == offer.requisition] or found
    return named[0] if len(named) == 1 else None


def _next_intake(offer: Offer, now: datetime) -> Intake | None:
    """The first intake of the program that the job leads to in which a seat can be held."""
    program = _program_of(offer)
    if program is None or program.model != ProgramModel.COHORT:
        return None
    today = local_day(offer.organization, now)
    intakes = Intake.objects.filter(program=program, state=IntakeState.OPEN)
    ahead = [
        one
        for one in intakes.select_related("program", "organization")
        if last_day_held(one) >= today
    ]
    return min(ahead, key=lambda one: (one.starts_on, one.closes_on, one.pk), default=None)


def _program_of(offer: Offer) -> Program | None:
    job = _job_of(offer)
    rules = rules_now()
    rule = rule_for(
        [one for one, _to in rules],
        offer.requisition,
        job.title if job else "",
        job.department if job else "",
    )
    return next((to.program for one, to in rules if one == rule), None) if rule else None


def _job_of(offer: Offer) -> Job | None:
    return Job.objects.filter(ref=offer.requisition).order_by("-created_at", "-pk").first()


def _label(offer: Offer) -> str:
    """The job as the program's lead may know it; never who was offered it."""
    job = _job_of(offer)
    return f"{job.title} ({offer.requisition})" if job else offer.requisition
