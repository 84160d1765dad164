"""Doing what follows from all that was told of a hire; asked again it does nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q

from handrail.apps.cohorts.actions import (
    correct_first_day,
    give_back,
    give_place,
    hand_place_over,
)
from handrail.apps.cohorts.models import Intake, IntakeState
from handrail.apps.hiring.actions.holding import hand_over, hold_of
from handrail.apps.hiring.hire_announcing import announce_in, announce_moved
from handrail.apps.hiring.models import HireRecord, Introduction, Waits
from handrail.apps.hiring.standing import (
    Standing,
    leads_to,
    local_day,
    rules_now,
    standing_of,
    told_of,
    windows_of,
)
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.mail import is_nowhere
from handrail.apps.people.hired import (
    add_hired,
    cancel_stay,
    forget_hired,
    give_address,
    person_at,
    plan_stay,
    was_here_before,
)
from handrail.apps.people.models import Person
from handrail.apps.programs.actions import enrol, leave
from handrail.apps.programs.models import EnrolmentRole, ProgramModel, ProgramStatus
from handrail.domain.hiring import Decision, Do, Known, decide, known_from

STEPS = 3  # given back, given anew, and a look that finds nothing left
PERSONAL_FOR = timedelta(days=14)  # after the first day
NEW_FOR = timedelta(days=90)  # who began longer ago is here already, whoever tells of them now
KEPT_FOR = timedelta(days=180)  # after the first day, or after it came to nothing
# What time or others may have settled since the last look.
MAY_CHANGE = (Waits.NO_JOB, Waits.NO_INTAKE, Waits.FIRST_DAY, Waits.REFUSED, Waits.HERE_ALREADY)


def locked(hire: HireRecord) -> HireRecord:
    """Lock a hire for this transaction: what is done about it is done under this lock alone."""
    HireRecord.objects.select_for_update(of=("self",)).get(pk=hire.pk)
    return HireRecord.objects.select_related("organization", "person", "program", "intake").get(
        pk=hire.pk
    )


def settle(hire: HireRecord, *, now: datetime, looked_at: bool = False) -> HireRecord:
    """Do what follows for one hire, in the caller's transaction; the caller holds its lock.

    `looked_at`: a lead has just said what becomes of it, and need not be asked again.
    """
    _Settling(hire, now, looked_at).run()
    return hire


def tend_hires(*, by: Viewer, now: datetime) -> int:
    """Bring every hire of the organisation up to the clock; say how many were looked at."""
    today = local_day(by.organization, now)
    with reading(by.organization):
        due = Q(waits__in=MAY_CHANGE) | Q(introduction=Introduction.ASKED, start_date__lte=today)
        due |= Q(held_for__isnull=False, intake__state=IntakeState.CALLED_OFF)
        due |= Q(held_for__isnull=False, intake=None, program__model=ProgramModel.COHORT)
        waiting = list(HireRecord.objects.filter(due, closed_at=None).order_by("created_at", "pk"))
    for hire in waiting:
        with writing(by.organization):
            settle(locked(hire), now=now)
    with writing(by.organization):
        over = Q(start_date__lt=today - KEPT_FOR, undone=False, closed_at=None)
        nothing = Q(undone=True) | Q(closed_at__isnull=False)
        over |= nothing & Q(changed_at__lt=now - KEPT_FOR)
        HireRecord.objects.filter(over, waits="").delete()
        past = Q(start_date__lt=today - PERSONAL_FOR) | Q(undone=True) | ~Q(work_email="")
        past |= Q(start_date=None, created_at__lt=now - 3 * PERSONAL_FOR)
        HireRecord.objects.exclude(personal_email="").filter(past).update(
            personal_email="", rev=F("rev") + 1
        )
    return len(waiting)


class _Settling:
    """One hire while it is settled; what the steps share."""

    def __init__(self, hire: HireRecord, now: datetime, looked_at: bool) -> None:
        self.hire = hire
        self.now = now
        self.looked_at = looked_at
        self.could_be_written_to = bool(hire.personal_email)
        self.before = self._state()
        self.by = Viewer.system(hire.organization, "hires")
        self.today = local_day(hire.organization, now)
        self.known: Known = known_from(told_of(hire))
        self.asks_lead = False

    def run(self) -> None:
        hire, known = self.hire, self.known
        self._write_known()
        self._find_person()
        is_over = hire.closed_at is not None and not known.undone
        waits = self._closed() if is_over else self._decided()
        self._follow_stay()
        self._follow_hold()
        if waits != hire.waits:
            hire.waits, hire.waits_since = waits, self.now if waits else None
        self._introduce()
        if self.before != self._state():
            hire.changed_at = self.now
        hire.rev += 1
        hire.save()

    def _state(self) -> tuple[object, ...]:
        """What a change of the hire is seen by."""
        hire = self.hire
        return (hire.undone, hire.closed_at, hire.waits, hire.held_for, hire.start_date)

    def _write_known(self) -> None:
        hire, known = self.hire, self.known
        hire.undone = known.undone
        for name in ("name", "work_email", "job", "job_title", "department"):
            setattr(hire, name, getattr(known, name))
        if known.start_date is not None or not known.undone:
            hire.start_date = known.start_date
            zone = ZoneInfo(hire.organization.timezone)
            since = known.start_known
            hire.start_known_since = since.astimezone(zone).date() if since else None
        if hire.work_email or hire.undone:
            hire.personal_email = ""

    def _find_person(self) -> None:
        """Whose hire it is: by the work address, as soon as there is one."""
        hire = self.hire
        there = person_at(hire.work_email)
        if hire.person is None:
            hire.person = there
        elif there is None and hire.work_email:
            give_address(hire.person, hire.work_email, by=self.by, now=self.now)
            if hire.introduction == Introduction.SENT and not self.could_be_written_to:
                announce_in(hire, self.now)  # the first one reached nobody
        elif there is not None and there != hire.person and is_nowhere(hire.person.email):
            self._become(there)

    def _become(self, person: Person) -> None:
        """Who was made without an address turns out to be somebody who is here."""
        hire, before = self.hire, self.hire.person
        assert before is not None
        standing = standing_of(hire)
        try:
            with transaction.atomic():
                if standing.place is not None:
                    hand_place_over(standing.place, person, by=self.by, now=self.now)
                if standing.enrolment is not None:
                    assert hire.program is not None
                    leave(standing.enrolment, by=self.by, now=self.now)
                    role = EnrolmentRole.MENTEE
                    enrol(hire.program, person, role, by=self.by, now=self.now)
        except Conflict:
            return  # their group meets already: both stay, and the line about the address too
        if hire.stay_from is not None:
            cancel_stay(before, hire.stay_from, by=self.by, now=self.now)
            hire.stay_from = None
        hire.person = person
        HireRecord.objects.filter(pk=hire.pk).update(person=person)
        forget_hired(before, by=self.by, now=self.now)

    def _decided(self) -> str:
        """Do what is to be done; the code of what the hire waits for afterwards, or none."""
        for _step in range(STEPS):
            standing = standing_of(self.hire)
            decision = self._decision(standing)
            if decision.do is Do.WAIT:
                if standing.held is None:
                    self.hire.held_for = None
                return str(decision.why)
            if decision.do is Do.NOTHING:
                self._adopt(standing)
                return self._undone_late()
            try:
                with transaction.atomic():
                    self._do(decision, standing)
            except (Conflict, Invalid):
                return Waits.REFUSED
        return Waits.REFUSED

    def _closed(self) -> str:
        """A lead has said that this hire comes into no program."""
        standing = standing_of(self.hire)
        if standing.held is not None and not standing.held.begun:
            self._release(standing)
            self._record("hire.released")
        return ""

    def _decision(self, standing: Standing) -> Decision:
        hire, known = self.hire, self.known
        program = hire.program
        if program is None or program.status != ProgramStatus.RUNNING:
            to = leads_to(hire, rules_now(hire.source)) if standing.held is None else None
            self.asks_lead = to is not None and to.asks_lead
            program = to.program if to else None
        self.program = program
        has_intakes = program is not None and program.model == ProgramModel.COHORT
        if hire.person is not None and not known.name:
            known = replace(known, name=hire.person.name)
        windows_program = standing.place.intake.program if standing.place else program
        return decide(
            known,
            program=str(program.pk) if program else None,
            has_intakes=has_intakes,
            windows=windows_of(windows_program) if windows_program else (),
            held=standing.held,
            out=standing.out,
            here_already=self._is_here_already(),
            today=self.today,
        )

    def _is_here_already(self) -> bool:
        hire, start = self.hire, self.known.start_date
        if start is None or hire.although_here:
            return False
        before = hire.person is not None and was_here_before(
            hire.person, start, except_since=hire.stay_from
        )
        return before or start < self.today - NEW_FOR

    def _do(self, decision: Decision, standing: Standing) -> None:
        hire = self.hire
        if decision.do is Do.RELEASE:
            self._release(standing)
            self._record("hire.released")
            return
        start = self.known.start_date
        assert start is not None
        person = self._person()
        if decision.do is Do.ENROL:
            assert self.program is not None
            enrol(self.program, person, EnrolmentRole.MENTEE, by=self.by, now=self.now)
            hire.program, hire.intake, hire.held_for = self.program, None, start
            self._record("hire.placed")
            return
        intake = Intake.objects.select_related("program").get(pk=int(decision.intake))
        hold = hold_of(hire)
        from_here = {standing.place.intake_id} if standing.place is not None else set()
        if there := from_here | ({hold.intake_id} if hold is not None else set()):
            # In order: somebody may be on the way from there to here.
            both = Intake.objects.filter(pk__in={intake.pk, *there})
            list(both.select_for_update(of=("self",)).order_by("pk"))
        give_place(
            intake, person, start, waits_since=standing.waits_since, by=self.by, now=self.now
        )
        if decision.do is Do.MOVE:
            self._release(standing)
            if hire.introduction == Introduction.SENT:
                announce_moved(hire, intake, self.now)
        hire.program, hire.intake, hire.held_for = intake.program, intake, start
        self._record("hire.moved" if decision.do is Do.MOVE else "hire.placed")

    def _release(self, standing: Standing) -> None:
        hire = self.hire
        if standing.place is not None:
            give_back(standing.place, by=self.by, now=self.now)
        if standing.enrolment is not None:
            leave(standing.enrolment, by=self.by, now=self.now)
        hire.intake, hire.held_for = None, None

    def _person(self) -> Person:
        hire = self.hire
        if hire.person is None:
            key = f"{hire.connection}:{hire.application}"
            hire.person = add_hired(
                self.known.name, hire.work_email, key=key, by=self.by, now=self.now
            )
            # At once: a place that is given below is looked up by the person.
            HireRecord.objects.filter(pk=hire.pk).update(person=hire.person)
        return hire.person

    def _adopt(self, standing: Standing) -> None:
        """Take over what the clock gave by default, and keep the first day of a place right."""
        hire, start = self.hire, self.known.start_date
        if standing.held is None:
            return
        if standing.place is not None:
            if hire.intake_id is None and not is_nowhere(standing.place.person.email):
                hire.introduction = Introduction.SENT  # told when the clock took them in
            hire.program, hire.intake = standing.place.intake.program, standing.place.intake
            if start is not None and not standing.out:
                correct_first_day(standing.place, start, by=self.by, now=self.now)
        hire.held_for = start or hire.held_for or standing.held.start_date

    def _undone_late(self) -> str:
        """Undone after the first day: only a person can say whether they ever came."""
        stay = self.hire.stay_from
        if self.known.undone and stay is not None and stay <= self.today:
            return Waits.BEGUN
        return ""

    def _follow_stay(self) -> None:
        """From when somebody is here, as told; what is undone in time was never to be."""
        hire, start = self.hire, self.known.start_date
        person = hire.person
        if person is None:
            return
        if self.known.undone or hire.closed_at is not None:
            if hire.stay_from is not None and hire.stay_from > self.today:
                cancel_stay(person, hire.stay_from, by=self.by, now=self.now)
                hire.stay_from = None
            if hire.stay_from is None and self._is_forgotten(person):
                hire.person = None
            return
        if start is None or (hire.held_for is None and hire.stay_from is None):
            return
        if hire.stay_from == start or hire.although_here:
            return
        plan_stay(
            person,
            start,
            known_since=hire.start_known_since or self.today,
            instead_of=hire.stay_from,
            by=self.by,
            now=self.now,
        )
        hire.stay_from = start

    def _follow_hold(self) -> None:
        """A seat that the accepted offer holds becomes this place, with its number in line."""
        hold = hold_of(self.hire)
        if hold is not None and not self.known.doubtful:
            hand_over(hold, self.hire, now=self.now)

    def _is_forgotten(self, person: Person) -> bool:
        others = HireRecord.objects.filter(person=person).exclude(pk=self.hire.pk)
        return not others.exists() and forget_hired(person, by=self.by, now=self.now)

    def _introduce(self) -> None:
        """Tell a hire that they are in: at once, or when a lead has looked, or on the first day."""
        hire = self.hire
        if hire.held_for is None:
            hire.introduction = Introduction.NONE
            return
        begun = hire.held_for <= self.today
        asks = self.asks_lead and not self.looked_at
        if hire.introduction == Introduction.NONE and asks and not begun:
            hire.introduction = Introduction.ASKED
        if hire.introduction == Introduction.NONE or (
            hire.introduction == Introduction.ASKED and begun
        ):
            introduce(hire, now=self.now)

    def _record(self, verb: str, **detail: Any) -> None:
        record_audit(
            by=self.by,
            verb=verb,
            object_type="hire",
            object_id=self.hire.public_id,
            detail=detail,
            now=self.now,
        )


def introduce(hire: HireRecord, *, now: datetime) -> None:
    """Have a hire told that they are in; whoever calls saves the hire and holds its lock."""
    hire.introduction, hire.introduced_at = Introduction.SENT, now
    announce_in(hire, now)
