"""Forms of answers and questions."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from handrail.apps.answers.models import Answer, AnswerRevision, AnswerSettings, Audience
from handrail.apps.people.models import Skill
from handrail.apps.people.queries import skills

ANSWER = pgettext_lazy("the words", "Answer")
AUDIENCES = [(level.value, level.label) for level in Audience]


class SkillField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the organisation's skills, or none."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(
            queryset=Skill.objects.none(),
            to_field_name="public_id",
            label=label,
            required=False,
            empty_label=_("Not sure"),
            **more,
        )


class QuestionForm(forms.Form):
    """What somebody wants to know; how long texts may be is decided by the verb, in words."""

    text = forms.CharField(
        label=_("What do you want to know?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence, as you would ask a colleague."),
        strip=False,
    )
    note = forms.CharField(
        label=_("What you tried, and where you are stuck"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever meets you reads it. It is never part of an answer."),
    )
    skill = SkillField(_("What it is about"))
    number = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skill"].queryset = skills()  # type: ignore[attr-defined]
        self.fields["number"].initial = uuid4


class SlotForm(forms.Form):
    """One of the times that are offered."""

    choice = forms.CharField(label=_("Time"))
    key = forms.CharField(required=False, max_length=120)

    def clean_choice(self) -> tuple[UUID, Any]:
        turn, _space, start = self.cleaned_data["choice"].partition(" ")
        try:
            moment = parse_datetime(start)
            if moment is None or moment.tzinfo is None:
                raise ValueError
            return UUID(turn), moment
        except ValueError as error:
            raise ValidationError(_("Choose one of the times.")) from error


class WordsForm(forms.Form):
    """The words of an answer; their limits are the verb's to name."""

    question = forms.CharField(label=_("Question"), widget=forms.Textarea(attrs={"rows": 2}))
    body = forms.CharField(label=ANSWER, widget=forms.Textarea(attrs={"rows": 8}))
    next_step = forms.CharField(
        label=_("What comes next"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    link = forms.CharField(label=_("Link, if there is one"), required=False)
    skill = SkillField(_("What it is about"))
    base = forms.IntegerField(widget=forms.HiddenInput, required=False)
    number = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skill"].queryset = skills()  # type: ignore[attr-defined]
        self.fields["number"].initial = uuid4

    @property
    def words(self) -> dict[str, Any]:
        """What the verbs take."""
        said = self.cleaned_data
        names = ("question", "body", "next_step", "link", "skill")
        return {name: said[name] for name in names}

    @staticmethod
    def initial_of(answer: Answer, last: AnswerRevision) -> dict[str, Any]:
        return {
            "question": last.question,
            "body": last.body,
            "next_step": last.next_step,
            "link": last.link,
            "skill": answer.skill.public_id if answer.skill else None,
            "base": last.n,
        }


class AudienceForm(forms.Form):
    """How far each text may go."""

    question = forms.TypedChoiceField(label=_("Question"), choices=AUDIENCES, coerce=int)
    body = forms.TypedChoiceField(label=ANSWER, choices=AUDIENCES, coerce=int)
    next_step = forms.TypedChoiceField(
        label=_("What comes next"), choices=AUDIENCES, coerce=int, required=False, empty_value="0"
    )
    link = forms.TypedChoiceField(
        label=_("Link"), choices=AUDIENCES, coerce=int, required=False, empty_value="0"
    )


class ReplyForm(WordsForm):
    """An answer in writing to a question that waits."""

    audience = forms.TypedChoiceField(
        label=_("Who may read it, once everybody whose words it has agrees"),
        choices=AUDIENCES,
        coerce=int,
        initial=Audience.ORGANIZATION.value,
    )


class DaysForm(forms.Form):
    """A span of days, both included."""

    first = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))


class AnswerSettingsForm(forms.Form):
    """What an administrator decides about questions."""

    words = forms.CharField(
        label=_("Words that a person should hear"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "One word or phrase a line. A question with one of them is not searched, stands in no "
            "list, and its asker reads the lines below."
        ),
    )
    contact = forms.CharField(
        label=_("Whom to turn to then"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Names, telephone numbers, hours: whoever listens in your organisation."),
    )
    alarm_hours = forms.IntegerField(
        label=_("Hours until a waiting question raises the alarm"), min_value=1, max_value=336
    )

    @staticmethod
    def initial_of(found: AnswerSettings) -> dict[str, Any]:
        return {
            "words": found.words,
            "contact": found.contact,
            "alarm_hours": found.alarm_hours,
        }
