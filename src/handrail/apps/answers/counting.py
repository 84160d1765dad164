"""Repeat questions avoided and missed, and how often people still needed a person.

Avoided: a question that an answer which was there closed ("solved it"), where the asker booked
nobody who knows that skill within seven days. Missed: a session whose artifact proved to be the
same as a live answer. Questions whose seven days are not over yet count nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from handrail.apps.answers.models import Answer, AnswerState, Question, QuestionState
from handrail.apps.calendars.models import Seat, SeatRole
from handrail.apps.organizations.refusals import Invalid, NotAllowed
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import SkillOffered
from handrail.apps.programs.queries import led_programs
from handrail.apps.requests.models import MentoringRequest
from handrail.apps.sessions.models import Session, SessionState
from handrail.domain.evidence.intervals import Share, share_of

FOLLOWED_FOR = timedelta(days=7)
FEWEST_PEOPLE = 5
USUAL_DAYS = 90
YEARS = range(2000, 3000)  # beyond them a day has no neighbours in every zone


@dataclass(frozen=True, slots=True)
class Avoided:
    """What answers did in a span of days; a share is None where too few people stand behind it."""

    first: date
    last: date
    avoided: int
    missed: int
    waiting: int  # solved so lately that a booking may still follow
    share: Share | None  # avoided of avoided and missed
    asked: int  # questions that came to an end or to a person
    needed: int  # of these, those that needed a person
    person: Share | None
    people: int

    @property
    def is_shown(self) -> bool:
        """Whether enough people stand behind the figures."""
        return self.people >= FEWEST_PEOPLE


def sees_avoided(viewer: Viewer) -> bool:
    """Whether these figures are the viewer's: administrators, analysts, auditors and leads."""
    if viewer.is_administrator or viewer.is_analyst or viewer.is_auditor:
        return True
    return viewer.person_id is not None and led_programs(viewer).exists()


def avoided(viewer: Viewer, first: date | None, last: date, *, now: datetime) -> Avoided:
    """The figures of the days from first to last, both included, in the organisation's zone.

    Without a first day the usual number of days ends with the last one.
    """
    if not viewer.may("answers:read") or not sees_avoided(viewer):
        raise NotAllowed(_("Leads, analysts, auditors and administrators see these figures."))
    days = {"first": first, "last": last}
    if out := [name for name, day in days.items() if day is not None and day.year not in YEARS]:
        said = _("Choose a day of the years 2000 to 2999.")
        raise Invalid(said, fields=dict.fromkeys(out, said))
    first = first or last - timedelta(days=USUAL_DAYS - 1)
    if last < first:
        raise Invalid(
            _("The last day lies before the first."), fields={"last": _("Choose a later day.")}
        )
    zone = ZoneInfo(viewer.organization.timezone)
    begins = datetime.combine(first, time(), zone)
    ends = datetime.combine(last + timedelta(days=1), time(), zone)
    within = {"closed_at__gte": begins, "closed_at__lt": ends}
    solved = list(
        Question.objects.filter(state=QuestionState.SOLVED, asker__isnull=False, **within)
    )
    booked = _booked_after(solved)
    settled = [one for one in solved if one.closed_at and one.closed_at + FOLLOWED_FOR <= now]
    good = [one for one in settled if one.pk not in booked]
    missed = list(
        Answer.objects.filter(
            state=AnswerState.DUPLICATE,
            duplicate_of__state=AnswerState.LIVE,
            artifact__isnull=False,
            **within,
        ).select_related("artifact__session")
    )
    gone_on = Question.objects.filter(
        state__in=(QuestionState.BOOKED, QuestionState.QUEUED, QuestionState.ANSWERED),
        asked_at__gte=begins,
        asked_at__lt=ends,
        asker__isnull=False,
    )
    needed = [*gone_on, *(one for one in settled if one.pk in booked)]
    askers = {one.asker_id for one in [*needed, *good]}
    again = [answer.artifact.session for answer in missed if answer.artifact is not None]
    mentees = _mentees(again)
    repeats = [(one.asker_id, True) for one in good]
    repeats += [(mentees.get(one.booking_id), False) for one in again]
    repeated = {person for person, _hit in repeats if person is not None}
    ended = [(one.asker_id, True) for one in needed] + [(one.asker_id, False) for one in good]
    return Avoided(
        first=first,
        last=last,
        avoided=len(good),
        missed=len(missed),
        waiting=len(solved) - len(settled),
        share=share_of(repeats) if len(repeated) >= FEWEST_PEOPLE else None,
        asked=len(ended),
        needed=len(needed),
        person=share_of(ended) if len(askers) >= FEWEST_PEOPLE else None,
        people=len(askers | repeated),
    )


def _booked_after(questions: Sequence[Question]) -> set[int]:
    """The questions after which their asker booked somebody about that skill within seven days."""
    moments = [one.closed_at for one in questions if one.closed_at is not None]
    if not moments:
        return set()
    seats = list(
        Seat.objects.filter(
            role=SeatRole.MENTEE,
            person_id__in={one.asker_id for one in questions},
            booking__session__created_at__gt=min(moments),
            booking__session__created_at__lte=max(moments) + FOLLOWED_FOR,
        )
        .exclude(booking__session__state=SessionState.CANCELLED)
        .values_list(
            "person_id",
            "booking__session__pk",
            "booking__session__created_at",
            "booking__host_id",
        )
    )
    sessions = {session for _person, session, _at, _host in seats}
    about: dict[int, int | None] = dict(
        MentoringRequest.objects.filter(session__in=sessions).values_list("session_id", "skill_id")
    )
    about |= dict(
        Question.objects.filter(session__in=sessions).values_list("session_id", "skill_id")
    )
    offers: set[tuple[int, int]] = set(
        SkillOffered.objects.filter(person_id__in={host for *_seat, host in seats}).values_list(
            "person_id", "skill_id"
        )
    )

    def follows(question: Question, seat: tuple[int, int, datetime, int]) -> bool:
        person, session, at, host = seat
        closed = question.closed_at
        if person != question.asker_id or closed is None:
            return False
        if not closed < at <= closed + FOLLOWED_FOR:
            return False
        if question.skill_id is None:
            return True
        skill = about.get(session)
        return skill == question.skill_id if skill else (host, question.skill_id) in offers

    return {one.pk for one in questions if any(follows(one, seat) for seat in seats)}


def _mentees(sessions: Sequence[Session]) -> dict[int, int]:
    """Whose question each of these sessions was: booking -> its first mentee."""
    bookings = [session.booking_id for session in sessions]
    seats = Seat.objects.filter(booking_id__in=bookings, role=SeatRole.MENTEE)
    return dict(seats.order_by("-n").values_list("booking_id", "person_id"))
