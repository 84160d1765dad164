"""Teams as a directory gives, fills and takes them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from handrail.apps.identity.actions.people import bump
from handrail.apps.identity.models import TeamEntry, TeamMember
from handrail.apps.identity.queries import members_of
from handrail.apps.organizations.access import require_directory
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person, Team


def add_team(
    name: str, external_id: str, members: Collection[int], *, by: Viewer, now: datetime
) -> Team:
    """A team with its people (by id), named once."""
    require_directory(by)
    with writing(by.organization):
        name = _name(name, None)
        team = Team.objects.create(organization=by.organization, name=name)
        TeamEntry.objects.create(
            organization=by.organization,
            team=team,
            external_id=external_id,
            created_at=now,
            modified_at=now,
        )
        _fill(team, frozenset(members), by)
        _audit("team.added", team, by, now)
    return team


def change_team(
    team: Team,
    name: str,
    external_id: str,
    members: Collection[int],
    *,
    by: Viewer,
    now: datetime,
) -> Team:
    """The team as it is said to be now."""
    require_directory(by)
    with writing(by.organization):
        team = Team.objects.select_for_update().get(pk=team.pk)
        team.name = _name(name, team)
        team.save(update_fields=["name"])
        TeamEntry.objects.update_or_create(
            organization=by.organization,
            team=team,
            defaults={"external_id": external_id, "modified_at": now},
            create_defaults={"external_id": external_id, "created_at": now, "modified_at": now},
        )
        _fill(team, frozenset(members), by)
        _audit("team.edited", team, by, now)
    return team


def remove_team(team: Team, *, by: Viewer, now: datetime) -> None:
    """The team is gone, its people stay; a team that a pilot is about stays too."""
    require_directory(by)
    with writing(by.organization):
        _fill(team, frozenset(), by)
        _audit("team.removed", team, by, now)
        try:
            team.delete()
        except ProtectedError as error:
            raise Conflict(_("A pilot is about this team, so it stays.")) from error


def _name(name: str, team: Team | None) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= 120:
        raise Invalid(_("A team's name has 1 to 120 characters."), fields={"displayName": name})
    others = Team.objects.filter(name=name)
    if team is not None:
        others = others.exclude(pk=team.pk)
    if others.exists():
        raise Conflict(_("There is a team of this name already."), code="uniqueness")
    return name


def _fill(team: Team, wanted: frozenset[int], by: Viewer) -> None:
    """Have just these people in the team; each one's own team is the first they are named in."""
    now_in = frozenset(members_of([team])[team.pk])
    named = frozenset(TeamMember.objects.filter(team=team).values_list("person_id", flat=True))
    TeamMember.objects.bulk_create(
        TeamMember(organization=by.organization, team=team, person_id=person)
        for person in sorted(wanted - named)
    )
    leaving, coming = now_in - wanted, wanted - now_in
    TeamMember.objects.filter(team=team, person_id__in=leaving).delete()
    Person.objects.filter(pk__in=coming, team=None).update(team=team)
    for person in Person.objects.filter(pk__in=leaving, team=team):
        other = TeamMember.objects.filter(person=person).order_by("pk").first()
        Person.objects.filter(pk=person.pk).update(team_id=other.team_id if other else None)
    bump(sorted(leaving | coming))


def _audit(verb: str, team: Team, by: Viewer, now: datetime) -> None:
    record_audit(by=by, verb=verb, object_type="team", object_id=team.public_id, now=now)
