"""Verbs on matches: propose, stop, pin, forbid, discard. Publishing is a verb of sessions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from handrail.apps.matches import making
from handrail.apps.matches.models import (
    DecisionKind,
    Match,
    MatchRun,
    PairDecision,
    RunStatus,
)
from handrail.apps.matches.proposing import (
    RECENT,
    question_for,
    ruled_out,
    rules_kept,
    rules_of,
)
from handrail.apps.matches.solving import Faulty, answer
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.actions import cancel_pending, enqueue
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Enrolment, EnrolmentRole, Program, ProgramStatus
from handrail.apps.programs.queries import require_run, takes_part
from handrail.domain.matching import ProblemError

# Solving and explaining took 0.5 CPU seconds for 44 mentees with a mentor for four of them, 1.3
# for 100, 1.9 for 150 and 9.6 for 400: more than so many are not solved while a page waits.
AT_ONCE = 100
SOLVE = "match.solve"


def propose_matches(
    program: Program, *, week: date, by: Viewer, now: datetime, seed: int | None = None
) -> MatchRun:
    """Match one week of the program and keep the proposals as a preview; nothing is booked.

    For more than 100 mentees a worker does it: the run comes back `running`, and is the same for
    everybody who asks for the same thing meanwhile.
    """
    require_run(by, program, "matches:write")
    if program.status != ProgramStatus.RUNNING:
        raise Conflict(_("Start the program first: only a running program is matched."))
    if week.weekday() != 0:
        raise Invalid(
            _("A week starts on a Monday."), fields={"week": _("Choose the Monday of the week.")}
        )
    if not program.starts_on - timedelta(days=6) <= week <= program.ends_on:
        raise Invalid(
            _("This program runs from %(first)s to %(last)s.")
            % {"first": program.starts_on.isoformat(), "last": program.ends_on.isoformat()},
            fields={
                "week": _("Choose a week of the program, or change its last day in the rules.")
            },
        )
    draw = program.seed if seed is None else seed
    if _is_large(program):
        return _ask_for(program, week, draw, by, now)
    return _at_once(program, week, draw, by, now)


def _is_large(program: Program) -> bool:
    mentees = Enrolment.objects.filter(program=program, role=EnrolmentRole.MENTEE, left_at=None)
    return mentees.count() > AT_ONCE


def _at_once(program: Program, week: date, seed: int, by: Viewer, now: datetime) -> MatchRun:
    question = question_for(program, week=week, seed=seed, now=now)
    try:
        told = answer(question.asked)
    except ProblemError as error:
        raise Invalid(str(error), fields={error.field: error.message}) from error
    except Faulty as error:
        raise Conflict(
            _("The plan did not pass its own check, so it is not shown. Please report this.")
        ) from error
    whole = {"certificate": told.certificate, "prices": told.prices, "advice": told.advice}
    with writing(by.organization):
        making.lock_program(program)
        _stop_running(program, week, by, now)
        run = _new_run(program, week, seed, by, now, question.rules, RunStatus.DISCARDED)
        making.write_rows(run, question, [*question.waiting, *told.matches, *told.unmatched])
        making.show(run, whole, question)
        making.record_proposed(run, by=by, now=now)
    return run


def _ask_for(program: Program, week: date, seed: int, by: Viewer, now: datetime) -> MatchRun:
    rules = rules_of(program)
    with writing(by.organization):
        making.lock_program(program)
        running = MatchRun.objects.filter(
            program=program, week=week, status=RunStatus.RUNNING, seed=seed
        ).first()
        if running is not None and rules_kept(running) == rules:
            return running
        _stop_running(program, week, by, now)
        run = _new_run(program, week, seed, by, now, rules, RunStatus.RUNNING)
        enqueue(
            SOLVE,
            ref={"run": str(run.public_id)},
            dedupe=f"{SOLVE}:{run.public_id}",
            due_at=now,
            stream=_stream(run),
            now=now,
            organization=by.organization,
        )
        _record("asked", run, by, now, week=week.isoformat(), seed=seed)
    return run


def _new_run(
    program: Program,
    week: date,
    seed: int,
    by: Viewer,
    now: datetime,
    rules: dict[str, Any],
    status: RunStatus,
) -> MatchRun:
    return MatchRun.objects.create(
        organization=program.organization,
        program=program,
        week=week,
        seed=seed,
        status=status,
        rules=rules,
        created_at=now,
        created_by=by.label,
    )


def _stream(run: MatchRun) -> str:
    return f"match-run:{run.public_id}"


def _stop_running(program: Program, week: date, by: Viewer, now: datetime) -> None:
    """Stop what is being worked out for the week: something newer takes its place."""
    for run in MatchRun.objects.filter(program=program, week=week, status=RunStatus.RUNNING):
        _stop(run, by, now)


def _stop(run: MatchRun, by: Viewer, now: datetime) -> bool:
    stopped = MatchRun.objects.filter(pk=run.pk, status=RunStatus.RUNNING).update(
        status=RunStatus.STOPPED
    )
    if stopped:
        cancel_pending(_stream(run), [SOLVE], organization=by.organization, now=now)
        run.matches.all().delete()
        run.unmatched.all().delete()
        _record("stopped", run, by, now)
    return bool(stopped)


def stop_run(run: MatchRun, *, by: Viewer, now: datetime) -> None:
    """Stop a run that is being worked out; its worker ends within seconds."""
    require_run(by, run.program, "matches:write")
    with writing(by.organization):
        if not _stop(run, by, now):
            raise Conflict(_("This run is not being worked out any more. Look at it again."))


def _record(verb: str, run: MatchRun, by: Viewer, now: datetime, **detail: Any) -> None:
    record_audit(
        by=by,
        verb=f"matches.{verb}",
        object_type="match_run",
        object_id=str(run.public_id),
        detail=detail,
        now=now,
    )


def discard_run(run: MatchRun, *, by: Viewer, now: datetime) -> None:
    """Put a preview aside; a published run stays."""
    require_run(by, run.program, "matches:write")
    with writing(by.organization):
        if not MatchRun.objects.filter(pk=run.pk, status=RunStatus.PREVIEW).update(
            status=RunStatus.DISCARDED
        ):
            raise Conflict(_("Only a preview can be discarded."))
        _record("discarded", run, by, now)


def mark_published(run: MatchRun, *, by: Viewer, now: datetime) -> None:
    """Record that the run's matches are being booked; exactly one caller wins.

    Called by `sessions.actions.publish_run` inside its transaction.
    """
    if not MatchRun.objects.filter(pk=run.pk, status=RunStatus.PREVIEW).update(
        status=RunStatus.PUBLISHED, published_at=now
    ):
        raise Conflict(_("This run was published or discarded before. Look at the newest run."))
    _record("published", run, by, now)


def pin(
    program: Program,
    mentee: Person,
    mentor: Person,
    *,
    by: Viewer,
    now: datetime,
    run: MatchRun | None = None,
) -> PairDecision:
    """Keep these two together in every following run; `run` is the preview it was decided on."""
    return _decide(DecisionKind.PIN, program, mentee, mentor, by, now, run)


def forbid(
    program: Program,
    mentee: Person,
    mentor: Person,
    *,
    by: Viewer,
    now: datetime,
    run: MatchRun | None = None,
) -> PairDecision:
    """Never pair these two in a following run; `run` is the preview it was decided on."""
    return _decide(DecisionKind.FORBID, program, mentee, mentor, by, now, run)


def _decide(
    kind: DecisionKind,
    program: Program,
    mentee: Person,
    mentor: Person,
    by: Viewer,
    now: datetime,
    run: MatchRun | None,
) -> PairDecision:
    require_run(by, program, "matches:write")
    if not takes_part(program, mentee, EnrolmentRole.MENTEE):
        raise Invalid(
            _("%(name)s is no mentee of this program.") % {"name": mentee.name},
            fields={"mentee": _("Choose a mentee of this program.")},
        )
    if not takes_part(program, mentor, EnrolmentRole.MENTOR):
        raise Invalid(
            _("%(name)s is no mentor of this program.") % {"name": mentor.name},
            fields={"mentor": _("Choose a mentor of this program.")},
        )
    with writing(by.organization):
        if kind == DecisionKind.PIN:
            other = (
                PairDecision.objects.filter(program=program, mentee=mentee, kind=DecisionKind.PIN)
                .exclude(mentor=mentor)
                .first()
            )
            if other:
                raise Conflict(
                    _("%(name)s is already kept together with somebody else. Undo that first.")
                    % {"name": mentee.name}
                )
        decision, _created = PairDecision.objects.update_or_create(
            organization=by.organization,
            program=program,
            mentee=mentee,
            mentor=mentor,
            defaults={"kind": kind, "decided_by": by.label, "decided_at": now},
        )
        record_audit(
            by=by,
            verb=f"pair.{kind.value}",
            object_type="program",
            object_id=str(program.public_id),
            detail=_overridden(kind, program, mentee, mentor, run, now),
            now=now,
        )
    return decision


def _overridden(
    kind: DecisionKind,
    program: Program,
    mentee: Person,
    mentor: Person,
    run: MatchRun | None,
    now: datetime,
) -> dict[str, str]:
    """What a lead's word sets aside: the plan's own pair, or the rule that they met lately."""
    detail = {"mentee": str(mentee.public_id), "mentor": str(mentor.public_id)}
    if run is not None:
        detail["run"] = str(run.public_id)
        planned = Match.objects.filter(run=run, mentee=mentee).select_related("mentor").first()
        if planned and kind == DecisionKind.PIN and planned.mentor_id != mentor.pk:
            detail["instead_of"] = str(planned.mentor.public_id)
        if planned and kind == DecisionKind.FORBID and planned.mentor_id == mentor.pk:
            detail["overrides"] = "plan"
    if kind == DecisionKind.PIN:
        week = run.week if run else now.date()
        if ruled_out(program, week).get((mentee.pk, mentor.pk)) == RECENT:
            detail["overrides"] = RECENT
    return detail


def undecide(decision: PairDecision, *, by: Viewer, now: datetime) -> None:
    """Take a pin or a forbid back."""
    require_run(by, decision.program, "matches:write")
    with writing(by.organization):
        decision.delete()
        record_audit(
            by=by,
            verb="pair.undecided",
            object_type="program",
            object_id=str(decision.program.public_id),
            detail={
                "kind": decision.kind,
                "mentee": str(decision.mentee.public_id),
                "mentor": str(decision.mentor.public_id),
            },
            now=now,
        )
