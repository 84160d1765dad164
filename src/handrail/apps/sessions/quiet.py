"""What was quiet for 90 days is asked about, ends a week later by itself, and can come back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.db.models import F, Max, Q, QuerySet
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import Seat, SeatRole
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.models import ConsentPurpose
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.actions import enqueue
from handrail.apps.people.automations import may_do
from handrail.apps.people.models import Person
from handrail.apps.programs.models import (
    Enrolment,
    EnrolmentRole,
    Program,
    ProgramLead,
    ProgramStatus,
    QuietQuestion,
)
from handrail.apps.programs.queries import leads_of, may_run
from handrail.apps.programs.signals import program_changed
from handrail.apps.sessions.models import Session
from handrail.apps.sessions.queries.lists import COUNTED

QUIET = timedelta(days=90)
ANSWER_WITHIN = timedelta(days=7)
SHOWN = timedelta(days=30)  # in which what ended is still offered to come back
ASKED = "mail.quiet_asked"
ENDED = "mail.quiet_ended"


def look_after_quiet(*, by: Viewer, now: datetime) -> tuple[int, int]:
    """Ask about what is quiet, and end what was asked about a week ago; says how many of each."""
    ended = 0
    with reading(by.organization):
        due = list(_open().filter(ends_at__lte=now))
    for question in due:
        ended += _end_by_itself(question, by, now)
    with reading(by.organization):
        programs = _quiet_programs(now)
    asked = sum(_ask(program, None, by, now) for program in programs)
    with reading(by.organization):  # of a program that is asked about, no part is asked beside it
        parts = _quiet_parts(now)
    asked += sum(_ask(part.program, part, by, now) for part in parts)
    return asked, ended


def _open() -> QuerySet[QuietQuestion]:
    return QuietQuestion.objects.filter(kept_at=None, ended_at=None).select_related(
        "program", "enrolment__person"
    )


def _quiet_programs(now: datetime) -> list[Program]:
    """Running programs without a session, a newcomer or an objective for 90 days, or one ahead."""
    running = Program.objects.filter(status=ProgramStatus.RUNNING).exclude(
        pk__in=_open().filter(enrolment=None).values("program_id")
    )
    # One question each: joined together they would be multiplied with each other.
    held = dict(
        Session.objects.filter(program__in=running, state__in=COUNTED)
        .values_list("program_id")
        .annotate(Max("booking__starts_at"))
        .order_by()
    )
    came = dict(
        Enrolment.objects.filter(program__in=running)
        .values_list("program_id")
        .annotate(Max("joined_at"))
        .order_by()
    )
    said = dict(
        Enrolment.objects.filter(program__in=running)
        .values_list("program_id")
        .annotate(Max("objectives__created_at"))
        .order_by()
    )
    kept = _kept_programs()
    found = []
    for program in running.order_by("pk"):
        begun = datetime.combine(program.starts_on, time(), UTC)
        at = [begun, *(known.get(program.pk) for known in (held, came, said, kept))]
        if _is_quiet(at, now):
            found.append(program)
    return found


def _kept_programs() -> dict[int, datetime | None]:
    """When somebody last said that a program goes on: that holds for its parts too."""
    whole = QuietQuestion.objects.filter(enrolment=None)
    return dict(whole.values_list("program_id").annotate(Max("kept_at")).order_by())


def _quiet_parts(now: datetime) -> list[Enrolment]:
    """Mentees of running programs who did nothing there for 90 days and have nothing ahead."""
    asked = _open()
    parts = (
        Enrolment.objects.filter(
            role=EnrolmentRole.MENTEE,
            left_at=None,
            program__status=ProgramStatus.RUNNING,
            joined_at__lte=now - QUIET,
        )
        .exclude(pk__in=asked.exclude(enrolment=None).values("enrolment_id"))
        .exclude(program_id__in=asked.filter(enrolment=None).values("program_id"))
        .select_related("program", "person")
        .annotate(said_at=Max("objectives__created_at"), kept_at=Max("quiet_questions__kept_at"))
        .order_by("pk")
    )
    seats = (
        Seat.objects.filter(
            role=SeatRole.MENTEE,
            booking__session__state__in=COUNTED,
            booking__session__program__status=ProgramStatus.RUNNING,
        )
        .values_list("person_id", "booking__session__program_id")
        .annotate(Max("booking__starts_at"))
        .order_by()
    )
    held = {(person, program): at for person, program, at in seats}
    kept = _kept_programs()
    found: list[Enrolment] = []
    for part in parts:
        begun = datetime.combine(part.program.starts_on, time(), UTC)
        said = [part.joined_at, part.said_at, part.kept_at, kept.get(part.program_id)]
        if _is_quiet([begun, *said, held.get((part.person_id, part.program_id))], now):
            found.append(part)
    return found


def _is_quiet(moments: Iterable[datetime | None], now: datetime) -> bool:
    return now - max(at for at in moments if at is not None) >= QUIET


def _readers(program: Program, part: Enrolment | None, now: datetime) -> list[Person]:
    """Who is asked: the leads, or whose part it is; who switched it off is left in peace."""
    people = [part.person] if part is not None else list(leads_of(program))
    return [person for person in people if may_do(person.public_id, ConsentPurpose.QUIET_ENDS, now)]


def _ask(program: Program, part: Enrolment | None, by: Viewer, now: datetime) -> bool:
    with writing(by.organization):
        readers = _readers(program, part, now)
        if not readers:
            return False
        question, is_new = QuietQuestion.objects.get_or_create(
            organization=by.organization,
            program=program,
            enrolment=part,
            kept_at=None,
            ended_at=None,
            defaults={"asked_at": now, "ends_at": now + ANSWER_WITHIN},
        )
        if is_new:
            _tell(ASKED, question, readers, now)
            _audit("quiet.asked", question, by, now)
    return is_new


def _end_by_itself(question: QuietQuestion, by: Viewer, now: datetime) -> bool:
    with writing(by.organization):
        found = _locked(question)
        if found.kept_at or found.ended_at:
            return False
        readers = _readers(found.program, found.enrolment, now)
        if not readers or not _still_quiet(found, now):
            QuietQuestion.objects.filter(pk=found.pk).update(kept_at=now)
            return False
        _end(found, by, now)
        _tell(ENDED, found, readers, now)
    return True


def _still_quiet(question: QuietQuestion, now: datetime) -> bool:
    """Whether nothing has happened since it was asked."""
    since = Q(booking__starts_at__gt=question.asked_at, state__in=COUNTED)
    sessions = Session.objects.filter(since, program=question.program)
    if question.enrolment is not None:
        part = question.enrolment
        person = Q(booking__seats__person=part.person)
        written = part.objectives.filter(created_at__gt=question.asked_at)
        return not sessions.filter(person).exists() and not written.exists()
    joined = Enrolment.objects.filter(program=question.program, joined_at__gt=question.asked_at)
    return not sessions.exists() and not joined.exists()


def answer_quiet(
    question: QuietQuestion, answer: str, *, by: Viewer, now: datetime
) -> QuietQuestion:
    """Let it go on ("keep"), end it now ("end"), or bring back what has ended ("back")."""
    _require(question, by)
    if answer not in ("keep", "end", "back"):
        raise Invalid(_("Choose one of the answers."), fields={"answer": _("Unknown.")})
    with writing(by.organization):
        found = _locked(question)
        if answer == "back":
            if found.ended_at is None:
                raise Conflict(_("It has not ended, so nothing comes back."), code="not-ended")
            if found.back_at is None:
                _bring_back(found, by, now)
        elif found.ended_at is not None:
            raise Conflict(_("It has ended meanwhile. You can bring it back."), code="ended")
        elif answer == "keep":
            QuietQuestion.objects.filter(pk=found.pk).update(kept_at=now)
            _audit("quiet.kept", found, by, now)
        else:
            _end(found, by, now)
        found.refresh_from_db()
    return found


def _end(question: QuietQuestion, by: Viewer, now: datetime) -> None:
    if question.enrolment is not None:
        Enrolment.objects.filter(pk=question.enrolment.pk, left_at=None).update(left_at=now)
    else:
        Program.objects.filter(pk=question.program_id, status=ProgramStatus.RUNNING).update(
            status=ProgramStatus.CLOSED, rev=F("rev") + 1
        )
        _say_changed(question.program, by, now)
    QuietQuestion.objects.filter(pk=question.pk).update(ended_at=now)
    _audit("quiet.ended", question, by, now)


def _bring_back(question: QuietQuestion, by: Viewer, now: datetime) -> None:
    program = question.program
    if question.enrolment is not None:
        if program.status != ProgramStatus.RUNNING:
            raise Conflict(_("The program is not running any more. Ask its lead."), code="closed")
        Enrolment.objects.filter(pk=question.enrolment.pk).update(left_at=None)
    else:
        Program.objects.filter(pk=program.pk, status=ProgramStatus.CLOSED).update(
            status=ProgramStatus.RUNNING, rev=F("rev") + 1
        )
        _say_changed(program, by, now)
    # Both: its 90 days begin anew.
    QuietQuestion.objects.filter(pk=question.pk).update(back_at=now, kept_at=now)
    _audit("quiet.back", question, by, now)


def _say_changed(program: Program, by: Viewer, now: datetime) -> None:
    program.refresh_from_db(fields=["status", "rev"])
    program_changed.send(sender=Program, program=program, by=by, now=now)


def quiet_question_for(viewer: Viewer, public_id: UUID) -> QuietQuestion:
    """One question: of a program for those who run it, of a part for its person and those."""
    found = (
        QuietQuestion.objects.filter(public_id=public_id)
        .select_related("program", "enrolment__person")
        .first()
    )
    if found is None or not _is_about(viewer, found):
        raise NotFound(_("There is no such question."))
    return found


def quiet_questions_of(viewer: Viewer, now: datetime) -> list[QuietQuestion]:
    """What waits for the viewer's own answer, and what ended lately and could come back."""
    if viewer.person_id is None:
        return []
    led = ProgramLead.objects.filter(person_id=viewer.person_id).values("program_id")
    mine = Q(enrolment=None, program_id__in=led) | Q(enrolment__person_id=viewer.person_id)
    lately = Q(ended_at__gt=now - SHOWN, back_at=None)
    return list(
        QuietQuestion.objects.filter(mine)
        .filter(Q(kept_at=None, ended_at=None) | lately)
        .select_related("program", "enrolment")
    )


def _is_about(viewer: Viewer, question: QuietQuestion) -> bool:
    own = question.enrolment is not None and question.enrolment.person_id == viewer.person_id
    return own or may_run(viewer, question.program)


def _require(question: QuietQuestion, by: Viewer) -> None:
    if not by.may("programs:write") or not _is_about(by, question):
        raise NotAllowed(_("Only whose it is may answer this."))


def _locked(question: QuietQuestion) -> QuietQuestion:
    return (
        QuietQuestion.objects.select_for_update(of=("self",))
        .select_related("program", "enrolment__person")
        .get(pk=question.pk)
    )


def _tell(kind: str, question: QuietQuestion, readers: Iterable[Person], now: datetime) -> None:
    for reader in readers:
        enqueue(
            kind,
            ref={"question": str(question.public_id), "person": str(reader.public_id)},
            dedupe=f"{kind}:{question.public_id}:{reader.public_id}",
            due_at=now,
            stream=f"quiet:{reader.public_id}",
            now=now,
            organization=question.organization,
        )


def _audit(verb: str, question: QuietQuestion, by: Viewer, now: datetime) -> None:
    what = "part" if question.enrolment_id else "program"
    record_audit(
        by=by,
        verb=verb,
        object_type="program",
        object_id=str(question.program.public_id),
        detail={"what": what},
        now=now,
    )
