"""Forms of booking and of the room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from handrail.apps.people.models import Person


class ArtifactForm(forms.Form):
    """Five minutes of writing: what came out, what is next, whose it is."""

    learned = forms.CharField(
        label=_("What was learned or decided?"), widget=forms.Textarea(attrs={"rows": 4})
    )
    next_step = forms.CharField(
        label=_("What is the next step?"), widget=forms.Textarea(attrs={"rows": 2})
    )
    owner = forms.ChoiceField(label=_("Who does it?"))
    link = forms.CharField(
        label=_("Link, if there is one"),
        required=False,
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.public_id): person for person in people}
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            (key, person.name) for key, person in self.people.items()
        ]
        for name, field in self.fields.items():
            # The script saves these while they are typed; the room's texts bear the same names.
            field.widget.attrs |= {
                "data-text": name,
                "data-save-in": "artifact",
                "autocomplete": "off",  # a browser's memory must not look like typing
            }

    def chosen_owner(self) -> Person:
        return self.people[self.cleaned_data["owner"]]


class CallLinkForm(forms.Form):
    """Another link for one session; the rest of the form stands in the room's live part."""

    call_link = forms.CharField(
        label=_("Link to the call"),
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("For this session alone. Empty: the one from your settings or theirs."),
    )


class SlotForm(forms.Form):
    """One start out of a list; the key makes a second press of the button harmless."""

    starts_at = forms.DateTimeField(
        label=_("Time"), error_messages={"required": _("Choose one of the times.")}
    )
    key = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    def __init__(self, *args: Any, starts: Iterable[datetime], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.starts = list(starts)


class BookForm(SlotForm):
    objective = forms.CharField(
        label=_("What do you want to be able to do afterwards?"),
        max_length=280,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence. Your mentor reads it before the session."),
    )
