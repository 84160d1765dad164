"""Verbs on projects: make, change, find a mentor, hand over, keep going, end."""

from handrail.apps.projects.actions.ending import end_project
from handrail.apps.projects.actions.handing_over import HandOver, hand_over
from handrail.apps.projects.actions.keeping import keep_projects
from handrail.apps.projects.actions.mentoring import (
    ask_out,
    assign,
    offer,
    stay,
    take_offer_back,
)
from handrail.apps.projects.actions.shaping import create_project, edit_project

__all__ = [
    "HandOver",
    "ask_out",
    "assign",
    "create_project",
    "edit_project",
    "end_project",
    "hand_over",
    "keep_projects",
    "offer",
    "stay",
    "take_offer_back",
]
