"""Who receives a report of harm, and what each side of it sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from handrail.apps.cohorts.actions.starting import members_of
from handrail.apps.cohorts.queries import cohort_for
from handrail.apps.organizations.models import Grant
from handrail.apps.organizations.refusals import NotAllowed, NotFound
from handrail.apps.organizations.sealing import open_sealed
from handrail.apps.organizations.viewer import Viewer, ViewerKind
from handrail.apps.people.models import Person
from handrail.apps.people.queries import managers_above
from handrail.apps.projects.actions.access import people_of as people_on
from handrail.apps.projects.queries import project_for
from handrail.apps.requests.queries import request_for
from handrail.apps.safeguarding.models import (
    HarmContact,
    HarmPlace,
    HarmReport,
    HarmState,
    HarmWord,
    HarmWordKind,
)
from handrail.apps.sessions.queries import people_of, session_for


@dataclass(frozen=True, slots=True)
class Said:
    """One opened text of a report."""

    kind: str
    text: str
    author: Person | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A report as one side of it sees it."""

    report: HarmReport
    text: str
    words: tuple[Said, ...]
    is_reporter: bool
    may_tend: bool


def contacts() -> list[Person]:
    """Who was named to receive reports and is still a member, by name."""
    named = HarmContact.objects.filter(person__membership__revoked_at=None)
    named = named.exclude(person__membership=None)
    return list(Person.objects.filter(pk__in=named.values("person_id")).order_by("name", "pk"))


def contacts_for(viewer: Viewer) -> list[Person]:
    """The named contacts, for who names them."""
    if not viewer.is_administrator or viewer.kind is ViewerKind.KEY:
        raise NotAllowed(_("Only an administrator names who receives reports."))
    return contacts()


def kept_from(concerned: Person | None) -> set[int]:
    """The person concerned and everybody in their line: they never learn of a report."""
    return set() if concerned is None else {concerned.pk, *managers_above(concerned)}


def receivers(report: HarmReport) -> list[Person]:
    """Who may read the report and act on it now.

    The contacts; administrators too where nobody is left of them, or where none has seen it in
    time. Never the person concerned, their line then or now, nor whoever wrote the report.
    """
    out = kept_from(report.concerned) | set(report.kept_from) | {report.reporter_id or 0}
    return _reach(out, is_escalated=report.escalated_at is not None)


def would_reach(reporter: Person, concerned: Person | None) -> list[Person]:
    """Who would receive a report of this person about that one."""
    return _reach(kept_from(concerned) | {reporter.pk}, is_escalated=False)


def _reach(out: Iterable[int], *, is_escalated: bool) -> list[Person]:
    away = set(out)
    found = [person for person in contacts() if person.pk not in away]
    if found and not is_escalated:
        return found
    heads = Person.objects.filter(
        membership__revoked_at=None, membership__grants__role=Grant.ADMINISTRATOR
    )
    more = [one for one in heads.order_by("name", "pk").distinct() if one.pk not in away]
    return found + [one for one in more if one not in found]


def people_at(viewer: Viewer, place: str, public_id: UUID) -> list[Person]:
    """Whom the viewer met at a place that they can see, without themself; else NotFound."""
    if viewer.person_id is None:
        raise NotFound(_("There is nothing here to report about."))
    found: list[Person]
    if place == HarmPlace.SESSION:
        found = people_of(session_for(viewer, public_id))
    elif place == HarmPlace.REQUEST:
        request = request_for(viewer, public_id)
        found = [request.mentee]
        if viewer.person_id == request.mentee_id:
            found = [ask.mentor for ask in request.asks.select_related("mentor")]
    elif place == HarmPlace.COHORT:
        cohort = cohort_for(viewer, public_id)
        found = [cohort.mentor, *(one.person for one in members_of(cohort))]
    elif place == HarmPlace.PROJECT:
        project = project_for(viewer, public_id)
        found = [*people_on(project)]
        found += [one.mentor for one in project.mentorships.select_related("mentor")]
    else:
        raise NotFound(_("There is nothing here to report about."))
    others = {person.pk: person for person in found if person.pk != viewer.person_id}
    return list(others.values())


def harm_report_for(viewer: Viewer, public_id: UUID) -> HarmReport:
    """A report for who wrote it and for who may receive it; for everybody else there is none."""
    found = _reports().filter(public_id=public_id).first()
    if found is not None and viewer.person_id is not None:
        if found.reporter_id == viewer.person_id:
            return found
        if may_tend(viewer, found):
            return found
    raise NotFound(_("There is no such report of harm."))


def may_tend(viewer: Viewer, report: HarmReport) -> bool:
    """Whether the viewer looks after this report; a key never does."""
    if viewer.kind is not ViewerKind.PERSON or viewer.person_id is None:
        return False
    return viewer.person_id in {person.pk for person in receivers(report)}


def own_reports(viewer: Viewer) -> QuerySet[HarmReport]:
    """What the viewer has reported, newest first."""
    return _reports().filter(reporter_id=viewer.person_id or 0)


def reports_to_tend(viewer: Viewer) -> list[HarmReport]:
    """The reports that the viewer looks after: what waits first."""
    mine = _tended_of(viewer, _reports())
    order = {HarmState.WAITING: 0, HarmState.ACKNOWLEDGED: 1, HarmState.CLOSED: 2}
    return sorted(mine, key=lambda report: order[HarmState(report.state)])


def reports_that_wait(viewer: Viewer) -> list[HarmReport]:
    """The reports that the viewer looks after and that nobody has said to have seen."""
    return _tended_of(viewer, _reports().filter(state=HarmState.WAITING))


def _tended_of(viewer: Viewer, reports: QuerySet[HarmReport]) -> list[HarmReport]:
    if viewer.kind is not ViewerKind.PERSON or viewer.person_id is None:
        return []
    if not (viewer.is_administrator or HarmContact.objects.filter(person=viewer.person_id)):
        return []
    return [report for report in reports if may_tend(viewer, report)]


def opened(viewer: Viewer, report: HarmReport) -> Opened:
    """The words of a report; whoever calls this has noted the read (`actions.read`)."""
    is_reporter = report.reporter_id == viewer.person_id
    words = HarmWord.objects.filter(report=report).select_related("author")
    if is_reporter:
        words = words.exclude(kind=HarmWordKind.NOTE)
    said = tuple(
        Said(
            word.kind,
            open_sealed(word.sealed, place=place_of("word", word.organization_id, word.public_id)),
            word.author,
            word.said_at,
        )
        for word in words
    )
    text = open_sealed(
        report.sealed, place=place_of("report", report.organization_id, report.public_id)
    )
    return Opened(report, text, said, is_reporter, may_tend(viewer, report))


def place_of(what: str, organization: int, public_id: UUID) -> str:
    """What a text is sealed for: it opens nowhere else."""
    return f"{organization}:harm_{what}:{public_id}"


def _reports() -> QuerySet[HarmReport]:
    return HarmReport.objects.select_related("reporter", "concerned", "acknowledged_by")
