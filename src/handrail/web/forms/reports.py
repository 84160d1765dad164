"""The form for a new report: which program, up to which day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from handrail.apps.programs.models import Program

EVERY = "every"


class ReportForm(forms.Form):
    program = forms.ChoiceField(label=_("Program"), required=False)
    cut = forms.DateField(
        label=_("Up to this day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("What was known at the end of this day; nothing later counts."),
    )

    def __init__(self, *args: Any, subjects: Iterable[Program | None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subjects = list(subjects)
        self.programs = [program for program in subjects if program is not None]
        choices = [(str(program.public_id), program.name) for program in self.programs]
        if None in subjects:
            choices = [
                ("", gettext("The whole organisation")),
                (EVERY, gettext("Every program side by side")),
                *choices,
            ]
        self.fields["program"].choices = choices  # type: ignore[attr-defined]
        if "" not in dict(self.fields["program"].choices):  # type: ignore[attr-defined]
            self.fields["program"].required = True

    @property
    def is_every_program(self) -> bool:
        """Whether programs are to be laid side by side."""
        return bool(self.cleaned_data["program"] == EVERY)

    def chosen_program(self) -> Program | None:
        chosen = self.cleaned_data["program"]
        return next((p for p in self.programs if str(p.public_id) == chosen), None)
