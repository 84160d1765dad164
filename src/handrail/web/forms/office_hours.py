"""Forms of office hours: a time with an objective, the rules, a block of the week."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from handrail.apps.office_hours.models import OpenTo, Rota
from handrail.domain.scheduling import zones


class ChoiceForm(forms.Form):
    """The turn and the time, which are one choice."""

    choice = forms.CharField(
        label=_("Time"), error_messages={"required": _("Choose one of the times.")}, required=False
    )

    def clean_choice(self) -> tuple[UUID, datetime] | None:
        turn, _space, start = self.cleaned_data["choice"].partition(" ")
        try:
            moment = parse_datetime(start)
            if moment is None or moment.tzinfo is None:
                raise ValueError
            return UUID(turn), moment
        except ValueError as error:
            raise ValidationError(_("Choose one of the times.")) from error


class VisitForm(ChoiceForm):
    """What somebody comes for, and when."""

    objective = forms.CharField(
        label=_("What do you want to be able to do afterwards?"),
        max_length=280,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence. Your mentor reads it before the session."),
    )
    note = forms.CharField(
        label=_("What you tried, and where you are stuck"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It becomes the first lines of the notes that you share."),
    )
    key = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    def __init__(self, *args: Any, waits: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waits = waits

    def clean_choice(self) -> tuple[UUID, datetime] | None:
        return None if self.waits else super().clean_choice()


class RotaForm(forms.Form):
    """The rules of office hours."""

    open_to = forms.ChoiceField(label=_("Who may book"), choices=OpenTo.choices)
    plan_weeks = forms.IntegerField(
        label=_("Weeks planned ahead"),
        min_value=1,
        max_value=12,
        help_text=_("Turns are given so far ahead, by themselves. Those that stand stay."),
    )
    fair_sessions = forms.IntegerField(
        label=_("Sessions a person may book"),
        min_value=0,
        max_value=10,
        help_text=_("Within the days below. Zero means no limit."),
    )
    fair_days = forms.IntegerField(
        label=_("Within how many days"),
        min_value=1,
        max_value=90,
        help_text=_("Whoever has used theirs reads from which day on the next one is possible."),
    )
    offer_minutes = forms.IntegerField(
        label=_("Minutes that a freed time is held"),
        min_value=30,
        max_value=2880,
        help_text=_("For the first in line; then it goes to the next one."),
    )
    compact = forms.BooleanField(
        label=_("Offer times beside booked ones first, so that a mentor's block has no holes"),
        required=False,
        help_text=_("All other times of a block can still be chosen, one click further away."),
    )
    lost_time_counts = forms.BooleanField(
        label=_("Time lost to somebody who did not come counts as given"),
        required=False,
        help_text=_("It decides between mentors with as many turns when one moves on."),
    )

    @staticmethod
    def initial_of(rota: Rota) -> dict[str, Any]:
        return {name: getattr(rota, name) for name in RotaForm.base_fields}


class SlotForm(forms.Form):
    """A block that comes back every week."""

    weekday = forms.TypedChoiceField(
        label=_("Day"), coerce=int, choices=list(WEEKDAYS.items()), initial=1
    )
    starts_min = forms.TimeField(
        label=_("Begins"),
        widget=forms.TimeInput(attrs={"type": "time", "step": "300"}, format="%H:%M"),
        initial="14:00",
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=25, max_value=480, initial=60)
    timezone = forms.ChoiceField(label=_("Time zone"))

    def __init__(self, *args: Any, near: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["timezone"].choices = [  # type: ignore[attr-defined]
            (zone, zone) for zone in dict.fromkeys([*near, *sorted(zones())])
        ]

    def clean_starts_min(self) -> int:
        time = self.cleaned_data["starts_min"]
        return int(time.hour * 60 + time.minute)
