"""A hire event enrols: a seat, a wait with its reason, and all of it back again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from apps.hiring.hires.conftest import NOW, Desk
from handrail.apps.cohorts.actions import take_in
from handrail.apps.hiring import actions
from handrail.apps.hiring.models import HireRecord, HireTold, Waits
from handrail.apps.organizations.models import AuditEntry
from handrail.apps.people.models import EmploymentSpell, LedgerCorrection, Person
from handrail.apps.people.queries import people_list
from handrail.apps.programs.actions import create_program, start_program

JAN_4, FEB_1, MAR_8 = date(2027, 1, 4), date(2027, 2, 1), date(2027, 3, 8)


def test_m11_a_hire_has_a_seat_from_the_moment_it_is_told(desk: Desk) -> None:
    desk.rule()
    hire = desk.told("ada", work_email="Ada@northwind.example.org")
    assert desk.seated(desk.january) == ["ada"]
    assert (hire.held_for, hire.start_known_since) == (JAN_4, NOW.date())
    spell = EmploymentSpell.objects.get(person=hire.person)
    assert (spell.started_on, spell.start_known_since) == (JAN_4, NOW.date())
    assert desk.mails() == ["mail.hire_in"]
    # Before the first day only administrators see them in the directory.
    world, name = desk.world, "Ada Moll"
    names = people_list(world.viewer("bob"), day=NOW.date()).values_list("name", flat=True)
    assert name not in names
    assert name in people_list(world.viewer("adam"), day=NOW.date()).values_list("name", flat=True)
    assert name in people_list(world.viewer("bob"), day=JAN_4).values_list("name", flat=True)


def test_told_twice_or_late_nothing_happens_twice(desk: Desk) -> None:
    desk.rule()
    desk.told("ada", delivery="one")
    desk.told("ada", delivery="one")
    desk.told("ada", delivery="two")
    assert desk.seated(desk.january) == ["ada"]
    assert (HireTold.objects.count(), desk.mails()) == (2, ["mail.hire_in"])
    assert AuditEntry.objects.filter(verb="hire.placed").count() == 1


def test_an_undone_hire_gives_the_seat_back_and_the_first_in_line_has_it(desk: Desk) -> None:
    desk.rule()
    for name in ("ada", "ben", "cem", "dora", "emil", "fay", "gus", "hana"):
        desk.told(name)
        desk.now += timedelta(minutes=1)
    assert (len(desk.seated(desk.january)), desk.waiting(desk.january)) == (6, ["gus", "hana"])
    hire = desk.undone("ben")
    assert (hire.held_for, hire.stay_from, hire.person) == (None, None, None)
    assert desk.waiting(desk.january) == ["hana"]
    assert "gus" in desk.seated(desk.january)
    # Nothing is left of somebody who never began, but for the line in the ledger.
    assert not Person.objects.filter(name="Ben Moll").exists()
    assert LedgerCorrection.objects.filter(source="hire").count() == 1
    # Told of late, the hire is a matter for a person: nobody can tell which came first.
    assert desk.told("ben").waits == Waits.DOUBTFUL
    again = actions.take_anyway(hire, by=desk.lead, now=desk.now)
    assert again.held_for == JAN_4
    assert desk.waiting(desk.january) == ["hana", "ben"]


def test_an_undoing_that_overtakes_its_hire_does_no_harm(desk: Desk) -> None:
    desk.rule()
    hire = desk.undone("ada")
    assert (hire.waits, hire.person) == ("", None)
    early = desk.told("ada", occurred_at=NOW - timedelta(hours=2))
    assert (early.undone, early.waits, desk.seated(desk.january)) == (True, "", [])
    later = desk.told("ada", occurred_at=NOW + timedelta(hours=2))
    assert (later.undone, desk.seated(desk.january)) == (False, ["ada"])


def test_a_moved_first_day_moves_the_seat_the_stay_and_keeps_what_stood(desk: Desk) -> None:
    desk.rule()
    desk.told("ada")
    desk.now += timedelta(days=3)
    hire = desk.told("ada", FEB_1)
    assert (desk.seated(desk.january), desk.seated(desk.march)) == ([], ["ada"])
    spell = EmploymentSpell.objects.get(person=hire.person)
    assert (spell.started_on, spell.start_known_since) == (FEB_1, desk.now.date())
    kept = LedgerCorrection.objects.get(subject=str(hire.person.public_id))  # type: ignore[union-attr]
    assert kept.before["started_on"] == "2027-01-04"
    assert desk.mails() == ["mail.hire_in", "mail.hire_moved"]
    none_left = desk.told("ada", MAR_8)
    assert (none_left.waits, desk.seated(desk.march)) == (Waits.NO_INTAKE, [])


def test_what_is_missing_waits_in_the_queue_and_goes_on_when_it_is_given(desk: Desk) -> None:
    desk.told("ada")
    desk.rule(job="J-8", title="")
    desk.told("ben", None, job="J-8")
    assert desk.queue() == [("ben", "no_date"), ("ada", "no_job")]
    ada, ben = HireRecord.objects.get(application="ada"), HireRecord.objects.get(application="ben")
    desk.now += timedelta(seconds=1)
    actions.send_hire_to(ada, desk.program, always=True, by=desk.lead, now=desk.now)
    actions.complete_hire(ben, start_date=JAN_4, by=desk.lead, now=desk.now)
    assert sorted(desk.seated(desk.january)) == ["ada", "ben"]
    assert desk.told("cem").held_for == JAN_4  # by the rule that was made of the answer
    late = desk.told("dora", MAR_8)
    assert (late.waits, desk.queue()) == (
        Waits.NO_INTAKE,
        [("cem", "approve"), ("dora", "no_intake")],
    )


def test_an_introduction_waits_for_a_lead_while_the_seat_is_held(desk: Desk) -> None:
    desk.rule(asks_lead=True)
    desk.told("ada", personal_email="ada@home.example.org")
    ben = desk.told("ben")
    assert desk.seated(desk.january) == ["ada", "ben"]
    assert (desk.queue(), desk.mails()) == ([("ada", "approve"), ("ben", "approve")], [])
    actions.refuse_hire(ben, by=desk.lead, now=desk.now)
    assert desk.seated(desk.january) == ["ada"]
    ada = HireRecord.objects.get(application="ada")
    actions.approve_hire(ada, by=desk.lead, now=desk.now)
    assert (desk.queue(), desk.mails()) == ([], ["mail.hire_in"])
    cem = desk.told("cem")
    desk.now = NOW + timedelta(days=63)  # the first day: default-in, whoever forgot to answer
    desk.tend()
    cem.refresh_from_db()
    assert cem.introduction == "sent"


def test_a_personal_address_goes_when_the_work_one_comes_or_two_weeks_after_the_start(
    desk: Desk,
) -> None:
    desk.rule()
    ada = desk.told("ada", personal_email="ada@home.example.org")
    ben = desk.told("ben", personal_email="ben@home.example.org")
    assert ada.person is not None
    assert ada.person.email.endswith("@no-address.invalid")
    desk.told("ada", work_email="ada@northwind.example.org")
    ada.refresh_from_db()
    ada.person.refresh_from_db()
    assert (ada.personal_email, ada.person.email) == ("", "ada@northwind.example.org")
    desk.now = NOW + timedelta(days=63 + 14)
    desk.tend()
    ben.refresh_from_db()
    assert ben.personal_email == "ben@home.example.org"
    desk.now += timedelta(days=1)
    desk.tend()
    ben.refresh_from_db()
    assert ben.personal_email == ""
    assert ("ben", "no_address") in desk.queue()


def test_hired_again_is_a_new_stay_and_who_is_here_is_asked_about(desk: Desk) -> None:
    desk.rule()
    bob = desk.world.person("bob")
    hire = desk.told("bob", work_email=bob.email.upper())
    assert hire.waits == Waits.HERE_ALREADY
    bob.spells.update(ended_on=date(2026, 6, 30), end_known_since=date(2026, 6, 30))
    desk.tend()
    hire.refresh_from_db()
    assert hire.held_for == JAN_4
    stays = EmploymentSpell.objects.filter(person=bob).values_list("started_on", "ended_on")
    assert list(stays) == [(date(2025, 11, 3), date(2026, 6, 30)), (JAN_4, None)]


def test_a_program_without_intakes_begins_on_the_first_day(desk: Desk) -> None:
    assert desk.world.program is not None
    actions.add_rule(
        desk.world.program, title="engineer", asks_lead=False, by=desk.lead, now=desk.now
    )
    desk.told("ada")
    assert (desk.queue(), desk.mails()) == ([], [])
    desk.now = NOW + timedelta(days=63)
    desk.tend()
    assert desk.world.program.enrolments.filter(person__name="Ada Moll", left_at=None).exists()
    desk.told("ada", FEB_1)
    assert not desk.world.program.enrolments.filter(person__name="Ada Moll", left_at=None).exists()


@pytest.mark.parametrize("said", [{}, {"work_email": "ada@northwind.example.org"}])
def test_a_file_a_form_and_an_event_come_to_the_same(desk: Desk, said: dict[str, str]) -> None:
    desk.rule()
    by_hand = actions.tell_hire(
        by=desk.lead,
        now=desk.now,
        application="a1",
        name="Ada Moll",
        job="J-7",
        start_date=JAN_4,
        **said,
    )
    row = f"a1,Ada Moll,{said.get('work_email', '')},J-7,2027-01-04\n"
    content = f"application,name,work_email,job,start_date\n{row}".encode()
    for _again in range(2):
        [by_file] = actions.tell_hires_from_file(
            content, filename="hires.csv", by=desk.lead, now=desk.now
        )
        assert by_file == by_hand
    assert desk.seated(desk.january) == ["ada"]
    assert Person.objects.filter(name="Ada Moll").count() == 1


def test_what_came_to_nothing_is_forgotten_after_half_a_year_and_so_is_what_is_long_past(
    desk: Desk,
) -> None:
    desk.rule()
    desk.told("ada")
    desk.told("ben")
    desk.undone("ben")
    desk.now += timedelta(days=181)
    desk.tend()
    assert list(HireRecord.objects.values_list("application", flat=True)) == ["ada"]
    desk.now += timedelta(days=90)
    desk.tend()
    assert not HireRecord.objects.exists()
    assert Person.objects.filter(name="Ada Moll").exists()
    # Told of again by an old file, they are not new any more.
    assert desk.told("ada").waits == Waits.HERE_ALREADY


def test_the_clock_takes_in_nobody_whose_job_leads_elsewhere(desk: Desk) -> None:
    """A job of another program, or a lead's no, counts before the default of an intake."""
    other = create_program(
        "tooling-start", starts_on=NOW.date(), by=desk.world.system, now=NOW, leads=[]
    )
    start_program(other, by=desk.world.system, now=NOW)
    actions.add_rule(other, job="J-9", asks_lead=False, by=desk.world.viewer("adam"), now=NOW)
    begun = NOW.date() + timedelta(days=1)
    other_job = desk.told("ann", begun, job="J-9", work_email="ann@example.org")
    refused = desk.told("bea", begun, work_email="bea@example.org", job="J-0")
    desk.told("cem", begun, job="J-0", work_email="cem@example.org")  # no rule: the default holds
    actions.refuse_hire(refused, by=desk.lead, now=desk.now)
    for hire in (other_job, refused):
        assert hire.held_for is None
    for name in ("ann", "bea", "cem", "dan"):
        person = Person.objects.filter(email=f"{name}@example.org").first()
        person = person or desk.world.add(name, role="mentee")
        HireRecord.objects.filter(application=name).update(person=person)
        Person.objects.filter(pk=person.pk).update(role="mentee", name=f"{name.capitalize()} Moll")
        EmploymentSpell.objects.filter(person=person).delete()
        EmploymentSpell.objects.create(
            organization=desk.world.organization,
            person=person,
            basis="employment",
            started_on=begun,
            start_known_since=begun,
        )
    take_in(desk.january, by=desk.world.system, now=desk.now + timedelta(days=2))
    assert sorted(desk.seated(desk.january)) == ["cem", "dan"]
