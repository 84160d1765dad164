"""The form for a new report: which program, up to which day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from handrail.apps.programs.models import Program


class ReportForm(forms.Form):
    program = forms.ChoiceField(label=_("Program"), required=False)
    cut = forms.DateField(
        label=_("Up to this day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("What was known at the end of this day; nothing later counts."),
    )

    def __init__(self, *args: Any, programs: Iterable[Program], today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"cut": today})
        super().__init__(*args, **kwargs)
        self.programs = list(programs)
        self.fields["program"].choices = [  # type: ignore[attr-defined]
            ("", gettext("The whole organisation")),
            *((str(program.public_id), program.name) for program in self.programs),
        ]

    def chosen_program(self) -> Program | None:
        chosen = self.cleaned_data["program"]
        return next((p for p in self.programs if str(p.public_id) == chosen), None)
