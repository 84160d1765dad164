"""Retreats: the list, a new one, the page from which one is planned, the plan to take along."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.people.queries import could_lead
from handrail.apps.retreats import actions, pack, queries
from handrail.apps.retreats.models import RetreatStatus
from handrail.apps.retreats.plan import plan_of
from handrail.apps.retreats.shapes import SHAPES
from handrail.web.entry import PageRequest, local_today, signed_in
from handrail.web.forms.retreats import GuestsForm, RetreatDaysForm, RetreatForm
from handrail.web.refusals import form_page


@require_GET
@signed_in
def retreats(request: PageRequest) -> HttpResponse:
    context = {
        "retreats": queries.retreats_for(request.viewer),
        "may_make": queries.may_make(request.viewer),
    }
    return render(request, "retreats/retreats.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def retreat_new(request: PageRequest) -> HttpResponse:
    if not queries.may_make(request.viewer):
        raise NotAllowed(_("Only a lead of a program or an administrator may plan a retreat."))
    form = RetreatForm(
        request.POST or None, today=local_today(request), zone=request.viewer.timezone
    )
    context = {"templates": SHAPES.values()}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "retreats/new.html", context, form)
    values = dict(form.cleaned_data)
    try:
        made = actions.create_retreat(
            values.pop("template"), by=request.viewer, now=request.now, **values
        )
    except (Invalid, Conflict) as refusal:
        return form_page(request, "retreats/new.html", context, form, refusal)
    messages.success(request, _("The retreat is a draft. Next: who comes."))
    return redirect("retreat", made.public_id)


@require_GET
@signed_in
def retreat(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.retreat_for(request.viewer, public_id)
    plan = plan_of(found, request.now)
    plans_it = queries.may_plan(request.viewer, found)
    is_open = found.status != RetreatStatus.CALLED_OFF
    context: dict[str, Any] = {
        "retreat": found,
        "plan": plan,
        "plans_it": plans_it and is_open,
        "sees_needs": plans_it,
        "is_open": is_open,
        "mine": queries.guest_of(request.viewer, found),
    }
    if context["plans_it"]:
        coming = [guest.person_id for guest in plan.guests]
        people = could_lead(local_today(request)).exclude(pk__in=coming)
        context["guests_form"] = GuestsForm(people=people, hubs=plan.hubs)
        context["untold"] = actions.untold(plan)
    return render(request, "retreats/retreat.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def retreat_edit(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.retreat_for(request.viewer, public_id)
    queries.require_plan(request.viewer, found)
    context = {"retreat": found, "title": _("Days and name")}
    form = RetreatDaysForm(request.POST or None, initial=RetreatDaysForm.initial_of(found))
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "retreats/form.html", context, form)
    try:
        actions.edit_retreat(found, by=request.viewer, now=request.now, **form.cleaned_data)
    except (Invalid, Conflict) as refusal:
        return form_page(request, "retreats/form.html", context, form, refusal)
    messages.success(request, _("Saved."))
    return redirect("retreat", public_id)


@require_POST
@signed_in
def retreat_announce(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.retreat_for(request.viewer, public_id)
    people = actions.announce(found, by=request.viewer, now=request.now)
    messages.success(
        request,
        ngettext("%(n)d person gets a mail.", "%(n)d people get a mail.", people) % {"n": people},
    )
    return redirect("retreat", public_id)


@require_POST
@signed_in
def retreat_call_off(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.retreat_for(request.viewer, public_id)
    actions.call_off(found, by=request.viewer, now=request.now)
    messages.success(request, _("The retreat is called off. It leaves every calendar."))
    return redirect("retreat", public_id)


@require_GET
@signed_in
def retreat_plan(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.retreat_for(request.viewer, public_id)
    return render(request, "retreats/plan.html", pack.sheet_of(request.viewer, found, request.now))


@require_GET
@signed_in
def retreat_file(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.retreat_for(request.viewer, public_id)
    body = pack.plan_html(request.viewer, found, request.now)
    return _attachment(body, "text/html; charset=utf-8", public_id, "html")


@require_GET
@signed_in
def retreat_calendar(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.retreat_for(request.viewer, public_id)
    body = pack.calendar_of(request.viewer, found, request.now)
    return _attachment(body, "text/calendar; charset=utf-8", public_id, "ics")


@require_GET
@signed_in
def retreat_pack(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.retreat_for(request.viewer, public_id)
    body = pack.pack_of(request.viewer, found, request.now)
    return _attachment(body, "application/zip", public_id, "zip")


def _attachment(body: str | bytes, kind: str, public_id: UUID, ending: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    name = f"handrail-retreat-{str(public_id)[:8]}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
