"""Questions about people; each sees only what its viewer may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import NotAllowed, NotFound
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.mail import NOWHERE, is_nowhere
from handrail.apps.people.models import (
    EmploymentSpell,
    NotWith,
    PastPair,
    PeopleImport,
    Person,
    Skill,
    SkillOffered,
    SkillWanted,
    SpellBasis,
)
from handrail.apps.people.stays import have_come, without_end_ahead
from handrail.apps.people.viewers import viewer_for_api_key, viewer_for_person, viewer_for_user

__all__ = [
    "Details",
    "demo_people",
    "details_for",
    "excluded_pairs",
    "is_manager_of",
    "managers_above",
    "may_import",
    "not_with_of",
    "people_import_for",
    "people_list",
    "person_for",
    "reports_of",
    "require_import",
    "skills",
    "still_here",
    "team_skills",
    "viewer_for_api_key",
    "viewer_for_person",
    "viewer_for_user",
    "without_sign_in",
]


@dataclass(frozen=True, slots=True)
class Details:
    """What goes beyond the directory: shown to the person, their managers, administrators."""

    manager: Person | None  # for others than administrators once that one has begun here
    email: str
    minutes_per_week: int | None
    spells: tuple[EmploymentSpell, ...]
    may_edit: bool
    may_invite: bool
    is_member: bool


def _directory() -> QuerySet[Person]:
    return (
        Person.objects.select_related("team", "manager")
        .prefetch_related(
            Prefetch(
                "offers", SkillOffered.objects.select_related("skill").order_by("-level", "pk")
            ),
            Prefetch(
                "wants", SkillWanted.objects.select_related("skill").order_by("priority", "pk")
            ),
        )
        .order_by("name", "external_id")
    )


def people_list(
    viewer: Viewer,
    *,
    search: str = "",
    role: str = "",
    team: UUID | None = None,
    day: date | None = None,
) -> QuerySet[Person]:
    """The directory, by name: everybody in an organisation sees who is in it.

    With a day, only administrators see who was hired and has not begun by then.
    """
    _require_read(viewer)
    people = _directory()
    if day is not None and not viewer.is_administrator:
        people = people.filter(have_come(day))
    if search:
        offered = SkillOffered.objects.filter(person=OuterRef("pk"), skill__name__icontains=search)
        wanted = SkillWanted.objects.filter(person=OuterRef("pk"), skill__name__icontains=search)
        people = people.filter(Q(name__icontains=search) | Exists(offered) | Exists(wanted))
    if role:
        people = people.filter(role=role)
    if team is not None:
        people = people.filter(team__public_id=team)
    return people


def person_for(viewer: Viewer, public_id: UUID | None, *, day: date | None = None) -> Person:
    """One person of the viewer's organisation, or NotFound; `day` as in the directory."""
    _require_read(viewer)
    people = _directory()
    if day is not None and not viewer.is_administrator:
        people = people.filter(have_come(day) | Q(pk=viewer.person_id or 0))
    person = people.filter(public_id=public_id).first() if public_id else None
    if person is None:
        raise NotFound(_("There is no such person."))
    return person


def _require_read(viewer: Viewer) -> None:
    if not viewer.may("people:read"):
        raise NotAllowed(
            _("This key may not do that: it lacks the scope %(scope)s.") % {"scope": "people:read"},
            code="scope-missing",
        )


def details_for(viewer: Viewer, person: Person, *, day: date) -> Details:
    """What this viewer may see and do beyond the directory.

    A last day from `day` on is told to administrators alone, not even to who will leave.
    """
    close = sees_details(viewer, person)
    stays = list(person.spells.order_by("started_on")) if close else []
    if not viewer.is_administrator:
        stays = [without_end_ahead(stay, day) for stay in stays]
    manager = person.manager
    if manager is not None and not viewer.is_administrator:
        manager = Person.objects.filter(have_come(day), pk=manager.pk).first()
    return Details(
        manager=manager,
        email=person.email if close and not is_nowhere(person.email) else "",
        minutes_per_week=person.minutes_per_week if close else None,
        spells=tuple(stays),
        may_edit=may_edit(viewer, person),
        may_invite=viewer.is_administrator,
        is_member=person.membership_id is not None,
    )


def sees_details(viewer: Viewer, person: Person) -> bool:
    """Whether the viewer is the person, one of their managers, or an administrator."""
    return viewer.is_administrator or viewer.person_id == person.pk or is_manager_of(viewer, person)


def may_edit(viewer: Viewer, person: Person) -> bool:
    """Whether the viewer may change the profile: the person and administrators."""
    return viewer.is_administrator or (
        viewer.person_id is not None and viewer.person_id == person.pk
    )


def is_manager_of(viewer: Viewer, person: Person) -> bool:
    """Whether the viewer stands above the person in the reporting line."""
    if viewer.person_id is None:
        return False
    return viewer.person_id in _line_above(person.pk, _managers())


def managers_above(person: Person) -> list[int]:
    """The ids of everybody above the person in the reporting line, the nearest first."""
    return _line_above(person.pk, _managers())


def reports_of(viewer: Viewer) -> QuerySet[Person]:
    """The people who report to the viewer directly."""
    return Person.objects.filter(manager_id=viewer.person_id).order_by("name", "external_id")


def skills() -> QuerySet[Skill]:
    """Every skill of the organisation by name."""
    return Skill.objects.order_by("name")


def team_skills(viewer: Viewer) -> list[str]:
    """The skills that people of the viewer's team offer or want; without a team, the viewer's."""
    own = Person.objects.filter(pk=viewer.person_id or 0)
    team = Person.objects.filter(team__in=own.exclude(team=None).values("team"))
    people = Q(person__in=own.values("pk")) | Q(person__in=team.values("pk"))
    offered = SkillOffered.objects.filter(people).values("skill")
    wanted = SkillWanted.objects.filter(people).values("skill")
    named = Skill.objects.filter(Q(pk__in=offered) | Q(pk__in=wanted))
    return sorted(str(public_id) for public_id in named.values_list("public_id", flat=True))


def still_here(day: date) -> QuerySet[Person]:
    """The people with a spell that covers the day."""
    covering = EmploymentSpell.objects.filter(
        Q(ended_on=None) | Q(ended_on__gte=day), person=OuterRef("pk"), started_on__lte=day
    )
    return Person.objects.filter(Exists(covering)).order_by("name", "external_id")


def known_last_days(persons: Collection[int], today: date) -> dict[int, date]:
    """The last day of each of these who is here still and will have left; by their row's id."""
    stays = EmploymentSpell.objects.filter(basis=SpellBasis.EMPLOYMENT)
    goes_on = stays.filter(person=OuterRef("person")).filter(
        Q(ended_on=None) | Q(ended_on__gt=OuterRef("ended_on"))
    )
    last = stays.filter(person_id__in=persons, ended_on__gte=today).exclude(Exists(goes_on))
    found = last.values_list("person_id", "ended_on")
    return {person: day for person, day in found if day is not None}


def could_lead(day: date) -> QuerySet[Person]:
    """Who is still here, and who founded the place: they have a sign-in and no spell at all."""
    spells = EmploymentSpell.objects.filter(person=OuterRef("pk"))
    founders = Person.objects.exclude(membership=None).exclude(Exists(spells))
    return Person.objects.filter(
        Q(pk__in=still_here(day).values("pk")) | Q(pk__in=founders.values("pk"))
    ).order_by("name", "external_id")


def without_sign_in(viewer: Viewer, day: date) -> QuerySet[Person]:
    """Who is still here and was never given a way in, for those who may give one."""
    if not viewer.is_administrator or not viewer.may("people:write"):
        raise NotAllowed(_("Only an administrator may invite people."))
    return still_here(day).filter(membership=None).exclude(email__endswith=f"@{NOWHERE}")


def not_with_of(viewer: Viewer) -> list[Person]:
    """The viewer's own private list; nobody else's is ever read."""
    if viewer.person_id is None:
        return []
    rows = NotWith.objects.filter(person_id=viewer.person_id).select_related("other")
    return [row.other for row in rows.order_by("other__name", "pk")]


def _managers() -> dict[int, int]:
    pairs = Person.objects.exclude(manager=None).values_list("pk", "manager_id")
    return {person: manager for person, manager in pairs if manager is not None}


def _line_above(person_id: int, managers: dict[int, int]) -> list[int]:
    line: list[int] = []
    current = managers.get(person_id)
    while current is not None and current not in line:
        line.append(current)
        current = managers.get(current)
    return line


def excluded_pairs() -> dict[tuple[int, int], str]:
    """Pairs of person ids, in both orders, that must never be matched, with the rule's code.

    Codes: not_with before reporting_line before recent, where several hold.
    """
    found: dict[tuple[int, int], str] = {}

    def rule_out(one: int, other: int, code: str) -> None:
        found[(one, other)] = found[(other, one)] = code

    for one, other in PastPair.objects.values_list("person_id", "other_id"):
        rule_out(one, other, "recent")
    managers = _managers()
    for person_id in managers:
        for above in _line_above(person_id, managers):
            rule_out(person_id, above, "reporting_line")
    for one, other in NotWith.objects.values_list("person_id", "other_id"):
        rule_out(one, other, "not_with")
    return found


def may_import(viewer: Viewer) -> bool:
    """Whether the viewer may bring people in."""
    return viewer.is_administrator and viewer.may("people:write")


def require_import(viewer: Viewer) -> None:
    """Raise NotAllowed unless the viewer may bring people in."""
    if not may_import(viewer):
        raise NotAllowed(_("Only an administrator may import people."))


def people_import_for(viewer: Viewer, public_id: UUID) -> PeopleImport:
    """A file that was looked at, for those who may import."""
    require_import(viewer)
    found = PeopleImport.objects.filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("There is no such import."))
    return found


def demo_people() -> list[Person]:
    """The people of demo organisations who can be signed in as, by name."""
    found: list[Person] = []
    for organization in Organization.objects.filter(is_demo=True):
        with reading(organization):
            found += (
                Person.objects.exclude(membership=None)
                .select_related("organization", "membership__user")
                .prefetch_related("membership__grants", "leads", "enrolments", "reports")
                .order_by("name", "external_id")
            )
    return found
