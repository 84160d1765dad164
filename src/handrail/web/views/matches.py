"""A match run: look at it, decide on pairs, publish it or put it aside."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from handrail.apps.matches import actions, queries
from handrail.apps.matches.models import DecisionKind
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.programs.models import EnrolmentRole
from handrail.apps.programs.queries import enrolments, program_for
from handrail.apps.sessions.actions import publish_run
from handrail.web.entry import PageRequest, local_today, signed_in
from handrail.web.forms.programs import MatchForm, PairForm


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
    decisions = list(queries.decisions_for(request.viewer, run.program))
    return render(
        request,
        "matches/run.html",
        {
            "run": run,
            "program": run.program,
            "cards": queries.match_cards(request.viewer, run),
            "unmatched": queries.unmatched_cards(request.viewer, run),
            "decisions": decisions,
            "pins": {(d.mentee_id, d.mentor_id) for d in decisions if d.kind == DecisionKind.PIN},
        },
    )


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
    decide(
        program,
        form.people[form.cleaned_data["mentee"]],
        form.people[form.cleaned_data["mentor"]],
        by=request.viewer,
        now=request.now,
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
        messages.success(request, _("Noted. The week is matched again with it."))
        return redirect("match_run", run.public_id)
    messages.success(request, _("Noted. Every match from now on obeys it."))
    return redirect("program", program_id)
