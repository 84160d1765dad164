"""What a person allows, each purpose in its words, with all that they ever said on it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from handrail.apps.organizations.consent_texts import say, standing_of
from handrail.apps.organizations.refusals import NotAllowed
from handrail.web.entry import PageRequest, me, signed_in


@require_http_methods(["GET", "POST"])
@signed_in
def settings_consent(request: PageRequest) -> HttpResponse:
    """Allow or withdraw one purpose; it holds from the next page on that anybody opens."""
    person = me(request)
    if person is None:
        raise NotAllowed(_("Your account takes part in no sessions, so there is nothing to set."))
    if request.method == "POST":
        say(
            person.public_id,
            request.POST.get("purpose", ""),
            request.POST.get("do") == "allow",
            channel="web",
            by=request.viewer,
            now=request.now,
        )
        messages.success(request, _("Saved."))
        return redirect("settings_consent")
    context = {"standing": standing_of(person.public_id), "here": "settings_consent"}
    return render(request, "settings/consent.html", {**context, "person": person})
