"""What every session of a program has, edited by its lead with a preview."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.programs import actions, queries
from handrail.apps.programs.models import Program
from handrail.apps.programs.rituals import consequences_of
from handrail.web.entry import PageRequest, signed_in
from handrail.web.forms.rituals import RitualsForm
from handrail.web.refusals import form_page


@require_http_methods(["GET", "POST"])
@signed_in
def program_rituals(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Look at what would be, then save it; sessions that are booked keep what they have."""
    found = queries.program_for(request.viewer, public_id)
    queries.require_run(request.viewer, found)
    form = RitualsForm(request.POST or None, initial=RitualsForm.initial_of(found))
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "programs/rituals.html", _shown(found), form)
    changes = form.changes()
    try:
        if request.POST.get("do") == "preview":
            would_be = actions.would_be(found, by=request.viewer, **changes)
            context = _shown(found, would_be) | {"is_preview": True}
            return form_page(request, "programs/rituals.html", context, form)
        actions.edit_program(found, by=request.viewer, now=request.now, **changes)
    except (Invalid, Conflict) as refusal:
        found.refresh_from_db()
        return form_page(request, "programs/rituals.html", _shown(found), form, refusal)
    messages.success(request, _("Saved. It holds for sessions that are booked from now on."))
    return redirect("program", public_id)


def _shown(program: Program, would_be: Program | None = None) -> dict[str, Any]:
    shown = would_be or program
    return {"program": program, "shown": shown, "consequences": consequences_of(shown)}
