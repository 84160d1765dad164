"""Pilots: planned on four short pages, followed on one, read as a plan that anybody can check."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.outcomes.actions import waive_source
from handrail.apps.outcomes.models import Tick
from handrail.apps.outcomes.ticking import tick
from handrail.apps.people.models import Person, Team
from handrail.apps.people.queries import skills
from handrail.apps.pilots import actions, exports, planning, queries
from handrail.apps.pilots.actions.planning import start_problems
from handrail.apps.pilots.models import Hire, Pilot, PilotState
from handrail.apps.programs.models import EnrolmentRole
from handrail.apps.programs.queries import may_run, require_run
from handrail.apps.reports.actions import build_pilot_report
from handrail.apps.reports.queries import may_build
from handrail.web.entry import PageRequest, local_today, me, signed_in
from handrail.web.forms.pilots import (
    ObjectivesForm,
    PilotForm,
    QuestionForm,
    RuleForm,
    TickForm,
    WaiverForm,
)
from handrail.web.refusals import form_page


@require_GET
@signed_in
def pilots(request: PageRequest) -> HttpResponse:
    queries.require_pilots(request.viewer)
    context = {
        "pilots": queries.pilots_for(request.viewer),
        "may_start": bool(queries.may_start_one(request.viewer)),
    }
    return render(request, "pilots/pilots.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def pilot_new(request: PageRequest) -> HttpResponse:
    """Page 1 of 4: what is tried, with whom."""
    queries.require_planner(request.viewer)
    programs = queries.may_start_one(request.viewer)
    form = PilotForm(
        request.POST or None,
        programs=programs,
        teams=Team.objects.order_by("name"),
        initial={
            "program": request.GET.get("program", ""),
            "starts_on": local_today(request),
        },
    )
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "pilots/new.html", {"programs": programs}, form)
    said = form.cleaned_data
    try:
        made = actions.create_pilot(
            form.programs[said["program"]],
            said["name"],
            team=form.teams.get(said["team"]),
            starts_on=said["starts_on"],
            sponsor=said["sponsor"],
            by=request.viewer,
            now=request.now,
        )
    except (Invalid, Conflict) as refusal:
        return form_page(request, "pilots/new.html", {"programs": programs}, form, refusal)
    return redirect("pilot_edit", made.public_id)


@require_http_methods(["GET", "POST"])
@signed_in
def pilot_edit(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Page 2 of 4: what is measured and claimed."""
    pilot = queries.pilot_for(request.viewer, public_id)
    require_run(request.viewer, pilot.program)
    if pilot.state != PilotState.DRAFT:
        return redirect("pilot", public_id)
    form = QuestionForm(request.POST or None, initial=QuestionForm.initial_of(pilot))
    context = {"pilot": pilot}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "pilots/edit.html", context, form)
    try:
        actions.edit_pilot(pilot, by=request.viewer, now=request.now, **form.changes)
    except (Invalid, Conflict) as refusal:
        return form_page(request, "pilots/edit.html", context, form, refusal)
    return redirect("pilot_hires", public_id)


@require_http_methods(["GET", "POST"])
@signed_in
def pilot_hires(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Page 3 of 4: the hires by now, each with two objectives; open again whenever one comes."""
    pilot = queries.pilot_for(request.viewer, public_id)
    require_run(request.viewer, pilot.program)
    rows = _objective_rows(request, pilot)
    ok = request.method == "POST"
    for row in rows:
        form: ObjectivesForm = row["form"]
        if request.method != "POST" or not form.has_changed():
            continue
        if not form.is_valid():
            ok = False
            continue
        try:
            actions.set_hire_objectives(
                pilot, row["person"], form.objectives, by=request.viewer, now=request.now
            )
        except (Invalid, Conflict) as refusal:
            ok = False
            form.add_error(None, refusal.message)
    if not ok:
        context = {"pilot": pilot, "rows": rows}
        return render(
            request, "pilots/hires.html", context, status=422 if request.method == "POST" else 200
        )
    return redirect("pilot_plan" if pilot.state == PilotState.DRAFT else "pilot", public_id)


def _objective_rows(request: PageRequest, pilot: Pilot) -> list[dict[str, Any]]:
    known = list(skills())
    listed = {hire.person_id: hire for hire in Hire.objects.filter(pilot=pilot)}
    rows = []
    for person, first in queries.eligible(pilot, now=request.now):
        hire = listed.get(person.pk)
        if hire is not None and hire.assigned_at is not None:
            continue
        said = [tuple(one) for one in hire.objectives] if hire else []
        initial: dict[str, str] = {}
        for place, (skill, seen) in enumerate(said, start=1):
            initial |= {f"skill_{place}": skill, f"seen_{place}": seen}
        form = ObjectivesForm(
            request.POST or None,
            prefix=str(person.public_id),
            skills=known,
            # A form that shows a suggestion counts as changed: it was not written down yet.
            initial=initial,
        )
        if not said and not form.is_bound:
            _suggest(form, person)
        rows.append({"person": person, "first": first, "form": form, "done": bool(said)})
    return rows


def _suggest(form: ObjectivesForm, person: Person) -> None:
    wants = person.wants.select_related("skill").order_by("priority", "pk")[:2]
    for place, want in enumerate(wants, start=1):
        form.initial[f"skill_{place}"] = want.skill.name
        form.initial[f"seen_{place}"] = _("Does a task with %(skill)s alone") % {
            "skill": want.skill.name
        }


@require_http_methods(["GET", "POST"])
@signed_in
def pilot_plan(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Page 4 of 4: what the pilot can see, and the press that freezes the plan."""
    pilot = queries.pilot_for(request.viewer, public_id)
    if request.method == "POST":
        require_run(request.viewer, pilot.program)
        try:
            actions.start_pilot(pilot, by=request.viewer, now=request.now)
        except (Invalid, Conflict):
            return _plan_page(request, pilot, status=422)
        assigned = actions.enrol_hires(pilot, by=request.viewer, now=request.now)
        said = ngettext(
            "The pilot runs and its plan is frozen. %(n)d hire was drawn by lot.",
            "The pilot runs and its plan is frozen. %(n)d hires were drawn by lot.",
            assigned,
        )
        messages.success(request, said % {"n": assigned})
        return redirect("pilot", public_id)
    return _plan_page(request, pilot)


def _plan_page(
    request: PageRequest, pilot: Pilot, *, status: int = 200, waiver: WaiverForm | None = None
) -> HttpResponse:
    runs_it = may_run(request.viewer, pilot.program)
    draft = pilot.state == PilotState.DRAFT
    missing = planning.missing_sources(pilot) if draft else []
    if waiver is None and missing:
        waiver = WaiverForm(
            initial={"source": missing[0].value, "signed": pilot.sponsor}, auto_id="waiver_%s"
        )
    context = {
        "pilot": pilot,
        "plan": exports.plan_view(pilot, today=local_today(request)),
        "problems": start_problems(pilot) if draft else {},
        "runs_it": runs_it,
        "missing": missing,
        "waiver": waiver if runs_it else None,
    }
    return render(request, "pilots/plan.html", context, status=status)


@require_GET
@signed_in
def pilot_plan_file(request: PageRequest, public_id: UUID) -> HttpResponse:
    pilot, today = queries.pilot_for(request.viewer, public_id), local_today(request)
    return _file(exports.plan_html(pilot, today=today), "text/html; charset=utf-8", "plan.html")


@require_GET
@signed_in
def pilot_plan_data(request: PageRequest, public_id: UUID) -> HttpResponse:
    pilot, today = queries.pilot_for(request.viewer, public_id), local_today(request)
    return _file(exports.plan_json(pilot, today=today), "application/json", "plan.json")


@require_GET
@signed_in
def pilot_lottery(request: PageRequest, public_id: UUID) -> HttpResponse:
    pilot = queries.pilot_for(request.viewer, public_id)
    text = json.dumps(queries.lottery_record(pilot), indent=2, sort_keys=True) + "\n"
    return _file(text, "application/json", "lottery.json")


def _file(body: str, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="handrail-pilot-{name}"'
    return response


@require_GET
@signed_in
def pilot(request: PageRequest, public_id: UUID) -> HttpResponse:
    return _pilot_page(request, queries.pilot_for(request.viewer, public_id))


def _pilot_page(request: PageRequest, found: Pilot) -> HttpResponse:
    named = queries.names_people(request.viewer, found)
    lines = queries.hires_of(found, now=request.now)
    labels = {line.hire.pk: line.hire.person.name if named else line.label for line in lines}
    context = {
        "pilot": found,
        "runs_it": named,
        "lines": [(labels[line.hire.pk], line) for line in lines],
        "follow_up": queries.follow_up(found, now=request.now),
        "waiting": [labels[hire.pk] for hire in queries.waiting_list(found)],
        "contacts": [
            (labels[one.hire.pk], one) for one in queries.contamination(found, until=request.now)
        ],
        "faults": queries.faults_of(found),
        "unlisted": queries.unlisted(found, now=request.now) if named else 0,
        "label": exports.label_of(found),
        "changes": found.rule_changes.all(),
        "reports": found.reports.order_by("-created_at", "-pk").defer("inputs")[:5],
        "may_build": found.state != PilotState.DRAFT and may_build(request.viewer, found.program),
    }
    return render(request, "pilots/pilot.html", context)


@require_POST
@signed_in
def pilot_do(request: PageRequest, public_id: UUID) -> HttpResponse:
    """What who runs a pilot does with one press."""
    found = queries.pilot_for(request.viewer, public_id)
    viewer, now = request.viewer, request.now
    verb = request.POST.get("do", "")
    if verb == "assign":
        done = actions.enrol_hires(found, by=viewer, now=now)
        said = ngettext("%(n)d hire was drawn by lot.", "%(n)d hires were drawn by lot.", done)
        messages.success(request, said % {"n": done})
    elif verb == "report":
        day = now.astimezone(ZoneInfo(found.organization.timezone)).date()
        made = build_pilot_report(pilot=found, cut=day, by=viewer, now=now)
        messages.success(request, _("The report is ready. It is kept with what it was made from."))
        return redirect("report", made.public_id)
    elif verb == "close":
        actions.close_pilot(found, by=viewer, now=now)
        messages.success(request, _("Closed. The seed is public: anybody can replay the lottery."))
    elif verb == "waive":
        form = WaiverForm(request.POST, auto_id="waiver_%s")
        require_run(viewer, found.program)
        if not form.is_valid():
            return _plan_page(request, found, status=422, waiver=form)
        try:
            waive_source(found.program, **form.cleaned_data, by=viewer, now=now)
        except Invalid as refusal:
            for name, text in refusal.fields.items():
                form.add_error(name, text)
            return _plan_page(request, found, status=422, waiver=form)
        messages.success(request, _("Waived in writing. Every report prints it."))
        return redirect("pilot_plan", public_id)
    elif verb == "void":
        require_run(viewer, found.program)
        hire = Hire.objects.filter(pilot=found, public_id=_uuid(request.POST.get("hire"))).first()
        if hire is None:
            raise Invalid(_("Choose somebody of the list."))
        actions.void_assignment(found, hire, request.POST.get("reason", ""), by=viewer, now=now)
        messages.success(request, _("Corrected. The row before it stays."))
    else:
        raise Invalid(_("Choose one of the answers."))
    return redirect("pilot", public_id)


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError as error:
        raise Invalid(_("Choose somebody of the list.")) from error


@require_http_methods(["GET", "POST"])
@signed_in
def pilot_mine(request: PageRequest, public_id: UUID) -> HttpResponse:
    """A hire's own page, or a mentor's: what is measured, what was done, and the way out."""
    found, hire = queries.my_part(request.viewer, public_id)
    viewer, now = request.viewer, request.now
    verb = request.POST.get("do", "")
    if request.method == "POST" and verb == "out":
        actions.opt_out(found, by=viewer, now=now)
        messages.success(request, _("You are out. Nobody is told, and it counts against nobody."))
        return redirect("pilot_mine", public_id)
    if request.method == "POST":
        form = TickForm(request.POST)
        person = Person.objects.filter(public_id=_uuid(request.POST.get("person"))).first()
        if person is None or not found.task or not form.is_valid():
            raise Invalid(_("Choose somebody of the list, and a day."))
        said = tick(
            found.program, person, found.task, done_on=form.cleaned_data["done_on"],
            by=viewer, now=now,
        )  # fmt: skip
        messages.success(
            request,
            _("Both of you have said it: it counts.")
            if said.event
            else _("Noted. It counts once the other one says so too."),
        )
        return redirect("pilot_mine", public_id)
    person = me(request)
    mentees: list[Person] = []
    if hire is None:
        parts = found.program.enrolments.filter(role=EnrolmentRole.MENTEE, left_at=None)
        mentees = [part.person for part in parts.select_related("person").order_by("person__name")]
    elif person is not None and queries.is_offered(found, hire):
        mentees = [person]
    ticks = {one.person_id: one for one in Tick.objects.filter(program=found.program)}
    today = local_today(request)
    rows = [
        {
            "person": one,
            "tick": ticks.get(one.pk),
            "form": TickForm(
                initial={"person": one.public_id, "done_on": today}, auto_id=f"{one.public_id}_%s"
            ),
        }
        for one in mentees
    ]
    context = {
        "pilot": found,
        "hire": hire,
        "rows": rows if found.task else [],
        "offered": hire is not None and queries.is_offered(found, hire),
        "claims": exports.claim_lines(found),
    }
    return render(request, "pilots/mine.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def pilot_mobility(request: PageRequest, public_id: UUID) -> HttpResponse:
    """The rule by which a move counts; a change while it runs is logged with its reason."""
    found = queries.pilot_for(request.viewer, public_id)
    require_run(request.viewer, found.program)
    form = RuleForm(request.POST or None, initial=found.mobility_rule)
    context = {"pilot": found, "changes": found.rule_changes.all()}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "pilots/mobility.html", context, form)
    said = dict(form.cleaned_data)
    reason = said.pop("reason")
    try:
        actions.change_mobility_rule(found, said, reason, by=request.viewer, now=request.now)
    except (Invalid, Conflict) as refusal:
        return form_page(request, "pilots/mobility.html", context, form, refusal)
    messages.success(request, _("The rule is changed."))
    return redirect("pilot", public_id)
