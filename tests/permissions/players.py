"""The people and things of the permission matrix: each role on its own, others', foreign things."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chats import chat
from circle_answers import answers_of
from connected import connected
from office_hours import office_hours
from pilots import pilot
from postings import postings
from records import records_of

from factories.world import MONDAY, NOW, World, make_world
from handrail.apps.calendars.models import Seat
from handrail.apps.calendars.sources import add_source
from handrail.apps.cohorts import actions as cohorts
from handrail.apps.cohorts.models import Intake
from handrail.apps.hiring import actions as hiring
from handrail.apps.hiring.models import HireRecord, HireRule
from handrail.apps.identity.models import (
    ExternalIdentity,
    Notice,
    NoticeKind,
    Provider,
    ProviderKind,
)
from handrail.apps.matches.actions import pin, propose_matches
from handrail.apps.organizations.actions import create_api_key
from handrail.apps.organizations.models import User
from handrail.apps.organizations.scope import writing
from handrail.apps.people.actions import preview_people
from handrail.apps.people.models import EmploymentSpell, SpellBasis, Team
from handrail.apps.people.queries import viewer_for_person
from handrail.apps.programs.actions import create_program, enrol, set_objective, start_program
from handrail.apps.programs.models import EnrolmentRole, QuietQuestion
from handrail.apps.projects import actions as projects
from handrail.apps.projects.models import Project
from handrail.apps.reports.actions import build_report
from handrail.apps.requests.actions import ask
from handrail.apps.retreats import actions as retreats
from handrail.apps.retreats.models import AgendaBlock, KitItem, Retreat
from handrail.apps.safeguarding.actions import report_harm
from handrail.apps.sessions.actions import book
from handrail.apps.sessions.models import Appeal, TimeProposal
from handrail.apps.sessions.replies.proposals import propose

ROLES = (
    "anonymous",
    "mentee",
    "mentor",
    "manager",
    "lead",
    "recruiter",
    "analyst",
    "administrator",
    "auditor",
    "api_key",
    "scim",
    "operator",
)
# Who plays a role; the rest have no person.
PLAYERS = {
    "mentee": "bob",
    "mentor": "marc",
    "manager": "mona",
    "lead": "alice",
    "recruiter": "rita",
    "analyst": "ana",
    "administrator": "adam",
    "auditor": "otto",
}
SCOPES = tuple(
    f"{room}:{verb}"
    for room in (
        "people",
        "programs",
        "matches",
        "sessions",
        "answers",
        "retreats",
        "reports",
        "connections",
        "hiring",
        "records",
    )
    for verb in ("read", "write")
)  # fmt: skip
READ_ONLY = tuple(scope for scope in SCOPES if scope.endswith(":read"))
PEOPLE = (
    b"person_id,name,email,role,timezone,working_hours,start_date,last_active,skills,wants,"
    b"minutes_per_week\nnew,New,new@example.org,mentee,UTC,09:00-17:00,2026-01-05,,,git:1,\n"
)


@dataclass
class Things:
    """One of each kind of object, belonging to one circle of people."""

    ids: dict[str, str] = field(default_factory=dict)


@dataclass
class Cast:
    """Everybody and everything; `whose` is own, other or foreign."""

    world: World
    things: dict[str, Things]
    secrets: dict[str, str]
    operator: User


def _circle(
    world: World, mentee: str, mentor: str, lead: str, start: datetime, manager: str = ""
) -> Things:
    """A program of its own with a run, a pair, a session, a request and a report."""
    by = world.system
    with writing(world.organization):
        program = create_program(
            "tooling-start", starts_on=MONDAY, by=by, now=NOW, leads=[world.person(lead)]
        )
        start_program(program, by=by, now=NOW)
        part = enrol(program, world.person(mentee), EnrolmentRole.MENTEE, by=by, now=NOW)
        enrol(program, world.person(mentor), EnrolmentRole.MENTOR, by=by, now=NOW)
        objective = set_objective(part, "Rebase a branch without fear", by=by, now=NOW)
        pair = pin(program, world.person(mentee), world.person(mentor), by=by, now=NOW)
    session = book(
        program,
        world.person(mentee),
        world.person(mentor),
        start,
        "Rebase a branch",
        by=viewer_of(world, mentee),
        now=NOW,
    )
    with writing(world.organization):
        other = propose_matches(program, week=MONDAY + timedelta(days=7), by=by, now=NOW)
        run = propose_matches(program, week=MONDAY + timedelta(days=7), by=by, now=NOW)
        report = build_report(program=program, cut=MONDAY, by=by, now=NOW)
        kept = preview_people(PEOPLE, "people.csv", by=by, now=NOW)
        asked = ask(
            program,
            world.person(mentee),
            world.person(mentor),
            start + timedelta(days=2),
            "Rebase another branch",
            by=by,
            now=NOW,
        )
        seats = list(Seat.objects.filter(booking=session.booking).select_related("person"))
        propose(session, seats, seats[0], start + timedelta(days=3), NOW)
        proposal = TimeProposal.objects.get(session=session)
        project = _project(world, mentee, mentor, lead)
        item = session.checklist.first()
        intake = _intake(world, mentee, mentor, lead)
        group = intake.cohorts.get()
        hold = intake.holds.get()
        hired, rule = _hired(world, intake, lead)
        quiet = QuietQuestion.objects.create(
            organization=world.organization,
            program=program,
            enrolment=part,
            asked_at=NOW,
            ends_at=NOW + timedelta(days=7),
        )
        appeal = Appeal.objects.create(
            organization=world.organization,
            session=session,
            person=world.person(mentee),
            text="The call did not let me in.",
            written_at=NOW,
        )
        harm = report_harm(
            "session",
            session.public_id,
            "Rude.",
            concerned=None,
            by=viewer_of(world, mentee),
            now=NOW,
        )
        retreat = _retreat(world, mentee, lead)
        block = AgendaBlock.objects.filter(retreat=retreat).first()
        kit = KitItem.objects.filter(retreat=retreat, per_person=False).first()
        hub = retreat.hubs.first()
        key, _secret = create_api_key("own", ["people:read"], by=viewer_of(world, mentee), now=NOW)
        calendar = add_source(
            world.person(mentee),
            "Work",
            "https://feed.example.org/b.ics",
            by=viewer_of(world, mentee),
            now=NOW,
        )
        membership = world.person(mentee).membership
        team = Team.objects.get_or_create(organization=world.organization, name=f"Crew {mentee}")[0]
        provider = Provider.objects.create(
            organization=world.organization,
            name="Login",
            issuer="https://login.invalid",
            client_id=f"handrail-{mentee}",
            created_at=NOW,
            tried_at=NOW,
        )
        by_saml = Provider.objects.create(
            organization=world.organization,
            kind=ProviderKind.SAML,
            name="SAML",
            client_id=f"saml-{mentee}",
            created_at=NOW,
        )
        ExternalIdentity.objects.create(
            organization=world.organization,
            provider=provider,
            membership=membership,
            subject="1",
            linked_at=NOW,
        )
        notice = Notice.objects.create(
            organization=world.organization,
            person=world.person(mentee),
            kind=NoticeKind.LEFT,
            source="scim",
            known_since=MONDAY,
            raised_at=NOW,
        )
    assert item is not None
    assert membership is not None
    assert block is not None
    assert kit is not None
    assert hub is not None
    answers = answers_of(world, program, mentee, mentor, start + timedelta(days=6))
    return Things(
        {
            "person": str(world.person(mentee).public_id),
            "mentor": str(world.person(mentor).public_id),
            "program": str(program.public_id),
            "enrolment": str(part.public_id),
            "objective": str(objective.public_id),
            "run": str(run.public_id),
            "other": str(other.public_id),
            "pair": str(pair.public_id),
            "project": str(project.public_id),
            "request": str(asked.public_id),
            "session": str(session.public_id),
            "item": str(item.public_id),
            "appeal": str(appeal.public_id),
            "quiet": str(quiet.public_id),
            "report": str(report.public_id),
            "intake": str(intake.public_id),
            "hold": str(hold.public_id),
            "new_hire": str(hired.public_id),
            "rule": str(rule.public_id),
            "cohort_program": str(intake.program.public_id),
            "cohort": str(group.public_id),
            "retreat": str(retreat.public_id),
            "block": str(block.public_id),
            "kit": str(kit.public_id),
            "hub": str(hub.public_id),
            "harm": str(harm.public_id),
            "import": str(kept.public_id),
            "key": str(key.public_id),
            "calendar": str(calendar.public_id),
            "proposal": str(proposal.public_id),
            "membership": str(membership.pk),
            "team": str(team.public_id),
            "notice": str(notice.public_id),
            **answers,
            **records_of(world, mentee, mentor, answers["artifact_session"]),
            "provider": str(provider.public_id),
            "saml_provider": str(by_saml.public_id),
            **office_hours(world, mentee, mentor, lead),
            **pilot(world, mentee, mentor, lead),
            **connected(world, mentee, len(mentee)),
            **postings(world, mentor, lead),
            **chat(world, program, mentee),
        }
    )


def _intake(world: World, hire: str, mentor: str, lead: str) -> Intake:
    """An intake that the lead opened, with the mentee as its one new hire, in a group."""
    by = viewer_of(world, lead)
    program = create_program(
        "first-twelve-weeks", starts_on=MONDAY, by=world.system, now=NOW, leads=[world.person(lead)]
    )
    start_program(program, by=by, now=NOW)
    first_day = MONDAY - timedelta(days=3)
    EmploymentSpell.objects.create(
        organization=world.organization,
        person=world.person(hire),
        basis=SpellBasis.EMPLOYMENT,
        started_on=first_day,
        start_known_since=first_day,
    )
    intake = cohorts.open_intake(
        program,
        [world.person(mentor)],
        opens_on=MONDAY,
        closes_on=MONDAY,
        starts_on=MONDAY + timedelta(days=7),
        hired_from=first_day,
        by=by,
        now=NOW,
    )
    cohorts.hold_seat(intake, f"{lead}-offer", "Platform engineer", by=by, now=NOW)
    return cohorts.form_groups(intake, by=by, now=NOW)


def _hired(world: World, intake: Intake, lead: str) -> tuple[HireRecord, HireRule]:
    """A hire of the lead's cohort program whose introduction waits for the lead's look."""
    by = viewer_of(world, lead)
    job = f"J-{lead}"
    rule = hiring.add_rule(intake.program, job=job, by=by, now=NOW)
    hired = hiring.tell_hire(
        by=by, now=NOW, application=job, name="Nell", job=job, start_date=MONDAY + timedelta(days=4)
    )
    return hired, rule


def _retreat(world: World, guest: str, planner: str) -> Retreat:
    """An announced retreat that the lead plans and the mentee comes to."""
    by = viewer_of(world, planner)
    made = retreats.create_retreat(
        "tooling-sprint",
        name="Git day",
        place="Lisbon",
        timezone="Europe/Lisbon",
        starts_on=MONDAY + timedelta(days=35),
        by=by,
        now=NOW,
    )
    retreats.add_guest(made, world.person(guest), by=by, now=NOW)
    retreats.announce(made, by=by, now=NOW)
    return made


def _project(world: World, mentee: str, mentor: str, lead: str) -> Project:
    """A running project of a program of its own; its check-ins lie beyond what is booked."""
    by = world.system
    program = create_program(
        "first-project", starts_on=MONDAY, by=by, now=NOW, leads=[world.person(lead)]
    )
    start_program(program, by=by, now=NOW)
    enrol(program, world.person(mentee), EnrolmentRole.MENTEE, by=by, now=NOW)
    enrol(program, world.person(mentor), EnrolmentRole.MENTOR, by=by, now=NOW)
    made = projects.create_project(
        program,
        "A linter for notes",
        people=[world.person(mentee)],
        skills=[world.person(mentor).offers.all()[0].skill],
        starts_on=MONDAY + timedelta(days=42),
        by=by,
        now=NOW,
    )
    projects.assign(made, world.person(mentor), by=by, now=NOW)
    return made


def viewer_of(world: World, name: str) -> Any:
    with writing(world.organization):
        return viewer_for_person(type(world.person(name)).objects.get(pk=world.person(name).pk))


def make_cast() -> Cast:
    """Two organisations; in the first, two circles that have nothing to do with each other."""
    world = make_world("Northwind")
    world.add("marc", role="mentor", offers={"git": 4}, minutes_per_week=60)
    for name, role in (("dora", "mentee"), ("emil", "mentor"), ("oleg", "")):
        world.add(
            name,
            role=role,
            offers={"docs": 4} if role == "mentor" else {},
            wants={"docs": 1} if role == "mentee" else {},
            minutes_per_week=60 if role == "mentor" else 0,
        )
    foreign = make_world("Southwind")
    foreign.add("marc", role="mentor", offers={"git": 4}, minutes_per_week=60)
    tuesday = NOW + timedelta(days=1, hours=1)
    things = {
        "own": _circle(world, "bob", "marc", "alice", tuesday),
        "other": _circle(world, "dora", "emil", "oleg", tuesday),
        "foreign": _circle(foreign, "bob", "marc", "alice", tuesday),
    }
    secrets = {}
    for role, name in PLAYERS.items():
        with writing(world.organization):
            secrets[role] = create_api_key(role, SCOPES, by=viewer_of(world, name), now=NOW)[1]
    adam = viewer_of(world, "adam")
    with writing(world.organization):
        secrets["api_key"] = create_api_key("reads", READ_ONLY, by=adam, now=NOW)[1]
        secrets["scim"] = create_api_key(
            "scim", ["people:read", "people:write"], by=adam, now=NOW, kind="scim"
        )[1]
    operator = User.objects.create_superuser("operator@example.org")
    return Cast(world, things, secrets, operator)
