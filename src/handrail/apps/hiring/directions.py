"""Where somebody's job leads, for whoever would take them in by default."""

from __future__ import annotations

from collections.abc import Iterable

from handrail.apps.hiring.models import HireRecord
from handrail.apps.hiring.standing import leads_to, rules_now
from handrail.apps.identity.models import Entry
from handrail.apps.programs.models import Program
from handrail.domain.hiring import rule_for


def belong_elsewhere(program: Program, people: Iterable[int]) -> set[int]:
    """Who of these people is hired for a job of another program, or by a lead's word for none.

    The hire counts first, then the title and department that a directory tells. Whose job leads
    nowhere may come in.
    """
    found: set[int] = set()
    seen: set[int] = set()
    hires = HireRecord.objects.filter(person__in=people, undone=False).select_related("program")
    for hire in hires.order_by("-created_at", "-pk"):
        if hire.person_id is None or hire.person_id in seen:
            continue
        seen.add(hire.person_id)
        to = hire.program
        if to is None and (leads := leads_to(hire, rules_now(hire.source))) is not None:
            to = leads.program
        if hire.closed_at is not None or (to is not None and to.pk != program.pk):
            found.add(hire.person_id)
    rules = rules_now()
    entries = Entry.objects.filter(person__in=people, active=True).exclude(person__in=seen)
    for entry in entries.exclude(title="", department=""):
        rule = rule_for([one for one, _to in rules], "", entry.title, entry.department)
        leads = next((to for one, to in rules if one == rule), None) if rule else None
        if leads is not None and leads.program.pk != program.pk:
            found.add(entry.person_id)
    return found
