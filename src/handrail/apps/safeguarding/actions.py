"""Report harm, look after a report, and name who receives them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from handrail.apps.calendars.models import ClosedDay
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.sealing import Unsealable, seal
from handrail.apps.organizations.viewer import Viewer, ViewerKind
from handrail.apps.people.models import Person
from handrail.apps.safeguarding import queries
from handrail.apps.safeguarding.announcing import (
    ANSWERED,
    ESCALATED,
    REMINDER,
    REPORTED,
    tell_receivers,
    tell_reporter,
)
from handrail.apps.safeguarding.models import (
    HarmContact,
    HarmRead,
    HarmReport,
    HarmState,
    HarmWord,
    HarmWordKind,
)
from handrail.apps.safeguarding.stopping import locks_for, stop_between
from handrail.domain.scheduling import next_working_day

LONGEST = 4000  # characters


def name_contacts(people: Iterable[Person], *, by: Viewer, now: datetime) -> None:
    """Replace the list of who receives reports; each needs a sign-in to read them."""
    queries.contacts_for(by)
    chosen = {person.pk: person for person in people}
    without = [person.name for person in chosen.values() if person.membership_id is None]
    if without:
        raise Invalid(
            _("%(names)s cannot sign in yet. Invite them first.") % {"names": ", ".join(without)}
        )
    with writing(by.organization):
        HarmContact.objects.exclude(person_id__in=chosen).delete()
        for person in chosen.values():
            HarmContact.objects.get_or_create(
                organization=by.organization, person=person, defaults={"named_at": now}
            )
        record_audit(
            by=by,
            verb="harm.contacts_named",
            object_type="organization",
            object_id=by.organization.public_id,
            detail={"people": len(chosen)},
            now=now,
        )


def report_harm(
    place: str,
    place_id: UUID,
    text: str,
    *,
    concerned: UUID | None,
    by: Viewer,
    now: datetime,
) -> HarmReport:
    """Seal what somebody reports, stop all between the two, and tell those who receive it.

    The record of who did what keeps that there was a report, and nobody's name.
    """
    with reading(by.organization):
        others = {person.public_id: person for person in queries.people_at(by, place, place_id)}
        about = others.get(concerned) if concerned is not None else None
        if concerned is not None and about is None:
            raise Invalid(
                _("Choose one of the people of this page."),
                fields={"concerned": _("Choose one of the people of this page.")},
            )
        words = text.strip()
        if not words or len(words) > LONGEST:
            problem = _("Write 1 to %(most)d characters.") % {"most": LONGEST}
            raise Invalid(problem, fields={"text": problem})
        me = Person.objects.select_related("organization").get(pk=by.person_id or 0)
        locks = locks_for(me, about, now) if about is not None else ()
    neutral = Viewer.system(by.organization, "safeguarding")
    public_id = uuid4()
    with writing(by.organization):
        if not queries.would_reach(me, about):
            raise Conflict(
                _(
                    "Nobody here could receive this who is not the person concerned or in their "
                    "line. Turn to whoever runs this server, or to somebody outside."
                ),
                code="nobody-independent",
            )
        report = HarmReport.objects.create(
            organization=by.organization,
            public_id=public_id,
            reporter=me,
            concerned=about,
            kept_from=sorted(queries.kept_from(about)),
            place=place,
            place_id=place_id,
            sealed=seal(words, place=queries.place_of("report", by.organization.pk, public_id)),
            reported_at=now,
            acknowledge_by=_one_working_day(by, now),
        )
        if about is not None:
            stop_between(me, about, locks, by=by, now=now)
        tell_receivers(REPORTED, report, now)
        _note("harm.reported", report, neutral, now)
    return report


def read(report: HarmReport, *, by: Viewer, now: datetime) -> queries.Opened:
    """Open a report; the ledger of reads gets its line before a word is shown."""
    with writing(by.organization):
        found = queries.harm_report_for(by, report.public_id)
        assert by.person_public_id is not None  # else there was no report for them
        HarmRead.objects.create(
            organization=by.organization,
            report=found.public_id,
            reader=by.person_public_id,
            read_at=now,
        )
        try:
            return queries.opened(by, found)
        except Unsealable:
            raise Conflict(
                _("This was sealed with a key that the server no longer has."), code="sealed-away"
            ) from None


def reads_of(report: HarmReport, *, by: Viewer) -> list[HarmRead]:
    """Who opened a report and when, for those who look after it and for who wrote it."""
    found = queries.harm_report_for(by, report.public_id)
    return list(HarmRead.objects.filter(report=found.public_id).order_by("-read_at", "-pk"))


def acknowledge(report: HarmReport, *, by: Viewer, now: datetime) -> HarmReport:
    """Say that it is seen and in whose hands it is; the reporter gets a mail."""
    with writing(by.organization):
        found = _tended(report, by)
        if found.state == HarmState.WAITING:
            found.state = HarmState.ACKNOWLEDGED
            found.acknowledged_at = now
            found.acknowledged_by = Person.objects.get(pk=by.person_id or 0)
            found.save(update_fields=["state", "acknowledged_at", "acknowledged_by"])
            tell_reporter(ANSWERED, found, now)
            _note("harm.acknowledged", found, Viewer.system(by.organization, "safeguarding"), now)
    return found


def say(report: HarmReport, kind: str, text: str, *, by: Viewer, now: datetime) -> HarmWord:
    """Add words: a note or a reply of those who look after it, more of who reported it."""
    words = text.strip()
    if not words or len(words) > LONGEST:
        problem = _("Write 1 to %(most)d characters.") % {"most": LONGEST}
        raise Invalid(problem, fields={"text": problem})
    public_id = uuid4()
    with writing(by.organization):
        found = queries.harm_report_for(by, report.public_id)
        if kind not in HarmWordKind.values:
            raise Invalid(_("Choose what these words are."))
        if (kind == HarmWordKind.ADDED) != (found.reporter_id == by.person_id):
            raise NotAllowed(_("This is for the other side of the report."))
        word = HarmWord.objects.create(
            organization=by.organization,
            public_id=public_id,
            report=found,
            author_id=by.person_id,
            kind=kind,
            sealed=seal(words, place=queries.place_of("word", by.organization.pk, public_id)),
            said_at=now,
        )
        if kind == HarmWordKind.REPLY:
            tell_reporter(ANSWERED, found, now)
        elif kind == HarmWordKind.ADDED:
            tell_receivers(REPORTED, found, now)
    return word


def close(report: HarmReport, *, by: Viewer, now: datetime) -> HarmReport:
    """End the work on a report that was seen; the two stay apart."""
    with writing(by.organization):
        found = _tended(report, by)
        if found.state == HarmState.WAITING:
            raise Conflict(_("Say first that you have seen it."), code="not-acknowledged")
        if found.state == HarmState.ACKNOWLEDGED:
            found.state = HarmState.CLOSED
            found.closed_at = now
            found.save(update_fields=["state", "closed_at"])
            tell_reporter(ANSWERED, found, now)
            _note("harm.closed", found, Viewer.system(by.organization, "safeguarding"), now)
    return found


def tend(*, by: Viewer, now: datetime) -> int:
    """Remind of what half the time has passed of, and widen the circle where all of it has."""
    if not by.is_system:
        raise NotAllowed("The clock does this.")
    done = 0
    with writing(by.organization):
        for report in HarmReport.objects.filter(state=HarmState.WAITING).select_for_update():
            half = report.reported_at + (report.acknowledge_by - report.reported_at) / 2
            if now >= report.acknowledge_by and report.escalated_at is None:
                report.escalated_at = now
                report.save(update_fields=["escalated_at"])
                tell_receivers(ESCALATED, report, now)
                _note("harm.escalated", report, by, now)
                done += 1
            elif now >= half and report.reminded_at is None:
                report.reminded_at = now
                report.save(update_fields=["reminded_at"])
                tell_receivers(REMINDER, report, now)
                done += 1
    return done


def _one_working_day(by: Viewer, now: datetime) -> datetime:
    closed = ClosedDay.objects.filter(day__gte=now.date(), day__lte=now.date() + timedelta(days=60))
    return next_working_day(
        now, by.organization.timezone, closed=frozenset(closed.values_list("day", flat=True))
    )


def _tended(report: HarmReport, by: Viewer) -> HarmReport:
    found = HarmReport.objects.select_for_update().filter(pk=report.pk).first()
    if found is None or by.kind is not ViewerKind.PERSON:
        raise NotFound(_("There is no such report of harm."))
    if not queries.may_tend(by, found):
        queries.harm_report_for(by, found.public_id)
        raise NotAllowed(_("This is for those who look after the report."))
    return found


def _note(verb: str, report: HarmReport, by: Viewer, now: datetime) -> None:
    record_audit(by=by, verb=verb, object_type="harm report", object_id=report.public_id, now=now)
