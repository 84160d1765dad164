"""Questions about pilots; who is not named by their plan sees nothing of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import Attendance, Seat
from handrail.apps.organizations.refusals import NotAllowed, NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outcomes.queries import level_of
from handrail.apps.people.models import EmploymentSpell, Person, TakesPartAs
from handrail.apps.people.queries import still_here
from handrail.apps.pilots.history import first_reached, horizon_of
from handrail.apps.pilots.lottery import ledger_of, seed_of
from handrail.apps.pilots.models import WEEKS, Hire, Measure, Pilot, PilotState
from handrail.apps.pilots.planning import claims_of
from handrail.apps.programs.models import (
    Enrolment,
    EnrolmentRole,
    Program,
    ProgramLead,
    ProgramStatus,
)
from handrail.apps.programs.queries import may_run, programs_for
from handrail.apps.sessions.models import Session, SessionState
from handrail.domain.evidence.assignment import ARMS, Fault, replay, standing, waiting_order

HELD = (SessionState.RUNNING, SessionState.AWAITING_ARTIFACT, SessionState.CLOSED)
OFFERED, WAITING = ARMS


def pilots_for(viewer: Viewer) -> QuerySet[Pilot]:
    """The pilots the viewer may look at: leads theirs, analysts, auditors, administrators all."""
    pilots = Pilot.objects.select_related("program", "team").order_by("-starts_on", "name", "pk")
    if viewer.is_administrator or viewer.is_analyst or viewer.is_auditor:
        return pilots
    if viewer.person_id is None:
        return pilots.none()
    led = ProgramLead.objects.filter(person_id=viewer.person_id)
    return pilots.filter(program_id__in=led.values("program_id"))


def sees_pilots(viewer: Viewer) -> bool:
    """Whether pilots are a place for this viewer at all."""
    if not viewer.may("reports:read"):
        return False
    if viewer.is_administrator or viewer.is_analyst or viewer.is_auditor:
        return True
    return (
        viewer.person_id is not None
        and ProgramLead.objects.filter(person_id=viewer.person_id).exists()
    )


def require_pilots(viewer: Viewer) -> None:
    """Raise NotAllowed where pilots are not theirs to look at."""
    if not sees_pilots(viewer):
        raise NotAllowed(
            _("Pilots are for leads of a program, analysts, auditors and administrators.")
        )


def require_planner(viewer: Viewer) -> None:
    """Raise NotAllowed unless the viewer could plan a pilot: leads and administrators."""
    leads = (
        viewer.person_id is not None
        and ProgramLead.objects.filter(person_id=viewer.person_id).exists()
    )
    if not viewer.may("programs:write") or not (viewer.is_administrator or leads):
        raise NotAllowed(_("Only a lead of a program or an administrator plans a pilot."))


def pilot_for(viewer: Viewer, public_id: UUID) -> Pilot:
    """The pilot, or NotFound where it is not there or not the viewer's to see."""
    found = pilots_for(viewer).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("There is no such pilot."))
    return found


def names_people(viewer: Viewer, pilot: Pilot) -> bool:
    """Whether the viewer sees names: who runs the program. Everybody else sees pseudonyms."""
    return may_run(viewer, pilot.program)


def may_start_one(viewer: Viewer) -> list[Program]:
    """The programs without a pilot that the viewer runs."""
    if not viewer.may("programs:write"):
        return []
    programs = programs_for(viewer).filter(pilot=None).exclude(status=ProgramStatus.CLOSED)
    return [program for program in programs if may_run(viewer, program)]


def my_part(viewer: Viewer, public_id: UUID) -> tuple[Pilot, Hire | None]:
    """A running pilot that the viewer is a hire of, or mentors in; NotFound for others."""
    found = (
        Pilot.objects.select_related("program", "team")
        .filter(public_id=public_id)
        .exclude(state=PilotState.DRAFT)
        .first()
    )
    if found is not None and viewer.person_id is not None:
        hire = Hire.objects.filter(pilot=found, person_id=viewer.person_id).first()
        mentors = found.program.enrolments.filter(
            role=EnrolmentRole.MENTOR, left_at=None, person_id=viewer.person_id
        )
        if (hire is not None and hire.assigned_at is not None) or mentors.exists():
            return found, hire
    raise NotFound(_("There is no such pilot."))


def my_pilots(viewer: Viewer) -> list[Pilot]:
    """The running pilots the viewer is a hire of, or mentors in."""
    if viewer.person_id is None:
        return []
    own = Q(person_id=viewer.person_id)
    mine = Hire.objects.filter(own).exclude(assigned_at=None)
    mentors = Enrolment.objects.filter(own, role=EnrolmentRole.MENTOR, left_at=None)
    return list(
        Pilot.objects.filter(
            Q(pk__in=mine.values("pilot_id"))
            | Q(program_id__in=mentors.values("program_id")) & ~Q(task=""),
            state=PilotState.OPEN,
        ).order_by("pk")
    )


def eligible(pilot: Pilot, *, now: datetime) -> list[tuple[Person, date]]:
    """Who is a hire of this pilot by now, with their first day: default-in.

    Of its team, here as mentee, began by its dates, has not done yet what it measures. Whoever
    is assigned already is none of this function's business.
    """
    today = now.astimezone(ZoneInfo(pilot.organization.timezone)).date()
    last = min(today, pilot.starts_on + timedelta(days=WEEKS * 7 - 1))
    people = still_here(today).filter(role=TakesPartAs.MENTEE)
    if pilot.team is not None:
        people = people.filter(team=pilot.team)
    reached = first_reached(pilot.measure, pilot.task, cut=today)
    timed = any(claim.is_about_time for claim in claims_of(pilot))
    found = []
    spells: dict[int, date] = {}
    for spell in EmploymentSpell.objects.filter(person__in=people, started_on__lte=today):
        if spell.ended_on is None or spell.ended_on >= today:
            spells[spell.person_id] = max(spell.started_on, spells.get(spell.person_id, date.min))
    for person in people.order_by("external_id"):
        first = spells.get(person.pk)
        if first is None or not pilot.hired_from <= first <= last:
            continue
        if timed and person.pk in reached:
            continue
        found.append((person, first))
    return sorted(found, key=lambda row: (row[1], row[0].external_id))


def stratum_of(pilot: Pilot, person: Person, day: date) -> str:
    """Team by level on the day of assignment, as the lottery names it."""
    team = person.team.name if person.team else "-"
    for level in (level_of(person, day) or "-", "-"):
        if f"{team} / {level}" in pilot.strata:
            return f"{team} / {level}"
    return f"- / {level_of(person, day) or '-'}" if not pilot.team else f"{pilot.team.name} / -"


@dataclass(frozen=True, slots=True)
class Line:
    """One hire as those who run the pilot see them; `label` stands for the name elsewhere."""

    hire: Hire
    label: str
    arm: str  # empty until assigned
    stratum: str
    place: int
    void: bool
    known: int | None  # days followed, None before assignment

    @property
    def may_be_offered(self) -> bool:
        """Whether mentoring is open to them now."""
        return self.arm == OFFERED or self.hire.opened_at is not None


def hires_of(pilot: Pilot, *, now: datetime) -> list[Line]:
    """Everybody who was put on the list, in an order that tells nothing; arms once assigned."""
    rows = standing(ledger_of(pilot))
    today = now.astimezone(ZoneInfo(pilot.organization.timezone)).date()
    lines = []
    hires = Hire.objects.filter(pilot=pilot).select_related("person", "person__team")
    for number, hire in enumerate(hires.order_by("public_id"), start=1):
        row = rows.get(str(hire.public_id))
        lines.append(
            Line(
                hire=hire,
                label=_("Hire %(number)d") % {"number": number},
                arm=row.arm if row else "",
                stratum=row.stratum if row else "",
                place=row.place if row else 0,
                void=row.void if row else False,
                known=(today - hire.t0).days if hire.t0 else None,
            )
        )
    return lines


def unlisted(pilot: Pilot, *, now: datetime) -> int:
    """How many hires of an open pilot are not in its list yet."""
    if pilot.state != PilotState.OPEN:
        return 0
    listed = set(Hire.objects.filter(pilot=pilot).values_list("person_id", flat=True))
    return sum(person.pk not in listed for person, _first in eligible(pilot, now=now))


def waiting_list(pilot: Pilot) -> list[Hire]:
    """Who still waits, in lottery order: not in the order in which they came."""
    if not pilot.sealed_seed:
        return []
    hires = {
        str(hire.public_id): hire
        for hire in Hire.objects.filter(pilot=pilot, opened_at=None).select_related("person")
    }
    order = waiting_order(seed_of(pilot), ledger_of(pilot))
    return [hires[name] for name in order if name in hires]


@dataclass(frozen=True, slots=True)
class Contact:
    """One session that somebody had while they were on the waiting list."""

    hire: Hire
    session: Session


def contamination(pilot: Pilot, *, until: datetime) -> list[Contact]:
    """Sessions that people had while waiting, anywhere in the organisation, the first first."""
    rows = standing(ledger_of(pilot))
    waiting = {
        hire.person_id: hire
        for hire in Hire.objects.filter(pilot=pilot).select_related("person")
        if (row := rows.get(str(hire.public_id))) and row.arm == WAITING and not row.void
    }
    seats = (
        Seat.objects.filter(
            person_id__in=waiting,
            role="mentee",
            attendance=Attendance.ATTENDED,
            booking__session__state__in=HELD,
            booking__starts_at__lte=until,
        )
        .select_related("booking__session__program")
        .order_by("booking__starts_at", "pk")
    )
    found = []
    for seat in seats:
        hire = waiting[seat.person_id]
        starts = seat.booking.starts_at
        if hire.assigned_at and starts < hire.assigned_at:
            continue
        if hire.opened_at is None or starts < hire.opened_at:
            found.append(Contact(hire, seat.booking.session))
    return found


@dataclass(frozen=True, slots=True)
class Followed:
    """How far one measure of a pilot is known: counts that may always be shown."""

    measure: str
    people: int
    known: int
    not_yet: int
    week: int  # by whose end everybody is known
    day: date

    @property
    def words(self) -> str:
        """The measure in words."""
        return str(Measure(self.measure).label)


def follow_up(pilot: Pilot, *, now: datetime) -> list[Followed]:
    """For each claim, for how many hires its day has come: "7 of 8 known"."""
    today = now.astimezone(ZoneInfo(pilot.organization.timezone)).date()
    rows = standing(ledger_of(pilot))
    starts = [
        hire.t0
        for hire in Hire.objects.filter(pilot=pilot).exclude(t0=None)
        if hire.t0 and not rows[str(hire.public_id)].void
    ]
    found = []
    for claim in claims_of(pilot):
        days = timedelta(days=horizon_of(claim.measure))
        known = sum(start + days <= today for start in starts)
        last = max([*starts, pilot.starts_on + timedelta(days=WEEKS * 7)]) + days
        found.append(
            Followed(
                claim.measure.value,
                len(starts),
                known,
                len(starts) - known,
                -(-(last - pilot.starts_on).days // 7),
                last,
            )
        )
    return found


def faults_of(pilot: Pilot) -> tuple[Fault, ...]:
    """What a replay of the lottery finds wrong; empty is as it ought to be."""
    if not pilot.sealed_seed:
        return ()
    return replay(
        seed_of(pilot),
        published=pilot.commitment,
        strata=pilot.strata,
        places=pilot.places,
        ledger=ledger_of(pilot),
    )


def lottery_record(pilot: Pilot) -> dict[str, object]:
    """All that anybody needs to replay the lottery; the seed only once the pilot is closed."""
    return {
        "format": "handrail-blocks-1",
        "published_hash": pilot.commitment,
        "seed": pilot.revealed_seed or None,
        "strata": pilot.strata,
        "places": pilot.places,
        "ledger": [
            {
                "person": row.person,
                "stratum": row.stratum,
                "place": row.place,
                "arm": row.arm,
                "corrects": row.corrects,
                "void": row.void,
            }
            for row in ledger_of(pilot)
        ],
    }


def is_offered(pilot: Pilot, hire: Hire) -> bool:
    """Whether mentoring is open to this hire by now."""
    row = standing(ledger_of(pilot)).get(str(hire.public_id))
    return hire.opened_at is not None or row is None or row.arm == OFFERED
