"""A report of harm, and the words that follow it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from handrail.apps.people.models import Person
from handrail.apps.safeguarding.actions import LONGEST


class HarmForm(forms.Form):
    concerned = forms.ChoiceField(
        label=_("Who is it about?"),
        widget=forms.RadioSelect,
        help_text=_("With whomever you name you have no more sessions, from this moment on."),
    )
    text = forms.CharField(
        label=_("What happened?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("In your words, as much or as little as you like. You can add to it later."),
    )

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = [(str(one.public_id), one.name) for one in people]
        choices.append(("nobody", _("Nobody of these people")))
        field = self.fields["concerned"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def chosen(self) -> UUID | None:
        """The person it is about, if it is one of those shown."""
        said = self.cleaned_data["concerned"]
        return None if said == "nobody" else UUID(said)


class HarmWordForm(forms.Form):
    text = forms.CharField(
        label=_("Your words"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )
