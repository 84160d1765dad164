"""Verbs on outcomes: files come in, gaps are noted, sources waived."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Min
from django.utils.translation import gettext as _

from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outcomes.files import SHAPES, Known, OutcomeFile, Row, parse
from handrail.apps.outcomes.models import Gap, JobOffer, RoleRecord, Source, Waiver
from handrail.apps.people.merging import refused_file
from handrail.apps.people.models import (
    CompetencyEvent,
    EmploymentSpell,
    LedgerCorrection,
    Person,
    SpellBasis,
)
from handrail.apps.people.queries import require_import
from handrail.apps.people.table import Problem
from handrail.apps.programs.models import Program
from handrail.apps.programs.queries import require_run

GONE = "gone-"  # how the applicant of an offer is called once they are forgotten


@dataclass(frozen=True, slots=True)
class Came:
    """What a file of outcomes brought: new rows, corrected ones, and those known before."""

    created: int
    corrected: int
    known: int
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class Writing:
    """What the writers of one file share."""

    by: Viewer
    now: datetime
    source: str
    people: dict[str, Person]
    created: int = 0
    corrected: int = 0
    known: int = 0
    told: set[int] = field(default_factory=set)  # forgotten offers that the file told again

    def keep_correction(
        self, about: str, subject: str, before: dict[str, Any], after: dict[str, Any]
    ) -> None:
        """Write down what stood before; both are JSON."""
        LedgerCorrection.objects.create(
            organization=self.by.organization,
            subject=subject,
            about=about,
            before=before,
            after=after,
            source=self.source,
            corrected_at=self.now,
            corrected_by=self.by.actor,
        )
        self.corrected += 1


def import_outcomes(kind: str, content: bytes, *, filename: str, by: Viewer, now: datetime) -> Came:
    """Read a file of events, spells, roles or offers, all or nothing.

    A row that is known comes in once; one that says otherwise corrects it, and what stood before
    is kept. Raises Invalid with `lines`, each with its rule.
    """
    require_import(by)
    if kind not in SHAPES:
        raise Invalid(
            _("Choose what the file holds."), fields={"kind": _("Choose one of the list.")}
        )
    with writing(by.organization):
        people = {person.external_id: person for person in Person.objects.all()}
        file = parse(kind, content, _known(people))
        if not file.errors and kind == "spells":
            file.problems.extend(_overlaps(file, people))
        if file.errors:
            raise refused_file([str(problem) for problem in file.errors])
        work = Writing(by, now, filename[:64], people)
        for row in file.rows:
            WRITERS[kind](work, row)
        record_audit(
            by=by,
            verb="outcomes.imported",
            object_type="import",
            object_id=filename[:64],
            detail={"kind": kind, "created": work.created, "corrected": work.corrected},
            now=now,
        )
    return Came(
        work.created,
        work.corrected,
        work.known,
        tuple(str(warning) for warning in file.warnings),
    )


def _known(people: Mapping[str, Person]) -> Known:
    first = dict(
        EmploymentSpell.objects.order_by()
        .values_list("person_id")
        .annotate(first=Min("started_on"))
    )
    return Known({name: first.get(person.pk) for name, person in people.items()})


def _overlaps(file: OutcomeFile, people: Mapping[str, Person]) -> list[Problem]:
    """A stay that begins before another one of the same person has ended."""
    stays: dict[str, dict[date, date | None]] = {}
    for spell in EmploymentSpell.objects.filter(basis=SpellBasis.EMPLOYMENT).select_related(
        "person"
    ):
        stays.setdefault(spell.person.external_id, {})[spell.started_on] = spell.ended_on
    for row in file.rows:
        stays.setdefault(row.values["person"], {})[row.values["started_on"]] = row.values[
            "ended_on"
        ]
    problems = []
    for row in file.rows:
        mine = row.values["started_on"]
        for start, end in stays[row.values["person"]].items():
            if start < mine and (end is None or end >= mine):
                message = _(
                    "The stay since %(day)s has not ended by then. Give it its last day first."
                ) % {"day": start.isoformat()}
                problems.append(Problem(row.line, "started_on", message))
    return problems


def _write_event(work: Writing, row: Row) -> None:
    values = row.values
    occurred = values["occurred_at"]
    _event, created = CompetencyEvent.objects.get_or_create(
        organization=work.by.organization,
        person=work.people[values["person"]],
        kind="task",
        task=values["task"],
        occurred_at=occurred,
        defaults={"source": work.source, "known_since": values["known_since"]},
    )
    work.created += created
    work.known += not created


def _write_spell(work: Writing, row: Row) -> None:
    values, person = row.values, work.people[row.values["person"]]
    wanted = {
        "basis": SpellBasis.EMPLOYMENT,
        "started_on": values["started_on"],
        "start_known_since": values["started_on"],
        "ended_on": values["ended_on"],
        "end_known_since": values["known_since"],
        "known_until": None,
    }
    spells = EmploymentSpell.objects.filter(person=person)
    stands = spells.filter(started_on=values["started_on"]).first()
    if stands is None:
        # What was read from activity gives way to what the house knows.
        stands = spells.filter(basis=SpellBasis.ACTIVITY).order_by("-started_on").first()
    if stands is None:
        EmploymentSpell.objects.create(organization=work.by.organization, person=person, **wanted)
        work.created += 1
        return
    before = {name: getattr(stands, name) for name in wanted}
    wanted["start_known_since"] = before["start_known_since"]
    if before == wanted:
        work.known += 1
        return
    if before["basis"] == SpellBasis.ACTIVITY:
        wanted["start_known_since"] = values["started_on"]
    work.keep_correction("spell", str(person.public_id), _plain(before), _plain(wanted))
    EmploymentSpell.objects.filter(pk=stands.pk).update(**wanted)


def _write_role(work: Writing, row: Row) -> None:
    values = dict(row.values)
    person = work.people[values.pop("person")]
    manager = work.people.get(values.pop("hiring_manager"))
    stands = RoleRecord.objects.filter(
        person=person, effective_on=values["effective_on"], superseded_at=None
    ).first()
    wanted = {**values, "hiring_manager_id": manager.pk if manager else None}
    if stands is not None and not _supersede(work, stands, wanted, "role", str(person.public_id)):
        return
    RoleRecord.objects.create(
        organization=work.by.organization,
        person=person,
        source=work.source,
        recorded_at=work.now,
        **wanted,
    )


def _write_offer(work: Writing, row: Row) -> None:
    wanted = dict(row.values)
    stands = JobOffer.objects.filter(
        applicant=wanted["applicant"], requisition=wanted["requisition"], superseded_at=None
    ).first()
    if stands is not None and not _supersede(work, stands, wanted, "offer", str(stands.pk)):
        return
    JobOffer.objects.create(
        organization=work.by.organization,
        source=work.source,
        recorded_at=work.now,
        **wanted,
    )


def _bring_offer(work: Writing, row: Row) -> None:
    """Write an offer of a file, unless it tells one again whose applicant was let go."""
    about = ("applicant", "known_since")
    same = {name: said for name, said in row.values.items() if name not in about}
    them = JobOffer.objects.filter(superseded_at=None)
    if not them.filter(
        applicant=row.values["applicant"], requisition=row.values["requisition"]
    ).exists():
        gone = them.filter(applicant__startswith=GONE, **same).exclude(pk__in=work.told)
        found = gone.order_by("pk").first()
        if found is not None:
            work.told.add(found.pk)
            work.known += 1
            return
    _write_offer(work, row)


def keep_offer(values: dict[str, Any], *, source: str, by: Viewer, now: datetime) -> None:
    """Keep one offer as the columns of an offers file say it; what stood before is kept.

    In the transaction of a room above that has asked who may do this.
    """
    _write_offer(Writing(by, now, source[:64], {}), Row(0, values))


def forget_applicant(applicant: str, requisition: str, gone: str) -> None:
    """Call an applicant by another word in every row of their offer; what counts stays.

    In the transaction of a room above that lets them go.
    """
    JobOffer.objects.filter(applicant=applicant, requisition=requisition).update(
        applicant=gone, source=""
    )


def _supersede(
    work: Writing,
    stands: RoleRecord | JobOffer,
    wanted: dict[str, Any],
    about: str,
    subject: str,
) -> bool:
    """Mark the row that stands as corrected; False where it already says what is wanted."""
    before = {name: getattr(stands, name) for name in wanted}
    if before == wanted:
        work.known += 1
        return False
    work.keep_correction(about, subject, _plain(before), _plain(wanted))
    type(stands).objects.filter(pk=stands.pk).update(superseded_at=work.now)
    work.created -= 1  # what follows is the same fact said again
    return True


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON; what is kept for good names no applicant, who may have to be forgotten."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
        if name != "applicant"
    }


def _counted(write: Callable[[Writing, Row], None]) -> Callable[[Writing, Row], None]:
    """A writer that makes a row unless it was known; counts it."""

    def counted(work: Writing, row: Row) -> None:
        known = work.known
        write(work, row)
        work.created += work.known == known

    return counted


WRITERS: dict[str, Callable[[Writing, Row], None]] = {
    "events": _write_event,
    "spells": _write_spell,
    "roles": _counted(_write_role),
    "offers": _counted(_bring_offer),
}


def note_gap(
    source: Source, *, bots: int, unlinked: int, by: Viewer, now: datetime, note: str = ""
) -> Gap:
    """Write down how many bots and unlinked identities one reading of a source left out."""
    require_import(by)
    with writing(by.organization):
        return Gap.objects.create(
            organization=by.organization,
            source=source,
            bots=bots,
            unlinked=unlinked,
            note=note[:200],
            noted_at=now,
        )


def waive_source(
    program: Program, source: str, reason: str, *, signed: str, by: Viewer, now: datetime
) -> Waiver:
    """Answer in writing for measuring without a source; it cannot be taken back."""
    require_run(by, program)
    fields: dict[str, str] = {}
    reason, signed = " ".join(reason.split()), " ".join(signed.split())
    if source not in Source.values:
        fields["source"] = _("Choose one of the list.")
    if len(reason) < 20:
        fields["reason"] = _("Say in a sentence why it is measured without.")
    if not 3 <= len(signed) <= 200:
        fields["signed"] = _("Write the name of who answers for it.")
    if fields:
        raise Invalid(_("The waiver is not complete."), fields=fields)
    if Waiver.objects.filter(program=program, source=source).exists():
        raise Conflict(_("This source is waived already."))
    with writing(by.organization):
        waiver = Waiver.objects.create(
            organization=by.organization,
            program=program,
            source=source,
            reason=reason,
            signed=signed,
            waived_at=now,
            waived_by=by.actor,
        )
        record_audit(
            by=by,
            verb="source.waived",
            object_type="program",
            object_id=str(program.public_id),
            detail={"source": source},
            now=now,
        )
    return waiver
