"""What calendars and mails hear of where the two talk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import icalendar
import pytest

from apps.sessions.test_call_link import (
    ALICES,
    BOBS,
    OTHER,
    START,
    _give,
    _takes_calls,
    _url,
    at,
)
from factories.world import NOW
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.outbox.runner import drain
from handrail.apps.people.models import Person
from handrail.apps.sessions import actions
from handrail.integrations.mail_folder import list_mails, read_mail


@pytest.fixture
def sent(tmp_path: Path, settings: Any) -> Callable[..., list[EmailMessage]]:
    """What the runner sends to somebody by then; the outbox is empty afterwards."""
    settings.MAIL = "folder"
    settings.MAIL_FOLDER = tmp_path
    settings.BASE_URL = "https://handrail.example.org"

    def deliver(to: str, now: datetime = NOW) -> list[EmailMessage]:
        before = {mail.name for mail in list_mails(tmp_path)}
        while drain(now=now).delivered:
            pass
        assert not OutboxRow.objects.exclude(last_error="").exists()
        new = [mail for mail in list_mails(tmp_path) if mail.name not in before]
        found = [read_mail(tmp_path, mail.name) for mail in new if f"{to}@" in mail.recipient]
        return [mail for mail in found if mail is not None]

    return deliver


def _part(mail: EmailMessage, kind: str) -> str:
    part = next(part for part in mail.walk() if part.get_content_type() == kind)
    return str(part.get_content())


def _entry(mail: EmailMessage) -> Any:
    calendar = icalendar.Calendar.from_ical(_part(mail, "text/calendar"))
    (event,) = calendar.walk("VEVENT")
    return event


def test_the_invitation_carries_the_link_in_all_its_parts(
    scene: Any, sent: Callable[..., list[EmailMessage]]
) -> None:
    Person.objects.filter(pk=scene.world.person("alice").pk).update(call_link=OTHER)
    (mail,) = sent("bob")
    assert f"Join the call:\n{OTHER}\n" in _part(mail, "text/plain").replace("\r\n", "\n")
    assert (
        '<a href="https://calls.example.org/for-once?pwd=1&amp;x=2">Join the call</a>'
    ) in _part(mail, "text/html")
    event = _entry(mail)
    address = f"https://handrail.example.org/sessions/{scene.session.public_id}/"
    assert event["LOCATION"] == OTHER
    assert event["URL"] == address
    assert event["DESCRIPTION"] == (
        f"Rebase a branch without fear\n{address}\nJoin the call: {OTHER}"
    )


def test_without_a_link_the_place_is_the_room(
    scene: Any, sent: Callable[..., list[EmailMessage]]
) -> None:
    (mail,) = sent("bob")
    assert "Join the call" not in _part(mail, "text/plain")
    address = f"https://handrail.example.org/sessions/{scene.session.public_id}/"
    assert _entry(mail)["LOCATION"] == address


def test_a_link_for_the_session_updates_both_calendars_in_place(
    scene: Any, sent: Callable[..., list[EmailMessage]]
) -> None:
    sent("bob")
    _give(scene, "bob", OTHER, now=at(-600))
    assert len(scene.waiting("mail.call_link")) == 2
    (mail,) = sent("alice", at(-600))
    event = _entry(mail)
    assert mail["Subject"] == "Where you talk: session with Bob on Tue 3 Feb 2026, 11:00"
    assert f"You and Bob talk here: {OTHER}" in _part(mail, "text/plain")
    assert (event["UID"], event["SEQUENCE"]) == (scene.session.booking.uid, 1)
    assert event["LOCATION"] == OTHER
    assert event["DTSTART"].dt == START


def test_reminders_follow_and_carry_the_link(
    scene: Any, sent: Callable[..., list[EmailMessage]]
) -> None:
    sent("bob")
    _give(scene, "alice", OTHER, now=at(-600))
    sent("bob", at(-600))
    (mail,) = sent("bob", at(-60))
    assert mail["Subject"] == "Session with Alice in an hour"
    assert OTHER in _part(mail, "text/plain")


def test_the_link_that_holds_already_is_no_news(scene: Any) -> None:
    Person.objects.filter(pk=scene.world.person("alice").pk).update(call_link=ALICES)
    _give(scene, "bob", ALICES)
    assert scene.waiting("mail.call_link") == []
    assert scene.fresh().booking.sequence == 0


def test_after_the_start_the_room_alone_changes(scene: Any) -> None:
    now = scene.running()
    _give(scene, "bob", OTHER, now=now)
    assert scene.waiting("mail.call_link") == []
    assert scene.fresh().booking.sequence == 0


def test_a_move_after_a_new_link_goes_on_counting(
    scene: Any, sent: Callable[..., list[EmailMessage]]
) -> None:
    sent("bob")
    _give(scene, "bob", OTHER)
    actions.reschedule(scene.session, at(120), by=scene.by("bob"), now=NOW)
    (mail,) = sent("bob")
    assert _entry(mail)["SEQUENCE"] == 2
    assert _entry(mail)["LOCATION"] == OTHER


def test_a_cancellation_leads_to_no_call(
    scene: Any, sent: Callable[..., list[EmailMessage]]
) -> None:
    _give(scene, "bob", OTHER)
    sent("bob")
    actions.cancel(scene.session, by=scene.by("alice"), now=NOW)
    (mail,) = sent("bob")
    assert OTHER not in _part(mail, "text/plain") + _part(mail, "text/calendar")


def test_new_settings_reach_the_calendars_of_sessions_ahead(
    scene: Any, sent: Callable[..., list[EmailMessage]]
) -> None:
    sent("bob")
    _takes_calls(scene, "alice", ALICES)
    (mail,) = sent("bob")
    assert (_entry(mail)["SEQUENCE"], _entry(mail)["LOCATION"]) == (1, ALICES)
    later = NOW + timedelta(minutes=5)
    _takes_calls(scene, "alice", "", later)
    (mail,) = sent("bob", later)
    assert "was taken away" in _part(mail, "text/plain")
    assert _entry(mail)["SEQUENCE"] == 2


def test_a_mentees_settings_are_no_news_while_the_mentors_link_holds(
    scene: Any, sent: Callable[..., list[EmailMessage]]
) -> None:
    Person.objects.filter(pk=scene.world.person("alice").pk).update(call_link=ALICES)
    sent("bob")
    _takes_calls(scene, "bob", BOBS)
    assert sent("alice") == []
    assert scene.fresh().booking.sequence == 0


def test_settings_are_no_news_where_the_session_has_its_own_link(
    scene: Any, sent: Callable[..., list[EmailMessage]]
) -> None:
    _give(scene, "bob", OTHER)
    sent("bob")
    _takes_calls(scene, "alice", ALICES)
    assert sent("bob") == []
    assert _url(scene) == OTHER


def test_saving_the_same_settings_again_is_no_news(scene: Any) -> None:
    _takes_calls(scene, "alice", ALICES)
    rows = scene.waiting("session.call_links")
    _takes_calls(scene, "alice", ALICES, at(-600))
    assert scene.waiting("session.call_links") == rows


def test_a_session_that_is_over_hears_nothing_of_new_settings(
    scene: Any, sent: Callable[..., list[EmailMessage]]
) -> None:
    now = scene.closed()
    sent("bob", now)
    _takes_calls(scene, "alice", ALICES, now)
    assert sent("bob", now) == []


def test_a_new_link_is_told_in_the_readers_language(
    scene: Any, sent: Callable[..., list[EmailMessage]]
) -> None:
    Person.objects.filter(pk=scene.world.person("bob").pk).update(language="de")
    sent("bob")
    _give(scene, "alice", OTHER)
    (mail,) = sent("bob")
    assert f"Sie und Alice sprechen sich hier: {OTHER}" in _part(mail, "text/plain")
