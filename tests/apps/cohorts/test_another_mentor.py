"""A group whose mentor comes no more: who leads is told and names another one, who goes on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.cohorts.conftest import NOW, Office
from handrail.apps.calendars.models import Busy
from handrail.apps.cohorts import actions, queries
from handrail.apps.cohorts.models import Cohort
from handrail.apps.cohorts.successors import successors_of
from handrail.apps.hiring.leaving import release_gone
from handrail.apps.organizations.actions import API_SCOPES, create_api_key
from handrail.apps.organizations.refusals import Conflict, NotAllowed
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.outbox.runner import drain
from handrail.apps.people.models import EmploymentSpell, Person
from handrail.apps.sessions import actions as sessions
from handrail.apps.sessions.models import SessionState
from handrail.integrations.mail_folder import list_mails, read_mail

LEFT = NOW + timedelta(days=29)  # a Tuesday, some weeks after the start


@pytest.fixture
def alone(office: Office) -> Cohort:
    """A group that has begun, and whose mentor has left since."""
    office.hires(6)
    office.open()
    cohort = office.start()
    with writing(office.world.organization):
        EmploymentSpell.objects.filter(person=office.world.person("nora")).update(
            ended_on=(LEFT - timedelta(days=1)).date()
        )
    # One week was called off before, for a reason of its own.
    meeting = office.meetings(cohort)[7]
    assert meeting.session is not None
    sessions.cancel(meeting.session, by=office.lead, now=LEFT - timedelta(days=5))
    release_gone(by=office.world.system, now=LEFT)
    office.now = LEFT
    return Cohort.objects.select_related("mentor", "intake__program").get(pk=cohort.pk)


def test_who_leads_is_told_once_and_everybody_sees_it(office: Office, alone: Cohort) -> None:
    assert alone.wants_mentor_since == LEFT
    assert office.mails("mail.cohort_wants_mentor") == ["alice"]
    assert release_gone(by=office.world.system, now=LEFT + timedelta(hours=1)) == 0
    assert office.mails("mail.cohort_wants_mentor") == ["alice"]
    ahead = [one for one in office.meetings(alone) if one.planned_at > LEFT]
    assert {one.session.state for one in ahead if one.session} == {SessionState.CANCELLED}
    page = queries.cohort_page(office.lead, alone, LEFT)
    assert "otis" in [one.external_id for one in page.successors]
    assert "nora" not in [one.external_id for one in page.successors]
    for name, says in (("alice", "Name this mentor"), ("ada", "Whoever leads the program knows")):
        client = Client()
        client.force_login(office.world.users[name])
        shown = client.get(f"/cohorts/{alone.public_id}/").content.decode()
        assert "This group needs another mentor" in shown
        assert says in shown
        assert ("Name this mentor" in shown) == (name == "alice")


def test_another_mentor_hosts_the_weeks_ahead_at_the_groups_time(
    office: Office, alone: Cohort, tmp_path: Path, settings: Any
) -> None:
    settings.MAIL, settings.MAIL_FOLDER = "folder", tmp_path
    otis = office.world.person("otis")
    ahead = [one for one in office.meetings(alone) if one.planned_at > LEFT]
    busy = next(one for one in ahead if one.number == 6).planned_at
    with writing(office.world.organization):
        Busy.objects.create(
            organization=office.world.organization, person=otis, source="file",
            starts_at=busy - timedelta(days=4), ends_at=busy + timedelta(days=6),
        )  # fmt: skip
    client = Client()
    client.force_login(office.world.users["alice"])
    page = f"/cohorts/{alone.public_id}/mentor/"
    assert client.post(page, {"mentor": str(otis.public_id)}).status_code == 302
    alone.refresh_from_db()
    assert (alone.mentor_id, alone.wants_mentor_since) == (otis.pk, None)
    states = {
        one.number: (one.session.state, one.session.booking.host_id) if one.session else None
        for one in office.meetings(alone)
        if one.planned_at > LEFT
    }
    nora = office.world.person("nora").pk
    assert states[8] == (SessionState.CANCELLED, nora)  # somebody had called it off: it stays so
    assert states[6] == (SessionState.CANCELLED, nora)  # otis is away that whole week
    booked = [
        number for number, what in states.items() if what == (SessionState.SCHEDULED, otis.pk)
    ]
    assert sorted([*booked, 6, 8]) == sorted(states)
    for one in office.meetings(alone):
        if one.number in booked:
            assert one.session is not None
            assert one.session.booking.starts_at == one.planned_at
    assert "otis" in office.mails("mail.cohort_new_mentor")
    assert len(office.mails("mail.cohort_new_mentor")) == 7
    while drain(now=LEFT, limit=1000).delivered:
        pass
    mails = [read_mail(tmp_path, row.name) for row in list_mails(tmp_path)]
    told = {str(mail["Subject"]) for mail in mails if mail is not None}
    assert {"You mentor a group from now on", "Your mentor is Otis"} <= told
    assert "The group of Nora needs another mentor" not in told  # it does not any more


def test_only_who_leads_names_one_and_only_who_may(office: Office, alone: Cohort) -> None:
    otis, ada = office.world.person("otis"), office.world.person("ada")
    with pytest.raises(NotAllowed):
        actions.name_mentor(alone, otis, by=office.world.viewer("ada"), now=LEFT)
    with pytest.raises(Conflict):
        actions.name_mentor(alone, ada, by=office.lead, now=LEFT)  # is in it
    actions.name_mentor(alone, otis, by=office.lead, now=LEFT)
    with pytest.raises(Conflict):
        actions.name_mentor(alone, otis, by=office.lead, now=LEFT)


def test_a_group_that_is_being_formed_changes_its_mentor_before_it_starts(office: Office) -> None:
    office.hires(6)
    intake = office.open()
    actions.form_groups(intake, by=office.lead, now=NOW)
    cohort = intake.cohorts.get()
    Person.objects.filter(pk=office.world.person("nora").pk).update(pause_until=None)
    assert actions.mentor_gone(office.world.person("nora"), by=office.world.system, now=NOW) == 1
    with reading(office.world.organization):
        otis = next(one for one in successors_of(cohort, NOW) if one.external_id == "otis")
    actions.name_mentor(cohort, otis, by=office.lead, now=NOW)
    started = office.start()
    hosts = {one.session.booking.host_id for one in office.meetings(started) if one.session}
    assert hosts == {otis.pk}


def test_the_same_by_api(office: Office, alone: Cohort, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handrail.site.middleware.timezone.now", lambda: LEFT)
    with writing(office.world.organization):
        secret = create_api_key("mine", API_SCOPES, by=office.lead, now=LEFT)[1]
    client, path = Client(), f"/api/v1/cohorts/{alone.public_id}"
    headers = {"Authorization": f"Bearer {secret}"}
    told = client.get(path, headers=headers).json()
    assert told["wants_mentor_since"] is not None
    otis = str(office.world.person("otis").public_id)

    def name(mentor: str, key: str) -> Any:
        return client.post(
            f"{path}/mentor",
            {"mentor": mentor},
            "application/json",
            headers={**headers, "Idempotency-Key": key},
        )

    member = str(office.world.person("ada").public_id)
    assert name(member, "one").json()["type"].endswith("/mentor-not-available")
    named = name(otis, "two")
    assert (named.status_code, named.json()["mentor"]) == (200, otis)
    assert named.json()["wants_mentor_since"] is None
    assert name(otis, "two").json() == named.json()
    assert name(otis, "three").status_code == 409
