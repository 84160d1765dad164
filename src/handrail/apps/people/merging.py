"""Merged changes come in: each is a competency event of its person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.importing import KNOWN_AFTER
from handrail.apps.people.merges_file import parse_merges
from handrail.apps.people.models import CompetencyEvent, EmploymentSpell, Person, SpellBasis
from handrail.apps.people.queries import require_import

SHOWN_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class MergesOutcome:
    """How many merged changes came in, and how many were known."""

    created: int
    known: int
    warnings: tuple[str, ...] = ()


def refused_file(lines: list[str]) -> Invalid:
    """The refusal of a file as a whole, with what is wrong in each line."""
    more = len(lines) - SHOWN_PROBLEMS
    shown = lines[:SHOWN_PROBLEMS]
    if more > 0:
        shown.append(_("and %(number)d more") % {"number": more})
    return Invalid(
        ngettext(
            "The file was not taken: %(number)d problem. Nothing was changed.",
            "The file was not taken: %(number)d problems. Nothing was changed.",
            len(lines),
        )
        % {"number": len(lines)},
        fields={"file": _("Correct the lines below and choose the file again.")},
        lines=shown,
    )


def import_merges(
    content: bytes,
    *,
    filename: str,
    by: Viewer,
    now: datetime,
    data_end: date | None = None,
) -> MergesOutcome:
    """Read a merges file, all or nothing; a change that is known comes in once.

    `data_end` says how far the history reaches: whoever was active by then without an end is
    known to have stayed up to 180 days before it. Raises Invalid with `lines` as preview does.
    """
    require_import(by)
    with writing(by.organization):
        people = {person.external_id: person for person in Person.objects.all()}
        file = parse_merges(content, known_ids=frozenset(people))
        if file.errors:
            raise refused_file([str(problem) for problem in file.errors])
        before = CompetencyEvent.objects.count()
        for row in file.rows:
            CompetencyEvent.objects.get_or_create(
                organization=by.organization,
                person=people[row.person_id],
                kind=row.kind,
                occurred_at=row.merged_at,
                authored_at=row.authored_at,
                defaults={"areas": list(row.areas), "source": filename[:64]},
            )
        created = CompetencyEvent.objects.count() - before
        if data_end is not None:
            note_data_end(data_end)
        record_audit(
            by=by,
            verb="merges.imported",
            object_type="import",
            object_id=filename[:64],
            detail={"created": created},
            now=now,
        )
    return MergesOutcome(
        created=created,
        known=len(file.rows) - created,
        warnings=tuple(str(warning) for warning in file.warnings),
    )


def note_data_end(data_end: date) -> None:
    """Write down how far open activity spells are known: 180 days before the data's end."""
    known = data_end - KNOWN_AFTER
    EmploymentSpell.objects.filter(
        Q(known_until=None) | Q(known_until__lt=known),
        basis=SpellBasis.ACTIVITY,
        ended_on=None,
    ).update(known_until=Greatest(F("started_on"), Value(known)))
