"""How good the data are: each source with its last event, its lag and its gaps; files come in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.outcomes.actions import import_outcomes
from handrail.apps.outcomes.queries import data_health
from handrail.apps.people.queries import may_import, require_import
from handrail.web.entry import PageRequest, signed_in
from handrail.web.forms.pilots import OutcomesForm
from handrail.web.refusals import form_page


@require_http_methods(["GET", "POST"])
@signed_in
def data(request: PageRequest) -> HttpResponse:
    health = data_health(request.viewer, now=request.now)
    form = OutcomesForm(request.POST or None, request.FILES or None)
    context = {
        "health": health,
        "sources": [(one, one.is_quiet(health.day)) for one in health.sources],
        "may_import": may_import(request.viewer),
    }
    if request.method == "POST":
        require_import(request.viewer)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "reports/data.html", context, form)
    upload = form.cleaned_data["file"]
    try:
        came = import_outcomes(
            form.cleaned_data["kind"],
            upload.read(),
            filename=upload.name,
            by=request.viewer,
            now=request.now,
        )
    except (Invalid, Conflict) as refusal:
        context["problems"] = refusal.detail
        return form_page(request, "reports/data.html", context, form, refusal)
    messages.success(
        request,
        _("%(created)d came in, %(corrected)d were corrected, %(known)d were known before.")
        % {"created": came.created, "corrected": came.corrected, "known": came.known},
    )
    return redirect("data_health")
