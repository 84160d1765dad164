"""Hires: who waits for a word, who comes next, telling of one, and where each job leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from handrail.apps.hiring import actions
from handrail.apps.hiring import hire_queries as queries
from handrail.apps.hiring.hire_wording import rule_words, said_of
from handrail.apps.hiring.models import HireRecord
from handrail.apps.hiring.roles import may_answer, require_see
from handrail.apps.organizations.refusals import Conflict, Invalid, Refusal
from handrail.apps.organizations.scope import reading
from handrail.web.entry import PageRequest, signed_in
from handrail.web.forms.hires import (
    CompleteForm,
    HireForm,
    HiresFileForm,
    LeftOnForm,
    RuleForm,
    SendToForm,
)
from handrail.web.refusals import form_page, refused_page

NEXT = 100  # hires that the page names


@require_GET
@signed_in
def hires(request: PageRequest) -> HttpResponse:
    """The queue first, then who comes next."""
    lines = [
        {"line": line, "hire": line.hire, "said": said_of(line.why, line.hire, line.program)}
        for line in queries.queue(request.viewer, request.now)
    ]
    context = {
        "lines": lines,
        "to_approve": sum(
            one["line"].why == "approve" and one["line"].may_answer  # type: ignore[attr-defined]
            for one in lines
        ),
        "coming": queries.coming(request.viewer, request.now, most=NEXT),
        "sees_jobs": queries.may_see_jobs(request.viewer),
    }
    return render(request, "hires/hires.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def hire_new(request: PageRequest) -> HttpResponse:
    require_see(request.viewer, "people:write")
    form = HireForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "hires/new.html", {}, form)
    try:
        made = actions.tell_hire(by=request.viewer, now=request.now, **form.cleaned_data)
    except (Invalid, Conflict) as refusal:
        return form_page(request, "hires/new.html", {}, form, refusal)
    messages.success(request, _said_after(made))
    return redirect("hires")


@require_http_methods(["GET", "POST"])
@signed_in
def hires_file(request: PageRequest) -> HttpResponse:
    require_see(request.viewer, "people:write")
    form = HiresFileForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "hires/file.html", {}, form)
    upload = form.cleaned_data["file"]
    try:
        told = actions.tell_hires_from_file(
            upload.read(), filename=upload.name, by=request.viewer, now=request.now
        )
    except (Invalid, Conflict) as refusal:
        return form_page(request, "hires/file.html", {"problems": refusal.detail}, form, refusal)
    count = {"n": len(told)}
    messages.success(
        request, ngettext("%(n)d hire is read.", "%(n)d hires are read.", len(told)) % count
    )
    return redirect("hires")


@require_GET
@signed_in
def hire(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.hire_for(request.viewer, public_id)
    return render(request, "hires/hire.html", _hire_context(request, found))


@require_POST
@signed_in
def hire_answer(request: PageRequest, public_id: UUID) -> HttpResponse:
    """What a lead says of one hire: each answer is a button of its own."""
    found = queries.hire_for(request.viewer, public_id)
    done = request.POST.get("do", "")
    if done in FORMS:
        return _answered_by_form(request, found, done)
    chosen: dict[str, tuple[Callable[..., HireRecord], str]] = {
        "approve": (actions.approve_hire, _("The mail goes out now.")),
        "anyway": (actions.take_anyway, _("They come in.")),
        "refuse": (actions.refuse_hire, _("They come into no program. You can think again here.")),
        "reopen": (actions.reopen_hire, _("It is open again.")),
    }
    if done not in chosen:
        raise Invalid(_("This page is too old. Go back and try again."))
    act, said = chosen[done]
    act(found, by=request.viewer, now=request.now)
    messages.success(request, said)
    return redirect(
        "hires" if done == "approve" else "hire", *([] if done == "approve" else [public_id])
    )


@require_POST
@signed_in
def hires_approve(request: PageRequest) -> HttpResponse:
    """Let every mail go that waits for the viewer's look."""
    lines = [
        line
        for line in queries.queue(request.viewer, request.now)
        if line.why == "approve" and line.may_answer
    ]
    for line in lines:
        actions.approve_hire(line.hire, by=request.viewer, now=request.now)
    messages.success(
        request,
        ngettext("%(n)d mail goes out now.", "%(n)d mails go out now.", len(lines))
        % {"n": len(lines)},
    )
    return redirect("hires")


@require_http_methods(["GET", "POST"])
@signed_in
def hire_jobs(request: PageRequest) -> HttpResponse:
    """The map of jobs; a rule can be tried on the last hires before it is kept."""
    found = queries.job_map(request.viewer)
    rules = [{"rule": rule, "said": rule_words(rule)} for rule in found.rules]
    context: dict[str, Any] = {"jobs": found.jobs, "rules": rules}
    programs = queries.programs_to_send_to(request.viewer)
    form = RuleForm(request.POST or None, programs=programs)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "hires/jobs.html", context, form)
    program, said = form.cleaned_data["program"], form.said()
    try:
        if request.POST.get("do") == "try":
            draft = actions.draft_rule(program, by=request.viewer, now=request.now, **said)
            context |= {"tried": queries.try_rule(request.viewer, draft), "draft": draft}
            return form_page(request, "hires/jobs.html", context, form)
        actions.add_rule(program, by=request.viewer, now=request.now, **said)
    except (Invalid, Conflict) as refusal:
        return form_page(request, "hires/jobs.html", context, form, refusal)
    messages.success(request, _("The rule is kept. Whoever waited for it comes in."))
    return redirect("hire_jobs")


@require_POST
@signed_in
def hire_job_remove(request: PageRequest, public_id: UUID) -> HttpResponse:
    rule = queries.rule_named(request.viewer, public_id)
    actions.remove_rule(rule, by=request.viewer, now=request.now)
    messages.success(request, _("The rule is gone. Who came in by it keeps their place."))
    return redirect("hire_jobs")


@never_cache
@require_http_methods(["GET", "POST"])
def own_place(request: PageRequest, word: str) -> HttpResponse:
    """The page that a hire's mail opens, without a sign-in: their place, out of it and in again."""
    try:
        place = queries.place_by_word(word, request.now)
        organization = place.hire.organization
        with reading(organization), translation.override(place.language):
            if request.method == "POST":
                if request.POST.get("do") == "in":
                    actions.come_back_in(word, now=request.now)
                else:
                    actions.take_oneself_out(word, now=request.now)
                return redirect("own_place", word)
            context = {"place": place, "organization_name": organization.name}
            return render(request, "hires/own_place.html", context)
    except Refusal as refusal:
        return refused_page(request, refusal)


FORMS = ("send_to", "complete", "came")


def _forms(request: PageRequest, posted: str = "") -> dict[str, Any]:
    """The three forms of a hire's page; the posted one is bound."""

    def data(name: str) -> Any:
        return request.POST if posted == name else None

    programs = queries.programs_to_send_to(request.viewer)
    return {
        "send_to": SendToForm(data("send_to"), programs=programs),
        "complete": CompleteForm(data("complete"), auto_id="complete_%s"),
        "came": LeftOnForm(data("came")),
    }


def _hire_context(request: PageRequest, found: HireRecord, posted: str = "") -> dict[str, Any]:
    waits, program = queries.waits_for(found), queries.Directions()(found)
    return {
        "hire": found,
        "why": waits,
        "said": said_of(waits, found, program) if waits else None,
        "program": program,
        "told": queries.told_about(found),
        "may_answer": may_answer(request.viewer, found),
        "forms": _forms(request, posted),
    }


def _answered_by_form(request: PageRequest, found: HireRecord, done: str) -> HttpResponse:
    context = _hire_context(request, found, done)
    form = context["forms"][done]
    if not form.is_valid():
        return form_page(request, "hires/hire.html", context, form)
    said = dict(form.cleaned_data)
    try:
        if done == "send_to":
            program = said.pop("program")
            made = actions.send_hire_to(found, program, by=request.viewer, now=request.now, **said)
        elif done == "complete":
            made = actions.complete_hire(found, by=request.viewer, now=request.now, **said)
        else:
            made = actions.say_whether_they_came(
                found, by=request.viewer, now=request.now, left_on=said["left_on"]
            )
    except (Invalid, Conflict) as refusal:
        return form_page(request, "hires/hire.html", context, form, refusal)
    messages.success(request, _said_after(made))
    return redirect("hire", found.public_id)


def _said_after(made: HireRecord) -> str:
    waits = queries.waits_for(made)
    if waits:
        return said_of(waits, made).matter
    if made.held_for is not None and made.program is not None:
        return _("%(name)s is in: %(program)s.") % {
            "name": made.name,
            "program": made.program.name,
        }
    return _("Saved.")
