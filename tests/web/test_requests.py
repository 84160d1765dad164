"""Asking on the pages: one form, no script, and the mentor's answer from Today or from the mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from factories.world import NOW, World
from handrail.apps.organizations.scope import reading
from handrail.apps.requests.mail_links import answer_word
from handrail.apps.requests.models import Ask, MentoringRequest
from handrail.apps.sessions.models import Session
from web.conftest import Clock

Enter = Callable[[str], Client]


def choices(page: str) -> list[str]:
    return re.findall(r'name="choice" value="([^"]+)"', page)


def asked(world: World, enter: Enter, **more: str) -> str:
    """Bob asks the first mentor for the first time; the address of his request."""
    assert world.program is not None
    bob = enter("bob")
    url = f"/programs/{world.program.public_id}/ask/"
    page = bob.get(url).content.decode()
    answer = bob.post(
        url,
        {
            "objective": "Rebase a branch",
            "minutes": "20",
            "goes_on": "on",
            "choice": choices(page)[0],
            **more,
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_m02_request_to_booked_in_three_presses_without_script(
    world: World, signed_in_as: Enter
) -> None:
    where = asked(world, signed_in_as, note="I lost a commit")
    bob, alice = signed_in_as("bob"), signed_in_as("alice")
    assert "Held for both of you" in bob.get(where).content.decode()
    today = alice.get("/").content.decode()
    assert "Bob asks for a session" in today
    assert where in today
    page = alice.get(where).content.decode()
    assert "I lost a commit" in page
    done = alice.post(f"{where}answer/", {"do": "accept"})
    with reading(world.organization):
        session = Session.objects.get()
    assert done["Location"] == f"/sessions/{session.public_id}/"


def test_m02_the_page_says_why_and_refuses_other_lengths(world: World, signed_in_as: Enter) -> None:
    assert world.program is not None
    bob = signed_in_as("bob")
    url = f"/programs/{world.program.public_id}/ask/"
    page = bob.get(url).content.decode()
    assert "Strong at git: level 4 of 5, you start at 0." in page
    refused = bob.post(url, {"objective": "Rebase", "minutes": "45", "choice": choices(page)[0]})
    assert refused.status_code == 422
    with reading(world.organization):
        assert not MentoringRequest.objects.exists()


def test_another_skill_shows_other_mentors_and_keeps_what_was_written(
    world: World, signed_in_as: Enter
) -> None:
    assert world.program is not None
    bob = signed_in_as("bob")
    url = f"/programs/{world.program.public_id}/ask/"
    page = bob.get(url).content.decode()
    docs = re.search(r'<option value="([^"]+)">docs', page)
    assert docs is not None
    shown = bob.post(
        url,
        {
            "show": "yes",
            "skill": docs[1],
            "objective": "Write a page",
            "minutes": "25",
            "note": "x",
        },
    ).content.decode()
    assert "Strong at docs: level 3 of 5" in shown
    assert "Write a page" in shown
    assert "needs another look" not in shown


def test_the_mail_lets_the_mentor_answer_without_signing_in(
    world: World, signed_in_as: Enter
) -> None:
    where = asked(world, signed_in_as)
    with reading(world.organization):
        word = answer_word(Ask.objects.select_related("request").get())
    anybody = Client()
    url = f"{where}answer/from-mail/?word={word}"
    assert "Accept" in anybody.get(url).content.decode()
    assert "Sent" in anybody.post(url, {"do": "question", "body": "Which?"}).content.decode()
    assert "Booked" in anybody.post(url, {"do": "accept"}).content.decode()
    assert anybody.get(f"{where}answer/from-mail/?word={word}x").status_code == 404
    assert anybody.get(where).status_code == 302


def test_who_has_declined_does_not_read_the_note_any_more(
    world: World, signed_in_as: Enter
) -> None:
    where = asked(world, signed_in_as, note="secret words")
    alice = signed_in_as("alice")
    assert "secret words" in alice.get(where).content.decode()
    alice.post(f"{where}answer/", {"do": "decline"})
    assert "secret words" not in alice.get(where).content.decode()


def test_an_empty_question_says_what_to_do(world: World, signed_in_as: Enter) -> None:
    where = asked(world, signed_in_as)
    answer = signed_in_as("alice").post(f"{where}answer/", {"do": "question", "body": ""})
    assert answer.status_code == 422
    assert signed_in_as("alice").post(f"{where}answer/", {"do": "dance"}).status_code == 422


def test_a_second_press_asks_once(world: World, signed_in_as: Enter, clock: Clock) -> None:
    where = asked(world, signed_in_as, key="one-press")
    assert world.program is not None
    bob = signed_in_as("bob")
    clock.now = NOW + timedelta(minutes=1)
    again = bob.post(f"/programs/{world.program.public_id}/ask/", {"key": "one-press"})
    assert again["Location"] == where
    with reading(world.organization):
        assert MentoringRequest.objects.count() == 1


def test_the_lead_sees_who_waits_on_the_program_page(world: World, signed_in_as: Enter) -> None:
    asked(world, signed_in_as, note="secret words")
    assert world.program is not None
    page = signed_in_as("adam").get(f"/programs/{world.program.public_id}/").content.decode()
    assert "A mentor is asked · 1 mentor asked" in page
    assert "secret words" not in page
