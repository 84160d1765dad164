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
    runs_days: int = 0  # of the program, where longer than what one mentee has; 0: `within_days`


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

CODE_REVIEW_START = ProgramTemplate(
    key="code-review-start",
    model=ProgramModel.SPEED,
    name=gettext_noop("Code review start"),
    summary=gettext_noop(
        "Two 20-minute sessions within 21 days: first a review is read together, then one is given."
    ),
    session_minutes=20,
    sessions_per_mentee=2,
    within_days=21,
    late_cancel_minutes=120,
    checklist=(
        gettext_noop("Choose one real change of at most 200 lines"),
        gettext_noop("Read it alone for ten minutes and note your first three questions"),
        gettext_noop("Say which kind of remark you are least sure about"),
    ),
    artifact_prompts={
        "learned": gettext_noop("Which remark mattered most, and why?"),
        "next_step": gettext_noop("Which change do you review next, and by when?"),
    },
    objective=gettext_noop("Review a change in {skill} so that its author can act on it"),
)

FIRST_ON_CALL = ProgramTemplate(
    key="first-on-call",
    model=ProgramModel.SPEED,
    name=gettext_noop("First on call"),
    summary=gettext_noop(
        "Three 25-minute sessions within 42 days: before the first shift, during it, and after it."
    ),
    session_minutes=25,
    sessions_per_mentee=3,
    within_days=42,
    late_cancel_minutes=240,
    checklist=(
        gettext_noop("Sign in to the alerts and dashboards once, from the machine you will use"),
        gettext_noop("Read the notes of one past incident"),
        gettext_noop("Write down whom you would call at three in the morning, and when"),
        gettext_noop("Bring the one alert you would not know what to do about"),
    ),
    artifact_prompts={
        "learned": gettext_noop("What would you do first now, and what would you leave alone?"),
        "next_step": gettext_noop("Which gap in the notes do you close?"),
    },
    objective=gettext_noop("Handle the first ten minutes of an alert in {skill} on my own"),
)

DESIGN_NOTE = ProgramTemplate(
    key="design-note",
    model=ProgramModel.SPEED,
    name=gettext_noop("Writing a design note"),
    summary=gettext_noop(
        "Two 30-minute sessions within 30 days: one on the question, one on the draft."
    ),
    session_minutes=30,
    sessions_per_mentee=2,
    within_days=30,
    late_cancel_minutes=240,
    checklist=(
        gettext_noop("Write the problem in two sentences, without a solution"),
        gettext_noop("List two ways to solve it and what each would cost"),
        gettext_noop("Name the person who has to agree in the end"),
    ),
    artifact_prompts={
        "learned": gettext_noop("What was decided, and what was left out on purpose?"),
        "next_step": gettext_noop("Who reads the next draft, and until when?"),
    },
    objective=gettext_noop("Write a design note about {skill} that others can decide on"),
)

OFFICE_HOURS = ProgramTemplate(
    key="office-hours",
    model=ProgramModel.OFFICE_HOURS,
    name=gettext_noop("Office hours"),
    summary=gettext_noop(
        "Two hours a week for twelve weeks, held by mentors in turn; everybody books 20 minutes."
    ),
    session_minutes=20,
    sessions_per_mentee=12,
    within_days=84,
    late_cancel_minutes=120,
    checklist=(
        gettext_noop("Write your question down in one sentence"),
        gettext_noop("Note what you already tried"),
        gettext_noop("Have the place where you are stuck open"),
    ),
    artifact_prompts={
        "learned": gettext_noop("What was learned or decided?"),
        "next_step": gettext_noop("What is the next step?"),
    },
    objective=gettext_noop("Get unstuck with {skill}"),
)

FIRST_PROJECT = ProgramTemplate(
    key="first-project",
    model=ProgramModel.PROJECT,
    name=gettext_noop("First project"),
    summary=gettext_noop(
        "One mentor for an early project of twelve weeks, with a 20-minute check-in every week."
    ),
    session_minutes=20,
    sessions_per_mentee=12,
    within_days=84,
    late_cancel_minutes=240,
    checklist=(
        gettext_noop("Show what changed since the last check-in: a link, a screen, a sketch"),
        gettext_noop("Say whether the next step of last time is done, and if not, why"),
        gettext_noop("Bring the one decision you would rather not take alone"),
    ),
    artifact_prompts={
        "learned": gettext_noop("What was decided about the project, and why?"),
        "next_step": gettext_noop("What is done by the next check-in?"),
    },
    objective=gettext_noop("Bring a first project in {skill} to its end"),
)

LONG_PROJECT = ProgramTemplate(
    key="long-project",
    model=ProgramModel.PROJECT,
    name=gettext_noop("Half-year project"),
    summary=gettext_noop(
        "One mentor for a project of 26 weeks, with a 30-minute check-in every two weeks."
    ),
    session_minutes=30,
    sessions_per_mentee=12,
    within_days=182,
    late_cancel_minutes=240,
    checklist=(
        gettext_noop("Write down in three lines where the project stands"),
        gettext_noop("Name what could stop it in the next two weeks"),
        gettext_noop("Choose what you want to talk about first"),
        gettext_noop("Have the plan open, with the dates that moved"),
    ),
    artifact_prompts={
        "learned": gettext_noop("What was decided, and which risk got smaller?"),
        "next_step": gettext_noop("What is done in two weeks, and who has to agree?"),
    },
    objective=gettext_noop("Lead a project in {skill} from its plan to its end"),
)

FIRST_TWELVE_WEEKS = ProgramTemplate(
    key="first-twelve-weeks",
    model=ProgramModel.COHORT,
    name=gettext_noop("First twelve weeks"),
    summary=gettext_noop(
        "Six to eight new hires and one mentor, half an hour a week for twelve weeks. Everybody who"
        " starts is in and may opt out in private; afterwards they meet once a month."
    ),
    session_minutes=30,
    sessions_per_mentee=12,
    within_days=84,
    runs_days=364,
    late_cancel_minutes=120,
    checklist=(
        gettext_noop("Write down what you tried since last time, in two sentences"),
        gettext_noop("Choose the one thing you bring today"),
        gettext_noop("Read what the group agreed last time"),
    ),
    artifact_prompts={
        "learned": gettext_noop("What did the group find out that helps the next new hire?"),
        "next_step": gettext_noop("What does each of you try until next time?"),
    },
    objective=gettext_noop("Stand on my own feet in {skill}"),
)

WORKSHEET_CIRCLE = ProgramTemplate(
    key="worksheet-circle",
    model=ProgramModel.COHORT,
    name=gettext_noop("Worksheet circle"),
    summary=gettext_noop(
        "Six to eight new hires fill in a short sheet each week and go through it with one mentor:"
        " what they tried, what worked, what comes next. Twelve weeks, then a light tail."
    ),
    session_minutes=25,
    sessions_per_mentee=12,
    within_days=84,
    runs_days=364,
    late_cancel_minutes=120,
    checklist=(
        gettext_noop("Fill in your sheet: what I tried, what worked, what did not"),
        gettext_noop("Mark the one line you would like others to look at"),
        gettext_noop("Read one other sheet beforehand"),
    ),
    artifact_prompts={
        "learned": gettext_noop("What worked for somebody, and could for others?"),
        "next_step": gettext_noop("Who tries what until next time?"),
    },
    objective=gettext_noop("Get better at {skill}, one sheet a week"),
)

TEMPLATES: dict[str, ProgramTemplate] = {
    template.key: template
    for template in (
        TOOLING_START,
        CODE_REVIEW_START,
        FIRST_ON_CALL,
        DESIGN_NOTE,
        OFFICE_HOURS,
        FIRST_PROJECT,
        LONG_PROJECT,
        FIRST_TWELVE_WEEKS,
        WORKSHEET_CIRCLE,
    )
}

SESSION_MINUTES_MESSAGE = _("A session lasts 20 to 30 minutes. Choose a length in that range.")
