"""Answers: found, read, and looked after field by field by the people whose words they are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from handrail.apps.answers import actions, queries
from handrail.apps.answers.actions.closing import may_see_queue
from handrail.apps.answers.counting import USUAL_DAYS, avoided, sees_avoided
from handrail.apps.answers.models import Answer, AnswerRevision, AnswerState, Audience
from handrail.apps.answers.public import public_answer
from handrail.apps.answers.question_queries import my_questions, waits_in_queue
from handrail.apps.answers.routing import settings_of
from handrail.apps.answers.search import alike, search
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound, Refusal
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.sessions.models import Artifact
from handrail.apps.sessions.queries import session_for
from handrail.web.entry import PageRequest, local_today, me, signed_in
from handrail.web.forms.answers import (
    AnswerSettingsForm,
    AudienceForm,
    DaysForm,
    QuestionForm,
    WordsForm,
)
from handrail.web.refusals import form_page, refused_page

MOST_USED = 10


def word_asked(viewer: Viewer, today: date) -> dict[str, Any]:
    """The answers that wait for the viewer's word, as `answers/_yours.html` shows them."""
    return {
        "yes_asked": queries.waits_for_yes(viewer),
        "to_approve": queries.proposed_to(viewer),
        "to_review": queries.to_review(viewer, today),
        "asked_otherwise": queries.asked_otherwise(viewer),
    }


@require_GET
@signed_in
def answers(request: PageRequest) -> HttpResponse:
    """Find an answer or ask a person; what waits for one's own word stands above."""
    viewer, today = request.viewer, local_today(request)
    asked = " ".join(request.GET.get("q", "").split())
    if asked:
        hits = search(viewer.organization, viewer, asked, viewer.language or "en", today=today)
        found = [hit.answer for hit in hits]
    else:
        found = list(queries.readable_answers(viewer)[:MOST_USED])
    context = {
        "asked": asked,
        "found": queries.shown(viewer, found, today),
        "form": QuestionForm(initial={"text": asked}) if me(request) else None,
        "questions": my_questions(viewer),
        "unproposed": queries.artifacts_without_answer(viewer, request.now),
        **word_asked(viewer, today),
        "sees_queue": may_see_queue(viewer),
        "waiting": waits_in_queue(viewer),
        "sees_avoided": sees_avoided(viewer),
    }
    return render(request, "answers/answers.html", context)


@never_cache
@require_GET
@signed_in
def answer(request: PageRequest, public_id: UUID) -> HttpResponse:
    """One answer, and for its people whose words it has and how far each goes."""
    found = queries.answer_for(request.viewer, public_id)
    # Whoever looks after it does not make it an answer in use.
    if found.state == AnswerState.LIVE and found.owner_id != request.viewer.person_id:
        actions.note_read(found, local_today(request))
    return _page(request, found)


@require_GET
def answer_public(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """An answer that everybody may read, without an account."""
    try:
        shown = public_answer(public_id, request.now)  # type: ignore[attr-defined]
    except NotFound as refusal:
        return refused_page(request, refusal)
    return render(request, "answers/public.html", {"shown": shown})


@require_http_methods(["GET", "POST"])
@signed_in
def answer_new(request: PageRequest) -> HttpResponse:
    """Write an answer that no session stands behind; also what is kept of a deleted one."""
    if me(request) is None:
        raise NotAllowed(_("Only people of the organisation write answers."))
    form = WordsForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "answers/words.html", {}, form)
    try:
        made = actions.write_answer(
            **form.words,
            public_id=form.cleaned_data["number"],
            by=request.viewer,
            now=request.now,
        )
    except (Invalid, Conflict) as refusal:
        return form_page(request, "answers/words.html", {}, form, refusal)
    messages.success(request, _("Written down. Next: who may read it."))
    return redirect("answer", made.public_id)


@require_POST
@signed_in
def answer_propose(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Make a proposal of what came out of a session of one's own."""
    session = session_for(request.viewer, public_id)
    artifact = Artifact.objects.filter(session=session).first()
    mine = artifact is not None and artifact.submitted_by_id == request.viewer.person_id
    if artifact is None or not mine or request.viewer.person_id is None:
        raise NotFound(_("There is no such artifact of yours."))
    made = actions.propose_from_artifact(artifact, by=request.viewer, now=request.now)
    return redirect("answer", made.public_id)


@require_http_methods(["GET", "POST"])
@signed_in
def answer_edit(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Change the words; whatever is refused, what was typed stays in the form."""
    found = queries.answer_to_change(request.viewer, public_id)
    last = AnswerRevision.objects.filter(answer=found).last()
    if request.method != "POST":
        queries.require_change(request.viewer, found)
        if last is None:
            raise NotFound(_("There is no such answer."))
        form = WordsForm(initial=WordsForm.initial_of(found, last))
        return form_page(request, "answers/words.html", {"answer": found}, form)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return form_page(request, "answers/words.html", {"answer": found}, form)
    base = form.cleaned_data["base"] or 0
    try:
        actions.edit(found, **form.words, base=base, by=request.viewer, now=request.now)
    except (Invalid, Conflict) as refusal:
        context: dict[str, Any] = {"answer": found, "deleted": refusal.code == "answer-deleted"}
        if refusal.code == "changed-meanwhile":
            context["theirs"] = last
        return form_page(request, "answers/words.html", context, form, refusal)
    messages.success(request, _("Saved as a draft. Approve it, and people read the new words."))
    return redirect("answer", public_id)


@require_POST
@signed_in
def answer_approve(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Approve the last wording, and say how far each text may go."""
    found = queries.answer_to_change(request.viewer, public_id)
    form = AudienceForm(request.POST)
    if not form.is_valid():
        return _page(request, found, refusal=Invalid(_("Choose who may read each text.")))
    try:
        after = actions.approve(
            found,
            revision=_number(request.POST.get("revision", "")),
            audiences=form.cleaned_data,
            by=request.viewer,
            now=request.now,
        )
    except (Invalid, Conflict) as refusal:
        return _page(request, found, refusal=refusal)
    if after.audience < min(form.cleaned_data["question"], form.cleaned_data["body"]):
        messages.success(
            request, _("Approved. Whoever else wrote in it is asked, and decides how far it goes.")
        )
    else:
        messages.success(request, _("Approved. From now on it is found."))
    return redirect("answer", public_id)


@require_POST
@signed_in
def answer_agree(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Say how far a text goes that one wrote in, or take that back."""
    found = queries.answer_to_change(request.viewer, public_id)
    try:
        actions.agree(
            found,
            request.POST.get("field", ""),
            _number(request.POST.get("upto", "")),
            revision=_number(request.POST.get("revision", "")),
            by=request.viewer,
            now=request.now,
        )
    except (Invalid, Conflict) as refusal:
        return _page(request, found, refusal=refusal)
    messages.success(request, _("Done. It holds from now on."))
    return redirect("answer", public_id)


@require_POST
@signed_in
def answer_do(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Check it, flag it, hand it over, put it aside, say that it is there already, delete it."""
    found = queries.answer_to_change(request.viewer, public_id)
    by, now, do = request.viewer, request.now, request.POST.get("do", "")
    try:
        if do == "check":
            actions.check(found, by=by, now=now)
            messages.success(request, _("Thank you. Somebody looks again in 90 days."))
        elif do == "outdated":
            actions.say_outdated(found, by=by, now=now)
            messages.success(request, _("Flagged until its owner has looked through it."))
        elif do == "hand-over":
            actions.hand_over(found, _person(request), by=by, now=now)
            messages.success(request, _("Handed over."))
        elif do == "alias":
            actions.add_alias(found, request.POST.get("text", ""), by=by, now=now)
            messages.success(request, _("Added. It is found by these words, too."))
        elif do == "discard":
            actions.discard_draft(found, by=by, now=now)
            messages.success(request, _("The draft is gone; what was approved stays."))
        elif do == "same":
            other = queries.answer_for(by, _uuid(request.POST.get("other", "")))
            actions.same_as(found, other, by=by, now=now)
            messages.success(request, _("Done. Your question is suggested to that answer."))
            return redirect("answer", other.public_id)
        elif do == "dismiss":
            actions.dismiss(found, by=by, now=now)
            messages.success(request, _("Put aside. What you wrote down stays in your session."))
            return redirect("answers")
        elif do == "delete":
            actions.delete(found, by=by, now=now)
            messages.success(request, _("Deleted. Devices drop it when they next have a network."))
            return redirect("answers")
        else:
            raise Invalid(_("There is no such choice."))
    except (Invalid, Conflict) as refusal:
        return _page(request, found, refusal=refusal)
    return redirect("answer", public_id)


@require_POST
@signed_in
def phrasing_decide(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Let an answer be found by how somebody asked, or not."""
    found = queries.phrasing_for(request.viewer, public_id)
    if request.POST.get("do") == "add":
        actions.add_phrasing(found, by=request.viewer, now=request.now)
        messages.success(request, _("Added. It is found by these words, too."))
    else:
        actions.dismiss_phrasing(found, by=request.viewer, now=request.now)
        messages.success(request, _("Put aside."))
    return redirect("answer", found.answer.public_id)


@require_GET
@signed_in
def answers_avoided(request: PageRequest) -> HttpResponse:
    """Repeat questions avoided, and how often people still needed a person."""
    today = local_today(request)
    usual = {"first": today - timedelta(days=USUAL_DAYS - 1), "last": today}
    form = DaysForm(request.GET or None, initial=usual)
    days = form.cleaned_data if form.is_valid() else usual
    context: dict[str, Any] = {"form": form}
    try:
        context["figures"] = avoided(request.viewer, days["first"], days["last"], now=request.now)
    except Invalid as refusal:
        for name in refusal.fields:
            form.add_error(name, refusal.message)
    return render(request, "answers/avoided.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def answers_settings(request: PageRequest) -> HttpResponse:
    """Which questions are for a person, whom to turn to then, and when a wait raises the alarm."""
    if not request.viewer.is_administrator:
        raise NotAllowed(_("Only an administrator can do this."))
    found = settings_of(request.viewer.organization)
    form = AnswerSettingsForm(request.POST or None, initial=AnswerSettingsForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_settings(**form.cleaned_data, by=request.viewer, now=request.now)
        except Invalid as refusal:
            return form_page(request, "answers/settings.html", {}, form, refusal)
        messages.success(request, _("Saved."))
        return redirect("answers_settings")
    return form_page(request, "answers/settings.html", {}, form)


def _page(request: PageRequest, found: Answer, *, refusal: Refusal | None = None) -> HttpResponse:
    viewer, today = request.viewer, local_today(request)
    found = queries.answer_for(viewer, found.public_id)
    inside = queries.inside(viewer, found)
    closed = (AnswerState.DISMISSED, AnswerState.DUPLICATE)
    context: dict[str, Any] = {
        "answer": found,
        "shown": next(iter(queries.shown(viewer, [found], today)), None),
        "inside": inside,
        "audiences": Audience,
        "refusal": refusal,
        "is_closed": found.state in closed,
        "is_proposed": found.state == AnswerState.PROPOSED,
        "mine": viewer.person_id,
        "has_say": inside is not None
        and any(yes.person.pk == viewer.person_id for text in inside.texts for yes in text.writers),
    }
    if inside is not None and inside.is_owner:
        context["takers"] = queries.may_take(viewer, found, today)
        if found.state == AnswerState.PROPOSED:
            context["alike"] = alike(
                viewer, inside.last.question, found.language, today=today, without=found
            )
    return render(
        request, "answers/answer.html", context, status=refusal.status if refusal else 200
    )


def _person(request: PageRequest) -> Person | None:
    chosen = request.POST.get("person", "")
    if chosen == "team":
        return None
    person = Person.objects.filter(public_id=_uuid(chosen)).first()
    if person is None:
        raise Invalid(_("Choose somebody of the list."))
    return person


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else -1


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(_("This link is not complete. Go back and try again.")) from error
