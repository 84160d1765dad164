"""Program templates: validated structures that give a running program in one click."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from handrail.apps.programs.models import ProgramModel


@dataclass(frozen=True, slots=True)
class ProgramTemplate:
    """The starting values of a program; a lead may change each of them."""

    key: str
    model: ProgramModel
    name: str
    summary: str
    session_minutes: int
    sessions_per_mentee: int
    within_days: int
    late_cancel_minutes: int
    checklist: tuple[str, ...]
    artifact_prompts: dict[str, str]
    objective: str  # with {skill}


TOOLING_START = ProgramTemplate(
    key="tooling-start",
    model=ProgramModel.SPEED,
    name=gettext_noop("Tooling start"),
    summary=gettext_noop(
        "Three 20-minute sessions within 30 days, each with somebody strong at that one tool."
    ),
    session_minutes=20,
    sessions_per_mentee=3,
    within_days=30,
    late_cancel_minutes=120,
    checklist=(
        gettext_noop("Write down the one thing you want to be able to do afterwards"),
        gettext_noop("Have the tool or repository open, and the place where you are stuck"),
        gettext_noop("Note what you already tried"),
        gettext_noop("Test your sound and screen sharing"),
    ),
    artifact_prompts={
        "learned": gettext_noop("What was learned or decided?"),
        "next_step": gettext_noop("What is the next step?"),
    },
    objective=gettext_noop("Make my first own change in {skill}"),
)

TEMPLATES: dict[str, ProgramTemplate] = {TOOLING_START.key: TOOLING_START}

SESSION_MINUTES_MESSAGE = _("A session lasts 20 to 30 minutes. Choose a length in that range.")
