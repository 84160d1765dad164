"""Forms about one's time: the week, a single day, buffers and limits, days closed for all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from babel import Locale
from django import forms
from django.forms.boundfield import BoundField
from django.utils.dates import WEEKDAYS
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from handrail.apps.calendars.holidays import regions
from handrail.apps.calendars.hours import Limits, Spans, Week
from handrail.apps.people.wording import hours_problem
from handrail.domain.scheduling import NotHours, parse_spans, spans_text


class SpansField(forms.CharField):
    """Spans of a day such as "09:00-12:00, 13:00-17:00"; empty is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=200, **kwargs)

    def clean(self, value: Any) -> Any:
        try:
            return parse_spans(super().clean(value))
        except NotHours as error:
            raise forms.ValidationError(hours_problem(error)) from error


class WeekForm(forms.Form):
    """Two lines a weekday: when sessions may be, and when never."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in range(7):
            name = WEEKDAYS[day]
            self.fields[f"open_{day}"] = SpansField(
                label=format_lazy("{day}: {what}", day=name, what=_("sessions may be"))
            )
            self.fields[f"closed_{day}"] = SpansField(
                label=format_lazy("{day}: {what}", day=name, what=_("no sessions"))
            )

    @staticmethod
    def initial_of(week: Week) -> dict[str, str]:
        return {
            f"{kind}_{day}": spans_text(spans)
            for kind, by_day in (("open", week.open), ("closed", week.closed))
            for day, spans in by_day.items()
        }

    def days(self) -> Iterator[tuple[Any, BoundField, BoundField]]:
        """Each weekday's name with its two lines."""
        for day in range(7):
            yield WEEKDAYS[day], self[f"open_{day}"], self[f"closed_{day}"]

    def week(self) -> Week:
        """What was said, days without a span left out."""

        def spans(kind: str) -> dict[int, Spans]:
            told = ((day, self.cleaned_data[f"{kind}_{day}"]) for day in range(7))
            return {day: spans for day, spans in told if spans}

        return Week(spans("open"), spans("closed"))


class DayForm(forms.Form):
    """One day that is not like the week says."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    hours = SpansField(
        label=_("Hours on this day"),
        help_text=_("Like 10:00-12:00. Leave it empty to be away all day."),
    )


def _countries() -> list[tuple[str, str]]:
    names = Locale.parse(get_language() or "en", sep="-").territories
    known = [(code, names[code]) for code in regions() if code in names]
    return [("", str(_("none"))), *sorted(known, key=lambda choice: choice[1])]


class LimitsForm(forms.Form):
    """What somebody keeps for themself around and between sessions."""

    buffer_after = forms.IntegerField(
        label=_("Minutes free after a session"), min_value=0, max_value=60, step_size=5
    )
    buffer_before = forms.IntegerField(
        label=_("Minutes free before a session"),
        min_value=0,
        max_value=60,
        step_size=5,
        help_text=_(
            "Both add up: with 5 after and 10 before, two sessions are 15 minutes apart. Most "
            "people need only the one after."
        ),
    )
    notice_hours = forms.IntegerField(
        label=_("Hours of notice"),
        min_value=0,
        max_value=336,
        help_text=_("Nobody books you later than so many hours ahead. A program may ask for more."),
    )
    daily_cap = forms.IntegerField(
        label=_("Sessions a day at most"),
        min_value=0,
        max_value=20,
        help_text=_("As a mentor, over all programs. Zero means no limit but your minutes."),
    )
    country = forms.ChoiceField(
        label=_("Public holidays of"),
        required=False,
        choices=_countries,
        help_text=_("On these days nothing is booked with you."),
    )
    region = forms.ChoiceField(label=_("Region"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self["country"].value() or ""
        choices = [(code, code) for code in regions().get(country, ())]
        if choices:
            region = self.fields["region"]
            region.choices = [("", _("whole country")), *choices]  # type: ignore[attr-defined]
            region.help_text = _("The code of your region, such as BE for Berlin.")
        else:
            del self.fields["region"]

    def clean(self) -> dict[str, Any]:
        # Another country than before: the region that was chosen is one of the old country.
        if "region" in self.errors and "country" in self.changed_data:
            del self.errors["region"]
            self.cleaned_data["region"] = ""
        return self.cleaned_data

    @staticmethod
    def initial_of(limits: Limits) -> dict[str, Any]:
        country, _dash, region = limits.holidays_of.partition("-")
        return {
            "buffer_before": limits.buffer_before,
            "buffer_after": limits.buffer_after,
            "notice_hours": -(-limits.min_notice_minutes // 60),
            "daily_cap": limits.daily_cap,
            "country": country,
            "region": region,
        }

    def limits(self) -> Limits:
        """What was said."""
        said = self.cleaned_data
        place = [said["country"], said.get("region", "")] if said["country"] else []
        return Limits(
            buffer_before=said["buffer_before"],
            buffer_after=said["buffer_after"],
            min_notice_minutes=said["notice_hours"] * 60,
            daily_cap=said["daily_cap"],
            holidays_of="-".join(part for part in place if part),
        )


class ClosedDayForm(forms.Form):
    """A day on which nobody of the organisation gives a session."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    name = forms.CharField(
        label=_("What it is"), max_length=80, help_text=_("Everybody sees it, like Summer break.")
    )
