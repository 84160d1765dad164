"""What the outbox runner calls for cohorts: the clock, and one mail a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.dateformat import format as django_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.cohorts.actions.access import local_day
from handrail.apps.cohorts.actions.running import tend
from handrail.apps.cohorts.line import line_of
from handrail.apps.cohorts.models import WEEKS, Cohort, CohortState, Intake, IntakeState, Place
from handrail.apps.cohorts.times import first_monday
from handrail.apps.cohorts.wording import long_day, shift_words
from handrail.apps.organizations.models import ConsentPurpose
from handrail.apps.organizations.queries import is_allowed
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.mail import send, sender
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import Person
from handrail.apps.sessions.models import SessionState
from handrail.domain.cohorts import shifts
from handrail.integrations.calendar_mail import Address, Link, MailFacts, build_mail

LIVE = (CohortState.RUNNING, CohortState.TAIL)


@dataclass(frozen=True, slots=True)
class About:
    """One mail's reader and the place or cohort it is about."""

    row: OutboxRow
    now: datetime
    reader: Person
    place: Place | None
    cohort: Cohort | None


def tend_cohorts(row: OutboxRow, now: datetime) -> None:
    """Bring the organisation's intakes and cohorts up to the clock."""
    tend(by=Viewer.system(row.organization, "clock"), now=now)


def send_in(row: OutboxRow, now: datetime) -> None:
    """Tell a new hire that they are in by default."""
    _deliver(row, now, _in, wanted=lambda a: _is_open(a) and _place(a).opted_out_at is None)


def send_called_off(row: OutboxRow, now: datetime) -> None:
    """Tell somebody who was in that the intake does not take place."""
    _deliver(row, now, _called_off, wanted=lambda a: not _is_open(a))


def send_started(row: OutboxRow, now: datetime) -> None:
    """Tell one person when their cohort meets."""
    _deliver(row, now, _started, wanted=lambda a: _is_live(a) and _belongs(a))


def send_moves(row: OutboxRow, now: datetime) -> None:
    """Tell one person that the next meeting is at another time by their clock."""
    _deliver(row, now, _moves, wanted=_moves_for)


def send_offered(row: OutboxRow, now: datetime) -> None:
    """Offer a seat that has become free."""
    _deliver(row, now, _offered, wanted=lambda a: _place(a).offered_until is not None)


def send_seat(row: OutboxRow, now: datetime) -> None:
    """Tell somebody who waited that they are in."""
    _deliver(row, now, _seat, wanted=lambda a: _place(a).cohort_id is not None)


def send_ended(row: OutboxRow, now: datetime) -> None:
    """Tell one person that the twelve weeks are over."""
    _deliver(row, now, _ended, wanted=_belongs)


def send_wants_mentor(row: OutboxRow, now: datetime) -> None:
    """Tell who leads that a group needs another mentor, as long as it does."""
    _deliver(row, now, _wants_mentor, wanted=lambda a: _cohort(a).wants_mentor_since is not None)


def send_new_mentor(row: OutboxRow, now: datetime) -> None:
    """Tell one person of a group, or its new mentor, who goes on with it."""
    _deliver(row, now, _new_mentor, wanted=lambda a: _is_live(a) and _belongs(a))


def _deliver(
    row: OutboxRow,
    now: datetime,
    write: Callable[[About], MailFacts],
    *,
    wanted: Callable[[About], bool],
) -> None:
    reader = Person.objects.filter(public_id=row.ref["person"]).first()
    about = About(row, now, reader, _place_of(row), _cohort_of(row)) if reader else None
    if about is None or (about.place is None and about.cohort is None) or not wanted(about):
        return
    with translation.override(about.reader.language or settings.LANGUAGE_CODE):
        message = build_mail(write(about), sent_at=now)
    send(message)


def _place_of(row: OutboxRow) -> Place | None:
    places = Place.objects.select_related(
        "intake__program", "intake__organization", "cohort__mentor", "offered__mentor"
    )
    return places.filter(public_id=row.ref["place"]).first() if "place" in row.ref else None


def _cohort_of(row: OutboxRow) -> Cohort | None:
    cohorts = Cohort.objects.select_related("mentor", "intake__program", "intake__organization")
    return cohorts.filter(public_id=row.ref["cohort"]).first() if "cohort" in row.ref else None


def _place(about: About) -> Place:
    assert about.place is not None
    return about.place


def _cohort(about: About) -> Cohort:
    assert about.cohort is not None
    return about.cohort


def _is_open(about: About) -> bool:
    return _place(about).intake.state == IntakeState.OPEN


def _is_live(about: About) -> bool:
    return _cohort(about).state in LIVE


def _belongs(about: About) -> bool:
    cohort = _cohort(about)
    if cohort.mentor_id == about.reader.pk:
        return True
    places = Place.objects.filter(cohort=cohort, person=about.reader, left_at=None)
    return places.exists()


def _moves_for(about: About) -> bool:
    allowed = is_allowed(about.reader.public_id, ConsentPurpose.REMINDERS)
    return allowed and _is_live(about) and _belongs(about)


def _in(about: About) -> MailFacts:
    place = _place(about)
    intake = place.intake
    number = line_of(intake).number_of(place)
    monday = django_format(first_monday(intake), _("l j F Y"))
    if number:
        said = [
            _("All seats are taken at the moment: you are number %(n)d on the waiting list.")
            % {"n": number},
            _("Whoever waits moves up by themselves, or comes into the next intake first."),
        ]
    else:
        said = [
            _(
                "A small group of new hires meets one mentor for %(minutes)d minutes a week, for"
                " twelve weeks. Everybody who starts here is in, and so are you."
            )
            % {"minutes": intake.program.session_minutes},
            _("The time is found once the group is complete, inside everybody's working hours."),
        ]
    said.append(
        _("It is not for you? Opt out with one click. Nobody is told, and nobody asks why.")
    )
    return _facts(
        about,
        intake,
        _("You are in: %(program)s, from %(day)s") % {"program": intake.program.name, "day": monday}
        if not number
        else _("You are on the waiting list: %(program)s") % {"program": intake.program.name},
        said,
        links=(Link(_("See my place, or opt out"), _intake_address(intake)),),
    )


def _called_off(about: About) -> MailFacts:
    intake = _place(about).intake
    return _facts(
        about,
        intake,
        _("Called off: %(program)s") % {"program": intake.program.name},
        [
            _("The group that was to start does not take place."),
            _("You come into the next one first; there is nothing to do."),
        ],
    )


def _started(about: About) -> MailFacts:
    cohort = _cohort(about)
    starts = [
        meeting.session.booking.starts_at if meeting.session else meeting.planned_at
        for meeting in cohort.meetings.select_related("session__booking").filter(number__lte=WEEKS)
    ]
    zone = about.reader.timezone
    others = [
        place
        for place in cohort.places.filter(left_at=None, opted_out_at=None).select_related("person")
        if place.person_id != about.reader.pk
    ]
    today = local_day(cohort.intake, about.now)
    names = [place.person.name for place in others if place.started_on <= today]
    if coming := len(others) - len(names):
        names.append(
            ngettext("%(n)d more who begins by then", "%(n)d more who begin by then", coming)
            % {"n": coming}
        )
    if cohort.mentor_id != about.reader.pk:
        names.insert(0, _("%(name)s (mentor)") % {"name": cohort.mentor.name})
    return _facts(
        about,
        cohort.intake,
        _("%(program)s starts on %(day)s")
        % {"program": cohort.intake.program.name, "day": long_day(starts[0], zone)},
        [
            _("You meet once a week, twelve times: %(names)s.") % {"names": ", ".join(names)},
            *_shift_lines(starts, about.reader),
            _(
                "The entry for each session reaches your calendar about three weeks ahead; the"
                " address of your own calendar in the settings shows all of them now."
            ),
            _("You cannot come once? Give back your seat in that one session."),
        ],
        dates=(_("Your twelve dates"), [long_day(start, zone) for start in starts]),
        links=(Link(_("See the cohort"), _cohort_address(cohort)),),
    )


def _moves(about: About) -> MailFacts:
    cohort = _cohort(about)
    starts = list(cohort.meetings.order_by("number").values_list("planned_at", flat=True))
    number = int(about.row.ref["number"])
    found = [s for s in shifts(starts, about.reader.timezone) if s.index == number - 1]
    said = [shift_words(shift) for shift in found]
    return _facts(
        about,
        cohort.intake,
        _("Another time by your clock from %(day)s")
        % {"day": long_day(starts[number - 1], about.reader.timezone)},
        [*said, _("The clocks change; the group keeps its own time. Nothing to do.")],
        links=(Link(_("See the cohort"), _cohort_address(cohort)),),
    )


def _offered(about: About) -> MailFacts:
    place = _place(about)
    group = place.offered
    assert group is not None
    assert place.offered_until is not None
    return _facts(
        about,
        place.intake,
        _("A seat is free: %(program)s") % {"program": place.intake.program.name},
        [
            _("A seat in the group of %(name)s has become free, and you are the first in line.")
            % {"name": group.mentor.name},
            _("It is kept for you until %(day)s. Without an answer the next one is asked.")
            % {"day": long_day(place.offered_until, about.reader.timezone)},
            _("If you do not take it you come into the next intake first."),
        ],
        links=(Link(_("Take the seat, or not"), _intake_address(place.intake)),),
    )


def _seat(about: About) -> MailFacts:
    place = _place(about)
    group = place.cohort
    assert group is not None
    return _facts(
        about,
        place.intake,
        _("You are in: the group of %(name)s") % {"name": group.mentor.name},
        [
            _("You have a seat in the group of %(name)s now.") % {"name": group.mentor.name},
            _("You get an invitation for each session that suits your hours."),
            _("It is not for you? Leave on the page of the cohort. Nobody asks why."),
        ],
        links=(Link(_("See the cohort"), _cohort_address(group)),),
    )


def _ended(about: About) -> MailFacts:
    cohort = _cohort(about)
    tail = cohort.meetings.filter(number__gt=WEEKS).select_related("session__booking")
    starts = [
        meeting.session.booking.starts_at if meeting.session else meeting.planned_at
        for meeting in tail
    ]
    said = [_("Your twelve weeks are over. Thank you for coming.")]
    if starts:
        said.append(
            ngettext(
                "What helps fades when it stops, so you meet once more.",
                "What helps fades when it stops, so you meet %(n)d more times, once a month.",
                len(starts),
            )
            % {"n": len(starts)}
        )
    zone = about.reader.timezone
    return _facts(
        about,
        cohort.intake,
        _("Twelve weeks are over: %(program)s") % {"program": cohort.intake.program.name},
        said,
        dates=(_("When you meet again"), [long_day(start, zone) for start in starts])
        if starts
        else None,
        links=(Link(_("See the cohort"), _cohort_address(cohort)),),
    )


def _wants_mentor(about: About) -> MailFacts:
    cohort = _cohort(about)
    said = [_("%(name)s does not come any more.") % {"name": cohort.mentor.name}]
    if _is_live(about):
        said.append(
            _("The sessions ahead are cancelled, and everybody who had a seat in them is told.")
        )
    said.append(
        _("Name another mentor on the group's page. Its weekly time stays, and the rest follows.")
    )
    return _facts(
        about,
        cohort.intake,
        _("The group of %(name)s needs another mentor") % {"name": cohort.mentor.name},
        said,
        links=(Link(_("Name another mentor"), _cohort_address(cohort)),),
    )


def _new_mentor(about: About) -> MailFacts:
    cohort, zone = _cohort(about), about.reader.timezone
    booked = cohort.meetings.filter(
        session__state=SessionState.SCHEDULED, session__booking__starts_at__gt=about.now
    )
    starts = booked.order_by("number").values_list("session__booking__starts_at", flat=True)
    is_mentor = cohort.mentor_id == about.reader.pk
    name = {"name": cohort.mentor.name}
    return _facts(
        about,
        cohort.intake,
        _("You mentor a group from now on") if is_mentor else _("Your mentor is %(name)s") % name,
        [
            _("You go on with a group that has begun.")
            if is_mentor
            else _("%(name)s goes on with your group from now on.") % name,
            _("The entry for each session reaches your calendar."),
        ],
        dates=(_("When you meet"), [long_day(start, zone) for start in starts]) if starts else None,
        links=(Link(_("See the cohort"), _cohort_address(cohort)),),
    )


def _shift_lines(starts: Sequence[datetime], reader: Person) -> list[str]:
    return [shift_words(shift) for shift in shifts(starts, reader.timezone)]


def _facts(
    about: About,
    intake: Intake,
    subject: str,
    paragraphs: list[str],
    *,
    links: tuple[Link, ...] = (),
    dates: tuple[str, list[str]] | None = None,
) -> MailFacts:
    return MailFacts(
        key=about.row.public_id,
        sender=sender(),
        recipient=Address(about.reader.email, about.reader.name),
        language=translation.get_language() or settings.LANGUAGE_CODE,
        subject=subject,
        paragraphs=tuple(paragraphs),
        facts=((_("Program"), intake.program.name),),
        checklist_title=dates[0] if dates else "",
        checklist=tuple(dates[1]) if dates else (),
        links=links,
        closing=intake.organization.name,
    )


def _intake_address(intake: Intake) -> str:
    return f"{settings.BASE_URL}{reverse('intake', args=[intake.public_id])}"


def _cohort_address(cohort: Cohort) -> str:
    return f"{settings.BASE_URL}{reverse('cohort', args=[cohort.public_id])}"
