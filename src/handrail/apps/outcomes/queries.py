"""Questions about outcomes: how good the data are, and what was corrected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Min, QuerySet
from django.utils.translation import gettext as _

from handrail.apps.connections.events import AUTHOR_UNKNOWN
from handrail.apps.connections.models import Event, EventState
from handrail.apps.connections.queries import connections_of_kind
from handrail.apps.organizations.refusals import NotAllowed
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outcomes.models import Gap, JobOffer, RoleRecord, Source, Tick, Waiver
from handrail.apps.people.models import (
    CompetencyEvent,
    EmploymentSpell,
    LedgerCorrection,
    Person,
    SpellBasis,
    TakesPartAs,
)
from handrail.apps.people.queries import still_here
from handrail.apps.programs.models import Program
from handrail.apps.programs.queries import led_programs
from handrail.domain.evidence.retention import Basis, Spell, reporting_lag
from handrail.integrations.webhooks.merges import MERGES

HOOK = "hook:"  # how the source of a change begins that a connection told of
QUIET_DAYS = 30  # a source that said nothing for so long is asked about


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """What is known of one source on a day."""

    source: Source
    rows: int
    people: int
    last_event: date | None
    last_known: date | None
    lag_days: int | None  # within which 95 % were known; None: nothing to tell it from
    bots: int
    unlinked: int
    without: int | None  # people here who take part and have nothing in this source
    waived: tuple[str, ...] = ()
    waiting: int = 0  # changes of authors whom nobody is linked to
    known_from: datetime | None = None  # who started before is unknown in it

    @property
    def is_connected(self) -> bool:
        """Whether anything ever came."""
        return self.rows > 0

    def is_quiet(self, today: date) -> bool:
        """Whether it said nothing for a month."""
        return self.last_known is not None and (today - self.last_known).days > QUIET_DAYS


@dataclass(frozen=True, slots=True)
class DataHealth:
    """All sources of an organisation, and the newest corrections."""

    day: date
    sources: tuple[SourceHealth, ...]
    corrections: tuple[LedgerCorrection, ...]
    corrected: int
    waiting_ticks: int  # said by one of two
    activity_spells: int  # stays that were read from activity, not from employment


def may_see_health(viewer: Viewer) -> bool:
    """Administrators, analysts, auditors, and leads of a program."""
    if not viewer.may("reports:read"):
        return False
    if viewer.is_administrator or viewer.is_analyst or viewer.is_auditor:
        return True
    return led_programs(viewer).exists()


def data_health(viewer: Viewer, *, now: datetime) -> DataHealth:
    """Each source with its last event, its lag and its gaps; NotAllowed where it is not theirs."""
    if not may_see_health(viewer):
        raise NotAllowed(
            _("Reports are for leads of a program, analysts, auditors and administrators.")
        )
    today = now.astimezone(ZoneInfo(viewer.organization.timezone)).date()
    corrections = LedgerCorrection.objects.order_by("-corrected_at", "-id")
    return DataHealth(
        day=today,
        sources=tuple(_health(source, today) for source in Source),
        corrections=tuple(corrections[:20]),
        corrected=corrections.count(),
        waiting_ticks=Tick.objects.filter(event=None).count(),
        activity_spells=EmploymentSpell.objects.filter(basis=SpellBasis.ACTIVITY).count(),
    )


def is_connected(source: str) -> bool:
    """Whether anything ever came from this source."""
    if source in (Source.MERGES, Source.TASKS):
        kind = "merge" if source == Source.MERGES else "task"
        if CompetencyEvent.objects.filter(kind=kind).exists():
            return True
        proven = connections_of_kind(*MERGES).exclude(event_at=None)
        return source == Source.MERGES and proven.exists()
    if source == Source.EMPLOYMENT:
        return EmploymentSpell.objects.filter(basis=SpellBasis.EMPLOYMENT).exists()
    return (RoleRecord if source == Source.ROLES else JobOffer).objects.exists()


def merges_known_from() -> datetime | None:
    """Since when merged changes are known; None where a history says what was before.

    Whoever started earlier may have merged before anybody told us: when they first did is unknown,
    which is another thing than "not yet".
    """
    merges = CompetencyEvent.objects.filter(kind="merge")
    if merges.exclude(source__startswith=HOOK).exists():
        return None
    since: datetime | None = connections_of_kind(*MERGES).aggregate(first=Min("connected_at"))[
        "first"
    ]
    told = merges.aggregate(first=Min("occurred_at"))["first"]
    return since or told


def waivers_of(program: Program) -> QuerySet[Waiver]:
    """What was waived in writing for a program, the oldest first."""
    return Waiver.objects.filter(program=program)


def _health(source: Source, today: date) -> SourceHealth:
    gap = Gap.objects.filter(source=source).order_by("-noted_at", "-id").first()
    waived = tuple(
        Waiver.objects.filter(source=source)
        .order_by("program__name")
        .values_list("program__name", flat=True)
    )
    pairs, people = _pairs(source)
    # What lies ahead, as in a history that was moved in time, has not happened yet.
    happened = [day for day, _known in pairs if day <= today]
    return SourceHealth(
        source=source,
        rows=len(pairs),
        people=len(people),
        last_event=max(happened, default=None),
        last_known=max((known for _day, known in pairs if known <= today), default=None),
        lag_days=_lag(pairs),
        bots=gap.bots if gap else 0,
        unlinked=gap.unlinked if gap else 0,
        without=_without(people, today) if pairs and source != Source.OFFERS else None,
        waived=waived,
        waiting=_waiting() if source == Source.MERGES else 0,
        known_from=merges_known_from() if source == Source.MERGES else None,
    )


def _waiting() -> int:
    return Event.objects.filter(state=EventState.PARKED, reason=AUTHOR_UNKNOWN).count()


def _pairs(source: Source) -> tuple[list[tuple[date, date]], set[int]]:
    """Each fact as (happened, known since), and the people with any."""
    if source in (Source.MERGES, Source.TASKS):
        kind = "merge" if source == Source.MERGES else "task"
        events = CompetencyEvent.objects.filter(kind=kind).values_list(
            "person_id", "occurred_at", "known_since"
        )
        rows = [(pk, at.date(), known or at.date()) for pk, at, known in events]
    elif source == Source.EMPLOYMENT:
        spells = EmploymentSpell.objects.filter(basis=SpellBasis.EMPLOYMENT).values_list(
            "person_id", "started_on", "start_known_since", "ended_on", "end_known_since"
        )
        rows = []
        for pk, started, start_known, ended, end_known in spells:
            rows.append((pk, ended or started, end_known or start_known))
    elif source == Source.ROLES:
        rows = list(
            RoleRecord.objects.filter(superseded_at=None).values_list(
                "person_id", "effective_on", "known_since"
            )
        )
    else:
        offers = JobOffer.objects.filter(superseded_at=None)
        rows = [
            (0, one.decided_on or one.offered_on or one.assigned_on or one.known_since,
             one.known_since)
            for one in offers
        ]  # fmt: skip
    people = {pk for pk, _day, _known in rows} - {0}
    return [(day, known) for _pk, day, known in rows], people


def _lag(pairs: list[tuple[date, date]]) -> int | None:
    if not pairs:
        return None
    facts = [Spell(day, day, max(day, known)) for day, known in pairs]
    return reporting_lag(facts, basis=Basis.EMPLOYMENT, cut=date.max)


def _without(people: set[int], today: date) -> int:
    here = still_here(today).filter(role=TakesPartAs.MENTEE).values_list("pk", flat=True)
    return len(set(here) - people)


def level_of(person: Person, day: date) -> str:
    """The level of a person's role on a day, as far as it was known; empty if it is not."""
    record = (
        RoleRecord.objects.filter(
            person=person, effective_on__lte=day, known_since__lte=day, superseded_at=None
        )
        .order_by("-effective_on")
        .first()
    )
    return record.level if record else ""


def last_event(source: str, *, today: date) -> date | None:
    """The day of the newest fact of a source, of those that have happened."""
    pairs, _people = _pairs(Source(source))
    return max((day for day, _known in pairs if day <= today), default=None)


__all__ = [
    "DataHealth",
    "SourceHealth",
    "data_health",
    "is_connected",
    "last_event",
    "level_of",
    "may_see_health",
    "waivers_of",
]
