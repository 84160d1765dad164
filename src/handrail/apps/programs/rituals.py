"""What every session of a program has: checklist, prompts, objectives, what a no-show means."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.programs.models import Program

# The texts of an artifact that a program may ask for in its own words.
PROMPTED = ("learned", "next_step")
LONGEST_LINE = 200
LONGEST_CONSEQUENCES = 1000

RITUALS = frozenset(
    {
        "checklist",
        "artifact_prompts",
        "objectives_per_mentee",
        "grace_minutes",
        "no_show_limit",
        "no_show_weeks",
        "no_show_pause_days",
        "consequences",
    }
)


def ritual_problems(program: Program) -> dict[str, str]:
    """What cannot stand, by field, with what to do."""
    fields: dict[str, str] = {}
    if not 3 <= len(program.checklist) <= 5:
        fields["checklist"] = _("A checklist has three to five lines. Add or remove some.")
    elif any(not 1 <= len(line) <= LONGEST_LINE for line in program.checklist):
        fields["checklist"] = _("Each checklist line has at most 200 characters.")
    if set(program.artifact_prompts) - set(PROMPTED):
        fields["artifact_prompts"] = _("An artifact asks for learned and next_step.")
    elif any(len(text) > LONGEST_LINE for text in program.artifact_prompts.values()):
        fields["artifact_prompts"] = _("Each question has at most 200 characters.")
    if not 0 <= program.objectives_per_mentee <= 5:
        fields["objectives_per_mentee"] = _("Choose between 0 and 5 objectives.")
    if not 5 <= program.grace_minutes <= program.session_minutes:
        fields["grace_minutes"] = _(
            "Choose between 5 minutes and the %(minutes)d minutes of a session."
        ) % {"minutes": program.session_minutes}
    if not 0 <= program.no_show_limit <= 10:
        fields["no_show_limit"] = _("Choose between 0 and 10 sessions.")
    if not 1 <= program.no_show_weeks <= 52:
        fields["no_show_weeks"] = _("Choose between 1 and 52 weeks.")
    if not 1 <= program.no_show_pause_days <= 90:
        fields["no_show_pause_days"] = _("Choose between 1 and 90 days.")
    if len(program.consequences) > LONGEST_CONSEQUENCES:
        fields["consequences"] = _("Say it in at most 1,000 characters.")
    return fields


def consequences_of(program: Program) -> list[str]:
    """What happens when somebody does not come, in sentences: the lead's words, then the rule."""
    said = [line.strip() for line in program.consequences.splitlines() if line.strip()]
    said.append(
        _(
            "Who is not here %(minutes)d minutes after the start, and has not cancelled, is"
            " recorded as a no-show."
        )
        % {"minutes": program.grace_minutes}
    )
    if program.no_show_limit:
        times = ngettext(
            "After %(n)d no-show within %(weeks)d weeks",
            "After %(n)d no-shows within %(weeks)d weeks",
            program.no_show_limit,
        ) % {"n": program.no_show_limit, "weeks": program.no_show_weeks}
        said.append(
            ngettext(
                "%(times)s a mentee books nothing new for %(days)d day; what is booked stays.",
                "%(times)s a mentee books nothing new for %(days)d days; what is booked stays.",
                program.no_show_pause_days,
            )
            % {"times": times, "days": program.no_show_pause_days}
        )
    else:
        said.append(_("It changes nothing about what you may book."))
    said.append(
        _(
            "If it was otherwise, say so in a sentence: the other person or a lead can correct it."
            " It never counts against the one who came."
        )
    )
    said.append(_late_words(program))
    return said


def _late_words(program: Program) -> str:
    minutes = program.late_cancel_minutes
    if not minutes:
        return _("You may cancel up to the start.")
    if minutes % 60:
        span = ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    else:
        span = ngettext("%(n)d hour", "%(n)d hours", minutes // 60) % {"n": minutes // 60}
    return _("A cancellation less than %(span)s before stands apart: late, and no no-show.") % {
        "span": span
    }
