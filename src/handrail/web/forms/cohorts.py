"""Forms about cohorts: an intake, and the weekly time of a group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from handrail.apps.cohorts.models import WEEKS, Intake
from handrail.apps.people.models import Person
from handrail.web.forms.programs import day_input, monday_after


class IntakeForm(forms.Form):
    """When an intake is open, when its first week is, and who is new."""

    opens_on = forms.DateField(label=_("The window opens"), widget=day_input())
    closes_on = forms.DateField(
        label=_("The window closes"),
        widget=day_input(),
        help_text=_("Who is hired later comes into the next intake."),
    )
    starts_on = forms.DateField(
        label=_("First week"),
        widget=day_input(),
        help_text=_("The twelve weeks begin on this Monday, or on the one after this day."),
    )
    held_until = forms.DateField(
        label=_("Seats are held for accepted offers until"),
        widget=day_input(),
        required=False,
        help_text=_("Empty means: until the window closes. Afterwards whoever waits moves up."),
    )
    hired_from = forms.DateField(
        label=_("New is who started on this day or later"), widget=day_input()
    )
    seats = forms.TypedChoiceField(
        label=_("Seats of each group"), choices=[(n, n) for n in (6, 7, 8)], coerce=int
    )
    tail_sessions = forms.IntegerField(
        label=_("Meetings afterwards, one every four weeks"),
        min_value=0,
        max_value=6,
        help_text=_("Gains fade when mentoring stops at once. Zero means: none."),
    )
    by_lot = forms.BooleanField(
        label=_("Draw lots for the seats, as in a pilot with a lottery"), required=False
    )
    themes = forms.CharField(
        label=_("What each week is for"),
        widget=forms.Textarea(attrs={"rows": WEEKS}),
        help_text=_("Twelve lines: the objective of each session."),
    )

    @classmethod
    def initial_of(cls, intake: Intake) -> dict[str, Any]:
        values = {name: getattr(intake, name) for name in IntakeForm.base_fields}
        return {**values, "themes": "\n".join(intake.themes)}

    @classmethod
    def initial_for(cls, today: date, themes: Sequence[str]) -> dict[str, Any]:
        """Two weeks to come in, a week to find the time, then the first Monday."""
        closes_on = today + timedelta(days=13)
        return {
            "opens_on": today,
            "closes_on": closes_on,
            "starts_on": monday_after(closes_on + timedelta(days=4)),
            "hired_from": today - timedelta(days=90),
            "seats": 8,
            "tail_sessions": 3,
            "themes": "\n".join(themes),
        }

    def clean_themes(self) -> list[str]:
        lines = self.cleaned_data["themes"].splitlines()
        return [line.strip() for line in lines if line.strip()]


class NewIntakeForm(IntakeForm):
    """An intake, and who mentors in it."""

    mentors = forms.MultipleChoiceField(
        label=_("Mentors"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One group for each. They need the minutes of one session a week."),
    )

    field_order = ("mentors",)

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.public_id): person for person in people}
        self.fields["mentors"].choices = [  # type: ignore[attr-defined]
            (key, person.name) for key, person in self.people.items()
        ]

    def values(self) -> dict[str, Any]:
        """What the action takes besides the mentors."""
        return {name: value for name, value in self.cleaned_data.items() if name != "mentors"}

    def chosen(self) -> list[Person]:
        return [self.people[key] for key in self.cleaned_data["mentors"]]
