"""Accounts on code hosts: whose is whose, by the host's number."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Schema
from pydantic import Field

from handrail.api.requests import ApiRequest, Page, once, page, require_scope
from handrail.apps.outcomes import accounts
from handrail.apps.outcomes.models import LinkedAccount
from handrail.apps.people.queries import person_for

router = Router(tags=["outcomes"])


class AccountIn(Schema):
    host: Annotated[str, Field(min_length=1, max_length=200)]
    number: Annotated[str, Field(min_length=1, max_length=100)]  # or the name of one that waits


class AccountOut(Schema):
    id: UUID
    person: UUID
    host: str
    number: int
    login: str | None
    confirmed_at: datetime | None


def account_out(account: LinkedAccount) -> AccountOut:
    return AccountOut(
        id=account.public_id,
        person=account.person.public_id,
        host=account.host,
        number=account.number,
        login=account.login or None,
        confirmed_at=account.confirmed_at,
    )


@router.get("/accounts", response=Page, operation_id="list_accounts")
def list_accounts(request: ApiRequest, cursor: str = "", limit: int = 50) -> dict[str, Any]:
    """One's own accounts, and those that the key's owner may confirm."""
    require_scope(request, "people:read")
    return page(
        accounts.accounts_of(request.viewer),
        cursor=cursor,
        limit=limit,
        name="accounts",
        show=account_out,
    )


@router.post("/accounts", response={201: AccountOut}, operation_id="claim_account")
def claim_account(request: ApiRequest, data: AccountIn) -> HttpResponse:
    """Say that an account is one's own; it counts once somebody else has confirmed it."""
    require_scope(request, "people:write")

    def work() -> tuple[int, dict[str, Any]]:
        account = accounts.claim_account(**data.dict(), by=request.viewer, now=request.now)
        return 201, account_out(account).model_dump(mode="json")

    return once(request, work)


@router.post(
    "/people/{person_id}/accounts", response={201: AccountOut}, operation_id="link_account"
)
def link_account(request: ApiRequest, person_id: UUID, data: AccountIn) -> HttpResponse:
    """Say whose account one is, as an administrator or a lead of theirs; what waited is taken."""
    require_scope(request, "people:write")
    person = person_for(request.viewer, person_id)

    def work() -> tuple[int, dict[str, Any]]:
        account = accounts.link_account(
            person, data.host, data.number, by=request.viewer, now=request.now
        )
        return 201, account_out(account).model_dump(mode="json")

    return once(request, work)


@router.post(
    "/accounts/{linked_account_id}/confirm",
    response=AccountOut,
    operation_id="confirm_account",
)
def confirm_account(request: ApiRequest, linked_account_id: UUID) -> HttpResponse:
    """Confirm what somebody said of an account; what waited for it is taken."""
    require_scope(request, "people:write")

    def work() -> tuple[int, dict[str, Any]]:
        account = accounts.confirm_account(linked_account_id, by=request.viewer, now=request.now)
        return 200, account_out(account).model_dump(mode="json")

    return once(request, work)


@router.delete("/accounts/{linked_account_id}", response={204: None}, operation_id="unlink_account")
def unlink_account(request: ApiRequest, linked_account_id: UUID) -> HttpResponse:
    """Let an account be nobody's; what was counted stays."""
    require_scope(request, "people:write")
    accounts.unlink_account(linked_account_id, by=request.viewer, now=request.now)
    return HttpResponse(status=204)
