"""A hire's own way out and in again, from the link in their mail: private, without a reason."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from handrail.apps.cohorts.actions import opt_in, opt_out
from handrail.apps.hiring.hire_queries import own_hire
from handrail.apps.hiring.hire_words import hire_by_word
from handrail.apps.hiring.standing import standing_of
from handrail.apps.organizations.refusals import Conflict
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.queries import viewer_for_person
from handrail.apps.programs.actions import enrol, leave
from handrail.apps.programs.models import EnrolmentRole


def take_oneself_out(word: str, *, now: datetime) -> None:
    """Give one's place back; nobody is told, and whoever waits moves up."""
    organization, public_id = hire_by_word(word)
    with writing(organization):
        hire = own_hire(public_id)
        standing = standing_of(hire)
        if hire.person is None or standing.held is None:
            raise _over()
        by = viewer_for_person(hire.person)
        if standing.place is not None:
            opt_out(standing.place, by=by, now=now)
        elif standing.enrolment is not None:
            leave(standing.enrolment, by=by, now=now)


def come_back_in(word: str, *, now: datetime) -> None:
    """Take one's place again, at the end of the line, as long as the group has not started."""
    organization, public_id = hire_by_word(word)
    with writing(organization):
        hire = own_hire(public_id)
        standing = standing_of(hire)
        if hire.person is None or standing.held is None or hire.program is None:
            raise _over()
        if standing.place is not None:
            opt_in(standing.place, by=viewer_for_person(hire.person), now=now)
        else:
            by = Viewer.system(organization, "hires")
            enrol(hire.program, hire.person, EnrolmentRole.MENTEE, by=by, now=now)


def _over() -> Conflict:
    return Conflict(_("No place is kept for you any more."), code="no-place")
