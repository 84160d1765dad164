"""Forms of hiring: a job with its posting, its page, a page to look at, offers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from handrail.apps.hiring.models import (
    DrawnBy,
    Employment,
    Job,
    Outcome,
    PayUnit,
    Posting,
    PublicFace,
    Shown,
)
from handrail.apps.people.models import Person, Skill
from handrail.apps.programs.models import Program
from handrail.web.forms.programs import day_input


class JobForm(forms.Form):
    """A job and what its posting says beside the facts of the program."""

    title = forms.CharField(label=_("Title of the job"), max_length=160)
    program = forms.ChoiceField(
        label=_("Which program does a new hire come into?"),
        required=False,
        help_text=_("Sessions, weeks and the next start are taken from it, always as it is now."),
    )
    mentor_role = forms.CharField(
        label=_("Who is the mentor?"),
        max_length=120,
        help_text=_("Their role in a few words, such as: a senior engineer of your team."),
    )
    skills = forms.MultipleChoiceField(
        label=_("What are the first weeks about?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In the order of this list. A mentor of the program has to offer each."),
    )
    named_mentor = forms.ChoiceField(
        label=_("A mentor named on the page"),
        required=False,
        help_text=_("Only mentors who allowed it, under Settings, are in this list."),
    )
    family = forms.CharField(
        label=_("Job family"),
        max_length=80,
        required=False,
        help_text=_("Such as engineering: offers are compared within it."),
    )
    ref = forms.CharField(
        label=_("Reference"),
        max_length=80,
        required=False,
        help_text=_("What your hiring system calls the job. Hires and offers find it by this."),
    )
    apply_url = forms.URLField(
        label=_("Address of the job's page elsewhere"),
        max_length=500,
        required=False,
        assume_scheme="https",
    )

    def __init__(
        self,
        *args: Any,
        programs: Iterable[Program],
        skills: Iterable[Skill],
        mentors: Iterable[Person],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.programs = {str(one.public_id): one for one in programs}
        self.known = {one.name: one for one in skills}
        self.mentors = {str(one.public_id): one for one in mentors}
        self._choose("program", [("", "–"), *((k, v.name) for k, v in self.programs.items())])
        self._choose("skills", [(name, name) for name in self.known])
        self._choose("named_mentor", [("", "–"), *((k, v.name) for k, v in self.mentors.items())])

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(job: Job, posting: Posting | None) -> dict[str, Any]:
        said: dict[str, Any] = {
            "title": job.title,
            "program": str(job.program.public_id) if job.program else "",
            "family": job.family,
            "ref": job.ref,
            "apply_url": job.apply_url,
        }
        if posting is not None:
            said["mentor_role"] = posting.mentor_role
            said["skills"] = [row.skill.name for row in posting.skills.select_related("skill")]
            named = posting.named_mentor
            said["named_mentor"] = str(named.public_id) if named else ""
        return said

    @property
    def said(self) -> dict[str, Any]:
        """The arguments of the action."""
        values = self.cleaned_data
        return {
            "title": values["title"],
            "program": self.programs.get(values["program"]),
            "mentor_role": values["mentor_role"],
            "skills": [self.known[name] for name in values["skills"]],
            "named_mentor": self.mentors.get(values["named_mentor"]),
            "family": values["family"],
            "ref": values["ref"],
            "apply_url": values["apply_url"],
        }


class JobPageForm(forms.Form):
    """The job's own page here: what search engines need to show it."""

    hosted = forms.BooleanField(label=_("This job has a page here"), required=False)
    description = forms.CharField(
        label=_("What the job is"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Leave a line empty between paragraphs; begin the lines of a list with “- ”."),
    )
    remote = forms.BooleanField(label=_("Fully remote"), required=False)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    region = forms.CharField(label=_("State or region"), max_length=120, required=False)
    country = forms.CharField(
        label=_("Country"),
        max_length=2,
        required=False,
        help_text=_("Two letters, such as DE. For a remote job: where one has to live."),
    )
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    employment = forms.ChoiceField(
        label=_("Employment"), required=False, choices=[("", "–"), *Employment.choices]
    )
    closes_on = forms.DateField(label=_("Open until"), required=False, widget=day_input())
    pay_low = forms.DecimalField(
        label=_("Pay from"), required=False, max_digits=12, decimal_places=2
    )
    pay_high = forms.DecimalField(
        label=_("Pay up to"), required=False, max_digits=12, decimal_places=2
    )
    pay_currency = forms.CharField(
        label=_("Currency"), required=False, max_length=3, help_text=_("Such as EUR.")
    )
    pay_unit = forms.ChoiceField(
        label=_("For how long"), required=False, choices=[("", "–"), *PayUnit.choices]
    )
    apply_url = forms.URLField(
        label=_("Where one applies"), max_length=500, required=False, assume_scheme="https"
    )

    @staticmethod
    def initial_of(job: Job, posting: Posting) -> dict[str, Any]:
        names = [name for name in JobPageForm.base_fields if name != "hosted"]
        return {"hosted": posting.hosted} | {name: getattr(job, name) for name in names}


class BoardForm(forms.Form):
    board = forms.CharField(
        label=_("Name of the board"),
        max_length=80,
        help_text=_("As in boards.greenhouse.io/NAME. Only what is public is read."),
    )


class LintForm(forms.Form):
    """A page to look at: by its address, or pasted."""

    url = forms.URLField(
        label=_("Address of the page"), max_length=500, required=False, assume_scheme="https"
    )
    html = forms.CharField(
        label=_("Or the page's HTML"),
        max_length=2_000_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    job = forms.ChoiceField(
        label=_("Which job should it show?"),
        required=False,
        help_text=_("Then the offer itself is compared too."),
    )

    def __init__(self, *args: Any, jobs: Iterable[Job], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.jobs = {str(one.public_id): one for one in jobs}
        choices = [("", "–"), *((key, one.title) for key, one in self.jobs.items())]
        self.fields["job"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("url") and not said.get("html") and not self.errors:
            self.add_error("url", _("Give an address, or paste the page below."))
        return said


class FaceForm(forms.Form):
    company_url = forms.URLField(
        label=_("Your own website"), max_length=500, required=False, assume_scheme="https"
    )
    frame_hosts = forms.CharField(
        label=_("Sites that may show a posting in a frame"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("One a line, such as https://careers.example.org. All others may not."),
    )

    @staticmethod
    def initial_of(face: PublicFace) -> dict[str, str]:
        hosts = "\n".join(face.frame_hosts)
        return {"company_url": face.company_url, "frame_hosts": hosts}


def moment_input() -> forms.DateTimeInput:
    """A day and time, as browsers ask for it."""
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class OfferForm(forms.Form):
    """One offer; the applicant is an id and nothing else."""

    applicant = forms.CharField(
        label=_("Applicant"),
        max_length=80,
        help_text=_("The id in your hiring system; no name and no address."),
    )
    requisition = forms.CharField(label=_("Reference of the job"), max_length=80)
    offered_at = forms.DateTimeField(
        label=_("Offered at"), widget=moment_input(), help_text=_("By your own clock.")
    )
    shown = forms.ChoiceField(
        label=_("Was the trajectory linked in the posting or the offer?"),
        required=False,
        choices=[("", _("as it was drawn, or not known")), *Shown.choices],
    )
    outcome = forms.ChoiceField(label=_("What became of it"), choices=Outcome.choices)
    decided_at = forms.DateTimeField(label=_("Decided at"), required=False, widget=moment_input())
    family = forms.CharField(
        label=_("Job family"),
        max_length=80,
        required=False,
        help_text=_("Empty: the job's own."),
    )


class OffersFileForm(forms.Form):
    file = forms.FileField(label=_("CSV file of offers"))


class LotteryForm(forms.Form):
    unit = forms.ChoiceField(
        label=_("What is drawn for?"), choices=DrawnBy.choices, widget=forms.RadioSelect
    )


class DrawForm(forms.Form):
    requisition = forms.CharField(label=_("Reference of the job"), max_length=80)
    applicant = forms.CharField(label=_("Applicant"), max_length=80, required=False)


class PromiseForm(forms.Form):
    honoured = forms.ChoiceField(
        label=_("What becomes of it?"),
        choices=[("yes", _("We honour it")), ("no", _("We cannot, and say so"))],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("What they read"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It stands on their page at once. Say who gets in touch, and when."),
    )
