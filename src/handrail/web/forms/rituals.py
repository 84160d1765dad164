"""The form of what every session of a program has."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from handrail.apps.programs.models import Program
from handrail.apps.programs.rituals import LONGEST_CONSEQUENCES, LONGEST_LINE


class RitualsForm(forms.Form):
    """Checklist, the artifact's questions, objectives, and what happens when somebody misses."""

    checklist = forms.CharField(
        label=_("Checklist"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Three to five lines. Everybody of a session sees them before it."),
    )
    learned = forms.CharField(
        label=_("First question of the artifact"), required=False, max_length=LONGEST_LINE
    )
    next_step = forms.CharField(
        label=_("Second question of the artifact"),
        required=False,
        max_length=LONGEST_LINE,
        help_text=_("Whose step it is, and a link, are asked for in any case."),
    )
    objectives_per_mentee = forms.IntegerField(
        label=_("Objectives each mentee writes down before booking"),
        min_value=0,
        max_value=5,
        help_text=_("A pilot needs exactly two. Zero means: one or more, and the latest counts."),
    )
    grace_minutes = forms.IntegerField(
        label=_("Minutes after the start at which who is missing counts as a no-show"),
        min_value=5,
        max_value=30,
    )
    no_show_limit = forms.IntegerField(
        label=_("No-shows after which a mentee's own booking pauses"),
        min_value=0,
        max_value=10,
        help_text=_("Zero means: it never pauses. You may book for them at any time."),
    )
    no_show_weeks = forms.IntegerField(
        label=_("They are counted over so many weeks"), min_value=1, max_value=52
    )
    no_show_pause_days = forms.IntegerField(
        label=_("The pause lasts so many days"), min_value=1, max_value=90
    )
    consequences = forms.CharField(
        label=_("Your own words about missing a session"),
        required=False,
        max_length=LONGEST_CONSEQUENCES,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They stand before the rule, which is written by itself from the figures."),
    )

    @classmethod
    def initial_of(cls, program: Program) -> dict[str, Any]:
        prompts = program.artifact_prompts
        return {
            name: getattr(program, name)
            for name in cls.base_fields
            if name not in ("checklist", "learned", "next_step")
        } | {
            "checklist": "\n".join(program.checklist),
            "learned": prompts.get("learned", ""),
            "next_step": prompts.get("next_step", ""),
        }

    def clean_checklist(self) -> list[str]:
        lines = self.cleaned_data["checklist"].splitlines()
        return [line.strip() for line in lines if line.strip()]

    def changes(self) -> dict[str, Any]:
        """What the program's rules become; a question left empty is asked in the usual words."""
        values = dict(self.cleaned_data)
        asked = {name: values.pop(name).strip() for name in ("learned", "next_step")}
        return {**values, "artifact_prompts": {name: text for name, text in asked.items() if text}}
