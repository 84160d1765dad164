"""The administrator's pages about ways to sign in: providers, and what is asked of sign-ins."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from handrail.apps.identity.actions import providers
from handrail.apps.identity.models import ProviderKind
from handrail.apps.identity.queries import providers_of
from handrail.apps.identity.rules import asks_second_factor
from handrail.apps.identity.signing_in import way_back
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.web.entry import PageRequest, signed_in
from handrail.web.forms.sign_in import ProviderEditForm, ProviderForm, RulesForm
from handrail.web.provider_words import domain_words, page_of
from handrail.web.refusals import form_page
from handrail.web.views.saml import saml_provider


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def sign_in_settings(request: PageRequest) -> HttpResponse:
    """Every way in, what is asked of administrators, and a form for another provider."""
    providers.require_administrator(request.viewer)
    form = ProviderForm(request.POST or None)
    asked = asks_second_factor(request.viewer.organization)
    context: dict[str, Any] = {
        "providers": providers_of(request.viewer),
        "rules": RulesForm(initial={"second_factor": asked}),
        "here": "sign_in_settings",
    }
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "settings/sign_in.html", context, form)
    try:
        made = providers.add_provider(**form.cleaned_data, by=request.viewer, now=request.now)
    except (Invalid, Conflict) as refusal:
        return form_page(request, "settings/sign_in.html", context, form, refusal)
    messages.success(request, _("The provider answers. Now try it out."))
    return redirect("provider", made.public_id)


@require_POST
@signed_in
def sign_in_rules(request: PageRequest) -> HttpResponse:
    """Whether administrators need a second factor."""
    form = RulesForm(request.POST)
    form.is_valid()
    providers.set_rules(
        second_factor=form.cleaned_data["second_factor"], by=request.viewer, now=request.now
    )
    messages.success(request, _("Saved."))
    return redirect("sign_in_settings")


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def provider(request: PageRequest, public_id: UUID) -> HttpResponse:
    """One provider: how it does, its words, and trying it out."""
    found = providers.provider_for(public_id, by=request.viewer)
    if found.kind == ProviderKind.SAML:
        return saml_provider(request, found)
    form = ProviderEditForm(
        request.POST or None, initial={**domain_words(found), "client_id": found.client_id}
    )
    context = {**page_of(request, found), "way_back": way_back(found)}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "settings/provider.html", context, form)
    try:
        providers.edit_provider(found, **form.cleaned_data, by=request.viewer, now=request.now)
    except (Invalid, Conflict) as refusal:
        return form_page(request, "settings/provider.html", context, form, refusal)
    messages.success(request, _("Saved."))
    return redirect("provider", public_id)


@require_POST
@signed_in
def provider_do(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Switch a provider on or off, or forget it."""
    found = providers.provider_for(public_id, by=request.viewer)
    wish = request.POST.get("do", "")
    if wish == "remove":
        providers.remove_provider(found, by=request.viewer, now=request.now)
        messages.success(request, _("“%(name)s” is forgotten.") % {"name": found.name})
        return redirect("sign_in_settings")
    if wish not in ("on", "off"):
        raise Invalid(_("Choose what to do."))
    providers.switch_provider(found, wish == "on", by=request.viewer, now=request.now)
    messages.success(request, _("Saved."))
    return redirect("provider", public_id)
