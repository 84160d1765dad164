"""Mails about reports of harm, and the clock that sees to it that none lies unseen."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.mail import send, sender
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import Person
from handrail.apps.safeguarding.actions import tend
from handrail.apps.safeguarding.announcing import ANSWERED, ESCALATED, REMINDER
from handrail.apps.safeguarding.models import HarmReport, HarmState
from handrail.apps.safeguarding.queries import receivers
from handrail.integrations.calendar_mail import Address, Link, MailFacts, build_mail


def tend_harm(row: OutboxRow, now: datetime) -> None:
    """Remind and widen, by the clock."""
    tend(by=Viewer.system(row.organization, "clock"), now=now)


def send_harm(row: OutboxRow, now: datetime) -> None:
    """One mail about a report, to somebody who may still read it."""
    report = (
        HarmReport.objects.select_related("organization", "reporter", "concerned")
        .filter(public_id=row.ref["report"])
        .first()
    )
    reader = Person.objects.filter(public_id=row.ref["person"]).first()
    if report is None or reader is None:
        return
    if row.kind == ANSWERED:
        if reader.pk != report.reporter_id:
            return
    elif reader.pk not in {person.pk for person in receivers(report)}:
        return
    if row.kind in (REMINDER, ESCALATED) and report.state != HarmState.WAITING:
        return
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        subject, said, button = _words(row.kind)
        address = f"{settings.BASE_URL}{reverse('harm_report', args=[report.public_id])}"
        facts = MailFacts(
            key=row.public_id,
            sender=sender(),
            recipient=Address(reader.email, reader.name),
            language=translation.get_language() or settings.LANGUAGE_CODE,
            subject=subject,
            paragraphs=tuple(said),
            links=(Link(button, address),),
            closing=report.organization.name,
        )
        message = build_mail(facts, sent_at=now)
    send(message)


def _words(kind: str) -> tuple[str, list[str], str]:
    if kind == ANSWERED:
        return (
            _("There is news on your report"),
            [_("Sign in to read it. This mail says no more, in case somebody else sees it.")],
            _("Open your report"),
        )
    if kind == ESCALATED:
        return (
            _("A report has waited for a working day"),
            [
                _(
                    "Somebody reported harm, and nobody has said within a working day that it is"
                    " seen. It reaches you now as well."
                ),
                _("Open it, say that you have seen it, and agree among you who does what."),
            ],
            _("Open what was reported"),
        )
    if kind == REMINDER:
        return (
            _("A report still waits to be seen"),
            [_("Somebody reported harm. Say within a working day that you have seen it.")],
            _("Open what was reported"),
        )
    return (
        _("A report waits for you"),
        [
            _(
                "Somebody reported harm, or added to what they reported. You receive it because you"
                " are named for this. Please do not forward this mail."
            ),
            _("Say within one working day that you have seen it. Each opening is noted."),
        ],
        _("Open what was reported"),
    )
