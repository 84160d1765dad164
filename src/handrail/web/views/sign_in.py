"""Signing in elsewhere: finding the way, there and back, and what a sign-in still lacks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handrail.apps.identity import signing_in
from handrail.apps.identity.actions import providers, recovering
from handrail.apps.identity.finding import provider_by_id, ways_for
from handrail.apps.identity.models import Provider
from handrail.apps.identity.queries import linked_providers
from handrail.apps.identity.signing_in import Purpose
from handrail.apps.organizations.queries import memberships_of
from handrail.apps.organizations.refusals import Conflict, NotFound, Refusal
from handrail.web.entry import PageRequest, signed_in
from handrail.web.forms.sign_in import WayForm
from handrail.web.provider_words import note_read
from handrail.web.refusals import refused_page
from handrail.web.through import LET_IN, record_through

TICKET = "way-elsewhere"


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_organization(request: HttpRequest) -> HttpResponse:
    """Which provider is yours; an address that is known and one that is not look alike."""
    if request.method == "POST" and (full := _too_often(request)) is not None:
        return full
    form = WayForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "asked": False, "ways": []}
    if request.method == "POST" and form.is_valid():
        context |= {"asked": True, "ways": ways_for(form.cleaned_data["asked"])}
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "sign_in/organization.html", context, status=status)


@never_cache
@require_safe
def sign_in_begin(request: PageRequest, public_id: UUID) -> HttpResponse:
    """To the provider's page."""
    if (full := _too_often(request)) is not None:
        return full
    wanted = request.GET.get("next", "")
    return _leave(request, _provider(public_id), Purpose.SIGN_IN, wanted)


@never_cache
@require_safe
@signed_in
def sign_in_link(request: PageRequest, public_id: UUID) -> HttpResponse:
    """To the provider's page, to link an account there to the place that one is in."""
    return _leave(request, _ours(request, public_id), Purpose.LINK)


@never_cache
@require_safe
@signed_in
def provider_try(request: PageRequest, public_id: UUID) -> HttpResponse:
    """To the provider's page and back, to see that all of it works; nobody is signed in."""
    return _leave(request, providers.provider_for(public_id, by=request.viewer), Purpose.TRIAL)


@never_cache
@require_safe
def sign_in_back(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Back from the provider; the ticket counts once."""
    ticket = request.session.pop(TICKET, None)
    answer = {name: request.GET.get(name, "") for name in ("state", "code", "error", "iss")}
    purpose = (ticket or {}).get("purpose", "")
    try:
        provider = _provider(public_id)
        entered = signing_in.finish_way(
            provider, ticket, answer, by=request.viewer, now=request.now
        )
    except Refusal as refusal:
        if purpose in (Purpose.LINK, Purpose.TRIAL) and request.viewer is not None:
            messages.error(request, refusal.message)
            if purpose == Purpose.TRIAL:
                return redirect("provider", public_id)
            return redirect("linked")
        return refused_page(request, refusal)
    if entered.purpose is Purpose.TRIAL:
        told = _("It works: the provider says that you are %(who)s.") % {"who": entered.email}
        messages.success(request, told)
        note_read(request, entered)
        return redirect("provider", public_id)
    if entered.purpose is Purpose.LINK:
        messages.success(request, _("Linked. You can sign in this way from now on."))
        return redirect("linked")
    assert entered.user is not None
    if request.user.is_authenticated and request.user.pk != entered.user.pk:
        logout(request)  # what somebody else did in this browser is not this person's
    record_through(request, entered.user, provider)
    request.session["organization"] = provider.organization_id
    login = Login(user=entered.user, email=entered.user.email)
    # Where there is no page that somebody wanted, allauth knows where to go.
    login.redirect_url = entered.wanted or None
    answered: HttpResponse = perform_login(request, login)
    request.session["organization"] = provider.organization_id
    return answered


@never_cache
@require_http_methods(["GET", "POST"])
def let_in(request: PageRequest, word: str) -> HttpResponse:
    """A link of whoever runs the server; looking at it uses nothing up, as mail scanners look."""
    if (full := _too_often(request)) is not None:
        return full
    try:
        person = recovering.let_in(word, now=request.now)
    except Refusal as refusal:
        return refused_page(request, refusal)
    if request.method != "POST":
        return render(request, "sign_in/let_in.html", {"person": person})
    if request.user.is_authenticated:
        logout(request)
    record_authentication(request, person, method=LET_IN)
    entered: HttpResponse = perform_login(request, Login(user=person, email=person.email))
    return entered


@never_cache
@require_safe
def sign_in_more(request: PageRequest) -> HttpResponse:
    """What a sign-in still lacks, and how to get there."""
    lacks = getattr(request, "lacks", None)
    if not request.user.is_authenticated or lacks is None:
        return redirect("today")
    context: dict[str, Any] = {"lacks": lacks.what, "organization": lacks.organization}
    if lacks.provider is not None:
        context["provider"] = provider_by_id(lacks.provider)
    context["several"] = len(memberships_of(request.user)) > 1
    return render(request, "sign_in/more.html", context, status=403)


@require_safe
@signed_in
def linked(request: PageRequest) -> HttpResponse:
    """One's own accounts with the organisation's providers."""
    rows = linked_providers(request.viewer)
    return render(request, "settings/linked.html", {"rows": rows, "here": "linked"})


@require_POST
@signed_in
def linked_end(request: PageRequest, public_id: UUID) -> HttpResponse:
    """This account there no longer signs one in."""
    providers.unlink(public_id, by=request.viewer, now=request.now)
    messages.success(request, _("The account is no longer linked."))
    return redirect("linked")


def _too_often(request: HttpRequest) -> HttpResponse | None:
    """The page that says so, where somebody asks as fast as only a machine does."""
    full: HttpResponse | None = ratelimit.consume_or_429(request, action="login")
    return full


@require_POST
@signed_in
def device_end(request: PageRequest) -> HttpResponse:
    """Sign one's own other device out."""
    wanted = request.POST.get("device", "")
    own = UserSession.objects.filter(user=request.user)
    found = own.filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    if found is None:
        raise NotFound(_("You are not signed in there any more."))
    found.end()
    messages.success(request, _("Signed out there."))
    return redirect("usersessions_list")


def _leave(
    request: PageRequest, provider: Provider, purpose: Purpose, wanted: str = ""
) -> HttpResponse:
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    try:
        address, request.session[TICKET] = signing_in.begin_way(
            provider,
            purpose,
            by=request.viewer,
            now=request.now,
            wanted=wanted if ours and len(wanted) <= 500 else "",
        )
    except Conflict as refusal:
        if purpose is Purpose.SIGN_IN:
            return refused_page(request, refusal)
        messages.error(request, refusal.message)
        if purpose is Purpose.TRIAL:
            return redirect("provider", provider.public_id)
        return redirect("linked")
    return redirect(address)


def _provider(public_id: UUID) -> Provider:
    found = provider_by_id(public_id)
    if found is None:
        raise NotFound(_("There is no such way to sign in."))
    return found


def _ours(request: PageRequest, public_id: UUID) -> Provider:
    found = provider_by_id(public_id)
    if found is None or found.organization_id != request.viewer.organization.pk:
        raise NotFound(_("There is no such way to sign in."))
    return found
