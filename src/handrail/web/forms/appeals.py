"""What somebody says about a session they are recorded as missing, and the word on it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from handrail.apps.sessions.models import AppealDecision


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("What happened?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence. The other person of the session and the leads read it."),
    )


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("What holds?"),
        choices=[
            (AppealDecision.ATTENDED, _("They were there")),
            (AppealDecision.EXCUSED, _("They had a good reason: it counts as nothing")),
            (AppealDecision.STANDS, _("It stays as it is")),
        ],
        widget=forms.RadioSelect,
    )
    word = forms.CharField(label=_("A word for them, if you like"), required=False, max_length=280)
