"""Office hours: book a time or wait for one, one's own turns, an offer, the rota of a program."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from handrail.apps.office_hours import actions, queries
from handrail.apps.office_hours.blocks import Block, blocks, fair_use
from handrail.apps.office_hours.models import Rota
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, Refusal
from handrail.apps.people.models import Person
from handrail.apps.programs.queries import current_objective, may_run, require_run
from handrail.apps.sessions.models import Session
from handrail.web.entry import PageRequest, me, signed_in
from handrail.web.forms.office_hours import ChoiceForm, RotaForm, SlotForm, VisitForm
from handrail.web.refusals import form_page


@require_GET
@signed_in
def office_hours_all(request: PageRequest) -> HttpResponse:
    """All office hours one can book in, what one waits for, and one's own turns."""
    context = {
        "rotas": queries.rotas_for(request.viewer),
        "places": queries.my_places(request.viewer, request.now),
        "holds_turns": queries.holds_turns(request.viewer),
    }
    return render(request, "office_hours/all.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def office_hours(request: PageRequest, public_id: UUID) -> HttpResponse:
    """What for and when: one page, and one press books, or waits in line."""
    rota = queries.rota_for(request.viewer, public_id)
    person = me(request)
    if person is None or not queries.is_eligible(rota, person):
        if request.method == "POST":
            raise NotAllowed(_("These office hours are open to mentees of the program only."))
        person = None
    waits = request.POST.get("wait", "")
    form = VisitForm(request.POST or None, waits=bool(waits), initial=_initial(rota, person))
    context = _booking(request, rota, person)
    context["chosen"] = form["choice"].value() or ""
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "office_hours/book.html", context, form)
    said = form.cleaned_data
    try:
        if waits:
            turn = queries.turn_for(request.viewer, _uuid(waits))
            actions.wait(
                turn, said["objective"], note=said["note"], by=request.viewer, now=request.now
            )
            messages.success(
                request, _("You are in line. When a time is free, it is held for you.")
            )
            return redirect("office_hours_all")
        turn_id, starts_at = said["choice"]
        session = actions.book(
            queries.turn_for(request.viewer, turn_id),
            starts_at,
            said["objective"],
            note=said["note"],
            by=request.viewer,
            now=request.now,
            key=said["key"] or None,
        )
    except (Invalid, Conflict) as refusal:
        context |= _booking(request, rota, person)
        context["alternatives"] = _alternatives(refusal, context["found"])
        return form_page(request, "office_hours/book.html", context, form, refusal)
    messages.success(request, _("Booked. Both of you get an invitation by mail."))
    return redirect("room", session.public_id)


def move_visit(request: PageRequest, session: Session) -> HttpResponse:
    """Another time of the same office hours: one press moves the session, and it stays one."""
    own = queries.turn_around(session)
    visitor = queries.visitor_of(session)
    if request.viewer.person_id != visitor.pk and not may_run(
        request.viewer, own.slot.rota.program
    ):
        messages.info(request, _("Whoever booked moves it. If you cannot come, hand on your turn."))
        return redirect("my_turns")
    found = blocks(own.slot.rota, visitor, request.now)
    form = ChoiceForm(request.POST or None)
    zone = ZoneInfo(request.viewer.timezone)
    context: dict[str, Any] = {
        "session": session,
        "program": own.slot.rota.program,
        "turn": own,
        "chosen": form["choice"].value() or "",
        "shown": [
            {"block": block, "day": block.turn.starts_at.astimezone(zone).date()}
            for block in found
            if block.starts and (not block.mine or block.turn.pk == own.pk)
        ],
    }
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "office_hours/move.html", context, form)
    turn_id, starts_at = form.cleaned_data["choice"]
    try:
        actions.move(
            session,
            starts_at,
            turn=queries.turn_for(request.viewer, turn_id),
            by=request.viewer,
            now=request.now,
        )
    except (Invalid, Conflict) as refusal:
        context["alternatives"] = _alternatives(refusal, found)
        return form_page(request, "office_hours/move.html", context, form, refusal)
    messages.success(request, _("Moved. Everybody's calendar gets the new time."))
    return redirect("room", session.public_id)


@require_GET
@signed_in
def my_turns(request: PageRequest) -> HttpResponse:
    """When one holds office hours, who comes, and what for."""
    return render(
        request, "office_hours/turns.html", {"turns": queries.my_turns(request.viewer, request.now)}
    )


@require_http_methods(["GET", "POST"])
@signed_in
def turn_cannot(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Is this meant? Handing the turn on is the page's one button."""
    turn = queries.turn_for(request.viewer, public_id)
    runs_it = may_run(request.viewer, turn.slot.rota.program)
    mine = request.viewer.person_id is not None and turn.host_id == request.viewer.person_id
    if request.method == "POST":
        after = actions.cannot(turn, by=request.viewer, now=request.now)
        if after.host is not None:
            messages.success(
                request,
                _("%(name)s takes over. Everybody who booked keeps their time.")
                % {"name": after.host.name},
            )
        else:
            messages.success(request, _("Nobody else can then. Everybody concerned is told."))
        if runs_it and not mine:
            return redirect("rota", turn.slot.rota.program.public_id)
        return redirect("my_turns")
    if not mine and not runs_it:
        raise NotAllowed(_("Only who holds this turn or runs the program may do this."))
    context = {"card": queries.cards([turn])[0], "mine": mine}
    return render(request, "office_hours/cannot.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def office_hours_offer(request: PageRequest, public_id: UUID) -> HttpResponse:
    """A time that is held for somebody in line: take it, or let it go."""
    place = queries.place_for(request.viewer, public_id)
    if request.method == "POST":
        if request.POST.get("do") == "take":
            session = actions.take(place, by=request.viewer, now=request.now)
            messages.success(request, _("Booked. Both of you get an invitation by mail."))
            return redirect("room", session.public_id)
        actions.leave(place, by=request.viewer, now=request.now)
        messages.success(request, _("Done. You are not in line any more."))
        return redirect("office_hours_all")
    return render(request, "office_hours/offer.html", {"place": place})


@require_http_methods(["GET", "POST"])
@signed_in
def rota(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Who holds which turn and why, the accounts, the blocks of a week, the rules."""
    found = queries.rota_for(request.viewer, public_id)
    require_run(request.viewer, found.program)
    form = RotaForm(request.POST or None, initial=RotaForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_rules(found, by=request.viewer, now=request.now, **form.cleaned_data)
        except (Invalid, Conflict) as refusal:
            return _rota_page(request, found, form, refusal=refusal)
        messages.success(request, _("Saved. Turns and sessions that stand keep their rules."))
        return redirect("rota", public_id)
    return _rota_page(request, found, form)


@require_POST
@signed_in
def rota_slot_add(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.rota_for(request.viewer, public_id)
    require_run(request.viewer, found.program)
    form = SlotForm(request.POST, near=_zones(request))
    if not form.is_valid():
        return _rota_page(request, found, slot_form=form)
    try:
        actions.add_slot(found, **form.cleaned_data, by=request.viewer, now=request.now)
    except (Invalid, Conflict) as refusal:
        return _rota_page(request, found, slot_form=form, refusal=refusal)
    messages.success(request, _("Added. Its turns are planned within minutes."))
    return redirect("rota", public_id)


@require_POST
@signed_in
def rota_slot_remove(request: PageRequest, public_id: UUID) -> HttpResponse:
    slot = queries.slot_for(request.viewer, public_id)
    actions.remove_slot(slot, by=request.viewer, now=request.now)
    messages.success(request, _("Taken away. What is booked in it still takes place."))
    return redirect("rota", slot.rota.program.public_id)


def _rota_page(
    request: PageRequest,
    found: Rota,
    form: RotaForm | None = None,
    *,
    slot_form: SlotForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    coming, past = queries.rota_turns(request.viewer, found, request.now)
    context: dict[str, Any] = {
        "rota": found,
        "program": found.program,
        "coming": coming,
        "past": past,
        "members": queries.rota_members(request.viewer, found, request.now),
        "slots": [(WEEKDAYS[slot.weekday], slot) for slot in queries.slots_of(found)],
        "uneven": queries.why_uneven(found),
        "rules_form": form or RotaForm(initial=RotaForm.initial_of(found)),
        "slot_form": slot_form
        or SlotForm(near=_zones(request), initial={"timezone": request.viewer.timezone}),
    }
    sent = slot_form or form or context["rules_form"]
    return form_page(request, "office_hours/rota.html", context, sent, refusal)


def _booking(request: PageRequest, rota: Rota, person: Person | None) -> dict[str, Any]:
    found = blocks(rota, person, request.now)
    use = fair_use(rota, person) if person is not None else None
    zone = ZoneInfo(request.viewer.timezone)
    shown = []
    for block in found:
        day = use.next_day(block.turn.day) if use else block.turn.day
        shown.append(
            {
                "block": block,
                "day": block.turn.starts_at.astimezone(zone).date(),
                "from_day": None if day == block.turn.day else day,
            }
        )
    return {
        "rota": rota,
        "program": rota.program,
        "person": person,
        "found": found,
        "shown": shown,
        "use": use,
        "runs_it": may_run(request.viewer, rota.program),
    }


def _initial(rota: Rota, person: Person | None) -> dict[str, Any]:
    objective = current_objective(rota.program, person) if person else None
    return {"objective": objective.text if objective else "", "key": str(uuid4())}


def _alternatives(refusal: Invalid | Conflict, found: list[Block]) -> list[tuple[Block, datetime]]:
    wanted = refusal.detail.get("alternatives", [])
    return [(block, start) for start in wanted for block in found if start in block.starts]


def _zones(request: PageRequest) -> list[str]:
    return [request.viewer.timezone]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(_("This link is not complete. Go back and try again.")) from error
