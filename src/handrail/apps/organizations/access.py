"""Access that a directory gives and takes: at once, and without a word about staying or leaving."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _

from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.models import ApiKey, KeyKind, Membership, RoleGrant, User
from handrail.apps.organizations.prepared import Addition, Place, Question
from handrail.apps.organizations.queries import memberships_of
from handrail.apps.organizations.refusals import NotAllowed
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer, ViewerKind

_USER = Question(User, lambda users: users.filter(email=Place("email")).only("email"))
_NEW_USER, _NEW_MEMBERSHIP = Addition(User), Addition(Membership)


def require_directory(by: Viewer) -> None:
    """Raise NotAllowed unless a directory asks, or the server itself."""
    if by.kind is not ViewerKind.DIRECTORY and not by.is_system:
        raise NotAllowed(_("Only a directory does this."))


def give_access(address: str, *, by: Viewer, now: datetime) -> Membership:
    """A place for this address; whoever had one gets it back with the roles they had."""
    require_directory(by)
    with writing(by.organization, savepoint=False):
        user = _USER.first(email=address)
        if user is None:
            user = User(email=address)
            user.set_unusable_password()
            membership = _NEW_MEMBERSHIP.add(
                Membership(organization=by.organization, user=_NEW_USER.add(user), created_at=now)
            )
        else:
            membership, created = Membership.objects.get_or_create(
                organization=by.organization, user=user, defaults={"created_at": now}
            )
            if not created and membership.revoked_at is None:
                return membership
            if not created:
                Membership.objects.filter(pk=membership.pk).update(revoked_at=None)
                membership.revoked_at = None
        record_audit(by=by, verb="add", object_type="membership", object_id=membership.pk, now=now)
    return membership


def end_access(membership: Membership, *, by: Viewer, now: datetime) -> None:
    """Close the place at once: keys are revoked, and sign-ins that open nothing else end.

    Roles stay until a leaving is confirmed: it may be a parental leave. The last administrator's
    place is closed too; whoever runs the server lets one in again.
    """
    require_directory(by)
    with writing(by.organization):
        closed = Membership.objects.filter(pk=membership.pk, revoked_at=None).update(revoked_at=now)
        if not closed:
            return
        # A directory's own key belongs to the organisation, whoever made it.
        ApiKey.objects.filter(membership=membership, kind=KeyKind.API, revoked_at=None).update(
            revoked_at=now
        )
        if not memberships_of(membership.user):
            _end_sign_ins(membership.user)
        record_audit(
            by=by, verb="revoke", object_type="membership", object_id=membership.pk, now=now
        )


def move_access(membership: Membership, address: str, *, by: Viewer, now: datetime) -> Membership:
    """The same place under another address: roles go with it, the old address opens nothing."""
    require_directory(by)
    with writing(by.organization):
        moved = give_access(address, by=by, now=now)
        if moved.pk != membership.pk:
            for role, since in membership.grants.values_list("role", "granted_at"):
                RoleGrant.objects.get_or_create(
                    organization=by.organization,
                    membership=moved,
                    role=role,
                    defaults={"granted_at": since},
                )
            RoleGrant.objects.filter(membership=membership).delete()
            end_access(membership, by=by, now=now)
    return moved


def _end_sign_ins(user: User) -> None:
    """Every sign-in of theirs is over: Django ties each one to the password as it was."""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    for session in UserSession.objects.filter(user=user):
        session.end()
