"""A match run: look at it, decide on pairs, publish it or put it aside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from handrail.apps.matches import actions, queries
from handrail.apps.matches.advising import advice_card
from handrail.apps.matches.comparing import compare, side_of
from handrail.apps.matches.models import DecisionKind, MatchRun, RunStatus, Stage
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.programs.models import EnrolmentRole
from handrail.apps.programs.queries import enrolments, program_for
from handrail.apps.sessions.actions import publish_run
from handrail.web.entry import PageRequest, local_today, signed_in
from handrail.web.forms.programs import MatchForm, PairForm

PAGE = 50  # pairs, and people without one, on a page
OTHER_RUNS = 10
LATE = timedelta(minutes=1)  # a run that nobody has taken up for so long: is there a worker?


@require_POST
@signed_in
def program_match(request: PageRequest, public_id: UUID) -> HttpResponse:
    program = program_for(request.viewer, public_id)
    form = MatchForm(request.POST, today=local_today(request))
    if not form.is_valid():
        raise Invalid(_("Choose the Monday of the week to match."))
    run = actions.propose_matches(
        program, week=form.cleaned_data["week"], by=request.viewer, now=request.now
    )
    return redirect("match_run", run.public_id)


@require_GET
@signed_in
def match_run(request: PageRequest, public_id: UUID) -> HttpResponse:
    run = queries.run_for(request.viewer, public_id)
    if run.status not in queries.WITH_PLAN:
        return render(request, "matches/making.html", _how_far(request, run))
    search = request.GET.get("q", "").strip()
    paired = queries.matches_of(request.viewer, run, search=search)
    left = queries.unmatched_of(request.viewer, run, search=search)
    pairs_page = Paginator(paired, PAGE).get_page(request.GET.get("page"))
    left_page = Paginator(left, PAGE).get_page(request.GET.get("left"))
    count = run.matches.count() if search else pairs_page.paginator.count
    left_out = run.unmatched.count() if search else left_page.paginator.count
    return render(
        request,
        "matches/run.html",
        {
            "run": run,
            "program": run.program,
            "paired": count,
            "left_out": left_out,
            "is_long": bool(search) or max(count, left_out) > PAGE,
            "search": search,
            "pairs_page": pairs_page,
            "left_page": left_page,
            "cards": queries.match_cards(request.viewer, run, pairs_page.object_list),
            "unmatched": queries.unmatched_cards(request.viewer, run, left_page.object_list),
            "decisions": queries.decisions_for(request.viewer, run.program),
            "is_outdated": queries.is_outdated(request.viewer, run),
            "advice": advice_card(request.viewer, run),
            "proof": side_of(run) if run.certificate else None,
            "other_runs": queries.comparable_runs(request.viewer, run)[:OTHER_RUNS],
        },
    )


def _how_far(request: PageRequest, run: MatchRun) -> dict[str, Any]:
    progress = queries.progress_of(run)
    late = progress.stage == Stage.WAITING and request.now - run.created_at > LATE
    return {
        "run": run,
        "program": run.program,
        "progress": progress,
        "is_late": late,
        "sign": f"{progress.stage}{'-late' if late else ''}",  # what the page shows already
    }


@require_GET
@signed_in
def match_progress(request: PageRequest, public_id: UUID) -> HttpResponse:
    """The part of the page that says how far a run is; empty where nothing has changed."""
    run = queries.run_for(request.viewer, public_id)
    if not request.headers.get("HX-Request"):
        return redirect("match_run", public_id)
    if run.status != RunStatus.RUNNING:
        return HttpResponseClientRefresh()
    shown = _how_far(request, run)
    if request.GET.get("seen") == shown["sign"]:
        return HttpResponse(status=204)
    return render(request, "matches/_progress.html", shown)


@require_POST
@signed_in
def match_stop(request: PageRequest, public_id: UUID) -> HttpResponse:
    run = queries.run_for(request.viewer, public_id)
    actions.stop_run(run, by=request.viewer, now=request.now)
    messages.success(request, _("Stopped. Nothing was booked."))
    return redirect("match_run", public_id)


@require_GET
@signed_in
def match_compare(request: PageRequest, public_id: UUID, other_id: UUID) -> HttpResponse:
    run = queries.run_for(request.viewer, public_id)
    other = queries.run_for(request.viewer, other_id)
    found = compare(request.viewer, run, other)
    context = {"run": run, "program": run.program, "found": found}
    return render(request, "matches/compare.html", context)


@require_POST
@signed_in
def match_publish(request: PageRequest, public_id: UUID) -> HttpResponse:
    run = queries.run_for(request.viewer, public_id)
    outcome = publish_run(run, by=request.viewer, now=request.now)
    booked, refused = len(outcome.booked), len(outcome.refused)
    messages.success(
        request,
        ngettext(
            "%(n)d session is booked and both people get an invitation.",
            "%(n)d sessions are booked and everybody gets an invitation.",
            booked,
        )
        % {"n": booked},
    )
    if refused:
        messages.warning(
            request,
            ngettext(
                "%(n)d slot was taken in the meantime. Match the week again to find another.",
                "%(n)d slots were taken in the meantime. Match the week again to find others.",
                refused,
            )
            % {"n": refused},
        )
    return redirect("program", run.program.public_id)


@require_POST
@signed_in
def match_discard(request: PageRequest, public_id: UUID) -> HttpResponse:
    run = queries.run_for(request.viewer, public_id)
    actions.discard_run(run, by=request.viewer, now=request.now)
    messages.success(request, _("The proposals are put aside. Nothing was booked."))
    return redirect("program", run.program.public_id)


@require_POST
@signed_in
def pair_decide(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Pin or forbid a pair; from a run's page the week is solved again."""
    program = program_for(request.viewer, public_id)
    rows = list(enrolments(request.viewer, program))
    form = PairForm(
        request.POST,
        mentees=[row for row in rows if row.role == EnrolmentRole.MENTEE],
        mentors=[row for row in rows if row.role == EnrolmentRole.MENTOR],
    )
    if not form.is_valid():
        raise Invalid(_("Choose a mentee and a mentor of this program."))
    decide = actions.pin if form.cleaned_data["kind"] == DecisionKind.PIN else actions.forbid
    decided_on = form.cleaned_data["run"]
    decide(
        program,
        form.people[form.cleaned_data["mentee"]],
        form.people[form.cleaned_data["mentor"]],
        by=request.viewer,
        now=request.now,
        run=queries.run_for(request.viewer, decided_on) if decided_on else None,
    )
    return _again(request, program.public_id)


@require_POST
@signed_in
def pair_undecide(request: PageRequest, public_id: UUID) -> HttpResponse:
    decision = queries.decision_for(request.viewer, public_id)
    actions.undecide(decision, by=request.viewer, now=request.now)
    return _again(request, decision.program.public_id)


def _again(request: PageRequest, program_id: UUID) -> HttpResponse:
    """Solve the week again where the decision was made on a preview of it."""
    week = request.POST.get("week")
    form = MatchForm({"week": week}, today=local_today(request))
    if week and form.is_valid():
        run = actions.propose_matches(
            program_for(request.viewer, program_id),
            week=form.cleaned_data["week"],
            by=request.viewer,
            now=request.now,
        )
        if run.status == RunStatus.RUNNING:
            messages.success(request, _("Noted. The week is being matched again with it."))
        else:
            messages.success(request, _("Noted. The week is matched again with it."))
        return redirect("match_run", run.public_id)
    messages.success(request, _("Noted. Every match from now on obeys it."))
    return redirect("program", program_id)
