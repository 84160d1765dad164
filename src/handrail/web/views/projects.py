"""Projects: the list of a program, one project, its mentor, and what its people do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.people.models import Person
from handrail.apps.programs.models import EnrolmentRole, Program
from handrail.apps.programs.queries import enrolments, may_run, program_for, require_run
from handrail.apps.projects import actions, queries
from handrail.apps.projects.models import Found, Project, ProjectState
from handrail.apps.projects.proposing import Proposal, propose
from handrail.apps.requests.queries import skills_to_ask
from handrail.web.entry import PageRequest, signed_in
from handrail.web.forms.projects import (
    MentorForm,
    NoteForm,
    ProjectForm,
    ProjectWordsForm,
    initial_for,
    initial_of,
)
from handrail.web.refusals import form_page


@require_GET
@signed_in
def program_projects(request: PageRequest, public_id: UUID) -> HttpResponse:
    """The projects of a program that the viewer builds, mentors, could mentor, or runs."""
    program = program_for(request.viewer, public_id)
    context = {
        "program": program,
        "projects": queries.projects_of(request.viewer, program),
        "runs_it": may_run(request.viewer, program),
    }
    return render(request, "projects/projects.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def project_new(request: PageRequest, public_id: UUID) -> HttpResponse:
    program = program_for(request.viewer, public_id)
    require_run(request.viewer, program)
    mentees = _taking_part(request, program, EnrolmentRole.MENTEE)
    zone = request.viewer.timezone
    form = ProjectForm(
        request.POST or None,
        mentees=mentees,
        skills=skills_to_ask(program),
        initial=initial_for(program, zone),
    )
    context = {"program": program, "mentees": mentees}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "projects/new.html", context, form)
    shape = form.shape
    try:
        made = actions.create_project(
            program,
            shape.pop("name"),
            people=form.chosen_people,
            skills=form.chosen_skills,
            by=request.viewer,
            now=request.now,
            **shape,
        )
    except (Invalid, Conflict) as refusal:
        return form_page(request, "projects/new.html", context, form, _beside(refusal))
    messages.success(request, _("The project is made. Next: who mentors it."))
    return redirect("project_mentor", made.public_id)


@require_GET
@signed_in
def project(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.project_for(request.viewer, public_id)
    return _page(request, found)


@require_http_methods(["GET", "POST"])
@signed_in
def project_edit(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Everything for who runs the program, the words for who builds the project."""
    found = queries.project_for(request.viewer, public_id)
    if may_run(request.viewer, found.program):
        form: ProjectForm | ProjectWordsForm = ProjectForm(
            request.POST or None,
            mentees=None,
            skills=skills_to_ask(found.program),
            initial=initial_of(found),
        )
    else:
        form = ProjectWordsForm(request.POST or None, initial=initial_of(found))
    context = {"project": found}
    if request.method != "POST" or not form.is_valid():
        # Who may not change it is told before they have typed anything.
        queries.require_edit(request.viewer, found)
        return form_page(request, "projects/edit.html", context, form)
    if isinstance(form, ProjectForm):
        changes: dict[str, Any] = {**form.shape, "skills": form.chosen_skills}
    else:
        changes = form.cleaned_data
    try:
        actions.edit_project(found, by=request.viewer, now=request.now, **changes)
    except (Invalid, Conflict) as refusal:
        return form_page(request, "projects/edit.html", context, form, _beside(refusal))
    messages.success(request, _("Saved. Check-ins that moved are told by mail."))
    return redirect("project", public_id)


@require_http_methods(["GET", "POST"])
@signed_in
def project_mentor(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Who could mentor it, and why; one press assigns it, or hands it over."""
    found = queries.project_for(request.viewer, public_id)
    require_run(request.viewer, found.program)
    shown = queries.shown(request.viewer, found, now=request.now)
    running = found.state == ProjectState.RUNNING
    mentors = _taking_part(request, found.program, EnrolmentRole.MENTOR)
    if shown.mentorship is not None and running:
        mentors = [one for one in mentors if one.pk != shown.mentorship.mentor_id]
    form = MentorForm(request.POST or None, mentors=mentors, with_note=running)
    proposal = propose(found.program, found, now=request.now) if mentors else None
    context = {"shown": shown, "project": found, "proposal": proposal, "running": running}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "projects/mentor.html", context, form)
    mentor = form.mentors[form.cleaned_data["mentor"]]
    reasons = _reasons(proposal, mentor)
    more: dict[str, Any] = {
        "found": Found.PROPOSED if reasons else Found.NAMED,
        "reasons": reasons,
        "by": request.viewer,
        "now": request.now,
    }
    try:
        if running:
            done = actions.hand_over(found, mentor, note=form.cleaned_data["note"], **more)
            said = _("Handed over: %(kept)d check-ins keep their time, %(moved)d have a new one.")
            messages.success(request, said % {"kept": done.kept, "moved": done.moved})
            if done.given_up:
                lost = _("For %(n)d check-ins there was no time with the new mentor.")
                messages.warning(request, lost % {"n": done.given_up})
        else:
            actions.assign(found, mentor, **more)
            messages.success(request, _("The check-ins of the next four weeks are booked."))
    except (Invalid, Conflict) as refusal:
        return form_page(request, "projects/mentor.html", context, form, refusal)
    return redirect("project", public_id)


@require_POST
@signed_in
def project_do(request: PageRequest, public_id: UUID) -> HttpResponse:
    """What a mentor, or who runs the program, does with one press."""
    found = queries.project_for(request.viewer, public_id)
    verb = request.POST.get("do", "")
    viewer, now = request.viewer, request.now
    if verb == "offer":
        actions.offer(found, by=viewer, now=now)
        messages.success(request, _("Thank you. The lead decides, and you hear of it by mail."))
    elif verb == "take-back":
        actions.take_offer_back(found, by=viewer, now=now)
        messages.success(request, _("Taken back. Nobody minds."))
    elif verb == "ask-out":
        form = NoteForm(request.POST)
        if not form.is_valid():
            return _page(request, found, form)
        actions.ask_out(found, form.cleaned_data["note"], by=viewer, now=now)
        messages.success(request, _("The lead looks for somebody. Until then the check-ins stay."))
    elif verb == "stay":
        actions.stay(found, by=viewer, now=now)
        messages.success(request, _("Good: everything stays as it was."))
    elif verb == "end":
        actions.end_project(found, by=viewer, now=now)
        messages.success(request, _("Ended. Everybody who was part of it is thanked by mail."))
    else:
        raise Invalid(_("Choose one of the answers."))
    return redirect("project", public_id)


def _page(request: PageRequest, found: Project, form: NoteForm | None = None) -> HttpResponse:
    shown = queries.shown(request.viewer, found, now=request.now)
    artifacts, closed = queries.artifacts_of(request.viewer, found)
    mine = shown.mentorship if shown.is_mentor else None
    context = {
        "shown": shown,
        "project": found,
        "viewer": request.viewer,
        "artifacts": artifacts,
        "closed": closed,
        "held": queries.held_count(found),
        "form": form or NoteForm(initial={"note": mine.note if mine else ""}),
    }
    return render(request, "projects/project.html", context, status=422 if form else 200)


def _taking_part(request: PageRequest, program: Program, role: str) -> list[Person]:
    rows = enrolments(request.viewer, program).filter(role=role)
    return [row.person for row in rows]


def _reasons(proposal: Proposal | None, mentor: Person) -> list[dict[str, Any]]:
    for one in proposal.candidates if proposal else ():
        if one.mentor.pk == mentor.pk:
            return one.reasons
    return []


def _beside(refusal: Invalid | Conflict) -> Invalid | Conflict:
    """The action's field names as the form has them."""
    if isinstance(refusal, Invalid):
        names = {"skills": "skill_1", "minute": "at"}
        fields = {names.get(name, name): text for name, text in refusal.fields.items()}
        return Invalid(refusal.message, fields=fields)
    return refusal
