"""Pages for what went wrong on the way to a view."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import NotFound, Refusal
from handrail.web.refusals import refused_page


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return refused_page(
        request, Refusal(_("The request could not be read. Go back and try again."))
    )


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _forbidden(request, _("You may not open this page."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _forbidden(
        request, _("The page was open for too long. Go back, reload it and send it again.")
    )


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if request.path_info.startswith(settings.STATIC_URL):
        # A page in place of a script would be kept and run as one.
        missing = HttpResponse("no such file\n", content_type="text/plain", status=404)
        missing["Cache-Control"] = "no-store"
        return missing
    return refused_page(
        request, NotFound(_("There is no such page. The link may be old or incomplete."))
    )


TOO_OFTEN = 60  # seconds until it is worth trying again


def too_often(request: HttpRequest) -> HttpResponse:
    answer = render(request, "errors/too_often.html", status=429)
    answer["Retry-After"] = str(TOO_OFTEN)
    return answer


def _forbidden(request: HttpRequest, words: str) -> HttpResponse:
    refusal = Refusal(words)
    refusal.status = 403
    return refused_page(request, refusal)
