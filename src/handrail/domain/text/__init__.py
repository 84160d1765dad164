"""Text: the words that search compares, the same in the browser and on the server."""

from .analyser import ANALYSER, analyse, base_language

__all__ = ["ANALYSER", "analyse", "base_language"]
