"""Bringing people in from a file: look first, then apply."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.people import actions, queries
from handrail.web.entry import PageRequest, signed_in
from handrail.web.forms.people import ImportForm
from handrail.web.refusals import form_page


@require_http_methods(["GET", "POST"])
@signed_in
def people_import(request: PageRequest) -> HttpResponse:
    queries.require_import(request.viewer)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "people/import.html", {}, form)
    upload = form.cleaned_data["file"]
    try:
        preview = actions.preview_people(
            upload.read(), upload.name, by=request.viewer, now=request.now
        )
    except (Invalid, Conflict) as refusal:
        return form_page(request, "people/import.html", {"problems": refusal.detail}, form, refusal)
    return redirect("people_import_preview", preview.public_id)


@require_http_methods(["GET", "POST"])
@signed_in
def people_import_preview(request: PageRequest, public_id: UUID) -> HttpResponse:
    preview = queries.people_import_for(request.viewer, public_id)
    if request.method == "POST":
        outcome = actions.apply_people_import(preview, by=request.viewer, now=request.now)
        messages.success(
            request,
            _("Applied: %(created)d new, %(changed)d changed, %(unchanged)d as before.")
            % {
                "created": outcome.created,
                "changed": outcome.changed,
                "unchanged": outcome.unchanged,
            },
        )
        return redirect("people")
    summary = preview.summary
    context = {
        "preview": preview,
        "summary": summary,
        "touched": summary["new_count"] + summary["changed_count"],
    }
    return render(request, "people/import_preview.html", context)
