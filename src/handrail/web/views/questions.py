"""Questions: asked, answered by what is there or by a person, and the list of those that wait."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from handrail.apps.answers import actions
from handrail.apps.answers import question_queries as queries
from handrail.apps.answers.actions.closing import may_answer
from handrail.apps.answers.models import Question, TextField
from handrail.apps.answers.queries import answer_for, shown
from handrail.apps.office_hours.queries import turn_for
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound, Refusal
from handrail.apps.people.models import Skill
from handrail.apps.people.queries import skills
from handrail.web.entry import PageRequest, local_today, me, signed_in
from handrail.web.forms.answers import QuestionForm, ReplyForm, SlotForm
from handrail.web.refusals import form_page


@require_http_methods(["GET", "POST"])
@signed_in
def question_ask(request: PageRequest) -> HttpResponse:
    """Ask: what is there is shown, and a person is never further than one click."""
    if me(request) is None:
        raise NotAllowed(_("Only people of the organisation ask questions."))
    form = QuestionForm(request.POST or None, initial={"text": request.GET.get("q", "")})
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "answers/ask.html", {}, form)
    said = form.cleaned_data
    try:
        made = actions.ask(
            said["text"],
            note=said["note"],
            skill=said["skill"],
            public_id=said["number"] or uuid4(),
            language=request.viewer.language,
            by=request.viewer,
            now=request.now,
        )
    except (Invalid, Conflict) as refusal:
        return form_page(request, "answers/ask.html", {}, form, refusal)
    return redirect("question", made.public_id)


@never_cache
@require_GET
@signed_in
def question(request: PageRequest, public_id: UUID) -> HttpResponse:
    """One's own question with what is offered; a waiting one leads whoever knows to answer it."""
    found = queries.question_for(request.viewer, public_id)
    if not queries.is_own(request.viewer, found):
        return redirect("question_answer", public_id)
    return _page(request, found)


@require_POST
@signed_in
def question_say(request: PageRequest, public_id: UUID) -> HttpResponse:
    """This solved it, or: not this one."""
    found = _own(request, public_id)
    answer = answer_for(request.viewer, _uuid(request.POST.get("answer", "")))
    try:
        after = actions.say(
            found,
            answer,
            request.POST.get("outcome", ""),
            by=request.viewer,
            now=request.now,
            today=local_today(request),
        )
    except (Invalid, Conflict) as refusal:
        return _page(request, found, refusal=refusal)
    if after.answer_id == answer.pk:
        messages.success(request, _("Good. Your question is settled."))
    else:
        messages.success(request, _("Noted: not this one."))
    return redirect("question", public_id)


@require_POST
@signed_in
def question_do(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Book somebody, wait in the list, say what it is about, or take the question back."""
    found = _own(request, public_id)
    by, now, do = request.viewer, request.now, request.POST.get("do", "")
    try:
        if do == "book":
            form = SlotForm(request.POST)
            if not form.is_valid():
                raise Invalid(_("Choose one of the times."))
            turn_id, starts_at = form.cleaned_data["choice"]
            turn = turn_for(by, turn_id)
            key = form.cleaned_data["key"] or None
            session = actions.book_slot(found, turn, starts_at, by=by, now=now, key=key)
            messages.success(request, _("Booked. Both of you get an invitation by mail."))
            return redirect("room", session.public_id)
        if do == "queue":
            actions.queue(found, by=by, now=now)
            messages.success(request, _("It waits for somebody who knows. You get a mail."))
        elif do == "skill":
            actions.name_skill(found, _skill(request), by=by, now=now)
        elif do == "withdraw":
            actions.withdraw(found, by=by, now=now)
            messages.success(request, _("Taken back."))
            return redirect("answers")
        else:
            raise Invalid(_("There is no such choice."))
    except (Invalid, Conflict) as refusal:
        return _page(request, found, refusal=refusal)
    return redirect("question", public_id)


@require_GET
@signed_in
def question_queue(request: PageRequest) -> HttpResponse:
    """The questions that wait for somebody who knows, the longest waiting first."""
    waiting = queries.queue_for(request.viewer)
    return render(request, "answers/queue.html", {"waiting": waiting})


@require_http_methods(["GET", "POST"])
@signed_in
def question_answer(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Answer a question that waits: with an answer that is there, or in writing."""
    found = queries.question_for(request.viewer, public_id)
    if not may_answer(request.viewer, found):
        raise NotAllowed(_("This question does not wait for you."))
    if me(request) is None:
        raise NotAllowed(_("Only people of the organisation write answers."))
    by, now, today = request.viewer, request.now, local_today(request)
    hits = queries.hits_for_asker(found, by, today)
    context: dict[str, Any] = {
        "question": found,
        "found": shown(by, [hit.answer for hit in hits], today),
    }
    pointed = request.method == "POST" and "point" in request.POST
    form = ReplyForm(
        request.POST if request.method == "POST" and not pointed else None,
        initial={"question": found.text, "skill": found.skill.public_id if found.skill else None},
    )
    try:
        if pointed:
            there = answer_for(by, _uuid(request.POST["point"]))
            actions.point_to(found, there, by=by, now=now)
            messages.success(request, _("Thank you. Whoever asked gets a mail."))
            return redirect("question_queue")
        if request.method == "POST" and form.is_valid():
            words = form.words
            made = actions.answer_in_writing(
                found,
                asked_as=words["question"],
                body=words["body"],
                next_step=words["next_step"],
                link=words["link"],
                audiences=dict.fromkeys(TextField.values, form.cleaned_data["audience"]),
                public_id=form.cleaned_data["number"],
                by=by,
                now=now,
            )
            messages.success(request, _("Thank you. Whoever asked gets a mail."))
            return redirect("answer", made.public_id)
    except (Invalid, Conflict) as refusal:
        return form_page(request, "answers/reply.html", context, form, refusal)
    return form_page(request, "answers/reply.html", context, form)


def _page(request: PageRequest, found: Question, *, refusal: Refusal | None = None) -> HttpResponse:
    found = queries.question_for(request.viewer, found.public_id)
    context = {
        "page": queries.question_page(request.viewer, found, request.now),
        "question": found,
        "all_skills": skills(),
        "refusal": refusal,
        "key": str(uuid4()),
    }
    status = refusal.status if refusal else 200
    return render(request, "answers/question.html", context, status=status)


def _own(request: PageRequest, public_id: UUID) -> Question:
    found = queries.question_for(request.viewer, public_id)
    if not queries.is_own(request.viewer, found):
        raise NotFound(_("There is no such question."))
    return found


def _skill(request: PageRequest) -> Skill:
    found = Skill.objects.filter(public_id=_uuid(request.POST.get("skill", ""))).first()
    if found is None:
        raise Invalid(_("Choose one of the skills."))
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(_("This link is not complete. Go back and try again.")) from error
