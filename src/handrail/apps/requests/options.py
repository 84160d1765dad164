"""Whom somebody can ask, why, and when: the engine's answer to one person, by the last prices."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from handrail.apps.calendars.queries import free_starts, minutes_booked_by, week_bits
from handrail.apps.matches.models import DecisionKind, MatchRun, PairDecision, RunStatus
from handrail.apps.matches.proposing import days_of, mentor_for, ruled_out, step_for
from handrail.apps.matches.wording import sentence
from handrail.apps.people.models import Person, Skill
from handrail.apps.programs.models import Program
from handrail.apps.programs.queries import day_in, mentors_here
from handrail.apps.requests.models import Ask, AskAnswer
from handrail.apps.sessions.queries import days_open
from handrail.domain.matching import Mentee, Options, Prices, Problem, Want
from handrail.domain.matching.request import Desk, Offer

LENGTHS = (20, 25, 30)  # minutes that can be asked for
SHOWN = 5  # mentors on the page
TIMES = 6  # times of each
WEEKS = 3  # looked at, this one included: two weeks from any day
DAYS_AHEAD = 14
NOTICE = timedelta(hours=4)  # a mentor must have a chance to answer
REMEMBERED = 20  # answers that say how soon a mentor usually answers


@dataclass(frozen=True, slots=True)
class Option:
    """A mentor who can be asked: why, the first times that suit both, how soon they answer."""

    mentor: Person
    skill: str
    reasons: list[dict[str, Any]]
    starts: list[datetime]
    answers_within: timedelta | None = None
    names: dict[str, str] = field(default_factory=dict)

    @property
    def why(self) -> list[str]:
        """The reasons in words."""
        return [sentence(reason, self.names) for reason in self.reasons]


def options_for(
    program: Program,
    mentee: Person,
    skill: Skill | None,
    *,
    minutes: int,
    now: datetime,
    asked: Collection[int] = (),
    shown: int = SHOWN,
    times: int = TIMES,
) -> list[Option]:
    """The best mentors who have a time with the mentee within two weeks, the best first.

    Best by fit less what others would give for the seat in the latest plan of that week. Mentors
    in `asked` are left out.
    """
    mentors = _mentors(program, mentee, asked, now)
    if not mentors:
        return []
    people = {mentor.external_id: mentor for mentor in mentors}
    best: dict[str, Offer] = {}
    monday = now.date() - timedelta(days=now.weekday())
    for week in range(WEEKS):
        offers = _offers(
            program, mentee, mentors, skill, monday + timedelta(weeks=week), minutes, now
        )
        for offer in offers:
            before = best.get(offer.mentor)
            if before is None or offer.score - offer.price > before.score - before.price:
                best[offer.mentor] = offer
    answers = answer_times([people[name] for name in best])
    found: list[Option] = []
    # Stable: among equals the draw of the first week decides.
    for offer in sorted(best.values(), key=lambda offer: offer.price - offer.score):
        mentor = people[offer.mentor]
        starts = times_to_ask(program, mentee, mentor, minutes=minutes, now=now, limit=times)
        if starts:
            reasons = [reason.document() for reason in offer.reasons]
            names = {offer.mentor: mentor.name}
            within = answers.get(mentor.pk)
            found.append(Option(mentor, offer.skill, reasons, starts, within, names))
        if len(found) == shown:
            break
    return found


def times_to_ask(
    program: Program,
    mentee: Person,
    mentor: Person,
    *,
    minutes: int,
    now: datetime,
    limit: int | None = None,
) -> list[datetime]:
    """The starts within two weeks and the program that suit both and leave time to answer."""
    first, after = days_open(program, mentee)
    notice = max(program.min_notice_minutes, int(NOTICE.total_seconds() // 60))
    start = max(now, first)
    return free_starts(
        [mentor, mentee],
        start,
        min(start + timedelta(days=DAYS_AHEAD), after),
        minutes,
        now=now,
        min_notice=notice,
        host=mentor,
        daily_cap=program.daily_cap,
        limit=limit,
    )


def answer_times(mentors: Collection[Person]) -> dict[int, timedelta]:
    """How soon each of these mentors answered lately, as a median; who never did is not in it."""
    spans: dict[int, list[float]] = {}
    answered = Ask.objects.filter(
        mentor__in=mentors, answer__in=(AskAnswer.ACCEPTED, AskAnswer.DECLINED)
    ).order_by("-answered_at", "-pk")
    for mentor_id, asked_at, answered_at in answered.values_list(
        "mentor_id", "asked_at", "answered_at"
    ):
        kept = spans.setdefault(mentor_id, [])
        if answered_at is not None and len(kept) < REMEMBERED:
            kept.append((answered_at - asked_at).total_seconds())
    return {mentor_id: timedelta(seconds=median(kept)) for mentor_id, kept in spans.items() if kept}


def _mentors(
    program: Program, mentee: Person, asked: Collection[int], now: datetime
) -> list[Person]:
    forbidden = PairDecision.objects.filter(
        program=program, mentee=mentee, kind=DecisionKind.FORBID
    ).values("mentor_id")
    return list(
        mentors_here(program, day_in(program, now))
        .exclude(pk__in=[mentee.pk, *asked])
        .exclude(pk__in=forbidden)
        .prefetch_related("offers__skill")
        .order_by("external_id")
    )


def _offers(
    program: Program,
    mentee: Person,
    mentors: list[Person],
    skill: Skill | None,
    week: date,
    minutes: int,
    now: datetime,
) -> tuple[Offer, ...]:
    step = step_for(minutes)
    notice = max(program.min_notice_minutes, int(NOTICE.total_seconds() // 60))
    bits = week_bits(
        [mentee, *mentors],
        week,
        now=now,
        session_minutes=minutes,
        min_notice=notice,
        step=step,
        hosts=mentors,
        daily_cap=program.daily_cap,
    )
    free = bits[mentee.pk] & days_of(program, mentee, week, step)
    if not free:
        return ()
    booked = minutes_booked_by(mentors, week, now=now)
    out = ruled_out(program, week)
    asker = Mentee(mentee.external_id, _wants(mentee, skill), free, tuple(mentee.languages))
    problem = Problem(
        week=week,
        minutes=minutes,
        step=step,
        mentees=[asker],
        mentors=[
            mentor_for(mentor, program, week, booked, bits, minutes=minutes)
            for mentor in mentors
            if (mentee.pk, mentor.pk) not in out
        ],
    )
    desk = Desk.by_prices(
        problem,
        _prices(program, week),
        Options(floor=program.quality_floor),
        seed=program.seed,
    )
    return desk.request(asker)


def _wants(mentee: Person, skill: Skill | None) -> tuple[Want, ...]:
    """The skill that was named; without one, everything the mentee wishes to learn."""
    wished = list(mentee.wants.select_related("skill").order_by("priority", "skill__name"))
    if skill is not None:
        own = next((want.own_level for want in wished if want.skill_id == skill.pk), 0)
        return (Want(skill.name, 1, own),)
    return tuple(
        Want(want.skill.name, place, want.own_level) for place, want in enumerate(wished, start=1)
    )


def _prices(program: Program, week: date) -> Prices:
    run = (
        MatchRun.objects.filter(
            program=program, week=week, status__in=(RunStatus.PUBLISHED, RunStatus.PREVIEW)
        )
        .exclude(prices={})
        .first()
    )
    return Prices.from_document(run.prices) if run is not None else Prices(person=0)
