"""What the outbox runner calls for postings: a daily look at copies, and a mail about promises."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.hiring.actions.copies import look, look_at_all
from handrail.apps.hiring.models import Fate, Offer, Posting
from handrail.apps.outbox.mail import send, sender
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import Person
from handrail.integrations.calendar_mail import Address, Link, MailFacts, build_mail


def look_at_copies(row: OutboxRow, now: datetime) -> None:
    """Once a day: every page in the register is to be looked at."""
    look_at_all(row.organization, now)


def look_at_copy(row: OutboxRow, now: datetime) -> None:
    """Look at one page, if it is still in the register."""
    look(int(row.ref["copy"]), row.organization, now)


def send_promises_open(row: OutboxRow, now: datetime) -> None:
    """Ask a lead what becomes of the promises of a program that was closed."""
    posting = (
        Posting.objects.filter(pk=row.ref["posting"])
        .select_related("job__program", "organization")
        .first()
    )
    reader = Person.objects.filter(pk=row.ref["person"]).first()
    if posting is None or reader is None or not reader.email:
        return
    waiting = Offer.objects.filter(posting=posting, fate=Fate.OPEN).count()
    if not waiting:
        return
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        words = ngettext(
            "%(n)d person was offered a job as “%(title)s” with mentoring that is not offered any"
            " more.",
            "%(n)d people were offered a job as “%(title)s” with mentoring that is not offered any"
            " more.",
            waiting,
        ) % {"n": waiting, "title": posting.job.title}
        facts = MailFacts(
            key=row.public_id,
            sender=sender(),
            recipient=Address(reader.email, reader.name),
            language=translation.get_language() or settings.LANGUAGE_CODE,
            subject=_("What was promised to people who were offered a job"),
            paragraphs=(
                words,
                _("Honour it all the same, or tell them. They read your words under their link."),
            ),
            links=(Link(_("Decide"), settings.BASE_URL + reverse("promises")),),
            closing=posting.organization.name,
        )
        message = build_mail(facts, sent_at=now)
    send(message)
