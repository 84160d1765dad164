"""What every page knows: who looks, where they can go, whose house it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from handrail.apps.hiring.access import may_recruit
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.queries import led_programs
from handrail.web.offline_words import device_words


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation."""

    label: str
    url: str
    icon: str  # a name in the icon sheet
    current: bool


def page(request: HttpRequest) -> dict[str, Any]:
    """Give templates the viewer, the navigation and the organisation's name."""
    viewer = getattr(request, "viewer", None)
    if viewer is None:
        return {"viewer": None, "navigation": [], "organization_name": ""}
    return {
        "viewer": viewer,
        "navigation": navigation(viewer, request),
        "organization_name": viewer.organization.name,
        "now": getattr(request, "now", None),
        "device": {
            "words": device_words(),
            "worker": reverse("offline_worker") if settings.OFFLINE else "",
        },
    }


def sees_reports(viewer: Viewer) -> bool:
    """Whether reports are a place for this viewer; the reports themselves decide again."""
    if viewer.is_administrator or viewer.is_analyst or viewer.is_auditor:
        return True
    return viewer.person_id is not None and led_programs(viewer).exists()


def navigation(viewer: Viewer, request: HttpRequest) -> list[Place]:
    """The places this viewer can go to; what they cannot open is not listed."""
    match = getattr(request, "resolver_match", None)
    here = str(match.view_name) if match else ""
    places = [(_("Today"), "today", "house")]
    if viewer.person_id is not None:
        places.append((_("Sessions"), "sessions", "calendar"))
    places.append((_("Answers"), "answers", "answer"))
    places.append((_("Programs"), "programs", "layers"))
    places.append((_("People"), "people", "users"))
    if may_recruit(viewer):
        places.append((_("Hiring"), "hiring", "door"))
    if sees_reports(viewer):
        places.append((_("Reports"), "reports", "chart"))
    if viewer.is_administrator or viewer.is_auditor:
        places.append((_("Audit"), "audit", "list"))
    places.append((_("Settings"), "settings", "settings"))
    return [
        Place(label=label, url=reverse(name), icon=icon, current=_section(here) == name)
        for label, name, icon in places
    ]


def _section(name: str) -> str:
    """Which place a page belongs to, by how its name begins."""
    for section, beginnings in SECTIONS.items():
        if name.startswith(beginnings):
            return section
    return name


SECTIONS = {
    "settings": (
        "settings",
        "answers_settings",
        "account",
        "mfa",
        "usersessions",
        "api_key",
        "organization_settings",
        "closed_day",
        "mail_in",
        "calendar",
        "connection",
        "harm",
        "records",
        "impact",
        "erasure",
        "sign_in_settings",
        "saml_new",
        "provider",
        "linked",
        "directory",
        "search_settings",
        "chat",
    ),
    "programs": (
        "program",
        "session_book",
        "match",
        "project",
        "intake",
        "cohort",
        "office_hours",
        "my_turns",
        "turn_",
        "rota",
        "retreat",
        "somebody_else",
        "quiet_question",
        "hire",
    ),
    "answers": ("answer", "question"),
    "sessions": ("session", "room", "request", "appeal", "attest"),
    "people": ("people", "person"),
    "hiring": ("hiring", "job", "offer", "promise"),
    "reports": ("report",),
}
