"""From a parsed people file to the difference it makes, and the difference made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from handrail.apps.organizations.models import Organization
from handrail.apps.people.models import (
    EmploymentSpell,
    NotWith,
    PastPair,
    Person,
    Skill,
    SkillOffered,
    SkillWanted,
    SpellBasis,
    Team,
)
from handrail.apps.people.people_file import PeopleFile, PersonRow

KNOWN_AFTER = timedelta(days=180)  # activity that stopped is known to have stopped this much later
PLAIN = (
    "name",
    "email",
    "role",
    "timezone",
    "works_from_min",
    "works_to_min",
    "minutes_per_week",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one person, before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PersonDiff:
    """What the file would do to one person."""

    row: PersonRow
    is_new: bool
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class PeopleDiff:
    """What the file would do to everybody."""

    new: list[PersonDiff] = field(default_factory=list)
    changed: list[PersonDiff] = field(default_factory=list)
    unchanged: list[PersonDiff] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # names of people who are not in the file

    def summary(self, warnings: Sequence[str]) -> dict[str, Any]:
        """The difference as JSON for the page that shows it."""
        return {
            "new": [{"id": d.row.person_id, "name": d.row.name} for d in self.new],
            "changed": [
                {
                    "id": d.row.person_id,
                    "name": d.row.name,
                    "changes": [
                        {"field": c.field, "before": c.before, "after": c.after} for c in d.changes
                    ],
                }
                for d in self.changed
            ],
            "unchanged": len(self.unchanged),
            "missing": self.missing,
            "warnings": list(warnings),
        }


def spell_of(row: PersonRow, columns: frozenset[str], data_end: date) -> dict[str, Any]:
    """The employment spell a row speaks of.

    With an `employment_end` column the file is about employment; else only activity was seen:
    it ends on the last active day, known 180 days later, and "still active" is known up to 180
    days before the end of the data.
    """
    if "employment_end" in columns:
        ended = row.employment_end
        return {
            "basis": SpellBasis.EMPLOYMENT,
            "started_on": row.start_date,
            "start_known_since": row.start_date,
            "ended_on": ended,
            "end_known_since": (row.known_since or ended) if ended else None,
            "known_until": None,
        }
    ended = row.last_active
    return {
        "basis": SpellBasis.ACTIVITY,
        "started_on": row.start_date,
        "start_known_since": row.start_date,
        "ended_on": ended,
        "end_known_since": (row.known_since or ended + KNOWN_AFTER) if ended else None,
        "known_until": None if ended else max(row.start_date, data_end - KNOWN_AFTER),
    }


def people_diff(file: PeopleFile, data_end: date) -> PeopleDiff:
    """Compare the file with what stands; only columns that the file has are compared."""
    known = {
        person.external_id: person
        for person in Person.objects.select_related("team", "manager").prefetch_related(
            "offers__skill", "wants__skill", "spells", "not_with__other", "past_pairs__other"
        )
    }
    diff = PeopleDiff()
    for row in file.rows:
        person = known.get(row.person_id)
        if person is None:
            diff.new.append(PersonDiff(row, is_new=True))
            continue
        changes = _changes(person, row, file.columns, data_end)
        kind = diff.changed if changes else diff.unchanged
        kind.append(PersonDiff(row, is_new=False, changes=changes))
    here = {row.person_id for row in file.rows}
    diff.missing.extend(
        person.name
        for key, person in sorted(known.items())
        if key not in here and person.spells.all() and person.role
    )
    return diff


def _changes(
    person: Person, row: PersonRow, columns: frozenset[str], data_end: date
) -> tuple[Change, ...]:
    pairs: list[tuple[str, object, object]] = [
        (name, getattr(person, name), getattr(row, name)) for name in PLAIN
    ]
    pairs.append(("skills", {o.skill.name: o.level for o in person.offers.all()}, dict(row.skills)))
    pairs.append(("wants", {w.skill.name: w.priority for w in person.wants.all()}, dict(row.wants)))
    spell = spell_of(row, columns, data_end)
    last = max(person.spells.all(), key=lambda s: s.started_on, default=None)
    pairs.append(("start_date", last.started_on if last else None, spell["started_on"]))
    pairs.append(("end", last.ended_on if last else None, spell["ended_on"]))
    if "team" in columns:
        pairs.append(("team", person.team.name if person.team else "", row.team))
    if "manager_id" in columns:
        above = person.manager.external_id if person.manager else ""
        pairs.append(("manager_id", above, row.manager_id))
    if "languages" in columns:
        pairs.append(("languages", tuple(person.languages), row.languages))
    if "pause_until" in columns:
        pairs.append(("pause_until", person.pause_until, row.pause_until))
    if "recent" in columns:
        before = {pair.other.external_id for pair in person.past_pairs.all()}
        pairs.append(("recent", before, set(row.recent)))
    changes = [
        Change(name, _text(before), _text(after))
        for name, before, after in pairs
        if before != after
    ]
    if "not_with" in columns:
        listed = {entry.other.external_id for entry in person.not_with.all()}
        if not set(row.not_with) <= listed:
            # Private: that the list grows may show, who is on it may not.
            changes.append(Change("not_with", "", "+"))
    return tuple(changes)


def _text(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}:{number}" for name, number in value.items())
    if isinstance(value, set | tuple | list):
        return "; ".join(sorted(str(item) for item in value))
    return "" if value is None else str(value)


def write_people(
    organization: Organization,
    file: PeopleFile,
    diff: PeopleDiff,
    *,
    data_end: date,
    now: datetime,
) -> None:
    """Make the difference, in the caller's transaction."""
    touched = [*diff.new, *diff.changed]
    rows = [one.row for one in touched]
    teams = _teams(organization, {row.team for row in rows if row.team})
    names = {name for row in rows for name in (*row.skills, *row.wants)}
    skills = _skills(organization, names)
    people = {person.external_id: person for person in Person.objects.all()}
    for row in rows:
        people[row.person_id] = _write_person(
            organization, people.get(row.person_id), row, file.columns, teams
        )
    if "manager_id" in file.columns:
        for row in rows:
            person = people[row.person_id]
            person.manager = people[row.manager_id] if row.manager_id else None
            person.save(update_fields=["manager"])
    for row in rows:
        _write_around(organization, people, row, file.columns, skills, data_end, now)


def _teams(organization: Organization, names: set[str]) -> dict[str, Team]:
    for name in sorted(names):
        Team.objects.get_or_create(organization=organization, name=name)
    return {team.name: team for team in Team.objects.filter(name__in=names)}


def _skills(organization: Organization, names: set[str]) -> dict[str, Skill]:
    known = set(Skill.objects.values_list("name", flat=True))
    Skill.objects.bulk_create(
        Skill(organization=organization, name=name) for name in sorted(names - known)
    )
    return {skill.name: skill for skill in Skill.objects.all()}


def _write_person(
    organization: Organization,
    person: Person | None,
    row: PersonRow,
    columns: frozenset[str],
    teams: dict[str, Team],
) -> Person:
    if person is None:
        person = Person(
            organization=organization,
            external_id=row.person_id,
            language=organization.language,
        )
    for name in PLAIN:
        setattr(person, name, getattr(row, name))
    if "team" in columns:
        person.team = teams.get(row.team)
    if "languages" in columns:
        person.languages = list(row.languages)
    if "pause_until" in columns:
        person.pause_until = row.pause_until
    person.save()
    return person


def _write_around(
    organization: Organization,
    people: dict[str, Person],
    row: PersonRow,
    columns: frozenset[str],
    skills: dict[str, Skill],
    data_end: date,
    now: datetime,
) -> None:
    person = people[row.person_id]
    SkillOffered.objects.filter(person=person).delete()
    SkillOffered.objects.bulk_create(
        SkillOffered(organization=organization, person=person, skill=skills[name], level=level)
        for name, level in row.skills.items()
    )
    levels = dict(SkillWanted.objects.filter(person=person).values_list("skill_id", "own_level"))
    SkillWanted.objects.filter(person=person).delete()
    SkillWanted.objects.bulk_create(
        SkillWanted(
            organization=organization,
            person=person,
            skill=skills[name],
            priority=priority,
            own_level=levels.get(skills[name].pk, 0),
        )
        for name, priority in row.wants.items()
    )
    write_spell(organization, person, spell_of(row, columns, data_end))
    for other in row.not_with:
        NotWith.objects.get_or_create(
            organization=organization,
            person=person,
            other=people[other],
            defaults={"created_at": now},
        )
    if "recent" in columns:
        PastPair.objects.filter(person=person).delete()
        PastPair.objects.bulk_create(
            PastPair(organization=organization, person=person, other=people[other])
            for other in row.recent
        )


def write_spell(organization: Organization, person: Person, spell: dict[str, Any]) -> None:
    """Write the latest spell: another start is a correction while open, a return after an end."""
    last = EmploymentSpell.objects.filter(person=person).order_by("-started_on").first()
    if last is not None and last.started_on != spell["started_on"]:
        returned = last.ended_on is not None and spell["started_on"] > last.ended_on
        if returned:
            last = None
    if last is None:
        EmploymentSpell.objects.create(organization=organization, person=person, **spell)
        return
    for name, value in spell.items():
        setattr(last, name, value)
    last.save()
