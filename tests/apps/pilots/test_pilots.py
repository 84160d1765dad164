"""A pilot: planned, frozen, drawn by lot, followed past its twelve weeks."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, transaction

from factories.world import MONDAY, NOW
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.outbox.handlers import RULES
from handrail.apps.outcomes.actions import waive_source
from handrail.apps.people.models import CompetencyEvent, EmploymentSpell, Person
from handrail.apps.pilots import actions, queries
from handrail.apps.pilots.models import Assignment, Hire, Look, Pilot, RuleChange
from handrail.apps.pilots.planning import digest_of, first_known_week, foresee
from handrail.apps.programs.models import Enrolment, Objective
from handrail.apps.reports.actions import build_pilot_report
from handrail.apps.reports.looking import look_at_pilots
from handrail.apps.reports.models import Report
from handrail.apps.reports.pilot_report.effects import measure_pilot
from handrail.domain.evidence.assignment import block_list, commitment, replay

from .conftest import CLAIM, OBJECTIVES, SEED, Lab

REASON = "The repository cannot be read before March."


def waive(lab: Lab, source: str = "merges") -> None:
    waive_source(lab.program, source, REASON, signed="Paula Ruiz", by=lab.lead, now=NOW)


def refused_to_start(lab: Lab) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        lab.start()
    return refused.value.fields


def test_m19_no_start_without_a_source_connected_or_waived_in_writing(lab: Lab) -> None:
    assert refused_to_start(lab) == {
        "source_merges": "Nothing ever came from: merged changes. "
        "Connect it, or waive it in writing."
    }
    waive(lab)
    plan = lab.start().plan
    assert plan["waivers"] == [
        {"source": "merges", "reason": REASON, "signed": "Paula Ruiz", "on": "2026-02-02"}
    ]
    assert plan["sources"] == [{"source": "merges", "connected": False, "last_event": None}]


def test_m19_no_start_unless_each_hire_has_exactly_two_objectives(lab: Lab) -> None:
    waive(lab)
    person = lab.hire("nora")
    with pytest.raises(Invalid):
        actions.set_hire_objectives(lab.pilot, person, OBJECTIVES[:1], by=lab.lead, now=NOW)
    Hire.objects.filter(person=person).update(objectives=[list(OBJECTIVES[0])])
    assert refused_to_start(lab) == {"hires": "1 on the list have not exactly two objectives."}


def test_an_objective_without_a_known_skill_or_without_anything_to_see_is_refused(
    lab: Lab,
) -> None:
    person = lab.hire("nora", listed=False)
    for objectives in (
        [("git", "Rebases alone"), ("juggling", "Keeps five balls up")],
        [("git", "Rebases alone"), ("docs", "ok")],
        [OBJECTIVES[0], OBJECTIVES[0]],
    ):
        with pytest.raises(Invalid):
            actions.set_hire_objectives(lab.pilot, person, objectives, by=lab.lead, now=NOW)
    assert not Hire.objects.filter(person=person).exists()


def test_the_timing_trap_is_told_and_an_honest_title_lets_it_pass(lab: Lab) -> None:
    waive(lab)
    waive(lab, "employment")
    claim = {"measure": "retention_180", "value": 0.15, "unit": "relative", "whom": "took_part"}
    lab.pilot = actions.edit_pilot(
        lab.pilot, measure="retention_180", claims=[claim], by=lab.lead, now=NOW
    )
    said = refused_to_start(lab)["waits_days"]
    assert "would be offered mentoring after 91 days, before day 180 is known" in said
    lab.pilot = actions.edit_pilot(lab.pilot, compares_later=True, by=lab.lead, now=NOW)
    assert lab.start().plan["compares_later"] is True


def test_when_the_whole_cohort_is_known_counts_from_its_last_hire(lab: Lab) -> None:
    assert first_known_week(lab.pilot, "retention_90") == 25
    assert first_known_week(lab.pilot, "retention_180") == 38


def test_the_plan_is_frozen_hashed_and_never_changed(lab: Lab) -> None:
    waive(lab)
    pilot = lab.start()
    assert pilot.plan_digest == digest_of(pilot.plan)
    assert json.loads(json.dumps(pilot.plan)) == pilot.plan
    with pytest.raises(Conflict) as refused:
        actions.edit_pilot(pilot, planned_hires=400, by=lab.lead, now=NOW)
    assert refused.value.code == "plan-frozen"


def test_without_ten_past_hires_it_is_feasibility_only(lab: Lab) -> None:
    foreseen = foresee(lab.pilot)[0]
    assert (foreseen.problem, foreseen.feasibility_only) == ("too_few_past_hires", True)


def test_a_claim_that_cannot_be_is_refused(lab: Lab) -> None:
    for claim in (
        {**CLAIM, "value": 1.2},
        {**CLAIM, "unit": "points"},
        {**CLAIM, "measure": "retention_90"},
    ):
        with pytest.raises(Invalid):
            actions.edit_pilot(lab.pilot, claims=[claim], by=lab.lead, now=NOW)


def started(lab: Lab, hires: int = 12) -> Pilot:
    waive(lab)
    for number in range(hires):
        lab.hire(f"hire{number:02}")
    return lab.start()


def test_m19_the_lottery_is_published_before_anybody_is_assigned(lab: Lab) -> None:
    pilot = started(lab)
    blocks = block_list(SEED, pilot.strata, places=pilot.places)
    assert pilot.commitment == commitment(SEED, blocks)
    assert (pilot.plan["strata"], pilot.revealed_seed) == (["Tools / -"], "")
    assert SEED.hex() not in pilot.sealed_seed


def test_hires_are_drawn_in_permuted_blocks_and_only_who_is_offered_is_enrolled(
    lab: Lab,
) -> None:
    pilot = started(lab)
    assert lab.enrol() == 12
    drawn = block_list(SEED, pilot.strata, places=pilot.places).arms("Tools / -")
    assert [row.arm for row in Assignment.objects.all()] == list(drawn[:12])
    offered = {str(row.subject) for row in Assignment.objects.filter(arm="offered")}
    enrolled = set(
        Enrolment.objects.filter(program=lab.program).values_list("person_id", flat=True)
    )
    assert enrolled == set(
        Hire.objects.filter(public_id__in=offered).values_list("person_id", flat=True)
    )
    assert Objective.objects.filter(enrolment__program=lab.program).count() == 2 * len(offered)


def test_nobody_is_assigned_twice_and_nothing_of_the_ledger_can_be_changed(lab: Lab) -> None:
    started(lab)
    lab.enrol()
    assert lab.enrol() == 0
    for change in (
        lambda: Assignment.objects.update(arm="offered"),
        lambda: Assignment.objects.all().delete(),
    ):
        with pytest.raises(Error), transaction.atomic():
            change()


def test_the_next_arm_is_hidden_until_the_hire_is_assigned(lab: Lab) -> None:
    pilot = started(lab)
    lines = queries.hires_of(pilot, now=NOW)
    assert {line.arm for line in lines} == {""}
    record = queries.lottery_record(pilot)
    assert (record["seed"], record["ledger"]) == (None, [])


def test_whoever_did_the_task_or_left_before_is_not_assigned(lab: Lab) -> None:
    started(lab, 2)
    EmploymentSpell.objects.filter(person__external_id="hire00").update(
        ended_on=MONDAY, end_known_since=MONDAY
    )
    assert lab.enrol(NOW + timedelta(days=2)) == 1
    assert lab.hire_of("hire00").assigned_at is None


def test_t0_is_the_first_day_or_the_assignment_if_that_came_later(lab: Lab) -> None:
    started(lab, 0)
    lab.hire("late", MONDAY - timedelta(days=5))
    lab.hire("exact", MONDAY)
    lab.enrol()
    assert [lab.hire_of(name).t0 for name in ("late", "exact")] == [MONDAY, MONDAY]


def test_the_seed_is_revealed_at_the_close_and_anybody_can_replay(lab: Lab) -> None:
    pilot = started(lab)
    lab.enrol()
    closed = actions.close_pilot(pilot, by=lab.lead, now=NOW)
    assert closed.revealed_seed == SEED.hex()
    record = queries.lottery_record(closed)
    ledger = queries.ledger_of(closed)
    assert record["seed"] == SEED.hex()
    assert queries.faults_of(closed) == ()
    # A seeded mutant: one arm told otherwise is found.
    wrong = [*ledger]
    first = wrong[0]
    wrong[0] = type(first)(
        first.person, first.stratum, first.place,
        "waiting" if first.arm == "offered" else "offered",
    )  # fmt: skip
    found = replay(
        SEED, published=closed.commitment, strata=closed.strata, places=closed.places, ledger=wrong
    )
    assert [fault.code.value for fault in found] == ["arm_differs"]


def test_the_waiting_list_runs_in_lottery_order_and_opens_by_itself(lab: Lab) -> None:
    pilot = started(lab)
    lab.enrol()
    order = [hire.person.external_id for hire in queries.waiting_list(pilot)]
    assert len(order) == 6
    assert order != sorted(order)  # not the order in which they came
    clock = lab.world.system
    assert actions.follow_pilots(by=clock, now=NOW + timedelta(days=90)) == 1
    assert len(queries.waiting_list(pilot)) == 6
    actions.follow_pilots(by=clock, now=NOW + timedelta(days=91))
    assert queries.waiting_list(pilot) == []
    assert Enrolment.objects.filter(program=lab.program).count() == 12


def test_a_seed_sealed_with_another_key_says_what_to_do_and_opens_again(
    lab: Lab, settings: Any
) -> None:
    pilot, key = started(lab), settings.SECRET_KEY
    order = queries.waiting_list(pilot)
    settings.SECRET_KEY = "another-" + "x" * 40

    with pytest.raises(Conflict) as refused:
        queries.waiting_list(pilot)

    assert "HANDRAIL_SECRET_KEY_FALLBACKS" in str(refused.value)
    settings.SECRET_KEY_FALLBACKS = [key]
    assert queries.waiting_list(pilot) == order


def test_a_pilot_whose_seed_stays_closed_waits_for_its_day_and_holds_up_no_other(
    lab: Lab, settings: Any
) -> None:
    pilot, clock = started(lab), lab.world.system
    lab.enrol()
    settings.SECRET_KEY = "another-" + "x" * 40

    # Nobody has waited long enough: the order of the draw matters to nobody yet.
    assert actions.follow_pilots(by=clock, now=NOW + timedelta(days=90)) == 1
    assert actions.follow_pilots(by=clock, now=NOW + timedelta(days=91)) == 0
    pilot.refresh_from_db()
    assert pilot.followed_at == NOW + timedelta(days=90)


def test_m19_tracking_goes_on_after_day_84_by_itself(lab: Lab) -> None:
    assert "rule.follow_pilots" in RULES
    pilot = started(lab, 4)
    lab.enrol()
    later = NOW + timedelta(days=85)
    told = queries.follow_up(pilot, now=later)[0]
    assert (told.people, told.known, told.not_yet) == (4, 4, 0)
    actions.follow_pilots(by=lab.world.system, now=later)
    pilot.refresh_from_db()
    assert pilot.followed_at == later


def test_m17_seven_of_eight_known(lab: Lab) -> None:
    pilot = started(lab, 7)
    lab.enrol()
    lab.hire("late", MONDAY + timedelta(days=10))
    lab.enrol(NOW + timedelta(days=10))
    told = queries.follow_up(pilot, now=NOW + timedelta(days=65))[0]
    assert (told.known, told.people, told.not_yet) == (7, 8, 1)


def test_opting_out_is_ones_own_private_word_and_changes_no_arm(lab: Lab) -> None:
    pilot = started(lab, 0)
    bob = lab.world.person("bob")
    EmploymentSpell.objects.filter(person=bob).update(started_on=MONDAY)
    actions.set_hire_objectives(pilot, bob, OBJECTIVES, by=lab.lead, now=NOW)
    lab.enrol()
    before = list(Assignment.objects.values_list("subject", "arm"))
    with pytest.raises(NotAllowed):
        actions.opt_out(pilot, by=lab.lead, now=NOW)
    actions.opt_out(pilot, by=lab.world.viewer("bob"), now=NOW)
    assert list(Assignment.objects.values_list("subject", "arm")) == before
    assert not Enrolment.objects.filter(program=lab.program, person=bob, left_at=None).exists()
    actions.follow_pilots(by=lab.world.system, now=NOW + timedelta(days=91))
    assert not Enrolment.objects.filter(program=lab.program, person=bob, left_at=None).exists()


def test_an_assignment_that_was_wrong_is_corrected_by_another_row(lab: Lab) -> None:
    pilot = started(lab, 2)
    lab.enrol()
    hire = lab.hire_of("hire00")
    reason = "Had worked here before, under another name."
    actions.void_assignment(pilot, hire, reason, by=lab.lead, now=NOW)
    assert [row.corrects for row in Assignment.objects.all()] == [False, False, True]
    assert queries.faults_of(pilot) == ()
    assert queries.follow_up(pilot, now=NOW)[0].people == 1
    with pytest.raises(Conflict):
        actions.void_assignment(pilot, hire, reason, by=lab.lead, now=NOW)


def test_m18_a_change_of_the_rule_is_logged_with_its_reason(lab: Lab) -> None:
    actions.change_mobility_rule(lab.pilot, {"sessions": 3}, "", by=lab.lead, now=NOW)
    assert not RuleChange.objects.exists()  # before the start nothing is promised yet
    pilot = started(lab, 0)
    with pytest.raises(Invalid):
        actions.change_mobility_rule(pilot, {"sessions": 1}, "", by=lab.lead, now=NOW)
    why = "One session was enough in the other office."
    actions.change_mobility_rule(pilot, {"sessions": 1}, why, by=lab.lead, now=NOW)
    change = RuleChange.objects.get()
    assert (change.before["sessions"], change.after["sessions"], change.reason) == (3, 1, why)
    assert pilot.plan["mobility_rule"]["sessions"] == 3  # the plan stands


def test_who_sees_a_pilot(lab: Lab) -> None:
    public_id = lab.pilot.public_id
    for name in ("alice", "adam", "ana", "otto"):
        assert queries.pilot_for(lab.world.viewer(name), public_id) == lab.pilot
    for name in ("bob", "charlie", "mona", "rita"):
        with pytest.raises(NotFound):
            queries.pilot_for(lab.world.viewer(name), public_id)
    assert queries.names_people(lab.world.viewer("alice"), lab.pilot)
    assert not queries.names_people(lab.world.viewer("ana"), lab.pilot)


def test_an_analyst_changes_nothing(lab: Lab) -> None:
    ana = lab.world.viewer("ana")
    with pytest.raises(NotAllowed):
        actions.edit_pilot(lab.pilot, name="Mine", by=ana, now=NOW)
    with pytest.raises(NotAllowed):
        actions.start_pilot(lab.pilot, by=ana, now=NOW)


def test_m20_the_report_of_a_running_pilot_is_kept_with_its_inputs(lab: Lab) -> None:
    waive(lab)
    for number in range(24):
        lab.hire(f"hire{number:02}")
    pilot = lab.start()
    lab.enrol()
    for number in range(24):
        CompetencyEvent.objects.create(
            organization=lab.organization,
            person=Person.objects.get(external_id=f"hire{number:02}"),
            kind="merge",
            occurred_at=NOW + timedelta(days=5 + number),
            source="tests",
        )
    cut = MONDAY + timedelta(days=150)
    later = NOW + timedelta(days=151)
    by = lab.world.viewer("ana")
    report = build_pilot_report(pilot=pilot, cut=cut, by=by, now=later)
    assert build_pilot_report(pilot=pilot, cut=cut, by=by, now=later) == report
    assert report.result["assigned"] == {"offered": 12, "waiting": 12}
    claim = report.result["claims"][0]
    assert (claim["people"], claim["known"], claim["mature"]) == (24, 24, True)
    assert sorted(one["reached"]["first_merge"]["day"] for one in report.inputs["people"]) == list(
        range(5, 29)
    )
    assert "hire00" not in json.dumps(report.inputs)
    # Nobody took part, so nothing is said of taking part, and the claim about it stays open.
    assert (claim["verdict"], claim["problem"]) == ("cannot_tell", "take_up_alike")
    # The same rows make the same report, whatever is learned later.
    CompetencyEvent.objects.all().delete()
    assert measure_pilot(report.inputs) == report.result


def test_the_clock_looks_every_week_and_reports_when_all_is_known(lab: Lab) -> None:
    waive(lab)
    for number in range(24):
        lab.hire(f"hire{number:02}")
    pilot = lab.start()
    lab.enrol()
    clock = lab.world.system
    assert look_at_pilots(by=clock, now=NOW + timedelta(days=30)) == 0  # nobody's day has come
    for days in (62, 65, 69):
        look_at_pilots(by=clock, now=NOW + timedelta(days=days))
    assert [one.day for one in Look.objects.all()] == [MONDAY + timedelta(days=n) for n in (62, 69)]
    assert not Report.objects.filter(pilot=pilot).exists()
    for days in (150, 151):
        look_at_pilots(by=clock, now=NOW + timedelta(days=days))
    assert Report.objects.filter(pilot=pilot).count() == 1
