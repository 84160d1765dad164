"""What the outbox runner calls for people: the mail that shows the way in."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from handrail.apps.outbox.mail import send, sender
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import Person
from handrail.integrations.calendar_mail import Address, Link, MailFacts, build_mail


def send_welcome(row: OutboxRow, now: datetime) -> None:
    """Tell a person that they have a place here and how to sign in."""
    person = (
        Person.objects.select_related("organization", "membership")
        .filter(public_id=row.ref["person"])
        .first()
    )
    if person is None or person.membership is None or person.membership.revoked_at is not None:
        return
    with translation.override(person.language or settings.LANGUAGE_CODE):
        facts = MailFacts(
            key=row.public_id,
            sender=sender(),
            recipient=Address(email=person.email, name=person.name),
            language=person.language,
            subject=_("Your place in %(organisation)s")
            % {"organisation": person.organization.name},
            paragraphs=(
                _(
                    "%(organisation)s uses Handrail for short mentoring sessions: 20 minutes, one "
                    "objective, a written result."
                )
                % {"organisation": person.organization.name},
                _("Sign in with this address: you are sent a code by mail, no password is needed."),
            ),
            links=(Link(_("Sign in"), settings.BASE_URL + reverse("account_request_login_code")),),
            closing=_("If you did not expect this, you need not do anything."),
        )
        message = build_mail(facts, sent_at=now)
    send(message)
