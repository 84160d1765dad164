"""Sessions around the room: my list, booking one, moving it, cancelling it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from handrail.apps.organizations.refusals import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    Refusal,
)
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.people.queries import person_for
from handrail.apps.programs.models import Program
from handrail.apps.programs.objectives import missing_objectives, objectives_of
from handrail.apps.programs.queries import (
    enrolment_of,
    may_run,
    program_for,
    require_run,
)
from handrail.apps.programs.rituals import consequences_of
from handrail.apps.sessions import actions, queries
from handrail.apps.sessions.consequences import booking_paused_until
from handrail.apps.sessions.mail_links import viewer_by_word
from handrail.apps.sessions.models import Session, SessionState
from handrail.web.entry import PageRequest, me, signed_in
from handrail.web.forms.sessions import BookForm, SlotForm
from handrail.web.refusals import form_page, refused_page
from handrail.web.views.office_hours import move_visit


@require_GET
@signed_in
def sessions(request: PageRequest) -> HttpResponse:
    mine = queries.my_sessions(request.viewer, request.now)
    page = Paginator(mine, 30).get_page(request.GET.get("page"))
    return render(request, "sessions/sessions.html", {"sessions": page})


@require_http_methods(["GET", "POST"])
@signed_in
def session_book(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Choose a mentor, then one of the times that are free for both."""
    program = program_for(request.viewer, public_id)
    mentee = _mentee(request, program)
    mentors = queries.mentors_to_book(request.viewer, program, mentee, now=request.now)
    wanted = request.POST.get("mentor") or request.GET.get("mentor")
    mentor = next((m.person for m in mentors if str(m.person.public_id) == wanted), None)
    if mentor is None and not wanted:
        mentor = queries.first_with_times(program, mentee, mentors, now=request.now)
    written = objectives_of(program, mentee)
    chosen = request.GET.get("objective")
    objective = next(
        (one for one in written if str(one.public_id) == chosen),
        queries.next_objective(program, mentee),
    )
    starts = queries.times_to_book(program, mentee, mentor, now=request.now) if mentor else []
    form = BookForm(
        request.POST or None,
        starts=starts,
        initial={"objective": objective.text if objective else "", "key": str(uuid4())},
    )
    if mentee.pk != request.viewer.person_id:
        asked = _("What does %(name)s want to be able to do afterwards?") % {"name": mentee.name}
        form.fields["objective"].label = asked
        form.fields["objective"].help_text = _("One sentence. Both of them read it beforehand.")
    context: dict[str, Any] = {
        "program": program,
        "mentee": mentee,
        "mentor": mentor,
        "mentors": mentors,
        "days": _by_day(starts, request),
        "asked": request.GET.get("why", ""),
        "reasons": None,
        "left": queries.sessions_left(program, mentee),
        "objective": objective,
        "others": [one for one in written if one != objective],
        "missing": missing_objectives(program, len(written)),
        "consequences": consequences_of(program),
        "paused_until": (
            booking_paused_until(program, mentee, request.now)
            if mentee.pk == request.viewer.person_id
            else None
        ),
    }
    if request.method == "GET" and mentor is not None and context["asked"]:
        context |= _why_not(request, program, mentee, mentor, context["asked"])
    if request.method != "POST" or mentor is None or not form.is_valid():
        return form_page(request, "sessions/book.html", context, form)
    try:
        session = actions.book(
            program,
            mentee,
            mentor,
            form.cleaned_data["starts_at"],
            form.cleaned_data["objective"],
            by=request.viewer,
            now=request.now,
            key=form.cleaned_data["key"] or None,
        )
    except (Invalid, Conflict) as refusal:
        context["alternatives"] = _alternatives(refusal)
        return form_page(request, "sessions/book.html", context, form, refusal)
    messages.success(request, _("Booked. Both of you get an invitation by mail."))
    return redirect("room", session.public_id)


@require_http_methods(["GET", "POST"])
@signed_in
def session_move(request: PageRequest, public_id: UUID) -> HttpResponse:
    session = queries.session_for(request.viewer, public_id)
    if session.booking.within_id is not None:
        return move_visit(request, session)
    starts = queries.times_to_move(session, now=request.now)
    form = SlotForm(request.POST or None, starts=starts, initial={"key": str(uuid4())})
    met = [one for one in queries.people_of(session) if one.pk != request.viewer.person_id]
    context: dict[str, Any] = {
        "session": session,
        # Whose time stands beside one's own: many have many.
        "other": met[0] if len(met) == 1 else None,
        "name": queries.with_whom(request.viewer, session),
        "days": _by_day(starts, request),
    }
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "sessions/move.html", context, form)
    try:
        actions.reschedule(
            session,
            form.cleaned_data["starts_at"],
            by=request.viewer,
            now=request.now,
            key=form.cleaned_data["key"] or None,
        )
    except (Invalid, Conflict) as refusal:
        context["alternatives"] = _alternatives(refusal)
        return form_page(request, "sessions/move.html", context, form, refusal)
    messages.success(request, _("Moved. Everybody's calendar gets the new time."))
    return redirect("room", public_id)


@require_http_methods(["GET", "POST"])
@signed_in
def session_cancel(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Is this meant? Cancelling is the page's one button."""
    session = queries.session_for(request.viewer, public_id)
    if request.method == "POST":
        actions.cancel(session, by=request.viewer, now=request.now)
        return _cancelled(request, public_id)
    context = _to_cancel(request.viewer, session, request.now)
    return render(request, "sessions/cancel.html", context)


def _cancelled(request: PageRequest, public_id: UUID) -> HttpResponse:
    """To the room that is cancelled; a group's goes on without the one who gave back a seat."""
    try:
        session = queries.session_for(request.viewer, public_id)
    except NotFound:
        messages.success(request, _("The group meets without you this time."))
        return redirect("sessions")
    if session.state == SessionState.CANCELLED:
        messages.success(request, _("Cancelled. Everybody gets a mail and the time back."))
    return redirect("room", public_id)


@require_http_methods(["GET", "POST"])
def session_cancel_from_mail(request: PageRequest, public_id: UUID) -> HttpResponse:
    """The page that a reminder's link opens, signed in or not; cancelling is its one button."""
    try:
        viewer = viewer_by_word(public_id, request.GET.get("word", ""))
        with reading(viewer.organization), translation.override(viewer.language):
            session = queries.session_for(viewer, public_id)
            context = {"viewer": viewer, "now": request.now}
            context |= _to_cancel(viewer, session, request.now)
            if request.method == "POST":
                actions.cancel(session, by=viewer, now=request.now)
                session.refresh_from_db(fields=["state"])
                context["done"] = True
            return render(request, "sessions/cancel_from_mail.html", context)
    except Refusal as refusal:
        return refused_page(request, refusal)


def _to_cancel(viewer: Viewer, session: Session, now: datetime) -> dict[str, Any]:
    mentor, *others = queries.people_of(session)
    late_from = session.booking.starts_at - timedelta(minutes=session.program.late_cancel_minutes)
    return {
        "session": session,
        "people": [mentor, *others],
        # In a group with others the session goes on without the one who gives back their seat.
        "goes_on": len(others) > 1 and any(one.pk == viewer.person_id for one in others),
        "may_move": len(others) == 1 or all(one.pk != viewer.person_id for one in others),
        "is_late": now > late_from,
    }


@require_POST
@signed_in
def session_attendance(request: PageRequest, public_id: UUID) -> HttpResponse:
    """What really happened, from who runs the program, within a day after the end."""
    session = queries.session_for(request.viewer, public_id)
    require_run(request.viewer, session.program, "sessions:write")
    try:
        person = UUID(request.POST.get("person", ""))
    except ValueError as error:
        raise Invalid(_("Choose one of the people.")) from error
    actions.correct_attendance(
        session,
        person,
        request.POST.get("attendance", ""),
        by=request.viewer,
        now=request.now,
    )
    messages.success(request, _("Noted. The attendance is corrected."))
    return redirect("room", public_id)


def _mentee(request: PageRequest, program: Program) -> Person:
    """Oneself, or for who runs the program the mentee they book for."""
    chosen = request.POST.get("mentee") or request.GET.get("mentee")
    if chosen and may_run(request.viewer, program):
        try:
            return person_for(request.viewer, UUID(chosen))
        except ValueError as error:
            raise Invalid(_("This link is not complete. Go back and try again.")) from error
    mine = me(request)
    if mine is None or enrolment_of(request.viewer, program) is None:
        raise NotAllowed(_("Only a mentee of this program can book a session in it."))
    return mine


def _why_not(
    request: PageRequest, program: Program, mentee: Person, mentor: Person, asked: str
) -> dict[str, Any]:
    """The answer to "why not this time?", written in the reader's own wall time."""
    try:
        wall = datetime.fromisoformat(asked).replace(tzinfo=None)
        start = wall.replace(tzinfo=ZoneInfo(request.viewer.timezone)).astimezone(UTC)
        reasons = queries.why_not_then(
            request.viewer, program, mentee, mentor, start, now=request.now
        )
    except Invalid as refusal:
        return {"why_error": refusal.fields["starts_at"]}
    except (ValueError, OverflowError):
        return {"why_error": _("Write a day and a time.")}
    return {"reasons": reasons, "asked_at": start}


def _by_day(starts: list[datetime], request: PageRequest) -> list[dict[str, Any]]:
    """The times under the reader's own days."""
    days: dict[Any, list[datetime]] = {}
    zone = ZoneInfo(request.viewer.timezone)
    for moment in starts:
        days.setdefault(moment.astimezone(zone).date(), []).append(moment)
    return [{"day": day, "starts": found} for day, found in days.items()]


def _alternatives(refusal: Invalid | Conflict) -> list[datetime]:
    return list(getattr(refusal, "alternatives", []) or refusal.detail.get("alternatives", []))
