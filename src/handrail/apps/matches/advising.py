"""What would help most, in words: skills short of mentors, and the mentors to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.matches.gain_words import gained
from handrail.apps.matches.models import MatchRun
from handrail.apps.matches.queries import telling
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.queries import require_run

SHORT_SHOWN = 5
SKILLS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class SkillAdvice:
    """One skill: who wishes for it and who gives it, and what one more mentor would add."""

    skill: str
    wished: int
    mentors: int
    seats: int
    served: int
    waiting: int
    helps: list[str]


@dataclass(frozen=True, slots=True)
class AdviceCard:
    """What a lead could do: `short` skills first, then `mentors` to ask; `skills` are all counts.

    `more` skills are not listed.
    """

    short: list[SkillAdvice]
    mentors: list[str]
    skills: list[SkillAdvice]
    more: int
    waiting: bool


def advice_card(viewer: Viewer, run: MatchRun) -> AdviceCard | None:
    """The advice of a plan for those who run the program; None where a run has none."""
    require_run(viewer, run.program, "matches:read")
    if not run.advice:
        return None
    skills = [_skill(need) for need in run.advice["skills"]]
    serving = [
        skill
        for skill, need in zip(skills, run.advice["skills"], strict=True)
        if any(more["gain"]["people_at_least"] for more in need["one_more"])
    ]
    helps = [_as_reason(help) for help in run.advice["helps"]]
    told = telling(viewer, run, helps)
    return AdviceCard(
        short=serving[:SHORT_SHOWN],
        mentors=[told(help) for help in helps],
        skills=skills[:SKILLS_SHOWN],
        more=max(0, len(skills) - SKILLS_SHOWN),
        waiting=any(skill.waiting for skill in skills),
    )


def _skill(need: Mapping[str, Any]) -> SkillAdvice:
    more = need["one_more"]
    return SkillAdvice(
        skill=need["skill"],
        wished=need["wished"],
        mentors=need["mentors"],
        seats=need["seats"],
        served=need["served"],
        waiting=need["waiting"],
        helps=[
            _one_more(one)
            for place, one in enumerate(more)
            # Two seats that add no more than one are not worth a line.
            if place == 0 or one["gain"]["people_at_least"] > more[0]["gain"]["people_at_least"]
        ],
    )


def _one_more(more: Mapping[str, Any]) -> str:
    seats = ngettext("with %(n)d seat", "with %(n)d seats", more["seats"]) % {"n": more["seats"]}
    return _("One more mentor at level %(level)d %(seats)s: %(gain)s.") % {
        "level": more["level"],
        "seats": seats,
        "gain": gained(more["gain"]),
    }


def _as_reason(help: Mapping[str, Any]) -> dict[str, Any]:
    """A mentor's seat or hour as a reason, so that names and times are told like all others."""
    params = {"mentor": help["mentor"], "gain": help["gain"], "waiting": help["waiting"]}
    if help["kind"] == "hour":
        params |= {"slot": help["slot"], "when": ""}
    return {"code": f"help_{help['kind']}", "params": params}


def advice_document(viewer: Viewer, run: MatchRun) -> dict[str, Any]:
    """The advice as plain values for programs: mentors by their public id."""
    require_run(viewer, run.program, "matches:read")
    if not run.advice:
        return {}
    named = {help["mentor"] for help in run.advice["helps"]}
    people = Person.objects.filter(external_id__in=named).values_list("external_id", "public_id")
    ids = {external_id: str(public_id) for external_id, public_id in people}
    helps = [help | {"mentor": ids.get(help["mentor"])} for help in run.advice["helps"]]
    return {**run.advice, "helps": helps}
