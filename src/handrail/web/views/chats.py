"""Chats: whose account is linked, what is said there, and the page that links one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from handrail.apps.chat.linking import TEXT, accounts_of, link, offer_of, unlink
from handrail.apps.organizations.actions import record_consent
from handrail.apps.organizations.models import ConsentPurpose
from handrail.apps.organizations.queries import is_allowed
from handrail.apps.organizations.refusals import NotAllowed
from handrail.apps.people.models import Person
from handrail.web.entry import PageRequest, me, signed_in

TOLD = (ConsentPurpose.CHAT_REMINDERS, ConsentPurpose.CHAT_NEWS)


@require_http_methods(["GET", "POST"])
@signed_in
def chats(request: PageRequest) -> HttpResponse:
    """The accounts that act for you, and what is said in them; each kind by itself."""
    person = _myself(request)
    purposes = [
        {"value": one.value, "label": one.label, "given": is_allowed(person.public_id, one)}
        for one in TOLD
    ]
    if request.method == "POST":
        for purpose in purposes:
            given = purpose["value"] in request.POST.getlist("allow")
            if given != purpose["given"]:
                record_consent(
                    person.public_id,
                    str(purpose["value"]),
                    given,
                    text_version=TEXT,
                    channel="web",
                    by=request.viewer,
                    now=request.now,
                )
        messages.success(request, _("Saved."))
        return redirect("chats")
    context = {"accounts": accounts_of(person), "purposes": purposes, "here": "chats"}
    return render(request, "settings/chats.html", context)


@require_POST
@signed_in
def chat_unlink(request: PageRequest, public_id: UUID) -> HttpResponse:
    unlink(public_id, by=request.viewer, now=request.now)
    messages.success(request, _("Unlinked. Nothing more is said there, or done from there."))
    return redirect("chats")


@require_http_methods(["GET", "POST"])
@signed_in
def chat_link(request: PageRequest, word: str) -> HttpResponse:
    """The page behind the link that a chat shows; a button links, once."""
    if request.method == "POST":
        account = link(word, by=request.viewer, now=request.now)
        messages.success(
            request,
            _("Linked. Type the command in %(chat)s again.") % {"chat": account.connection.name},
        )
        return redirect("chats")
    return render(request, "settings/chat_link.html", {"offer": offer_of(word, by=request.viewer)})


def _myself(request: PageRequest) -> Person:
    person = me(request)
    if person is None:
        raise NotAllowed(_("Your account takes part in no sessions, so there is nothing to set."))
    return person
