"""The link in a hire's mail: out of the group, and in again, without a sign-in.

Whoever holds the mail may do that, and nothing else: the word is signed for one hire.
"""

from __future__ import annotations

from uuid import UUID

from django.core import signing
from django.utils.translation import gettext as _

from handrail.apps.hiring.models import HireRecord
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import NotFound

SALT = "handrail.hiring.own_place"


def own_word(hire: HireRecord) -> str:
    """The word that stands in this hire's mails."""
    return signing.dumps([hire.organization_id, hire.public_id.hex], salt=SALT)


def hire_by_word(word: str) -> tuple[Organization, UUID]:
    """Whose mail the word comes from; NotFound where it was not given by us."""
    try:
        organization_id, public_id = signing.loads(word, salt=SALT)
        organization = Organization.objects.filter(pk=organization_id).first()
        if organization is not None:
            return organization, UUID(public_id)
    except (signing.BadSignature, ValueError, TypeError):
        pass
    raise NotFound(_("There is no such place."))
