"""Two mails about what is quiet: the question, and that it ended and how it comes back."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.mail import send, sender
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import Person
from handrail.apps.programs.models import QuietQuestion
from handrail.apps.sessions.quiet import look_after_quiet
from handrail.integrations.calendar_mail import Address, Link, MailFacts, build_mail


def ask_quiet(row: OutboxRow, now: datetime) -> None:
    """The daily look at what is quiet in this organisation."""
    look_after_quiet(by=Viewer.system(row.organization, "clock"), now=now)


def send_quiet_asked(row: OutboxRow, now: datetime) -> None:
    """Ask whether it goes on, as long as nobody has answered."""
    question, reader = _about(row)
    if question is None or reader is None or question.kept_at or question.ended_at:
        return
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        name = question.program.name
        day = date_format(question.ends_at.astimezone(ZoneInfo(reader.timezone)), "DATE_FORMAT")
        if question.enrolment_id:
            said = [
                _("You have done nothing in “%(name)s” for 90 days, and nothing is ahead.")
                % {"name": name},
                _("Without an answer you no longer take part from %(day)s. You can come back.")
                % {"day": day},
            ]
        else:
            said = [
                _("“%(name)s” has been quiet for 90 days, and nothing is ahead.") % {"name": name},
                _("Without an answer it closes on %(day)s. You can open it again.") % {"day": day},
            ]
        _send(row, now, question, reader, _("Does “%(name)s” go on?") % {"name": name}, said)


def send_quiet_ended(row: OutboxRow, now: datetime) -> None:
    """Say that it ended, and how it comes back."""
    question, reader = _about(row)
    if question is None or reader is None or question.ended_at is None or question.back_at:
        return
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        name = question.program.name
        if question.enrolment_id:
            said = [_("You no longer take part in “%(name)s”.") % {"name": name}]
        else:
            said = [_("“%(name)s” is closed.") % {"name": name}]
        said.append(_("It was quiet, and nobody answered. One press brings it back as it was."))
        _send(row, now, question, reader, _("“%(name)s” has ended") % {"name": name}, said)


def _about(row: OutboxRow) -> tuple[QuietQuestion | None, Person | None]:
    question = (
        QuietQuestion.objects.filter(public_id=row.ref["question"])
        .select_related("program", "organization")
        .first()
    )
    return question, Person.objects.filter(public_id=row.ref["person"]).first()


def _send(
    row: OutboxRow,
    now: datetime,
    question: QuietQuestion,
    reader: Person,
    subject: str,
    said: list[str],
) -> None:
    address = f"{settings.BASE_URL}{reverse('quiet_question', args=[question.public_id])}"
    facts = MailFacts(
        key=row.public_id,
        sender=sender(),
        recipient=Address(reader.email, reader.name),
        language=translation.get_language() or settings.LANGUAGE_CODE,
        subject=subject,
        paragraphs=tuple(said),
        links=(Link(_("Answer"), address),),
        closing=question.organization.name,
    )
    send(build_mail(facts, sent_at=now))
