"""Periods, statements, questions about groups, and a word to who decides."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from handrail.apps.people.models import Person
from handrail.apps.records.attesting import LONGEST
from handrail.apps.records.retention import Period


class PeriodsForm(forms.Form):
    def __init__(self, *args: Any, periods: list[Period], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for period in periods:
            self.fields[period.kind] = forms.IntegerField(
                label=period.words,
                min_value=period.least,
                max_value=period.most,
                initial=period.days,
                help_text=_("Days, %(least)d to %(most)d; usually %(usual)d. Today %(n)d would go.")
                % {
                    "least": period.least,
                    "most": period.most,
                    "usual": period.usual,
                    "n": period.would_go,
                },
            )


class StatementForm(forms.Form):
    mentee = forms.ChoiceField(label=_("About whom?"))
    statement = forms.CharField(
        label=_("What you state"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What they can do now, as you saw it. It cannot be changed once it is signed."),
    )

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["mentee"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one.public_id), one.name) for one in people]


class GroupQuestionForm(forms.Form):
    label = forms.CharField(label=_("What do you ask?"), max_length=120)
    choices = forms.CharField(
        label=_("Groups, one a line"), widget=forms.Textarea(attrs={"rows": 5}), max_length=1500
    )


class WordForm(forms.Form):
    word = forms.CharField(label=_("A word for who decides, if you like"), required=False)
