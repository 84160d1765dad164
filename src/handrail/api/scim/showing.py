"""People and teams as resources, and resources as what our actions take."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from scim2_models import GroupMembership, InvalidValueException, Meta, Reference

from handrail.api.scim.resources import EnterpriseUser, Group, GroupMember, Person
from handrail.apps.identity.actions.people import is_active
from handrail.apps.identity.models import Entry, TeamEntry
from handrail.apps.identity.queries import members_of, teams_of
from handrail.apps.identity.said import PersonSaid
from handrail.apps.people.models import Person as OurPerson
from handrail.apps.people.models import Team

BASE = "/scim/v2"
ENTERPRISE = str(EnterpriseUser.__schema__)


def location(kind: str, public_id: object) -> str:
    """Where a resource is found from outside."""
    return f"{settings.BASE_URL}{BASE}/{kind}/{public_id}"


def shown_people(people: Sequence[OurPerson]) -> list[Any]:
    """The people as resources, in their order."""
    teams = teams_of(people)
    return [_shown_person(person, teams[person.pk]) for person in people]


def shown_new(person: OurPerson, wanted: Any) -> Any:
    """Somebody just made, who is in no team yet: as they were wanted, with what we say of them."""
    return _shown_person(person, (), wanted)


def _shown_person(person: OurPerson, teams: Sequence[Team], wanted: Any = None) -> Any:
    entry: Entry | None = getattr(person, "entry", None)
    values = dict(entry.said) if entry is not None and entry.said else _as_we_know(person)
    if entry is None or "active" in values:
        values["active"] = is_active(person, entry)
    shown = Person.model_validate(values) if wanted is None else _as_kept(wanted, values)
    shown.id = str(person.public_id)
    since = person.organization.created_at
    _set_meta(
        shown,
        "User",
        location("Users", person.public_id),
        entry.created_at if entry else since,
        entry.modified_at if entry else since,
    )
    if teams:
        shown.groups = [_shown_membership(team) for team in teams]
    if person.manager is not None:
        extension = shown[EnterpriseUser] or EnterpriseUser()
        extension.manager = {
            "value": str(person.manager.public_id),
            "$ref": location("Users", person.manager.public_id),
        }
        shown[EnterpriseUser] = extension
    names = [team.name for team in teams]
    return _with_version(shown, person.rev, person.manager_id, values, names)


def _as_kept(wanted: Any, values: dict[str, Any]) -> Any:
    """What was wanted, with what of it was kept: it was proven already, so that is not done again.

    The manager is the person's own, and is put in from there.
    """
    if "active" in values:
        wanted.active = values["active"]
    extension = wanted[EnterpriseUser]
    if extension is not None:
        extension.manager = None
        if ENTERPRISE not in values:
            wanted[EnterpriseUser] = None
    return wanted


def _shown_membership(team: Team) -> Any:
    return GroupMembership.model_validate(
        {
            "value": str(team.public_id),
            "$ref": location("Groups", team.public_id),
            "display": team.name,
            "type": "direct",
        }
    )


def _as_we_know(person: OurPerson) -> dict[str, Any]:
    """Somebody whom no directory has named yet: known by their address."""
    return {
        "userName": person.email,
        "displayName": person.name,
        "name": {"formatted": person.name},
        "preferredLanguage": person.language,
        "timezone": person.timezone,
        "emails": [{"value": person.email, "type": "work", "primary": True}],
    }


def shown_teams(teams: Sequence[Team]) -> list[Any]:
    """The teams as resources, in their order."""
    members = members_of(teams)
    ids = {person for some in members.values() for person in some}
    people = {
        pk: str(public_id)
        for pk, public_id in OurPerson.objects.filter(pk__in=ids)
        .exclude(entry__deleted_at__isnull=False)
        .values_list("pk", "public_id")
    }
    return [
        _shown_team(team, [people[one] for one in members[team.pk] if one in people])
        for team in teams
    ]


def _shown_team(team: Team, members: Iterable[str]) -> Any:
    entry: TeamEntry | None = getattr(team, "entry", None)
    shown = Group(
        id=str(team.public_id),
        display_name=team.name,
        external_id=(entry.external_id or None) if entry else None,
    )
    shown.members = [
        GroupMember(
            value=public_id,
            ref=Reference(location("Users", public_id)),
            type="User",
        )
        for public_id in members
    ] or None
    since = team.organization.created_at
    _set_meta(
        shown,
        "Group",
        location("Groups", team.public_id),
        entry.created_at if entry else since,
        entry.modified_at if entry else since,
    )
    return _with_version(shown, team.name, [one.value for one in shown.members or []])


def _set_meta(shown: Any, kind: str, where: str, created: datetime, modified: datetime) -> None:
    shown.meta = Meta(resource_type=kind, location=where, created=created, last_modified=modified)


def _with_version(shown: Any, *parts: object) -> Any:
    """The tag is of all that is shown: another tag, another content."""
    # Sorted: PostgreSQL keeps the names of a JSON field in an order of its own.
    text = json.dumps([shown.id, shown.meta.last_modified, *parts], sort_keys=True, default=str)
    shown.meta.version = f'W/"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'
    return shown


def said_of(resource: Any) -> PersonSaid:
    """What a resource says of a person; raises InvalidValueException without an address."""
    email = _address(resource)
    extension = resource[EnterpriseUser] or EnterpriseUser()
    rest = resource.model_dump(exclude={"id", "meta", "groups"})
    if ENTERPRISE in rest:
        rest[ENTERPRISE].pop("manager", None)  # the manager is the person's, not a copy
        if not rest[ENTERPRISE]:
            del rest[ENTERPRISE]
            rest["schemas"] = [one for one in rest["schemas"] if one != ENTERPRISE]
    return PersonSaid(
        user_name=resource.user_name,
        email=email,
        name=_name(resource) or email.partition("@")[0],
        external_id=resource.external_id or "",
        active=resource.active,
        title=resource.title or "",
        department=extension.department or "",
        manager=(extension.manager.value or "") if extension.manager else "",
        timezone=resource.timezone or "",
        language=resource.preferred_language or resource.locale or "",
        rest=rest,
    )


def _address(resource: Any) -> str:
    """The primary address, else the one for work, else the first."""
    emails = [one for one in resource.emails or [] if one.value]
    if not emails:
        raise InvalidValueException(detail="Give an e-mail address: emails, or as userName.")
    first = next(
        (one for one in emails if one.primary),
        next((one for one in emails if one.type == "work"), emails[0]),
    )
    return str(first.value).lower()


def _name(resource: Any) -> str:
    name = resource.name
    parts = [name.given_name, name.family_name] if name else []
    whole = " ".join(part.strip() for part in parts if part and part.strip())
    return str(resource.display_name or (name.formatted if name else "") or whole or "").strip()


def member_ids(resource: Any) -> list[str]:
    """The public ids of the people whom a team is said to hold."""
    return [str(one.value) for one in resource.members or [] if one.value]
