"""What a hire waits for, in words, and what there is to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from handrail.apps.hiring.models import HireRecord, HireRule, Waits
from handrail.apps.programs.models import Program


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the queue in words: what is the matter, and what to do."""

    matter: str
    todo: str


def rule_words(rule: HireRule) -> str:
    """What a rule asks of a job: its reference, words of its title, its department."""
    said = []
    if rule.job:
        said.append(_("job %(job)s") % {"job": rule.job})
    if rule.title:
        said.append(_("title with “%(title)s”") % {"title": rule.title})
    if rule.department:
        said.append(_("department %(department)s") % {"department": rule.department})
    return capfirst(", ".join(said))


def said_of(why: str, hire: HireRecord, program: Program | None = None) -> Said:
    """The words for a code of `Waits`, for "approve" and for "no_address"."""
    program = hire.program or program
    name = {"program": program.name if program else ""}
    words = {
        Waits.NO_JOB: (
            _("No program is named for this job."),
            _("Choose the program. You can have it so for every later hire, too."),
        ),
        Waits.NO_DATE: (
            _("Nobody said when this person starts."),
            _("Give the first day, and a seat is held at once."),
        ),
        Waits.NO_NAME: (
            _("Nobody said who this is."),
            _("Give the name, and a seat is held at once."),
        ),
        Waits.NO_INTAKE: (
            _("%(program)s has no open intake on or after the first day.") % name
            if program
            else _("No open intake starts on or after the first day."),
            _("Open an intake. This hire comes into it by itself."),
        ),
        Waits.DOUBTFUL: (
            _("This hire was undone, and told of again without saying which came last."),
            _("Say whether this person comes after all."),
        ),
        Waits.HERE_ALREADY: (
            _("This person has been here since an earlier day."),
            _("Say whether they come in although they are not new."),
        ),
        Waits.BEGUN: (
            _("This hire was undone after the first day."),
            _("Say whether they ever came. Their seat is free again either way."),
        ),
        Waits.REFUSED: (
            _("The program could not take them: they have another part in it, or it is over."),
            _("Choose another program, or say that they come into none."),
        ),
        "approve": (
            _("A seat is held. Nobody has told them yet."),
            _("Look at it once, then let the mail go. On the first day it goes by itself."),
        ),
        "no_address": (
            _("There is no work address, so invitations cannot reach them."),
            _("Give the work address."),
        ),
    }
    matter, todo = words.get(why, (_("This hire waits."), ""))
    return Said(str(matter), str(todo))
