"""API keys: made here, shown once, revoked here."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from handrail.apps.organizations import actions, queries
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.web.entry import PageRequest, signed_in
from handrail.web.forms.settings import KeyForm
from handrail.web.refusals import form_page


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def api_keys(request: PageRequest) -> HttpResponse:
    form = KeyForm(request.POST or None)
    context = {"keys": queries.api_keys(request.viewer), "here": "api_keys"}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "settings/keys.html", context, form)
    days = form.cleaned_data["days"]
    try:
        key, secret = actions.create_api_key(
            form.cleaned_data["name"],
            form.cleaned_data["scopes"],
            expires_at=request.now + timedelta(days=days) if days else None,
            by=request.viewer,
            now=request.now,
        )
    except (Invalid, Conflict) as refusal:
        return form_page(request, "settings/keys.html", context, form, refusal)
    # Shown in this one answer and kept nowhere: a redirect would need a place to keep it.
    return render(
        request,
        "settings/keys.html",
        {**context, "form": KeyForm(), "made": key, "secret": secret},
        status=201,
    )


@require_POST
@signed_in
def api_key_revoke(request: PageRequest, public_id: UUID) -> HttpResponse:
    key = actions.revoke_api_key(public_id, by=request.viewer, now=request.now)
    messages.success(request, _("The key “%(name)s” no longer works.") % {"name": key.name})
    return redirect("directory" if request.POST.get("back") == "directory" else "api_keys")
