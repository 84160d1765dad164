"""Forms of requests: what is asked for, of whom and when; and what the two write."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from handrail.apps.people.models import Skill
from handrail.apps.requests.options import LENGTHS


class AskForm(forms.Form):
    """What somebody needs help with; the mentor and the time are one choice."""

    skill = forms.ChoiceField(label=_("Which skill is it about?"), required=False)
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
        help_text=_("Only the mentor who is asked reads it. The more it says, the sooner a yes."),
    )
    minutes = forms.TypedChoiceField(label=_("How long?"), coerce=int)
    goes_on = forms.BooleanField(
        label=_("Ask the next mentor by itself when this one declines or does not answer"),
        required=False,
    )
    choice = forms.CharField(
        label=_("Mentor and time"),
        error_messages={"required": _("Choose one of the times.")},
    )
    key = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, skills: Iterable[Skill], needs_skill: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.skills = {str(skill.public_id): skill for skill in skills}
        self.needs_skill = needs_skill
        first = gettext("Choose a skill") if needs_skill else gettext("Anything I wish to learn")
        self.fields["skill"].choices = [  # type: ignore[attr-defined]
            ("", first),
            *((key, skill.name) for key, skill in self.skills.items()),
        ]
        self.fields["minutes"].choices = [  # type: ignore[attr-defined]
            (n, ngettext("%(n)d minute", "%(n)d minutes", n) % {"n": n}) for n in LENGTHS
        ]

    def clean_skill(self) -> Skill | None:
        chosen = self.skills.get(self.cleaned_data["skill"])
        if chosen is None and self.needs_skill:
            raise ValidationError(_("Choose the skill that you need help with."))
        return chosen

    def clean_choice(self) -> tuple[UUID, datetime]:
        mentor, _space, start = self.cleaned_data["choice"].partition(" ")
        try:
            moment = parse_datetime(start)
            if moment is None or moment.tzinfo is None:
                raise ValueError
            return UUID(mentor), moment
        except ValueError as error:
            raise ValidationError(_("Choose one of the times.")) from error


class MessageForm(forms.Form):
    """A question of the mentor, or the mentee's answer."""

    body = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].label = label
