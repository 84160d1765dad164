"""Which jobs lead to which program: kept as rules that a lead makes and takes away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from handrail.apps.hiring.actions.settling import locked, settle
from handrail.apps.hiring.models import HireRecord, HireRule, Waits
from handrail.apps.hiring.roles import require_rules
from handrail.apps.hiring.standing import as_rule
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.models import Program, ProgramStatus


def draft_rule(
    program: Program,
    *,
    job: str = "",
    title: str = "",
    department: str = "",
    asks_lead: bool = True,
    by: Viewer,
    now: datetime,
) -> HireRule:
    """A rule as it would be kept, checked; nothing is written."""
    require_rules(by, program)
    rule = HireRule(
        organization=by.organization,
        program=program,
        job=" ".join(job.split()),
        title=" ".join(title.split()),
        department=" ".join(department.split()),
        asks_lead=asks_lead,
        created_at=now,
    )
    fields: dict[str, str] = {}
    if as_rule(rule).is_empty:
        fields["title"] = _("Give a job reference, words of the title, or a department.")
    for name, longest in (("job", 80), ("title", 160), ("department", 120)):
        if len(getattr(rule, name)) > longest:
            fields[name] = _("Longer than %(number)d characters. Shorten it.") % {"number": longest}
    if fields:
        raise Invalid(_("The rule cannot be kept like this."), fields=fields)
    return rule


def add_rule(program: Program, *, by: Viewer, now: datetime, **said: Any) -> HireRule:
    """Keep a rule, and let every hire that waited for one come into its program."""
    rule = draft_rule(program, by=by, now=now, **said)
    if program.status == ProgramStatus.CLOSED:
        raise Conflict(_("This program is closed. Nobody can be enrolled any more."))
    with writing(by.organization):
        same = HireRule.objects.filter(job=rule.job, title=rule.title, department=rule.department)
        if (other := same.select_related("program").first()) is not None:
            raise Conflict(
                _("There is such a rule already: it leads to %(program)s.")
                % {"program": other.program.name},
                code="rule-there",
            )
        rule.save()
        _audit("hire_rule.added", rule, by, now)
        waiting = HireRecord.objects.filter(waits=Waits.NO_JOB, closed_at=None).order_by("pk")
        # All at once and in order: whoever settles one of them has its lock before an intake's.
        for hire in list(waiting.select_for_update(of=("self",))):
            settle(locked(hire), now=now)
    return rule


def remove_rule(rule: HireRule, *, by: Viewer, now: datetime) -> None:
    """Take a rule away; who came in by it keeps their place."""
    require_rules(by, rule.program)
    with writing(by.organization):
        _audit("hire_rule.removed", rule, by, now)
        HireRule.objects.filter(pk=rule.pk).delete()


def _audit(verb: str, rule: HireRule, by: Viewer, now: datetime) -> None:
    record_audit(
        by=by,
        verb=verb,
        object_type="hire rule",
        object_id=rule.public_id,
        detail={"program": str(rule.program.public_id)},
        now=now,
    )
