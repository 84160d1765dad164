"""Directories: their keys, and what they said that somebody here has to confirm."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from handrail.apps.identity import queries
from handrail.apps.identity.actions import deciding
from handrail.apps.identity.models import Notice, NoticeKind
from handrail.apps.organizations import actions
from handrail.apps.organizations.models import KeyKind
from handrail.apps.organizations.queries import api_keys
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.web.entry import PageRequest, signed_in
from handrail.web.forms.identity import DirectoryKeyForm, back_form, notice_form
from handrail.web.refusals import add_refusal, form_page

PAGE = 25


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def directory(request: PageRequest) -> HttpResponse:
    """The address that a directory is told, and its keys; each is shown once."""
    if not request.viewer.is_administrator:
        raise NotAllowed(_("Only an administrator can connect a directory."))
    form = DirectoryKeyForm(request.POST or None)
    context: dict[str, Any] = {
        "keys": api_keys(request.viewer).filter(kind=KeyKind.SCIM),
        "address": f"{settings.BASE_URL}/scim/v2",
        "named": queries.named_people(request.viewer),
        "waiting": queries.notices_for(request.viewer).count(),
        "here": "directory",
    }
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "settings/directory.html", context, form)
    days = form.cleaned_data["days"]
    try:
        key, secret = actions.create_api_key(
            form.cleaned_data["name"],
            ["people:read", "people:write"],
            expires_at=request.now + timedelta(days=days) if days else None,
            by=request.viewer,
            now=request.now,
            kind=KeyKind.SCIM,
        )
    except (Invalid, Conflict) as refusal:
        return form_page(request, "settings/directory.html", context, form, refusal)
    context |= {"form": DirectoryKeyForm(), "made": key, "secret": secret}
    return render(request, "settings/directory.html", context, status=201)


@require_GET
@signed_in
def notices(request: PageRequest) -> HttpResponse:
    """What waits for a day, or for a word that it is not so."""
    return _page(request)


@require_POST
@signed_in
def notice_decide(request: PageRequest, public_id: UUID) -> HttpResponse:
    """One notice: it is so, from a day on; or it is not."""
    notice = queries.notice_for(request.viewer, public_id)
    dismissing = request.POST.get("do") == "dismiss"
    form = back_form(notice, request.POST) if dismissing else notice_form(notice, request.POST)
    if form.is_valid():
        by, now = request.viewer, request.now
        try:
            if dismissing:
                deciding.dismiss(notice, by=by, now=now, **form.cleaned_data)
            else:
                deciding.confirm(notice, by=by, now=now, **form.cleaned_data)
        except (Invalid, Conflict) as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("notices")
    return _page(request, {notice.pk: form}, status=422)


@require_POST
@signed_in
def notices_joined(request: PageRequest) -> HttpResponse:
    """Everybody who came, each with the day on which the directory first named them."""
    done = deciding.confirm_all_joined(None, by=request.viewer, now=request.now)
    told = ngettext(
        "%(n)d person has a first day now.", "%(n)d people have a first day now.", done
    ) % {"n": done}
    messages.success(request, told)
    return redirect("notices")


def _page(
    request: PageRequest, bound: dict[int, Any] | None = None, status: int = 200
) -> HttpResponse:
    bound = bound or {}
    waiting = queries.notices_for(request.viewer)
    page = Paginator(waiting, PAGE).get_page(request.GET.get("page"))
    rows = [_row(notice, bound.get(notice.pk)) for notice in page]
    joined = waiting.filter(kind=NoticeKind.JOINED).count()
    context = {"page": page, "rows": rows, "joined": joined, "many": joined > 1}
    return render(request, "people/notices.html", context, status=status)


def _row(notice: Notice, bound: Any) -> dict[str, Any]:
    confirm, back = notice_form(notice), back_form(notice)
    if bound is not None and "back_on" in bound.fields:
        back = bound
    elif bound is not None:
        confirm = bound
    said: dict[str, Any] = notice.said
    return {
        "notice": notice,
        "form": confirm,
        "back": back if notice.kind == NoticeKind.LEFT else None,
        "before": _role(said.get("before", {})),
        "after": _role(said.get("after", {})),
    }


def _role(said: dict[str, str]) -> str:
    return ", ".join(part for part in (said.get("title"), said.get("department")) if part)
