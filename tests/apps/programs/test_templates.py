"""Each template gives a valid program that runs, in one click."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from factories.world import NOW, World
from handrail.apps.organizations.scope import reading
from handrail.apps.programs.actions import start_program
from handrail.apps.programs.models import Program, ProgramStatus
from handrail.apps.programs.rituals import ritual_problems
from handrail.apps.programs.templates import TEMPLATES

pytestmark = [pytest.mark.django_db, pytest.mark.later_on_postgresql]


@pytest.fixture
def administrator(fresh_world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    client = Client()
    client.force_login(fresh_world.users["adam"], "django.contrib.auth.backends.ModelBackend")
    with reading(fresh_world.organization):
        yield client


def test_m10_each_template_gives_a_valid_running_program_in_one_click(
    fresh_world: World, administrator: Client
) -> None:
    for template in TEMPLATES.values():
        form = administrator.get(reverse("program_new") + f"?template={template.key}")
        given = form.context["form"].initial
        assert given["template"] == template.key
        answer = administrator.post(reverse("program_new"), given)
        assert answer.status_code == 302, template.key
        program = Program.objects.order_by("-pk")[0]
        assert (program.template, program.model) == (template.key, template.model)
        assert program.session_minutes == template.session_minutes
        assert 20 <= program.session_minutes <= 30
        assert 3 <= len(program.checklist) <= 5
        assert set(program.artifact_prompts) == {"learned", "next_step"}
        assert program.starts_on < program.ends_on
        assert ritual_problems(program) == {}
        start_program(program, by=fresh_world.system, now=NOW)
        assert program.status == ProgramStatus.RUNNING


def test_m10_tooling_start_is_three_sessions_of_twenty_minutes_within_thirty_days() -> None:
    template = TEMPLATES["tooling-start"]
    assert template.sessions_per_mentee == 3
    assert template.session_minutes == 20
    assert template.within_days == 30
