"""What is connected: the list with its health, a wizard for each kind, a page for each one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handrail.apps.connections import actions, queries
from handrail.apps.connections.kinds import kind_of, kinds
from handrail.apps.connections.models import Connection, Event
from handrail.apps.connections.sending import send_again
from handrail.apps.connections.words import (
    choice_words,
    field_words,
    group_words,
    health_words,
    kind_words,
    reason_words,
    trouble_words,
)
from handrail.apps.organizations.refusals import Conflict, Invalid, NotFound
from handrail.integrations.kinds import Form, Group, Kind
from handrail.web.entry import PageRequest, signed_in
from handrail.web.forms.connections import ConnectionForm
from handrail.web.guide import connection_page
from handrail.web.refusals import form_page

EACH = 20  # of events and of deliveries on a page


@require_safe
@signed_in
def connections(request: PageRequest) -> HttpResponse:
    """Everything that is connected with a line of health, and what else can be."""
    states = [
        {
            "state": state,
            "kind": kind_of(state.connection.kind),
            "health": health_words(state.health),
            "trouble": _trouble(state.connection),
        }
        for state in queries.states_of(request.viewer)
    ]
    offered = [
        {
            "words": group_words(group),
            "kinds": [
                {"kind": kind, "words": kind_words(kind.code)}
                for kind in kinds()
                if kind.group is group
            ],
        }
        for group in Group
    ]
    context = {
        "here": "connections",
        "states": states,
        "groups": [group for group in offered if group["kinds"]],
    }
    return render(request, "connections/connections.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def connection_new(request: PageRequest, kind: str) -> HttpResponse:
    """The wizard of one kind; the secrets that were made are shown in this one answer."""
    queries.connections_of(request.viewer)
    description = kind_of(kind)
    form = ConnectionForm(description, request.POST or None)
    context = {"here": "connections", **_kind(description)}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "connections/new.html", context, form)
    try:
        done = actions.connect(
            kind,
            form.cleaned_data["name"],
            form.settings(),
            form.secrets(),
            by=request.viewer,
            now=request.now,
        )
    except (Invalid, Conflict) as refusal:
        return form_page(request, "connections/new.html", context, form, refusal)
    return _shown_once(request, done.connection, done.made, is_new=True)


@never_cache
@require_safe
@signed_in
def connection(request: PageRequest, public_id: UUID) -> HttpResponse:
    """How one connection does, what came in, what went out, and what waits."""
    found = queries.connection_of(request.viewer, public_id)
    kind = kind_of(found.kind)
    state = queries.state_of(found)
    waiting = request.GET.get("show") == "waiting"
    events = Paginator(queries.events_of(found, state="parked" if waiting else ""), EACH).get_page(
        request.GET.get("page")
    )
    deliveries = Paginator(queries.deliveries_of(found), EACH).get_page(request.GET.get("sent"))
    older = queries.rotating(found, now=request.now)
    since = queries.secrets_set(found)
    context = {
        "here": "connections",
        "state": state,
        "connection": found,
        "health": health_words(state.health),
        "trouble": _trouble(found),
        "address": _address(found, kind),
        "settings": _settings(found, kind),
        "secrets": [
            {
                "field": field,
                "label": field_words(kind.code, field)[0],
                "since": since.get(field.name),
                "older": older.get(field.name),
            }
            for field in kind.fields
            if field.secret
        ],
        "events": events,
        "event_rows": [_event(one) for one in events],
        "waiting": waiting,
        "deliveries": deliveries,
        "delivery_rows": [
            {
                "delivery": one,
                "words": choice_words(one.kind),
                "alone": "account" in one.content,
                "trouble": trouble_words(one.failure) if one.failure else "",
            }
            for one in deliveries
        ],
        **_kind(kind),
    }
    return render(request, "connections/connection.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def connection_edit(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.connection_of(request.viewer, public_id)
    kind = kind_of(found.kind)
    form = ConnectionForm(kind, request.POST or None, of=found)
    context = {
        "here": "connections",
        "connection": found,
        "has_secrets": any(field.secret for field in kind.fields),
        **_kind(kind),
    }
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "connections/edit.html", context, form)
    try:
        actions.change(
            public_id,
            form.cleaned_data["name"],
            form.settings(),
            by=request.viewer,
            now=request.now,
        )
    except (Invalid, Conflict) as refusal:
        return form_page(request, "connections/edit.html", context, form, refusal)
    messages.success(request, _("The connection is changed."))
    return redirect("connection", public_id)


@never_cache
@require_POST
@signed_in
def connection_secret(request: PageRequest, public_id: UUID) -> HttpResponse:
    """A new secret, entered or made; a made one is shown in this one answer."""
    field = request.POST.get("field", "")
    text = request.POST.get("secret", "").strip()
    try:
        made = actions.rotate_secret(public_id, field, text, by=request.viewer, now=request.now)
    except Invalid as refusal:
        messages.error(request, refusal.fields.get(field, refusal.message))
        return redirect("connection", public_id)
    found = queries.connection_of(request.viewer, public_id)
    if made:
        return _shown_once(request, found, {field: made}, is_new=False)
    messages.success(
        request, _("The new secret counts. The one before is accepted for another week.")
    )
    return redirect("connection", public_id)


@require_POST
@signed_in
def connection_do(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Try it out, switch it, end older secrets, or take it away."""
    by, now, do = request.viewer, request.now, request.POST.get("do", "")
    if do == "test":
        why = actions.send_test(public_id, by=by, now=now)
        if why:
            messages.error(request, _("The test failed. %(why)s") % {"why": trouble_words(why)})
        else:
            messages.success(request, _("The test got through."))
    elif do in ("on", "off"):
        actions.switch(public_id, on=do == "on", by=by, now=now)
        on, off = _("The connection is on."), _("The connection is off.")
        messages.success(request, on if do == "on" else off)
    elif do == "end-older":
        actions.end_old_secrets(public_id, by=by, now=now)
        messages.success(request, _("Older secrets are accepted no more."))
    elif do == "remove":
        actions.disconnect(public_id, by=by, now=now)
        messages.success(request, _("The connection is gone, and its secrets with it."))
        return redirect("connections")
    else:
        raise NotFound(_("There is no such connection."))
    return redirect("connection", public_id)


@require_POST
@signed_in
def connection_event(request: PageRequest, public_id: UUID, event_id: UUID) -> HttpResponse:
    """Have an event that was put aside taken again, or let it rest."""
    act: Callable[..., Event] = (
        actions.drop_event if request.POST.get("do") == "drop" else actions.retry_event
    )
    act(public_id, event_id, by=request.viewer, now=request.now)
    return redirect(f"{reverse('connection', args=[public_id])}#events")


@require_POST
@signed_in
def connection_delivery(request: PageRequest, public_id: UUID, delivery_id: UUID) -> HttpResponse:
    """Have a delivery sent again."""
    send_again(public_id, delivery_id, by=request.viewer, now=request.now)
    messages.success(request, _("It is being sent again. Look again in a minute."))
    return redirect(f"{reverse('connection', args=[public_id])}#deliveries")


def _shown_once(
    request: PageRequest, found: Connection, made: dict[str, str], *, is_new: bool
) -> HttpResponse:
    """The answer that shows made secrets: a redirect would need a place to keep them."""
    kind = kind_of(found.kind)
    context = {
        "here": "connections",
        "connection": found,
        "is_new": is_new,
        "address": _address(found, kind),
        "made": [
            {"label": field_words(kind.code, field)[0], "secret": made[field.name]}
            for field in kind.fields
            if field.name in made
        ],
        **_kind(kind),
    }
    return render(request, "connections/made.html", context, status=201)


def _kind(kind: Kind) -> dict[str, Any]:
    return {
        "kind": kind,
        "kind_words": kind_words(kind.code),
        "kept": connection_page(kind.docs),
        "receives": kind.receives is not None or bool(kind.answers),
    }


def _address(found: Connection, kind: Kind) -> str:
    """Where the other side sends to; empty where it sends nothing."""
    if kind.receives is None and not kind.answers:
        return ""
    return f"{settings.BASE_URL}{reverse('hook', args=[found.address])}"


def _trouble(found: Connection) -> str:
    code = found.stopped_for or found.failure
    return trouble_words(code) if code else ""


def _settings(found: Connection, kind: Kind) -> list[dict[str, str]]:
    shown = []
    for field in kind.fields:
        value = found.settings.get(field.name, field.default)
        if field.secret or not value:
            continue
        if field.form is Form.MANY:
            value = ", ".join(choice_words(choice) for choice in value)
        elif field.form is Form.CHOICE:
            value = choice_words(value)
        shown.append({"label": field_words(kind.code, field)[0], "value": value})
    return shown


def _event(event: Event) -> dict[str, Any]:
    return {"event": event, "reason": reason_words(event.reason) if event.reason else ""}
