"""An appeal against a no-show: said in the room, decided there or by a lead."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.rituals import consequences_of
from handrail.apps.sessions import actions, queries
from handrail.apps.sessions.models import Session
from handrail.web.entry import PageRequest, signed_in
from handrail.web.forms.appeals import AppealForm, DecisionForm
from handrail.web.refusals import add_refusal


def appeal_context(viewer: Viewer, session: Session, now: datetime) -> dict[str, Any]:
    """What the page of a session shows about who missed it."""
    said = [
        {"appeal": one, "form": DecisionForm() if queries.may_decide(viewer, one) else None}
        for one in queries.appeals_of(viewer, session)
    ]
    may_appeal = queries.may_appeal(viewer, session, now)
    return {
        "appeals": said,
        "appeal_form": AppealForm() if may_appeal else None,
        "consequences": consequences_of(session.program) if may_appeal else [],
    }


@require_POST
@signed_in
def session_appeal(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Say what happened."""
    session = queries.session_for(request.viewer, public_id)
    form = AppealForm(request.POST)
    if form.is_valid():
        try:
            actions.appeal(session, form.cleaned_data["text"], by=request.viewer, now=request.now)
        except (Invalid, Conflict) as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Said. You get a mail when it is decided."))
            return redirect("room", public_id)
    return _again(request, session, appeal_form=form)


@require_POST
@signed_in
def appeal_decide(request: PageRequest, public_id: UUID) -> HttpResponse:
    """The word of the other person or of a lead."""
    found = queries.appeal_for(request.viewer, public_id)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            actions.decide_appeal(
                found,
                form.cleaned_data["decision"],
                word=form.cleaned_data["word"],
                by=request.viewer,
                now=request.now,
            )
        except (Invalid, Conflict) as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Decided. They get a mail."))
            return redirect("room", found.session.public_id)
    session = queries.session_for(request.viewer, found.session.public_id)
    return _again(request, session, appeals=[{"appeal": found, "form": form}])


def _again(request: PageRequest, session: Session, **changed: Any) -> HttpResponse:
    context = appeal_context(request.viewer, session, request.now) | {"session": session}
    return render(request, "sessions/appeal.html", context | changed, status=422)
