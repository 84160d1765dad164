"""Plays sessions as people would: seeded, by the clock it is given, through the public verbs."""

from handrail.apps.sessions.simulator.playing import Played, play, simulated_viewer

__all__ = ["Played", "play", "simulated_viewer"]
