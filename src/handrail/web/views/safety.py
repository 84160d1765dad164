"""Reports of harm: written, looked after, and who receives them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.people.models import Person
from handrail.apps.people.queries import people_list, person_for
from handrail.apps.safeguarding import actions, queries
from handrail.apps.safeguarding.models import HarmReport, HarmWordKind
from handrail.web.entry import PageRequest, signed_in
from handrail.web.forms.safety import HarmForm, HarmWordForm
from handrail.web.refusals import form_page

SHOWN = 10  # people found by a search


@require_http_methods(["GET", "POST"])
@signed_in
def harm_new(request: PageRequest, place: str, public_id: UUID) -> HttpResponse:
    """Report something about people that one meets at this place."""
    people = queries.people_at(request.viewer, place, public_id)
    form = HarmForm(request.POST or None, people=people)
    reach = queries.would_reach(_myself(request), people[0] if len(people) == 1 else None)
    context = {"reach": reach, "place": place, "others": people}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "safety/new.html", context, form)
    try:
        made = actions.report_harm(
            place,
            public_id,
            form.cleaned_data["text"],
            concerned=form.chosen(),
            by=request.viewer,
            now=request.now,
        )
    except (Invalid, Conflict) as refusal:
        return form_page(request, "safety/new.html", context, form, refusal)
    messages.success(request, _("Sent, under seal. Here you see what becomes of it."))
    return redirect("harm_report", made.public_id)


@require_GET
@signed_in
def harm_reports(request: PageRequest) -> HttpResponse:
    """What one has reported, and what one looks after."""
    context = {
        "own": queries.own_reports(request.viewer),
        "tended": queries.reports_to_tend(request.viewer),
        "here": "harm_reports",
    }
    return render(request, "safety/reports.html", context)


@require_GET
@signed_in
def harm_report(request: PageRequest, public_id: UUID) -> HttpResponse:
    return _page(request, queries.harm_report_for(request.viewer, public_id), HarmWordForm())


@require_POST
@signed_in
def harm_do(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Say that it is seen, close it, or add words."""
    report = queries.harm_report_for(request.viewer, public_id)
    do, form = request.POST.get("do", ""), HarmWordForm(request.POST)
    if do == "acknowledge":
        actions.acknowledge(report, by=request.viewer, now=request.now)
    elif do == "close":
        actions.close(report, by=request.viewer, now=request.now)
    elif not form.is_valid():
        return _page(request, report, form)
    else:
        kind = do if do in HarmWordKind.values else HarmWordKind.ADDED
        text = form.cleaned_data["text"]
        actions.say(report, kind, text, by=request.viewer, now=request.now)
    messages.success(request, _("Saved."))
    return redirect("harm_report", public_id)


@require_http_methods(["GET", "POST"])
@signed_in
def harm_contacts(request: PageRequest) -> HttpResponse:
    """Who receives reports, named by administrators."""
    named = queries.contacts_for(request.viewer)
    if request.method == "POST":
        chosen = person_for(request.viewer, _uuid(request.POST.get("person", "")))
        others = [one for one in named if one.pk != chosen.pk]
        if request.POST.get("do") == "add":
            others.append(chosen)
        actions.name_contacts(others, by=request.viewer, now=request.now)
        messages.success(request, _("Saved."))
        return redirect("harm_contacts")
    search = request.GET.get("q", "").strip()
    taken = {one.pk for one in named}
    found = people_list(request.viewer, search=search).exclude(pk__in=taken)[:SHOWN]
    context = {"named": named, "search": search, "found": list(found) if search else []}
    return render(request, "safety/contacts.html", {**context, "here": "harm_contacts"})


def _page(request: PageRequest, report: HarmReport, form: HarmWordForm) -> HttpResponse:
    opened = actions.read(report, by=request.viewer, now=request.now)
    reads = actions.reads_of(report, by=request.viewer)
    names = dict(
        Person.objects.filter(public_id__in={read.reader for read in reads}).values_list(
            "public_id", "name"
        )
    )
    context = {
        "report": opened.report,
        "opened": opened,
        "reads": [{"name": names.get(read.reader, "–"), "at": read.read_at} for read in reads],
        "late": opened.report.state == "waiting" and request.now > opened.report.acknowledge_by,
    }
    return form_page(request, "safety/report.html", context, form)


def _myself(request: PageRequest) -> Person:
    return person_for(request.viewer, request.viewer.person_public_id)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(_("Choose a person of the list.")) from error
