"""What somebody allows, said and read by their own programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema

from handrail.api.requests import ApiRequest, once, require_scope
from handrail.apps.organizations.consent_texts import Standing, say, standing_of
from handrail.apps.organizations.refusals import NotAllowed

router = Router(tags=["people"])


class SaidOut(Schema):
    """One thing that was said on a purpose."""

    given: bool
    text_version: str
    at: datetime


class ConsentOut(Schema):
    """One purpose as it stands, with its words and all that was said, newest first."""

    purpose: str
    text: str
    text_version: str
    given: bool
    history: list[SaidOut]


class ConsentIn(Schema):
    """Whether it is allowed from now on."""

    given: bool


def consent_out(one: Standing) -> ConsentOut:
    return ConsentOut(
        purpose=one.purpose,
        text=one.words,
        text_version=one.version,
        given=one.is_given,
        history=[
            SaidOut(given=said.given, text_version=said.text_version, at=said.at)
            for said in one.history
        ],
    )


@router.get("/me/consents", response=list[ConsentOut], operation_id="list_consents")
def list_consents(request: ApiRequest) -> list[ConsentOut]:
    """What you allow, purpose by purpose, in which words, and all that you said before."""
    require_scope(request, "people:read")
    return [consent_out(one) for one in standing_of(_myself(request))]


@router.post("/me/consents/{purpose}", response=ConsentOut, operation_id="say_consent")
def say_consent(request: ApiRequest, purpose: str, payload: ConsentIn) -> HttpResponse:
    """Allow or withdraw one purpose; it holds from the next read on."""
    require_scope(request, "people:write")
    subject = _myself(request)

    def work() -> tuple[int, dict[str, Any]]:
        say(subject, purpose, payload.given, channel="api", by=request.viewer, now=request.now)
        standing = next(one for one in standing_of(subject) if one.purpose == purpose)
        return 200, consent_out(standing).model_dump(mode="json")

    return once(request, work)


def _myself(request: ApiRequest) -> Any:
    if request.viewer.person_public_id is None:
        raise NotAllowed(_("Your account takes part in no sessions, so there is nothing to set."))
    return request.viewer.person_public_id
