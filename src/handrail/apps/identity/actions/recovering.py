"""Whoever runs the server lets somebody in again: one link, once, for a quarter of an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.core import signing
from django.utils.translation import gettext as _

from handrail.apps.organizations.access import give_access
from handrail.apps.organizations.actions import grant_role, record_audit
from handrail.apps.organizations.models import Grant, Organization, User
from handrail.apps.organizations.queries import memberships_of
from handrail.apps.organizations.refusals import Invalid, NotFound
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person

SALT = "handrail.identity.recover"
LASTS = timedelta(minutes=15)


def recover(
    email: str,
    *,
    organization: Organization | None = None,
    administrator: bool = False,
    without_second_factor: bool = False,
    now: datetime,
) -> str:
    """The word of a link that signs this address in; it dies with its first use, and by itself.

    `administrator` gives the address a place in the organisation and the role, as where the last
    administrator was locked out. `without_second_factor` takes lost passkeys and apps away.
    Every organisation that the address has a place in reads of it in its record.
    """
    address = email.strip().lower()
    if administrator:
        if organization is None:
            raise Invalid(_("Say which organisation: --organisation NAME."))
        by = Viewer.system(organization, "operator")
        with writing(organization):
            membership = give_access(address, by=by, now=now)
            grant_role(membership, Grant.ADMINISTRATOR, by=by, now=now)
            unlinked = Person.objects.filter(email__iexact=address, membership=None)
            unlinked.update(membership=membership)
    user = User.objects.filter(email=address, is_active=True).first()
    places = memberships_of(user) if user is not None else []
    if user is None or not places:
        raise NotFound(_("Nobody with this address has a place here."))
    if without_second_factor:
        Authenticator.objects.filter(user=user).delete()
    for place in places:
        with writing(place.organization):
            record_audit(
                by=Viewer.system(place.organization, "operator"),
                verb="sign_in.recovered",
                object_type="membership",
                object_id=place.pk,
                detail={"without_second_factor": without_second_factor},
                now=now,
            )
    return signing.dumps([user.pk, _stand(user), int(now.timestamp())], salt=SALT)


def let_in(word: str, *, now: datetime) -> User:
    """The person whom a link signs in; NotFound where it is used up, too old or made up."""
    try:
        number, stand, since = signing.loads(word, salt=SALT)
        made = datetime.fromtimestamp(since, UTC)
    except (signing.BadSignature, ValueError, TypeError, OverflowError):
        raise _used_up() from None
    user = User.objects.filter(pk=number, is_active=True).first()
    if user is None or _stand(user) != stand or not made <= now <= made + LASTS:
        raise _used_up()
    return user


def _stand(user: User) -> str:
    """What changes with each sign-in, so that a link works once."""
    last = user.last_login.isoformat() if user.last_login else ""
    return f"{last}|{user.password[-12:]}"


def _used_up() -> NotFound:
    return NotFound(_("This link works no more. Ask whoever runs the server for another one."))
