"""Verbs on intakes and cohorts: open, form, start; opt out, leave, take an offer; the clock."""

from handrail.apps.cohorts.actions.forming import form_groups, move_member
from handrail.apps.cohorts.actions.hired import (
    correct_first_day,
    give_back,
    give_place,
    hand_place_over,
)
from handrail.apps.cohorts.actions.holding import (
    hold_becomes,
    hold_seat,
    hold_until,
    release_hold,
)
from handrail.apps.cohorts.actions.intakes import call_off, edit_intake, open_intake, take_in
from handrail.apps.cohorts.actions.mentoring import mentor_gone, name_mentor
from handrail.apps.cohorts.actions.places import (
    accept_offer,
    decline_offer,
    leave_cohort,
    opt_in,
    opt_out,
)
from handrail.apps.cohorts.actions.running import come_after_all, tend
from handrail.apps.cohorts.actions.starting import start_cohort

__all__ = [
    "accept_offer",
    "call_off",
    "come_after_all",
    "correct_first_day",
    "decline_offer",
    "edit_intake",
    "form_groups",
    "give_back",
    "give_place",
    "hand_place_over",
    "hold_becomes",
    "hold_seat",
    "hold_until",
    "leave_cohort",
    "mentor_gone",
    "move_member",
    "name_mentor",
    "open_intake",
    "opt_in",
    "opt_out",
    "release_hold",
    "start_cohort",
    "take_in",
    "tend",
]
