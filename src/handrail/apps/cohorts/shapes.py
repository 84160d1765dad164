"""What the twelve weeks of a cohort are about, by program template; a lead may change each line."""

from __future__ import annotations

from django.utils.translation import gettext_noop

FIRST_WEEKS = (
    gettext_noop("Say what works here, what does not, and what I need first"),
    gettext_noop("Draw who does what around my work, and whom I ask"),
    gettext_noop("Show my first small result and what it took"),
    gettext_noop("Get unstuck on the one thing that cost me most time"),
    gettext_noop("Ask for feedback on one piece of work, and give some"),
    gettext_noop("Look at half-time: what to keep, what to drop"),
    gettext_noop("Explain one decision of the team that puzzled me"),
    gettext_noop("Plan a piece of work of my own from start to end"),
    gettext_noop("Practise the conversation that I put off"),
    gettext_noop("Write down what I wish I had known in week one"),
    gettext_noop("Show what I finished, and what it changed"),
    gettext_noop("Say what I go on with, and whom I keep asking"),
)
WORKSHEETS = (
    gettext_noop("Write down what I try this week, and how I will notice whether it works"),
    gettext_noop("Compare what worked with my neighbour's sheet, and take one thing over"),
    gettext_noop("Take one hard case apart together"),
)
THEMES: dict[str, tuple[str, ...]] = {
    "first-twelve-weeks": FIRST_WEEKS,
    "worksheet-circle": tuple(WORKSHEETS[week % len(WORKSHEETS)] for week in range(12)),
}
TAIL_THEME = gettext_noop("Look back on the month: what lasted, what is stuck")


def themes_of(template: str) -> tuple[str, ...]:
    """The objectives of the twelve weeks that a template starts with."""
    return THEMES.get(template, FIRST_WEEKS)
