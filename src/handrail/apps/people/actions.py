"""Verbs on people: import, edit, pause, invite, begin."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from handrail.apps.organizations.actions import (
    add_member,
    create_organization,
    grant_role,
    record_audit,
)
from handrail.apps.organizations.models import Grant, Organization
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.actions import enqueue
from handrail.apps.outbox.mail import is_nowhere
from handrail.apps.people.announcing import announce_call_link
from handrail.apps.people.importing import founders, people_diff
from handrail.apps.people.links import link_problem
from handrail.apps.people.merging import import_merges, refused_file
from handrail.apps.people.models import (
    NotWith,
    PeopleImport,
    Person,
    Skill,
    SkillOffered,
    SkillWanted,
)
from handrail.apps.people.people_file import PeopleFile, parse_people
from handrail.apps.people.queries import may_edit, require_import, without_sign_in
from handrail.apps.people.writing import Progress, write_people
from handrail.domain.scheduling import zones

__all__ = [
    "ImportOutcome",
    "apply_people_import",
    "edit_profile",
    "import_merges",
    "import_people",
    "invite",
    "invite_everybody",
    "pause",
    "preview_people",
    "set_not_with",
    "set_skills",
    "start_organization",
]

EDITABLE = frozenset(
    {
        "name",
        "timezone",
        "works_from_min",
        "works_to_min",
        "minutes_per_week",
        "languages",
        "language",
        "call_link",
    }
)


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """How many people an import touched, and what was mended in it."""

    created: int
    changed: int
    unchanged: int
    warnings: tuple[str, ...] = ()


def _parsed(content: bytes) -> PeopleFile:
    people = list(Person.objects.select_related("manager").prefetch_related("spells"))
    file = parse_people(
        content,
        known_ids=frozenset(person.external_id for person in people),
        known_managers={p.external_id: p.manager.external_id for p in people if p.manager},
    )
    adopted = founders(people, file)
    owners = {person.email.lower(): person.external_id for person in people}
    lines = [str(problem) for problem in file.errors]
    lines += [
        _("line %(line)d, %(column)s: %(message)s")
        % {
            "line": row.line,
            "column": "email",
            "message": _("'%(value)s' belongs to the person %(other)s. Correct one of them.")
            % {"value": row.email, "other": owners[row.email]},
        }
        for row in file.rows
        if row.email not in adopted and owners.get(row.email, row.person_id) != row.person_id
    ]
    if lines:
        raise refused_file(lines)
    return file


def preview_people(
    content: bytes, filename: str, *, by: Viewer, now: datetime, data_end: date | None = None
) -> PeopleImport:
    """Read a people file and keep it with the difference it would make; nothing else changes.

    Raises Invalid whose detail `lines` names every problem by line.
    """
    require_import(by)
    with writing(by.organization):
        file = _parsed(content)
        diff = people_diff(file, data_end or now.date())
        return PeopleImport.objects.create(
            organization=by.organization,
            kind="people",
            filename=filename[:200],
            content=content,
            digest=hashlib.sha256(content).hexdigest(),
            created_by=by.actor,
            created_at=now,
            summary={
                **diff.summary([str(warning) for warning in file.warnings]),
                "data_end": data_end.isoformat() if data_end else "",
            },
        )


def apply_people_import(
    kept: PeopleImport,
    *,
    by: Viewer,
    now: datetime,
    on_progress: Progress = lambda done, of: None,
) -> ImportOutcome:
    """Make the difference of a file that was looked at: all of it, once."""
    require_import(by)
    with writing(by.organization):
        if not PeopleImport.objects.filter(pk=kept.pk, applied_at=None).update(applied_at=now):
            raise Conflict(_("This import was applied before."))
        file = _parsed(bytes(kept.content))
        end = kept.summary.get("data_end")
        data_end = date.fromisoformat(end) if end else kept.created_at.date()
        diff = people_diff(file, data_end)
        write_people(
            by.organization, file, diff, data_end=data_end, now=now, on_progress=on_progress
        )
        outcome = ImportOutcome(
            created=len(diff.new),
            changed=len(diff.changed),
            unchanged=len(diff.unchanged),
            warnings=tuple(str(warning) for warning in file.warnings),
        )
        record_audit(
            by=by,
            verb="people.imported",
            object_type="import",
            object_id=kept.public_id,
            detail={"created": outcome.created, "changed": outcome.changed},
            now=now,
        )
    kept.refresh_from_db(fields=["applied_at"])
    return outcome


def import_people(
    content: bytes, *, filename: str, by: Viewer, now: datetime, data_end: date | None = None
) -> ImportOutcome:
    """Preview and apply in one go, as the command line does."""
    with writing(by.organization):
        kept = preview_people(content, filename, by=by, now=now, data_end=data_end)
        return apply_people_import(kept, by=by, now=now)


def edit_profile(
    person: Person,
    *,
    by: Viewer,
    now: datetime,
    only_if: Callable[[], None] = lambda: None,
    **changes: Any,
) -> Person:
    """Change what a person says about themselves; the person and administrators may.

    Where they take calls is theirs alone to say: the sessions that they have ahead follow it.
    `only_if` may refuse, when nobody else can change the person any more.
    """
    require_edit(by, person)
    if "call_link" in changes:
        if by.person_id != person.pk:
            raise NotAllowed(_("Only the person themself says where they take calls."))
        changes["call_link"] = changes["call_link"].strip()
    if unknown := set(changes) - EDITABLE:
        raise Invalid(_("Unknown fields: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    fields = _profile_problems({**{name: getattr(person, name) for name in EDITABLE}, **changes})
    if fields:
        raise Invalid(_("The profile was not saved. Correct the fields."), fields=fields)
    if not changes:
        return person
    with writing(by.organization):
        before = Person.objects.select_for_update().get(pk=person.pk)
        only_if()
        Person.objects.filter(pk=person.pk).update(**changes, rev=F("rev") + 1)
        _audit("person.edited", person, by, now, fields=sorted(changes))
        if changes.get("call_link", before.call_link) != before.call_link:
            announce_call_link(person, now)
    person.refresh_from_db()
    return person


def _profile_problems(values: Mapping[str, Any]) -> dict[str, str]:
    fields: dict[str, str] = {}
    if not 1 <= len(str(values["name"]).strip()) <= 200:
        fields["name"] = _("A name has 1 to 200 characters.")
    if values["timezone"] not in zones():
        fields["timezone"] = _("Choose a time zone such as Europe/Berlin.")
    start, end = values["works_from_min"], values["works_to_min"]
    if not 0 <= start < 1440 or start % 5:
        fields["works_from_min"] = _("Choose a time of the day on five minutes.")
    if not 0 <= end <= 1440 or end % 5 or end == start:
        fields["works_to_min"] = _("Choose another time of the day on five minutes.")
    if not 0 <= values["minutes_per_week"] <= 2400:
        fields["minutes_per_week"] = _("Choose between 0 and 2400 minutes.")
    if values["language"] not in dict(settings.LANGUAGES):
        fields["language"] = _("Choose one of the languages on offer.")
    if problem := link_problem(values["call_link"]):
        fields["call_link"] = problem
    if len(values["languages"]) > 12 or any(
        not 2 <= len(str(code)) <= 35 for code in values["languages"]
    ):
        fields["languages"] = _("Write up to 12 language codes such as en or de.")
    return fields


def set_skills(
    person: Person,
    *,
    offered: Mapping[str, int],
    wanted: Sequence[str],
    by: Viewer,
    now: datetime,
) -> None:
    """Replace what a person offers (name to level) and wants (the dearest first)."""
    require_edit(by, person)
    names = [*offered, *wanted]
    if any(not 1 <= len(name.strip()) <= 120 or ";" in name for name in names):
        raise Invalid(_("A skill's name has 1 to 120 characters and no semicolon."))
    if any(not 1 <= level <= 5 for level in offered.values()):
        raise Invalid(_("A level is a number from 1 to 5."))
    if len(wanted) != len(set(wanted)) or len(names) > 200:
        raise Invalid(_("A skill is wanted twice, or there are more than 200. Remove some."))
    with writing(by.organization):
        skills = {
            name: Skill.objects.get_or_create(organization=by.organization, name=name)[0]
            for name in dict.fromkeys(names)
        }
        levels = dict(
            SkillWanted.objects.filter(person=person).values_list("skill__name", "own_level")
        )
        SkillOffered.objects.filter(person=person).delete()
        SkillOffered.objects.bulk_create(
            SkillOffered(
                organization=by.organization, person=person, skill=skills[name], level=level
            )
            for name, level in offered.items()
        )
        SkillWanted.objects.filter(person=person).delete()
        SkillWanted.objects.bulk_create(
            SkillWanted(
                organization=by.organization,
                person=person,
                skill=skills[name],
                priority=place,
                own_level=levels.get(name, 0),
            )
            for place, name in enumerate(wanted, start=1)
        )
        _audit("person.skills_set", person, by, now)


def pause(person: Person, until: date | None, *, by: Viewer, now: datetime) -> None:
    """Take no sessions up to and including a day; the pause ends by itself. None ends it now."""
    require_edit(by, person)
    if until is not None and until < now.date():
        raise Invalid(_("This day is past."), fields={"until": _("Choose today or a later day.")})
    with writing(by.organization):
        Person.objects.filter(pk=person.pk).update(pause_until=until, rev=F("rev") + 1)
        _audit("person.paused", person, by, now)
    person.refresh_from_db()


def set_not_with(person: Person, others: Iterable[Person], *, by: Viewer, now: datetime) -> None:
    """Replace the private list; only its owner reads or writes it."""
    if by.person_id != person.pk or not by.may("people:write"):
        raise NotAllowed(_("Only its owner may change this list."))
    chosen = {other.pk: other for other in others}
    if person.pk in chosen:
        raise Invalid(_("You cannot put yourself on the list."))
    with writing(by.organization):
        NotWith.objects.filter(person=person).exclude(other_id__in=chosen).delete()
        for other in chosen.values():
            NotWith.objects.get_or_create(
                organization=by.organization,
                person=person,
                other=other,
                defaults={"created_at": now},
            )
        _audit("person.private_list_set", person, by, now)


def invite(person: Person, *, by: Viewer, now: datetime) -> None:
    """Give a person a sign-in and send the mail that shows the way in."""
    if not by.is_administrator or not by.may("people:write"):
        raise NotAllowed(_("Only an administrator may invite people."))
    if is_nowhere(person.email):
        raise Conflict(
            _("No address is known yet. Give the work address first."), code="no-address"
        )
    with writing(by.organization):
        membership = add_member(by.organization, person.email, now=now, by=by)
        Person.objects.filter(pk=person.pk).update(membership=membership, invited_at=now)
        enqueue(
            "mail.welcome",
            ref={"person": str(person.public_id)},
            dedupe=f"welcome:{person.public_id}:{now.isoformat()}",
            due_at=now,
            stream=f"person:{person.public_id}",
            now=now,
            organization=by.organization,
        )
        _audit("person.invited", person, by, now)
    person.refresh_from_db()


def invite_everybody(*, by: Viewer, now: datetime) -> int:
    """Invite all who are still here and have no sign-in yet; say how many."""
    with writing(by.organization):
        people = list(without_sign_in(by, now.date()))
        for person in people:
            invite(person, by=by, now=now)
    return len(people)


def start_organization(
    name: str,
    *,
    admin_email: str,
    admin_name: str,
    timezone: str,
    language: str,
    now: datetime,
    is_demo: bool = False,
) -> Organization:
    """A new organisation with one administrator, who gets the mail that shows the way in."""
    with transaction.atomic():
        if Organization.objects.filter(name=name).exists():
            raise Conflict(_("There is an organisation of this name already."))
        organization = create_organization(
            name, timezone=timezone, language=language, is_demo=is_demo, now=now
        )
        by = Viewer.system(organization, "init")
        with writing(organization):
            person = Person.objects.create(
                organization=organization,
                external_id="admin",
                name=admin_name,
                email=admin_email,
                role="",
                timezone=timezone,
                language=language,
            )
            invite(person, by=by, now=now)
            assert person.membership is not None
            grant_role(person.membership, Grant.ADMINISTRATOR, by=by, now=now)
    return organization


def require_edit(by: Viewer, person: Person) -> None:
    """Raise NotAllowed unless this is the person or an administrator, whose key may write."""
    if not may_edit(by, person) or not by.may("people:write"):
        raise NotAllowed(_("Only the person or an administrator may change this."))


def _audit(verb: str, person: Person, by: Viewer, now: datetime, **detail: Any) -> None:
    record_audit(
        by=by,
        verb=verb,
        object_type="person",
        object_id=person.public_id,
        detail=detail,
        now=now,
    )
