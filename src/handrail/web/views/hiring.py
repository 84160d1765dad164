"""Hiring for recruiters: jobs, what their postings say, and the pages that show it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from handrail.apps.hiring import queries
from handrail.apps.hiring.access import local_day, may_recruit
from handrail.apps.hiring.actions.board import apply_jobs, differences, read_jobs
from handrail.apps.hiring.actions.copies import add_copy, drop_copy, look_again
from handrail.apps.hiring.actions.jobs import close_job, edit_job_page, save_job
from handrail.apps.hiring.actions.postings import edit_face, publish, settle_promise, withdraw
from handrail.apps.hiring.linting import Looked, Unread, fetch, look_at
from handrail.apps.hiring.models import Job, Posting
from handrail.apps.hiring.wording import finding_words
from handrail.apps.organizations.refusals import Invalid, NotFound, Refusal
from handrail.apps.people.queries import skills
from handrail.web.entry import PageRequest, signed_in
from handrail.web.forms.hiring import (
    BoardForm,
    FaceForm,
    JobForm,
    JobPageForm,
    LintForm,
    PromiseForm,
)
from handrail.web.refusals import form_page


@require_GET
@signed_in
def hiring(request: PageRequest) -> HttpResponse:
    """All jobs, and what somebody has to correct."""
    return render(
        request,
        "hiring/hiring.html",
        {
            "jobs": queries.jobs_for(request.viewer),
            "tasks": queries.open_tasks(request.viewer),
        },
    )


def _form(request: PageRequest, job: Job | None, posting: Posting | None) -> JobForm:
    viewer = request.viewer
    program = job.program if job is not None else None
    initial = JobForm.initial_of(job, posting) if job is not None else {}
    mentors = {
        one.pk: one
        for choice in ([program] if program else queries.choices_of_programs(viewer))
        for one in queries.nameable_mentors(choice, request.now)
    }
    return JobForm(
        request.POST or None,
        programs=queries.choices_of_programs(viewer),
        skills=skills(),
        mentors=mentors.values(),
        initial=initial,
    )


@require_http_methods(["GET", "POST"])
@signed_in
def job_new(request: PageRequest) -> HttpResponse:
    queries.choices_of_programs(request.viewer)
    return _saved(request, None, _form(request, None, None))


@require_http_methods(["GET", "POST"])
@signed_in
def job_edit(request: PageRequest, public_id: UUID) -> HttpResponse:
    job = queries.job_for(request.viewer, public_id)
    posting = Posting.objects.filter(job=job).select_related("named_mentor").first()
    return _saved(request, job, _form(request, job, posting))


def _saved(request: PageRequest, job: Job | None, form: JobForm) -> HttpResponse:
    context = {"job": job}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "hiring/edit.html", context, form)
    department = job.department if job is not None else ""
    try:
        made = save_job(job, **form.said, department=department, by=request.viewer, now=request.now)
    except Refusal as refusal:
        return form_page(request, "hiring/edit.html", context, form, refusal)
    return redirect("job", made.public_id)


@require_GET
@signed_in
def job(request: PageRequest, public_id: UUID) -> HttpResponse:
    """What to copy first, then where it stands."""
    return render(
        request,
        "hiring/job.html",
        {"shown": queries.job_shown(request.viewer, public_id, request.now)},
    )


@require_http_methods(["GET", "POST"])
@signed_in
def job_page_edit(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.job_for(request.viewer, public_id)
    posting = Posting.objects.filter(job=found).first()
    if posting is None:
        return redirect("job_edit", public_id)
    form = JobPageForm(request.POST or None, initial=JobPageForm.initial_of(found, posting))
    context = {"job": found}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "hiring/page.html", context, form)
    try:
        edit_job_page(found, by=request.viewer, now=request.now, **form.cleaned_data)
    except Refusal as refusal:
        return form_page(request, "hiring/page.html", context, form, refusal)
    return redirect("job", public_id)


@require_POST
@signed_in
def job_do(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Publish, withdraw, close; enter a page into the register, take it out, look again."""
    viewer, now = request.viewer, request.now
    found = queries.job_for(viewer, public_id)
    match request.POST.get("do"):
        case "publish":
            publish(found, by=viewer, now=now)
            messages.success(request, _("It is public now."))
        case "withdraw":
            withdraw(found, by=viewer, now=now)
            messages.success(request, _("It is not offered any more."))
        case "close":
            close_job(found, by=viewer, now=now)
            messages.success(request, _("The job is closed."))
        case "add":
            try:
                add_copy(found, request.POST.get("url", ""), by=viewer, now=now)
            except Invalid as refusal:
                messages.error(request, " ".join(map(str, refusal.fields.values())))
            else:
                messages.success(request, _("It is looked at within a minute, then every day."))
        case "drop" | "look" as what:
            copy = queries.copy_for(viewer, found, _uuid(request.POST.get("copy", "")))
            if what == "drop":
                drop_copy(copy, by=viewer, now=now)
            else:
                look_again(copy, by=viewer, now=now)
                messages.success(request, _("It is looked at within a minute."))
        case _:
            raise Invalid(_("Choose what to do."))
    return redirect("job", public_id)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(_("This page is not in the register.")) from None


@require_http_methods(["GET", "POST"])
@signed_in
def jobs_import(request: PageRequest) -> HttpResponse:
    """Open jobs of a public board: read here, looked at on the next page."""
    queries.choices_of_programs(request.viewer)
    form = BoardForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "hiring/import.html", {}, form)
    try:
        made = read_jobs(form.cleaned_data["board"], by=request.viewer, now=request.now)
    except Refusal as refusal:
        return form_page(request, "hiring/import.html", {}, form, refusal)
    return redirect("jobs_import_preview", made.public_id)


@require_http_methods(["GET", "POST"])
@signed_in
def jobs_import_preview(request: PageRequest, public_id: UUID) -> HttpResponse:
    reading = queries.reading_for(request.viewer, public_id)
    if request.method == "POST":
        apply_jobs(reading, by=request.viewer, now=request.now)
        messages.success(request, _("The jobs are taken over."))
        return redirect("hiring")
    lines = [] if reading.applied_at else differences(reading)
    counts = {what: sum(line["what"] == what for line in lines) for what in ("new", "changed")}
    return render(
        request,
        "hiring/preview.html",
        {"reading": reading, "lines": lines, "touched": sum(counts.values())},
    )


@require_http_methods(["GET", "POST"])
@signed_in
def hiring_lint(request: PageRequest) -> HttpResponse:
    """Whether a page says the same to people and to search engines."""
    form = LintForm(request.POST or None, jobs=queries.jobs_for(request.viewer))
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "hiring/lint.html", {}, form)
    said = form.cleaned_data
    context: dict[str, Any] = {"form": form}
    try:
        html = said["html"] or fetch(said["url"])
    except Unread as unread:
        form.add_error("url", str(unread))
        return form_page(request, "hiring/lint.html", {}, form)
    if html is None:
        form.add_error("url", _("There is no page at this address."))
        return form_page(request, "hiring/lint.html", {}, form)
    job = form.jobs.get(said["job"])
    posting = None
    if job is not None:
        posting = (
            Posting.objects.filter(job=job)
            .select_related("job__program__organization", "organization")
            .first()
        )
    looked: Looked = look_at(
        html,
        posting,
        now=request.now,
        today=local_day(request.viewer.organization, request.now),
    )
    context["looked"] = looked
    context["lines"] = [(one, finding_words(one)) for one in looked.findings]
    return render(request, "hiring/lint.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def hiring_settings(request: PageRequest) -> HttpResponse:
    face = queries.face_of(request.viewer)
    form = FaceForm(request.POST or None, initial=FaceForm.initial_of(face))
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "hiring/settings.html", {}, form)
    said = form.cleaned_data
    try:
        edit_face(
            company_url=said["company_url"],
            frame_hosts=said["frame_hosts"].splitlines(),
            by=request.viewer,
            now=request.now,
        )
    except Refusal as refusal:
        return form_page(request, "hiring/settings.html", {}, form, refusal)
    messages.success(request, _("Saved."))
    return redirect("hiring_settings")


@require_GET
@signed_in
def promises(request: PageRequest) -> HttpResponse:
    """What was promised by programs that are closed, for who ran them."""
    context = {
        "promises": queries.promises_for(request.viewer),
        "recruits": may_recruit(request.viewer),
    }
    return render(request, "hiring/promises.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def promise_settle(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Honour a promise, or tell who it was made to."""
    offer = queries.promise_for(request.viewer, public_id)
    form = PromiseForm(request.POST or None)
    context = {"offer": offer}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "hiring/promise.html", context, form)
    try:
        settle_promise(
            offer,
            honoured=form.cleaned_data["honoured"] == "yes",
            words=form.cleaned_data["words"],
            by=request.viewer,
            now=request.now,
        )
    except Refusal as refusal:
        return form_page(request, "hiring/promise.html", context, form, refusal)
    messages.success(request, _("They can read it now."))
    return redirect("promises")
