"""What the outbox brings about records: a statement was signed, somebody asks to be erased.

And to administrators, that a connection was switched off or a key ends: whoever reads it stands in
a room above.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.dateformat import format as django_format
from django.utils.translation import gettext as _

from handrail.apps.connections.models import Connection
from handrail.apps.connections.words import trouble_words
from handrail.apps.identity.saml import last_end, providers_that_end
from handrail.apps.organizations.models import ConsentPurpose, Membership
from handrail.apps.organizations.queries import administrators
from handrail.apps.outbox.mail import send, sender
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.automations import may_do
from handrail.apps.people.models import Person
from handrail.apps.records.models import Attestation, ErasureRequest, ErasureState
from handrail.apps.retreats.models import Retreat, RetreatStatus
from handrail.integrations.calendar_mail import Address, Link, MailFacts, build_mail


@dataclass(frozen=True, slots=True)
class _Words:
    subject: str
    said: tuple[str, ...]
    link: Link


def send_statement_signed(row: OutboxRow, now: datetime) -> None:
    """Tell the mentee that a statement about them was signed, unless it was taken back already."""
    found = (
        Attestation.objects.filter(public_id=row.ref["statement"], revoked_at=None)
        .select_related("mentor", "mentee", "artifact__session")
        .first()
    )
    if found is None or not found.signed or found.mentee is None or found.artifact is None:
        return
    mentee, session = found.mentee, found.artifact.session
    if not may_do(mentee.public_id, ConsentPurpose.STATEMENT_NEWS, now):
        return

    def words() -> _Words:
        name = found.signed["statement"]["by"]
        page = settings.BASE_URL + reverse("attest", args=[session.public_id])
        return _Words(
            _("%(name)s signed a statement about you") % {"name": name},
            (
                _("It is about what came out of your session “%(objective)s”.")
                % {"objective": session.objective},
                _("Nobody but the two of you sees it until you share it."),
            ),
            Link(_("Read the statement"), page),
        )

    _send(row, Address(mentee.email, mentee.name), mentee.language, words, now)


def send_erasure_asked(row: OutboxRow, now: datetime) -> None:
    """Tell an administrator that a wish to be erased waits, as long as it does."""
    found = (
        ErasureRequest.objects.filter(public_id=row.ref["erasure"], state=ErasureState.ASKED)
        .select_related("person")
        .first()
    )
    if found is None or found.person is None:
        return
    name = found.person.name

    def words() -> _Words:
        page = settings.BASE_URL + reverse("erasure", args=[found.public_id])
        return _Words(
            _("%(name)s asks to be erased") % {"name": name},
            (_("It waits until an administrator or a lead of theirs decides."),),
            Link(_("Decide"), page),
        )

    _tell_administrator(row, ConsentPurpose.ERASURE_NEWS, words, now)


def send_connection_stopped(row: OutboxRow, now: datetime) -> None:
    """Tell an administrator that a connection was switched off, as long as it is."""
    found = Connection.objects.filter(public_id=row.ref["connection"], is_on=False).first()
    if found is None or not found.stopped_for:
        return

    def words() -> _Words:
        page = settings.BASE_URL + reverse("connection", args=[found.public_id])
        return _Words(
            _("“%(name)s” was switched off") % {"name": found.name},
            (
                _("Nothing got through this connection any more, so nothing is sent there now."),
                trouble_words(found.stopped_for),
            ),
            Link(_("Open the connection"), page),
        )

    _tell_administrator(row, ConsentPurpose.CONNECTION_NEWS, words, now)


def send_certificate_ends(row: OutboxRow, now: datetime) -> None:
    """Tell an administrator that a provider's last certificate ends soon, as long as it does."""
    found = [one for one in providers_that_end(now) if str(one.public_id) == row.ref["provider"]]
    end = last_end(found[0]) if found else None
    if end is None:
        return
    provider, zone = found[0], ZoneInfo(row.organization.timezone)

    def words() -> _Words:
        page = settings.BASE_URL + reverse("provider", args=[provider.public_id])
        # Translators: Django date format of a whole date, for example 3 February 2026
        day = django_format(end.astimezone(zone), _("j F Y"))
        return _Words(
            _("The certificate of “%(name)s” ends on %(day)s")
            % {"name": provider.name, "day": day},
            (
                _(
                    "Providers sign with another one by then, and Handrail does not fetch it by"
                    " itself: have the new one published beside the old one, and take the"
                    " provider's metadata again."
                ),
                _("Sign-ins by a certificate that is not here are refused."),
            ),
            Link(_("Open the provider"), page),
        )

    _tell_administrator(row, ConsentPurpose.CONNECTION_NEWS, words, now)


def send_retreat_wants_planner(row: OutboxRow, now: datetime) -> None:
    """Tell an administrator that who planned a retreat has left, until somebody takes it over."""
    retreats = Retreat.objects.filter(public_id=row.ref["retreat"], planner=None)
    found = retreats.exclude(status=RetreatStatus.CALLED_OFF).first()
    if found is None:
        return

    def words() -> _Words:
        page = settings.BASE_URL + reverse("retreat", args=[found.public_id])
        return _Words(
            _("Nobody plans “%(name)s” any more") % {"name": found.name},
            (
                _("Who planned it has left. Until somebody takes it over, you can change it."),
                _("Whoever saves its name and days is its planner from then on."),
            ),
            Link(_("Open the retreat"), page),
        )

    _tell_administrator(row, None, words, now)


def _tell_administrator(
    row: OutboxRow, purpose: ConsentPurpose | None, words: Callable[[], _Words], now: datetime
) -> None:
    """Send it to one who is an administrator still; who takes part can have switched it off."""
    place: Membership | None = administrators().filter(pk=row.ref["membership"]).first()
    if place is None:
        return
    person = Person.objects.filter(membership=place).first()
    if person is None:
        _send(row, Address(place.user.email, ""), row.organization.language, words, now)
    elif purpose is None or may_do(person.public_id, purpose, now):
        _send(row, Address(person.email, person.name), person.language, words, now)


def _send(
    row: OutboxRow, to: Address, language: str, words: Callable[[], _Words], now: datetime
) -> None:
    with translation.override(language or settings.LANGUAGE_CODE):
        said = words()
        facts = MailFacts(
            key=row.public_id,
            sender=sender(),
            recipient=to,
            language=language or settings.LANGUAGE_CODE,
            subject=said.subject,
            paragraphs=said.said,
            links=(said.link,),
            closing=row.organization.name,
        )
        message = build_mail(facts, sent_at=now)
    send(message)
