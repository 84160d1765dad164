"""What people say about sessions they are recorded as missing, and who decides about it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import Attendance, Seat
from handrail.apps.organizations.refusals import NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.models import ProgramLead
from handrail.apps.programs.queries import may_run
from handrail.apps.sessions.models import Appeal, AppealDecision, Session
from handrail.apps.sessions.queries.lists import session_for

APPEAL_DAYS = 14


def appeals_of(viewer: Viewer, session: Session) -> list[Appeal]:
    """What was said about a session: one's own, what one may decide, and all for its leads."""
    session_for(viewer, session.public_id)
    found = Appeal.objects.filter(session=session).select_related(
        "person", "decided_by", "session__program", "session__booking"
    )
    return [one for one in found if _is_read_by(viewer, one)]


def appeal_for(viewer: Viewer, public_id: UUID) -> Appeal:
    """One of them; NotFound where its session is not the viewer's to see."""
    found = (
        Appeal.objects.filter(public_id=public_id)
        .select_related("session__program", "session__booking", "person", "decided_by")
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such appeal."))
    session_for(viewer, found.session.public_id)
    if not _is_read_by(viewer, found):
        raise NotFound(_("There is no such appeal."))
    return found


def _is_read_by(viewer: Viewer, found: Appeal) -> bool:
    """The person, who was to meet them, and the leads: of a group not the other mentees."""
    roles = dict(
        Seat.objects.filter(booking=found.session.booking_id).values_list("person_id", "role")
    )
    mine, theirs = roles.get(viewer.person_id or 0), roles.get(found.person_id)
    faced = mine is not None and mine != theirs
    own = viewer.person_id == found.person_id
    return own or faced or may_run(viewer, found.session.program)


def may_appeal(viewer: Viewer, session: Session, now: datetime) -> bool:
    """Whether the viewer is recorded as missing and has not said yet what happened."""
    if viewer.person_id is None:
        return False
    if (now - session.booking.starts_at).days >= APPEAL_DAYS:
        return False
    missed = Seat.objects.filter(
        booking=session.booking_id, person_id=viewer.person_id, attendance=Attendance.NO_SHOW
    ).exists()
    said = Appeal.objects.filter(session=session, person_id=viewer.person_id).exists()
    return missed and not said


def appeals_to_decide(viewer: Viewer) -> list[Appeal]:
    """Open appeals that wait for the viewer's word: of own sessions, and of programs they lead."""
    if viewer.person_id is None:
        return []
    seat = Seat.objects.filter(booking=OuterRef("session__booking"), person_id=viewer.person_id)
    led = ProgramLead.objects.filter(
        program=OuterRef("session__program"), person_id=viewer.person_id
    )
    found = (
        Appeal.objects.filter(Q(Exists(seat)) | Q(Exists(led)), decision=AppealDecision.OPEN)
        .exclude(person_id=viewer.person_id)
        .select_related("person", "session__booking", "session__program")
    )
    return [one for one in found if _is_read_by(viewer, one)]


def may_decide(viewer: Viewer, found: Appeal) -> bool:
    """Whether this viewer may answer it now."""
    is_open = found.decision == AppealDecision.OPEN and viewer.person_id != found.person_id
    return is_open and _is_read_by(viewer, found)
