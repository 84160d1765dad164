"""The journeys' fixtures; `stage` holds what they are made of."""

from stage import browser, demo, empty, enter

__all__ = ["browser", "demo", "empty", "enter"]
