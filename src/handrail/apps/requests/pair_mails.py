"""The one mail about a pair that ends: the same for both, and the mentee's next names in it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from handrail.apps.outbox.mail import send, sender
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import Person
from handrail.apps.programs.models import EnrolmentRole, Program, ProgramModel, ProgramStatus
from handrail.apps.programs.queries import takes_part
from handrail.apps.requests.options import options_for
from handrail.apps.sessions.queries import next_objective, sessions_left
from handrail.integrations.calendar_mail import Address, Link, MailFacts, build_mail

SHOWN = 3


def send_pair_ended(row: OutboxRow, now: datetime) -> None:
    """Say that the two are matched with others now; the mentee sees who could be next."""
    program = Program.objects.filter(public_id=row.ref["program"]).first()
    people = {
        str(person.public_id): person
        for person in Person.objects.filter(public_id__in=[row.ref["person"], row.ref["other"]])
    }
    reader, other = people.get(row.ref["person"]), people.get(row.ref["other"])
    if program is None or reader is None or other is None:
        return
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        said = [
            _(
                "From now on you and %(name)s are matched with other people in “%(program)s”. This"
                " happens from time to time; no reason is asked for or kept."
            )
            % {"name": other.name, "program": program.name},
            _("Sessions of the two of you that were still ahead are given back."),
        ]
        link = Link(_("Open the program"), _address("program", program))
        if _looks_for_somebody(program, reader):
            said += _next_ones(program, reader, now)
            link = Link(_("Choose somebody"), _address("program_ask", program))
        facts = MailFacts(
            key=row.public_id,
            sender=sender(),
            recipient=Address(reader.email, reader.name),
            language=translation.get_language() or settings.LANGUAGE_CODE,
            subject=_("%(program)s: other people from now on") % {"program": program.name},
            paragraphs=tuple(said),
            links=(link,),
            closing=program.organization.name,
        )
        message = build_mail(facts, sent_at=now)
    send(message)


def _looks_for_somebody(program: Program, reader: Person) -> bool:
    return (
        program.model == ProgramModel.SPEED
        and program.status == ProgramStatus.RUNNING
        and takes_part(program, reader, EnrolmentRole.MENTEE)
        and sessions_left(program, reader) > 0
    )


def _next_ones(program: Program, mentee: Person, now: datetime) -> list[str]:
    """Who could be next, by the engine, each with the first reason."""
    objective = next_objective(program, mentee)
    found = options_for(
        program,
        mentee,
        objective.skill if objective else None,
        minutes=program.session_minutes,
        now=now,
        shown=SHOWN,
        times=1,
    )
    if not found:
        return [_("The lead of the program looks for somebody for you in the next weeks.")]
    lines = [f"{option.mentor.name}: {' '.join(option.why[:1])}" for option in found]
    return [_("These could be next for you:"), *lines]


def _address(page: str, program: Program) -> str:
    return f"{settings.BASE_URL}{reverse(page, args=[program.public_id])}"
