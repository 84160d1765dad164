"""Pairs that are matched with others from now on: nobody reads them but the engine."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.matches.models import DecisionKind, PairDecision, Parting
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.people.queries import excluded_pairs
from handrail.apps.programs.models import Program

# A parting answers as a private wish does: who reads it cannot tell the one from the other.
PARTED = "not_with"


def excluded_in(program: Program) -> dict[tuple[int, int], str]:
    """Pairs of person ids, in both orders, that may not be matched in this program, with a code."""
    found = excluded_pairs()
    for mentee, mentor in Parting.objects.filter(program=program).values_list(
        "mentee_id", "mentor_id"
    ):
        found[mentee, mentor] = found[mentor, mentee] = PARTED
    return found


def kept_apart(program: Program) -> set[tuple[int, int]]:
    """Pairs of person ids, in both orders, that may not meet here even where mentors are chosen.

    A private wish, a line of reports or a parting; who met lately may meet again.
    """
    return {pair for pair, code in excluded_in(program).items() if code != "recent"}


def part(program: Program, mentee: Person, mentor: Person, *, by: Viewer, now: datetime) -> bool:
    """Match these two with others from now on; False where it was so already.

    A lead's pin of the two ends with it. Runs in the caller's transaction, which has checked
    whose wish it is.
    """
    _parting, is_new = Parting.objects.get_or_create(
        organization=by.organization,
        program=program,
        mentee=mentee,
        mentor=mentor,
        defaults={"parted_at": now},
    )
    PairDecision.objects.filter(
        program=program, mentee=mentee, mentor=mentor, kind=DecisionKind.PIN
    ).delete()
    return is_new
