"""The parts of a retreat: places, people, blocks of the agenda, lines of the kit list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.forms import Form
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
Part = TypeVar("Part")


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
    hub = _chosen(request, found, queries.hub_for)
    initial = HubForm.initial_of(hub) if hub else {"timezone": found.timezone}
    form = HubForm(request.POST or None, initial=initial)
    verbs = Verbs(actions.put_hub, actions.change_hub, actions.remove_hub)
    titles = _("A place of the retreat"), _("The place is taken out.")
    return _part(request, found, hub, form, verbs, titles)


@require_http_methods(["GET", "POST"])
@signed_in
def retreat_block(request: PageRequest, public_id: UUID) -> HttpResponse:
    """A block of the agenda: a new one, or with ?of= one that is there."""
    found = _planned(request, public_id)
    block = _chosen(request, found, queries.block_for)
    form = BlockForm(
        request.POST or None,
        retreat=found,
        guests=queries.guests_of(found),
        initial=BlockForm.initial_of(block) if block else None,
    )
    verbs = Verbs(actions.put_block, actions.change_block, actions.remove_block)
    titles = _("A block of the agenda"), _("The block is taken out.")
    return _part(request, found, block, form, verbs, titles)


@require_http_methods(["GET", "POST"])
@signed_in
def retreat_item(request: PageRequest, public_id: UUID) -> HttpResponse:
    """A line of the kit list: a new one, or with ?of= one that is there."""
    found = _planned(request, public_id)
    item = _chosen(request, found, queries.item_for)
    form = ItemForm(
        request.POST or None,
        hubs=_hubs(found),
        initial=ItemForm.initial_of(item) if item else None,
    )
    verbs = Verbs(actions.put_item, actions.change_item, actions.remove_item)
    titles = _("A line of the kit list"), _("The line is taken off.")
    return _part(request, found, item, form, verbs, titles)


@dataclass(frozen=True, slots=True)
class Verbs:
    """What may be done with one kind of part."""

    put: Callable[..., Any]
    change: Callable[..., Any]
    remove: Callable[..., Any]


def _part(
    request: PageRequest,
    found: Retreat,
    part: Any,
    form: Form,
    verbs: Verbs,
    titles: tuple[str, str],
) -> HttpResponse:
    """The page of one part: make it, change it, or take it out."""
    title, removed = titles
    if part and "remove" in request.POST:
        verbs.remove(part, by=request.viewer, now=request.now)
        messages.success(request, removed)
        return redirect("retreat", found.public_id)
    context = {
        "retreat": found,
        "title": title,
        "hidden": {"of": part.public_id} if part else {},
        "may_remove": part is not None,
    }
    if request.method != "POST" or not form.is_valid():
        return form_page(request, PAGE, context, form)
    try:
        if part:
            verbs.change(part, by=request.viewer, now=request.now, **form.cleaned_data)
        else:
            verbs.put(found, by=request.viewer, now=request.now, **form.cleaned_data)
    except (Invalid, Conflict) as refusal:
        return form_page(request, PAGE, context, form, refusal)
    messages.success(request, _("Saved."))
    return redirect("retreat", found.public_id)


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


def _chosen(
    request: PageRequest, retreat: Retreat, find: Callable[[Retreat, UUID], Part]
) -> Part | None:
    """The part that is named by ?of=; None for a new one."""
    text = request.GET.get("of") or request.POST.get("of")
    return find(retreat, _uuid(text)) if text else None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(_("This link is not complete. Go back and try again.")) from error
