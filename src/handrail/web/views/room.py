"""The room of a session: one page before, during and after, and the small posts it makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from handrail.apps.assistance.queries import drafted_with, is_offered
from handrail.apps.matches.queries import why_matched
from handrail.apps.organizations.models import ConsentPurpose
from handrail.apps.organizations.queries import all_allow
from handrail.apps.organizations.refusals import Conflict, Invalid, Refusal
from handrail.apps.records.attesting import attestations_of, may_attest
from handrail.apps.sessions import actions, queries
from handrail.apps.sessions.models import RoomField, Session, SessionState
from handrail.apps.sessions.replies import answer_proposal, proposals_for
from handrail.apps.sessions.states import OF_THE_ARTIFACT
from handrail.apps.sessions.thanking import may_thank, thanks_in
from handrail.web.entry import PageRequest, signed_in
from handrail.web.forms.sessions import ArtifactForm, CallLinkForm
from handrail.web.refusals import add_refusal
from handrail.web.room_words import room_words
from handrail.web.views.appeals import appeal_context

ARTIFACT_TEXTS = ("learned", "next_step", "link")


@never_cache
@require_GET
@signed_in
def room(request: PageRequest, public_id: UUID) -> HttpResponse:
    session = queries.session_for(request.viewer, public_id)
    if not queries.is_own(request.viewer, session):
        said = appeal_context(request.viewer, session, request.now)
        said["correctable"] = queries.is_correctable(session, request.now)
        return render(request, "sessions/seen_by_lead.html", {"session": session, **said})
    return _page(request, session)


@never_cache
@require_GET
@signed_in
def room_state(request: PageRequest, public_id: UUID) -> HttpResponse:
    """What changes while people look: the script asks every few seconds."""
    session = queries.session_for(request.viewer, public_id)
    here = queries.room(request.viewer, session, request.now)
    return JsonResponse(
        {
            "now": request.now.isoformat(),
            "rev": session.rev,
            "state": here.state,
            "sign": queries.sign_of(here),
            "texts": {
                name: {"body": text.body, "rev": text.rev} for name, text in here.texts.items()
            },
        }
    )


@never_cache
@require_GET
@signed_in
def room_history(request: PageRequest, public_id: UUID) -> HttpResponse:
    session = queries.session_for(request.viewer, public_id)
    boxes = queries.history(request.viewer, session, request.now)
    return render(request, "sessions/history.html", {"session": session, "boxes": boxes})


@require_POST
@signed_in
def room_check_in(request: PageRequest, public_id: UUID) -> HttpResponse:
    return _do(request, public_id, actions.check_in)


@require_POST
@signed_in
def room_start(request: PageRequest, public_id: UUID) -> HttpResponse:
    return _do(request, public_id, actions.start)


@require_POST
@signed_in
def room_finish(request: PageRequest, public_id: UUID) -> HttpResponse:
    return _do(request, public_id, actions.finish)


@require_POST
@signed_in
def room_tick(request: PageRequest, public_id: UUID) -> HttpResponse:
    item = _uuid(request.POST.get("item", ""))
    ticked = request.POST.get("ticked") == "yes"
    return _do(request, public_id, actions.tick, item, ticked)


@require_POST
@signed_in
def room_text(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Save one text: JSON for the script, the page again for a form."""
    session = queries.session_for(request.viewer, public_id)
    body = _lines(request.POST.get("body", ""))
    try:
        saved = actions.save_text(
            session,
            request.POST.get("field", ""),
            body,
            base_rev=_number(request.POST.get("base_rev", "")),
            operation=_uuid(request.POST.get("operation", "")),
            by=request.viewer,
            now=request.now,
        )
    except (Invalid, Conflict) as refusal:
        if _wants_json(request):
            return _problem(refusal)
        return _page(request, session, refusal=refusal, not_taken=[body])
    if _wants_json(request):
        return JsonResponse(
            {
                "field": saved.field,
                "rev": saved.rev,
                "body": saved.body,
                "conflict": saved.conflict,
                "copy": saved.copy,
            }
        )
    _tell_saved(request, saved)
    return redirect("room", public_id)


@require_POST
@signed_in
def room_put_away(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Show a text that was kept beside another no longer."""
    copy = _uuid(request.POST.get("copy", ""))
    return _do(request, public_id, actions.put_away, copy)


@require_GET
@signed_in
def session_call(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Go on to the call; where a server needs it made first, it is made now."""
    session = queries.session_for(request.viewer, public_id)
    return redirect(actions.join_call(session, by=request.viewer, now=request.now))


@require_POST
@signed_in
def room_call_link(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Give another link for this one session, or go back to the settings' one."""
    session = queries.session_for(request.viewer, public_id)
    base_rev = _number(request.POST.get("base_rev", ""))
    operation = _uuid(request.POST.get("operation", ""))
    form = CallLinkForm(request.POST)
    if form.is_valid():
        link = form.cleaned_data["call_link"]
        try:
            saved = actions.give_call_link(
                session,
                link,
                base_rev=base_rev,
                operation=operation,
                by=request.viewer,
                now=request.now,
            )
        except Invalid as refusal:
            add_refusal(form, refusal)
        except Conflict as refusal:
            return _page(request, session, refusal=refusal, call_form=form)
        else:
            _tell_saved(request, saved)
            return redirect("room", public_id)
    return _page(request, session, call_form=form, status=422)


@require_POST
@signed_in
def room_proposal(request: PageRequest, public_id: UUID, proposal_id: UUID) -> HttpResponse:
    """Take the time that the other person proposes, or refuse it."""
    session = queries.session_for(request.viewer, public_id)
    accept = request.POST.get("do") == "accept"
    try:
        answer_proposal(session, proposal_id, accept=accept, by=request.viewer, now=request.now)
    except Conflict as refusal:
        return _page(request, session, refusal=refusal)
    if accept:
        messages.success(request, _("Moved. Everybody's calendar gets the new time."))
    else:
        messages.success(request, _("The time stays, and the other person gets a mail."))
    return redirect("room", public_id)


@require_POST
@signed_in
def room_artifact(request: PageRequest, public_id: UUID) -> HttpResponse:
    session = queries.session_for(request.viewer, public_id)
    form = ArtifactForm(request.POST, people=queries.people_of(session))
    if form.is_valid():
        try:
            actions.save_artifact(
                session,
                learned=_lines(form.cleaned_data["learned"]),
                next_step=_lines(form.cleaned_data["next_step"]),
                owner=form.chosen_owner(),
                link=form.cleaned_data["link"],
                by=request.viewer,
                now=request.now,
            )
        except Invalid as refusal:
            add_refusal(form, refusal)
        except Conflict as refusal:
            session = queries.session_for(request.viewer, public_id)
            # Its form shows what was typed, a closed room keeps it beside; these two have neither.
            is_over = session.state in (SessionState.NOT_HELD, SessionState.CANCELLED)
            typed = [form.cleaned_data[name] for name in ARTIFACT_TEXTS] if is_over else []
            return _page(request, session, refusal=refusal, artifact_form=form, not_taken=typed)
        else:
            messages.success(request, _("Written down. This session is closed."))
            return redirect("room", public_id)
    return _page(request, session, artifact_form=form, status=422)


def _page(
    request: PageRequest,
    session: Session,
    *,
    refusal: Refusal | None = None,
    artifact_form: ArtifactForm | None = None,
    call_form: CallLinkForm | None = None,
    not_taken: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    session = queries.session_for(request.viewer, session.public_id)
    here = queries.room(request.viewer, session, request.now)
    places = [here.me, *here.others]
    people = [place.person for place in places]
    some_are_here = any(place.is_here for place in here.others)
    form = artifact_form or ArtifactForm(
        people=people,
        initial={name: text.body for name, text in here.texts.items()},
    )
    call = here.texts[RoomField.CALL_LINK]
    context = {
        "room": here,
        "proposals": proposals_for(session, request.now),
        "places": places,
        "seconds": session.minutes * 60,
        "doors_open": here.timer.now >= here.opens_at or some_are_here,
        "sign": queries.sign_of(here),
        "room_url": reverse("api:read_room", args=[session.public_id]),
        "session": session,
        "program": session.program,
        "reasons": why_matched(session.match) if session.match else [],
        "form": form,
        "call_form": call_form or CallLinkForm(initial={"call_link": call.body}),
        "call_rev": call.rev,
        "refusal": refusal,
        "not_taken": [text for text in not_taken or [] if text.strip()],
        "prompts": session.artifact_prompts or session.program.artifact_prompts,
        "drafted_with": drafted_with(session),
        "may_draft": is_offered(session),
        "recording": all_allow([one.public_id for one in people], ConsentPurpose.RECORDING),
        "statements": here.artifact is not None
        and (may_attest(request.viewer, session) or attestations_of(request.viewer, session)),
        "operation": uuid4(),
        "words": room_words(),
        "notes": here.texts[RoomField.NOTES],
        "shared": here.texts[RoomField.SHARED_NOTES],
        "copies": [
            copy for text in here.texts.values() for copy in _copies(text, here.artifact is None)
        ],
        **appeal_context(request.viewer, session, request.now),
        "thanks": thanks_in(request.viewer, session),
        "may_thank": may_thank(request.viewer, session),
    }
    return render(
        request, "sessions/room.html", context, status=refusal.status if refusal else status
    )


def _tell_saved(request: PageRequest, saved: actions.SavedText) -> None:
    if saved.conflict:
        messages.warning(
            request,
            _("Somebody wrote here at the same time. Both texts are kept: yours is below theirs."),
        )
    else:
        messages.success(request, _("Saved everywhere."))


def _copies(text: queries.Text, is_open: bool) -> list[dict[str, Any]]:
    field = RoomField(text.field)
    may_add = field is RoomField.NOTES or (is_open and field in OF_THE_ARTIFACT)
    return [
        {
            "field": text.field,
            "label": field.label,
            "copy": copy,
            "by": text.updated_by,
            "may_add": may_add,
        }
        for copy in text.copies
    ]


def _do(
    request: PageRequest, public_id: UUID, action: Callable[..., Session], *args: Any
) -> HttpResponse:
    """One verb: back to the room, or the room with why not."""
    session = queries.session_for(request.viewer, public_id)
    try:
        action(session, *args, by=request.viewer, now=request.now)
    except Conflict as refusal:
        if _wants_json(request):
            return _problem(refusal)
        if queries.is_own(request.viewer, session):
            return _page(request, session, refusal=refusal)
        raise
    if _wants_json(request):
        return JsonResponse({"ok": True})
    return redirect("room", public_id)


def _problem(refusal: Refusal) -> JsonResponse:
    return JsonResponse({"code": refusal.code, "detail": refusal.message}, status=refusal.status)


def _wants_json(request: PageRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _lines(text: str) -> str:
    """Line ends as the script sends them: forms send two signs where people typed one."""
    return text.replace("\r\n", "\n")


def _number(text: str) -> int:
    if not text.isdigit() or len(text) > 9:
        raise Invalid(_("The page is too old. Reload it and save again."))
    return int(text)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(_("The page is too old. Reload it and try again.")) from error
