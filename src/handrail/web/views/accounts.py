"""Accounts on code hosts: one's own, and for who may, those that wait to be confirmed or linked."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.outcomes import accounts as linking
from handrail.apps.people.queries import people_list, person_for
from handrail.web.entry import PageRequest, me, signed_in
from handrail.web.forms.accounts import AccountForm, LinkForm
from handrail.web.refusals import form_page


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def accounts(request: PageRequest) -> HttpResponse:
    """Claim an account, or as administrator or lead say whose one is."""
    viewer = request.viewer
    may_settle = linking.may_settle_any(viewer)
    links = request.method == "POST" and request.POST.get("do") == "link"
    if links and not may_settle:
        raise NotAllowed(_("Only a lead of a program or an administrator links accounts."))
    people = people_list(viewer) if may_settle else []
    claim = AccountForm(request.POST if request.method == "POST" and not links else None)
    link = LinkForm(
        people, request.POST if links else None, auto_id="id_link_%s", initial=_asked(request)
    )
    form = link if links else claim
    known = list(linking.accounts_of(viewer))
    context = {
        "here": "accounts",
        "me": me(request),
        "may_settle": may_settle,
        "own": [one for one in known if one.person_id == viewer.person_id],
        "others": [one for one in known if one.person_id != viewer.person_id],
        "authors": linking.authors_unknown(viewer)[:100] if may_settle else [],
        "claim": claim,
        "link": link,
    }
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "settings/accounts.html", context, form)
    now = request.now
    host, number = form.cleaned_data["host"], form.cleaned_data["number"]
    try:
        if links:
            person = person_for(viewer, UUID(form.cleaned_data["person"]))
            linking.link_account(person, host, number, by=viewer, now=now)
        else:
            linking.claim_account(host, number, by=viewer, now=now)
    except (Invalid, Conflict) as refusal:
        return form_page(request, "settings/accounts.html", context, form, refusal)
    messages.success(
        request,
        _("The account is linked, and what waited for it is counted.")
        if links
        else _("The account is noted. It counts once somebody has confirmed it."),
    )
    return redirect("accounts")


@require_POST
@signed_in
def account_do(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Confirm an account, or let it be nobody's."""
    if request.POST.get("do") == "confirm":
        linking.confirm_account(public_id, by=request.viewer, now=request.now)
        messages.success(request, _("The account is linked, and what waited for it is counted."))
    else:
        linking.unlink_account(public_id, by=request.viewer, now=request.now)
        messages.success(request, _("The account is linked to nobody any more."))
    return redirect("accounts")


def _asked(request: PageRequest) -> dict[str, str]:
    """An author that was chosen from the list."""
    return {name: request.GET[name] for name in ("host", "number") if name in request.GET}
