"""From a parsed people file to the difference it would make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from handrail.apps.people.models import Person, SpellBasis
from handrail.apps.people.people_file import PeopleFile, PersonRow

HIRED = "hire-"  # begins the id of who came by a hire, until a file gives them their own
KNOWN_AFTER = timedelta(days=180)  # activity that stopped is known to have stopped this much later
SHOWN = 500  # people of each kind that a preview names; the rest is counted
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
    person: Person | None = None  # None is a new one
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class PeopleDiff:
    """What the file would do to everybody."""

    new: list[PersonDiff] = field(default_factory=list)
    changed: list[PersonDiff] = field(default_factory=list)
    unchanged: list[PersonDiff] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # names of people who are not in the file

    def summary(self, warnings: Sequence[str]) -> dict[str, Any]:
        """The difference as JSON for the page that shows it: all counted, the first named."""
        return {
            "new_count": len(self.new),
            "changed_count": len(self.changed),
            "missing_count": len(self.missing),
            "new": [{"id": d.row.person_id, "name": d.row.name} for d in self.new[:SHOWN]],
            "changed": [
                {
                    "id": d.row.person_id,
                    "name": d.row.name,
                    "changes": [
                        {"field": c.field, "before": c.before, "after": c.after} for c in d.changes
                    ],
                }
                for d in self.changed[:SHOWN]
            ],
            "unchanged": len(self.unchanged),
            "missing": self.missing[:SHOWN],
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


def founders(people: Iterable[Person], file: PeopleFile) -> dict[str, Person]:
    """Who started the organisation or was hired, and was in no file so far, by address.

    Such a person becomes the one of the file that has the same address.
    """
    here = {row.person_id for row in file.rows}
    return {
        person.email.lower(): person
        for person in people
        if (not person.spells.all() or person.external_id.startswith(HIRED))
        and person.external_id not in here
    }


def people_diff(file: PeopleFile, data_end: date) -> PeopleDiff:
    """Compare the file with what stands; only columns that the file has are compared."""
    known = {
        person.external_id: person
        for person in Person.objects.select_related("team", "manager").prefetch_related(
            "offers__skill", "wants__skill", "spells", "not_with__other", "past_pairs__other"
        )
    }
    adopted = founders(known.values(), file)
    diff = PeopleDiff()
    for row in file.rows:
        person = known.get(row.person_id) or adopted.get(row.email)
        if person is None:
            diff.new.append(PersonDiff(row))
            continue
        changes = _changes(person, row, file.columns, data_end)
        kind = diff.changed if changes else diff.unchanged
        kind.append(PersonDiff(row, person, changes))
    here = {row.person_id for row in file.rows}
    diff.missing.extend(
        person.name
        for key, person in sorted(known.items())
        if key not in here
        and not key.startswith(HIRED)  # the file may not know of them yet
        and person.spells.all()
        and person.role
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
    pairs.insert(0, ("person_id", person.external_id, row.person_id))
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
