"""A run that a worker solves: one at a time, stopped when told, tried again once, never half."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.matches.conftest import Propose, Solver, add_mentee, work
from factories.world import MONDAY, NOW, World
from handrail.apps.matches import actions, making, tasks
from handrail.apps.matches.apart import Failed, Lost
from handrail.apps.matches.models import Match, MatchRun, RunStatus, Unmatched
from handrail.apps.matches.queries import progress_of
from handrail.apps.organizations.models import AuditEntry
from handrail.apps.organizations.refusals import Conflict, NotAllowed
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.outbox.runner import Drained
from handrail.apps.programs.actions import close_program

LATER = timedelta(minutes=5)  # when the outbox has come back to a row


def state(run: MatchRun) -> tuple[str, str]:
    run.refresh_from_db()
    return run.status, run.stage


def test_a_small_program_is_matched_at_once(world: World, propose: Propose) -> None:
    run = propose()
    assert (run.status, run.matches.count()) == (RunStatus.PREVIEW, 1)
    assert not OutboxRow.objects.filter(kind="match.solve").exists()


def test_so_many_mentees_at_once_and_one_more_by_a_worker(
    world: World, propose: Propose, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_mentee(world, "dora", objective=False)
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    assert propose().status == RunStatus.PREVIEW
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    assert propose().status == RunStatus.RUNNING


def test_a_large_one_waits_for_a_worker_and_becomes_a_preview(
    world: World, propose: Propose, large: None, solver: Solver
) -> None:
    add_mentee(world, "dora", objective=False)
    run = propose()
    assert state(run) == ("running", "waiting")
    assert not run.matches.exists()
    assert work() == Drained(delivered=1)
    assert state(run)[0] == "preview"
    assert [match.mentee for match in run.matches.all()] == [world.person("bob")]
    assert [row.person for row in run.unmatched.all()] == [world.person("dora")]
    assert run.certificate["served"] == 1
    assert run.advice["skills"][0]["skill"] == "git"
    assert solver.stages == ["solving", "checking", "explaining"]


def test_the_worker_gets_what_a_page_would_have_got(
    world: World, propose: Propose, monkeypatch: pytest.MonkeyPatch, solver: Solver
) -> None:
    for name in ("dora", "emil"):
        add_mentee(world, name)
    at_once = propose()
    monkeypatch.setattr(actions, "AT_ONCE", 0)
    actions.discard_run(at_once, by=world.viewer("alice"), now=NOW)
    run = propose()
    work()
    rows = ("mentee", "mentor", "starts_at", "score", "reasons", "explanation", "pinned")
    assert list(run.matches.order_by("mentee").values(*rows)) == list(
        at_once.matches.order_by("mentee").values(*rows)
    )


def test_who_asks_for_the_same_meanwhile_gets_the_same_run(
    world: World, propose: Propose, large: None
) -> None:
    assert propose().pk == propose("adam").pk
    assert MatchRun.objects.count() == 1
    assert OutboxRow.objects.filter(kind="match.solve").count() == 1


def test_a_decision_meanwhile_begins_anew(
    world: World, propose: Propose, large: None, solver: Solver
) -> None:
    first = propose()
    actions.forbid(
        world.program, world.person("bob"), world.person("alice"), by=world.system, now=NOW
    )
    second = propose()
    assert (state(first)[0], second.pk == first.pk) == ("stopped", False)
    assert work() == Drained(delivered=1)
    assert not second.matches.exists()
    assert len(solver.asked) == 1


def test_another_week_is_another_run(world: World, propose: Propose, large: None) -> None:
    assert propose().pk != propose(week=MONDAY + timedelta(days=7)).pk


def test_the_preview_before_stays_until_the_new_one_is_there(
    world: World, propose: Propose, monkeypatch: pytest.MonkeyPatch, solver: Solver
) -> None:
    old = propose()
    monkeypatch.setattr(actions, "AT_ONCE", 0)
    run = propose()
    assert state(old)[0] == "preview"
    work()
    assert (state(old)[0], state(run)[0]) == ("discarded", "preview")


def test_a_stopped_run_is_not_solved(
    world: World, propose: Propose, large: None, solver: Solver
) -> None:
    run = propose()
    actions.stop_run(run, by=world.viewer("alice"), now=NOW)
    assert (state(run)[0], work()) == ("stopped", Drained())
    assert solver.asked == []


def test_stopped_while_it_is_solved_nothing_is_kept(
    world: World, propose: Propose, large: None, solver: Solver
) -> None:
    run = propose()
    solver.before = lambda: actions.stop_run(run, by=world.viewer("alice"), now=NOW)
    assert work() == Drained(delivered=1)
    assert state(run)[0] == "stopped"
    assert not run.matches.exists()


def test_what_is_there_cannot_be_stopped(world: World, propose: Propose) -> None:
    with pytest.raises(Conflict):
        actions.stop_run(propose(), by=world.viewer("alice"), now=NOW)


@pytest.mark.parametrize("name", ["bob", "charlie", "mona", "ana", "otto", "rita"])
def test_only_who_runs_the_program_stops(
    world: World, propose: Propose, large: None, name: str
) -> None:
    run = propose()
    with pytest.raises(NotAllowed):
        actions.stop_run(run, by=world.viewer(name), now=NOW)


def test_a_lost_run_is_tried_once_more(
    world: World, propose: Propose, large: None, solver: Solver
) -> None:
    def lose() -> None:
        solver.before = lambda: None
        raise Lost("killed")

    solver.before = lose
    run = propose()
    assert work() == Drained(failed=1)
    assert state(run) == ("running", "waiting")
    assert work() == Drained()  # not before some time has passed
    assert work(LATER) == Drained(delivered=1)
    assert state(run)[0] == "preview"


def test_lost_twice_it_has_failed_and_says_so(
    world: World, propose: Propose, large: None, solver: Solver
) -> None:
    def lose() -> None:
        raise Lost("killed")

    solver.before = lose
    run = propose()
    work()
    assert work(LATER) == Drained(delivered=1)
    assert state(run)[0] == "failed"
    told = progress_of(run)
    assert told.why == "The work was interrupted twice. Match the week again."
    assert [row.verb for row in AuditEntry.objects.filter(object_type="match_run")] == [
        "matches.asked",
        "matches.failed",
    ]


def test_a_worker_that_is_killed_is_followed_by_another(
    world: World, propose: Propose, large: None, solver: Solver
) -> None:
    class Killed(BaseException):
        """Ends the worker like a signal: nothing is written down any more."""

    def kill() -> None:
        solver.before = lambda: None
        raise Killed

    solver.before = kill
    run = propose()
    with pytest.raises(Killed):
        work()
    assert state(run) == ("running", "explaining")
    assert work(timedelta(minutes=1)) == Drained()  # the lease still holds
    assert work(LATER) == Drained(delivered=1)
    assert state(run)[0] == "preview"
    assert run.attempts == 2


def test_killed_twice_it_has_failed(
    world: World, propose: Propose, large: None, solver: Solver
) -> None:
    run = propose()
    for _ in range(2):
        assert making.take_up(run.public_id, by=world.system, now=NOW)
    assert work() == Drained(delivered=1)
    assert (state(run)[0], run.failure["code"]) == ("failed", "lost")
    assert solver.asked == []


def test_a_worker_whose_lease_ran_out_leaves_the_run_to_the_next(
    world: World, propose: Propose, large: None, solver: Solver
) -> None:
    run = propose()
    solver.before = lambda: making.take_up(run.public_id, by=world.system, now=NOW) and None
    work()
    assert state(run) == ("running", "reading")
    assert not Match.objects.filter(run=run).exists()
    assert not Unmatched.objects.filter(run=run).exists()


def test_rows_of_a_try_that_was_cut_short_do_not_stay(
    world: World, propose: Propose, large: None, solver: Solver, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_mentee(world, "dora", objective=False)
    monkeypatch.setattr(making, "BATCH", 1)
    finish = making.finish

    def cut_short(*args: object, **kwargs: object) -> None:
        monkeypatch.setattr(making, "finish", finish)
        raise Lost("killed")

    monkeypatch.setattr(making, "finish", cut_short)
    run = propose()
    work()
    assert run.matches.count() + run.unmatched.count() == 2  # nobody sees them: it is "running"
    work(LATER)
    assert state(run)[0] == "preview"
    assert (run.matches.count(), run.unmatched.count()) == (1, 1)


def test_input_that_no_plan_can_answer_fails_with_person_and_reason(
    world: World, propose: Propose, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(asked: object, **_rest: object) -> None:
        raise Failed(
            "problem",
            {"person": "bob", "field": "pins", "message": "has no common time with marc"},
        )

    monkeypatch.setattr(tasks, "answer_apart", refuse)
    run = propose()
    assert work() == Drained(delivered=1)
    assert state(run)[0] == "failed"
    told = progress_of(run)
    assert told.why == "Bob: has no common time with marc"


def test_a_program_closed_meanwhile_is_not_matched(
    world: World, propose: Propose, large: None, solver: Solver
) -> None:
    run = propose()
    close_program(world.program, by=world.system, now=NOW)
    work()
    assert progress_of(run_now(run)).why == ("The program was closed meanwhile.")


def run_now(run: MatchRun) -> MatchRun:
    return MatchRun.objects.select_related("program").get(pk=run.pk)


def test_mails_do_not_wait_for_a_run_that_takes_long(
    world: World, propose: Propose, large: None, solver: Solver
) -> None:
    run = propose()
    assert work(slow=False) == Drained()
    assert state(run)[0] == "running"
    assert work(slow=True) == Drained(delivered=1)
    assert state(run)[0] == "preview"
