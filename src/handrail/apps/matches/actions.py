"""Verbs on matches: propose, pin, forbid, discard. Publishing is a verb of sessions."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from handrail.apps.matches.models import (
    DecisionKind,
    Match,
    MatchRun,
    PairDecision,
    RunStatus,
    Unmatched,
)
from handrail.apps.matches.proposing import Proposal, propose
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import EnrolmentRole, Program, ProgramStatus
from handrail.apps.programs.queries import require_run, takes_part


def propose_matches(
    program: Program, *, week: date, by: Viewer, now: datetime, seed: int | None = None
) -> MatchRun:
    """Solve one week of the program and keep the proposals as a preview; nothing is booked."""
    require_run(by, program, "matches:write")
    if program.status != ProgramStatus.RUNNING:
        raise Conflict(_("Start the program first: only a running program is matched."))
    if week.weekday() != 0:
        raise Invalid(
            _("A week starts on a Monday."), fields={"week": _("Choose the Monday of the week.")}
        )
    proposal = propose(program, week=week, seed=program.seed if seed is None else seed, now=now)
    with writing(by.organization):
        MatchRun.objects.filter(program=program, week=week, status=RunStatus.PREVIEW).update(
            status=RunStatus.DISCARDED
        )
        run = _keep(program, proposal, week, by, now)
        record_audit(
            by=by,
            verb="matches.proposed",
            object_type="match_run",
            object_id=str(run.public_id),
            detail={"week": week.isoformat(), "seed": run.seed, "matches": len(proposal.matches)},
            now=now,
        )
    return run


def _keep(program: Program, proposal: Proposal, week: date, by: Viewer, now: datetime) -> MatchRun:
    run = MatchRun.objects.create(
        organization=program.organization,
        program=program,
        week=week,
        seed=proposal.seed,
        certificate=proposal.certificate,
        prices=proposal.prices,
        created_at=now,
        created_by=by.label,
    )
    Match.objects.bulk_create(
        Match(
            organization=program.organization,
            run=run,
            mentee_id=found.mentee_id,
            mentor_id=found.mentor_id,
            starts_at=found.starts_at,
            minutes=program.session_minutes,
            skill=found.skill,
            score=found.score,
            reasons=found.reasons,
            explanation=found.explanation,
            pinned=found.pinned,
        )
        for found in proposal.matches
    )
    Unmatched.objects.bulk_create(
        Unmatched(organization=program.organization, run=run, person_id=person_id, reasons=reasons)
        for person_id, reasons in proposal.unmatched
    )
    return run


def discard_run(run: MatchRun, *, by: Viewer, now: datetime) -> None:
    """Put a preview aside; a published run stays."""
    require_run(by, run.program, "matches:write")
    with writing(by.organization):
        if not MatchRun.objects.filter(pk=run.pk, status=RunStatus.PREVIEW).update(
            status=RunStatus.DISCARDED
        ):
            raise Conflict(_("Only a preview can be discarded."))
        record_audit(
            by=by,
            verb="matches.discarded",
            object_type="match_run",
            object_id=str(run.public_id),
            now=now,
        )


def mark_published(run: MatchRun, *, by: Viewer, now: datetime) -> None:
    """Record that the run's matches are being booked; exactly one caller wins.

    Called by `sessions.actions.publish_run` inside its transaction.
    """
    if not MatchRun.objects.filter(pk=run.pk, status=RunStatus.PREVIEW).update(
        status=RunStatus.PUBLISHED, published_at=now
    ):
        raise Conflict(_("This run was published or discarded before. Look at the newest run."))
    record_audit(
        by=by,
        verb="matches.published",
        object_type="match_run",
        object_id=str(run.public_id),
        now=now,
    )


def pin(
    program: Program, mentee: Person, mentor: Person, *, by: Viewer, now: datetime
) -> PairDecision:
    """Keep these two together in every following run of the program."""
    return _decide(DecisionKind.PIN, program, mentee, mentor, by, now)


def forbid(
    program: Program, mentee: Person, mentor: Person, *, by: Viewer, now: datetime
) -> PairDecision:
    """Never pair these two in a following run of the program."""
    return _decide(DecisionKind.FORBID, program, mentee, mentor, by, now)


def _decide(
    kind: DecisionKind,
    program: Program,
    mentee: Person,
    mentor: Person,
    by: Viewer,
    now: datetime,
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
            detail={"mentee": str(mentee.public_id), "mentor": str(mentor.public_id)},
            now=now,
        )
    return decision


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
            now=now,
        )
