"""My hours: what is set shows again, what makes no sense is said beside its field."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from factories.world import World
from handrail.apps.calendars import hours
from handrail.apps.calendars.hours import Limits, Week
from handrail.apps.organizations.scope import reading

WEEK = {f"{kind}_{day}": "" for kind in ("open", "closed") for day in range(7)}
LIMITS = {
    "buffer_before": "10",
    "buffer_after": "5",
    "notice_hours": "24",
    "daily_cap": "2",
    "country": "DE",
}


@pytest.fixture
def alice(signed_in_as: Callable[[str], Client]) -> Client:
    return signed_in_as("alice")


@pytest.fixture
def adam(signed_in_as: Callable[[str], Client]) -> Client:
    """The administrator."""
    return signed_in_as("adam")


def text(client: Client, name: str = "settings_hours") -> str:
    return html.unescape(client.get(reverse(name)).content.decode())


def test_a_week_that_is_set_shows_again(world: World, alice: Client) -> None:
    said = {**WEEK, "open_0": "13:00-17:00, 09:00-12:00", "closed_4": "12:00-24:00"}
    assert alice.post(reverse("settings_hours"), said).status_code == 302
    assert 'value="09:00-12:00, 13:00-17:00"' in text(alice)
    with reading(world.organization):
        expected = Week({0: ((540, 720), (780, 1020))}, {4: ((720, 1440),)})
        assert hours.week_of(world.people["alice"]) == expected


def test_a_day_of_25_hours_is_refused_beside_its_field(world: World, alice: Client) -> None:
    answer = alice.post(reverse("settings_hours"), {**WEEK, "open_2": "09:00-34:00"})
    assert answer.status_code == 422
    assert "'34:00' is not a time of the day." in html.unescape(answer.content.decode())
    assert 'id="id_open_2_error"' in answer.content.decode()
    with reading(world.organization):
        assert hours.week_of(world.people["alice"]) == Week({}, {})


def test_a_day_away_is_set_and_taken_back(world: World, alice: Client) -> None:
    alice.post(reverse("settings_day"), {"one-day": "2026-02-20", "one-hours": ""})
    assert "Friday 20 February 2026" in text(alice)
    answer = alice.post(reverse("settings_day"), {"one-day": "2026-02-01", "one-hours": ""})
    assert (answer.status_code, "from today up to" in answer.content.decode()) == (422, True)
    alice.post(reverse("settings_day_clear"), {"day": "2026-02-20"})
    assert "Friday 20 February 2026" not in text(alice)


def test_limits_are_set_and_a_new_country_forgets_the_old_region(
    world: World, alice: Client
) -> None:
    def kept() -> Limits:
        with reading(world.organization):
            person = world.people["alice"]
            person.refresh_from_db()
            return Limits.of(person)

    alice.post(reverse("settings_limits"), {**LIMITS})
    assert "The next one is Good Friday, Friday 3 April 2026." in text(alice)
    alice.post(reverse("settings_limits"), {**LIMITS, "region": "BE"})
    assert kept() == Limits(10, 5, 1440, 2, "DE-BE")
    assert "The next one is Women's Day, Sunday 8 March 2026." in text(alice)
    alice.post(reverse("settings_limits"), {**LIMITS, "country": "FR", "region": "BE"})
    assert kept().holidays_of == "FR"
    answer = alice.post(reverse("settings_limits"), {**LIMITS, "buffer_after": "90"})
    assert answer.status_code == 422
    assert kept().holidays_of == "FR"


def test_the_minutes_of_this_week_and_the_next_are_shown(world: World, alice: Client) -> None:
    said = f"0 of {world.people['alice'].minutes_per_week} minutes given"
    assert text(alice).count(said) == 2
    assert said in text(alice, "today")


def test_a_day_closed_for_everybody_is_named_on_their_page(
    world: World, adam: Client, alice: Client
) -> None:
    day = {"day": "2026-02-20", "name": "Team day"}
    assert adam.post(reverse("closed_days"), day).status_code == 302
    assert "Team day" in text(adam, "closed_days")
    assert "(Team day)" in text(alice)
    adam.post(reverse("closed_day_reopen"), {"day": "2026-02-20"})
    assert "Team day" not in text(alice)
    assert adam.post(reverse("closed_days"), {"day": "", "name": ""}).status_code == 422


@pytest.mark.parametrize("day", ["", "yesterday"])
def test_a_day_that_is_none_is_refused(alice: Client, day: str) -> None:
    assert alice.post(reverse("settings_day_clear"), {"day": day}).status_code == 422
