"""Small things that the forms of a chat share: pages, moments, what a form carries."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.dateformat import format as django_format
from django.utils.translation import gettext as _

from handrail.apps.calendars.refusals import SlotTaken
from handrail.apps.organizations.refusals import Invalid, Refusal
from handrail.apps.people.models import Person
from handrail.integrations import slack

WAIT = "wait"
LONGEST_OBJECTIVE = 280


def page(name: str, *args: object) -> str:
    """The whole address of a page, to go on there."""
    return f"{settings.BASE_URL}{reverse(name, args=[*args])}"


def short(at: datetime, person: Person) -> str:
    """A moment as this person reads it in a list."""
    local = at.astimezone(ZoneInfo(person.timezone))
    # Translators: Django date format of a day in a list, for example Tue 3 Feb
    day = django_format(local, _("D j M"))
    return f"{day}, {local:%H:%M} ({person.timezone})"


def refused_in(refusal: Refusal, person: Person) -> dict[str, str]:
    """Which field of a form a refusal belongs to, in words: its objective, or what was chosen."""
    if isinstance(refusal, SlotTaken):
        others = ", ".join(short(at, person) for at in refusal.alternatives)
        more = _(" Still free: %(times)s.") % {"times": others} if others else ""
        return {"choice": f"{refusal.message}{more}"}
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    missing = "objective" in fields or refusal.code == "no-objective"
    field = "objective" if missing else "choice"
    return {field: str(fields.get(field) or refusal.message)}


def only_shown(text: str) -> dict[str, Any]:
    """A form with nothing to fill in."""
    return slack.modal(WAIT, _("Ask a mentor"), [slack.section(text)], close=_("Got it"))


def objective_box(text: str) -> dict[str, Any]:
    """Where somebody writes what a session is for."""
    return slack.write(
        "objective",
        _("What do you want to be able to do afterwards?"),
        text=text,
        hint=_("One sentence. Your mentor reads it before the session."),
        longest=LONGEST_OBJECTIVE,
    )


def carried(submitted: slack.Submitted) -> dict[str, str]:
    """What we gave the form to carry; nothing where it is not ours."""
    try:
        found = json.loads(submitted.private or "{}")
    except ValueError:
        return {}
    return (
        {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
    )


def is_id(text: str) -> bool:
    """Whether this could be the id of anything here."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
