"""What the outbox calls about hires: one mail a row, and the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.dateformat import format as django_format
from django.utils.translation import gettext as _

from handrail.apps.cohorts.line import line_of
from handrail.apps.cohorts.times import first_monday
from handrail.apps.hiring.actions.holding import tend_offers
from handrail.apps.hiring.actions.settling import tend_hires
from handrail.apps.hiring.hire_words import own_word
from handrail.apps.hiring.models import HireRecord
from handrail.apps.hiring.standing import Standing, standing_of
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.mail import is_nowhere, send, sender
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import Person
from handrail.integrations.calendar_mail import Address, Link, MailFacts, build_mail

Write = Callable[[HireRecord, Standing], tuple[str, list[str]]]


def tend(row: OutboxRow, now: datetime) -> None:
    """Bring the organisation's hires up to the clock."""
    by = Viewer.system(row.organization, "clock")
    tend_hires(by=by, now=now)
    tend_offers(by=by, now=now)


def send_in(row: OutboxRow, now: datetime) -> None:
    """Tell a hire that they are in, and how to take themself out."""
    _deliver(row, now, _in)


def send_moved(row: OutboxRow, now: datetime) -> None:
    """Tell a hire that their place has moved with their first day."""
    _deliver(row, now, _moved)


def _deliver(row: OutboxRow, now: datetime, write: Write) -> None:
    hire = (
        HireRecord.objects.select_related("organization", "person", "program", "intake")
        .filter(public_id=row.ref["hire"], undone=False, closed_at=None)
        .first()
    )
    if hire is None or hire.person is None or hire.program is None:
        return
    standing = standing_of(hire)
    address = _address_of(hire, hire.person)
    if standing.held is None or standing.out or not address:
        return  # who has no address yet is told once there is one
    with translation.override(hire.person.language or settings.LANGUAGE_CODE):
        subject, paragraphs = write(hire, standing)
        facts = MailFacts(
            key=row.public_id,
            sender=sender(),
            recipient=Address(address, hire.person.name),
            language=translation.get_language() or settings.LANGUAGE_CODE,
            subject=subject,
            paragraphs=(
                *paragraphs,
                _(
                    "It is not for you? Opt out with one click. Nobody is told, and nobody asks"
                    " why."
                ),
            ),
            facts=((_("Program"), hire.program.name),),
            links=(Link(_("See my place, or opt out"), _own_address(hire)),),
            closing=hire.organization.name,
        )
        message = build_mail(facts, sent_at=now)
    send(message)


def _address_of(hire: HireRecord, person: Person) -> str:
    return hire.personal_email if is_nowhere(person.email) else person.email


def _in(hire: HireRecord, standing: Standing) -> tuple[str, list[str]]:
    assert hire.program is not None
    words = {"program": hire.program.name, "minutes": hire.program.session_minutes}
    if standing.place is None:
        return _("You are in: %(program)s") % words, [
            _("You take part from your first day on: short sessions of %(minutes)d minutes.")
            % words,
            _("Each one has one objective and ends with a few written lines."),
        ]
    day = {"day": _day(standing)}
    number = line_of(standing.place.intake).number_of(standing.place)
    if number:
        return _("You are on the waiting list: %(program)s") % words, [
            _("All seats are taken at the moment: you are number %(n)d on the waiting list.")
            % {"n": number},
            _("Whoever waits moves up by themselves, or comes into the next intake first."),
        ]
    return _("You are in: %(program)s, from %(day)s") % {**words, **day}, [
        _(
            "A small group of new hires meets one mentor for %(minutes)d minutes a week, for"
            " twelve weeks. Everybody who starts here is in, and so are you."
        )
        % words,
        _("The time is found once the group is complete, inside everybody's working hours."),
    ]


def _moved(hire: HireRecord, standing: Standing) -> tuple[str, list[str]]:
    assert hire.program is not None
    return _("Your place has moved: %(program)s") % {"program": hire.program.name}, [
        _("Your first day has moved, and so your place did: your group starts on %(day)s.")
        % {"day": _day(standing)}
    ]


def _day(standing: Standing) -> str:
    assert standing.held is not None
    day = first_monday(standing.place.intake) if standing.place else standing.held.start_date
    return django_format(day, _("l j F Y"))


def _own_address(hire: HireRecord) -> str:
    return f"{settings.BASE_URL}{reverse('own_place', args=[own_word(hire)])}"
