"""The directory: who is here, what they offer, what they want to learn."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from handrail.apps.identity.queries import may_decide, notices_for
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.people import actions, queries
from handrail.web.entry import PageRequest, local_today, signed_in
from handrail.web.forms.people import ProfileForm
from handrail.web.refusals import form_page

PAGE = 50


@require_GET
@signed_in
def people(request: PageRequest) -> HttpResponse:
    search = request.GET.get("q", "").strip()
    role = request.GET.get("role", "")
    found = queries.people_list(request.viewer, search=search, role=role, day=local_today(request))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context: dict[str, object] = {"people": page, "search": search, "role": role}
    if may_decide(request.viewer):
        context["notices"] = notices_for(request.viewer).count()
    if request.viewer.is_administrator:
        context["waiting"] = queries.without_sign_in(request.viewer, local_today(request)).count()
    return render(request, "people/people.html", context)


@require_GET
@signed_in
def person(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.person_for(request.viewer, public_id, day=local_today(request))
    return render(
        request,
        "people/person.html",
        {
            "person": found,
            "details": queries.details_for(request.viewer, found, day=local_today(request)),
        },
    )


@require_http_methods(["GET", "POST"])
@signed_in
def person_edit(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.person_for(request.viewer, public_id)
    if not queries.may_edit(request.viewer, found):
        raise NotAllowed(_("Only the person themself or an administrator may change this."))
    form = ProfileForm(request.POST or None, initial=ProfileForm.initial_of(found))
    context = {"person": found}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "people/person_edit.html", context, form)
    try:
        actions.edit_profile(found, by=request.viewer, now=request.now, **form.changes())
    except (Invalid, Conflict) as refusal:
        return form_page(request, "people/person_edit.html", context, form, refusal)
    messages.success(request, _("Saved."))
    return redirect("person", public_id)


@require_POST
@signed_in
def people_invite(request: PageRequest) -> HttpResponse:
    """Invite all who are here and cannot sign in yet."""
    sent = actions.invite_everybody(by=request.viewer, now=request.now)
    messages.success(
        request,
        ngettext(
            "%(n)d person gets a mail with the way in.",
            "%(n)d people get a mail with the way in.",
            sent,
        )
        % {"n": sent},
    )
    return redirect("people")


@require_POST
@signed_in
def person_invite(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.person_for(request.viewer, public_id)
    actions.invite(found, by=request.viewer, now=request.now)
    messages.success(request, _("%(name)s gets a mail with the way in.") % {"name": found.name})
    return redirect("person", public_id)
