"""Cohorts: an intake and its groups for who leads, a place for a new hire, the weeks for all."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from handrail.apps.cohorts import actions, queries
from handrail.apps.cohorts.models import CohortState, HoldEnd, Intake, IntakeState
from handrail.apps.cohorts.shapes import themes_of
from handrail.apps.cohorts.successors import successors_of
from handrail.apps.cohorts.times import Times
from handrail.apps.organizations.refusals import Conflict, Invalid, NotFound
from handrail.apps.people.models import TakesPartAs
from handrail.apps.people.queries import still_here
from handrail.apps.programs.queries import may_run, program_for, require_run
from handrail.web.entry import PageRequest, local_today, signed_in
from handrail.web.forms.cohorts import IntakeForm, NewIntakeForm
from handrail.web.refusals import form_page


@require_http_methods(["GET", "POST"])
@signed_in
def intake_new(request: PageRequest, public_id: UUID) -> HttpResponse:
    program = program_for(request.viewer, public_id)
    require_run(request.viewer, program)
    today = local_today(request)
    people = still_here(today).filter(
        role=TakesPartAs.MENTOR, minutes_per_week__gte=program.session_minutes
    )
    themes = [_(line) for line in themes_of(program.template)]
    form = NewIntakeForm(
        request.POST or None, people=people, initial=NewIntakeForm.initial_for(today, themes)
    )
    context = {"program": program}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "cohorts/intake_new.html", context, form)
    try:
        intake = actions.open_intake(
            program, form.chosen(), by=request.viewer, now=request.now, **form.values()
        )
    except (Invalid, Conflict) as refusal:
        return form_page(request, "cohorts/intake_new.html", context, form, refusal)
    messages.success(request, _("The intake is open. New hires are in and get a mail."))
    return redirect("intake", intake.public_id)


@require_GET
@signed_in
def intake(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.intake_for(request.viewer, public_id)
    return _intake_page(request, found)


@require_http_methods(["GET", "POST"])
@signed_in
def intake_edit(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = _led(request, public_id)
    form = IntakeForm(request.POST or None, initial=IntakeForm.initial_of(found))
    context = {"intake": found}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "cohorts/intake_edit.html", context, form)
    changes = form.cleaned_data
    if found.state == IntakeState.STARTED:
        changes = {"tail_sessions": changes["tail_sessions"]}
    try:
        actions.edit_intake(found, by=request.viewer, now=request.now, **changes)
    except (Invalid, Conflict) as refusal:
        return form_page(request, "cohorts/intake_edit.html", context, form, refusal)
    messages.success(request, _("Saved."))
    return redirect("intake", public_id)


@require_POST
@signed_in
def intake_form(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = _led(request, public_id)
    actions.form_groups(found, by=request.viewer, now=request.now)
    messages.success(request, _("The groups are formed. Next: a weekly time for each."))
    return redirect("intake", public_id)


@require_POST
@signed_in
def intake_call_off(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = _led(request, public_id)
    actions.call_off(found, by=request.viewer, now=request.now)
    messages.success(request, _("Called off. Everybody who was in gets a mail."))
    return redirect("intake", public_id)


@require_POST
@signed_in
def intake_member(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Put one person into another group."""
    found = _led(request, public_id)
    place = queries.place_for(request.viewer, found, _uuid(request.POST.get("person", "")))
    group = queries.cohort_for(request.viewer, _uuid(request.POST.get("cohort", "")))
    actions.move_member(place, group, by=request.viewer, now=request.now)
    messages.success(request, _("%(name)s is in the other group.") % {"name": place.person.name})
    return redirect("intake", public_id)


@require_POST
@signed_in
def intake_held(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Hold a seat for an accepted offer until another day, or release it."""
    found = _led(request, public_id)
    hold = queries.hold_for(request.viewer, found, _uuid(request.POST.get("hold", "")))
    if request.POST.get("do") == "release":
        actions.release_hold(hold, HoldEnd.LEAD, by=request.viewer, now=request.now)
        messages.success(request, _("Released. Whoever waits first has the seat."))
        return redirect("intake", public_id)
    try:
        day = date.fromisoformat(request.POST.get("until", ""))
    except ValueError as error:
        raise Invalid(_("Choose a day.")) from error
    actions.hold_until(hold, day, by=request.viewer, now=request.now)
    messages.success(request, _("Saved."))
    return redirect("intake", public_id)


@require_POST
@signed_in
def intake_place(request: PageRequest, public_id: UUID) -> HttpResponse:
    """One's own place: out, in again, or an answer to a seat that is offered."""
    found = queries.intake_for(request.viewer, public_id)
    own = queries.own_place(request.viewer, found)
    if own is None:
        raise NotFound(_("There is no such place."))
    done = {
        "out": (actions.opt_out, _("You are out. Nobody is told, and you can come back.")),
        "in": (actions.opt_in, _("You are in again.")),
        "accept": (actions.accept_offer, _("The seat is yours.")),
        "decline": (
            actions.decline_offer,
            _("The next one is asked. You come in first next time."),
        ),
    }
    chosen = done.get(request.POST.get("do", ""))
    if chosen is None:
        raise Invalid(_("This page is too old. Go back and try again."))
    act, said = chosen
    act(own.place, by=request.viewer, now=request.now)
    messages.success(request, said)
    return redirect("intake", public_id)


@require_GET
@signed_in
def cohort(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.cohort_for(request.viewer, public_id)
    page = queries.cohort_page(request.viewer, found, request.now)
    return render(request, "cohorts/cohort.html", {"cohort": found, "page": page})


@require_POST
@signed_in
def cohort_start(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Start a group at one of the times shown."""
    found = queries.cohort_for(request.viewer, public_id)
    require_run(request.viewer, found.intake.program)
    day, _space, minute = request.POST.get("time", "").partition(" ")
    try:
        if not minute.isdigit():
            raise Invalid(_("Choose one of the times."))
        actions.start_cohort(
            found,
            _day(day),
            int(minute[:5]),
            by=request.viewer,
            now=request.now,
            although_small=request.POST.get("although_small") == "yes",
        )
    except (Invalid, Conflict) as refusal:
        return _intake_page(request, found.intake, refusal=refusal)
    messages.success(request, _("Started. Twelve sessions are booked, and everybody is told."))
    return redirect("cohort", public_id)


@require_POST
@signed_in
def cohort_leave(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Leave a cohort oneself, or take somebody out for who runs the program."""
    found = queries.cohort_for(request.viewer, public_id)
    own = queries.member_of(request.viewer, found)
    person = request.POST.get("person", "")
    if person:
        place = queries.place_for(request.viewer, found.intake, _uuid(person))
    elif own is not None:
        place = own
    else:
        raise NotFound(_("There is no such place."))
    actions.leave_cohort(place, by=request.viewer, now=request.now)
    if own is not None and place.pk == own.pk:
        messages.success(request, _("You have left. Your sessions ahead leave your calendar."))
        return redirect("today")
    messages.success(request, _("%(name)s has left the cohort.") % {"name": place.person.name})
    return redirect("cohort", public_id)


@require_POST
@signed_in
def cohort_mentor(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Name another mentor for a group whose own one comes no more."""
    found = queries.cohort_for(request.viewer, public_id)
    require_run(request.viewer, found.intake.program)
    wanted = request.POST.get("mentor", "")
    them = {str(one.public_id): one for one in successors_of(found, request.now)}
    if wanted not in them:
        messages.error(request, _("Choose one of the list."))
        return redirect("cohort", public_id)
    try:
        actions.name_mentor(found, them[wanted], by=request.viewer, now=request.now)
    except Conflict as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(
            request,
            _("%(name)s goes on with the group. What fits is booked, and everybody is told.")
            % {"name": them[wanted].name},
        )
    return redirect("cohort", public_id)


@require_POST
@signed_in
def cohort_seat(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Come to one week's session after all."""
    found = queries.cohort_for(request.viewer, public_id)
    own = queries.member_of(request.viewer, found)
    number = request.POST.get("number", "")
    meeting = found.meetings.filter(number=int(number[:4]) if number.isdigit() else 0).first()
    if own is None or meeting is None:
        raise NotFound(_("There is no such session."))
    actions.come_after_all(meeting, own, by=request.viewer, now=request.now)
    messages.success(request, _("You have a seat in this session again."))
    return redirect("cohort", public_id)


def _intake_page(
    request: PageRequest, found: Intake, *, refusal: Invalid | Conflict | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "intake": found,
        "program": found.program,
        "own": queries.own_place(request.viewer, found),
        "runs_it": may_run(request.viewer, found.program),
        "refusal": refusal,
    }
    if context["runs_it"]:
        page = queries.intake_page(request.viewer, found, request.now)
        times = {
            group.cohort.pk: _times(request, group, found)
            for group in page.groups
            if found.state == IntakeState.OPEN and group.cohort.state == CohortState.FORMING
        }
        context |= {
            "page": page,
            "groups": [(group, times.get(group.cohort.pk)) for group in page.groups],
        }
    else:
        led = queries.groups_led(request.viewer)
        context["led"] = [one for one in led if one.intake_id == found.pk]
    return render(
        request, "cohorts/intake.html", context, status=refusal.status if refusal else 200
    )


def _times(request: PageRequest, group: queries.Group, found: Intake) -> Times | None:
    if not group.members:
        return None
    return queries.times_of(request.viewer, group.cohort, request.now)


def _led(request: PageRequest, public_id: UUID) -> Intake:
    found = queries.intake_for(request.viewer, public_id)
    require_run(request.viewer, found.program)
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(_("Choose one of the times.")) from error


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(_("This page is too old. Go back and try again.")) from error
