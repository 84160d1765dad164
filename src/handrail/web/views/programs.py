"""Programs: the list, a new one from a template, and the page from which one is run."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from handrail.apps.assistance.queries import allowed_in, endpoint
from handrail.apps.cohorts.queries import groups_led, intakes_of, own_places
from handrail.apps.hiring.roles import may_see_hires
from handrail.apps.matches.queries import decisions_for, runs_for
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.people.queries import could_lead, person_for, still_here
from handrail.apps.programs import actions, queries
from handrail.apps.programs.models import EnrolmentRole, Objective, Program, ProgramModel
from handrail.apps.programs.objectives import missing_objectives, needed, objectives_of
from handrail.apps.programs.templates import TEMPLATES
from handrail.apps.projects.queries import projects_for
from handrail.apps.requests.queries import open_request, requests_of_program
from handrail.apps.sessions.queries import (
    next_objective,
    program_pulse,
    sessions_left,
    sessions_of_program,
)
from handrail.web.entry import PageRequest, local_today, signed_in
from handrail.web.forms.programs import (
    EnrolForm,
    LeadForm,
    MatchForm,
    ObjectiveForm,
    ObjectivesForm,
    PairForm,
    ProgramForm,
    ProgramRulesForm,
)
from handrail.web.refusals import form_page


@require_GET
@signed_in
def programs(request: PageRequest) -> HttpResponse:
    context = {
        "programs": queries.programs_for(request.viewer),
        "sees_hires": may_see_hires(request.viewer),
    }
    return render(request, "programs/programs.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def program_new(request: PageRequest) -> HttpResponse:
    if not request.viewer.is_administrator:
        raise NotAllowed(_("Only an administrator may create a program."))
    people = could_lead(local_today(request))
    form = ProgramForm(
        request.POST or None,
        people=people,
        today=local_today(request),
        template=request.GET.get("template", ""),
    )
    context = {"templates": TEMPLATES.values()}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "programs/new.html", context, form)
    minutes = form.cleaned_data["session_minutes"]
    try:
        program = actions.create_program(
            form.cleaned_data["template"],
            name=form.cleaned_data["name"],
            starts_on=form.cleaned_data["starts_on"],
            leads=form.chosen_leads(),
            by=request.viewer,
            now=request.now,
            **({} if minutes is None else {"session_minutes": minutes}),
        )
    except (Invalid, Conflict) as refusal:
        return form_page(request, "programs/new.html", context, form, refusal)
    messages.success(request, _("The program is made. Next: who takes part."))
    return redirect("program", program.public_id)


@require_GET
@signed_in
def program(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.program_for(request.viewer, public_id)
    mine = queries.enrolment_of(request.viewer, found)
    as_mentor = queries.enrolment_of(request.viewer, found, EnrolmentRole.MENTOR)
    written = objectives_of(found, mine.person) if mine else []
    context: dict[str, Any] = {
        "program": found,
        "leads": queries.leads_of(found),
        "mine": mine,
        "as_mentor": as_mentor,
        "objective": next_objective(found, mine.person) if mine else None,
        "written": written,
        "missing": max(0, needed(found) - len(written)),
        "runs_it": queries.may_run(request.viewer, found),
        "left": sessions_left(found, mine.person) if mine else 0,
        "own_enrolment": mine or as_mentor,
        "asked": open_request(found, mine.person) if mine else None,
    }
    is_project = found.model == ProgramModel.PROJECT
    if is_project:
        context["projects"] = projects_for(request.viewer).filter(program=found)[:12]
    if found.model == ProgramModel.COHORT:
        context |= _of_cohorts(request, found, runs_it=context["runs_it"])
    if context["runs_it"]:
        enrolments = list(queries.enrolments(request.viewer, found))
        mentees = [e for e in enrolments if e.role == EnrolmentRole.MENTEE]
        mentors = [e for e in enrolments if e.role == EnrolmentRole.MENTOR]
        context |= {
            "mentees": mentees,
            "mentors": mentors,
            "without_objective": []
            if is_project  # what a check-in is for comes from the project
            else [e for e in mentees if len(e.objectives.all()) < needed(found)],
            "runs": runs_for(request.viewer, found)[:5],
            "decisions": decisions_for(request.viewer, found),
            "sessions": sessions_of_program(request.viewer, found),
            "pulse": program_pulse(request.viewer, found),
            "match_form": MatchForm(today=local_today(request)),
            "requests": requests_of_program(request.viewer, found),
            "pair_form": PairForm(mentees=mentees, mentors=mentors),
            "assistance": endpoint() is not None,
            "assisted": allowed_in(found),
        }
    if request.viewer.is_administrator:
        people = could_lead(local_today(request)).exclude(leads__program=found)
        context["lead_form"] = LeadForm(people=people)
    return render(request, "programs/program.html", context)


def _of_cohorts(request: PageRequest, found: Program, *, runs_it: bool) -> dict[str, Any]:
    places = [one for one in own_places(request.viewer) if one.place.intake.program == found]
    led = [one for one in groups_led(request.viewer) if one.intake.program == found]
    intakes = intakes_of(request.viewer, found) if runs_it else []
    return {"places": places, "led_groups": led, "intakes": intakes}


@require_http_methods(["GET", "POST"])
@signed_in
def program_edit(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = _run_by(request, public_id)
    form = ProgramRulesForm(request.POST or None, initial=ProgramRulesForm.initial_of(found))
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "programs/edit.html", {"program": found}, form)
    try:
        actions.edit_program(found, by=request.viewer, now=request.now, **form.cleaned_data)
    except (Invalid, Conflict) as refusal:
        return form_page(request, "programs/edit.html", {"program": found}, form, refusal)
    messages.success(request, _("Saved. Sessions already booked keep their rules."))
    return redirect("program", public_id)


@require_http_methods(["GET", "POST"])
@signed_in
def program_enrol(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = _run_by(request, public_id)
    taken = {e.person_id for e in queries.enrolments(request.viewer, found)}
    people = still_here(local_today(request)).exclude(pk__in=taken)
    form = EnrolForm(request.POST or None, people=people)
    # Who has no role takes no part by "everybody", and may still be enrolled one by one.
    context = {"program": found, "people": people, "everybody": people.exclude(role="").count()}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "programs/enrol.html", context, form)
    try:
        if form.cleaned_data["everyone"]:
            added = len(
                actions.enrol_everyone(
                    found, day=local_today(request), by=request.viewer, now=request.now
                )
            )
        else:
            actions.enrol(
                found,
                person_for(request.viewer, form.cleaned_data["person"]),
                form.cleaned_data["role"],
                by=request.viewer,
                now=request.now,
            )
            added = 1
    except (Invalid, Conflict) as refusal:
        return form_page(request, "programs/enrol.html", context, form, refusal)
    messages.success(
        request,
        ngettext("%(n)d person takes part.", "%(n)d people take part.", added) % {"n": added},
    )
    return redirect("program", public_id)


@require_http_methods(["GET", "POST"])
@signed_in
def program_objective(request: PageRequest, public_id: UUID) -> HttpResponse:
    """A mentee's own objective, or that of a mentee (?enrolment=) for who runs the program."""
    found = queries.program_for(request.viewer, public_id)
    chosen = request.GET.get("enrolment") or request.POST.get("enrolment")
    enrolment = (
        queries.enrolment_for(request.viewer, _uuid(chosen))
        if chosen
        else queries.enrolment_of(request.viewer, found)
    )
    if enrolment is None or enrolment.program_id != found.pk:
        raise NotAllowed(_("Only a mentee of this program has an objective here."))
    written = objectives_of(found, enrolment.person)
    before = _objective_to_change(request, found, written)
    is_full = bool(found.objectives_per_mentee) and not missing_objectives(found, len(written))
    wanted = [want.skill for want in enrolment.person.wants.select_related("skill")]
    shown = before or (written[-1] if written and not found.objectives_per_mentee else None)
    form = ObjectiveForm(
        request.POST or None,
        skills=wanted,
        initial={
            "text": shown.text if shown else "",
            "skill": str(shown.skill.public_id) if shown and shown.skill else "",
        },
    )
    context = {
        "program": found,
        "enrolment": enrolment,
        "before": before,
        "written": written,
        "missing": missing_objectives(found, len(written)),
        "is_full": is_full and before is None,
    }
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "programs/objective.html", context, form)
    said: dict[str, Any] = {
        "text": form.cleaned_data["text"],
        "skill": form.chosen_skill(),
        "by": request.viewer,
        "now": request.now,
    }
    try:
        if before is not None:
            actions.change_objective(before, **said)
        else:
            actions.set_objective(enrolment, **said)
    except (Invalid, Conflict) as refusal:
        return form_page(request, "programs/objective.html", context, form, refusal)
    messages.success(request, _("The objective is set."))
    if before is None and missing_objectives(found, len(written) + 1):
        return redirect(request.get_full_path())  # the next one is still to be written
    return redirect("program", public_id)


def _objective_to_change(
    request: PageRequest, program: Program, written: list[Objective]
) -> Objective | None:
    """The objective that is named, of a program that counts them; None for a new one."""
    named = request.GET.get("objective") or request.POST.get("objective")
    if not named or not program.objectives_per_mentee:
        return None
    return next((one for one in written if str(one.public_id) == named), None)


@require_http_methods(["GET", "POST"])
@signed_in
def program_objectives(request: PageRequest, public_id: UUID) -> HttpResponse:
    """A first objective for everybody who has none: proposed from the template, to be corrected."""
    found = _run_by(request, public_id)
    without = [
        enrolment
        for enrolment in queries.enrolments(request.viewer, found)
        if enrolment.role == EnrolmentRole.MENTEE
        and len(enrolment.objectives.all()) < needed(found)
    ]
    form = ObjectivesForm(request.POST or None, enrolments=without, program=found)
    context = {"program": found}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "programs/objectives.html", context, form)
    try:
        made = actions.set_objectives(form.wanted(), by=request.viewer, now=request.now)
    except (Invalid, Conflict) as refusal:
        return form_page(request, "programs/objectives.html", context, form, refusal)
    messages.success(
        request,
        ngettext("%(n)d objective is set.", "%(n)d objectives are set.", len(made))
        % {"n": len(made)},
    )
    return redirect("program", public_id)


@require_POST
@signed_in
def program_lead(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.program_for(request.viewer, public_id)
    form = LeadForm(request.POST, people=could_lead(local_today(request)))
    if not form.is_valid():
        raise Invalid(_("Choose a person of the list."))
    person = form.chosen()
    actions.name_lead(found, person, by=request.viewer, now=request.now)
    messages.success(request, _("%(name)s leads the program too.") % {"name": person.name})
    return redirect("program", public_id)


@require_POST
@signed_in
def program_start(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.program_for(request.viewer, public_id)
    actions.start_program(found, by=request.viewer, now=request.now)
    messages.success(request, _("The program runs. Next: match this week."))
    return redirect("program", public_id)


@require_POST
@signed_in
def program_close(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.program_for(request.viewer, public_id)
    actions.close_program(found, by=request.viewer, now=request.now)
    messages.success(request, _("The program is closed. Booked sessions stay."))
    return redirect("program", public_id)


@require_POST
@signed_in
def enrolment_leave(request: PageRequest, public_id: UUID) -> HttpResponse:
    enrolment = queries.enrolment_for(request.viewer, public_id)
    actions.leave(enrolment, by=request.viewer, now=request.now)
    if enrolment.person_id == request.viewer.person_id:
        messages.success(request, _("You no longer take part. You can come back at any time."))
        return redirect("programs")
    messages.success(request, _("%(name)s no longer takes part.") % {"name": enrolment.person.name})
    return redirect("program", enrolment.program.public_id)


def _run_by(request: PageRequest, public_id: UUID) -> Program:
    found = queries.program_for(request.viewer, public_id)
    queries.require_run(request.viewer, found)
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotAllowed(_("This link is not complete. Go back and try again.")) from error
