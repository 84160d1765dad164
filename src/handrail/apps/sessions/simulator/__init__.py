"""Plays sessions as people would: seeded, by the clock it is given, through the public verbs."""

from handrail.apps.sessions.simulator.play import Played, play

__all__ = ["Played", "play"]
