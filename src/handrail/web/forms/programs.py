"""Forms about programs: a new one, who takes part, an objective, a week to match, a pair."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from handrail.apps.people.models import Person, Skill
from handrail.apps.programs.models import (
    Enrolment,
    EnrolmentRole,
    KeepPublished,
    Program,
    ShareLoad,
)
from handrail.apps.programs.objectives import needed
from handrail.apps.programs.templates import TEMPLATES


def day_input() -> forms.DateInput:
    """A day, as browsers ask for it."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def monday_after(day: date) -> date:
    """The first Monday after a day."""
    return day + timedelta(days=7 - day.weekday())


def _choices(people: Iterable[Person]) -> list[tuple[str, str]]:
    return [(str(person.public_id), person.name) for person in people]


class ProgramForm(forms.Form):
    """The few things a template leaves open."""

    template = forms.ChoiceField(label=_("Template"), widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, help_text=_("Empty: the template's name.")
    )
    starts_on = forms.DateField(label=_("First day"), widget=day_input())
    session_minutes = forms.IntegerField(
        label=_("Minutes for a session"),
        required=False,
        help_text=_("20 to 30. Empty: as the template has it."),
    )
    lead = forms.ChoiceField(
        label=_("Lead"),
        required=False,
        help_text=_("Enrols people, matches and publishes. You can name others later."),
    )

    def __init__(
        self,
        *args: Any,
        people: Iterable[Person],
        today: date,
        template: str = "",
        **kwargs: Any,
    ) -> None:
        first = TEMPLATES.get(template, next(iter(TEMPLATES.values())))
        kwargs["initial"] = {
            "template": first.key,
            "starts_on": monday_after(today),
        } | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.people = list(people)
        self.fields["template"].choices = [  # type: ignore[attr-defined]
            (template.key, gettext(template.name)) for template in TEMPLATES.values()
        ]
        self.fields["lead"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Nobody yet")),
            *_choices(self.people),
        ]

    def chosen_leads(self) -> list[Person]:
        chosen = self.cleaned_data["lead"]
        return [person for person in self.people if str(person.public_id) == chosen]


class ProgramRulesForm(forms.Form):
    """The rules that a lead may change; what is booked keeps its own."""

    name = forms.CharField(label=_("Name"), max_length=120)
    starts_on = forms.DateField(label=_("First day"), widget=day_input())
    ends_on = forms.DateField(label=_("Last day"), widget=day_input())
    session_minutes = forms.IntegerField(label=_("Minutes for a session"), help_text=_("20 to 30."))
    sessions_per_mentee = forms.IntegerField(label=_("Sessions for each mentee"))
    min_notice_minutes = forms.IntegerField(
        label=_("Shortest notice for a booking, in minutes"), min_value=0
    )
    late_cancel_minutes = forms.IntegerField(
        label=_("A cancellation is late from this many minutes before"), min_value=0
    )
    daily_cap = forms.IntegerField(
        label=_("Sessions a mentor a day"), min_value=0, help_text=_("Zero means: no limit.")
    )
    keep_published = forms.ChoiceField(
        label=_("When a week is matched again, pairs of the plan before are kept"),
        choices=KeepPublished.choices,
        widget=forms.RadioSelect,
    )
    again_after_weeks = forms.IntegerField(
        label=_("Weeks before two who met are paired again"),
        min_value=0,
        max_value=52,
        help_text=_("Zero means: the same two may meet again at once."),
    )
    quality_floor = forms.IntegerField(
        label=_("How much of a mentee's wishes a mentor must cover, in percent"),
        min_value=0,
        max_value=100,
        help_text=_(
            "A higher figure leaves weak pairs out, and more people without a session."
            " Zero means: any help with a wish will do."
        ),
    )
    share_load = forms.ChoiceField(
        label=_("Sessions are shared among the mentors"),
        choices=ShareLoad.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "By fit alone, a mentor who suits many may get all their sessions while others have"
            " none. As many people get a session either way."
        ),
    )
    answer_hours = forms.IntegerField(
        label=_("Hours in which a mentor answers a request"),
        min_value=1,
        max_value=168,
        help_text=_("Saturdays and Sundays do not count. Afterwards the next mentor is asked."),
    )
    pause_after_silent = forms.IntegerField(
        label=_("Requests in a row without an answer after which a mentor pauses for a week"),
        min_value=0,
        max_value=10,
        help_text=_("They get a kind mail and can end the pause at once. Zero means: never."),
    )
    completion_line = forms.IntegerField(
        label=_("A week is flagged when less of its sessions is held than, in percent"),
        min_value=1,
        max_value=100,
    )
    reply_line_hours = forms.IntegerField(
        label=_("Hours within which the weekly page wants an answer to a request"),
        min_value=1,
        max_value=168,
    )

    @classmethod
    def initial_of(cls, program: Program) -> dict[str, Any]:
        return {name: getattr(program, name) for name in cls.base_fields}


class LeadForm(forms.Form):
    """One more lead."""

    person = forms.ChoiceField(label=_("Name another lead"))

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.public_id): person for person in people}
        self.fields["person"].choices = _choices(self.people.values())  # type: ignore[attr-defined]

    def chosen(self) -> Person:
        return self.people[self.cleaned_data["person"]]


class EnrolForm(forms.Form):
    """One person in one role, or everybody who is there."""

    everyone = forms.BooleanField(required=False, widget=forms.HiddenInput)
    person = forms.UUIDField(required=False, label=_("Person"))
    role = forms.ChoiceField(
        required=False, label=_("Takes part as"), choices=EnrolmentRole.choices
    )

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].widget = forms.Select(
            choices=[("", gettext("Choose a person")), *_choices(people)]
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("everyone") and "person" not in self.errors:
            if not isinstance(data.get("person"), UUID):
                self.add_error("person", _("Choose a person."))
            if not data.get("role") and "role" not in self.errors:
                self.add_error("role", _("Choose mentee or mentor."))
        return data


class ObjectiveForm(forms.Form):
    """One sentence: what the mentee wants to be able to do."""

    text = forms.CharField(
        label=_("What do you want to be able to do?"),
        max_length=280,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 280}),
        help_text=_("One sentence, small enough for twenty minutes."),
    )
    skill = forms.ChoiceField(label=_("Which skill is it about?"), required=False)

    def __init__(self, *args: Any, skills: Iterable[Skill], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.skills = list(skills)
        self.fields["skill"].choices = [  # type: ignore[attr-defined]
            ("", gettext("No skill in particular")),
            *((str(skill.public_id), skill.name) for skill in self.skills),
        ]

    def chosen_skill(self) -> Skill | None:
        chosen = self.cleaned_data["skill"]
        return next((skill for skill in self.skills if str(skill.public_id) == chosen), None)


class ObjectivesForm(forms.Form):
    """A line for each objective that is still to be written; an empty one leaves it to them."""

    def __init__(
        self, *args: Any, enrolments: Iterable[Enrolment], program: Program, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines: dict[str, tuple[Enrolment, Skill | None]] = {}
        template = TEMPLATES.get(program.template)
        pattern = gettext(template.objective) if template else ""
        for row in enrolments:
            written = len(row.objectives.all())
            for place in range(written, needed(program)):
                key = str(row.public_id) if place == written else f"{row.public_id}-{place + 1}"
                skill = self._skill(row, place)
                self.lines[key] = (row, skill)
                self.fields[key] = forms.CharField(
                    label=self._label(row, place, needed(program)),
                    required=False,
                    min_length=5,
                    max_length=280,
                    initial=pattern.format(skill=skill.name) if skill and pattern else "",
                )

    def wanted(self) -> list[tuple[Enrolment, str, Skill | None]]:
        """The lines that were filled in, with the skill they are about."""
        return [
            (self.lines[key][0], text, self.lines[key][1])
            for key, text in self.cleaned_data.items()
            if text
        ]

    @staticmethod
    def _label(row: Enrolment, place: int, of: int) -> str:
        if of == 1:
            return row.person.name
        return gettext("%(name)s, objective %(n)d") % {"name": row.person.name, "n": place + 1}

    @staticmethod
    def _skill(row: Enrolment, place: int) -> Skill | None:
        """What they want to learn first, for the second objective what they want next."""
        wants = sorted(row.person.wants.all(), key=lambda want: want.priority)
        return wants[place].skill if place < len(wants) else None


class MatchForm(forms.Form):
    """The Monday of the week to match."""

    week = forms.DateField(
        label=_("Week from Monday"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"week": monday_after(today).isoformat()})
        super().__init__(*args, **kwargs)


class PairForm(forms.Form):
    """A lead's word on a pair."""

    mentee = forms.ChoiceField(label=_("Mentee"))
    mentor = forms.ChoiceField(label=_("Mentor"))
    kind = forms.ChoiceField(
        label=_("What holds for them"),
        choices=[("pin", _("Keep together")), ("forbid", _("Do not pair"))],
    )
    run = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        mentees: Iterable[Enrolment],
        mentors: Iterable[Enrolment],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(e.person.public_id): e.person for e in [*mentees, *mentors]}
        for field, rows in (("mentee", mentees), ("mentor", mentors)):
            self.fields[field].choices = _choices(row.person for row in rows)  # type: ignore[attr-defined]
