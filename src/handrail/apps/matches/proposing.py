"""From a program's people and calendars to the engine's question, and its answer back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handrail.apps.calendars.queries import minutes_booked_by, week_bits
from handrail.apps.matches.models import DecisionKind, PairDecision
from handrail.apps.matches.signals import sessions_asked
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.people.models import Person
from handrail.apps.people.queries import excluded_pairs
from handrail.apps.programs.models import Enrolment, EnrolmentRole, Objective, Program
from handrail.domain.matching import (
    Mentee,
    Mentor,
    Options,
    Pair,
    Pin,
    Plan,
    Problem,
    ProblemError,
    Unmatched,
    Want,
    certificate_document,
    explain,
    solve,
)

OTHERS_SHOWN = 5  # "why not someone else?" names the nearest few, not everybody


@dataclass(frozen=True, slots=True)
class Found:
    """One proposal, ready to be kept."""

    mentee_id: int
    mentor_id: int
    starts_at: datetime
    skill: str
    score: int
    reasons: list[dict[str, Any]]
    explanation: dict[str, Any]
    pinned: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """The engine's answer in terms of people."""

    seed: int
    matches: list[Found]
    unmatched: list[tuple[int, list[dict[str, Any]]]]
    certificate: dict[str, Any]
    prices: dict[str, Any]


def step_for(minutes: int) -> int:
    """The grid's step: a session with artifact and buffer minutes must fit into one slot."""
    return 30 if minutes + 10 <= 30 else 60


def propose(program: Program, *, week: date, seed: int, now: datetime) -> Proposal:
    """Solve one week of a program; raises Invalid naming person and field where it cannot be."""
    mentees, mentors, waiting = _who_takes_part(program, week, now)
    step = step_for(program.session_minutes)
    bits = week_bits(
        [*mentees, *mentors],
        week,
        now=now,
        session_minutes=program.session_minutes,
        min_notice=program.min_notice_minutes,
        step=step,
    )
    wants = _wants(program, mentees)
    booked = minutes_booked_by(mentors, week, now=now)
    problem = Problem(
        week=week,
        minutes=program.session_minutes,
        step=step,
        mentees=[
            Mentee(
                person=person.external_id,
                wants=wants[person.pk],
                free=bits[person.pk],
                languages=tuple(person.languages),
            )
            for person in mentees
        ],
        mentors=[_mentor(person, program, week, booked, bits) for person in mentors],
        **_rules(program, mentees, mentors),
    )
    try:
        plan = solve(problem, seed=seed, options=Options())
    except ProblemError as error:
        raise Invalid(str(error), fields={error.field: error.message}) from error
    return _proposal(problem, plan, mentees, mentors, waiting)


def _who_takes_part(
    program: Program, week: date, now: datetime
) -> tuple[list[Person], list[Person], list[tuple[int, list[dict[str, Any]]]]]:
    """Mentees to serve, mentors who give, and mentees who cannot be asked for yet, with why."""
    taking_part = (
        Enrolment.objects.filter(program=program, left_at=None)
        .select_related("person")
        .prefetch_related("person__wants__skill", "person__offers__skill")
        .order_by("person__external_id")
    )
    held: dict[int, list[datetime]] = {}
    answers: list[tuple[Any, Any]] = sessions_asked.send(sender=Program, program=program)
    for _receiver, answer in answers:
        held.update(answer)
    with_objective = set(
        Objective.objects.filter(enrolment__program=program, enrolment__left_at=None).values_list(
            "enrolment__person_id", flat=True
        )
    )
    mentees: list[Person] = []
    mentors: list[Person] = []
    waiting: list[tuple[int, list[dict[str, Any]]]] = []
    for enrolment in taking_part:
        person = enrolment.person
        if enrolment.role == EnrolmentRole.MENTOR:
            mentors.append(person)
            continue
        starts = held.get(person.pk, [])
        this_week = any(week <= start.date() < week + timedelta(days=7) for start in starts)
        if this_week or len(starts) >= program.sessions_per_mentee:
            continue
        if person.pause_until and person.pause_until >= week + timedelta(days=7):
            until = person.pause_until.isoformat()
            waiting.append((person.pk, [{"code": "paused", "params": {"until": until}}]))
        elif person.pk not in with_objective:
            waiting.append((person.pk, [{"code": "no_objective", "params": {}}]))
        else:
            mentees.append(person)
    return mentees, mentors, waiting


def _wants(program: Program, mentees: list[Person]) -> dict[int, tuple[Want, ...]]:
    """Each mentee's wishes; the skill of their objective comes first."""
    objectives = Objective.objects.filter(
        enrolment__program=program, enrolment__left_at=None
    ).select_related("skill", "enrolment")
    first: dict[int, str] = {}
    for objective in objectives.order_by("position"):
        if objective.skill is not None:
            first[objective.enrolment.person_id] = objective.skill.name
    wants: dict[int, tuple[Want, ...]] = {}
    for person in mentees:
        wished = sorted(person.wants.all(), key=lambda want: (want.priority, want.skill.name))
        levels = {want.skill.name: want.own_level for want in wished}
        names = [want.skill.name for want in wished]
        if dearest := first.get(person.pk):
            names = [dearest, *(name for name in names if name != dearest)]
        wants[person.pk] = tuple(
            Want(skill=name, priority=place, level=levels.get(name, 0))
            for place, name in enumerate(names, start=1)
        )
    return wants


def _mentor(
    person: Person, program: Program, week: date, booked: dict[int, int], bits: dict[int, int]
) -> Mentor:
    noon = datetime(week.year, week.month, week.day, 12, tzinfo=ZoneInfo(person.timezone))
    offset = noon.utcoffset() or timedelta()
    left = max(0, person.minutes_per_week - booked.get(person.pk, 0))
    return Mentor(
        person=person.external_id,
        skills=tuple((offer.skill.name, offer.level) for offer in person.offers.all()),
        seats=left // program.session_minutes,
        free=bits[person.pk],
        languages=tuple(person.languages),
        daily_cap=program.daily_cap,
        offset_minutes=int(offset.total_seconds() // 60),
    )


def _rules(program: Program, mentees: list[Person], mentors: list[Person]) -> dict[str, Any]:
    """What is ruled out or pinned, among those who take part in this run."""
    mentee_ids = {person.pk: person.external_id for person in mentees}
    mentor_ids = {person.pk: person.external_id for person in mentors}
    pins: list[Pin] = []
    forbids: set[tuple[str, str]] = set()
    for decision in PairDecision.objects.filter(program=program).order_by("pk"):
        mentee = mentee_ids.get(decision.mentee_id)
        mentor = mentor_ids.get(decision.mentor_id)
        if mentee is None or mentor is None:
            continue
        if decision.kind == DecisionKind.PIN:
            pins.append(Pin(mentee, mentor))
        else:
            forbids.add((mentee, mentor))
    excluded = {
        (mentee_ids[one], mentor_ids[other]): code
        for (one, other), code in excluded_pairs().items()
        if one in mentee_ids and other in mentor_ids
    }
    return {"pins": tuple(pins), "forbids": frozenset(forbids), "excluded": excluded}


def _proposal(
    problem: Problem,
    plan: Plan,
    mentees: list[Person],
    mentors: list[Person],
    waiting: list[tuple[int, list[dict[str, Any]]]],
) -> Proposal:
    ids = {person.external_id: person.pk for person in [*mentees, *mentors]}
    certificate = certificate_document(plan)
    prices = certificate.pop("prices")
    return Proposal(
        seed=plan.seed,
        matches=[_found(problem, plan, pair, ids) for pair in plan.pairs],
        unmatched=[
            *waiting,
            *((ids[row.person], _why_unmatched(problem, plan, row)) for row in plan.unmatched),
        ],
        certificate=certificate,
        prices=prices,
    )


def _found(problem: Problem, plan: Plan, pair: Pair, ids: dict[str, int]) -> Found:
    told = explain(problem, plan, pair.mentee, change=False)
    return Found(
        mentee_id=ids[pair.mentee],
        mentor_id=ids[pair.mentor],
        starts_at=problem.starts_at(pair.slot),
        skill=pair.skill,
        score=pair.score,
        reasons=[reason.document() for reason in pair.reasons],
        explanation={
            "price": told.price,
            "others": [
                {
                    "code": "who",
                    "params": {"mentor": other.mentor, "because": other.reason.document()},
                }
                for other in told.others[:OTHERS_SHOWN]
            ],
        },
        pinned=pair.pinned,
    )


def _why_unmatched(problem: Problem, plan: Plan, row: Unmatched) -> list[dict[str, Any]]:
    """The binding reason, and the smallest single change that would help where there is one."""
    told = explain(problem, plan, row.person)
    reasons = [row.reason.document()]
    if told.change is not None:
        reasons.append(told.change.document())
    return reasons
