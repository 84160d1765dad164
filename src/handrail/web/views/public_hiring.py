"""What candidates read: no account, no cookie, no script, nobody counted."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from handrail.apps.hiring import public, wording
from handrail.apps.hiring.public import Shown
from handrail.apps.organizations.refusals import NotFound
from handrail.domain.hiring.blocks import as_html
from handrail.domain.hiring.markup import as_script
from handrail.domain.hiring.oembed import CACHE_AGE, HEIGHT, WIDTH, frame, oembed, quote
from handrail.web.entry import PageRequest

SANDBOX = ["allow-popups", "allow-popups-to-escape-sandbox"]


@require_GET
def trajectory(request: PageRequest, slug: str, token: str) -> HttpResponse:
    """The first twelve weeks; 410 once the offer was withdrawn."""
    try:
        shown = public.public_posting(slug, token, request.now)
    except NotFound:
        return _nothing(request)
    with translation.override(shown.language):
        context: dict[str, Any] = {"shown": shown}
        if shown.facts is not None:
            visible = shown.block[:-1]  # the last line leads here
            markup = public.trajectory_markup(shown, visible)
            context |= {
                "offer": _safe(as_html(visible)),
                "how": wording.how_it_works(shown.facts),
                "recorded": wording.recorded(shown.facts),
                "markup": _safe(as_script(markup or {})),
                "reads_as": _safe(
                    f"{request.build_absolute_uri('/oembed')}?url={shown.address}&format=json"
                ),
            }
        status = 410 if shown.is_gone else 200
        page = render(request, "hiring/public/trajectory.html", context, status=status)
    return _told(page, shown)


@require_GET
def posting_job(request: PageRequest, slug: str, token: str) -> HttpResponse:
    """A job that has its page here; 410 once it is closed."""
    try:
        found = public.public_job(slug, token, request.now)
    except NotFound:
        return _nothing(request)
    with translation.override(found.shown.language):
        context = {
            "shown": found.shown,
            "page": found,
            "text": _safe(as_html(found.blocks)),
            "markup": _safe(as_script(found.markup)) if found.markup else "",
            "benefit": found.markup.get("jobBenefits", "") if found.markup else "",
        }
        page = render(
            request, "hiring/public/job.html", context, status=200 if found.is_open else 410
        )
    return _told(page, found.shown)


@require_GET
def posting_badge(request: PageRequest, slug: str, token: str) -> HttpResponse:
    """The badge, always 200 for a posting that was ever public."""
    try:
        shown = public.public_posting(slug, token, request.now)
    except NotFound:
        return _nothing(request)
    image = public.badge(shown).encode()
    etag = f'"{hashlib.sha256(image).hexdigest()[:32]}"'
    fresh = HttpResponse(image, content_type="image/svg+xml; charset=utf-8")
    fresh["ETag"] = etag
    fresh["Cache-Control"] = "public, max-age=300"
    return get_conditional_response(request, etag=etag, response=fresh) or fresh


@require_GET
def posting_widget(request: PageRequest, slug: str, token: str) -> HttpResponse:
    """The block for a frame, on the sites that the organisation allows and on no other."""
    try:
        shown = public.public_posting(slug, token, request.now)
    except NotFound:
        return _nothing(request)
    with translation.override(shown.language):
        context = {"shown": shown, "offer": _safe(as_html(shown.block[:-1]))}
        page = render(request, "hiring/public/widget.html", context)
    page.xframe_options_exempt = bool(shown.frame_hosts)
    page._csp_update = {"sandbox": SANDBOX}  # type: ignore[attr-defined]
    if shown.frame_hosts:
        page._csp_replace = {"frame-ancestors": list(shown.frame_hosts)}  # type: ignore[attr-defined]
    return _told(page, shown)


@require_GET
def promise(request: PageRequest, slug: str, token: str) -> HttpResponse:
    """What one applicant was promised; for whoever has the link."""
    try:
        kept = public.kept_promise(slug, token)
    except NotFound:
        return _nothing(request)
    with translation.override(kept.language):
        context = {"kept": kept, "offer": _safe(as_html(kept.block)), "language": kept.language}
        page = render(request, "hiring/public/promise.html", context)
    page["Referrer-Policy"] = "no-referrer"
    page["X-Robots-Tag"] = "noindex"
    return page


@require_GET
def posting_feed(request: PageRequest, slug: str) -> HttpResponse:
    """Open jobs for job boards."""
    try:
        text = public.feed(slug, request.now)
    except NotFound:
        return _nothing(request)
    return HttpResponse(text, content_type="application/xml; charset=utf-8")


@require_GET
def posting_oembed(request: PageRequest) -> HttpResponse:
    """What a page that embeds one of our trajectories is told; 404 for everything else."""
    if request.GET.get("format", "json") != "json":
        return HttpResponse("only json is offered\n", content_type="text/plain", status=501)
    place = public.posting_of_address(request.GET.get("url", ""))
    shown = None
    if place is not None:
        try:
            shown = public.public_posting(*place, request.now)
        except NotFound:
            shown = None
    if shown is None or shown.facts is None:
        return JsonResponse({"error": "not found"}, status=404)
    width, height = _pixels(request, "maxwidth"), _pixels(request, "maxheight")
    with translation.override(shown.language):
        title = _("Mentoring for: %(title)s") % {"title": shown.title}
        html = quote(shown.block[:-1], shown.address, title)
        if _asker(request) in shown.frame_hosts:
            html = frame(
                public.widget_address(shown.posting),
                title,
                width=min(WIDTH, width or WIDTH),
                height=min(HEIGHT, height or HEIGHT),
            )
    answer = JsonResponse(
        oembed(
            title=title,
            url=shown.address,
            provider=shown.company,
            provider_url=request.build_absolute_uri("/"),
            html=html,
            max_width=width,
            max_height=height,
        )
    )
    answer["Cache-Control"] = f"public, max-age={CACHE_AGE}"
    return answer


def _pixels(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return (int(text[:6]) or None) if text.isascii() and text.isdigit() else None


def _asker(request: HttpRequest) -> str:
    """The site that asks, as far as it says so: by `consumer`, or by its own headers."""
    said = (
        request.GET.get("consumer")
        or request.headers.get("Origin")
        or request.headers.get("Referer", "")
    )
    try:
        parts = urlsplit(said)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower()


def _told(page: HttpResponse, shown: Shown) -> HttpResponse:
    page["Content-Language"] = shown.language
    return page


def _nothing(request: HttpRequest) -> HttpResponse:
    """One page for whatever is not there, in no way telling why."""
    return render(request, "hiring/public/nothing.html", status=404)


def _safe(html: str) -> str:
    """Markup that `domain/hiring` made and escaped itself."""
    return mark_safe(html)  # noqa: S308
