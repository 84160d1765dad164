"""The link in a mail that lets its reader cancel without signing in first.

Whoever holds the mail may give the time back, and nothing else: the word is signed for one person
and one session.
"""

from __future__ import annotations

from uuid import UUID

from django.core import signing
from django.utils.translation import gettext as _

from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import NotFound
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.people.queries import viewer_for_person
from handrail.apps.sessions.models import Session


def cancel_word(session: Session, person: Person) -> str:
    """The word that stands in this person's mails about this session."""
    said = [session.organization_id, str(person.public_id)]
    return signing.dumps(said, salt=_salt(session.public_id))


def viewer_by_word(public_id: UUID, word: str) -> Viewer:
    """Whose mail the word comes from; NotFound where it was not given for this session."""
    try:
        organization_id, person_id = signing.loads(word, salt=_salt(public_id))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise _unknown() from error
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None:
        raise _unknown()
    with reading(organization):
        person = Person.objects.filter(public_id=person_id).first()
        if person is None:
            raise _unknown()
        return viewer_for_person(person)


def _salt(public_id: UUID) -> str:
    return f"handrail.sessions.cancel.{public_id}"


def _unknown() -> NotFound:
    return NotFound(_("There is no such session."))
