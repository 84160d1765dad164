"""The question about what was quiet for long: does it go on?"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from handrail.apps.sessions.quiet import answer_quiet, quiet_question_for
from handrail.web.entry import PageRequest, signed_in


@require_http_methods(["GET", "POST"])
@signed_in
def quiet_question(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Let it go on, end it now, or bring it back."""
    found = quiet_question_for(request.viewer, public_id)
    if request.method != "POST":
        return render(request, "programs/quiet.html", {"question": found})
    said = request.POST.get("do", "")
    answer_quiet(found, said, by=request.viewer, now=request.now)
    messages.success(
        request,
        {
            "keep": _("It goes on."),
            "back": _("It is back as it was."),
            "end": _("It has ended. You can bring it back on this page."),
        }[said],
    )
    return redirect("quiet_question", public_id)
