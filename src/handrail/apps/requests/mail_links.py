"""The link in a mail that lets the mentor who is asked answer without signing in first.

Whoever holds the mail may answer this one request, and nothing else.
"""

from __future__ import annotations

from uuid import UUID

from django.core import signing
from django.utils.translation import gettext as _

from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import NotFound
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.queries import viewer_for_person
from handrail.apps.requests.models import Ask


def answer_word(ask: Ask) -> str:
    """The word that stands in the mail to the mentor who is asked."""
    said = [ask.organization_id, str(ask.public_id)]
    return signing.dumps(said, salt=_salt(ask.request.public_id))


def viewer_by_word(public_id: UUID, word: str) -> Viewer:
    """Whose mail the word comes from; NotFound where it was not given for this request."""
    try:
        organization_id, ask_id = signing.loads(word, salt=_salt(public_id))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise _unknown() from error
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None:
        raise _unknown()
    with reading(organization):
        ask = Ask.objects.select_related("mentor").filter(public_id=ask_id).first()
        if ask is None:
            raise _unknown()
        return viewer_for_person(ask.mentor)


def _salt(public_id: UUID) -> str:
    return f"handrail.requests.answer.{public_id}"


def _unknown() -> NotFound:
    return NotFound(_("There is no such request."))
