"""What the outbox runner calls for projects: the clock, and one mail a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.mail import send, sender
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import Person
from handrail.apps.projects.actions.access import mentorship_of, people_of
from handrail.apps.projects.actions.keeping import keep_projects as keep_all
from handrail.apps.projects.models import CheckIn, Mentorship, Project, ProjectState
from handrail.apps.projects.queries import held_count, next_check_in
from handrail.apps.projects.wording import rhythm_words
from handrail.apps.sessions.tasks import when_for
from handrail.integrations.calendar_mail import Address, Link, MailFacts, build_mail


@dataclass(frozen=True, slots=True)
class Reading:
    """One mail's reader and the project it is about."""

    row: OutboxRow
    now: datetime
    project: Project
    reader: Person
    people: list[Person]
    mentorship: Mentorship | None  # the one that holds now

    @property
    def mentor(self) -> str:
        return self.mentorship.mentor.name if self.mentorship else ""

    @property
    def is_mentor(self) -> bool:
        return self.mentorship is not None and self.mentorship.mentor_id == self.reader.pk

    @property
    def names(self) -> str:
        """The people who build it, but for the reader."""
        others = [person.name for person in self.people if person.pk != self.reader.pk]
        return ", ".join(others)


def keep_projects(row: OutboxRow, now: datetime) -> None:
    """Keep the organisation's projects going: book ahead, flag, end."""
    keep_all(by=Viewer.system(row.organization, "clock"), now=now)


def send_assigned(row: OutboxRow, now: datetime) -> None:
    """Say who works with whom on a project, and when."""
    _deliver(row, now, _assigned, wanted=lambda r: r.mentorship is not None)


def send_handed_over(row: OutboxRow, now: datetime) -> None:
    """Say who mentors the project from now on: to the old mentor, the new one, the people."""
    _deliver(row, now, _handed_over, wanted=lambda r: r.mentorship is not None)


def send_wants_mentor(row: OutboxRow, now: datetime) -> None:
    """Tell a lead that a project needs another mentor."""
    _deliver(row, now, _wants_mentor, wanted=_still_wanted)


def send_offered(row: OutboxRow, now: datetime) -> None:
    """Tell a lead that somebody would take a project."""
    _deliver(row, now, _offered, wanted=lambda r: r.project.state != ProjectState.ENDED)


def send_missed(row: OutboxRow, now: datetime) -> None:
    """Tell one person of a check-in that it was missed."""
    _deliver(row, now, _missed, wanted=_is_there)


def send_missed_twice(row: OutboxRow, now: datetime) -> None:
    """Tell a lead that two check-ins in a row were missed."""
    _deliver(row, now, _missed_twice, wanted=_is_there)


def send_ended(row: OutboxRow, now: datetime) -> None:
    """Thank one person who was part of a project that has ended."""
    _deliver(row, now, _ended, wanted=lambda r: r.project.state == ProjectState.ENDED)


def _still_wanted(reading: Reading) -> bool:
    current = reading.mentorship
    return current is not None and current.asked_out_at is not None


def _is_there(reading: Reading) -> bool:
    return CheckIn.objects.filter(pk=reading.row.ref["check_in"]).exclude(session=None).exists()


def _deliver(
    row: OutboxRow,
    now: datetime,
    write: Callable[[Reading], MailFacts],
    *,
    wanted: Callable[[Reading], bool],
) -> None:
    project = (
        Project.objects.select_related("program", "organization")
        .filter(public_id=row.ref["project"])
        .first()
    )
    reader = Person.objects.filter(public_id=row.ref["person"]).first()
    if project is None or reader is None:
        return
    reading = Reading(row, now, project, reader, people_of(project), mentorship_of(project))
    if not wanted(reading):
        return
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        message = build_mail(write(reading), sent_at=now)
    send(message)


def _assigned(reading: Reading) -> MailFacts:
    project = reading.project
    if reading.is_mentor:
        said = _("You mentor “%(project)s” now, with %(names)s.") % {
            "project": project.name,
            "names": reading.names,
        }
    else:
        said = _("%(name)s mentors “%(project)s” from now on.") % {
            "name": reading.mentor,
            "project": project.name,
        }
    return _facts(
        reading,
        _("“%(project)s” has a mentor") % {"project": project.name},
        [said, _("The check-ins of the next four weeks are in your calendar; more follow.")],
    )


def _handed_over(reading: Reading) -> MailFacts:
    project, name = reading.project, reading.mentor
    if reading.is_mentor:
        said = [
            _("You take over “%(project)s”, with %(names)s.")
            % {"project": project.name, "names": reading.names},
            _("What the mentor before left for you, and what was written so far, is on its page."),
        ]
    elif reading.reader.pk in {person.pk for person in reading.people}:
        said = [
            _("%(name)s mentors “%(project)s” from now on.")
            % {"name": name, "project": project.name},
            _(
                "%(name)s reads what you wrote down so far only if you allow it: say so in your "
                "settings, under “Reminders and consent”."
            )
            % {"name": name},
        ]
    else:
        said = [
            _("%(name)s has taken over “%(project)s”. Thank you for everything so far.")
            % {"name": name, "project": project.name},
            _("Its check-ins leave your calendar, and their times are free again."),
        ]
    return _facts(
        reading, _("%(name)s mentors “%(project)s”") % {"name": name, "project": project.name}, said
    )


def _wants_mentor(reading: Reading) -> MailFacts:
    words = {"name": reading.mentor, "project": reading.project.name}
    return _facts(
        reading,
        _("“%(project)s” needs another mentor") % words,
        [
            _("“%(project)s” cannot go on with %(name)s, or %(name)s would like to hand it over.")
            % words,
            _("You see on its page who could take over, and why. The check-ins ahead follow."),
        ],
        link=_("Find a mentor"),
        page="project_mentor",
    )


def _offered(reading: Reading) -> MailFacts:
    mentor = Person.objects.filter(public_id=reading.row.ref["mentor"]).first()
    words = {"name": mentor.name if mentor else "", "project": reading.project.name}
    return _facts(
        reading,
        _("%(name)s would mentor “%(project)s”") % words,
        [_("%(name)s has offered to mentor “%(project)s”. You decide.") % words],
        link=_("See the offer"),
        page="project_mentor",
    )


def _missed(reading: Reading) -> MailFacts:
    return _facts(
        reading,
        _("You missed each other: “%(project)s”") % {"project": reading.project.name},
        [
            _("The last check-in of “%(project)s” did not take place. That happens.")
            % {"project": reading.project.name},
            _("The next one stands. If the time does not suit any more, move it, or say so."),
        ],
    )


def _missed_twice(reading: Reading) -> MailFacts:
    words = {"project": reading.project.name, "names": reading.names, "name": reading.mentor}
    return _facts(
        reading,
        _("Two check-ins in a row missed: “%(project)s”") % words,
        [
            _("%(name)s and %(names)s have missed two check-ins of “%(project)s” in a row.")
            % words,
            _("Ask both of them what would help: another time, another rhythm, another mentor."),
        ],
    )


def _ended(reading: Reading) -> MailFacts:
    project, held = reading.project, held_count(reading.project)
    met = ngettext("You met once.", "You met %(n)d times.", held) % {"n": held}
    on_it = reading.reader.pk in {person.pk for person in reading.people}
    thanks = (
        _("Thank your mentor in your own words: a sentence is enough.")
        if on_it
        else _("Thank you for the time you gave.")
    )
    return _facts(
        reading,
        _("“%(project)s” has ended") % {"project": project.name},
        [_("“%(project)s” is over. %(met)s") % {"project": project.name, "met": met}, thanks],
    )


def _facts(
    reading: Reading,
    subject: str,
    paragraphs: list[str],
    *,
    link: str = "",
    page: str = "project",
) -> MailFacts:
    project = reading.project
    facts = [(_("Rhythm"), rhythm_words(project))] if project.state == ProjectState.RUNNING else []
    coming = next_check_in(project, reading.now)
    other = reading.mentorship.mentor if reading.mentorship else reading.reader
    if reading.is_mentor and reading.people:
        other = reading.people[0]
    if coming is not None:
        facts.append(
            (_("Next check-in"), when_for(reading.reader, other, coming.booking.starts_at))
        )
    facts.append((_("Program"), project.program.name))
    ended = project.state == ProjectState.ENDED
    near = link or ended or reading.is_mentor or reading.reader.pk in {p.pk for p in reading.people}
    address = f"{settings.BASE_URL}{reverse(page, args=[project.public_id])}"
    return MailFacts(
        key=reading.row.public_id,
        sender=sender(),
        recipient=Address(reading.reader.email, reading.reader.name),
        language=translation.get_language() or settings.LANGUAGE_CODE,
        subject=subject,
        paragraphs=tuple(paragraphs),
        facts=tuple(facts),
        # Who has handed a project over does not see it any more.
        links=(Link(link or _("See the project"), address),) if near else (),
        closing=project.organization.name,
    )
