"""An answer that everybody may read: found by its id, before any organisation is known."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from handrail.apps.answers.models import Answer, AnswerState, Audience
from handrail.apps.answers.queries import Shown, show
from handrail.apps.organizations.refusals import NotFound
from handrail.apps.organizations.scope import finding_answer, reading


def public_answer(public_id: UUID, now: datetime) -> Shown:
    """The answer with the texts that go so far; NotFound for every other one."""
    with finding_answer(str(public_id)):
        found = (
            Answer.objects.filter(
                public_id=public_id, state=AnswerState.LIVE, audience=Audience.PUBLIC
            )
            .select_related("organization")
            .first()
        )
    if found is None or found.organization.erasing_since is not None:
        raise NotFound(_("There is no such answer."))
    with reading(found.organization):
        answer = (
            Answer.objects.select_related("current", "skill", "owner", "team", "organization")
            .prefetch_related("phrasings")
            .filter(pk=found.pk, state=AnswerState.LIVE, audience=Audience.PUBLIC)
            .first()
        )
        if answer is None or answer.current is None:
            raise NotFound(_("There is no such answer."))
        return show(answer, int(Audience.PUBLIC), now.date())
