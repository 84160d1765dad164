"""How long things are kept, exports, erasures, seals; and what of it is one's own."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.records import attesting, badges, erasures, exporting, fairness, retention
from handrail.apps.records.ledger import verify_ledgers
from handrail.apps.records.models import ExportKind
from handrail.domain.evidence.impact import GroupRate
from handrail.web.entry import PageRequest, me, signed_in
from handrail.web.forms.records import GroupQuestionForm, PeriodsForm, WordForm
from handrail.web.refusals import add_refusal, form_page


@require_http_methods(["GET", "POST"])
@signed_in
def records(request: PageRequest) -> HttpResponse:
    """What an administrator decides about records, on one page."""
    viewer, do = request.viewer, request.POST.get("do", "")
    periods = retention.periods(by=viewer, now=request.now)
    form = PeriodsForm(request.POST if do == "periods" else None, periods=periods)
    context = {
        "periods": periods,
        "exports": exporting.exports_for(viewer, ExportKind.ORGANIZATION)[:5],
        "erasures": erasures.erasures_to_decide(viewer),
        "keys": attesting.keys(),
        "badge_keys": badges.badge_keys(),
        "gives_badges": badges.gives_badges(),
        "here": "records",
    }
    if do == "verify":
        verdict = verify_ledgers(by=viewer)
        return render(request, "records/records.html", {**context, "form": form, "seen": verdict})
    if request.method != "POST" or (do == "periods" and not form.is_valid()):
        return form_page(request, "records/records.html", context, form)
    try:
        if do == "periods":
            retention.set_periods(dict(form.cleaned_data), by=viewer, now=request.now)
        elif do == "export":
            redacted = request.POST.get("redacted") == "yes"
            kind = ExportKind.ORGANIZATION
            exporting.ask_export(kind, redacted=redacted, by=viewer, now=request.now)
        elif do == "rotate":
            attesting.rotate_key(by=viewer, now=request.now)
        elif do in ("badges_on", "badges_off"):
            badges.switch_badges(do == "badges_on", by=viewer, now=request.now)
        elif do == "badges_rotate":
            badges.rotate_badge_key(by=viewer, now=request.now)
    except Conflict as refusal:
        messages.warning(request, refusal.message)
        return redirect("records")
    messages.success(request, _("Saved."))
    return redirect("records")


@require_http_methods(["GET", "POST"])
@signed_in
def settings_data(request: PageRequest) -> HttpResponse:
    """One's own data: take it along, be erased, name a group or not."""
    viewer, do = request.viewer, request.POST.get("do", "")
    if me(request) is None:
        raise NotAllowed(_("Your account takes part in no sessions, so there is nothing to set."))
    form = WordForm(request.POST if do == "erase" else None)
    context = {
        "exports": exporting.exports_for(viewer, ExportKind.PERSON)[:5],
        "erasure": erasures.open_erasure_of(viewer),
        "groups": fairness.own_answers(viewer),
        "here": "settings_data",
    }
    if request.method != "POST" or (do == "erase" and not form.is_valid()):
        return form_page(request, "records/own.html", context, form)
    try:
        if do == "export":
            exporting.ask_export(ExportKind.PERSON, by=viewer, now=request.now)
        elif do == "erase":
            erasures.ask_erasure(form.cleaned_data["word"], by=viewer, now=request.now)
        elif do == "stay":
            erasures.withdraw_erasure(by=viewer, now=request.now)
        elif do == "group":
            question, said = _uuid(request.POST.get("question", "")), request.POST.get("said", "")
            fairness.say_group(question, said, by=viewer, now=request.now)
    except Conflict as refusal:
        messages.warning(request, refusal.message)
        return redirect("settings_data")
    messages.success(request, _("Saved."))
    return redirect("settings_data")


@require_GET
@signed_in
def export_file(request: PageRequest, public_id: UUID) -> HttpResponse:
    """The zip of an export, for who may have it."""
    export, path = exporting.fetch(public_id, by=request.viewer, now=request.now)
    name = f"handrail-{export.kind}-{export.asked_at:%Y-%m-%d}.zip"
    # A file is streamed; to the door it is a response like any other.
    response: Any = FileResponse(path.open("rb"), as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return cast(HttpResponse, response)


@require_http_methods(["GET", "POST"])
@signed_in
def erasure(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Decide on somebody's wish to be erased."""
    found = erasures.erasure_for(request.viewer, public_id)
    if request.method == "POST" and request.POST.get("do") in ("erase", "refuse"):
        grant = request.POST["do"] == "erase"
        erasures.decide_erasure(found, grant, by=request.viewer, now=request.now)
        messages.success(request, _("Erased.") if grant else _("Not granted. They can ask again."))
        return redirect("records" if request.viewer.is_administrator else "today")
    return render(request, "records/erasure.html", {"request_of": found})


@require_http_methods(["GET", "POST"])
@signed_in
def impact(request: PageRequest) -> HttpResponse:
    """Suggestion and match rates by the groups that people named themselves in."""
    do = request.POST.get("do", "")
    form = GroupQuestionForm(request.POST if do == "ask" else None)
    if do == "ask" and form.is_valid():
        label, lines = form.cleaned_data["label"], form.cleaned_data["choices"].splitlines()
        try:
            fairness.put_question(label, lines, by=request.viewer, now=request.now)
        except Invalid as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("impact")
    elif do == "close":
        question = _uuid(request.POST.get("question", ""))
        fairness.close_question(question, by=request.viewer, now=request.now)
        return redirect("impact")
    looks = fairness.looks(by=request.viewer, now=request.now)
    context = {
        "looks": [
            {
                "question": look.question,
                "suggested": [_shown(rate) for rate in look.suggested],
                "matched": [_shown(rate) for rate in look.matched],
            }
            for look in looks
        ],
        "floor": fairness.FLOOR,
    }
    return form_page(request, "records/impact.html", context, form)


def _shown(rate: GroupRate) -> dict[str, Any]:
    """A group's figures as a row shows them; None throughout where they are not shown."""
    found: dict[str, Any] = {"name": rate.name, "n": rate.n, "rate": rate.rate}
    if rate.rate is not None and rate.interval is not None:
        low, high = rate.interval
        found["percent"] = f"{rate.rate * 100:.0f}"
        found["between"] = f"{low * 100:.0f}–{high * 100:.0f} %"
    if rate.ratio is not None and rate.ratio_interval is not None:
        low, high = rate.ratio_interval
        found["ratio_text"] = number_format(rate.ratio, 2)
        found["ratio_between"] = f"{number_format(low, 2)}–{number_format(high, 2)}"
        found["is_flagged"] = rate.is_flagged
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(_("Choose one of the groups.")) from error
