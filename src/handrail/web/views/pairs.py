"""Asking for somebody else: one quiet page for either person of a pair."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from handrail.apps.organizations.refusals import NotFound
from handrail.apps.people.queries import person_for
from handrail.apps.programs.models import ProgramModel, ProgramStatus
from handrail.apps.programs.queries import program_for
from handrail.apps.requests import actions
from handrail.apps.sessions.queries import sessions_left
from handrail.web.entry import PageRequest, signed_in


@require_http_methods(["GET", "POST"])
@signed_in
def somebody_else(request: PageRequest, public_id: UUID) -> HttpResponse:
    """What happens when the pair ends, and the button that ends it; no reason is asked for."""
    program = program_for(request.viewer, public_id)
    named = request.POST.get("person") or request.GET.get("person") or ""
    try:
        other = person_for(request.viewer, UUID(named))
    except ValueError as error:
        raise NotFound(_("This link is not complete. Go back and try again.")) from error
    mentee, mentor = actions.pair_of(request.viewer, program, other)
    if request.method != "POST":
        ahead = actions.upcoming_of(program, mentee, mentor, request.now)
        context = {"program": program, "other": other, "ahead": ahead}
        return render(request, "requests/somebody_else.html", context)
    actions.ask_for_somebody_else(
        program,
        other,
        never_again="never_again" in request.POST,
        by=request.viewer,
        now=request.now,
    )
    messages.success(request, _("Done. Both of you get the same short mail, and no reason."))
    runs = program.status == ProgramStatus.RUNNING and program.model == ProgramModel.SPEED
    if request.viewer.person_id == mentee.pk and runs and sessions_left(program, mentee):
        return redirect("program_ask", program.public_id)
    return redirect("today")
