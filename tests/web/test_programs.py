"""Running a program through its pages: from a template to published matches."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from factories.world import NOW, World
from handrail.apps.matches.models import MatchRun, RunStatus
from handrail.apps.organizations.scope import reading
from handrail.apps.people.actions import start_organization
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Enrolment, Objective, Program
from handrail.apps.sessions.models import Session

Browser = Callable[[str], Client]


def page_of(world: World, name: str = "program") -> str:
    assert world.program is not None
    return reverse(name, args=[world.program.public_id])


def test_everybody_in_a_program_reads_the_same_numbers_of_it(
    world: World, signed_in_as: Browser
) -> None:
    for name in ("alice", "bob", "adam"):
        page = signed_in_as(name).get(reverse("programs")).content.decode()
        assert "1 mentee, 1 mentor" in page


def test_an_administrator_makes_a_program_and_names_its_lead(
    world: World, signed_in_as: Browser
) -> None:
    response = signed_in_as("adam").post(
        reverse("program_new"),
        {
            "template": "tooling-start",
            "name": "Spring",
            "starts_on": "2026-03-02",
            "session_minutes": 20,
            "lead": str(world.people["charlie"].public_id),
        },
    )
    assert response.status_code == 302
    assert "Enrol people" in signed_in_as("charlie").get(response.url).content.decode()


def test_who_founded_the_place_can_lead_a_program(world: World) -> None:
    acme = start_organization(
        "Acme",
        admin_email="ada@acme.example.org",
        admin_name="Ada Berg",
        timezone="Europe/Berlin",
        language="en",
        now=NOW,
    )
    with reading(acme):
        ada = Person.objects.get()
        assert ada.membership is not None
        user = ada.membership.user
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    client.post(
        reverse("program_new"),
        {
            "template": "tooling-start",
            "name": "Tooling start",
            "starts_on": "2026-02-09",
            "session_minutes": 20,
            "lead": str(ada.public_id),
        },
    )
    with reading(acme):
        assert Program.objects.get().leads.get().person_id == ada.pk


def test_enrolling_everybody_counts_those_with_a_role_alone(
    world: World, signed_in_as: Browser
) -> None:
    client = signed_in_as("alice")
    # Charlie is a mentee; Mona, Adam, Ana, Otto and Rita take part as nothing.
    page = client.get(page_of(world, "program_enrol")).content.decode()
    assert "1 person is not in the program yet" in page
    client.post(page_of(world, "program_enrol"), {"everyone": "on"})
    page = client.get(page_of(world, "program_enrol")).content.decode()
    assert "Enrol everybody" not in page
    assert "Mona" in page


def test_a_session_of_45_minutes_is_refused_beside_its_field(
    world: World, signed_in_as: Browser
) -> None:
    response = signed_in_as("adam").post(
        reverse("program_new"),
        {
            "template": "tooling-start",
            "name": "Long",
            "starts_on": "2026-03-02",
            "session_minutes": 45,
        },
    )
    assert response.status_code == 422
    assert "20 to 30 minutes" in response.content.decode()
    with reading(world.organization):
        assert not Program.objects.filter(name="Long").exists()


def test_who_is_no_administrator_makes_no_program(world: World, signed_in_as: Browser) -> None:
    assert signed_in_as("alice").get(reverse("program_new")).status_code == 403


def test_a_lead_matches_a_week_and_publishes(world: World, signed_in_as: Browser) -> None:
    client = signed_in_as("alice")
    preview = client.post(page_of(world, "program_match"), {"week": "2026-02-09"})
    with reading(world.organization):
        run = MatchRun.objects.get()
    assert preview.url == reverse("match_run", args=[run.public_id])
    card = client.get(preview.url).content.decode()
    assert "Bob" in card
    assert "Alice" in card
    assert "Publish and invite 1 pair" in card
    client.post(reverse("match_publish", args=[run.public_id]))
    with reading(world.organization):
        assert MatchRun.objects.get().status == RunStatus.PUBLISHED
        assert Session.objects.count() == 1


def test_do_not_pair_on_a_card_solves_the_week_again_without_the_pair(
    world: World, signed_in_as: Browser
) -> None:
    client = signed_in_as("alice")
    client.post(page_of(world, "program_match"), {"week": "2026-02-09"})
    again = client.post(
        page_of(world, "pair_decide"),
        {
            "mentee": str(world.people["bob"].public_id),
            "mentor": str(world.people["alice"].public_id),
            "kind": "forbid",
            "week": "2026-02-09",
        },
        follow=True,
    )
    page = again.content.decode()
    assert "Without a match this week" in page
    assert "Publish and invite" not in page


def test_a_mentee_does_not_find_a_match_run(world: World, signed_in_as: Browser) -> None:
    signed_in_as("alice").post(page_of(world, "program_match"), {"week": "2026-02-09"})
    with reading(world.organization):
        run = MatchRun.objects.get()
    url = reverse("match_run", args=[run.public_id])
    assert signed_in_as("bob").get(url).status_code == 404
    assert signed_in_as("charlie").post(f"{url}publish/").status_code == 404


def test_a_mentee_sets_an_own_objective(world: World, signed_in_as: Browser) -> None:
    signed_in_as("bob").post(
        page_of(world, "program_objective"), {"text": "Read a failing build", "skill": ""}
    )
    assert "Read a failing build" in signed_in_as("bob").get(page_of(world)).content.decode()


def test_a_lead_gives_every_mentee_a_first_objective_at_once(
    world: World, signed_in_as: Browser
) -> None:
    client = signed_in_as("alice")
    client.post(
        page_of(world, "program_enrol"),
        {"person": str(world.people["charlie"].public_id), "role": "mentee"},
    )
    with reading(world.organization):
        charlie = Enrolment.objects.get(person=world.people["charlie"])
    page = client.get(page_of(world, "program_objectives")).content.decode()
    assert 'value="Make my first own change in docs"' in page
    assert "Bob" not in page.split("<h1>")[1]
    client.post(
        page_of(world, "program_objectives"), {str(charlie.public_id): "Write my first page"}
    )
    assert "Write my first page" in signed_in_as("charlie").get(page_of(world)).content.decode()


def test_one_wrong_line_sets_no_objective(world: World, signed_in_as: Browser) -> None:
    client = signed_in_as("alice")
    for name in ("charlie", "rita"):
        client.post(
            page_of(world, "program_enrol"),
            {"person": str(world.people[name].public_id), "role": "mentee"},
        )
    with reading(world.organization):
        rows = {
            row.person_id: str(row.public_id) for row in Enrolment.objects.filter(role="mentee")
        }
    response = client.post(
        page_of(world, "program_objectives"),
        {
            rows[world.people["charlie"].pk]: "Write my first page",
            rows[world.people["rita"].pk]: "x",
        },
    )
    assert response.status_code == 422
    with reading(world.organization):
        assert not Objective.objects.filter(enrolment__person=world.people["charlie"]).exists()


def test_a_mentee_leaves_without_asking_anybody(world: World, signed_in_as: Browser) -> None:
    signed_in_as("bob").post(reverse("enrolment_leave", args=[world.enrolments["bob"].public_id]))
    with reading(world.organization):
        assert Enrolment.objects.get(pk=world.enrolments["bob"].pk).left_at is not None


def test_a_stranger_cannot_take_somebody_out(world: World, signed_in_as: Browser) -> None:
    response = signed_in_as("charlie").post(
        reverse("enrolment_leave", args=[world.enrolments["bob"].public_id])
    )
    assert response.status_code == 404
