"""Forms of projects: what is built, who mentors it, when people meet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from handrail.apps.people.models import Person, Skill
from handrail.apps.programs.models import Program
from handrail.apps.projects.models import Project, Rhythm
from handrail.apps.projects.wording import weekday_name
from handrail.web.forms.people import zone_choices
from handrail.web.forms.programs import day_input

SKILLS = ("skill_1", "skill_2", "skill_3")


class ProjectWordsForm(forms.Form):
    """What a project is: for who builds it, and for who runs the program."""

    name = forms.CharField(label=_("Name of the project"), max_length=120)
    what = forms.CharField(
        label=_("What is built, and for whom?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A few sentences. Mentors of the program read it before they offer."),
    )
    link = forms.CharField(
        label=_("Link"), required=False, help_text=_("To a plan, a repository or a board.")
    )


class ProjectForm(ProjectWordsForm):
    """A project with its dates and its rhythm; people are chosen once, when it is made."""

    people = forms.MultipleChoiceField(
        label=_("Who builds it?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One person, or up to five who meet the mentor together."),
        error_messages={"required": _("Choose at least one person.")},
    )
    skill_1 = forms.ChoiceField(label=_("What should the mentor be strong at?"))
    skill_2 = forms.ChoiceField(label=_("And then?"), required=False)
    skill_3 = forms.ChoiceField(label=_("And after that?"), required=False)
    starts_on = forms.DateField(label=_("First day"), widget=day_input())
    ends_on = forms.DateField(label=_("Last day"), widget=day_input())
    rhythm = forms.ChoiceField(label=_("How often do they meet?"), choices=Rhythm.choices)
    every = forms.IntegerField(
        label=_("Every how many?"),
        min_value=1,
        max_value=84,
        initial=1,
        required=False,
        help_text=_(
            "Days, where they meet every few days; weeks, where they meet on certain days."
        ),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On which days?"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave it open for a weekly rhythm: the mentor's hours decide."),
    )
    at = forms.TimeField(
        label=_("At what time?"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time", "step": "300"}, format="%H:%M"),
        help_text=_("Leave it open: then it is the time at which everybody is free most often."),
    )
    timezone = forms.ChoiceField(label=_("Time zone of the check-ins"), choices=zone_choices)

    def __init__(
        self, *args: Any, mentees: Iterable[Person] | None, skills: Iterable[Skill], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.mentees = {str(person.public_id): person for person in mentees or ()}
        self.known = {str(skill.public_id): skill for skill in skills}
        if mentees is None:
            del self.fields["people"]
        else:
            self.fields["people"].choices = [  # type: ignore[attr-defined]
                (key, person.name) for key, person in self.mentees.items()
            ]
        for name in SKILLS:
            first = gettext("Choose a skill") if name == "skill_1" else gettext("No other")
            self.fields[name].choices = [  # type: ignore[attr-defined]
                ("", first),
                *((key, skill.name) for key, skill in self.known.items()),
            ]
        self.fields["weekdays"].choices = [  # type: ignore[attr-defined]
            (day, weekday_name(day)) for day in range(7)
        ]

    @property
    def chosen_people(self) -> list[Person]:
        return [self.mentees[key] for key in self.cleaned_data["people"]]

    @property
    def chosen_skills(self) -> list[Skill]:
        keys = [self.cleaned_data[name] for name in SKILLS]
        return [self.known[key] for key in keys if key in self.known]

    @property
    def shape(self) -> dict[str, Any]:
        """Words, dates and rhythm as the action takes them."""
        said = self.cleaned_data
        at: time | None = said["at"]
        every = said["every"] or 1
        return {
            **{name: said[name] for name in ("name", "what", "link", "starts_on", "ends_on")},
            **{name: said[name] for name in ("rhythm", "timezone")},
            "every": every if said["rhythm"] in (Rhythm.DAYS, Rhythm.WEEKDAYS) else 1,
            "weekdays": sorted(said["weekdays"]),
            "minute": at.hour * 60 + at.minute if at else None,
        }


def initial_of(project: Project) -> dict[str, Any]:
    """A project as the form shows it."""
    skills = [str(row.skill.public_id) for row in project.skills.all()]
    minute = project.minute
    return {
        **{name: getattr(project, name) for name in ("name", "what", "link", "rhythm", "every")},
        **{name: getattr(project, name) for name in ("starts_on", "ends_on", "timezone")},
        "weekdays": project.weekdays,
        "at": time(minute // 60, minute % 60) if minute is not None else None,
        **dict(zip(SKILLS, skills, strict=False)),
    }


def initial_for(program: Program, zone: str) -> dict[str, Any]:
    """What a new project of a program starts from."""
    biweekly = program.template == "long-project"
    return {
        "starts_on": program.starts_on,
        "ends_on": program.ends_on,
        "rhythm": Rhythm.BIWEEKLY if biweekly else Rhythm.WEEKLY,
        "timezone": zone,
    }


class MentorForm(forms.Form):
    """Who mentors a project from now on, and what they should know."""

    mentor = forms.ChoiceField(label=_("Or name somebody yourself"))
    note = forms.CharField(
        label=_("What should the next mentor know?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the next mentor reads it, with what the mentor before left."),
    )

    def __init__(
        self, *args: Any, mentors: Iterable[Person], with_note: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.mentors = {str(mentor.public_id): mentor for mentor in mentors}
        self.fields["mentor"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Choose a mentor")),
            *((key, mentor.name) for key, mentor in self.mentors.items()),
        ]
        if not with_note:
            del self.fields["note"]


class NoteForm(forms.Form):
    """What a mentor leaves for whoever takes the project over."""

    note = forms.CharField(
        label=_("What should the next mentor know?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the next mentor reads it. You need not give a reason."),
    )
