"""How a refusal of an action looks to a person: a field's error, a note, or a page."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import Invalid, Refusal


def refused_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A page that says what was refused and what to do, with the refusal's own status."""
    return render(
        request,
        "errors/refused.html",
        {"heading": heading_for(refusal.status), "refusal": refusal, "back": _back(request)},
        status=refusal.status,
    )


def _back(request: HttpRequest) -> str:
    """The page of ours that the refused form was on."""
    came_from = request.META.get("HTTP_REFERER", "")
    ours = url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()})
    return came_from if request.method == "POST" and ours else ""


def heading_for(status: int) -> str:
    """The first line of a refusal, in plain words."""
    return {
        403: _("This is not yours to do"),
        404: _("We could not find that"),
        409: _("That does not work any more"),
        422: _("Something needs another look"),
    }.get(status, _("That did not work"))


def add_refusal(form: Form, refusal: Refusal) -> None:
    """Put what was refused beside the field it belongs to, else above the form."""
    beside = refusal.fields if isinstance(refusal, Invalid) else {}
    placed = False
    for name, text in beside.items():
        if name in form.fields:
            form.add_error(name, str(text))
            placed = True
    if not placed:
        form.add_error(None, refusal.message)


def form_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    form: Form,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The page of a form: 200 when fresh, 422 with errors, 409 when the state has moved on."""
    if refusal is not None:
        add_refusal(form, refusal)
    status = refusal.status if refusal else (422 if form.is_bound and not form.is_valid() else 200)
    return render(request, template, {**context, "form": form}, status=status)
