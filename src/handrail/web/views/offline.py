"""What a browser asks for to work without a network: worker, kept page, manifest, own pack."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from handrail.apps.people.queries import team_skills
from handrail.apps.programs.queries import own_checklists
from handrail.web import offline
from handrail.web.entry import PageRequest, signed_in

ICONS = (("icons/192.png", "192x192", "any"), ("icons/512.png", "512x512", "any"))
MASKABLE = (("icons/maskable.png", "512x512", "maskable"),)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: at the root, so that it may answer for every page."""
    answer = HttpResponse(offline.worker_script(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def shell(request: HttpRequest, language: str) -> HttpResponse:
    """The kept page: the same for everybody, so a device may hold it after a sign-out."""
    if language not in offline.languages():
        raise Http404
    answer = HttpResponse(offline.shell(language))
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a device needs to install the pages beside its other programs."""
    answer = JsonResponse(
        {
            "name": "Handrail",
            "short_name": "Handrail",
            "id": "/",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "lang": get_language() or settings.LANGUAGE_CODE,
            "background_color": "#fdfdfb",
            "theme_color": "#2f6b3c",
            "icons": [
                {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
                for name, sizes, purpose in ICONS + MASKABLE
            ],
        },
        content_type="application/manifest+json",
    )
    answer["Cache-Control"] = "no-cache"
    return answer


@never_cache
@require_safe
@signed_in
def pack(request: PageRequest) -> HttpResponse:
    """What a device keeps for one person besides the answers: their checklists, and what matters.

    By the skills a device chooses where there are more answers than it keeps.
    """
    checklists = [
        {"program": name, "items": items} for name, items in own_checklists(request.viewer)
    ]
    return JsonResponse(
        {
            "account": str(request.viewer.account),
            "skills": team_skills(request.viewer),
            "checklists": checklists,
        }
    )
