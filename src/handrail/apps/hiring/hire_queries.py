"""Questions about hires: the queue, the map of jobs, one hire with all that was told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from handrail.apps.cohorts.line import line_of
from handrail.apps.cohorts.times import first_monday
from handrail.apps.hiring.hire_words import hire_by_word
from handrail.apps.hiring.models import HireRecord, HireRule, HireTold, Introduction, Job, Waits
from handrail.apps.hiring.roles import (
    leads_any,
    may_answer,
    may_see_hires,
    require_rules,
    require_see,
)
from handrail.apps.hiring.standing import (
    Leads,
    as_rule,
    leads_to,
    local_day,
    rules_now,
    standing_of,
)
from handrail.apps.organizations.models import Grant
from handrail.apps.organizations.refusals import NotFound
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.mail import is_nowhere
from handrail.apps.programs.models import Program, ProgramLead, ProgramStatus
from handrail.domain.hiring import Rule

LAST = 50  # hires that a rule is tried on
SOON = timedelta(days=14)  # before the first day, when a missing address begins to matter


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in the queue that a lead can do something about."""

    hire: HireRecord
    why: str  # a code of `Waits`, or "approve", "no_address"
    may_answer: bool
    program: Program | None  # the one held, or the one that the job leads to


@dataclass(frozen=True, slots=True)
class Tried:
    """One of the last hires as a rule that is being made would have it."""

    hire: HireRecord
    matches: bool
    goes_to: Program | None  # as the rules are now


@dataclass(frozen=True, slots=True)
class JobMap:
    """Which jobs lead where: rules that leads keep, and jobs that name their program."""

    rules: list[HireRule]
    jobs: list[Job]


@dataclass(frozen=True, slots=True)
class OwnPlaceByWord:
    """What the reader of a hire's mail sees: their place, and whether they may still decide."""

    hire: HireRecord
    state: str  # "in", "waiting", "out", "over"
    number: int  # on the waiting list
    starts_on: date | None
    minutes: int
    language: str


def hires_for(viewer: Viewer) -> QuerySet[HireRecord]:
    """The hires that the viewer may see: of programs they lead, of none yet, or all."""
    require_see(viewer, "programs:read")
    hires = HireRecord.objects.select_related("person", "program", "intake", "organization")
    if not viewer.is_administrator and Grant.RECRUITER not in viewer.grants:
        led = ProgramLead.objects.filter(person_id=viewer.person_id or 0)
        hires = hires.filter(Q(program=None) | Q(program__in=led.values("program_id")))
    return hires.order_by(F("start_date").asc(nulls_first=True), "pk")


def hire_for(viewer: Viewer, public_id: UUID) -> HireRecord:
    """One hire, or NotFound where it is not the viewer's to see."""
    hire = hires_for(viewer).filter(public_id=public_id).first()
    if hire is None:
        raise NotFound(_("There is no such hire."))
    return hire


def queue(viewer: Viewer, now: datetime) -> list[Line]:
    """What waits for somebody, the earliest first day first; each is there until it is done."""
    today = local_day(viewer.organization, now)
    asking = Q(introduction=Introduction.ASKED) | ~Q(waits__in=("", Waits.FIRST_DAY))
    held = Q(held_for__isnull=False, start_date__lte=today + SOON, undone=False)
    hires = hires_for(viewer).filter(Q(closed_at=None) | Q(undone=True)).filter(asking | held)
    heads_for = Directions()
    lines = [
        Line(hire, waits_for(hire), may_answer(viewer, hire), heads_for(hire)) for hire in hires
    ]
    return [line for line in lines if line.why]


def to_answer(viewer: Viewer, now: datetime) -> int:
    """How many hires wait for this viewer's own word."""
    if not viewer.may("programs:read") or not may_see_hires(viewer):
        return 0
    return sum(line.may_answer for line in queue(viewer, now))


class Directions:
    """The program that a hire is in or will come into; the rules are read once for all."""

    def __init__(self) -> None:
        self.rules: dict[str, list[tuple[Rule, Leads]]] = {}

    def __call__(self, hire: HireRecord) -> Program | None:
        if hire.program is not None:
            return hire.program
        if hire.source not in self.rules:
            self.rules[hire.source] = rules_now(hire.source)
        to = leads_to(hire, self.rules[hire.source])
        return to.program if to else None


def waits_for(hire: HireRecord) -> str:
    """What a lead can do something about: a code of `Waits`, "approve", "no_address" or nothing."""
    if hire.waits and hire.waits != Waits.FIRST_DAY:
        return hire.waits
    if hire.introduction == Introduction.ASKED:
        return "approve"
    held = hire.held_for is not None and hire.person is not None
    return "no_address" if held and hire.person and is_nowhere(hire.person.email) else ""


def coming(viewer: Viewer, now: datetime, *, most: int) -> list[Line]:
    """Who comes next and needs nothing; whether somebody took themself out is not told."""
    today = local_day(viewer.organization, now)
    hires = hires_for(viewer).filter(
        Q(held_for__isnull=False, waits="") | Q(waits=Waits.FIRST_DAY),
        undone=False,
        closed_at=None,
        start_date__gte=today - SOON,
    )
    heads_for = Directions()
    found = hires.exclude(introduction=Introduction.ASKED)[:most]
    return [Line(hire, "", may_answer(viewer, hire), heads_for(hire)) for hire in found]


def told_about(hire: HireRecord) -> list[HireTold]:
    """Everything that was told of a hire, as it came."""
    return list(HireTold.objects.filter(hire=hire).order_by("received_at", "pk"))


def programs_to_send_to(viewer: Viewer) -> QuerySet[Program]:
    """The running programs that the viewer may send a hire to."""
    programs = Program.objects.filter(status=ProgramStatus.RUNNING)
    if not viewer.is_administrator:
        led = ProgramLead.objects.filter(person_id=viewer.person_id or 0)
        programs = programs.filter(pk__in=led.values("program_id"))
    return programs.order_by("name", "pk")


def may_see_jobs(viewer: Viewer) -> bool:
    """Whether the map of jobs is a place for this viewer."""
    return viewer.is_administrator or leads_any(viewer)


def job_map(viewer: Viewer) -> JobMap:
    """Which jobs lead where, for leads and administrators."""
    require_rules(viewer, None, "programs:read")
    rules = HireRule.objects.select_related("program").order_by("program__name", "pk")
    jobs = Job.objects.exclude(program=None).exclude(ref="").select_related("program")
    return JobMap(list(rules), list(jobs.filter(closed_at=None).order_by("title", "pk")))


def rule_named(viewer: Viewer, public_id: UUID) -> HireRule:
    """One rule, for leads and administrators."""
    require_rules(viewer, None, "programs:read")
    rule = HireRule.objects.select_related("program").filter(public_id=public_id).first()
    if rule is None:
        raise NotFound(_("There is no such rule."))
    return rule


def try_rule(viewer: Viewer, draft: HireRule) -> list[Tried]:
    """Which of the last hires a rule would take, beside where they go now; nothing changes."""
    require_rules(viewer, draft.program, "programs:read")
    rule = as_rule(draft)
    heads_for = Directions()
    hires = HireRecord.objects.select_related("program").order_by("-created_at", "-pk")[:LAST]
    return [
        Tried(hire, rule.takes(hire.job, hire.job_title, hire.department), heads_for(hire))
        for hire in hires
    ]


def own_hire(public_id: UUID) -> HireRecord:
    """The hire that a mail's word names; the caller is inside its organisation."""
    hires = HireRecord.objects.select_related("organization", "person", "program", "intake")
    hire = hires.filter(public_id=public_id, undone=False).first()
    if hire is None:
        raise NotFound(_("There is no such place."))
    return hire


def place_by_word(word: str, now: datetime) -> OwnPlaceByWord:
    """The place that the reader of a hire's mail has, without a sign-in."""
    organization, public_id = hire_by_word(word)
    with reading(organization):
        hire = own_hire(public_id)
        standing = standing_of(hire)
        minutes = hire.program.session_minutes if hire.program else 0
        language = hire.person.language if hire.person else organization.language
        if standing.held is None or (standing.place and standing.held.begun):
            return OwnPlaceByWord(hire, "over", 0, None, minutes, language)
        place = standing.place
        starts_on = first_monday(place.intake) if place else standing.held.start_date
        if standing.out:
            return OwnPlaceByWord(hire, "out", 0, starts_on, minutes, language)
        place = standing.place
        number = line_of(place.intake).number_of(place) if place else 0
        if number:
            return OwnPlaceByWord(hire, "waiting", number, starts_on, minutes, language)
        return OwnPlaceByWord(hire, "in", 0, starts_on, minutes, language)
