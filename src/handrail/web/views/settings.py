"""What a person decides about themselves: profile, hours, skills, reminders, pause, pairs."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from handrail.apps.organizations.actions import record_consent
from handrail.apps.organizations.models import ASKED_ELSEWHERE, ConsentPurpose
from handrail.apps.organizations.queries import is_allowed
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.people import actions, queries
from handrail.apps.people.automations import automations_of
from handrail.apps.people.models import Person
from handrail.web.entry import PageRequest, local_today, me, signed_in
from handrail.web.forms.people import OwnProfileForm, PauseForm, SkillsForm
from handrail.web.refusals import form_page

SHOWN = 10  # people found by a search
LOOKED_AT = 60
CONSENT_TEXT = "2026-02"  # the wording of the three questions; a new wording is a new version


@require_http_methods(["GET", "POST"])
@signed_in
def settings(request: PageRequest) -> HttpResponse:
    person = me(request)
    if person is None:
        return render(request, "settings/no_person.html", {"here": "settings"})
    form = OwnProfileForm(request.POST or None, initial=OwnProfileForm.initial_of(person))
    context = {"person": person, "here": "settings"}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "settings/settings.html", context, form)
    try:
        actions.edit_profile(person, by=request.viewer, now=request.now, **form.changes())
    except (Invalid, Conflict) as refusal:
        return form_page(request, "settings/settings.html", context, form, refusal)
    return _saved(request, "settings")


@require_http_methods(["GET", "POST"])
@signed_in
def settings_skills(request: PageRequest) -> HttpResponse:
    person = _myself(request)
    offers = person.offers.select_related("skill").order_by("skill__name")
    wants = person.wants.select_related("skill").order_by("priority", "skill__name")
    initial = {
        "offers": "\n".join(f"{offer.skill.name}: {offer.level}" for offer in offers),
        "wants": "\n".join(want.skill.name for want in wants),
    }
    form = SkillsForm(request.POST or None, initial=initial)
    context = {"person": person, "here": "settings_skills", "skills": queries.skills()}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "settings/skills.html", context, form)
    try:
        actions.set_skills(
            person,
            offered=form.cleaned_data["offers"],
            wanted=form.cleaned_data["wants"],
            by=request.viewer,
            now=request.now,
        )
    except (Invalid, Conflict) as refusal:
        return form_page(request, "settings/skills.html", context, form, refusal)
    return _saved(request, "settings_skills")


@require_http_methods(["GET", "POST"])
@signed_in
def settings_reminders(request: PageRequest) -> HttpResponse:
    """Each kind is allowed or switched off by itself; the ledger keeps what was said when."""
    person = _myself(request)
    purposes = [
        {"value": value, "label": label, "given": is_allowed(person.public_id, value)}
        for value, label in ConsentPurpose.choices
        if value not in ASKED_ELSEWHERE
    ]
    if request.method != "POST":
        context = {
            "purposes": purposes,
            "automations": automations_of(person, request.now),
            "here": "settings_reminders",
            "person": person,
        }
        return render(request, "settings/reminders.html", context)
    for purpose in purposes:
        given = purpose["value"] in request.POST.getlist("allow")
        if given != purpose["given"]:
            record_consent(
                person.public_id,
                str(purpose["value"]),
                given,
                text_version=CONSENT_TEXT,
                channel="web",
                by=request.viewer,
                now=request.now,
            )
    return _saved(request, "settings_reminders")


@require_http_methods(["GET", "POST"])
@signed_in
def settings_pause(request: PageRequest) -> HttpResponse:
    person = _myself(request)
    if request.POST.get("do") == "week":
        week = local_today(request) + timedelta(days=7)
        actions.pause(person, week, by=request.viewer, now=request.now)
        return _saved(request, "settings_pause")
    form = PauseForm(
        request.POST or None, today=local_today(request), initial={"until": person.pause_until}
    )
    context = {"person": person, "here": "settings_pause"}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "settings/pause.html", context, form)
    try:
        actions.pause(person, form.cleaned_data["until"], by=request.viewer, now=request.now)
    except (Invalid, Conflict) as refusal:
        return form_page(request, "settings/pause.html", context, form, refusal)
    return _saved(request, "settings_pause")


@require_http_methods(["GET", "POST"])
@signed_in
def settings_not_with(request: PageRequest) -> HttpResponse:
    """The private list: its owner adds and removes names, nobody else reads it."""
    person = _myself(request)
    named = list(queries.not_with_of(request.viewer))
    if request.method == "POST":
        chosen = queries.person_for(request.viewer, _uuid(request.POST.get("person", "")))
        others = [other for other in named if other.pk != chosen.pk]
        if request.POST.get("do") == "add":
            others.append(chosen)
        actions.set_not_with(person, others, by=request.viewer, now=request.now)
        return _saved(request, "settings_not_with")
    search = request.GET.get("q", "").strip()
    found = []
    if search:
        taken = {person.pk, *(other.pk for other in named)}
        found = [
            other
            for other in queries.people_list(
                request.viewer, search=search, day=local_today(request)
            )[:LOOKED_AT]
            if other.pk not in taken
        ][:SHOWN]
    context = {"here": "settings_not_with", "named": named, "search": search, "found": found}
    return render(request, "settings/not_with.html", {**context, "person": person})


def _myself(request: PageRequest) -> Person:
    person = me(request)
    if person is None:
        raise NotAllowed(_("Your account takes part in no sessions, so there is nothing to set."))
    return person


def _saved(request: PageRequest, name: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(name)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(_("Choose a person of the list.")) from error
