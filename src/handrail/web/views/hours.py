"""My hours: the week, single days, buffers and limits; and the days closed for everybody."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from handrail.apps.calendars import hours
from handrail.apps.calendars.holidays import next_holiday
from handrail.apps.calendars.hours import Day, Limits
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.people.models import Person
from handrail.web.entry import PageRequest, local_today, me, signed_in
from handrail.web.forms.hours import ClosedDayForm, DayForm, LimitsForm, WeekForm
from handrail.web.refusals import form_page


@require_http_methods(["GET", "POST"])
@signed_in
def settings_hours(request: PageRequest) -> HttpResponse:
    """The whole page; its first form, the week, is answered here."""
    person = _myself(request)
    form = _week_form(request, person, bound=request.method == "POST")
    if request.method != "POST" or not form.is_valid():
        return _page(request, person, week_form=form, form=form)
    try:
        hours.set_week(person, form.week(), by=request.viewer, now=request.now)
    except (Invalid, Conflict) as refusal:
        return _page(request, person, refusal, week_form=form, form=form)
    return _saved(request)


@require_POST
@signed_in
def settings_day(request: PageRequest) -> HttpResponse:
    """Close one day, or give it other hours."""
    person = _myself(request)
    form = DayForm(request.POST, prefix="one")
    if not form.is_valid():
        return _page(request, person, day_form=form, form=form)
    day = Day(form.cleaned_data["day"], form.cleaned_data["hours"])
    try:
        hours.set_day(person, day, by=request.viewer, now=request.now)
    except (Invalid, Conflict) as refusal:
        return _page(request, person, refusal, day_form=form, form=form)
    return _saved(request)


@require_POST
@signed_in
def settings_day_clear(request: PageRequest) -> HttpResponse:
    """Let the week hold again on a day."""
    hours.clear_day(_myself(request), _day(request), by=request.viewer, now=request.now)
    return _saved(request)


@require_POST
@signed_in
def settings_limits(request: PageRequest) -> HttpResponse:
    """Buffers, notice, a cap, and whose holidays close the day."""
    person = _myself(request)
    form = LimitsForm(request.POST, initial=LimitsForm.initial_of(Limits.of(person)))
    if not form.is_valid():
        return _page(request, person, limits_form=form, form=form)
    try:
        hours.set_limits(person, form.limits(), by=request.viewer, now=request.now)
    except (Invalid, Conflict) as refusal:
        return _page(request, person, refusal, limits_form=form, form=form)
    return _saved(request)


@require_http_methods(["GET", "POST"])
@signed_in
def closed_days(request: PageRequest) -> HttpResponse:
    """The days on which nobody gives a session; an administrator names them."""
    if not request.viewer.is_administrator:
        raise NotAllowed(_("Only an administrator closes days for everybody."))
    form = ClosedDayForm(request.POST or None)
    context = {"days": hours.closed_days(local_today(request)), "here": "closed_days"}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "settings/closed_days.html", context, form)
    try:
        hours.close_day(**form.cleaned_data, by=request.viewer, now=request.now)
    except (Invalid, Conflict) as refusal:
        return form_page(request, "settings/closed_days.html", context, form, refusal)
    messages.success(request, _("Closed. Sessions that are booked on this day stay booked."))
    return redirect("closed_days")


@require_POST
@signed_in
def closed_day_reopen(request: PageRequest) -> HttpResponse:
    hours.reopen_day(_day(request), by=request.viewer, now=request.now)
    messages.success(request, _("Saved."))
    return redirect("closed_days")


def _page(
    request: PageRequest, person: Person, refusal: Any = None, *, form: forms.Form, **forms_: Any
) -> HttpResponse:
    today = local_today(request)
    limits = Limits.of(person)
    context = {
        "person": person,
        "here": "settings_hours",
        "week_form": _week_form(request, person, bound=False),
        "day_form": DayForm(prefix="one"),
        "limits_form": LimitsForm(initial=LimitsForm.initial_of(limits)),
        "days": hours.days_of(person, today),
        "budgets": hours.budgets(person, request.now) if person.minutes_per_week else [],
        "next_holiday": next_holiday(limits.holidays_of, today, person.language),
        "closed": hours.closed_days(today),
        **forms_,
    }
    return form_page(request, "settings/hours.html", context, form, refusal)


def _week_form(request: PageRequest, person: Person, *, bound: bool) -> WeekForm:
    initial = WeekForm.initial_of(hours.week_of(person))
    return WeekForm(request.POST if bound else None, initial=initial)


def _myself(request: PageRequest) -> Person:
    person = me(request)
    if person is None:
        raise NotAllowed(_("Your account takes part in no sessions, so there is nothing to set."))
    return person


def _day(request: PageRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("day", ""))
    except ValueError as error:
        raise Invalid(_("Choose a day of the list.")) from error


def _saved(request: PageRequest) -> HttpResponse:
    messages.success(request, _("Saved. Sessions that are booked already stay as they are."))
    return redirect("settings_hours")
