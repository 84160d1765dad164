"""Forms about people: profile, hours, skills, pause, the private list, the import file."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from handrail.apps.people.models import Person
from handrail.domain.scheduling import zones

CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")


class ClockField(forms.Field):
    """A wall-clock time as minutes after midnight; "24:00" is a valid end."""

    widget = forms.TextInput
    default_error_messages = {"clock": _("Write a time like 09:00.")}

    def to_python(self, value: Any) -> int | None:
        if value in (None, ""):
            return None
        match = CLOCK.fullmatch(str(value).strip())
        if match is None:
            raise forms.ValidationError(self.error_messages["clock"])
        minutes = int(match[1]) * 60 + int(match[2])
        if minutes > 24 * 60:
            raise forms.ValidationError(self.error_messages["clock"])
        return minutes

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return f"{value // 60:02d}:{value % 60:02d}"
        return value


def zone_choices() -> list[tuple[str, str]]:
    """Every zone with a place in its name, and UTC."""
    names = sorted(name for name in zones() if "/" in name and name[0].isupper())
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class ProfileForm(forms.Form):
    """What a person may say about themselves."""

    name = forms.CharField(label=_("Name"), max_length=200)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    works_from_min = ClockField(
        label=_("Work starts"), help_text=_("Your local time, Monday to Friday.")
    )
    works_to_min = ClockField(
        label=_("Work ends"), help_text=_("An end before the start crosses midnight.")
    )
    minutes_per_week = forms.IntegerField(
        label=_("Minutes a week for mentoring"),
        min_value=0,
        max_value=2400,
        help_text=_("Over all programs together. Zero means: not at the moment."),
    )
    languages = forms.CharField(
        label=_("Languages you speak"),
        required=False,
        help_text=_("Preferred first, with a semicolon between: en; de."),
    )
    language = forms.ChoiceField(label=_("Language of pages and mails"), choices=settings.LANGUAGES)

    @staticmethod
    def initial_of(person: Person) -> dict[str, Any]:
        return {
            "name": person.name,
            "timezone": person.timezone,
            "works_from_min": person.works_from_min,
            "works_to_min": person.works_to_min,
            "minutes_per_week": person.minutes_per_week,
            "languages": "; ".join(person.languages),
            "language": person.language,
        }

    def clean_languages(self) -> list[str]:
        text = self.cleaned_data["languages"]
        return [part for piece in re.split(r"[;,]", text) if (part := piece.strip().lower())]

    def changes(self) -> dict[str, Any]:
        """Only what differs from what was there, so that others' changes stay."""
        before = {**self.initial, "languages": self._languages_before()}
        return {
            name: value for name, value in self.cleaned_data.items() if value != before.get(name)
        }

    def _languages_before(self) -> list[str]:
        return [p for piece in self.initial["languages"].split(";") if (p := piece.strip())]


class OwnProfileForm(ProfileForm):
    """The same, with what nobody else reads or writes."""

    call_link = forms.CharField(
        label=_("Where I take calls"),
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_(
            "A link to your room at Jitsi, Meet, Teams, Zoom or the like. Whoever meets you finds "
            "it in the room of the session and in the invitation; nobody else does."
        ),
    )
    field_order = ("name", "timezone", "works_from_min", "works_to_min", "call_link")

    @staticmethod
    def initial_of(person: Person) -> dict[str, Any]:
        return {**ProfileForm.initial_of(person), "call_link": person.call_link}


class SkillsForm(forms.Form):
    """Skills as lines of "name: number", the form that people files use too."""

    offers = forms.CharField(
        label=_("I can help with"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One skill a line with your level from 1 to 5, for example “Git: 4”."),
    )
    wants = forms.CharField(
        label=_("I want to learn"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One skill a line, the most important first."),
    )

    def clean_offers(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for line in self.cleaned_data["offers"].splitlines():
            if not line.strip():
                continue
            name, _colon, level = line.rpartition(":")
            if not name.strip() or not level.strip().isdigit() or not 1 <= int(level) <= 5:
                raise forms.ValidationError(
                    _("“%(line)s”: write the skill, a colon and a level from 1 to 5."),
                    params={"line": line.strip()},
                )
            found[name.strip()] = int(level)
        return found

    def clean_wants(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["wants"].splitlines() if line.strip()]


class PauseForm(forms.Form):
    """A pause that ends by itself."""

    until = forms.DateField(
        label=_("Pause until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The first day on which you are there again. Empty ends the pause now."),
    )

    def __init__(self, *args: Any, today: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until and self.today and until <= self.today:
            raise forms.ValidationError(_("Choose a day after today, or leave it empty."))
        return until


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=_("UTF-8, one person a line, with a header line."),
    )
