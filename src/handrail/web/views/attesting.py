"""Statements about artifacts: signed, shared, and seen by whoever has the address."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from handrail.apps.organizations.refusals import Conflict, Invalid, NotFound, Refusal
from handrail.apps.people.queries import person_for
from handrail.apps.records import attesting
from handrail.apps.records.badges import may_have_badge
from handrail.apps.sessions import queries
from handrail.domain.records import judge
from handrail.web.entry import PageRequest, signed_in
from handrail.web.forms.records import StatementForm
from handrail.web.refusals import form_page, refused_page


@require_http_methods(["GET", "POST"])
@signed_in
def attest(request: PageRequest, public_id: UUID) -> HttpResponse:
    """A session's statements for its mentor, who signs, and its mentee, who shares."""
    session = queries.session_for(request.viewer, public_id)
    stands = attesting.attestations_of(request.viewer, session)
    signs = attesting.may_attest(request.viewer, session)
    if not stands and not signs:
        raise NotFound(_("There is no such statement."))
    mentor = request.viewer.person_id
    mentees = [one for one in queries.people_of(session) if one.pk != mentor]
    do = request.POST.get("do", "")
    spoken_of = {one.mentee_id for one in stands if one.revoked_at is None}
    left = [one for one in mentees if one.pk not in spoken_of]
    # Who signs a second time is told on the form why not.
    form = StatementForm(
        request.POST if do == "sign" else None, people=mentees if do == "sign" else left
    )
    context = {
        "session": session,
        "statements": stands,
        "signs": signs and (left or do == "sign"),
        "me": mentor,
        "organization": session.organization,
        "badges": [one.pk for one in stands if may_have_badge(request.viewer, one)],
    }
    if request.method != "POST" or (do == "sign" and not form.is_valid()):
        return form_page(request, "records/attest.html", context, form)
    try:
        if do == "sign":
            mentee = person_for(request.viewer, UUID(form.cleaned_data["mentee"]))
            words = form.cleaned_data["statement"]
            attesting.attest(session, mentee, words, by=request.viewer, now=request.now)
        else:
            _act(request, do)
    except (Invalid, Conflict) as refusal:
        if do != "sign":
            raise
        return form_page(request, "records/attest.html", context, form, refusal)
    messages.success(request, _("Saved."))
    return redirect("attest", public_id)


def _act(request: PageRequest, do: str) -> None:
    try:
        named = UUID(request.POST.get("statement", ""))
    except ValueError as error:
        raise NotFound(_("There is no such statement.")) from error
    found = attesting.attestation_for(request.viewer, named)
    if do == "revoke":
        attesting.revoke(found, by=request.viewer, now=request.now)
    else:
        attesting.share(found, do == "share", by=request.viewer, now=request.now)


@require_GET
def attested(request: HttpRequest, public_id: UUID, statement_id: UUID) -> HttpResponse:
    """A shared statement for anybody: no account, no cookie, no script."""
    try:
        organization = attesting.organization_named(public_id)
        found = attesting.shared_attestation(organization, statement_id)
    except Refusal as refusal:
        return refused_page(request, refusal)
    keys, revoked = attesting.key_list(organization), attesting.revocation_list(organization)
    context = {
        "organization": organization,
        "found": found,
        "document": found.signed,
        "held_on": date.fromisoformat(found.signed["credentialSubject"]["heldOn"]),
        "signed_on": found.made_at.astimezone(UTC).date(),
        "judged": judge(found.signed, keys=keys, revoked=revoked),
    }
    return _plain(render(request, "records/attested.html", context))


@require_GET
def attested_json(request: HttpRequest, public_id: UUID, statement_id: UUID) -> HttpResponse:
    """The signed document itself, as any verifier takes it."""
    try:
        found = attesting.shared_attestation(attesting.organization_named(public_id), statement_id)
    except Refusal as refusal:
        return refused_page(request, refusal)
    name = f"statement-{found.public_id}.json"
    return public_json(found.signed, {"Content-Disposition": f'attachment; filename="{name}"'})


@require_GET
def attested_keys(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The keys of an organisation, those of before too."""
    try:
        return public_json(attesting.key_list(attesting.organization_named(public_id)))
    except Refusal as refusal:
        return refused_page(request, refusal)


@require_GET
def attested_revoked(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The statements that were taken back, by id."""
    try:
        return public_json(attesting.revocation_list(attesting.organization_named(public_id)))
    except Refusal as refusal:
        return refused_page(request, refusal)


def public_json(body: dict[str, Any], headers: dict[str, str] | None = None) -> HttpResponse:
    """What verifiers anywhere read, also from within a page."""
    response = JsonResponse(body, headers=headers, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    return _plain(response)


def _plain(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "public, max-age=60"
    response["X-Robots-Tag"] = "noindex"
    return response
