"""Requests: ask for a session, see how it stands, answer one, also out of a mail."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, Refusal
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.people.queries import person_for
from handrail.apps.programs.models import Program
from handrail.apps.programs.objectives import missing_objectives, objectives_of
from handrail.apps.programs.queries import enrolment_of, program_for
from handrail.apps.programs.rituals import consequences_of
from handrail.apps.requests import actions, queries
from handrail.apps.requests.mail_links import viewer_by_word
from handrail.apps.requests.models import MentoringRequest
from handrail.apps.requests.options import LENGTHS, options_for
from handrail.apps.sessions.consequences import booking_paused_until
from handrail.apps.sessions.queries import next_objective, sessions_left
from handrail.web.entry import PageRequest, me, signed_in
from handrail.web.forms.requests import AskForm, MessageForm
from handrail.web.refusals import form_page, refused_page


@require_http_methods(["GET", "POST"])
@signed_in
def program_ask(request: PageRequest, public_id: UUID) -> HttpResponse:
    """What for, whom and when: one page, and one press asks."""
    program = program_for(request.viewer, public_id)
    mentee = _mentee(request, program)
    already = queries.open_request(program, mentee)
    if already is not None:
        return redirect("request", already.public_id)
    form = _ask_form(request, program, mentee)
    searching = "show" in request.POST
    valid = request.method == "POST" and form.is_valid()
    skill = form.skills.get(str(form["skill"].value()))
    found = options_for(
        program,
        mentee,
        skill,
        minutes=_minutes(form, program),
        now=request.now,
    )
    context: dict[str, Any] = {
        "program": program,
        "options": found,
        "left": sessions_left(program, mentee),
        "consequences": consequences_of(program),
        "paused_until": booking_paused_until(program, mentee, request.now),
        "missing": missing_objectives(program, len(objectives_of(program, mentee))),
        "waiting": queries.waiting_time(program, now=request.now),
        "chosen": form["choice"].value() or "",
    }
    if request.method != "POST" or searching:
        if searching:
            form.errors.clear()
        return render(request, "requests/ask.html", {**context, "form": form})
    if not valid:
        return form_page(request, "requests/ask.html", context, form)
    mentor_id, starts_at = form.cleaned_data["choice"]
    try:
        asked = actions.ask(
            program,
            mentee,
            person_for(request.viewer, mentor_id),
            starts_at,
            form.cleaned_data["objective"],
            skill=form.cleaned_data["skill"],
            note=form.cleaned_data["note"],
            minutes=form.cleaned_data["minutes"],
            goes_on=form.cleaned_data["goes_on"],
            by=request.viewer,
            now=request.now,
            key=form.cleaned_data["key"] or None,
        )
    except (Invalid, Conflict) as refusal:
        return form_page(request, "requests/ask.html", context, form, refusal)
    messages.success(request, _("Asked. The time is held until there is an answer."))
    return redirect("request", asked.public_id)


@require_GET
@signed_in
def request(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.request_for(request.viewer, public_id)
    return _shown(request, found)


@require_POST
@signed_in
def request_answer(request: PageRequest, public_id: UUID) -> HttpResponse:
    """The mentor's answer, or the mentee's: which button was pressed says it."""
    found = queries.request_for(request.viewer, public_id)
    return _do(request, found, request.viewer)


@require_http_methods(["GET", "POST"])
def request_from_mail(request: PageRequest, public_id: UUID) -> HttpResponse:
    """The page that a mail to the mentor opens, signed in or not; a button answers."""
    try:
        viewer = viewer_by_word(public_id, request.GET.get("word", ""))
        with reading(viewer.organization), translation.override(viewer.language):
            found = queries.request_for(viewer, public_id)
            request.viewer = viewer
            if request.method == "POST":
                return _do(request, found, viewer, from_mail=True)
            return _shown(request, found, from_mail=True)
    except Refusal as refusal:
        return refused_page(request, refusal)


def _do(
    request: PageRequest, found: MentoringRequest, viewer: Viewer, *, from_mail: bool = False
) -> HttpResponse:
    verb = request.POST.get("do", "")
    now = request.now
    if verb in ("question", "tell"):
        form = _message_form(request, verb)
        if not form.is_valid():
            return _shown(request, found, form=form, from_mail=from_mail)
        act = actions.question if verb == "question" else actions.tell
        act(found, form.cleaned_data["body"], by=viewer, now=now)
        messages.success(request, _("Sent. The time stays held."))
    elif verb == "accept":
        session = actions.accept(found, by=viewer, now=now)
        messages.success(request, _("Booked. Both of you get an invitation by mail."))
        if not from_mail:
            return redirect("room", session.public_id)
    elif verb == "decline":
        actions.decline(found, by=viewer, now=now)
        messages.success(
            request, _("Declined. The time is free again; that is all there is to do.")
        )
        if not from_mail:
            return redirect("today")
    elif verb == "withdraw":
        actions.withdraw(found, by=viewer, now=now)
        messages.success(request, _("Taken back. The time is free again."))
    else:
        raise Invalid(_("Choose one of the answers."))
    if from_mail:
        return _shown(request, queries.request_for(viewer, found.public_id), from_mail=True)
    return redirect("request", found.public_id)


def _shown(
    request: PageRequest,
    found: MentoringRequest,
    *,
    form: MessageForm | None = None,
    from_mail: bool = False,
) -> HttpResponse:
    card = queries.card(request.viewer, found)
    context = {
        "card": card,
        "asked_for": found,
        "viewer": request.viewer,
        "now": request.now,
        "from_mail": from_mail,
        "form": form or _message_form(request, "tell" if card.is_mentee else "question"),
    }
    status = 422 if form is not None else 200
    page = "requests/from_mail.html" if from_mail else "requests/request.html"
    return render(request, page, context, status=status)


def _message_form(request: PageRequest, verb: str) -> MessageForm:
    label = _("Your answer") if verb == "tell" else _("What would you like to know?")
    data = request.POST if request.method == "POST" and request.POST.get("do") == verb else None
    return MessageForm(data, label=label)


def _ask_form(request: PageRequest, program: Program, mentee: Person) -> AskForm:
    objective = next_objective(program, mentee)
    skill = objective.skill if objective else None
    return AskForm(
        request.POST or None,
        skills=queries.skills_to_ask(program),
        needs_skill=not mentee.wants.exists(),
        initial={
            "objective": objective.text if objective else "",
            "skill": str(skill.public_id) if skill else "",
            "minutes": program.session_minutes,
            "goes_on": True,
            "key": str(uuid4()),
        },
    )


def _minutes(form: AskForm, program: Program) -> int:
    said = str(form["minutes"].value())
    return int(said) if said in map(str, LENGTHS) else program.session_minutes


def _mentee(request: PageRequest, program: Program) -> Person:
    mine = me(request)
    if mine is None or enrolment_of(request.viewer, program) is None:
        raise NotAllowed(_("Only a mentee of this program can ask for a session in it."))
    return mine
