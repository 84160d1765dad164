"""What an administrator decides about questions."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from handrail.apps.answers.actions.access import require_write
from handrail.apps.answers.models import AnswerSettings
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Invalid, NotAllowed
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer

MOST_WORDS, LONGEST_CONTACT = 20_000, 1000


def edit_settings(
    *, words: str, contact: str, alarm_hours: int, by: Viewer, now: datetime
) -> AnswerSettings:
    """Say which words send a question to a person, to whom, and when a wait raises the alarm."""
    require_write(by)
    if not by.is_administrator:
        raise NotAllowed(_("Only an administrator can do this."))
    wrong: dict[str, str] = {}
    if len(words) > MOST_WORDS:
        wrong["words"] = _("This list is too long.")
    if len(contact) > LONGEST_CONTACT:
        wrong["contact"] = _("Write at most %(most)d characters.") % {"most": LONGEST_CONTACT}
    if not 1 <= alarm_hours <= 24 * 14:
        wrong["alarm_hours"] = _("Choose 1 hour to two weeks.")
    if wrong:
        raise Invalid(_("Nothing was saved yet. Look at the marked fields."), fields=wrong)
    listed = "\n".join(dict.fromkeys(line.strip() for line in words.splitlines() if line.strip()))
    with writing(by.organization):
        found, _made = AnswerSettings.objects.update_or_create(
            organization=by.organization,
            defaults={"words": listed, "contact": contact.strip(), "alarm_hours": alarm_hours},
        )
        record_audit(
            by=by,
            verb="answers.settings",
            object_type="organization",
            object_id=by.organization.public_id,
            now=now,
        )
    return found
