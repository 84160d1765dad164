"""Who could mentor which project: the engine's answer for all projects that look for somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo

from handrail.apps.calendars.models import Booking, BookingStatus
from handrail.apps.calendars.queries import minutes_booked_by, week_bits
from handrail.apps.matches.models import DecisionKind, PairDecision
from handrail.apps.matches.proposing import mentor_for, ruled_out, step_for
from handrail.apps.matches.wording import sentence
from handrail.apps.people.models import Person, SkillWanted
from handrail.apps.programs.models import EnrolmentRole, Program
from handrail.apps.projects.models import (
    MentorOffer,
    Mentorship,
    Project,
    ProjectPerson,
    ProjectState,
)
from handrail.domain.matching import (
    Mentee,
    Mentor,
    Options,
    Plan,
    Problem,
    Running,
    Want,
    explain,
    keep_seats,
    solve,
)

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mentor who could take a project, and why."""

    mentor: Person
    reasons: list[dict[str, Any]]
    names: dict[str, str] = field(default_factory=dict)
    is_best: bool = False  # proposed, with all other projects in view
    offered: bool = False

    @property
    def why(self) -> list[str]:
        """The reasons in words."""
        return [sentence(reason, self.names) for reason in self.reasons]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the engine says to one project."""

    project: Project
    candidates: list[Candidate]
    nobody: list[str]  # why nobody can be proposed, in words


def propose(program: Program, project: Project, *, now: datetime) -> Proposal:
    """Mentors for one project, the best first; the first with all other seekers in view.

    Capacity counts: what runs already keeps its seats, a project takes as many of its mentor's as
    it has check-ins a week. Who offered comes with their reasons, or without where none fit.
    """
    seekers = list(
        Project.objects.filter(program=program, state=ProjectState.SEEKING)
        .exclude(pk=project.pk)
        .order_by("created_at", "pk")
    )
    everybody = [project, *seekers]
    people = _people(everybody)
    mentors = _mentors(program)
    problem = _problem(program, everybody, people, mentors, now)
    options = Options(model="project", floor=program.quality_floor)
    plan = solve(problem, seed=program.seed, options=options)
    names = {mentor.external_id: mentor.name for mentor in mentors}
    names[str(project.public_id)] = project.name
    said = explain(problem, plan, str(project.public_id), change=False)
    by_id = {mentor.external_id: mentor for mentor in mentors}
    current = {row.mentor_id for row in Mentorship.objects.filter(project=project, until=None)}
    offered = set(
        MentorOffer.objects.filter(project=project).values_list("mentor__external_id", flat=True)
    )
    found: list[Candidate] = []
    if said.pair is not None:
        reasons = [reason.document() for reason in said.why]
        who = said.pair.mentor
        found.append(Candidate(by_id[who], reasons, names, True, who in offered))
    for other in list(said.others)[: SHOWN + len(offered)]:
        if other.difference is not None:
            reasons = _alone(problem, project, other.mentor, options, program.seed)
            if not reasons and other.mentor not in offered:
                continue  # has too few minutes for it even alone
            found.append(
                Candidate(by_id[other.mentor], reasons, names, False, other.mentor in offered)
            )
    known = {one.mentor.external_id for one in found}
    for who in sorted(offered - known):
        if who in by_id:
            found.append(Candidate(by_id[who], [], names, False, True))
    found = [one for one in found if one.mentor.pk not in current]
    nobody = [] if said.pair else [sentence(reason.document(), names) for reason in said.why]
    return Proposal(project, found[: SHOWN + len(offered)], nobody)


def _alone(
    problem: Problem, project: Project, mentor: str, options: Options, seed: int
) -> list[dict[str, Any]]:
    """The reasons of one mentor for this project, as if there were no other."""
    key = str(project.public_id)
    small = Problem(
        week=problem.week,
        mentees=[one for one in problem.mentees if one.person == key],
        mentors=[one for one in problem.mentors if one.person == mentor],
        minutes=problem.minutes,
        step=problem.step,
        excluded={pair: code for pair, code in problem.excluded.items() if pair == (key, mentor)},
        loads={key: problem.loads[key]} if key in problem.loads else {},
    )
    plan: Plan = solve(small, seed=seed, options=options)
    pair = plan.pair_of(key)
    return [reason.document() for reason in pair.reasons] if pair else []


def _people(projects: Iterable[Project]) -> dict[int, list[Person]]:
    rows = ProjectPerson.objects.filter(project__in=list(projects)).select_related("person")
    found: dict[int, list[Person]] = defaultdict(list)
    for row in rows.order_by("pk"):
        found[row.project_id].append(row.person)
    return found


def _mentors(program: Program) -> list[Person]:
    return list(
        Person.objects.filter(
            enrolments__program=program,
            enrolments__role=EnrolmentRole.MENTOR,
            enrolments__left_at=None,
        )
        .prefetch_related("offers__skill")
        .order_by("external_id")
    )


def _problem(
    program: Program,
    projects: list[Project],
    people: dict[int, list[Person]],
    mentors: list[Person],
    now: datetime,
) -> Problem:
    week = now.date() + timedelta(days=7 - now.weekday())
    step = step_for(program.session_minutes)
    everybody = {person.pk: person for group in people.values() for person in group}
    bits = week_bits(
        [*everybody.values(), *[m for m in mentors if m.pk not in everybody]],
        week,
        now=now,
        session_minutes=program.session_minutes,
        step=step,
        hosts=mentors,
        daily_cap=program.daily_cap,
    )
    booked = minutes_booked_by(mentors, week, now=now)
    asked = [project for project in projects if people.get(project.pk)]
    problem = Problem(
        week=week,
        minutes=program.session_minutes,
        step=step,
        mentees=[_as_mentee(project, people[project.pk], bits, week, step) for project in asked],
        mentors=[
            mentor_for(one, program, week, booked, bits, minutes=program.session_minutes)
            for one in mentors
        ],
        excluded=_excluded(program, asked, people, mentors, week),
        loads={str(project.public_id): project.seats for project in asked},
    )
    return keep_seats(problem, _running(program, problem, projects))


def _as_mentee(
    project: Project, people: list[Person], bits: dict[int, int], week: date, step: int
) -> Mentee:
    """A project as the engine sees it: what its people share, for the skills it needs."""
    wanted = [row.skill for row in project.skills.select_related("skill").order_by("position")]
    levels = dict(
        SkillWanted.objects.filter(person=people[0], skill__in=wanted).values_list(
            "skill_id", "own_level"
        )
    )
    free = reduce(lambda one, other: one & other, (bits[person.pk] for person in people))
    if project.state == ProjectState.RUNNING:
        # Another mentor may take the times that it has itself, or other ones.
        free |= _own_times(project, week, step)
    else:
        free &= _decided(project, week, step)
    spoken = [list(person.languages) for person in people if person.languages]
    shared = [name for name in spoken[0] if all(name in each for each in spoken)] if spoken else []
    return Mentee(
        person=str(project.public_id),
        wants=tuple(
            Want(skill.name, place, levels.get(skill.pk, 0))
            for place, skill in enumerate(wanted, start=1)
        ),
        free=free,
        languages=tuple(shared),
    )


def _own_times(project: Project, week: date, step: int) -> int:
    """The starts of the week at which its people meet for this project."""
    origin, found = datetime.combine(week, time(), UTC), 0
    booked = Booking.objects.filter(
        session__check_in__project=project,
        status=BookingStatus.CONFIRMED,
        starts_at__gte=origin,
        starts_at__lt=origin + timedelta(days=7),
    )
    for starts_at in booked.values_list("starts_at", flat=True):
        slot, off = divmod(starts_at - origin, timedelta(minutes=step))
        found |= 0 if off else 1 << slot
    return found


def _decided(project: Project, week: date, step: int) -> int:
    """The starts of the week that day and time of the project leave, where they are decided."""
    slots = 7 * 24 * 60 // step
    if project.minute is None and not project.weekdays:
        return (1 << slots) - 1
    origin, zone, found = datetime.combine(week, time(), UTC), ZoneInfo(project.timezone), 0
    for slot in range(slots):
        local = (origin + timedelta(minutes=slot * step)).astimezone(zone)
        day_fits = not project.weekdays or local.weekday() in project.weekdays
        minute = local.hour * 60 + local.minute
        if day_fits and (project.minute is None or minute == project.minute):
            found |= 1 << slot
    return found


def _excluded(
    program: Program,
    projects: list[Project],
    people: dict[int, list[Person]],
    mentors: list[Person],
    week: date,
) -> dict[tuple[str, str], Any]:
    """What keeps a mentor from any of a project's people keeps them from the project."""
    out: dict[tuple[int, int], Any] = dict(ruled_out(program, week))
    for decision in PairDecision.objects.filter(program=program, kind=DecisionKind.FORBID):
        out.setdefault((decision.mentee_id, decision.mentor_id), "conflict")
    found: dict[tuple[str, str], Any] = {}
    for project in projects:
        for mentor in mentors:
            for person in people[project.pk]:
                code = "conflict" if person.pk == mentor.pk else out.get((person.pk, mentor.pk))
                if code not in (None, "recent"):
                    found[str(project.public_id), mentor.external_id] = code
    return found


def _running(program: Program, problem: Problem, asked: list[Project]) -> list[Running]:
    """Projects whose check-ins of the week are not in the calendar: they keep their seats too.

    What is booked is taken out of the mentors' minutes already.
    """
    seats: dict[str, Mentor] = {mentor.person: mentor for mentor in problem.mentors}
    left = {name: mentor.seats for name, mentor in seats.items()}
    start, end = problem.starts_at(0), problem.starts_at(0) + timedelta(days=7)
    known = {project.pk for project in asked}
    found: list[Running] = []
    taken: set[tuple[str, int]] = set()
    running = Mentorship.objects.filter(
        until=None, project__program=program, project__state=ProjectState.RUNNING
    ).select_related("mentor", "project")
    for row in running.order_by("pk"):
        who, project = row.mentor.external_id, row.project
        booked = Booking.objects.filter(
            session__check_in__project=project, starts_at__gte=start, starts_at__lt=end
        ).exists()
        slot = _slot(problem, project)
        if booked or project.pk in known or slot is None or who not in left:
            continue
        if left[who] >= project.seats and (who, slot) not in taken:
            left[who] -= project.seats
            taken.add((who, slot))
            found.append(Running(str(project.public_id), who, slot, project.seats))
    return found


def _slot(problem: Problem, project: Project) -> int | None:
    """The slot of the week at which the project meets, None where it has no time on the grid."""
    if project.minute is None:
        return None
    zone = ZoneInfo(project.timezone)
    weekday = project.weekdays[0] if project.weekdays else 0
    day = problem.week + timedelta(days=weekday)
    hour, minute = divmod(project.minute, 60)
    at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
    return problem.slot_at(at)
