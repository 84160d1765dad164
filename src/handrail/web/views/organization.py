"""The organisation's own page for administrators, and the audit record."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from handrail.apps.organizations import actions, queries
from handrail.apps.organizations.models import Grant, Membership
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.outbox.mail import organizer
from handrail.apps.people.queries import people_list
from handrail.apps.sessions.replies import received_mails
from handrail.web import audit_words
from handrail.web.entry import PageRequest, signed_in
from handrail.web.forms.settings import AuditForm, OrganizationForm, RoleForm
from handrail.web.refusals import form_page


@require_http_methods(["GET", "POST"])
@signed_in
def organization(request: PageRequest) -> HttpResponse:
    if not request.viewer.is_administrator:
        raise NotAllowed(_("Only an administrator can change the organisation."))
    ours = request.viewer.organization
    form = OrganizationForm(
        request.POST or None,
        initial={"name": ours.name, "timezone": ours.timezone, "language": ours.language},
    )
    page = Paginator(queries.members(request.viewer).select_related("user", "person"), 50).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "members": [{"member": member, "roles": _roles(member)} for member in page],
        "here": "organization_settings",
    }
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "settings/organization.html", context, form)
    try:
        actions.edit_organization(ours, **form.cleaned_data, by=request.viewer, now=request.now)
    except (Invalid, Conflict) as refusal:
        return form_page(request, "settings/organization.html", context, form, refusal)
    messages.success(request, _("Saved."))
    return redirect("organization_settings")


@require_POST
@signed_in
def member_role(request: PageRequest) -> HttpResponse:
    if not request.viewer.is_administrator:
        raise NotAllowed(_("Only an administrator can give roles."))
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose a member and one of the roles."))
    membership = queries.members(request.viewer).filter(pk=form.cleaned_data["membership"]).first()
    if membership is None:
        raise NotFound(_("There is no such member."))
    change = actions.grant_role if form.cleaned_data["give"] == "yes" else actions.revoke_role
    change(membership, form.cleaned_data["role"], by=request.viewer, now=request.now)
    messages.success(
        request, _("Roles of %(email)s are changed.") % {"email": membership.user.email}
    )
    return redirect("organization_settings")


@require_GET
@signed_in
def mail_in(request: PageRequest) -> HttpResponse:
    """What came in by mail and what became of it; what was refused stands first to choose."""
    refused = request.GET.get("show") == "refused"
    mails = received_mails(request.viewer, refused=refused).select_related("session")
    context = {
        "page": Paginator(mails, 50).get_page(request.GET.get("page")),
        "here": "mail_in",
        "refused": refused,
        "is_on": bool(settings.MAIL_IN),
        "address": organizer().email,
    }
    return render(request, "settings/mail_in.html", context)


@require_GET
@signed_in
def audit(request: PageRequest) -> HttpResponse:
    form = AuditForm(request.GET or None, kinds=queries.audit_kinds(request.viewer))
    asked = form.asked()
    entries = queries.audit_entries(
        request.viewer,
        verb=asked.verb,
        object_type=asked.object_type,
        actors=_people_called(request, asked.name) if asked.name else None,
    )
    page = Paginator(entries, 50).get_page(request.GET.get("page"))
    ids = {entry.actor.partition(":")[2] for entry in page if entry.actor.startswith("person:")}
    ids |= {str(entry.object_id) for entry in page if entry.object_type == "person"}
    named = people_list(request.viewer).filter(public_id__in=ids)
    names = {str(public_id): name for public_id, name in named.values_list("public_id", "name")}
    rows = [
        {
            "entry": entry,
            "who": audit_words.who(entry, names),
            "done": audit_words.done(entry),
            "thing": audit_words.thing(entry, names),
        }
        for entry in page
    ]
    context = {"entries": page, "rows": rows, "form": form}
    return render(request, "organizations/audit.html", context)


def _people_called(request: PageRequest, name: str) -> list[str]:
    people = people_list(request.viewer).filter(name__icontains=name)
    return [f"person:{public_id}" for public_id in people.values_list("public_id", flat=True)]


def _roles(member: Membership) -> list[dict[str, Any]]:
    given = {grant.role for grant in member.grants.all()}
    return [
        {"value": value, "label": label, "given": value in given} for value, label in Grant.choices
    ]
