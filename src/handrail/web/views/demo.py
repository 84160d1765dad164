"""Looking around without a mailbox: only in a demo, only from this machine."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from handrail.apps.organizations.models import Organization
from handrail.apps.people.models import Person
from handrail.apps.people.queries import demo_people
from handrail.integrations import mail_folder

MAILS_SHOWN = 200

View = Callable[..., HttpResponse]


def demo_is_open(request: HttpRequest) -> bool:
    """Whether demo pages exist: a demo database, served on loopback, asked from loopback."""
    if not settings.SERVED_ON_LOOPBACK or "HTTP_X_FORWARDED_FOR" in request.META:
        return False
    try:
        near = ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    return near and Organization.objects.filter(is_demo=True).exists()


def demo_only(view: View) -> View:
    """Answer as if the page did not exist, unless this is a demo on this machine."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not demo_is_open(request):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


@require_GET
@demo_only
def demo(request: HttpRequest) -> HttpResponse:
    rows = [(person, roles_of(person)) for person in demo_people()]
    rows.sort(key=lambda row: (-len(row[1]), row[0].name))
    covered: set[str] = set()
    one_of_each: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for person, roles in rows:
        (others if covered.issuperset(roles) else one_of_each).append(
            {"person": person, "roles": roles}
        )
        covered.update(roles)
    return render(request, "demo/demo.html", {"one_of_each": one_of_each, "others": others})


def roles_of(person: Person) -> list[str]:
    """What this person is in the demo, in words."""
    roles = [_("lead")] if person.leads.all() else []
    if person.membership:
        roles += [grant.get_role_display() for grant in person.membership.grants.all()]
    if person.reports.all():
        roles.append(_("manager"))
    if person.role:
        roles.append(person.get_role_display())
    return [str(role) for role in roles]


@require_POST
@demo_only
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    chosen = next(
        (p for p in demo_people() if str(p.public_id) == request.POST.get("person")), None
    )
    if chosen is None:
        raise Http404
    assert chosen.membership is not None  # demo_people lists members only
    login(request, chosen.membership.user, backend="django.contrib.auth.backends.ModelBackend")
    request.session["organization"] = chosen.organization_id
    return redirect("today")


@require_GET
@demo_only
def mails(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "demo/mails.html",
        {"mails": mail_folder.list_mails(Path(settings.MAIL_FOLDER))[:MAILS_SHOWN]},
    )


@require_GET
@demo_only
def mail(request: HttpRequest, name: str) -> HttpResponse:
    message = mail_folder.read_mail(Path(settings.MAIL_FOLDER), name)
    if message is None:
        raise Http404
    text = message.get_body(("plain",))
    calendar = next(
        (part for part in message.walk() if part.get_content_type() == "text/calendar"), None
    )
    return render(
        request,
        "demo/mail.html",
        {
            "subject": message["Subject"],
            "sender": message["From"],
            "recipient": message["To"],
            "text": text.get_content() if text else "",
            "calendar": calendar.get_content() if calendar else "",
        },
    )
