"""From a program's people and calendars to the engine's question."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from handrail.apps.calendars.queries import minutes_booked_by, week_bits
from handrail.apps.matches.models import (
    DecisionKind,
    Match,
    MatchRun,
    PairDecision,
    RunStatus,
)
from handrail.apps.matches.parting import excluded_in
from handrail.apps.matches.signals import meetings_asked, sessions_asked
from handrail.apps.matches.solving import Asked
from handrail.apps.matches.weights import KEEP, SEAT_PRICE
from handrail.apps.people.models import Person
from handrail.apps.people.stays import have_come
from handrail.apps.programs.models import (
    Enrolment,
    EnrolmentRole,
    Objective,
    Program,
    ShareLoad,
)
from handrail.apps.programs.objectives import needed
from handrail.apps.programs.queries import day_in
from handrail.domain.matching import Mentee, Mentor, Options, Pin, Problem, Published, Want

# What held for every plan before these two were rules.
ALWAYS_WAS = {"quality_floor": 30, "share_load": ShareLoad.FIT.value}

RECENT = "recent"

Reasons = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Question:
    """What the engine is asked for a run, and how its answer becomes people again.

    `waiting`: mentees who cannot be asked for yet, with why.
    """

    asked: Asked
    ids: dict[str, int]  # the engine's id of a person -> theirs
    waiting: list[tuple[str, Reasons]]
    rules: dict[str, Any]


def step_for(minutes: int) -> int:
    """The grid's step: a session with artifact and buffer minutes must fit into one slot."""
    return 30 if minutes + 10 <= 30 else 60


def question_for(program: Program, *, week: date, seed: int, now: datetime) -> Question:
    """Read everything that decides one week of a program."""
    rules = rules_of(program)
    mentees, mentors, waiting = _who_takes_part(program, week, now)
    step = step_for(program.session_minutes)
    bits = week_bits(
        [*mentees, *mentors],
        week,
        now=now,
        session_minutes=program.session_minutes,
        min_notice=program.min_notice_minutes,
        step=step,
        hosts=mentors,
        daily_cap=program.daily_cap,
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
                free=bits[person.pk] & days_of(program, person, week, step),
                languages=tuple(person.languages),
            )
            for person in mentees
        ],
        mentors=[
            mentor_for(person, program, week, booked, bits, minutes=program.session_minutes)
            for person in mentors
        ],
        **_rules(program, mentees, mentors, week),
    )
    before = plan_before(program, week=week, seed=seed)
    keep_pair, keep_slot = KEEP[program.keep_published]
    return Question(
        asked=Asked(
            problem=_keeping(problem, before),
            options=Options(
                floor=program.quality_floor,
                seat_price=SEAT_PRICE[program.share_load],
                keep_pair=keep_pair,
                keep_slot=keep_slot,
            ),
            seed=seed,
        ),
        ids={
            person.external_id: person.pk
            for person in [*mentees, *mentors, *(person for person, _ in waiting)]
        },
        waiting=[(person.external_id, reasons) for person, reasons in waiting],
        rules=rules,
    )


def days_of(program: Program, mentee: Person, week: date, step: int) -> int:
    """The starts of a week that lie within the program; its days are local to its mentees."""
    origin = datetime.combine(week, time(), UTC)
    zone = ZoneInfo(mentee.timezone)
    opens = datetime.combine(program.starts_on, time(), zone)
    shuts = datetime.combine(program.ends_on + timedelta(days=1), time(), zone)
    slots = 7 * 24 * 60 // step
    first, last = (
        min(slots, max(0, -((origin - moment) // timedelta(minutes=step))))
        for moment in (opens, shuts)
    )
    return (1 << last) - (1 << first)


def rules_of(program: Program) -> dict[str, Any]:
    """What a lead has decided for the program's plans, as it is kept with each run."""
    decisions = PairDecision.objects.filter(program=program).order_by("pk")
    pairs = decisions.values_list("kind", "mentee__public_id", "mentor__public_id")
    found: dict[str, list[list[str]]] = {DecisionKind.PIN.value: [], DecisionKind.FORBID.value: []}
    for kind, mentee, mentor in pairs:
        found[kind].append([str(mentee), str(mentor)])
    return {
        "pins": sorted(found[DecisionKind.PIN]),
        "forbids": sorted(found[DecisionKind.FORBID]),
        "keep_published": program.keep_published,
        "again_after_weeks": program.again_after_weeks,
        "quality_floor": program.quality_floor,
        "share_load": program.share_load,
    }


def rules_kept(run: MatchRun) -> dict[str, Any]:
    """The rules a run was asked by; empty for one from a time when they were not kept."""
    return {**ALWAYS_WAS, **run.rules} if run.rules else {}


def plan_before(program: Program, *, week: date, seed: int) -> dict[int, Match]:
    """Mentee -> what the plan before this one had for them in the same week.

    What was published counts first. A preview counts where the draw is the same: a lead who
    decides on one pair wants the others to stay, one who asks for another draw does not.
    """
    runs = MatchRun.objects.filter(program=program, week=week)
    preview = runs.filter(status=RunStatus.PREVIEW, seed=seed).first()
    published = runs.filter(status=RunStatus.PUBLISHED)
    found: dict[int, Match] = {}
    for match in Match.objects.filter(run=preview) if preview else []:
        found[match.mentee_id] = match
    # The oldest first, so that the newest word on a mentee counts.
    for match in Match.objects.filter(run__in=published).order_by("run__published_at", "pk"):
        found[match.mentee_id] = match
    return found


def _keeping(problem: Problem, before: dict[int, Match]) -> Problem:
    mentees = {mentee.person for mentee in problem.mentees}
    mentors = {mentor.person for mentor in problem.mentors}
    people = dict(
        Person.objects.filter(
            pk__in={match.mentee_id for match in before.values()}
            | {match.mentor_id for match in before.values()}
        ).values_list("pk", "external_id")
    )
    published = [
        Published(
            people[match.mentee_id], people[match.mentor_id], problem.slot_at(match.starts_at)
        )
        for match in before.values()
    ]
    kept = [old for old in published if old.mentee in mentees and old.mentor in mentors]
    kept.sort(key=lambda old: (old.mentee, old.mentor))
    return replace(problem, published=tuple(kept))


def _who_takes_part(
    program: Program, week: date, now: datetime
) -> tuple[list[Person], list[Person], list[tuple[Person, Reasons]]]:
    """Mentees to serve, mentors who give, and mentees who cannot be asked for yet, with why."""
    taking_part = (
        Enrolment.objects.filter(program=program, left_at=None)
        # Nobody is matched with a mentor before that mentor's first day: it would be told.
        .filter(Q(role=EnrolmentRole.MENTEE) | have_come(day_in(program, now), "person"))
        .select_related("person")
        .prefetch_related("person__wants__skill", "person__offers__skill")
        .order_by("person__external_id")
    )
    held: dict[int, list[datetime]] = {}
    answers: list[tuple[Any, Any]] = sessions_asked.send(sender=Program, program=program)
    for _receiver, answer in answers:
        held.update(answer)
    objectives = Counter(
        Objective.objects.filter(enrolment__program=program, enrolment__left_at=None).values_list(
            "enrolment__person_id", flat=True
        )
    )
    mentees: list[Person] = []
    mentors: list[Person] = []
    waiting: list[tuple[Person, Reasons]] = []
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
            waiting.append((person, [{"code": "paused", "params": {"until": until}}]))
        elif not objectives[person.pk]:
            waiting.append((person, [{"code": "no_objective", "params": {}}]))
        elif (missing := needed(program) - objectives[person.pk]) > 0:
            waiting.append((person, [{"code": "objectives_missing", "params": {"n": missing}}]))
        else:
            mentees.append(person)
    return mentees, mentors, waiting


def _wants(program: Program, mentees: list[Person]) -> dict[int, tuple[Want, ...]]:
    """Each mentee's wishes; the skills of their objectives that count come first."""
    objectives = Objective.objects.filter(
        enrolment__program=program, enrolment__left_at=None
    ).select_related("skill", "enrolment")
    first: dict[int, list[str]] = {}
    for objective in objectives.order_by("position"):
        if objective.skill is not None:
            dear = first.setdefault(objective.enrolment.person_id, [])
            if not program.objectives_per_mentee:
                dear.clear()  # the latest one counts
            if objective.skill.name not in dear:
                dear.append(objective.skill.name)
    wants: dict[int, tuple[Want, ...]] = {}
    for person in mentees:
        wished = sorted(person.wants.all(), key=lambda want: (want.priority, want.skill.name))
        levels = {want.skill.name: want.own_level for want in wished}
        names = [want.skill.name for want in wished]
        dear = first.get(person.pk, [])
        names = [*dear, *(name for name in names if name not in dear)]
        wants[person.pk] = tuple(
            Want(skill=name, priority=place, level=levels.get(name, 0))
            for place, name in enumerate(names, start=1)
        )
    return wants


def mentor_for(
    person: Person,
    program: Program,
    week: date,
    booked: dict[int, int],
    bits: dict[int, int],
    *,
    minutes: int,
) -> Mentor:
    """A mentor as the engine sees them in a week: what is booked and used up is taken out."""
    noon = datetime(week.year, week.month, week.day, 12, tzinfo=ZoneInfo(person.timezone))
    offset = noon.utcoffset() or timedelta()
    caps = [cap for cap in (program.daily_cap, person.daily_cap) if cap]
    left = max(0, person.minutes_per_week - booked.get(person.pk, 0))
    return Mentor(
        person=person.external_id,
        skills=tuple((offer.skill.name, offer.level) for offer in person.offers.all()),
        seats=left // minutes,
        free=bits[person.pk],
        languages=tuple(person.languages),
        daily_cap=min(caps, default=0),
        offset_minutes=int(offset.total_seconds() // 60),
    )


def _rules(
    program: Program, mentees: list[Person], mentors: list[Person], week: date
) -> dict[str, Any]:
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
        for (one, other), code in ruled_out(program, week).items()
        if one in mentee_ids and other in mentor_ids
    }
    for pinned in pins:
        # A lead may put two together who met lately; nobody may against a private wish.
        if excluded.get((pinned.mentee, pinned.mentor)) == RECENT:
            del excluded[pinned.mentee, pinned.mentor]
    return {"pins": tuple(pins), "forbids": frozenset(forbids), "excluded": excluded}


def ruled_out(program: Program, week: date) -> dict[tuple[int, int], str]:
    """Pairs of person ids, in both orders, that the week's plan may not have, with the code.

    Beside the organisation's own rules: who met lately, in any program, by this program's rule.
    """
    found = excluded_in(program)
    if program.again_after_weeks:
        start = datetime.combine(week, time(), UTC)
        since = start - timedelta(weeks=program.again_after_weeks)
        answers: list[tuple[Any, Any]] = meetings_asked.send(sender=Program, since=since)
        for _receiver, pairs in answers:
            for one, other in pairs:
                found.setdefault((one, other), RECENT)
                found.setdefault((other, one), RECENT)
    return found
