"""The edge from which on a hit is called the answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from handrail.domain.text.bands import HIGHEST, LOWEST, STEP


def edge_choices() -> list[tuple[str, str]]:
    """Every edge that may be applied, as a value and as it is written here."""
    count = round((HIGHEST - LOWEST) / STEP) + 1
    edges = [round(LOWEST + place * STEP, 2) for place in range(count)]
    return [(f"{edge:.2f}", number_format(edge, decimal_pos=2)) for edge in edges]


class EdgeForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("A hit is the answer from"),
        help_text=_("“Perhaps” begins 0.15 below. Below that we say: ask a person."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = edge_choices()  # type: ignore[attr-defined]
