"""Offers: recorded, compared honestly, and drawn by lot where somebody wants to know."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from handrail.apps.hiring import queries
from handrail.apps.hiring.access import may_recruit
from handrail.apps.hiring.actions.lottery import draw, end_lottery, start_lottery
from handrail.apps.hiring.actions.offers import import_offers, record_offer
from handrail.apps.hiring.comparing import comparison
from handrail.apps.hiring.drawn import faults_of, listed
from handrail.apps.hiring.models import OfferLottery
from handrail.apps.hiring.seat_words import seat_words
from handrail.apps.organizations.refusals import Invalid, Refusal
from handrail.web.entry import PageRequest, signed_in
from handrail.web.forms.hiring import DrawForm, LotteryForm, OfferForm, OffersFileForm
from handrail.web.refusals import form_page

LISTED = 50


@require_GET
@signed_in
def offers(request: PageRequest) -> HttpResponse:
    """The comparison first, then offer by offer for those who keep them."""
    context: dict[str, Any] = {
        "compared": comparison(request.viewer),
        "recruits": may_recruit(request.viewer),
    }
    if context["recruits"]:
        query = request.GET.get("q", "").strip()
        found = list(queries.offers_for(request.viewer, query)[: LISTED + 1])
        context |= {"offers": found[:LISTED], "more": len(found) > LISTED, "query": query}
    return render(request, "hiring/offers.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def offer_new(request: PageRequest) -> HttpResponse:
    queries.offers_for(request.viewer)
    return _recorded(request, OfferForm(request.POST or None), {})


@require_http_methods(["GET", "POST"])
@signed_in
def offer(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.offer_for(request.viewer, public_id)
    form = OfferForm(
        request.POST or None,
        initial={
            "applicant": found.applicant,
            "requisition": found.requisition,
            "offered_at": found.offered_at.astimezone(ZoneInfo(request.viewer.timezone)),
            "shown": found.shown,
            "outcome": found.outcome,
            "decided_at": found.decided_at
            and found.decided_at.astimezone(ZoneInfo(request.viewer.timezone)),
            "family": found.family,
        },
    )
    for name in ("applicant", "requisition"):
        form.fields[name].disabled = True
    context = {
        "offer": found,
        "address": queries.address_of_promise(found),
        "seat": seat_words(found),
    }
    return _recorded(request, form, context)


def _recorded(request: PageRequest, form: OfferForm, context: dict[str, Any]) -> HttpResponse:
    # What is typed is meant by the clock of who types it.
    with timezone.override(ZoneInfo(request.viewer.timezone)):
        valid = form.is_valid()
        if request.method != "POST" or not valid:
            return form_page(request, "hiring/offer.html", context, form)
    said = form.cleaned_data
    try:
        made = record_offer(
            said["applicant"],
            said["requisition"],
            offered_at=said["offered_at"],
            shown=said["shown"],
            outcome=said["outcome"],
            decided_at=said["decided_at"],
            family=said["family"],
            by=request.viewer,
            now=request.now,
        )
    except Refusal as refusal:
        return form_page(request, "hiring/offer.html", context, form, refusal)
    messages.success(request, _("Recorded."))
    return redirect("offer", made.public_id)


@require_http_methods(["GET", "POST"])
@signed_in
def offers_import(request: PageRequest) -> HttpResponse:
    queries.offers_for(request.viewer)
    form = OffersFileForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "hiring/offers_import.html", {}, form)
    file = form.cleaned_data["file"]
    try:
        came = import_offers(file.read(), filename=file.name, by=request.viewer, now=request.now)
    except Invalid as refusal:
        context = {"lines": refusal.detail.get("lines", [])}
        return form_page(request, "hiring/offers_import.html", context, form, refusal)
    messages.success(
        request,
        _("%(new)d new, %(changed)d changed, %(known)d known already.")
        % {"new": came.created, "changed": came.changed, "known": came.known},
    )
    return redirect("offers")


@require_http_methods(["GET", "POST"])
@signed_in
def offer_lottery(request: PageRequest) -> HttpResponse:
    """Start, draw one by one, end; everything that was drawn can be drawn again afterwards."""
    queries.offers_for(request.viewer)
    if request.method == "POST":
        try:
            answer = _lot(request)
        except Refusal as refusal:
            messages.error(request, " ".join([str(refusal.message), *_fields(refusal)]))
        else:
            messages.success(request, answer)
        return redirect("offer_lottery")
    lottery = OfferLottery.objects.order_by("-started_at", "-pk").first()
    context = {
        "lottery": lottery,
        "is_open": lottery is not None and lottery.ended_at is None,
        "draws": listed(lottery) if lottery else [],
        "faults": faults_of(lottery) if lottery else None,
        "start": LotteryForm(initial={"unit": "offer"}),
        "form": DrawForm(),
    }
    return render(request, "hiring/lottery.html", context)


def _fields(refusal: Refusal) -> list[str]:
    return list(map(str, refusal.fields.values())) if isinstance(refusal, Invalid) else []


def _lot(request: PageRequest) -> str:
    by, now = request.viewer, request.now
    match request.POST.get("do"):
        case "start":
            start_lottery(request.POST.get("unit", ""), by=by, now=now)
            return _("The list is drawn, and its hash stands below.")
        case "draw":
            requisition = request.POST.get("requisition", "")
            drawn = draw(requisition, request.POST.get("applicant", ""), by=by, now=now)
            said = (
                _("Drawn, place %(n)d: link the trajectory in this offer.")
                if drawn.arm == "offered"
                else _(
                    "Drawn, place %(n)d: leave the trajectory out of this offer. The mentoring"
                    " comes anyway."
                )
            )
            return said % {"n": drawn.place}
        case "end":
            end_lottery(by=by, now=now)
            return _("The lottery is over, and its seed stands below.")
        case _:
            raise Invalid(_("Choose what to do."))
