"""Two people are kept apart by the house, as by the private list of one of them."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import NotAllowed
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import NotWith, Person


def keep_apart(person: Person, other: Person, *, by: Viewer, now: datetime) -> None:
    """Put `other` onto the private list of `person`, where `person` alone reads it.

    Nothing is written of it into the record of who did what: a line there would tell.
    """
    if not by.is_system:
        raise NotAllowed(_("Only its owner may change this list."))
    with writing(by.organization):
        NotWith.objects.get_or_create(
            organization=by.organization, person=person, other=other, defaults={"created_at": now}
        )
