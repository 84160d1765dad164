"""Where search was before it had a room of its own."""

from handrail.apps.answers.search import Hit, is_stale, search

__all__ = ["Hit", "is_stale", "search"]
