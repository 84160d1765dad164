"""What the report of a pilot is made from: its frozen plan, and each hire by a pseudonym."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handrail import __version__
from handrail.apps.calendars.models import Attendance, Seat
from handrail.apps.outcomes.models import JobOffer, RoleRecord
from handrail.apps.outcomes.queries import waivers_of
from handrail.apps.people.models import EmploymentSpell
from handrail.apps.pilots.history import first_reached, is_unknown, reporting_lags
from handrail.apps.pilots.lottery import ledger_of, seed_of
from handrail.apps.pilots.models import WEEKS, Comparison, Hire, Look, Pilot
from handrail.apps.pilots.planning import claims_of
from handrail.apps.pilots.queries import HELD, contamination, faults_of
from handrail.apps.reports.inputs import moment_of
from handrail.domain.evidence.assignment import block_list, standing

Rows = dict[str, Any]
FORMAT = 1


def gather_pilot(*, pilot: Pilot, cut: date, now: datetime) -> Rows:
    """Read everything that the report of this pilot at this cut needs."""
    moment = moment_of(pilot.organization, cut, now)
    hires = list(
        Hire.objects.filter(pilot=pilot, t0__lte=cut, assigned_at__lte=moment)
        .select_related("person")
        .order_by("public_id")
    )
    rows = standing(ledger_of(pilot))
    labels = {hire.person_id: f"h{number}" for number, hire in enumerate(hires, start=1)}
    sessions, mentors = _sessions(hires, moment)
    spells = _spells(cut)
    lags = reporting_lags(list(EmploymentSpell.objects.exclude(ended_on=None)), cut)
    reached = {
        claim.measure.value: first_reached(claim.measure, pilot.task, cut=cut)
        for claim in claims_of(pilot)
        if claim.is_about_time
    }
    blocks = _blocks(pilot)
    people = []
    for hire in hires:
        row = rows.get(str(hire.public_id))
        people.append(
            {
                "person": labels[hire.person_id],
                "arm": row.arm if row else "offered",
                "void": row.void if row else False,
                "block": blocks.get((row.stratum, row.place), "") if row else "",
                "opted_out": hire.opted_out_at is not None and hire.opted_out_at <= moment,
                "waited_days": _waited(hire, moment),
                **_followed(hire, spells.get(hire.person_id, []), cut, lags),
                "reached": {
                    measure: _reached(hire, measure, firsts.get(hire.person_id), cut)
                    for measure, firsts in reached.items()
                },
                "sessions": sessions.get(hire.person_id, []),
            }
        )
    return {
        "kind": "pilot",
        "format": FORMAT,
        "version": __version__,
        "organization": pilot.organization.name,
        "timezone": pilot.organization.timezone,
        "cut": cut.isoformat(),
        "moment": moment.isoformat(),
        "day_over": moment.astimezone(ZoneInfo(pilot.organization.timezone)).date() > cut,
        "plan": pilot.plan,
        "plan_digest": pilot.plan_digest,
        "lottery": pilot.commitment,
        "name": pilot.name,
        "enrolling_ends": (pilot.starts_on + timedelta(days=WEEKS * 7 - 1)).isoformat(),
        "people": people,
        "faults": [fault.code.value for fault in faults_of(pilot)],
        "contacts": sorted(
            {labels[one.hire.person_id] for one in contamination(pilot, until=moment)
             if one.hire.person_id in labels}
        ),
        "program_people": sorted(
            labels.get(pk, f"x{pk}")
            for pk in pilot.program.enrolments.filter(
                role="mentee", joined_at__lte=moment
            ).values_list("person_id", flat=True)
        ),
        "looks": [
            {"day": one.day.isoformat(), **one.result}
            for one in Look.objects.filter(pilot=pilot, day__lte=cut).order_by("day")
        ],
        "rule": pilot.mobility_rule,
        "rule_changes": [
            {"on": one.changed_at.date().isoformat(), "reason": one.reason}
            for one in pilot.rule_changes.filter(changed_at__lte=moment)
        ],
        "waivers": [
            {"source": one.source, "reason": one.reason, "signed": one.signed,
             "on": one.waived_at.date().isoformat()}
            for one in waivers_of(pilot.program).filter(waived_at__lte=moment)
        ],
        "moves": _moves(labels, mentors, cut),
        "alike": [] if pilot.comparison == Comparison.LOTTERY else _alike(pilot, labels, cut),
        "offers": _offers(cut),
        "simulated": any(
            one["simulated"] for found in sessions.values() for one in found
        ),
    }  # fmt: skip


def _blocks(pilot: Pilot) -> dict[tuple[str, int], str]:
    """The block of each place of the lottery, by number: a lottery is drawn again within them."""
    if pilot.comparison != Comparison.LOTTERY:
        return {}
    found = {}
    for stratum, blocks in block_list(seed_of(pilot), pilot.strata, places=pilot.places).strata:
        place = 0
        for number, block in enumerate(blocks):
            for _arm in block:
                place += 1
                found[(stratum, place)] = f"{stratum}#{number}"
    return found


def _day(hire: Hire, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(hire.person.timezone)).date()


def _waited(hire: Hire, moment: datetime) -> int | None:
    """Days after t0 on which mentoring opened for somebody who waited; None: it did not."""
    if hire.opened_at is None or hire.opened_at > moment or hire.t0 is None:
        return None
    return (_day(hire, hire.opened_at) - hire.t0).days


def _spells(cut: date) -> dict[int, list[EmploymentSpell]]:
    found: dict[int, list[EmploymentSpell]] = defaultdict(list)
    for spell in EmploymentSpell.objects.filter(
        started_on__lte=cut, start_known_since__lte=cut
    ).order_by("started_on"):
        found[spell.person_id].append(spell)
    return found


def _followed(hire: Hire, spells: list[EmploymentSpell], cut: date, lags: dict[str, int]) -> Rows:
    """Days from t0 to leaving, and up to which a stay is settled; the unknown is invisible."""
    assert hire.t0 is not None
    mine = [one for one in spells if one.started_on <= hire.t0] or spells[:1]
    if not mine:
        return {"left": None, "settled": 0}
    spell = mine[-1]
    settled = cut - timedelta(days=lags[spell.basis])
    if spell.ended_on is None and spell.known_until is not None:
        settled = min(settled, spell.known_until)
    left = None
    if (
        spell.ended_on is not None
        and spell.end_known_since is not None
        and spell.end_known_since <= cut
        and spell.ended_on <= settled
    ):
        left = max(0, (spell.ended_on - hire.t0).days)
    return {"left": left, "settled": max(0, (settled - hire.t0).days)}


def _reached(hire: Hire, measure: str, first: datetime | None, cut: date) -> Rows:
    """Days from t0 to the first time; whoever did it before is not eligible for this claim.

    Nor is whoever started before anything told of it: they may have.
    """
    assert hire.t0 is not None
    followed = (cut - hire.t0).days
    if is_unknown(measure, hire.t0):
        return {"day": None, "before": True, "followed": followed}
    if first is None or _day(hire, first) > cut:
        return {"day": None, "before": False, "followed": followed}
    day = (_day(hire, first) - hire.t0).days
    return {"day": max(0, day), "before": day < -1, "followed": followed}


def _sessions(hires: list[Hire], moment: datetime) -> tuple[dict[int, list[Rows]], dict[int, str]]:
    """What each hire attended since t0: the day, with whom, about what."""
    by_person = {hire.person_id: hire for hire in hires}
    seats = (
        Seat.objects.filter(
            person_id__in=by_person,
            role="mentee",
            attendance=Attendance.ATTENDED,
            booking__session__state__in=HELD,
            booking__starts_at__lte=moment,
        )
        .select_related("booking__session__match")
        .order_by("booking__starts_at", "pk")
    )
    mentors: dict[int, str] = {}
    found: dict[int, list[Rows]] = defaultdict(list)
    for seat in seats:
        hire = by_person[seat.person_id]
        session = seat.booking.session
        day = (_day(hire, seat.booking.starts_at) - hire.t0).days if hire.t0 else 0
        if day < 0:
            continue
        mentor = mentors.setdefault(seat.booking.host_id, f"m{len(mentors) + 1}")
        skill = session.match.skill if session.match else ""
        found[seat.person_id].append(
            {"day": day, "mentor": mentor, "skill": skill, "simulated": session.simulated}
        )
    return found, mentors


def _alike(pilot: Pilot, labels: dict[int, str], cut: date) -> list[Rows]:
    """Everybody with a role on their day 0: who they are compared with where nobody waits.

    Day 0 of whoever is no hire is the pilot's first day. Whether somebody was recommended for a
    role is recorded nowhere, so it cannot be matched, and the report says so.
    """
    t0 = dict(Hire.objects.filter(pilot=pilot).values_list("person_id", "t0"))
    roles: dict[int, RoleRecord] = {}
    records = RoleRecord.objects.filter(superseded_at=None, known_since__lte=cut)
    for record in records.order_by("effective_on", "pk"):
        if record.effective_on <= (t0.get(record.person_id) or pilot.starts_on):
            roles[record.person_id] = record
    found = []
    for person, spells in sorted(_spells(cut).items()):
        day0 = t0.get(person) or pilot.starts_on
        mine = [one for one in spells if one.started_on <= day0]
        if person not in roles or not mine:
            continue
        if mine[-1].ended_on is not None and mine[-1].ended_on < day0:
            continue
        years = (day0 - mine[0].started_on).days / 365
        found.append(
            {
                "person": labels.get(person, f"x{person}"),
                "role": f"{roles[person].family} / {roles[person].level}",
                "tenure": "under 1" if years < 1 else "1 to 3" if years < 3 else "3 and more",
                "day0": day0.isoformat(),
            }
        )
    return found


def _moves(labels: dict[int, str], mentors: dict[int, str], cut: date) -> list[Rows]:
    """Changes of role, level or team of the pilot's people, from one record to the next."""
    t0 = dict(Hire.objects.filter(person_id__in=labels).values_list("person_id", "t0"))
    before: dict[int, RoleRecord] = {}
    found = []
    records = RoleRecord.objects.filter(
        superseded_at=None, effective_on__lte=cut, known_since__lte=cut
    )
    kept = [*records.order_by("effective_on", "pk")]
    for record in kept:
        last = before.get(record.person_id)
        before[record.person_id] = record
        if last is None:
            continue
        change = change_of(record, last)
        start = t0.get(record.person_id)
        found.append(
            {
                # Others' moves count only to tell a reorganisation.
                "person": labels.get(record.person_id, f"x{record.person_id}"),
                "change": change,
                "team": last.team_name,
                "decided": (record.decided_on - start).days if start else None,
                "effective": record.effective_on.isoformat(),
                "from_t0": (record.effective_on - start).days if start else None,
                "hiring_manager": mentors.get(record.hiring_manager_id or 0, ""),
                "needs": record.skills,
                "needed_before": last.skills,
            }
        )
    return found


def change_of(record: RoleRecord, last: RoleRecord) -> str:
    """What kind of change a role is against the one before it."""
    if record.kind != "change":
        return str(record.kind)
    if record.family != last.family:
        return "role_family"
    if record.level != last.level:
        return "level"
    return "team" if record.team_name != last.team_name else "title"


def _offers(cut: date) -> list[Rows]:
    """Applicants with an arm, as they were known at the cut."""
    found = []
    requisitions: dict[str, str] = {}
    for one in JobOffer.objects.filter(superseded_at=None, known_since__lte=cut).exclude(arm=""):
        requisition = requisitions.setdefault(one.requisition, f"r{len(requisitions) + 1}")
        state = one.outcome if one.offered_on is not None else "none"
        found.append({"arm": one.arm, "state": state, "requisition": requisition})
    return found
