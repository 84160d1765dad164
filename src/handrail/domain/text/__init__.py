"""Text: the words that search compares, and what becomes of three versions of one field."""

from .analyser import ANALYSER, analyse, base_language
from .merge import Merged, merge_field

__all__ = ["ANALYSER", "Merged", "analyse", "base_language", "merge_field"]
