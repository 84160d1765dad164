"""The parts of a retreat: places, people, blocks of the agenda, lines of the kit list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from handrail.apps.organizations.refusals import Conflict, Invalid, NotFound
from handrail.apps.organizations.scope import writing
from handrail.apps.people.queries import could_lead
from handrail.apps.retreats import actions, queries
from handrail.apps.retreats.models import Guest, Hub, Retreat
from handrail.web.entry import PageRequest, local_today, signed_in
from handrail.web.forms.retreats import BlockForm, GuestsForm, HubForm, ItemForm, PartForm
from handrail.web.refusals import form_page

PAGE = "retreats/form.html"


@require_POST
@signed_in
def retreat_guests(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Add people, or take one off."""
    found = queries.retreat_for(request.viewer, public_id)
    queries.require_plan(request.viewer, found)
    if "off" in request.POST:
        guest = queries.guest_for(request.viewer, found, _uuid(request.POST["off"]))
        actions.take_off(guest, by=request.viewer, now=request.now)
        messages.success(request, _("%(name)s is off the list.") % {"name": guest.person.name})
        return redirect("retreat", public_id)
    form = GuestsForm(request.POST, people=could_lead(local_today(request)), hubs=_hubs(found))
    if not form.is_valid():
        raise Invalid(_("Choose people of the list."))
    chosen = form.chosen()
    with writing(request.viewer.organization):
        for person in chosen:
            actions.add_guest(
                found, person, hub=form.cleaned_data["hub"], by=request.viewer, now=request.now
            )
    messages.success(
        request,
        ngettext("%(n)d person comes as well.", "%(n)d people come as well.", len(chosen))
        % {"n": len(chosen)},
    )
    return redirect("retreat", public_id)


@require_http_methods(["GET", "POST"])
@signed_in
def retreat_part(request: PageRequest, public_id: UUID) -> HttpResponse:
    """One's own way there and needs, or those of a guest (?person=) for planners."""
    found = queries.retreat_for(request.viewer, public_id)
    guest = _guest(request, found, request.GET.get("person") or request.POST.get("person"))
    form = PartForm(request.POST or None, guest=guest, hubs=_hubs(found))
    title = (
        _("Your way there")
        if guest.person_id == request.viewer.person_id
        else _("The way of %(name)s") % {"name": guest.person.name}
    )
    context = {
        "retreat": found,
        "title": title,
        "hidden": {"person": guest.person.public_id},
        "hint": _("Times are those of the place."),
    }
    if request.method != "POST" or not form.is_valid():
        return form_page(request, PAGE, context, form)
    try:
        actions.save_part(guest, by=request.viewer, now=request.now, **form.cleaned_data)
    except (Invalid, Conflict) as refusal:
        return form_page(request, PAGE, context, form, refusal)
    messages.success(request, _("Saved."))
    return redirect("retreat", public_id)


@require_http_methods(["GET", "POST"])
@signed_in
def retreat_hub(request: PageRequest, public_id: UUID) -> HttpResponse:
    """A place: a new one, or with ?of= one that is there."""
    found = _planned(request, public_id)
    chosen = _of(request)
    hub = queries.hub_for(found, chosen) if chosen else None
    if hub and "remove" in request.POST:
        actions.remove_hub(hub, by=request.viewer, now=request.now)
        messages.success(request, _("The place is taken out."))
        return redirect("retreat", public_id)
    initial = HubForm.initial_of(hub) if hub else {"timezone": found.timezone}
    form = HubForm(request.POST or None, initial=initial)
    context = _context(found, _("A place of the retreat"), hub)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, PAGE, context, form)
    try:
        if hub:
            actions.change_hub(hub, by=request.viewer, now=request.now, **form.cleaned_data)
        else:
            actions.put_hub(found, by=request.viewer, now=request.now, **form.cleaned_data)
    except (Invalid, Conflict) as refusal:
        return form_page(request, PAGE, context, form, refusal)
    messages.success(request, _("Saved."))
    return redirect("retreat", public_id)


@require_http_methods(["GET", "POST"])
@signed_in
def retreat_block(request: PageRequest, public_id: UUID) -> HttpResponse:
    """A block of the agenda: a new one, or with ?of= one that is there."""
    found = _planned(request, public_id)
    chosen = _of(request)
    block = queries.block_for(found, chosen) if chosen else None
    if block and "remove" in request.POST:
        actions.remove_block(block, by=request.viewer, now=request.now)
        messages.success(request, _("The block is taken out."))
        return redirect("retreat", public_id)
    form = BlockForm(
        request.POST or None,
        retreat=found,
        guests=queries.guests_of(found),
        initial=BlockForm.initial_of(block) if block else None,
    )
    context = _context(found, _("A block of the agenda"), block)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, PAGE, context, form)
    try:
        if block:
            actions.change_block(block, by=request.viewer, now=request.now, **form.cleaned_data)
        else:
            actions.put_block(found, by=request.viewer, now=request.now, **form.cleaned_data)
    except (Invalid, Conflict) as refusal:
        return form_page(request, PAGE, context, form, refusal)
    messages.success(request, _("Saved."))
    return redirect("retreat", public_id)


@require_http_methods(["GET", "POST"])
@signed_in
def retreat_item(request: PageRequest, public_id: UUID) -> HttpResponse:
    """A line of the kit list: a new one, or with ?of= one that is there."""
    found = _planned(request, public_id)
    chosen = _of(request)
    item = queries.item_for(found, chosen) if chosen else None
    if item and "remove" in request.POST:
        actions.remove_item(item, by=request.viewer, now=request.now)
        messages.success(request, _("The line is taken off."))
        return redirect("retreat", public_id)
    form = ItemForm(
        request.POST or None,
        hubs=_hubs(found),
        initial=ItemForm.initial_of(item) if item else None,
    )
    context = _context(found, _("A line of the kit list"), item)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, PAGE, context, form)
    try:
        if item:
            actions.change_item(item, by=request.viewer, now=request.now, **form.cleaned_data)
        else:
            actions.put_item(found, by=request.viewer, now=request.now, **form.cleaned_data)
    except (Invalid, Conflict) as refusal:
        return form_page(request, PAGE, context, form, refusal)
    messages.success(request, _("Saved."))
    return redirect("retreat", public_id)


@require_POST
@signed_in
def retreat_kit(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Bring something, give it back, or say how far it is."""
    found = queries.retreat_for(request.viewer, public_id)
    item = queries.item_for(found, _uuid(request.POST.get("item", "")))
    person = request.POST.get("person", "")
    guest = _guest(request, found, person) if person else None
    by, now = request.viewer, request.now
    if "state" in request.POST:
        actions.mark_pieces(item, request.POST["state"], guest=guest, by=by, now=now)
        messages.success(request, _("Saved."))
    elif "release" in request.POST:
        actions.release_pieces(item, guest=guest, by=by, now=now)
        messages.success(request, _("It is open again for others."))
    else:
        count = request.POST.get("count", "1")
        if not count.isdecimal():
            raise Invalid(_("Give a number."))
        actions.claim_pieces(item, min(int(count), 1000), guest=guest, by=by, now=now)
        messages.success(request, _("Noted: you bring it."))
    return redirect("retreat", public_id)


def _planned(request: PageRequest, public_id: UUID) -> Retreat:
    found = queries.retreat_for(request.viewer, public_id)
    queries.require_plan(request.viewer, found)
    return found


def _hubs(retreat: Retreat) -> list[Hub]:
    return list(Hub.objects.filter(retreat=retreat))


def _guest(request: PageRequest, retreat: Retreat, person: str | None) -> Guest:
    if person:
        return queries.guest_for(request.viewer, retreat, _uuid(person))
    own = queries.guest_of(request.viewer, retreat)
    if own is None:
        raise NotFound(_("You are not on the list of this retreat."))
    return own


def _of(request: PageRequest) -> UUID | None:
    text = request.GET.get("of") or request.POST.get("of")
    return _uuid(text) if text else None


def _context(retreat: Retreat, title: str, of: Any) -> dict[str, Any]:
    return {
        "retreat": retreat,
        "title": title,
        "hidden": {"of": of.public_id} if of else {},
        "may_remove": of is not None,
    }


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(_("This link is not complete. Go back and try again.")) from error
