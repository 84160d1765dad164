"""Forms of pilots: four short pages from a question to a frozen plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from handrail.apps.outcomes.files import SHAPES
from handrail.apps.people.models import Skill, Team
from handrail.apps.pilots.models import Comparison, Measure, Pilot, Unit, Whom
from handrail.apps.programs.models import Program
from handrail.web.forms.programs import day_input


class PilotForm(forms.Form):
    """The first page: what is tried, with whom, for whom."""

    program = forms.ChoiceField(label=_("Which program is tried?"))
    name = forms.CharField(label=_("Name of the pilot"), max_length=120)
    team = forms.ChoiceField(
        label=_("Whose new hires?"),
        required=False,
        help_text=_("A pilot is about one team. The whole organisation is for large ones."),
    )
    starts_on = forms.DateField(
        label=_("First day"),
        widget=day_input(),
        help_text=_("It hires for twelve weeks. What became of people is followed longer."),
    )
    sponsor = forms.CharField(
        label=_("Who wants to know, and decides by it?"), max_length=200, help_text=_("A name.")
    )

    def __init__(
        self, *args: Any, programs: Iterable[Program], teams: Iterable[Team], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.programs = {str(one.public_id): one for one in programs}
        self.teams = {str(one.public_id): one for one in teams}
        self.fields["program"].choices = [  # type: ignore[attr-defined]
            (key, one.name) for key, one in self.programs.items()
        ]
        self.fields["team"].choices = [  # type: ignore[attr-defined]
            *((key, one.name) for key, one in self.teams.items()),
            ("", gettext("The whole organisation")),
        ]


class QuestionForm(forms.Form):
    """The second page: what is measured, what is claimed, against whom."""

    measure = forms.ChoiceField(
        label=_("What should become better?"), choices=Measure.choices, widget=forms.RadioSelect
    )
    task = forms.CharField(
        label=_("The target task, where that is measured"), max_length=120, required=False
    )
    claim = forms.IntegerField(
        label=_("By how much, in percent?"),
        min_value=1,
        max_value=99,
        help_text=_("The claim to test. For time: percent faster."),
    )
    unit = forms.ChoiceField(label=_("In which unit?"), choices=Unit.choices)
    whom = forms.ChoiceField(label=_("Of whom?"), choices=Whom.choices)
    second_measure = forms.ChoiceField(
        label=_("A second claim"),
        required=False,
        choices=[("", _("none")), *Measure.choices],
    )
    second_claim = forms.IntegerField(
        label=_("By how much, in percent?"), min_value=1, max_value=99, required=False
    )
    second_unit = forms.ChoiceField(
        label=_("In which unit?"), required=False, choices=[("", "–"), *Unit.choices]
    )
    comparison = forms.ChoiceField(
        label=_("Compared with whom?"), choices=Comparison.choices, widget=forms.RadioSelect
    )
    waits_days = forms.IntegerField(
        label=_("After how many days is whoever waits offered it?"),
        min_value=7,
        max_value=730,
        help_text=_("At least 91 for staying 90 days, at least 180 for staying 180 days."),
    )
    compares_later = forms.BooleanField(
        label=_("They wait for less: the title says early against later mentoring"), required=False
    )
    planned_hires = forms.IntegerField(
        label=_("How many hires do you expect in twelve weeks?"), min_value=4, max_value=100_000
    )
    take_up = forms.IntegerField(
        label=_("How many of those offered it will take part, in percent?"),
        min_value=1,
        max_value=100,
    )
    hires_per_mentor = forms.IntegerField(
        label=_("How many hires share one mentor?"), min_value=1, max_value=8
    )
    looks = forms.BooleanField(label=_("We want to look at the figures every week"), required=False)
    session_cost = forms.DecimalField(
        label=_("Cost of one session, both people's time"), required=False, min_value=0
    )
    value_low = forms.DecimalField(
        label=_("What one unit of the primary measure is worth, at least"),
        required=False,
        min_value=0,
        help_text=_("A day sooner, or one person who stays. Leave it empty: no money is shown."),
    )
    value_high = forms.DecimalField(label=_("At most"), required=False, min_value=0)
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False)

    @classmethod
    def initial_of(cls, pilot: Pilot) -> dict[str, Any]:
        """A draft as this form shows it."""
        said: dict[str, Any] = {
            name: getattr(pilot, name)
            for name in (
                "measure", "task", "comparison", "waits_days", "compares_later", "planned_hires",
                "take_up", "hires_per_mentor", "looks", "session_cost", "value_low", "value_high",
                "currency",
            )
        }  # fmt: skip
        first: dict[str, Any] = {"value": 0.4, "unit": "faster"}
        if pilot.claims:
            first = pilot.claims[0]
        said |= {
            "claim": round(first["value"] * 100),
            "unit": first["unit"],
            "whom": first.get("whom", Whom.TOOK_PART),
        }
        if len(pilot.claims) > 1:
            second = pilot.claims[1]
            said |= {
                "second_measure": second["measure"],
                "second_claim": round(second["value"] * 100),
                "second_unit": second["unit"],
            }
        return said

    @property
    def changes(self) -> dict[str, Any]:
        """What the page says, as the action takes it."""
        said = dict(self.cleaned_data)
        claim = {
            "measure": said["measure"],
            "value": said.pop("claim") / 100,
            "unit": said.pop("unit"),
            "whom": said.pop("whom"),
        }
        second = (said.pop("second_measure"), said.pop("second_claim"), said.pop("second_unit"))
        said["claims"] = [claim]
        if second[0]:
            said["claims"].append(
                {
                    "measure": second[0],
                    "value": (second[1] or 0) / 100,
                    "unit": second[2] or Unit.POINTS.value,
                    "whom": claim["whom"],
                }
            )
        said["currency"] = said["currency"].upper()
        return said


class ObjectivesForm(forms.Form):
    """Two objectives of one hire: a skill each, and what anybody could see afterwards."""

    skill_1 = forms.ChoiceField(label=_("First skill"))
    seen_1 = forms.CharField(label=_("What can be seen afterwards?"), max_length=280)
    skill_2 = forms.ChoiceField(label=_("Second skill"))
    seen_2 = forms.CharField(label=_("What can be seen afterwards?"), max_length=280)

    def __init__(self, *args: Any, skills: Iterable[Skill], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(skill.name, skill.name) for skill in skills]
        for name in ("skill_1", "skill_2"):
            self.fields[name].choices = [("", gettext("Choose a skill")), *names]  # type: ignore[attr-defined]

    @property
    def objectives(self) -> list[tuple[str, str]]:
        said = self.cleaned_data
        return [(said["skill_1"], said["seen_1"]), (said["skill_2"], said["seen_2"])]


class WaiverForm(forms.Form):
    """Starting without a source, in writing."""

    source = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why is it measured without?"), widget=forms.Textarea(attrs={"rows": 2})
    )
    signed = forms.CharField(label=_("Who answers for it?"), max_length=200)


class RuleForm(forms.Form):
    """By which rule a move counts as associated with mentoring."""

    from_day = forms.IntegerField(label=_("Decided from this day on"), min_value=0, max_value=730)
    to_day = forms.IntegerField(label=_("and up to this day"), min_value=1, max_value=730)
    sessions = forms.IntegerField(label=_("Sessions attended before"), min_value=1, max_value=50)
    skill_must_match = forms.BooleanField(
        label=_("One of them was about a skill that only the new role needs"), required=False
    )
    reason = forms.CharField(
        label=_("Why is it changed?"),
        max_length=280,
        required=False,
        help_text=_("Once the pilot runs, every report prints it."),
    )


class TickForm(forms.Form):
    """A task that was done, said by one of two."""

    person = forms.CharField(widget=forms.HiddenInput)
    done_on = forms.DateField(label=_("On which day?"), widget=day_input())


class OutcomesForm(forms.Form):
    """A file of outcomes."""

    kind = forms.ChoiceField(label=_("What is in the file?"))
    file = forms.FileField(label=_("CSV file"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "events": gettext("target tasks done"),
            "spells": gettext("starts and leavings"),
            "roles": gettext("roles, levels and teams"),
            "offers": gettext("job offers"),
        }
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind, words[kind]) for kind in SHAPES
        ]
