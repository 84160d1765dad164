"""Text: the words that search compares, what likeness allows to say, three versions of a field."""

from .analyser import ANALYSER, analyse, base_language
from .bands import Curve, Edges, Label, Point, band_of, curve, likeness_of
from .merge import Merged, merge_field
from .ranking import Collection, closeness

__all__ = [
    "ANALYSER",
    "Collection",
    "Curve",
    "Edges",
    "Label",
    "Merged",
    "Point",
    "analyse",
    "band_of",
    "base_language",
    "closeness",
    "curve",
    "likeness_of",
    "merge_field",
]
