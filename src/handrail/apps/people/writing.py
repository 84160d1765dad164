"""The difference that a people file makes, made: in bulk, for fifty thousand people too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from handrail.apps.organizations.models import Organization
from handrail.apps.people.importing import PLAIN, PeopleDiff, PersonDiff, spell_of
from handrail.apps.people.models import (
    EmploymentSpell,
    LedgerCorrection,
    NotWith,
    PastPair,
    Person,
    Skill,
    SkillOffered,
    SkillWanted,
    Team,
)
from handrail.apps.people.people_file import PeopleFile, PersonRow

AT_ONCE = 2000  # people in one go
Progress = Callable[[int, int], None]  # people done, of how many


def write_people(
    organization: Organization,
    file: PeopleFile,
    diff: PeopleDiff,
    *,
    data_end: date,
    now: datetime,
    on_progress: Progress = lambda done, of: None,
) -> None:
    """Make the difference, in the caller's transaction; `on_progress` hears how far it is."""
    touched = [*diff.new, *diff.changed]
    writer = _Writer(organization, file.columns, touched, data_end, now)
    steps, done = 2 * len(touched), 0
    for some in writer.in_layers(diff.new):
        writer.create(some)
        done += len(some)
        on_progress(done, steps)
    for changed in _some(diff.changed, AT_ONCE):
        writer.change(changed)
        done += len(changed)
        on_progress(done, steps)
    for some in _some(touched, AT_ONCE):
        writer.write_around(some)
        done += len(some)
        on_progress(done, steps)


T = TypeVar("T")


def _some(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


class _Writer:
    """The organisation's teams, skills and people at hand while the rows are written."""

    def __init__(
        self,
        organization: Organization,
        columns: frozenset[str],
        touched: Sequence[PersonDiff],
        data_end: date,
        now: datetime,
    ) -> None:
        self.organization = organization
        self.columns = columns
        self.data_end = data_end
        self.now = now
        rows = [one.row for one in touched]
        self.teams = self._teams({row.team for row in rows if row.team})
        self.skills = self._skills({name for row in rows for name in (*row.skills, *row.wants)})
        self.people = dict(Person.objects.values_list("external_id", "pk"))
        self.people |= {one.row.person_id: one.person.pk for one in touched if one.person}

    def _teams(self, names: set[str]) -> dict[str, int]:
        known = dict(Team.objects.values_list("name", "pk"))
        Team.objects.bulk_create(
            Team(organization=self.organization, name=name) for name in sorted(names - set(known))
        )
        return dict(Team.objects.values_list("name", "pk"))

    def _skills(self, names: set[str]) -> dict[str, int]:
        known = dict(Skill.objects.values_list("name", "pk"))
        Skill.objects.bulk_create(
            Skill(organization=self.organization, name=name) for name in sorted(names - set(known))
        )
        return dict(Skill.objects.values_list("name", "pk"))

    def in_layers(self, new: Sequence[PersonDiff]) -> Iterator[list[PersonDiff]]:
        """The new people so that nobody comes before their manager, some at a time."""
        waiting = list(new)
        while waiting:
            layer = [one for one in waiting if self._manager_is_there(one.row)]
            waiting = [one for one in waiting if not self._manager_is_there(one.row)]
            yield from _some(layer, AT_ONCE)

    def _manager_is_there(self, row: PersonRow) -> bool:
        return not row.manager_id or row.manager_id in self.people

    def create(self, some: Sequence[PersonDiff]) -> None:
        made = [
            self._filled(
                Person(
                    organization=self.organization,
                    external_id=one.row.person_id,
                    language=self.organization.language,
                ),
                one.row,
            )
            for one in some
        ]
        Person.objects.bulk_create(made)
        self.people |= {person.external_id: person.pk for person in made}

    def change(self, some: Sequence[PersonDiff]) -> None:
        changed = []
        for one in some:
            assert one.person is not None
            person = self._filled(one.person, one.row)
            person.external_id = one.row.person_id
            person.rev += 1
            changed.append(person)
        fields = [*PLAIN, "external_id", "team", "languages", "pause_until", "manager", "rev"]
        Person.objects.bulk_update(changed, fields, batch_size=200)

    def _filled(self, person: Person, row: PersonRow) -> Person:
        for name in PLAIN:
            setattr(person, name, getattr(row, name))
        if "team" in self.columns:
            person.team_id = self.teams.get(row.team)
        if "languages" in self.columns:
            person.languages = list(row.languages)
        if "pause_until" in self.columns:
            person.pause_until = row.pause_until
        if "manager_id" in self.columns:
            person.manager_id = self.people[row.manager_id] if row.manager_id else None
        return person

    def write_around(self, some: Sequence[PersonDiff]) -> None:
        """Skills, spells and lists of people who are there."""
        self._write_skills(some)
        self._write_spells(some)
        self._write_lists(some)

    def _write_skills(self, some: Sequence[PersonDiff]) -> None:
        changed = [one.person.pk for one in some if one.person is not None]
        levels: dict[tuple[int, int], int] = {}
        for ids in _some(changed, 500):
            wanted = SkillWanted.objects.filter(person_id__in=ids)
            for person, skill, level in wanted.values_list("person_id", "skill_id", "own_level"):
                levels[(person, skill)] = level
            SkillOffered.objects.filter(person_id__in=ids).delete()
            wanted.delete()
        SkillOffered.objects.bulk_create(
            SkillOffered(
                organization=self.organization,
                person_id=self.people[one.row.person_id],
                skill_id=self.skills[name],
                level=level,
            )
            for one in some
            for name, level in one.row.skills.items()
        )
        SkillWanted.objects.bulk_create(
            SkillWanted(
                organization=self.organization,
                person_id=(person := self.people[one.row.person_id]),
                skill_id=self.skills[name],
                priority=priority,
                own_level=levels.get((person, self.skills[name]), 0),
            )
            for one in some
            for name, priority in one.row.wants.items()
        )

    def _write_spells(self, some: Sequence[PersonDiff]) -> None:
        made = []
        for one in some:
            person_id = self.people[one.row.person_id]
            spell = spell_of(one.row, self.columns, self.data_end)
            if one.person is None or not self._corrected(one.person, spell):
                made.append(
                    EmploymentSpell(organization=self.organization, person_id=person_id, **spell)
                )
        EmploymentSpell.objects.bulk_create(made)

    def _corrected(self, person: Person, spell: dict[str, Any]) -> bool:
        """Correct the latest spell, and whether there was one; what stood before is kept.

        Another start is a correction while the spell is open; after its end it is a return.
        """
        last = EmploymentSpell.objects.filter(person=person).order_by("-started_on").first()
        if last is None:
            return False
        if last.ended_on is not None and spell["started_on"] > last.ended_on:
            return False
        before = {name: getattr(last, name) for name in spell}
        if before == spell:
            return True
        for name, value in spell.items():
            setattr(last, name, value)
        last.save()
        # That somebody is still active, or has left by now, is news; only another day corrects.
        if before["started_on"] != spell["started_on"] or before["ended_on"] is not None:
            LedgerCorrection.objects.create(
                organization=self.organization,
                subject=str(person.public_id),
                about="spell",
                before=_plain(before),
                after=_plain(spell),
                source="people",
                corrected_at=self.now,
                corrected_by="import",
            )
        return True

    def _write_lists(self, some: Sequence[PersonDiff]) -> None:
        if "not_with" in self.columns:
            listed = {
                (self.people[one.row.person_id], self.people[other])
                for one in some
                for other in one.row.not_with
            }
            listed -= set(NotWith.objects.values_list("person_id", "other_id"))
            NotWith.objects.bulk_create(
                NotWith(
                    organization=self.organization,
                    person_id=person,
                    other_id=other,
                    created_at=self.now,
                )
                for person, other in sorted(listed)
            )
        if "recent" in self.columns:
            for ids in _some([self.people[one.row.person_id] for one in some], 500):
                PastPair.objects.filter(person_id__in=ids).delete()
            PastPair.objects.bulk_create(
                PastPair(
                    organization=self.organization,
                    person_id=self.people[one.row.person_id],
                    other_id=self.people[other],
                )
                for one in some
                for other in dict.fromkeys(one.row.recent)
            )


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }
