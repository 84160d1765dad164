"""Whether a question is for a person, and whom it could be asked of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

from handrail.apps.answers.models import AnswerSettings, Band, Look, Outcome, Question, Route
from handrail.apps.answers.search import Hit, is_stale
from handrail.apps.answers.wording import normal_of
from handrail.apps.office_hours.queries import NextSlot, next_slots
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person, Skill

NOT_THIS_WITHIN = 300  # seconds: two answers that did not help so soon after each other
OFFERED = 3


def settings_of(organization: Organization) -> AnswerSettings:
    """What the organisation's administrators decided, or what holds until they do."""
    found = AnswerSettings.objects.filter(organization=organization).first()
    return found or AnswerSettings(organization=organization)


def is_sensitive(text: str, words: str) -> bool:
    """Whether a question holds one of the listed words or phrases, whatever their case."""
    asked = f" {normal_of(text)} "
    listed = [normal_of(line) for line in words.splitlines()]
    return any(f" {phrase} " in asked for phrase in listed if phrase)


def route_by_hits(hits: Sequence[Hit], today: date) -> str:
    """Why the hits alone send a question to a person; empty where they do not."""
    if hits and is_stale(hits[0].answer, today):
        return Route.EXPIRED
    if not hits or hits[0].band == Band.ASK:
        return Route.NO_ANSWER
    return Route.NOTHING


def route_by_outcomes(question: Question) -> str:
    """Whether two answers within five minutes did not help."""
    said = list(
        Look.objects.filter(question=question, outcome=Outcome.NOT_THIS)
        .exclude(said_at=None)
        .order_by("said_at")
        .values_list("said_at", flat=True)
    )
    moments = [moment for moment in said if moment is not None]
    near = pairwise(moments)
    close = any((later - first).total_seconds() <= NOT_THIS_WITHIN for first, later in near)
    return Route.NOT_THIS if close else question.route


def skill_named(text: str) -> Skill | None:
    """The skill whose name stands in a question; the longest where there are several."""
    asked = f" {normal_of(text)} "
    named = [skill for skill in Skill.objects.all() if f" {normal_of(skill.name)} " in asked]
    return max(named, key=lambda skill: (len(skill.name), skill.name), default=None)


def skills_for(question: Question) -> list[Skill]:
    """Who could know: the question's own skill, else those of the answers that came nearest."""
    if question.skill is not None:
        return [question.skill]
    looks = Look.objects.filter(question=question).exclude(answer__skill=None)
    found = looks.select_related("answer__skill").order_by("-score", "pk")
    skills = [look.answer.skill for look in found if look.answer.skill is not None]
    return list(dict.fromkeys(skills))[:OFFERED]


def slots_for(viewer: Viewer, question: Question, *, now: datetime) -> list[NextSlot]:
    """The next office-hours times of people who know what a question is about, earliest first."""
    found = [
        slot
        for skill in skills_for(question)
        for slot in next_slots(viewer, skill, now=now, limit=OFFERED)
    ]
    once = {(slot.turn.pk, slot.starts_at): slot for slot in found}
    return sorted(once.values(), key=lambda slot: (slot.starts_at, slot.turn.pk))[:OFFERED]


def knows(person_id: int | None, question: Question) -> bool:
    """Whether somebody offers the skill of a question; without one, whether they offer any."""
    if person_id is None:
        return False
    people = Person.objects.filter(pk=person_id)
    if question.skill_id is not None:
        return people.filter(offers__skill_id=question.skill_id).exists()
    return people.exclude(offers=None).exists()
