"""One entry a day in everybody's calendar: same UID for life, updated in place, taken out."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest

from factories.world import NOW, World
from handrail.apps.organizations.refusals import Conflict
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.outbox.runner import drain
from handrail.apps.retreats import actions
from handrail.apps.retreats.actions import untold
from handrail.apps.retreats.models import AgendaBlock, Guest, Retreat
from handrail.apps.retreats.pack import pack_of, plan_html
from handrail.apps.retreats.plan import plan_of
from handrail.integrations.mail_folder import list_mails, read_mail

LISBON = ZoneInfo("Europe/Lisbon")


def sent(folder: Path, to: str) -> list[Any]:
    """The entries that the runner sends to somebody now, as (method, event)."""
    before = {mail.name for mail in list_mails(folder)}
    while drain(now=NOW).delivered:
        pass
    assert not OutboxRow.objects.exclude(last_error="").exists()
    found = []
    for mail in list_mails(folder):
        if mail.name in before or f"{to}@" not in mail.recipient:
            continue
        message = read_mail(folder, mail.name)
        assert message is not None
        [part] = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
        calendar = icalendar.Calendar.from_ical(part.get_payload(decode=True))
        assert part.get_param("method") == calendar["method"]
        assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Lisbon"]
        [event] = calendar.walk("VEVENT")
        found.append((str(calendar["method"]), event))
    return sorted(found, key=lambda one: str(one[1]["uid"]))


def brief(entries: list[Any]) -> list[tuple[str, str, int]]:
    return [(m, str(event["uid"])[-14:], int(event["sequence"])) for m, event in entries]


def test_m23_each_day_is_an_entry_with_its_agenda_inside(
    world: World, retreat: Retreat, bob: Guest, folder: Path
) -> None:
    assert actions.announce(retreat, by=world.viewer("alice"), now=NOW) == 1
    first, second = sent(folder, "bob")
    assert brief([first, second]) == [
        ("REQUEST", "day-1@handrail", 0),
        ("REQUEST", "day-2@handrail", 0),
    ]
    event = first[1]
    assert event["dtstart"].dt == datetime(2026, 3, 10, 10, 0, tzinfo=LISBON)
    assert event["dtend"].dt == datetime(2026, 3, 10, 21, 0, tzinfo=LISBON)
    assert str(event["summary"]) == "Spring kick-off, day 1"
    assert "11:00–12:30 How we work" in str(event["description"])
    assert str(event["location"]) == "Lisbon, Rua Augusta 12"
    assert str(event["attendee"]).endswith("bob@northwind.example.org")


def test_m23_only_the_day_that_changed_is_sent_again(
    world: World, retreat: Retreat, bob: Guest, folder: Path
) -> None:
    alice = world.viewer("alice")
    actions.announce(retreat, by=alice, now=NOW)
    sent(folder, "bob")
    with pytest.raises(Conflict, match="already shows"):
        actions.announce(retreat, by=alice, now=NOW)
    block = AgendaBlock.objects.get(retreat=retreat, title="Close")
    actions.change_block(block, starts_min=14 * 60, by=alice, now=NOW)
    assert untold(plan_of(retreat, NOW)).changed == (2,)
    assert sent(folder, "bob") == []  # many changes, one mail: when the planner says so
    actions.announce(retreat, by=alice, now=NOW)
    [(method, event)] = sent(folder, "bob")
    assert brief([(method, event)]) == [("REQUEST", "day-2@handrail", 1)]
    assert event["dtend"].dt == datetime(2026, 3, 11, 15, 0, tzinfo=LISBON)


def test_m23_the_first_day_stays_the_first_where_the_days_move(
    world: World, retreat: Retreat, bob: Guest, folder: Path
) -> None:
    alice = world.viewer("alice")
    actions.announce(retreat, by=alice, now=NOW)
    before = [str(event["uid"]) for _method, event in sent(folder, "bob")]
    actions.edit_retreat(
        retreat, starts_on=date(2026, 3, 17), ends_on=date(2026, 3, 18), by=alice, now=NOW
    )
    actions.announce(retreat, by=alice, now=NOW)
    after = sent(folder, "bob")
    assert [str(event["uid"]) for _method, event in after] == before
    assert [event["dtstart"].dt.date() for _m, event in after] == [
        date(2026, 3, 17),
        date(2026, 3, 18),
    ]


def test_m23_who_is_taken_off_gets_it_cancelled_and_may_come_again(
    world: World, retreat: Retreat, bob: Guest, folder: Path
) -> None:
    alice = world.viewer("alice")
    actions.add_guest(retreat, world.person("charlie"), by=alice, now=NOW)
    actions.announce(retreat, by=alice, now=NOW)
    sent(folder, "bob")
    actions.take_off(bob, by=alice, now=NOW)
    assert sent(folder, "charlie") == []
    actions.add_guest(retreat, world.person("bob"), by=alice, now=NOW)
    actions.announce(retreat, by=alice, now=NOW)
    # Cancelled (1) while off the list, then invited above that (2): the mails had not left yet.
    got = sent(folder, "bob")
    assert [one for one in brief(got) if one[0] == "REQUEST"] == [
        ("REQUEST", "day-1@handrail", 2),
        ("REQUEST", "day-2@handrail", 2),
    ]


def test_m23_a_cancellation_has_a_higher_number(
    world: World, retreat: Retreat, bob: Guest, folder: Path
) -> None:
    alice = world.viewer("alice")
    actions.announce(retreat, by=alice, now=NOW)
    sent(folder, "bob")
    actions.take_off(bob, by=alice, now=NOW)
    assert brief(sent(folder, "bob")) == [
        ("CANCEL", "day-1@handrail", 1),
        ("CANCEL", "day-2@handrail", 1),
    ]


def test_m23_calling_off_empties_every_calendar(
    world: World, retreat: Retreat, bob: Guest, folder: Path
) -> None:
    alice = world.viewer("alice")
    actions.announce(retreat, by=alice, now=NOW)
    sent(folder, "bob")
    actions.call_off(retreat, by=alice, now=NOW)
    assert [one[0] for one in brief(sent(folder, "bob"))] == ["CANCEL", "CANCEL"]


def test_m23_a_day_that_falls_away_is_cancelled(
    world: World, retreat: Retreat, bob: Guest, folder: Path
) -> None:
    alice = world.viewer("alice")
    actions.announce(retreat, by=alice, now=NOW)
    sent(folder, "bob")
    for block in AgendaBlock.objects.filter(retreat=retreat, day=2):
        actions.remove_block(block, by=alice, now=NOW)
    actions.announce(retreat, by=alice, now=NOW)
    assert brief(sent(folder, "bob")) == [("CANCEL", "day-2@handrail", 1)]


def test_m23_the_pack_is_whole_and_holds_no_needs(
    world: World, retreat: Retreat, bob: Guest
) -> None:
    actions.save_part(bob, needs="No nuts", comes_from="Porto", by=world.viewer("bob"), now=NOW)
    alice = world.viewer("alice")
    with zipfile.ZipFile(io.BytesIO(pack_of(alice, retreat, NOW))) as pack:
        files = {name: pack.read(name).decode() for name in pack.namelist()}
    assert sorted(files) == ["kit.csv", "plan.html", "retreat.ics"]
    assert not any("nuts" in text for text in files.values())
    assert "Porto" in files["plan.html"]
    assert not any(mark in files["plan.html"] for mark in ("<script", "<link", "src=", "url("))
    calendar = icalendar.Calendar.from_ical(files["retreat.ics"])
    assert str(calendar["method"]) == "PUBLISH"
    assert [str(event["uid"])[-14:] for event in calendar.walk("VEVENT")] == [
        "day-1@handrail",
        "day-2@handrail",
    ]
    assert "Headset,per_person,1,Bob,open,2026-03-05," in files["kit.csv"]


def test_m23_times_are_the_places_with_the_readers_beside(world: World, retreat: Retreat) -> None:
    page = plan_html(world.viewer("alice"), retreat, NOW)  # alice is in Berlin
    assert "10:00–11:00" in page
    assert "11:00–12:00 your time" in page
