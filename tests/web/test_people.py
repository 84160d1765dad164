"""People pages: what each may see, and bringing people in from a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories.world import World
from handrail.apps.organizations.queries import consent
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import NotWith, PeopleImport, Person

Browser = Callable[[str], Client]
HEADER = (
    "person_id,name,email,role,timezone,working_hours,start_date,last_active,skills,wants,"
    "minutes_per_week\n"
)


def upload(client: Client, content: str | bytes) -> object:
    data = content.encode() if isinstance(content, str) else content
    return client.post(
        reverse("people_import"), {"file": SimpleUploadedFile("people.csv", data, "text/csv")}
    )


def test_a_colleague_sees_skills_but_no_address(world: World, signed_in_as: Browser) -> None:
    page = signed_in_as("charlie").get(reverse("person", args=[world.people["alice"].public_id]))
    assert "git" in page.content.decode()
    assert world.people["alice"].email not in page.content.decode()


def test_a_manager_sees_the_address_of_a_report(world: World, signed_in_as: Browser) -> None:
    page = signed_in_as("mona").get(reverse("person", args=[world.people["bob"].public_id]))
    assert world.people["bob"].email in page.content.decode()


def test_a_last_day_ahead_is_told_to_administrators_alone(
    world: World, signed_in_as: Browser
) -> None:
    bob = world.people["bob"]
    url = reverse("person", args=[bob.public_id])

    with writing(world.organization):
        bob.spells.update(ended_on=date(2999, 3, 12), end_known_since=date(2026, 1, 1))
    assert "12 March 2999" not in signed_in_as("bob").get(url).content.decode()
    assert "12 March 2999" not in signed_in_as("mona").get(url).content.decode()  # his manager
    assert "12 March 2999" not in signed_in_as("charlie").get(url).content.decode()
    assert "12 March 2999" in signed_in_as("adam").get(url).content.decode()
    with writing(world.organization):
        bob.spells.update(ended_on=date(2026, 1, 12))
    assert "12 January 2026" in signed_in_as("mona").get(url).content.decode()  # it is over


def test_a_manager_who_has_not_begun_is_named_to_administrators_alone(
    world: World, signed_in_as: Browser
) -> None:
    with writing(world.organization):
        world.people["mona"].spells.update(started_on=date(2999, 3, 12))
    url = reverse("person", args=[world.people["bob"].public_id])
    for name in ("bob", "charlie"):
        assert "Mona" not in signed_in_as(name).get(url).content.decode()
    assert "Mona" in signed_in_as("adam").get(url).content.decode()


def test_nobody_edits_somebody_else(world: World, signed_in_as: Browser) -> None:
    url = reverse("person_edit", args=[world.people["bob"].public_id])
    assert signed_in_as("charlie").get(url).status_code == 403
    assert signed_in_as("charlie").post(url, {"name": "Robert"}).status_code in (403, 422)
    with reading(world.organization):
        assert Person.objects.get(pk=world.people["bob"].pk).name == "Bob"


def test_a_file_is_looked_at_before_it_is_applied(world: World, signed_in_as: Browser) -> None:
    client = signed_in_as("adam")
    line = "p1,Pia Roe,pia@example.org,mentee,Europe/Berlin,09:00-17:00,2026-01-05,,,git:1,0\n"
    preview = upload(client, HEADER + line)
    assert "Pia Roe" in client.get(preview.url).content.decode()
    with reading(world.organization):
        assert not Person.objects.filter(name="Pia Roe").exists()
    client.post(preview.url)
    with reading(world.organization):
        assert Person.objects.filter(name="Pia Roe").exists()


def test_each_problem_of_a_file_is_named_by_its_line(world: World, signed_in_as: Browser) -> None:
    bad = (
        "p1,Pia,pia@example.org,mentee,Europe/Berlni,09:00-17:00,2026-01-05,,,git:1,0\n"
        "p2,Ole,ole@example.org,mentee,Europe/Berlin,09:00-17:00,5 January,,,git:1,0\n"
    )
    response = upload(signed_in_as("adam"), HEADER + bad)
    page = response.content.decode()
    assert response.status_code == 422
    assert "line 2" in page
    assert "line 3" in page
    with reading(world.organization):
        assert not PeopleImport.objects.exists()


def test_only_an_administrator_imports(world: World, signed_in_as: Browser) -> None:
    assert signed_in_as("alice").get(reverse("people_import")).status_code == 403


def test_an_administrator_invites_everybody_who_cannot_sign_in_yet(
    world: World, signed_in_as: Browser
) -> None:
    client = signed_in_as("adam")
    line = "p1,Pia Roe,pia@example.org,mentee,Europe/Berlin,09:00-17:00,2026-01-05,,,git:1,0\n"
    client.post(upload(client, HEADER + line).url)
    assert "1 person cannot sign in yet" in client.get(reverse("people")).content.decode()
    client.post(reverse("people_invite"))
    with reading(world.organization):
        assert Person.objects.get(name="Pia Roe").membership is not None
        assert OutboxRow.objects.filter(kind="mail.welcome").count() == 1
    assert "cannot sign in yet" not in client.get(reverse("people")).content.decode()


def test_the_private_list_is_read_by_its_owner_alone(world: World, signed_in_as: Browser) -> None:
    url = reverse("settings_not_with")
    signed_in_as("bob").post(url, {"person": str(world.people["charlie"].public_id), "do": "add"})
    with reading(world.organization):
        assert NotWith.objects.count() == 1
    assert "Charlie" in signed_in_as("bob").get(url).content.decode()
    for name in ("adam", "mona", "alice"):
        assert "Charlie" not in signed_in_as(name).get(url).content.decode()


def test_reminders_are_shown_as_they_are_sent_and_stay_so_when_nothing_is_changed(
    world: World, signed_in_as: Browser
) -> None:
    client, url = signed_in_as("bob"), reverse("settings_reminders")
    bob = world.people["bob"].public_id

    def ticked() -> bool:
        return 'value="reminders" checked' in client.get(url).content.decode()

    assert ticked()
    client.post(url, {"allow": ["reminders", "artifact_asked", "silence_pauses"]})
    with reading(world.organization):
        assert consent(bob, "reminders") is not False
    client.post(url, {})
    with reading(world.organization):
        assert consent(bob, "reminders") is False
    assert not ticked()


def test_a_key_is_shown_once(world: World, signed_in_as: Browser) -> None:
    client = signed_in_as("alice")
    made = client.post(
        reverse("api_keys"), {"name": "Nightly", "scopes": ["people:read"], "days": 30}
    )
    secret = made.content.decode().split('class="secret">')[1].split("<")[0]
    assert secret.startswith("hr_")
    assert secret not in client.get(reverse("api_keys")).content.decode()


def test_a_list_of_one_and_of_many_people_costs_the_same_questions(
    world: World, signed_in_as: Browser
) -> None:
    client = signed_in_as("alice")
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("people"), {"q": "Bob"})
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("people"))
    assert len(many) == len(one)


def test_what_a_key_may_is_said_in_words(world: World, signed_in_as: Browser) -> None:
    client = signed_in_as("alice")
    made = client.post(
        reverse("api_keys"), {"name": "Nightly", "scopes": ["people:read"], "days": 30}
    )
    assert "see people" in made.content.decode()
    assert "people:read</" not in made.content.decode()
