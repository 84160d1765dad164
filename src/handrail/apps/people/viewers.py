"""From a sign-in, a key or a person to the viewer that every action and query is given."""

from __future__ import annotations

from handrail.apps.organizations.models import ApiKey, Membership, User
from handrail.apps.organizations.queries import grants_of, memberships_of
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer, ViewerKind
from handrail.apps.people.models import Person


def viewer_for_user(user: User, chosen: int | None = None) -> Viewer | None:
    """The user as seen in the organisation they chose, or in their only one.

    None without a live membership, and where there are several and none was chosen yet.
    """
    memberships = memberships_of(user)
    if chosen is not None:
        memberships = [one for one in memberships if one.organization_id == chosen]
    if len(memberships) != 1:
        return None
    with reading(memberships[0].organization):
        return _viewer(memberships[0])


def viewer_for_person(person: Person) -> Viewer:
    """The person's own viewer; who has no sign-in has no grants either."""
    if person.membership is not None and person.membership.revoked_at is None:
        return _viewer(person.membership)
    return Viewer(
        organization=person.organization,
        kind=ViewerKind.PERSON,
        person_id=person.pk,
        person_public_id=person.public_id,
        language=person.language,
        timezone=person.timezone,
        label=f"person:{person.public_id}",
    )


def viewer_for_api_key(key: ApiKey) -> Viewer | None:
    """The key's owner, bound by the key's scopes; None if the owner has no place here any more."""
    membership = Membership.objects.filter(pk=key.membership_id, revoked_at=None).first()
    if membership is None:
        return None
    membership.organization = key.organization  # was read with the key
    return _viewer(
        membership,
        kind=ViewerKind.KEY,
        label=f"key:{key.prefix}",
        scopes=frozenset(key.scopes),
    )


def viewer_for_directory(key: ApiKey) -> Viewer:
    """A directory: it brings people and teams of its organisation in, for nobody in particular."""
    return Viewer(
        organization=key.organization,
        kind=ViewerKind.DIRECTORY,
        timezone=key.organization.timezone,
        scopes=frozenset(key.scopes),
        label=f"key:{key.prefix}",
    )


def _viewer(
    membership: Membership,
    *,
    kind: ViewerKind = ViewerKind.PERSON,
    label: str = "",
    scopes: frozenset[str] | None = None,
) -> Viewer:
    person = Person.objects.filter(membership=membership).first()
    organization = membership.organization
    if not label:
        label = f"person:{person.public_id}" if person else f"member:{membership.pk}"
    return Viewer(
        organization=organization,
        kind=kind,
        person_id=person.pk if person else None,
        person_public_id=person.public_id if person else None,
        membership_id=membership.pk,
        grants=grants_of(membership),
        language=person.language if person else organization.language,
        timezone=person.timezone if person else organization.timezone,
        scopes=scopes,
        label=label,
    )
