"""Two organisations and the people the tests speak of, made by the product's own actions.

alice owns (mentor and lead), bob is in the team (mentee), charlie is a stranger in the same
organisation; mallory works for another organisation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from factories.remembered import remembered
from handrail.apps.organizations.actions import create_organization, grant_role
from handrail.apps.organizations.models import Grant, Membership, Organization, User
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import (
    EmploymentSpell,
    Person,
    Skill,
    SkillOffered,
    SkillWanted,
    SpellBasis,
    Team,
)
from handrail.apps.people.queries import viewer_for_person
from handrail.apps.programs.actions import create_program, enrol, set_objective, start_program
from handrail.apps.programs.models import Enrolment, EnrolmentRole, Program

NOW = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)  # a Monday
MONDAY = date(2026, 2, 2)
STAYED_SINCE = date(2025, 11, 3)


@dataclass
class World:
    """One organisation with its people and a running program; `people` by first name."""

    organization: Organization
    people: dict[str, Person] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    program: Program | None = None
    enrolments: dict[str, Enrolment] = field(default_factory=dict)

    @property
    def system(self) -> Viewer:
        return Viewer.system(self.organization, "tests")

    def viewer(self, name: str) -> Viewer:
        with writing(self.organization):
            return viewer_for_person(Person.objects.get(pk=self.people[name].pk))

    def person(self, name: str) -> Person:
        return self.people[name]

    def add(
        self,
        name: str,
        *,
        role: str = "",
        offers: dict[str, int] | None = None,
        wants: dict[str, int] | None = None,
        timezone: str = "Europe/Berlin",
        minutes_per_week: int = 0,
        manager: str | None = None,
        team: str | None = None,
        grants: tuple[str, ...] = (),
        works: tuple[int, int] = (9 * 60, 17 * 60),
    ) -> Person:
        """A person with a sign-in, as an applied import and an accepted invitation leave them."""
        slug = self.organization.slug
        with writing(self.organization):
            user = User.objects.create_user(f"{name}@{slug}.example.org")
            membership = Membership.objects.create(
                organization=self.organization, user=user, created_at=NOW
            )
            person = Person.objects.create(
                organization=self.organization,
                external_id=name,
                name=name.capitalize(),
                email=user.email,
                role=role,
                timezone=timezone,
                works_from_min=works[0],
                works_to_min=works[1],
                minutes_per_week=minutes_per_week,
                membership=membership,
                manager=self.people[manager] if manager else None,
                team=(
                    Team.objects.get_or_create(organization=self.organization, name=team)[0]
                    if team
                    else None
                ),
            )
            EmploymentSpell.objects.create(
                organization=self.organization,
                person=person,
                basis=SpellBasis.EMPLOYMENT,
                started_on=STAYED_SINCE,
                start_known_since=STAYED_SINCE,
            )
            for skill, level in (offers or {}).items():
                SkillOffered.objects.create(
                    organization=self.organization,
                    person=person,
                    skill=self._skill(skill),
                    level=level,
                )
            for skill, priority in (wants or {}).items():
                SkillWanted.objects.create(
                    organization=self.organization,
                    person=person,
                    skill=self._skill(skill),
                    priority=priority,
                )
            for role_name in grants:
                grant_role(membership, role_name, by=self.system, now=NOW)
        self.people[name] = person
        self.users[name] = user
        return person

    def _skill(self, name: str) -> Skill:
        return Skill.objects.get_or_create(organization=self.organization, name=name)[0]

    def start_program(self) -> Program:
        """The speed match program that alice leads and mentors in, with bob as its mentee."""
        with writing(self.organization):
            program = create_program(
                "tooling-start",
                starts_on=MONDAY,
                by=self.system,
                now=NOW,
                leads=[self.people["alice"]],
            )
            start_program(program, by=self.system, now=NOW)
            for name, role in (
                ("alice", EnrolmentRole.MENTOR),
                ("bob", EnrolmentRole.MENTEE),
            ):
                self.enrolments[name] = enrol(
                    program, self.people[name], role, by=self.system, now=NOW
                )
            set_objective(
                self.enrolments["bob"], "Rebase a branch without fear", by=self.system, now=NOW
            )
        self.program = program
        return program


@remembered
def make_world(name: str = "Northwind") -> World:
    """An organisation with one person for each role and a running program."""
    world = World(create_organization(name, slug=name.lower(), now=NOW))
    world.add("mona", role="")
    world.add(
        "alice", role="mentor", offers={"git": 4, "docs": 3}, minutes_per_week=60, team="Tools"
    )
    world.add("bob", role="mentee", wants={"git": 1}, manager="mona", team="Tools")
    world.add("charlie", role="mentee", wants={"docs": 1}, team="Sales")
    world.add("adam", grants=(Grant.ADMINISTRATOR,))
    world.add("ana", grants=(Grant.ANALYST,))
    world.add("otto", grants=(Grant.AUDITOR,))
    world.add("rita", grants=(Grant.RECRUITER,))
    world.start_program()
    return world
