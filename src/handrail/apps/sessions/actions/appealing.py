"""Who is recorded as not there says in a sentence what happened; somebody else decides."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from handrail.apps.calendars.actions import record_attendance
from handrail.apps.calendars.models import Attendance
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.queries import may_run
from handrail.apps.sessions.actions.access import audit, locked
from handrail.apps.sessions.actions.loop import follow_attendance, settle
from handrail.apps.sessions.announcing import announce_appeal, announce_appeal_decided
from handrail.apps.sessions.models import Appeal, AppealDecision, Session

APPEALS = timedelta(days=14)  # after the start, in which somebody may say what happened
BECOMES = {
    AppealDecision.ATTENDED: Attendance.ATTENDED,
    AppealDecision.EXCUSED: Attendance.NOT_RECORDED,
}


def appeal(session: Session, text: str, *, by: Viewer, now: datetime) -> Appeal:
    """Say in a sentence why "no-show" is not right; once, within 14 days after the start."""
    text = " ".join(text.split())
    if not 5 <= len(text) <= 500:
        raise Invalid(
            _("Write one sentence, 5 to 500 characters."),
            fields={"text": _("Say in a sentence what happened.")},
        )
    with writing(by.organization):
        room = locked(session, by)
        seat = room.own_seat()
        settle(room, now)
        if seat.attendance != Attendance.NO_SHOW:
            raise Conflict(
                _("You are not recorded as missing this session, so there is nothing to correct."),
                code="nothing-to-appeal",
            )
        if now > room.session.booking.starts_at + APPEALS:
            raise Conflict(
                _("This can be said for 14 days; it is settled now. Talk to a lead."),
                code="too-late",
            )
        made, is_new = Appeal.objects.get_or_create(
            organization=by.organization,
            session=room.session,
            person=seat.person,
            defaults={"text": text, "written_at": now},
        )
        if not is_new:
            if made.text == text:
                return made
            raise Conflict(_("You have said what happened already."), code="appealed-already")
        announce_appeal(made, room.session, room.seats, now)
        audit("appealed", room.session, by, now, person=str(seat.person.public_id))
    return made


def decide_appeal(
    found: Appeal, decision: str, *, word: str = "", by: Viewer, now: datetime
) -> Appeal:
    """Decide for a lead or for the other person: was there, had a good reason, or stays.

    The seat follows, and with it the session; who appealed never decides.
    """
    if decision not in (*BECOMES, AppealDecision.STANDS):
        raise Invalid(
            _("Choose one of the three answers."), fields={"decision": _("Choose one of the list.")}
        )
    word = " ".join(word.split())
    if len(word) > 280:
        raise Invalid(
            _("This is too long."), fields={"word": _("Say it in at most 280 characters.")}
        )
    with writing(by.organization):
        room = locked(found.session, by)
        seat = next((s for s in room.seats if s.person_id == found.person_id), None)
        if seat is None:
            raise NotFound(_("This person has no seat in the session."))
        # Of a group, the mentor for a mentee and a mentee for the mentor.
        faced = room.mine is not None and room.mine.role != seat.role
        if by.person_id == found.person_id or not (faced or may_run(by, room.session.program)):
            raise NotAllowed(_("The other person or a lead decides about this."))
        found = Appeal.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if found.decision == decision:
            return found
        if found.decision != AppealDecision.OPEN:
            raise Conflict(_("This was decided meanwhile."), code="appeal-settled")
        Appeal.objects.filter(pk=found.pk).update(
            decision=decision, word=word, decided_by_id=by.person_id, decided_at=now
        )
        found.refresh_from_db()
        becomes = BECOMES.get(AppealDecision(decision))
        before = str(seat.attendance)
        if becomes is not None and seat.attendance == Attendance.NO_SHOW:
            record_attendance(seat, becomes)
            follow_attendance(room, now)
        announce_appeal_decided(found, room.session, seat, now)
        audit(
            "appeal_decided",
            room.session,
            by,
            now,
            person=str(seat.person.public_id),
            decision=str(decision),
            before=before,
            after=str(seat.attendance),
        )
    return found
