"""What a report is made from: rows known at its cut and effective by then, without names.

People appear as p1, p2, ... in the order of their ids in the people list, so that the inputs can
be kept and replayed without saying who is who.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Min

from handrail import __version__
from handrail.apps.organizations.models import Organization
from handrail.apps.outcomes.queries import merges_known_from
from handrail.apps.people.models import (
    CompetencyEvent,
    EmploymentSpell,
    Person,
    SpellBasis,
    TakesPartAs,
)
from handrail.apps.programs.models import Enrolment, EnrolmentRole, Program
from handrail.apps.reports.beside import attendance_hidden
from handrail.apps.reports.endings import end_of, ending_of, sessions_until
from handrail.domain.evidence.attendance import CORRECTIONS, Ending

FORMAT = 1
NEWCOMER_DAYS = 26 * 7  # who started in so many days before a reference day is a newcomer
STARTER_DAYS = 78 * 7  # staying takes longer to see than a first merge
ONE_DAY = timedelta(days=1)

Rows = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Spell:
    """One stay as it is known at a cut."""

    started: date
    ended: date | None
    ended_known: date | None
    known_until: date | None
    basis: str


@dataclass(slots=True)
class Stay:
    """One person's clock, stays and first merge."""

    label: str
    zone: ZoneInfo
    is_mentor: bool = False
    spells: list[Spell] = field(default_factory=list)
    first_merge: datetime | None = None
    merges_known_from: datetime | None = None  # None: a history says what was before

    @property
    def merges_unknown(self) -> bool:
        """Whether they started before anything told of merges: when they first did is unknown."""
        known = self.merges_known_from
        return known is not None and bool(self.spells) and self.spells[0].started < self.day(known)

    def day(self, moment: datetime) -> date:
        """The day of a moment where this person lives."""
        return moment.astimezone(self.zone).date()

    @property
    def is_here_because_they_stayed(self) -> bool:
        """A mentor read from a history: whoever started with them and left is not in it."""
        return self.is_mentor and self.spells[0].basis == SpellBasis.ACTIVITY

    def spell_on(self, day: date) -> Spell | None:
        """The latest spell that had begun by this day."""
        begun = [spell for spell in self.spells if spell.started <= day]
        return begun[-1] if begun else None


def moment_of(organization: Organization, cut: date, now: datetime) -> datetime:
    """The end of the cut's day where the organisation is, or now where that is earlier."""
    end = datetime.combine(cut + ONE_DAY, time(), ZoneInfo(organization.timezone))
    return min(end.astimezone(UTC), now)


def gather(
    *, organization: Organization, program: Program | None, cut: date, now: datetime
) -> Rows:
    """Read everything that the report of this organisation or program at this cut needs."""
    moment = moment_of(organization, cut, now)
    stays = stays_at(cut, now)
    sessions, ahead = _sessions(program, moment, {pk: stay.label for pk, stay in stays.items()})
    if program is None:
        groups = [
            _group("newcomers", *_window(cut, NEWCOMER_DAYS), stays, first_merge=cut),
            _group("starters", *_window(cut, STARTER_DAYS), stays, retention=cut),
        ]
    else:
        before = program.starts_on - ONE_DAY
        window = _window(min(before, cut), NEWCOMER_DAYS)
        groups = [
            _program_group(program, stays, cut, moment),
            _group("newcomers", *window, stays, first_merge=window[1], retention=cut),
        ]
    return {
        "format": FORMAT,
        "version": __version__,
        "organization": organization.name,
        "timezone": organization.timezone,
        "program": None
        if program is None
        else {
            "name": program.name,
            "starts_on": program.starts_on.isoformat(),
            "ends_on": program.ends_on.isoformat(),
            "late_cancel_minutes": program.late_cancel_minutes,
        },
        "cut": cut.isoformat(),
        "moment": moment.isoformat(),
        "day_over": moment.astimezone(ZoneInfo(organization.timezone)).date() > cut,
        "merges_connected": any(stay.first_merge for stay in stays.values()),
        "sessions": sessions,
        "sessions_ahead": ahead,
        "groups": groups,
        "published": None if program is None else _published(stays, cut),
        "attendance_hidden": [] if program is None else attendance_hidden(program, moment),
        "leavings": [
            {"basis": spell.basis, "ended": _iso(spell.ended), "known": _iso(spell.ended_known)}
            for stay in stays.values()
            for spell in stay.spells
            if spell.ended is not None
        ],
    }


def _window(last: date, days: int) -> tuple[date, date]:
    return last - timedelta(days=days), last


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def stays_at(cut: date, now: datetime) -> dict[int, Stay]:
    """Everybody's stays and first merge; a leaving that was not known at the cut is left out."""
    people = Person.objects.order_by("external_id").values_list("pk", "timezone", "role")
    known_from = merges_known_from()
    stays = {
        pk: Stay(f"p{n}", ZoneInfo(zone), role == TakesPartAs.MENTOR, merges_known_from=known_from)
        for n, (pk, zone, role) in enumerate(people, start=1)
    }
    spells = EmploymentSpell.objects.filter(
        started_on__lte=cut, start_known_since__lte=cut
    ).order_by("started_on")
    for spell in spells:
        known = (
            spell.ended_on is not None
            and spell.ended_on <= cut
            and spell.end_known_since is not None
            and spell.end_known_since <= cut
        )
        stays[spell.person_id].spells.append(
            Spell(
                started=spell.started_on,
                ended=spell.ended_on if known else None,
                ended_known=spell.end_known_since if known else None,
                known_until=min(spell.known_until, cut) if spell.known_until else None,
                basis=spell.basis,
            )
        )
    merges = CompetencyEvent.objects.filter(kind="merge", occurred_at__lte=now)
    for pk, first in merges.order_by().values_list("person_id").annotate(first=Min("occurred_at")):
        if stays[pk].day(first) <= cut:
            stays[pk].first_merge = first
    return stays


def _group(
    key: str,
    first: date,
    last: date,
    stays: dict[int, Stay],
    *,
    first_merge: date | None = None,
    retention: date | None = None,
) -> Rows:
    """People whose first stay began within these days."""
    rows = [(stay, stay.spells[0]) for stay in started_between(stays, first, last)]
    return {
        "key": key,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "first_merge": None
        if first_merge is None
        else _first_merges(
            [(stay, spell, spell.started, None) for stay, spell in rows], first_merge
        ),
        "retention": None
        if retention is None
        else _retention([(stay, spell, spell.started) for stay, spell in rows], retention),
    }


def started_between(stays: dict[int, Stay], first: date, last: date) -> list[Stay]:
    return [
        stay
        for stay in stays.values()
        if stay.spells
        and first <= stay.spells[0].started <= last
        and not stay.is_here_because_they_stayed
    ]


def _program_group(program: Program, stays: dict[int, Stay], cut: date, moment: datetime) -> Rows:
    """The program's mentees from their start, or from joining where that came later.

    Who opted out stays in: dropping them would flatter the program.
    """
    rows = list(program_stays(program, stays, moment))
    staying = [(stay, spell, t0) for stay, spell, t0, _ in rows]
    merging = rows
    return {
        "key": "program",
        "from": program.starts_on.isoformat(),
        "to": cut.isoformat(),
        "first_merge": _first_merges(merging, cut),
        "retention": _retention(staying, cut),
    }


def program_stays(
    program: Program, stays: dict[int, Stay], moment: datetime
) -> Iterator[tuple[Stay, Spell, date, datetime | None]]:
    """Each mentee's stay, spell and day 0, and when they joined where that came later."""
    joined = (
        Enrolment.objects.filter(program=program, role=EnrolmentRole.MENTEE, joined_at__lte=moment)
        .order_by("person__external_id")
        .values_list("person_id", "joined_at")
    )
    for pk, joined_at in joined:
        stay = stays[pk]
        joined_on = stay.day(joined_at)
        spell = stay.spell_on(max(joined_on, stay.spells[0].started)) if stay.spells else None
        if spell is None or (spell.ended is not None and spell.ended < joined_on):
            continue
        t0 = max(spell.started, joined_on)
        yield stay, spell, t0, joined_at if t0 > spell.started else None


def reached_before(stay: Stay, merged: datetime, t0: date, assigned_at: datetime | None) -> bool:
    """Whether the first merge lies before the clock started: then it cannot be measured."""
    if assigned_at is not None:
        return merged < assigned_at
    return stay.day(merged) < t0 - ONE_DAY


def _first_merges(rows: Iterable[tuple[Stay, Spell, date, datetime | None]], cut: date) -> Rows:
    """Starts and first merges; who merged before the clock started is not eligible."""
    people, before, unknown = [], 0, 0
    for stay, spell, t0, assigned_at in rows:
        if stay.merges_unknown:
            unknown += 1
            continue
        merged = stay.first_merge
        day = None if merged is None else stay.day(merged)
        if merged is not None and reached_before(stay, merged, t0, assigned_at):
            before += 1
            continue
        left = spell.ended
        if left is not None and spell.ended_known is not None and spell.ended_known > cut:
            left = None
        people.append(
            {
                "person": stay.label,
                "start": t0.isoformat(),
                "reached": _iso(day if day is not None and day <= cut else None),
                "left": _iso(left if left is not None and left <= cut else None),
            }
        )
    return {
        "cut": cut.isoformat(),
        "people": people,
        "reached_before": before,
        "unknown": unknown,
    }


def _retention(rows: Iterable[tuple[Stay, Spell, date]], cut: date) -> Rows:
    return {
        "cut": cut.isoformat(),
        "people": [
            {
                "person": stay.label,
                "start": t0.isoformat(),
                "ended": _iso(spell.ended),
                "known": _iso(spell.ended_known),
                "known_until": _iso(spell.known_until),
                "basis": spell.basis,
            }
            for stay, spell, t0 in rows
        ],
    }


def _published(stays: dict[int, Stay], cut: date) -> Rows:
    """What the organisation's own report at this cut shows: no part may be told from it."""
    newcomers = started_between(stays, *_window(cut, NEWCOMER_DAYS))
    starters = _group("starters", *_window(cut, STARTER_DAYS), stays, retention=cut)
    return {
        "first_merge": [stay.label for stay in newcomers if not stay.merges_unknown],
        "retention": starters["retention"]["people"],
    }


def _sessions(
    program: Program | None, moment: datetime, labels: dict[int, str]
) -> tuple[list[Rows], int]:
    """Sessions that can be corrected no more, and how many are booked but not so far."""
    sessions = sessions_until(moment)
    if program is not None:
        sessions = sessions.filter(program=program)
    rows: list[tuple[Any, Rows]] = []
    ahead = 0
    for session in sessions:
        ends_at = end_of(session)
        ending = ending_of(session)
        if ends_at + CORRECTIONS > moment:
            ahead += session.cancelled_at is None or session.cancelled_at > moment
        elif ending is not Ending.EARLIER_CANCELLED:
            seats = sorted(
                [labels[seat.person_id], str(seat.role), str(seat.attendance)]
                for seat in session.booking.seats.all()
            )
            row = {
                "ends_at": ends_at.astimezone(UTC).isoformat(),
                "ending": str(ending),
                "simulated": session.simulated,
                "seats": seats,
            }
            rows.append(((row["ends_at"], seats), row))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])], ahead
