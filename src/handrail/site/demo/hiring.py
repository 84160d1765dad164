"""The demo's hires: two events of a hiring system, taken by the same action as real ones."""

from __future__ import annotations

from datetime import datetime, timedelta

from handrail.apps.hiring.actions import add_rule, take_hire
from handrail.apps.hiring.models import HireRecord
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.models import Program
from handrail.integrations.webhooks.parsed import HireEvent

HIRED = (("Noor Haddad", "Platform engineer"), ("Milo Brandt", "Field researcher"))


def tell_of_hires(program: Program, *, lead: Viewer, now: datetime) -> list[HireRecord]:
    """One hire whose job leads to the program, and one who waits in the queue for a word."""
    add_rule(program, title="engineer", by=lead, now=now)
    system = Viewer.system(lead.organization, "demo")
    monday = now.date() + timedelta(days=7 - now.weekday())
    return [
        take_hire(
            HireEvent(
                source="greenhouse",
                application=f"demo-{number}",
                undone=False,
                name=name,
                work_email="",
                personal_email="",
                job="",
                job_title=title,
                department="",
                start_date=monday + timedelta(weeks=number),
                occurred_at=now,
            ),
            connection="demo",
            delivery=f"demo-{number}",
            by=system,
            now=now,
        )
        for number, (name, title) in enumerate(HIRED, start=1)
    ]
