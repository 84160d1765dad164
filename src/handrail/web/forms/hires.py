"""Forms about hires: telling of one, what was missing, and the map of jobs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from handrail.apps.programs.models import Program
from handrail.web.forms.programs import day_input


class HireForm(forms.Form):
    """Somebody who was hired, as the person who tells of it knows them."""

    name = forms.CharField(label=_("Name"), max_length=200)
    start_date = forms.DateField(
        label=_("First day"),
        required=False,
        widget=day_input(),
        help_text=_("Without it the hire waits until somebody knows it."),
    )
    job_title = forms.CharField(label=_("Job title"), max_length=160, required=False)
    job = forms.CharField(
        label=_("Job reference"),
        max_length=80,
        required=False,
        help_text=_("As your hiring system has it. It leads to the program."),
    )
    department = forms.CharField(label=_("Department"), max_length=120, required=False)
    work_email = forms.EmailField(label=_("Work address"), required=False)
    personal_email = forms.EmailField(
        label=_("Personal address"),
        required=False,
        help_text=_("Only to tell them. Deleted once the work address is known, or after 14 days."),
    )
    application = forms.CharField(
        label=_("Application id"),
        max_length=160,
        required=False,
        help_text=_("With it, an event about the same person is known to be the same hire."),
    )


class HiresFileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=_("UTF-8, one person a line, with a header line."),
    )


class CompleteForm(forms.Form):
    """What nobody had said of a hire; an empty field says nothing."""

    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    start_date = forms.DateField(label=_("First day"), required=False, widget=day_input())
    work_email = forms.EmailField(label=_("Work address"), required=False)


class SendToForm(forms.Form):
    """The program that a hire comes into."""

    program = forms.ModelChoiceField(queryset=Program._base_manager.none(), label=_("Program"))
    always = forms.BooleanField(label=_("And so for every later hire for this job"), required=False)

    def __init__(self, *args: Any, programs: QuerySet[Program], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["program"]
        field.queryset = programs
        field.to_field_name = "public_id"
        field.empty_label = "–"


class LeftOnForm(forms.Form):
    left_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=day_input(),
        help_text=_("Leave it empty where they never came."),
    )


class RuleForm(SendToForm):
    """Which jobs lead to a program."""

    job = forms.CharField(
        label=_("Job reference"),
        max_length=80,
        required=False,
        help_text=_("As your hiring system has it. It comes before titles and departments."),
    )
    title = forms.CharField(
        label=_("Words of the title"),
        max_length=160,
        required=False,
        help_text=_("“engineer” takes a “Senior engineer”, too."),
    )
    department = forms.CharField(label=_("Department"), max_length=120, required=False)
    asks_lead = forms.BooleanField(
        label=_("I look at each hire before they are told"), required=False, initial=True
    )
    field_order = ("job", "title", "department", "program", "asks_lead")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["always"]

    def said(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name] for name in ("job", "title", "department", "asks_lead")
        }
