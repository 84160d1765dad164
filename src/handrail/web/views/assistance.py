"""Drafts: what would be sent is shown first, and a draft is its author's to change and accept."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from handrail.apps.assistance import actions
from handrail.apps.assistance.queries import prepare
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.programs.queries import program_for
from handrail.apps.sessions.models import RoomField, RoomText
from handrail.apps.sessions.queries import session_for
from handrail.web.entry import PageRequest, signed_in


@require_http_methods(["GET", "POST"])
@signed_in
def session_draft(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Look at what would be sent; send it; take the draft, changed or not, or leave it."""
    session = session_for(request.viewer, public_id)
    prepared = prepare(session, by=request.viewer)
    draft = None
    if request.method == "POST" and request.POST.get("do") == "use":
        saved = actions.accept(
            session,
            request.POST.get("text", "").strip(),
            request.POST.get("word", ""),
            base_rev=_number(request.POST.get("base_rev", "")),
            operation=_uuid(request.POST.get("operation", "")),
            by=request.viewer,
            now=request.now,
        )
        messages.success(
            request,
            _("Kept beside what stands there already. Nothing was written over.")
            if saved.conflict
            else _("It stands in the artifact now. Change it as you like, and hand it in."),
        )
        return redirect("room", public_id)
    if request.method == "POST":
        shown = request.POST.get("shown", "")
        draft = actions.draft(session, shown, by=request.viewer, now=request.now)
    text = RoomText.objects.filter(session=session, field=RoomField.LEARNED).first()
    context = {
        "session": session,
        "prepared": prepared,
        "draft": draft,
        "base_rev": text.rev if text else 0,
        "operation": uuid4(),
    }
    return render(request, "sessions/draft.html", context)


@require_POST
@signed_in
def program_assistance(request: PageRequest, public_id: UUID) -> HttpResponse:
    """The program's own switch."""
    program = program_for(request.viewer, public_id)
    on = request.POST.get("do") == "on"
    actions.allow_in(program, on, by=request.viewer, now=request.now)
    messages.success(request, _("Saved."))
    return redirect("program", public_id)


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0


def _uuid(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError as error:
        raise Invalid(_("Load the page again, and try once more.")) from error
