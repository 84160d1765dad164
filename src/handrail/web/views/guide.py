"""The guide: the same for everybody, signed in or not."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from handrail.web.guide import guide_names, guide_page


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    pages = [guide_page(name) for name in guide_names()]
    return render(request, "offline/guide.html", {"pages": pages})


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    try:
        found = guide_page(name)
    except KeyError:
        raise Http404 from None
    return render(request, "offline/guide_page.html", {"page": found})
