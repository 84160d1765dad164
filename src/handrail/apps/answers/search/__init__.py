"""Finding answers to a question: hits with a score and a band, best first."""

from handrail.apps.answers.search.asking import Hit, is_stale, search
from handrail.apps.answers.search.likeness import Like, alike

__all__ = ["Hit", "Like", "alike", "is_stale", "search"]
