"""Who comes in through the front door, and how a refusal leaves it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.views import redirect_to_login
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import Invalid, Refusal
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.web.refusals import refused_page

log = logging.getLogger("handrail.web")


class PageRequest(HttpRequest):
    """A request that went through the door: it knows its viewer and the time."""

    viewer: Viewer
    now: datetime


View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Let only members of an organisation in; turn every refusal into a page."""

    @wraps(view)
    def wrapped(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            way_back = request.get_full_path() if request.method == "GET" else reverse("today")
            return redirect_to_login(way_back)
        if request.viewer is None:
            # A sign-in may be a good one and yet lack what the organisation asks of it.
            lacks = getattr(request, "lacks", None)
            return redirect("choose_organization" if lacks is None else "sign_in_more")
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return refused_page(request, refusal)
        except DataError as error:  # PostgreSQL keeps no NUL, which an address may hold
            log.warning("web.data request=%s", getattr(request, "request_id", ""), exc_info=error)
            return refused_page(request, Invalid(_("The request cannot be read.")))

    return wrapped


def me(request: PageRequest) -> Person | None:
    """The viewer's own person; a member may be nobody's mentor, mentee or colleague."""
    if request.viewer.person_id is None:
        return None
    return Person.objects.filter(pk=request.viewer.person_id).first()


def local_today(request: PageRequest) -> date:
    """Today's date where the viewer is."""
    return request.now.astimezone(ZoneInfo(request.viewer.timezone)).date()
