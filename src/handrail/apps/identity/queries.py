"""What directories see, and what waits to be confirmed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from handrail.apps.identity.models import (
    Entry,
    ExternalIdentity,
    Notice,
    NoticeKind,
    NoticeState,
    Provider,
    TeamMember,
)
from handrail.apps.identity.said import handle_of
from handrail.apps.organizations.access import require_directory
from handrail.apps.organizations.prepared import Place, Question
from handrail.apps.organizations.refusals import NotAllowed, NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person, Team
from handrail.apps.programs.models import Enrolment
from handrail.apps.programs.queries import led_programs

# Asked for each person whom a directory sends.
ENTRY_CALLED = Question(
    Entry, lambda entries: entries.filter(handle=Place("handle")).only("person", "deleted_at")
)
_AT = Question(
    Person,
    lambda people: people.filter(email__in=[Place("one"), Place("two"), Place("three")]).only(
        "email"
    ),
)
_NAMED_IN = Question(TeamMember, lambda rows: rows.filter(person=Place("person")).only("pk"))


def directory_people(by: Viewer) -> QuerySet[Person]:
    """Everybody whom the directory may see: all who are not taken out of it."""
    require_directory(by)
    return (
        Person.objects.filter(Q(entry=None) | Q(entry__deleted_at=None))
        .select_related("entry", "membership", "manager", "team", "organization")
        .order_by("pk")
    )


def directory_teams(by: Viewer) -> QuerySet[Team]:
    """Every team."""
    require_directory(by)
    return Team.objects.select_related("entry", "organization").order_by("pk")


def named_people(viewer: Viewer) -> int:
    """How many people a directory names, for administrators."""
    if not viewer.is_administrator:
        raise NotAllowed(_("Only an administrator can connect a directory."))
    return Entry.objects.filter(deleted_at=None).count()


def people_at(*addresses: str) -> list[Person]:
    """Whoever has one of up to three addresses, written just so."""
    one, two, three = (*addresses, *addresses, *addresses)[:3]
    return _AT.all(one=one, two=two, three=three)


def called(user_name: str) -> Q | None:
    """The people of this user name, or None: whoever was never named goes by their address.

    Asked in two steps: one question about either would look at every row.
    """
    named = ENTRY_CALLED.first(handle=handle_of(user_name))
    if named is not None:
        return Q(pk=named.person_id)
    found = people_at(user_name, user_name.lower())
    return Q(entry=None, pk__in=[person.pk for person in found]) if found else None


def members_of(teams: Collection[Team]) -> dict[int, list[int]]:
    """Team id -> ids of its people, ascending: those named in it, those whose own team it is."""
    ids = [team.pk for team in teams]
    found: dict[int, set[int]] = {team: set() for team in ids}
    for team, person in TeamMember.objects.filter(team_id__in=ids).values_list(
        "team_id", "person_id"
    ):
        found[team].add(person)
    own = Person.objects.filter(team_id__in=ids).values_list("team_id", "pk")
    for own_team, person in own:
        if own_team is not None:
            found[own_team].add(person)
    return {team: sorted(people) for team, people in found.items()}


def teams_of(people: Collection[Person]) -> dict[int, list[Team]]:
    """Person id -> the teams they are in, their own first."""
    found: dict[int, list[Team]] = {
        person.pk: [person.team] if person.team else [] for person in people
    }
    if len(found) == 1 and not _NAMED_IN.all(person=next(iter(found))):
        return found
    named = TeamMember.objects.filter(person_id__in=list(found)).select_related("team")
    for row in named.order_by("pk"):
        if row.team not in found[row.person_id]:
            found[row.person_id].append(row.team)
    return found


def may_decide(viewer: Viewer) -> bool:
    """Whether any notice may be the viewer's to decide: administrators, and whoever leads."""
    return viewer.is_administrator or led_programs(viewer).exists()


def notices_for(viewer: Viewer) -> QuerySet[Notice]:
    """What waits for this viewer: an administrator's is all, a lead's are their programs' people.

    Nobody decides about themself.
    """
    notices = Notice.objects.filter(state=NoticeState.OPEN).select_related("person__team")
    if viewer.person_id is not None:
        notices = notices.exclude(person_id=viewer.person_id)
    if viewer.is_administrator:
        return notices
    led = led_programs(viewer)
    if not led.exists():
        raise NotAllowed(_("Only administrators and leads of programs see this."))
    taking_part = Enrolment.objects.filter(program__in=led, left_at=None).values("person")
    return notices.filter(person__in=taking_part)


def is_of_an_end_ahead(notice: Notice, day: date) -> bool:
    """Whether a notice says that somebody leaves, on a day that nobody has confirmed as past."""
    if notice.kind != NoticeKind.LEFT or notice.state == NoticeState.DISMISSED:
        return False
    return notice.decided_on is None or notice.decided_on >= day


def notice_for(viewer: Viewer, public_id: UUID) -> Notice:
    """One open notice that is the viewer's to decide, or NotFound."""
    if not may_decide(viewer):
        raise NotFound(_("There is no such notice."))
    found = notices_for(viewer).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("There is no such notice, or it is decided."))
    return found


def providers_of(viewer: Viewer) -> list[Provider]:
    """Every provider, for administrators."""
    if not viewer.is_administrator:
        raise NotAllowed(_("Only an administrator decides how people sign in."))
    return list(Provider.objects.all())


@dataclass(frozen=True, slots=True)
class Linked:
    """A provider of the organisation, and the viewer's account there, if it is linked."""

    provider: Provider
    identity: ExternalIdentity | None


def linked_providers(viewer: Viewer) -> list[Linked]:
    """The providers that are switched on, with the viewer's own accounts."""
    mine = {
        one.provider_id: one
        for one in ExternalIdentity.objects.filter(membership_id=viewer.membership_id or 0)
    }
    return [Linked(one, mine.get(one.pk)) for one in Provider.objects.filter(is_on=True)]
