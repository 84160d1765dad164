"""What the outbox runner calls for requests: the clock, and one mail a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.mail import send, sender
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import Person
from handrail.apps.requests.actions.going_on import ask_next, move_on
from handrail.apps.requests.mail_links import answer_word
from handrail.apps.requests.models import Ask, AskAnswer, MentoringRequest, RequestState
from handrail.apps.sessions.tasks import when_for
from handrail.integrations.calendar_mail import Address, Link, MailFacts, build_mail


@dataclass(frozen=True, slots=True)
class Reading:
    """One mail's reader and the request it is about."""

    row: OutboxRow
    now: datetime
    request: MentoringRequest
    reader: Person
    ask: Ask | None  # the one the row speaks of


def move_requests_on(row: OutboxRow, now: datetime) -> None:
    """Pass over who has not answered in time, in the whole organisation."""
    move_on(by=Viewer.system(row.organization, "clock"), now=now)


def go_on(row: OutboxRow, now: datetime) -> None:
    """Ask the next mentor after one has declined."""
    request = MentoringRequest.objects.filter(public_id=row.ref["request"]).first()
    if request is not None:
        ask_next(request, by=Viewer.system(row.organization, "requests"), now=now)


def send_asked(row: OutboxRow, now: datetime) -> None:
    """Ask one mentor."""
    _deliver(row, now, _asked, wanted=_waits)


def send_told(row: OutboxRow, now: datetime) -> None:
    """Bring what the mentee told to the mentor."""
    _deliver(row, now, _told, wanted=_waits)


def send_question(row: OutboxRow, now: datetime) -> None:
    """Bring the mentor's question to the mentee."""
    _deliver(row, now, _question, wanted=lambda r: r.request.state == RequestState.TELL_MORE)


def send_goes_on(row: OutboxRow, now: datetime) -> None:
    """Tell the mentee whom the request has gone on to."""
    _deliver(row, now, _goes_on, wanted=_waits)


def send_nobody(row: OutboxRow, now: datetime) -> None:
    """Tell the mentee that nobody is left to be asked, or that their time to answer ran out."""
    _deliver(row, now, _nobody, wanted=lambda r: r.request.settled_at is not None)


def send_taken_back(row: OutboxRow, now: datetime) -> None:
    """Tell the mentor that no answer is needed any more."""
    _deliver(row, now, _taken_back, wanted=lambda r: r.ask is not None)


def send_paused(row: OutboxRow, now: datetime) -> None:
    """Tell a mentor that they are not asked for a week, and how to end it."""
    _deliver(row, now, _paused, wanted=lambda r: r.reader.pause_until is not None)


def _waits(reading: Reading) -> bool:
    return reading.ask is not None and reading.ask.answer == AskAnswer.WAITING


def _deliver(
    row: OutboxRow,
    now: datetime,
    write: Callable[[Reading], MailFacts],
    *,
    wanted: Callable[[Reading], bool],
) -> None:
    request = (
        MentoringRequest.objects.select_related("program", "mentee", "skill", "organization")
        .filter(public_id=row.ref["request"])
        .first()
    )
    reader = Person.objects.filter(public_id=row.ref["person"]).first()
    if request is None or reader is None:
        return
    asks = Ask.objects.select_related("mentor", "booking").filter(request=request)
    ask = asks.filter(public_id=row.ref["ask"]).first() if "ask" in row.ref else None
    reading = Reading(row, now, request, reader, ask)
    if not wanted(reading):
        return
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        message = build_mail(write(reading), sent_at=now)
    send(message)


def _asked(reading: Reading) -> MailFacts:
    request, ask = reading.request, _ask_of(reading)
    paragraphs = [
        _("%(name)s asks you for %(minutes)d minutes.")
        % {"name": request.mentee.name, "minutes": request.minutes}
    ]
    if request.note:
        paragraphs.append(request.note)
    paragraphs.append(
        _("The time is held for you. Without an answer within %(hours)s somebody else is asked.")
        % {"hours": _hours(ask.answer_by - reading.now)}
    )
    return _facts(
        reading,
        _("%(name)s asks: %(objective)s")
        % {"name": request.mentee.name, "objective": request.objective},
        paragraphs,
        links=_answers(reading),
    )


def _told(reading: Reading) -> MailFacts:
    name, ask = reading.request.mentee.name, _ask_of(reading)
    last = ask.messages.order_by("-pk").first()
    return _facts(
        reading,
        _("%(name)s told you more") % {"name": name},
        [last.body if last else "", _("The time is still held. Your hours begin anew.")],
        links=_answers(reading),
    )


def _question(reading: Reading) -> MailFacts:
    ask = _ask_of(reading)
    last = ask.messages.order_by("-pk").first()
    return _facts(
        reading,
        _("%(name)s would like to know more") % {"name": ask.mentor.name},
        [
            last.body if last else "",
            _("The time is held for you. Please answer within %(hours)s.")
            % {"hours": _hours(ask.answer_by - reading.now)},
        ],
        links=(Link(_("Answer"), _address(reading.request)),),
    )


def _goes_on(reading: Reading) -> MailFacts:
    ask = _ask_of(reading)
    return _facts(
        reading,
        _("Now %(name)s is asked") % {"name": ask.mentor.name},
        [
            _("Your request has gone on by itself: now %(name)s is asked.")
            % {"name": ask.mentor.name},
            _("If the time does not suit you, take the request back and choose another one."),
        ],
        links=(Link(_("See your request"), _address(reading.request)),),
    )


def _nobody(reading: Reading) -> MailFacts:
    request = reading.request
    if request.state == RequestState.WITHDRAWN:
        said = [
            _("Your request waited for an answer of yours and was given back. Nobody minds."),
            _("Ask again whenever it suits you."),
        ]
        subject = _("Your request was given back")
    else:
        said = [
            _("At the moment nobody of the program can meet you for this."),
            _("The lead of the program sees it. Ask again in a few days, or for another skill."),
        ]
        subject = _("Nobody could be found yet")
    return _facts(
        reading, subject, said, links=(Link(_("Ask again"), _ask_again(request)),), when=False
    )


def _taken_back(reading: Reading) -> MailFacts:
    return _facts(
        reading,
        _("Settled: you need not answer %(name)s") % {"name": reading.request.mentee.name},
        [_("The request is settled without you, and your time is free again.")],
    )


def _paused(reading: Reading) -> MailFacts:
    until = reading.reader.pause_until
    return _facts(
        reading,
        _("You are not asked until %(day)s") % {"day": until.isoformat() if until else ""},
        [
            _("A few requests came at a time when you could not answer. That happens."),
            _("So that people do not wait, you are not asked until then; it ends by itself."),
            _("You are back already? End the pause with one click."),
        ],
        links=(Link(_("End the pause"), settings.BASE_URL + reverse("settings_pause")),),
        about=False,
    )


def _ask_of(reading: Reading) -> Ask:
    assert reading.ask is not None
    return reading.ask


def _answers(reading: Reading) -> tuple[Link, ...]:
    ask = _ask_of(reading)
    address = f"{settings.BASE_URL}{reverse('request_from_mail', args=[reading.request.public_id])}"
    word = urlencode({"word": answer_word(ask)})
    return (Link(_("Accept, decline or ask for more"), f"{address}?{word}"),)


def _facts(
    reading: Reading,
    subject: str,
    paragraphs: list[str],
    *,
    links: tuple[Link, ...] = (),
    when: bool = True,
    about: bool = True,
) -> MailFacts:
    request, ask = reading.request, reading.ask
    facts: list[tuple[str, str]] = []
    if about:
        facts.append((_("Objective"), request.objective))
        if request.skill is not None:
            facts.append((_("Skill"), request.skill.name))
        if ask is not None and when:
            other = request.mentee if reading.reader.pk == ask.mentor_id else ask.mentor
            facts.append((_("When"), when_for(reading.reader, other, ask.booking.starts_at)))
        facts.append((_("Program"), request.program.name))
    return MailFacts(
        key=reading.row.public_id,
        sender=sender(),
        recipient=Address(reading.reader.email, reading.reader.name),
        language=translation.get_language() or settings.LANGUAGE_CODE,
        subject=subject,
        paragraphs=tuple(text for text in paragraphs if text),
        facts=tuple(facts),
        links=links,
        closing=request.organization.name,
    )


def _hours(span: timedelta) -> str:
    hours = max(1, round(span / timedelta(hours=1)))
    return ngettext("an hour", "%(n)d hours", hours) % {"n": hours}


def _address(request: MentoringRequest) -> str:
    return f"{settings.BASE_URL}{reverse('request', args=[request.public_id])}"


def _ask_again(request: MentoringRequest) -> str:
    return f"{settings.BASE_URL}{reverse('program_ask', args=[request.program.public_id])}"
