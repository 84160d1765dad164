"""Providers that speak SAML: setting one up, our metadata, and answers that their pages send."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handrail.apps.identity import saml
from handrail.apps.identity.actions import providers, saml_providers
from handrail.apps.identity.finding import provider_by_id
from handrail.apps.identity.models import Provider, ProviderKind
from handrail.apps.organizations.refusals import Conflict, Invalid, NotFound
from handrail.integrations.saml import Distrusted, Trouble, is_installed
from handrail.integrations.saml.metadata import ends_of
from handrail.web.entry import PageRequest, signed_in
from handrail.web.forms.saml import MetadataForm, SamlEditForm, SamlForm
from handrail.web.provider_words import domain_words, page_of
from handrail.web.refusals import add_refusal, form_page, refused_page

SOON = timedelta(days=30)  # before a certificate ends


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def saml_new(request: PageRequest) -> HttpResponse:
    """Name a provider that speaks SAML; without the extra, how to switch it on."""
    providers.require_administrator(request.viewer)
    form = SamlForm(request.POST or None)
    context: dict[str, Any] = {"installed": is_installed(), "here": "sign_in_settings"}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "settings/saml_new.html", context, form)
    try:
        made = saml_providers.add_saml_provider(
            **form.cleaned_data, by=request.viewer, now=request.now
        )
    except (Invalid, Conflict) as refusal:
        return form_page(request, "settings/saml_new.html", context, form, refusal)
    return redirect("provider", made.public_id)


def saml_provider(request: PageRequest, found: Provider) -> HttpResponse:
    """One provider that speaks SAML: what to give it, what it gives, and trying it out."""
    initial = {
        **domain_words(found),
        "vouches": found.vouches,
        "begins_there": found.begins_there,
    }
    form = SamlEditForm(request.POST or None, initial=initial)
    context = {**_context(request, found), "metadata": MetadataForm(initial=_address(found))}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "settings/provider_saml.html", context, form)
    try:
        saml_providers.edit_saml_provider(
            found, **form.cleaned_data, by=request.viewer, now=request.now
        )
    except (Invalid, Conflict) as refusal:
        return form_page(request, "settings/provider_saml.html", context, form, refusal)
    messages.success(request, _("Saved."))
    return redirect("provider", found.public_id)


@require_POST
@signed_in
def saml_metadata_give(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Take the provider's metadata: a text, a file, or the address that has them."""
    found = providers.provider_for(public_id, by=request.viewer)
    form = MetadataForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            saml_providers.give_metadata(
                found,
                written=form.written(),
                address=form.cleaned_data["address"],
                by=request.viewer,
                now=request.now,
            )
        except Invalid as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The metadata are here. Now try it out."))
            return redirect("provider", public_id)
    edit = SamlEditForm(
        initial={
            **domain_words(found),
            "vouches": found.vouches,
            "begins_there": found.begins_there,
        }
    )
    context = {**_context(request, found), "metadata": form, "form": edit}
    return render(request, "settings/provider_saml.html", context, status=422)


@never_cache
@require_safe
def saml_metadata(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Our metadata for this provider, which it may fetch itself: nothing in them is a secret."""
    try:
        found = _saml(public_id)
    except NotFound as refusal:
        return refused_page(request, refusal)
    return HttpResponse(
        saml.metadata_for(found),
        content_type="application/samlmetadata+xml",
        headers={"Content-Disposition": 'attachment; filename="handrail-saml.xml"'},
    )


@csrf_exempt  # another site's page sends it, by design: what it says is signed by the provider
@never_cache
@require_POST
def saml_answer(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Prove the answer that the provider's page sends, and go on to a page that knows who asked."""
    full: HttpResponse | None = ratelimit.consume_or_429(request, action="saml_answer")
    if full is not None:
        return full
    try:
        found = _saml(public_id)
    except NotFound as refusal:
        return refused_page(request, refusal)
    state = request.POST.get("RelayState", "")[:500]
    try:
        word = saml.arrive(found, request.POST.get("SAMLResponse", ""), now=request.now)
    except Distrusted as distrusted:
        path = saml.own_path(request.POST)
        # Set out from its own page: nothing of that is believed, but the question may be asked now.
        # Only a path or nothing comes along then, never a word of ours, so it does not go round.
        asks_now = distrusted.trouble is Trouble.UNASKED and found.begins_there
        if asks_now and (path or not state):
            return _see("sign_in_begin", found, {"next": path} if path else {})
        return _see("sign_in_back", found, {"state": state, "error": distrusted.trouble})
    return _see("sign_in_back", found, {"state": state, "code": word})


def _see(name: str, provider: Provider, asked: dict[str, str]) -> HttpResponse:
    where = reverse(name, args=[provider.public_id])
    to = HttpResponseRedirect(f"{where}?{urlencode(asked)}" if asked else where)
    to.status_code = 303  # by GET, with the cookie that a page elsewhere does not bring along
    return to


def _saml(public_id: UUID) -> Provider:
    found = provider_by_id(public_id)
    if found is None or found.kind != ProviderKind.SAML:
        raise NotFound(_("There is no such way to sign in."))
    return found


def _address(found: Provider) -> dict[str, str]:
    return {"address": found.metadata_url}


def _context(request: PageRequest, found: Provider) -> dict[str, Any]:
    ends = ends_of(found.certificate)
    return {
        **page_of(request, found),
        "installed": is_installed(),
        "own_name": saml.own_name(found),
        "answer_to": saml.answer_to(found),
        "ends": ends,
        "ends_soon": bool(ends) and max(ends) <= request.now + SOON,
    }
