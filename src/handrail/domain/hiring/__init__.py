"""What a posting may say of the support behind a job, and what is done about who is hired."""

from .enrolling import (
    Decision,
    Do,
    Held,
    Known,
    Rule,
    Told,
    Why,
    Window,
    decide,
    first_intake,
    known_from,
    rule_for,
)

__all__ = [
    "Decision",
    "Do",
    "Held",
    "Known",
    "Rule",
    "Told",
    "Why",
    "Window",
    "decide",
    "first_intake",
    "known_from",
    "rule_for",
]
