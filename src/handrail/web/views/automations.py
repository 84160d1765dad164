"""What is done by itself: quiet for a while, one kind at a time; and thanks for a session."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handrail.apps.organizations.refusals import Invalid, NotAllowed
from handrail.apps.people.automations import snooze
from handrail.apps.sessions.queries import session_for
from handrail.apps.sessions.thanking import thank
from handrail.web.entry import PageRequest, me, signed_in

WEEK = 7


@require_POST
@signed_in
def settings_snooze(request: PageRequest) -> HttpResponse:
    """Keep one kind quiet for a week, or end that now."""
    person = me(request)
    if person is None:
        raise NotAllowed(_("Your account takes part in no sessions, so there is nothing to set."))
    days = 0 if request.POST.get("do") == "end" else WEEK
    snooze(person, request.POST.get("purpose", ""), days, by=request.viewer, now=request.now)
    messages.success(request, _("Saved."))
    return redirect("settings_reminders")


@require_POST
@signed_in
def session_thanks(request: PageRequest, public_id: UUID) -> HttpResponse:
    """One tap, with a sentence or without."""
    session = session_for(request.viewer, public_id)
    sentence = request.POST.get("sentence", "")
    if len(sentence) > 280:
        raise Invalid(_("Say it in at most 280 characters."))
    thank(session, sentence, by=request.viewer, now=request.now)
    messages.success(request, _("Said. Your mentor sees it, and nobody counts it."))
    return redirect("room", public_id)
