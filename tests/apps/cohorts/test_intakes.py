"""An intake: who is in by default, who waits, who stays out, and what groups become of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from apps.cohorts.conftest import CLOSES, NOW, STARTS, Office
from handrail.apps.cohorts import actions, queries
from handrail.apps.cohorts.models import Cohort, Place
from handrail.apps.organizations.models import AuditEntry
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound


def test_m03_five_are_a_warning_and_the_sixth_makes_a_cohort(office: Office) -> None:
    office.hires(5)
    office.open()
    page = office.page()
    assert (len(page.seated), page.fewest, page.is_small) == (5, 6, True)
    with pytest.raises(Conflict, match="5 of 6: a cohort works from six people on"):
        office.start()
    office.hire("zoe", date(2027, 1, 15))
    actions.tend(by=office.world.system, now=NOW + timedelta(hours=1))
    assert not office.page().is_small
    cohort = office.start()
    assert (cohort.state, len(queries.members_of(cohort))) == ("running", 6)


@pytest.mark.nightly
def test_m03_a_small_cohort_starts_where_the_lead_says_so(office: Office) -> None:
    office.hires(3)
    office.open()
    assert office.start(although_small=True).state == "running"


def test_m03_the_ninth_goes_to_the_waiting_list(office: Office) -> None:
    names = office.hires(10)
    office.open()
    page = office.page()
    assert office.names(page.seated) == names[:8]
    assert office.names(page.waiting) == names[8:]
    own = queries.own_place(office.world.viewer("jun"), page.intake)
    assert own is not None
    assert (own.state, own.number) == ("waiting", 2)


def test_m11_everybody_new_is_in_by_default_and_told_and_nobody_else(office: Office) -> None:
    office.hires(2)
    office.hire("long", date(2026, 9, 1))  # here for longer than 90 days
    office.hire("late", CLOSES + timedelta(days=1))
    office.hire("boss", date(2027, 1, 4), manager=None)
    nora, boss = office.world.person("nora"), office.world.person("boss")
    nora.manager = boss
    nora.save()
    office.open()
    assert office.names(office.page().seated) == ["ada", "ben"]
    assert office.mails("mail.cohort_in") == ["ada", "ben"]


def test_m11_opting_out_is_private_and_whoever_waits_moves_up(office: Office) -> None:
    names = office.hires(9)
    intake = office.open()
    cem = office.world.viewer("cem")
    with pytest.raises(NotFound):
        actions.opt_out(office.place("cem"), by=office.lead, now=NOW)
    actions.opt_out(office.place("cem"), by=cem, now=NOW)
    page = office.page()
    assert office.names(page.seated) == [name for name in names if name != "cem"]
    assert page.waiting == []
    with pytest.raises(NotFound):
        queries.place_for(office.lead, intake, office.world.person("cem").public_id)
    own = queries.own_place(cem, intake)
    assert own is not None
    assert own.state == "out"
    # The record says that somebody changed their place, in the same words for out and in.
    actions.opt_in(office.place("cem"), by=cem, now=NOW + timedelta(hours=1))
    verbs = AuditEntry.objects.filter(verb__startswith="cohort.place").values_list("verb", "detail")
    assert list(verbs) == [("cohort.place_changed", {})] * 2
    # Whoever counted on the seat meanwhile keeps it.
    assert office.names(office.page().waiting) == ["cem"]


def test_m11_a_late_hire_goes_to_the_next_intake_and_whoever_waited_comes_first(
    office: Office,
) -> None:
    office.hires(9)
    first = office.open()
    office.now = datetime(2027, 2, 1, 9, 0, tzinfo=NOW.tzinfo)
    office.hire("late", date(2027, 1, 20))  # told only after the window has closed
    actions.tend(by=office.world.system, now=office.now)
    assert "late" not in office.names(office.page(first).seated + office.page(first).waiting)
    office.start(first)
    office.now += timedelta(days=21)
    second = office.open(
        ("otis",),
        opens_on=date(2027, 2, 22),
        closes_on=date(2027, 3, 5),
        starts_on=date(2027, 3, 15),
    )
    assert office.names(office.page(second).seated) == ["ivo", "late"]


def test_a_lottery_decides_where_the_program_says_so(office: Office) -> None:
    office.hires(10)
    office.open(by_lot=True)
    lots = {place.person.external_id: place.lot for place in Place.objects.all()}
    by_lot = sorted(lots, key=lambda name: lots[name])
    assert office.names(office.page().seated) == by_lot[:8]


def test_the_choice_of_times_names_who_misses_what_and_whose_time_moves(office: Office) -> None:
    office.hires(6)
    office.open()
    actions.form_groups(office.intakes[-1], by=office.lead, now=NOW)
    best = office.choices(Cohort.objects.get())[0]
    assert (best.all_free, best.misses) == (12, [])
    # Berlin, New York and London share the hours from 14:00 to 20:00 in Berlin.
    assert (best.first_on, best.minute) == (STARTS, 14 * 60)
    moved = [(one.person.external_id, one.week, one.shift.minutes) for one in best.moves]
    assert moved == [("ben", 6, 60), ("emil", 6, 60), ("ben", 8, -60), ("emil", 8, -60)]


def test_a_group_that_shares_no_hour_hears_who_blocks_and_by_how_much(office: Office) -> None:
    office.hires(5)
    office.hire("zed", date(2027, 1, 9), zone="Pacific/Auckland", works=(9 * 60, 12 * 60))
    intake = office.open()
    actions.form_groups(intake, by=office.lead, now=NOW)
    times = queries.times_of(office.lead, Cohort.objects.get(), NOW)
    assert times.apart
    assert [one.person.external_id for one in times.blockers] == ["zed"]
    assert (times.blockers[0].weeks, times.blockers[0].starts) == (12, 62)
    assert times.choices[0].misses[0].weeks == tuple(range(1, 13))


def test_two_mentors_get_two_groups_by_the_hours_they_share(office: Office) -> None:
    for n in range(6):
        office.hire(f"early{n}", date(2027, 1, 5), works=(8 * 60, 12 * 60))
        office.hire(f"late{n}", date(2027, 1, 5), works=(14 * 60, 18 * 60))
    for name, works in (("nora", (8 * 60, 12 * 60)), ("otis", (14 * 60, 18 * 60))):
        person = office.world.person(name)
        person.works_from_min, person.works_to_min = works
        person.save()
    intake = office.open(("nora", "otis"))
    actions.form_groups(intake, by=office.lead, now=NOW)
    groups = {
        group.cohort.mentor.external_id: sorted(office.names(group.members))
        for group in office.page().groups
    }
    assert groups == {
        "nora": [f"early{n}" for n in range(6)],
        "otis": [f"late{n}" for n in range(6)],
    }
    actions.opt_out(office.place("late5"), by=office.world.viewer("late5"), now=NOW)
    otis = next(group.cohort for group in office.page().groups if len(group.members) == 5)
    actions.move_member(office.place("early0"), otis, by=office.lead, now=NOW)
    assert [len(group.members) for group in office.page().groups] == [5, 6]


def test_bad_days_are_said_beside_their_fields(office: Office) -> None:
    with pytest.raises(Invalid) as refused:
        office.open(closes_on=date(2027, 1, 10), starts_on=date(2027, 1, 9), seats=9, themes=["x"])
    assert set(refused.value.fields) == {
        "closes_on",
        "starts_on",
        "hired_from",
        "seats",
        "themes",
    } - {"hired_from"}
    with pytest.raises(Invalid, match="The intake cannot be saved"):
        office.open(starts_on=date(2027, 12, 6))
    with pytest.raises(NotAllowed):
        actions.open_intake(
            office.program,
            [office.world.person("nora")],
            opens_on=CLOSES,
            closes_on=CLOSES,
            starts_on=STARTS,
            by=office.world.viewer("nora"),
            now=NOW,
        )


def test_an_intake_is_called_off_and_everybody_comes_into_the_next_one(office: Office) -> None:
    office.hires(2)
    intake = office.open()
    actions.call_off(intake, by=office.lead, now=NOW)
    assert office.mails("mail.cohort_called_off") == ["ada", "ben"]
    with pytest.raises(Conflict, match="called off"):
        actions.form_groups(intake, by=office.lead, now=NOW)
    office.hire("new", date(2027, 1, 10))
    assert office.names(office.page(office.open(("otis",))).seated) == ["ada", "ben", "new"]
