"""Questions about projects: who may see which, how their check-ins stand, what was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from handrail.apps.calendars.queries import Blocked
from handrail.apps.calendars.wording import sentence_of
from handrail.apps.matches.wording import sentence
from handrail.apps.organizations.models import ConsentPurpose
from handrail.apps.organizations.queries import is_allowed
from handrail.apps.organizations.refusals import NotAllowed, NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person, Skill
from handrail.apps.programs.models import EnrolmentRole, Program
from handrail.apps.programs.queries import enrolment_of, may_run, require_run
from handrail.apps.projects.check_ins import last_due
from handrail.apps.projects.missing import HELD, is_missed, run_of
from handrail.apps.projects.models import (
    CheckIn,
    MentorOffer,
    Mentorship,
    Project,
    ProjectPerson,
    ProjectState,
)
from handrail.apps.projects.timing import local_day
from handrail.apps.sessions.models import Artifact, Session, SessionState
from handrail.apps.sessions.queries import is_own
from handrail.domain.scheduling import WhyNot

# Who mentors a project now, or did so when it ended.
TO_THE_END = Q(until=None) | Q(until=F("project__ended_at"))


@dataclass(frozen=True, slots=True)
class CheckInRow:
    """One due day as a page shows it."""

    due_on: date
    session: Session | None
    moved_to: date | None  # where it is on another day than the rhythm has it
    missed: bool
    closing: bool
    why: str  # what stood against its day, in words for this reader
    may_open: bool  # whether its room, and what it was for, is this reader's to see
    ahead: bool  # whether it is still to come, or its day at least


@dataclass(frozen=True, slots=True)
class Shown:
    """A project as this viewer may see it."""

    project: Project
    people: list[Person]
    skills: list[Skill]
    mentorship: Mentorship | None
    check_ins: list[CheckInRow]
    offers: list[MentorOffer]
    note: str  # of the mentor before, for who may read it
    runs_it: bool
    is_on_it: bool
    is_mentor: bool
    may_offer: bool
    has_offered: bool

    @property
    def why(self) -> list[str]:
        """Why this mentor, in words."""
        if self.mentorship is None:
            return []
        names = {self.mentorship.mentor.external_id: self.mentorship.mentor.name}
        return [sentence(reason, names) for reason in self.mentorship.reasons]

    @property
    def ahead(self) -> list[CheckInRow]:
        """The check-ins that are booked."""
        return [row for row in self.check_ins if row.ahead]

    @property
    def before(self) -> list[CheckInRow]:
        """The others, the newest first."""
        return [row for row in reversed(self.check_ins) if not row.ahead]

    @property
    def is_near(self) -> bool:
        """Whether the viewer sees its check-ins: who runs, builds or mentors it."""
        return self.runs_it or self.is_on_it or self.is_mentor


@dataclass(frozen=True, slots=True)
class Missed:
    """A project in whose last check-ins nobody met."""

    project: Project
    in_a_row: int
    last: datetime


def projects_for(viewer: Viewer) -> QuerySet[Project]:
    """The projects that the viewer builds, mentors, could offer to take, or runs."""
    if not viewer.may("programs:read"):
        return Project.objects.none()
    if viewer.is_administrator:
        return _projects()
    if viewer.person_id is None:
        return Project.objects.none()
    own = ProjectPerson.objects.filter(person_id=viewer.person_id).values("project_id")
    mentors = Mentorship.objects.filter(TO_THE_END, mentor_id=viewer.person_id)
    wanted = Q(state=ProjectState.SEEKING) | Q(
        state=ProjectState.RUNNING,
        pk__in=Mentorship.objects.filter(until=None)
        .exclude(asked_out_at=None)
        .values("project_id"),
    )
    as_mentor = Q(
        program__enrolments__person_id=viewer.person_id,
        program__enrolments__role=EnrolmentRole.MENTOR,
        program__enrolments__left_at=None,
    )
    found = Project.objects.filter(
        Q(pk__in=own)
        | Q(pk__in=mentors.values("project_id"))
        | Q(program__leads__person_id=viewer.person_id)
        | (wanted & as_mentor)
    )
    return _projects().filter(pk__in=found.values("pk"))


def project_for(viewer: Viewer, public_id: UUID) -> Project:
    """One project, or NotFound where it is not there or not the viewer's to see."""
    found = projects_for(viewer).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("There is no such project."))
    return found


def require_edit(viewer: Viewer, project: Project) -> None:
    """Raise NotAllowed unless the viewer runs the program or builds the project."""
    on_it = viewer.person_id is not None and viewer.person_id in {
        row.person_id for row in project.people.all()
    }
    if not (on_it or may_run(viewer, project.program)):
        raise NotAllowed(_("Only who builds this project or runs the program may change it."))


def projects_of(viewer: Viewer, program: Program) -> list[Shown]:
    """The projects of a program that the viewer may see, as a list shows them."""
    found = projects_for(viewer).filter(program=program)
    return [shown(viewer, project) for project in found]


def shown(viewer: Viewer, project: Project, *, now: datetime | None = None) -> Shown:
    """The project with everything that this viewer may see of it."""
    people = [row.person for row in project.people.all()]
    mentorships = list(project.mentorships.all())
    last = mentorships[-1] if mentorships else None
    mentorship = last if last is not None and last.until in (None, project.ended_at) else None
    runs_it = may_run(viewer, project.program)
    is_on_it = viewer.person_id is not None and viewer.person_id in {p.pk for p in people}
    is_mentor = mentorship is not None and mentorship.mentor_id == viewer.person_id
    offers = list(project.offers.all())
    seeking = project.state == ProjectState.SEEKING or (
        project.state == ProjectState.RUNNING
        and mentorship is not None
        and mentorship.asked_out_at is not None
    )
    as_mentor = enrolment_of(viewer, project.program, EnrolmentRole.MENTOR) is not None
    near = runs_it or is_on_it or is_mentor
    return Shown(
        project=project,
        people=people,
        skills=[row.skill for row in project.skills.all()],
        mentorship=mentorship,
        check_ins=check_in_rows(viewer, project, now) if near else [],
        offers=offers if runs_it else [],
        note=_note(mentorships, is_mentor),
        runs_it=runs_it,
        is_on_it=is_on_it,
        is_mentor=is_mentor,
        may_offer=seeking and as_mentor and not is_mentor and not is_on_it,
        has_offered=any(offer.mentor_id == viewer.person_id for offer in offers),
    )


def _note(mentorships: list[Mentorship], is_mentor: bool) -> str:
    """What the mentor before left for the one who mentors it now; nobody else reads it."""
    before = mentorships[:-1]
    return before[-1].note if is_mentor and before else ""


def check_in_rows(
    viewer: Viewer, project: Project, now: datetime | None = None
) -> list[CheckInRow]:
    """Every due day so far and ahead, in order."""
    rows = list(
        CheckIn.objects.filter(project=project)
        .select_related("session", "session__booking", "session__program")
        .prefetch_related("session__booking__seats__person")
        .order_by("due_on")
    )
    closing, runs_it = last_due(project), may_run(viewer, project.program)
    ids = {row.why.get("person") for row in rows if row.why}
    people = {str(p.public_id): p for p in Person.objects.filter(public_id__in=ids - {None})}
    today = local_day(project, now) if now is not None else date.max
    found = []
    for row in rows:
        day = local_day(project, row.session.booking.starts_at) if row.session else None
        found.append(
            CheckInRow(
                due_on=row.due_on,
                session=row.session,
                moved_to=day if day != row.due_on else None,
                missed=row.session is not None and is_missed(row.session),
                closing=row.due_on == closing and row.session is not None,
                why=_why(row, people),
                ahead=row.session.state == SessionState.SCHEDULED
                if row.session is not None
                else row.due_on >= today,
                may_open=row.session is not None and (runs_it or is_own(viewer, row.session)),
            )
        )
    return found


def _why(row: CheckIn, people: dict[str, Person]) -> str:
    person = people.get(str(row.why.get("person")))
    if person is None:
        return ""
    # Not "own": whose calendar and what is in it was not kept, on purpose.
    return sentence_of(Blocked(person, WhyNot(row.why["code"])), own=False)


def artifacts_of(viewer: Viewer, project: Project) -> tuple[list[Artifact], int]:
    """What the check-ins left behind, the newest first, and how many more are not shown.

    Who sat in a check-in reads its artifact. A mentor who has taken over reads one where everybody
    who sat in it allows to share their artifacts beyond the pair. A lead reads none.
    """
    if viewer.person_id is None:
        return [], 0
    artifacts = (
        Artifact.objects.filter(session__check_in__project=project)
        .select_related("owner", "session", "session__booking")
        .prefetch_related("session__booking__seats__person")
        .order_by("-session__booking__starts_at", "-pk")
    )
    mentors_it = Mentorship.objects.filter(
        TO_THE_END, project=project, mentor_id=viewer.person_id
    ).exists()
    read, closed = [], 0
    for artifact in artifacts:
        seats = [seat.person for seat in artifact.session.booking.seats.all()]
        was_there = any(person.pk == viewer.person_id for person in seats)
        if was_there or (mentors_it and _all_allow(seats)):
            read.append(artifact)
        else:
            closed += 1
    near = mentors_it or ProjectPerson.objects.filter(project=project, person_id=viewer.person_id)
    return read, closed if near else 0


def _all_allow(people: Iterable[Person]) -> bool:
    return all(is_allowed(p.public_id, ConsentPurpose.ARTIFACT_SHARED) for p in people)


def missed_in(viewer: Viewer, program: Program, start: datetime, end: datetime) -> list[Missed]:
    """The projects with a check-in missed in [start, end), the longest row first."""
    require_run(viewer, program, "reports:read")
    rows = (
        CheckIn.objects.filter(project__program=program, session__booking__starts_at__lt=end)
        .select_related("project", "session", "session__booking")
        .prefetch_related("session__booking__seats")
        .order_by("-session__booking__starts_at")
    )
    sessions: dict[Project, list[Session]] = {}
    for row in rows:
        if row.session is not None:
            sessions.setdefault(row.project, []).append(row.session)
    found = []
    for project, newest_first in sessions.items():
        over = [one for one in newest_first if one.state in HELD or is_missed(one)]
        lately = [one for one in over if is_missed(one) and one.booking.starts_at >= start]
        if lately:
            found.append(Missed(project, run_of(over), lately[0].booking.starts_at))
    return sorted(found, key=lambda one: (-one.in_a_row, one.project.name))


def held_count(project: Project) -> int:
    """How many check-ins took place."""
    return Session.objects.filter(check_in__project=project, state__in=HELD).count()


def my_projects(viewer: Viewer) -> QuerySet[Project]:
    """The running or seeking projects that the viewer builds or mentors."""
    own = Q(people__person_id=viewer.person_id)
    mentors = Q(mentorships__mentor_id=viewer.person_id, mentorships__until=None)
    found = Project.objects.filter(own | mentors).exclude(state=ProjectState.ENDED)
    return _projects().filter(pk__in=found.values("pk"))


def next_check_in(project: Project, now: datetime) -> Session | None:
    """The next one that is booked."""
    return (
        Session.objects.filter(
            check_in__project=project,
            state=SessionState.SCHEDULED,
            booking__starts_at__gt=now - timedelta(minutes=30),
        )
        .select_related("booking", "program")
        .order_by("booking__starts_at")
        .first()
    )


def _projects() -> QuerySet[Project]:
    return Project.objects.select_related("program", "organization").prefetch_related(
        Prefetch("people", ProjectPerson.objects.select_related("person").order_by("pk")),
        Prefetch("mentorships", Mentorship.objects.select_related("mentor").order_by("pk")),
        Prefetch("offers", MentorOffer.objects.select_related("mentor").order_by("made_at")),
        "skills__skill",
    )
