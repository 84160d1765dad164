"""The audit record reads as plain words, and can be searched by them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

from django.test import Client
from django.urls import reverse

from factories.world import NOW, World
from handrail.apps.organizations.scope import writing
from handrail.apps.people.actions import pause, set_not_with
from handrail.apps.programs.models import ProgramStatus
from handrail.web.audit_words import DONE

Browser = Callable[[str], Client]
APPS = Path(__file__).resolve().parents[2] / "src/handrail/apps"


def page(client: Client, **asked: str) -> str:
    return client.get(reverse("audit"), asked).content.decode()


def test_it_says_who_did_what_to_whom(world: World, signed_in_as: Browser) -> None:
    with writing(world.organization):
        pause(world.people["bob"], None, by=world.viewer("bob"), now=NOW)
    shown = page(signed_in_as("otto"))
    assert "changed a pause" in shown
    assert ">Bob<" in shown
    assert ">person.paused<" not in shown
    assert str(world.people["bob"].public_id) not in shown


def test_it_tells_nothing_of_a_private_list(world: World, signed_in_as: Browser) -> None:
    with writing(world.organization):
        bob = world.viewer("bob")
        set_not_with(world.people["bob"], [world.people["charlie"]], by=bob, now=NOW)
    shown = page(signed_in_as("otto"))
    assert "changed their private list" in shown
    assert "Charlie" not in shown


def test_it_is_searched_by_name_and_by_what_was_done(world: World, signed_in_as: Browser) -> None:
    with writing(world.organization):
        pause(world.people["bob"], None, by=world.viewer("bob"), now=NOW)
    client = signed_in_as("adam")
    assert page(client, who="bo").count("<td data-label") == 4  # one line
    assert page(client, what="person.paused").count("<td data-label") == 4
    assert "Nothing fits." in page(client, who="nobody")
    assert "started a program" in page(client, what="made up")  # then everything is shown


def test_every_verb_that_is_recorded_has_its_words() -> None:
    unknown = {one for one in recorded() if "." in one and one not in DONE}
    assert unknown == set()


def recorded() -> set[str]:
    """Verbs as they stand in the code: record_audit(verb=…), and what goes through _audit."""
    found: set[str] = set()
    for path in APPS.rglob("*.py"):
        room = {"sessions": "session.", "matches": "matches."}.get(path.relative_to(APPS).parts[0])
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "id", "")
            said = [key.value for key in call.keywords if key.arg == "verb"]
            said += call.args[:1] if name in ("_audit", "audit", "_record") else []
            for one in said:
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    short = name in ("audit", "_record")
                    found.add(f"{room}{one.value}" if short and room else one.value)
    # What is put together: a program's states, a lead's word on a pair.
    found |= {f"program.{state}" for state in ProgramStatus.values if state != "draft"}
    return found | {"pair.pin", "pair.forbid"}
