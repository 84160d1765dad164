"""How long what is kept, what would go today, and letting it go.

A room registers what it keeps here: a function `(organization, before, do) -> int` that counts the
rows older than a moment and, where `do` is true, lets them go. Both are one function on one query,
so that what is told beforehand is what happens. It runs inside the organisation, and inside a
transaction where it does something.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import Invalid, NotAllowed
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.records.ledger import LET_GO
from handrail.apps.records.models import RetentionPeriod

Letting = Callable[[Organization, datetime, bool], int]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of what is kept: its words, its period in days and between what it may be set."""

    words: Any
    days: int
    least: int
    most: int
    lets_go: str  # dotted path of a Letting
    verb: str = "retention.purged"


KINDS: dict[str, Kind] = {
    "events": Kind(
        gettext_lazy("What came in by connections and was put aside, after it came"),
        30,
        1,
        30,
        "handrail.apps.records.letting_go.events",
    ),
    "offers": Kind(
        gettext_lazy("Who got an offer that was not accepted, after it ended; it still counts"),
        180,
        30,
        1095,
        "handrail.apps.hiring.letting_go.dead_offers",
    ),
    "notes": Kind(
        gettext_lazy("Notes of sessions and their earlier versions, after the program's end"),
        365,
        30,
        3650,
        "handrail.apps.records.letting_go.notes",
    ),
    "harm": Kind(
        gettext_lazy("Reports of harm, after they were closed"),
        730,
        180,
        3650,
        "handrail.apps.safeguarding.letting_go.closed_reports",
    ),
    "audit": Kind(
        gettext_lazy("The record of who did what, and of who opened a report"),
        730,
        180,
        3650,
        "handrail.apps.records.letting_go.audit",
        LET_GO,
    ),
}


@dataclass(frozen=True, slots=True)
class Period:
    """One kind as it stands in an organisation, with what would go now."""

    kind: str
    words: str
    days: int
    usual: int
    least: int
    most: int
    would_go: int


def periods(*, by: Viewer, now: datetime, kinds: Mapping[str, Kind] = KINDS) -> list[Period]:
    """Every period with how many rows would go now; nothing goes."""
    _only_administrator(by)
    with reading(by.organization):
        set_days = _set_days()
        return [
            Period(
                name,
                str(kind.words),
                days := set_days.get(name, kind.days),
                kind.days,
                kind.least,
                kind.most,
                _lets_go(kind)(by.organization, now - timedelta(days=days), False),
            )
            for name, kind in kinds.items()
        ]


def set_periods(days: Mapping[str, int], *, by: Viewer, now: datetime) -> None:
    """Keep these kinds for so many days from now on."""
    _only_administrator(by)
    problems = {}
    for name, wanted in days.items():
        kind = KINDS.get(name)
        if kind is None:
            problems[name] = _("There is no such kind.")
        elif not kind.least <= wanted <= kind.most:
            problems[name] = _("Choose %(least)d to %(most)d days.") % {
                "least": kind.least,
                "most": kind.most,
            }
    if problems:
        raise Invalid(_("The periods were not saved. Correct the fields."), fields=problems)
    with writing(by.organization):
        stood = _set_days()
        for name, wanted in days.items():
            if wanted == stood.get(name, KINDS[name].days):
                continue
            RetentionPeriod.objects.update_or_create(
                organization=by.organization, kind=name, defaults={"days": wanted, "set_at": now}
            )
            record_audit(
                by=by,
                verb="retention.period_set",
                object_type="organization",
                object_id=by.organization.public_id,
                detail={"kind": name, "days": wanted},
                now=now,
            )


def let_go(*, by: Viewer, now: datetime, kinds: Mapping[str, Kind] = KINDS) -> dict[str, int]:
    """Let go of what is older than its period, kind by kind; says how many of each."""
    if not by.is_system:
        raise NotAllowed("The clock lets things go.")
    gone = {}
    for name, kind in kinds.items():
        with writing(by.organization):
            before = now - timedelta(days=_set_days().get(name, kind.days))
            n = _lets_go(kind)(by.organization, before, True)
            if n:
                gone[name] = n
                record_audit(
                    by=by,
                    verb=kind.verb,
                    object_type="organization",
                    object_id=by.organization.public_id,
                    detail={"kind": name, "before": before.isoformat(), "rows": n},
                    now=now,
                )
    return gone


def run_letting_go(row: OutboxRow, now: datetime) -> None:
    """Let go by the clock."""
    let_go(by=Viewer.system(row.organization, "clock"), now=now)


def _lets_go(kind: Kind) -> Letting:
    found: Letting = import_string(kind.lets_go)
    return found


def _set_days() -> dict[str, int]:
    return dict(RetentionPeriod.objects.values_list("kind", "days"))


def _only_administrator(by: Viewer) -> None:
    if not by.is_administrator:
        raise NotAllowed(_("Only an administrator decides how long things are kept."))
